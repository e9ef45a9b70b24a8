//! Shows errors of a client as a program with `anyhow` prints them: `{:#}` in one line, `{:?}` with one cause a line.

use std::io;
use std::time::Duration;

use anyhow::Context;
use parcels::runtime::transport::{Transport, TransportError, TransportErrorKind};
use parcels::runtime::{BoxFuture, Timer, Timestamp};
use parcels::{Body, ByteStream, Client, Config, Credentials};

/// A network without a service.
#[derive(Debug)]
struct NoService;

impl Transport for NoService {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let cause = io::Error::from(io::ErrorKind::ConnectionRefused);
        Box::pin(async { Err(TransportError::new(TransportErrorKind::Connect, cause)) })
    }
}

/// No call of this program waits.
#[derive(Debug)]
struct NoWaiting;

impl Timer for NoWaiting {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

fn send(client: &Client, grams: i32) -> anyhow::Result<String> {
    let call = client.send_parcel().recipient("Ada").grams(grams);
    let sent = call.send().wait();
    Ok(sent.context("the parcel stays here")?.parcel_id)
}

fn main() -> anyhow::Result<()> {
    let config = Config::builder()
        .region("eu-central-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .time_source(Timestamp::UNIX_EPOCH)
        .transport(NoService)
        .timer(NoWaiting)
        .max_attempts(1)
        .build()?;
    let client = Client::new(&config);
    for grams in [40_000, 300] {
        let error = send(&client, grams).expect_err("nothing can be sent");
        println!("{error:#}\n{error:?}\n");
    }
    Ok(())
}
