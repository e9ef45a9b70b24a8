//! A transport that records what goes through it.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::exchange::{Exchange, Outcome};
use super::file;
use super::hidden::HiddenTexts;
use super::observed::{End, Kept, Seen};
use super::redaction::{Cleaner, Redaction};
use super::request::Asked;
use super::response::Raw;
use super::tokens::KeptTokens;
use crate::body::{Body, ByteStream};
use crate::plumbing::json::marks;
use crate::transport::{Transport, TransportError, TransportErrorKind};
use crate::{BoxFuture, Config};

/// A [`Transport`] that sends requests with that of a configuration, and keeps them with their responses, for a
/// [`Replayer`](super::Replayer).
///
/// Calls of operations are kept, each attempt for itself, and requests to presigned URLs. Other requests, such as those
/// for credentials, are not kept. Nor is an attempt that ended without a response because the caller gave up on it or its
/// time ran out; a connection that failed is.
///
/// # What is removed
///
/// A file is meant to be reviewed and committed, so secrets are left out when it is written:
///
/// * A request is kept as it was before it was signed: without `Authorization`, without the session token, and without
///   headers of interceptors. The endpoint of an operation is not kept.
/// * Members that the model calls sensitive are hidden, in requests, responses and errors. A text becomes
///   `REDACTED` with a number, so that equal texts stay equal; a time 1970, a number 0, an object of JSON `null`. XML does
///   not say what a text is, so what looks like a number becomes 0, and `true` stands for both booleans. Such a member that
///   is a presigned URL stays without its secrets.
/// * What the model does not know is hidden as well: unknown members, headers that no member is bound to, bodies that are
///   not of the model.
/// * Signatures, credentials and tokens are removed from the queries of URLs and from texts that quote a request.
///   Headers with names of secrets, such as cookies, have the value `REDACTED`.
/// * An idempotency token that was made for [`config`](Self::config) becomes one that a replay makes, too. A token of the
///   caller stays.
/// * [`hide`](Self::hide) names what else is to be hidden.
///
/// What the model does not call sensitive stays, such as names, addresses and account ids: **look at a file before you
/// commit it**.
///
/// # Bodies
///
/// JSON is kept as it is, a form as an object of its decoded pairs, XML with a line for each element. CBOR is kept as JSON,
/// in which an object of the one member `$bytes` stands for bytes, and one of `$number` for a number that JSON lacks.
///
/// Of another request, such as a file that is uploaded, only the length and the SHA-256 are kept. Another response is kept
/// as text or base64, whatever it contains. Bodies pass through as streams; a recorded
/// response is also in memory until the recorder is dropped.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use attache_runtime::Config;
/// use attache_runtime::test::Recorder;
///
/// # let config: Config = todo!();
/// let recorder = Recorder::of(&config).hide(["ccEmailAddresses"]);
/// let config = recorder.config();
/// // … calls of a client with this configuration …
/// recorder.save("tests/recordings/create_case.json")?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Recorder(Arc<State>);

struct State {
    config: Config,
    tokens: KeptTokens,
    redaction: Mutex<Redaction>,
    exchanges: Mutex<Vec<Arc<Mutex<Recorded>>>>,
}

/// What is known of an exchange so far.
struct Recorded {
    asked: Asked,
    came: Came,
}

enum Came {
    Nothing,
    Failure(TransportErrorKind),
    Response(http::response::Parts, Seen),
}

impl Recorder {
    /// Records what goes through the transport of this configuration.
    pub fn of(config: &Config) -> Self {
        marks::record();
        Self(Arc::new(State {
            config: config.clone(),
            tokens: KeptTokens::new(Arc::clone(config.token_source())),
            redaction: Mutex::default(),
            exchanges: Mutex::default(),
        }))
    }

    /// The configuration with this recorder as its transport. Credentials are fetched as before, and not recorded.
    pub fn config(&self) -> Config {
        let tokens = self.0.tokens.clone();
        self.0.config.recorded(self.clone(), tokens)
    }

    /// Hides the values of all members, headers and parameters of queries with these names. The names of members are
    /// those in the body, such as `communicationBody`; in a form, each part of a key is one.
    #[must_use]
    pub fn hide<N: Into<String>>(self, names: impl IntoIterator<Item = N>) -> Self {
        let names = names.into_iter().map(Into::into);
        locked(&self.0.redaction).hidden.extend(names);
        self
    }

    /// Writes all exchanges to a file, in the order of their requests. The file is written whole or not at all; one that
    /// exists is replaced. Its folder is made if necessary.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let redaction = locked(&self.0.redaction).clone();
        let tokens = self.0.tokens.made();
        let cleaner = Cleaner {
            redaction: &redaction,
            tokens: &tokens,
            texts: &HiddenTexts::default(),
        };
        let exchanges = locked(&self.0.exchanges).clone();
        let exchanges = exchanges.iter();
        let exchanges: Vec<Exchange> = exchanges
            .filter_map(|kept| locked(kept).recorded(cleaner))
            .collect();
        file::write(path.as_ref(), &exchanges, &redaction)
    }
}

impl Recorded {
    fn recorded(&self, cleaner: Cleaner<'_>) -> Option<Exchange> {
        let request = self.asked.recorded(cleaner);
        let outcome = match &self.came {
            Came::Nothing => return None,
            Came::Failure(kind) => Outcome::Failure(*kind),
            Came::Response(head, seen) => {
                let seen = seen.part();
                let raw = Raw {
                    status: head.status.as_u16(),
                    headers: head.headers.clone(),
                    body: match &seen.bytes {
                        Kept::All(bytes) => bytes.clone(),
                        Kept::Hash(..) => Vec::new(),
                    },
                    is_broken: seen.end == End::Broken,
                };
                Outcome::Response(raw.recorded(&self.asked, cleaner))
            }
        };
        Some(Exchange {
            operation: self.asked.operation(),
            request,
            outcome,
        })
    }
}

impl Transport for Recorder {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let (asked, request) = match Asked::of(request) {
            Ok(asked) => asked,
            Err(problem) => {
                let error = TransportError::new(TransportErrorKind::Setup, problem);
                return Box::pin(async { Err(error) });
            }
        };
        let kept = asked.map(|asked| {
            let came = Came::Nothing;
            let kept = Arc::new(Mutex::new(Recorded { asked, came }));
            locked(&self.0.exchanges).push(Arc::clone(&kept));
            kept
        });
        Box::pin(async move {
            let result = self.0.config.transport().send(request).await;
            let Some(kept) = kept else {
                return result;
            };
            match result {
                Ok(response) => {
                    let (head, body) = response.into_parts();
                    let seen = Seen::all();
                    let body = seen.of(body);
                    locked(&kept).came = Came::Response(head.clone(), seen);
                    Ok(http::Response::from_parts(head, body))
                }
                Err(error) => {
                    if error.kind() != TransportErrorKind::Setup {
                        locked(&kept).came = Came::Failure(error.kind());
                    }
                    Err(error)
                }
            }
        })
    }
}

/// It contains secrets, so `Debug` hides the exchanges.
impl fmt::Debug for Recorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Recorder")
            .field("transport", self.0.config.transport())
            .field("exchanges", &locked(&self.0.exchanges).len())
            .finish()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
