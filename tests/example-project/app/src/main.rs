//! Sends a parcel to a service that is part of this file.

use std::time::{Duration, Instant};

use parcels::runtime::transport::{Transport, TransportError};
use parcels::runtime::{BoxFuture, Bytes, Timer, Timestamp};
use parcels::{Body, ByteStream, Client, Config, Credentials, Error, ServiceError};

/// The service: it takes what weighs less than a kilogram.
#[derive(Debug)]
struct Service;

impl Transport for Service {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let heavy = matches!(request.body(), Body::Bytes(bytes) if bytes == &br#"{"grams":1000,"recipient":"Ada"}"#[..]);
        let (status, answer) = if heavy {
            (400, r#"{"__type":"TooHeavy","message":"999 g at most"}"#)
        } else {
            (200, r#"{"parcelId":"p-1"}"#)
        };
        let mut response =
            http::Response::new(ByteStream::from(Bytes::from_static(answer.as_bytes())));
        *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
        Box::pin(async { Ok(response) })
    }
}

/// The client was built without a transport, so it has no timer either. Nothing has to wait for this service.
#[derive(Debug)]
struct NoWaiting(Instant);

impl Timer for NoWaiting {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

fn main() -> Result<(), Error> {
    let config = Config::builder()
        .region("eu-central-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .time_source(Timestamp::UNIX_EPOCH)
        .transport(Service)
        .timer(NoWaiting(Instant::now()))
        .build()
        .expect("nothing is missing");
    let client = Client::new(&config);
    let send = |grams| {
        client
            .send_parcel()
            .recipient("Ada")
            .grams(grams)
            .send()
            .wait()
    };

    println!("sent {}", send(300)?.parcel_id);
    match send(1000) {
        Err(error) if matches!(error.service(), Some(ServiceError::TooHeavy(_))) => {
            println!(
                "refused by the service: {}",
                error.message().unwrap_or_default()
            );
        }
        other => panic!("the service takes no 1000 g: {other:?}"),
    }
    let error = send(40_000).expect_err("nobody takes 40 kg");
    println!("refused before sending: {error:#}");
    Ok(())
}
