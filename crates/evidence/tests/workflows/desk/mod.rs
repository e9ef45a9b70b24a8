//! Both services and the storage behind their URLs, as a transport.

mod gets;
mod services;
mod state;
mod storage;

use std::sync::{Arc, Mutex, MutexGuard};

use attache_runtime::transport::{Transport, TransportError, TransportErrorKind};
use attache_runtime::{
    Body, BoxFuture, ByteStream, Bytes, Config, ConfigBuilder, Credentials, RandomSource, Timestamp,
};

pub(crate) use self::state::{Fault, State};

/// The length of a part, in bytes.
pub(crate) const PART: usize = 1_000_000;
pub(crate) const SECRET: &str = "X-Amz-Signature=5f2c9d";

#[derive(Clone, Default)]
pub(crate) struct Desk(Arc<Mutex<State>>);

/// It contains secrets, so `Debug` hides everything.
impl std::fmt::Debug for Desk {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Desk")
    }
}

/// The least of all random numbers: no pause.
#[derive(Debug)]
struct NoPause;

impl RandomSource for NoPause {
    fn next(&self) -> u64 {
        0
    }
}

impl Desk {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics with the lock")
    }

    pub(crate) fn with_states(states: impl IntoIterator<Item = &'static str>) -> Self {
        let desk = Self::default();
        desk.state().states.extend(states);
        desk
    }

    pub(crate) fn config(&self) -> ConfigBuilder {
        Config::builder()
            .region("us-east-1")
            .credentials(Credentials::new("AKID", "secret"))
            .time_source("2026-11-22T12:00:00Z".parse::<Timestamp>().expect("a time"))
            .random_source(NoPause)
            .transport(self.clone())
    }

    pub(crate) fn support(&self) -> attache_support::Client {
        attache_support::Client::new(&self.config().build().expect("all is set"))
    }

    pub(crate) fn security_ir(&self) -> attache_security_ir::Client {
        attache_security_ir::Client::new(&self.config().build().expect("all is set"))
    }

    /// Lets other requests arrive, and counts how many there are.
    async fn busy(&self) {
        {
            let mut state = self.state();
            state.at_once += 1;
            state.most_at_once = state.most_at_once.max(state.at_once);
        }
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        self.state().at_once -= 1;
    }

    /// The whole upload, put together.
    pub(crate) fn whole(&self) -> Vec<u8> {
        let state = self.state();
        let mut parts: Vec<(u32, &Bytes)> = state
            .stored
            .iter()
            .map(|(key, bytes)| {
                (
                    key.rsplit('/')
                        .next()
                        .expect("a part")
                        .parse()
                        .expect("a number"),
                    bytes,
                )
            })
            .collect();
        parts.sort_by_key(|(part, _)| *part);
        parts.iter().flat_map(|(_, bytes)| bytes.to_vec()).collect()
    }
}

/// The id of the attachment with this place in the case.
pub(crate) fn attachment_id(place: usize) -> String {
    format!("00000000-0000-4000-8000-{place:012}")
}

fn response(status: u16, body: ByteStream) -> http::Response<ByteStream> {
    let mut response = http::Response::new(body);
    *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
    response
}

impl Transport for Desk {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let desk = self.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let is_storage = head.uri.host() == Some("storage.test");
            if is_storage {
                desk.state().heads.push(head.headers.clone());
                desk.busy().await;
                if let Some(response) = desk.answer_unread() {
                    return Ok(response);
                }
            }
            let body = match body {
                Body::Bytes(bytes) => bytes,
                Body::Stream(stream) => stream
                    .collect()
                    .await
                    .map_err(|error| TransportError::new(TransportErrorKind::Io, error))?,
                other => panic!("a body of a new kind: {other:?}"),
            };
            if !is_storage {
                return Ok(desk.called(&head, &body));
            }
            match desk.stored(&head, body) {
                Ok(response) => Ok(response),
                Err(Fault::Status(status, body)) => Ok(response(status, ByteStream::from(body))),
                Err(Fault::Silence) => std::future::pending().await,
                Err(Fault::Setup) => Err(TransportError::new(
                    TransportErrorKind::Setup,
                    "the file of certificates `roots.pem` cannot be read",
                )),
                Err(_) => Err(TransportError::new(
                    TransportErrorKind::Io,
                    format!("lost https://storage.test{}?{SECRET}", head.uri.path()),
                )),
            }
        })
    }
}
