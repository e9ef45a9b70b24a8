//! A request without a response.

use http::Request;
use hyper::client::conn::TrySendError;

use super::outgoing::Outgoing;
use super::setup::SetupError;
use crate::transport::{TransportError, TransportErrorKind};

/// What happened to a request, and the request itself if it can be sent again.
pub(super) struct Unanswered {
    /// The request, if none of it was sent. Boxed, because it is large and rare.
    pub(super) request: Option<Box<Request<Outgoing>>>,
    pub(super) error: hyper::Error,
    /// What is wrong with the server, if it should speak HTTP/2.
    pub(super) problem: Option<String>,
}

impl Unanswered {
    #[inline(never)]
    pub(super) fn new(mut error: TrySendError<Request<Outgoing>>) -> Self {
        Self {
            request: error.take_message().map(Box::new),
            error: error.into_error(),
            problem: None,
        }
    }

    /// The error of a request that is not sent again. If none of it was sent, the service cannot have acted, as without a
    /// connection.
    #[inline(never)]
    pub(super) fn described(self, is_sent: bool) -> TransportError {
        let kind = match is_sent {
            true => TransportErrorKind::Io,
            false => TransportErrorKind::Connect,
        };
        match self.problem {
            Some(problem) => {
                TransportError::new(TransportErrorKind::Setup, SetupError::new(problem))
            }
            None => TransportError::new(kind, self.error),
        }
    }
}
