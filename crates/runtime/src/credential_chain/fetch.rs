//! Requests to what stands beside the program: containers' endpoints and instance metadata. They are not signed, they
//! answer at once or never, and they use no proxy.

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::USER_AGENT;
use http::{HeaderValue, Request};

use super::Surroundings;
use crate::BoxFuture;
use crate::body::Body;
use crate::response_body;
use crate::timer::within;
use crate::transport::TransportErrorKind;

/// The most bytes of an answer that are read.
const LIMIT: u64 = 256 * 1024;
/// The longest pause before the second attempt; it doubles with each.
const PAUSE: Duration = Duration::from_secs(1);

/// How long and how often to try.
pub(super) struct Patience {
    /// How long one attempt may take.
    pub(super) timeout: Duration,
    pub(super) attempts: u32,
    /// Whether to try again where nobody answers.
    pub(super) if_unreachable: bool,
}

/// What to make of an answer.
pub(super) enum Judgement {
    Accept,
    /// Another attempt may end better.
    Retry(String),
    Refuse(String),
}

/// No answer that could be accepted.
pub(super) struct Refusal {
    pub(super) message: String,
    /// Whether nobody answered at all.
    pub(super) unreachable: bool,
}

/// Makes a request, for each attempt anew.
pub(super) type Make<'a> = &'a (dyn Fn() -> Request<Body> + Send + Sync);
/// Looks at an answer, and keeps what it accepts.
pub(super) type Judge<'a> = &'a mut (dyn FnMut(u16, &[u8]) -> Judgement + Send);

/// Sends a request until `judge` is content.
pub(super) fn fetch<'a>(
    surroundings: &'a Surroundings,
    patience: &'a Patience,
    request: Make<'a>,
    judge: Judge<'a>,
) -> BoxFuture<'a, Result<(), Refusal>> {
    Box::pin(exchanges(surroundings, patience, request, judge))
}

async fn exchanges(
    surroundings: &Surroundings,
    patience: &Patience,
    request: Make<'_>,
    judge: Judge<'_>,
) -> Result<(), Refusal> {
    let mut number = 0;
    loop {
        let (message, unreachable) = match attempt(surroundings, patience, request()).await {
            Ok((status, body)) => match judge(status, &body) {
                Judgement::Accept => return Ok(()),
                Judgement::Refuse(message) => {
                    let unreachable = false;
                    return Err(Refusal {
                        message,
                        unreachable,
                    });
                }
                Judgement::Retry(message) => (message, false),
            },
            Err(silence) => silence,
        };
        number += 1;
        if number >= patience.attempts || (unreachable && !patience.if_unreachable) {
            return Err(Refusal {
                message,
                unreachable,
            });
        }
        let pause = PAUSE.saturating_mul(1 << (number - 1).min(4));
        let pause = pause.mul_f64(surroundings.random.fraction());
        surroundings.timer.sleep(pause).await;
    }
}

/// One exchange; the error says whether nobody answered.
async fn attempt(
    surroundings: &Surroundings,
    patience: &Patience,
    mut request: Request<Body>,
) -> Result<(u16, Bytes), (String, bool)> {
    let agent = HeaderValue::from_static(concat!("attache/", env!("CARGO_PKG_VERSION")));
    request.headers_mut().insert(USER_AGENT, agent);
    let exchange = async {
        let response = surroundings.direct.send(request).await.map_err(|error| {
            let unreachable = error.kind() == TransportErrorKind::Connect;
            (format!("no answer: {error}"), unreachable)
        })?;
        let (head, body) = response.into_parts();
        let body = response_body::read(&head.headers, body, LIMIT).await;
        let body = body.map_err(|failure| (failure.to_string(), false))?;
        Ok((head.status.as_u16(), body))
    };
    match within(&*surroundings.timer, patience.timeout, pin!(exchange)).await {
        Some(outcome) => outcome,
        None => {
            let limit = patience.timeout;
            Err((format!("no answer within {limit:?}"), true))
        }
    }
}
