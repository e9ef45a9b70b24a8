//! Requests to local endpoints: those of containers and of instance metadata. The requests are not signed and use no
//! proxy, and their time limits are short.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::USER_AGENT;
use http::{HeaderValue, Request};

use super::Surroundings;
use crate::BoxFuture;
use crate::body::Body;
use crate::headers;
use crate::response_body;
use crate::timer::within;
use crate::transport::TransportErrorKind;

/// The maximum size of a response in bytes.
const LIMIT: u64 = 256 * 1024;
/// The longest pause before the second attempt; it doubles with each.
const PAUSE: Duration = Duration::from_secs(1);

/// How long and how often to try.
pub(super) struct Patience {
    /// How long one attempt may take.
    pub(super) timeout: Duration,
    pub(super) attempts: u32,
    /// Whether to retry if there is no response.
    pub(super) if_unreachable: bool,
}

/// How to handle a response.
pub(super) enum Judgement {
    Accept,
    /// Another attempt may succeed.
    Retry(String),
    Refuse(String),
}

/// Creates a request; called for each attempt.
pub(super) type Make<'a> = &'a (dyn Fn() -> Request<Body> + Send + Sync);
/// Checks a response, and stores an accepted one.
pub(super) type Judge<'a> = &'a mut (dyn FnMut(u16, &[u8]) -> Judgement + Send);

/// Sends a request until `judge` accepts the response. The error says why none was acceptable.
pub(super) fn fetch<'a>(
    surroundings: &'a Surroundings,
    patience: &'a Patience,
    request: Make<'a>,
    judge: Judge<'a>,
) -> BoxFuture<'a, Result<(), String>> {
    Box::pin(exchanges(surroundings, patience, request, judge))
}

async fn exchanges(
    surroundings: &Surroundings,
    patience: &Patience,
    request: Make<'_>,
    judge: Judge<'_>,
) -> Result<(), String> {
    let mut number = 0;
    loop {
        let (message, unreachable) = match attempt(surroundings, patience, request()).await {
            Ok((status, body)) => match judge(status, &body) {
                Judgement::Accept => return Ok(()),
                Judgement::Refuse(message) => return Err(message),
                Judgement::Retry(message) => (message, false),
            },
            Err(silence) => silence,
        };
        number += 1;
        if number >= patience.attempts || (unreachable && !patience.if_unreachable) {
            return Err(message);
        }
        let pause = PAUSE.saturating_mul(1 << (number - 1).min(4));
        let pause = pause.mul_f64(surroundings.random.fraction());
        surroundings.timer.sleep(pause).await;
    }
}

/// One exchange; the error says whether there was no response.
async fn attempt(
    surroundings: &Surroundings,
    patience: &Patience,
    mut request: Request<Body>,
) -> Result<(u16, Bytes), (String, bool)> {
    let agent = HeaderValue::from_static(concat!("attache/", env!("CARGO_PKG_VERSION")));
    headers::insert(request.headers_mut(), USER_AGENT, agent);
    let exchange = async {
        let response = surroundings.direct.send(request).await.map_err(|error| {
            let unreachable = error.kind() == TransportErrorKind::Connect;
            (format!("no answer: {error:#}"), unreachable)
        })?;
        let (head, body) = response.into_parts();
        let body = response_body::read(&head.headers, body, LIMIT).await;
        let body = body.map_err(|failure| (format!("{failure:#}"), false))?;
        Ok((head.status.as_u16(), body))
    };
    match within(&*surroundings.timer, patience.timeout, pin!(exchange)).await {
        Some(outcome) => outcome,
        None => {
            let limit = patience.timeout;
            Err((format!("no response within {limit:?}"), true))
        }
    }
}
