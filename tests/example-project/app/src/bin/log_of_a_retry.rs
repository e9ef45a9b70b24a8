//! Shows the log of a call that the service throttles once: the retry, and the end of the call.
//!
//! Your program keeps the real timer and random numbers: it leaves out `timer` and `random_source`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parcels::runtime::transport::{Transport, TransportError};
use parcels::runtime::{BoxFuture, Bytes, RandomSource, Timer, Timestamp};
use parcels::{Body, ByteStream, Client, Config, Credentials, Error};

/// The service: it throttles the first request, and takes every other one.
#[derive(Debug, Default)]
struct Service(AtomicU64);

impl Transport for Service {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let (status, id, answer) = match self.0.fetch_add(1, Ordering::Relaxed) {
            0 => (429, "request-1", r#"{"__type":"ThrottlingException"}"#),
            _ => (200, "request-2", r#"{"parcelId":"p-1"}"#),
        };
        let mut response =
            http::Response::new(ByteStream::from(Bytes::from_static(answer.as_bytes())));
        *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
        let headers = response.headers_mut();
        headers.insert("x-amzn-requestid", http::HeaderValue::from_static(id));
        Box::pin(async { Ok(response) })
    }
}

/// Pauses take no time, so that the example ends at once and always writes the same.
#[derive(Clone, Debug, Default)]
struct NoPauses(Arc<AtomicU64>);

impl Timer for NoPauses {
    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let counter = self.clone();
        Box::pin(async move {
            // Longer than every pause: it is a time limit, which is not reached.
            if duration > Duration::from_secs(20) {
                return std::future::pending().await;
            }
            let milliseconds = u64::try_from(duration.as_millis()).expect("a pause is short");
            counter.0.fetch_add(milliseconds, Ordering::Relaxed);
        })
    }
}

/// Always the same random number.
#[derive(Debug)]
struct Fixed;

impl RandomSource for Fixed {
    fn next(&self) -> u64 {
        0xcfdf_3b64_5a1c_ac00
    }
}

fn main() -> Result<(), Error> {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_ansi(false)
        .without_time()
        .init();
    let config = Config::builder()
        .region("eu-central-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .time_source(Timestamp::UNIX_EPOCH)
        .transport(Service::default())
        .timer(NoPauses::default())
        .random_source(Fixed)
        .build()
        .expect("nothing is missing");
    let client = Client::new(&config);
    client
        .send_parcel()
        .recipient("Ada")
        .grams(300)
        .send()
        .wait()?;
    Ok(())
}
