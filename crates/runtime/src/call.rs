//! A call: the future that every `send` returns.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::BoxFuture;
use crate::error::{Error, Failure};
use crate::error_code;
use crate::operation::ServiceError;
use crate::plumbing::message::{DecodeError, HttpResponse};
use crate::plumbing::operation::Operation;
use crate::telemetry::CallReport;

/// The successful response of a call, which is not decoded yet, and the report that ends with the call.
pub(crate) type Answer = BoxFuture<'static, Result<(HttpResponse, CallReport), Failure>>;

/// One call of one operation: a future that returns the response or the error.
///
/// Nothing is sent before it is polled, and dropping it cancels the call. It is `Send` and owns all it needs, so it can
/// be spawned.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T, S> {
    response: Answer,
    decode: fn(HttpResponse) -> Result<T, DecodeError>,
    operation: &'static Operation,
    service_error: std::marker::PhantomData<fn() -> S>,
}

impl<T, S> Call<T, S> {
    pub(crate) fn new(
        operation: &'static Operation,
        response: Answer,
        decode: fn(HttpResponse) -> Result<T, DecodeError>,
    ) -> Self {
        Self {
            response,
            decode,
            operation,
            service_error: std::marker::PhantomData,
        }
    }
}

impl<T, S: ServiceError> Call<T, S> {
    /// Waits for the response on this thread.
    ///
    /// Asynchronous code awaits the call instead, or calls this function in `tokio::task::spawn_blocking`.
    ///
    /// # Errors
    /// As awaiting the call; [`ErrorKind::Request`](crate::ErrorKind::Request) inside of an async runtime of Tokio, whose
    /// thread it would block.
    ///
    /// # Panics
    /// Inside of `tokio::task::unconstrained`, which hides that a runtime polls it.
    #[cfg(feature = "blocking")]
    pub fn wait(self) -> Result<T, Error<S>> {
        crate::blocking::wait_for(self.operation.name, self)
    }
}

impl<T, S: ServiceError> Future for Call<T, S> {
    type Output = Result<T, Error<S>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (response, report) = ready!(self.response.as_mut().poll(context))?;
        let (status, request_id) = (
            response.status(),
            error_code::request_id(self.operation.service, &response),
        );
        let attempts = response.attempts;
        Poll::Ready(match (self.decode)(response) {
            Ok(decoded) => {
                report.succeeded();
                Ok(decoded)
            }
            Err(error) => {
                let failure = Failure::from_decode(error, status, request_id)
                    .during(self.operation.name, attempts)
                    .with_effect(!self.operation.read_only);
                report.failed(&failure);
                Err(failure.into())
            }
        })
    }
}

impl<T, S> fmt::Debug for Call<T, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Call({})", self.operation.name)
    }
}
