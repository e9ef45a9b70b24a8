//! A call: the future that every `send` returns.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crate::core::{Answer, Begin};
use crate::error::{Error, ErrorKind, Failure};
use crate::error_code;
use crate::formatting::write;
use crate::operation::ServiceError;
use crate::plumbing::message::{DecodeError, HttpResponse};
use crate::plumbing::operation::Operation;
use crate::presigned::PresignedRequest;

/// Either a call has not begun, or it has an answer.
const RUNNING: &str = "a call that has begun has an answer";

/// One call of one operation: a future that returns the response or the error.
///
/// Nothing is sent before it is polled, and dropping it cancels the call. It is `Send` and owns all it needs, so it can
/// be spawned.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T, S> {
    /// The call, until it begins.
    prepared: Option<Box<dyn Begin>>,
    response: Option<Answer>,
    decode: fn(HttpResponse) -> Result<T, DecodeError>,
    operation: &'static Operation,
    service_error: std::marker::PhantomData<fn() -> S>,
}

impl<T, S> Call<T, S> {
    pub(crate) fn new(
        operation: &'static Operation,
        prepared: Box<dyn Begin>,
        decode: fn(HttpResponse) -> Result<T, DecodeError>,
    ) -> Self {
        Self {
            prepared: Some(prepared),
            response: None,
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

    /// Makes a URL of the request instead of sending it. Anyone who has the URL may send the request, with the permissions
    /// of the credentials, for `expires_in` (one second to seven days; less than a second is cut off).
    ///
    /// The URL ends with the credentials that sign it: [`PresignedRequest::expires_at`] says when. Interceptors do not
    /// see the request, and its body is not compressed.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use attache_runtime::{Call, operation::ServiceError};
    /// # async fn example<T, S: ServiceError>(call: Call<T, S>) -> Result<(), attache_runtime::Error<S>> {
    /// let link = call.presign(Duration::from_secs(3_600)).await?;
    /// println!("{} {}", link.method(), link.url());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of a request that cannot be made; [`ErrorKind::Request`](crate::ErrorKind::Request) if its method is not GET,
    /// PUT, HEAD or DELETE, if it is not signed, if it was sent already, if its body is signed and a stream, and for
    /// another time.
    pub async fn presign(self, expires_in: Duration) -> Result<PresignedRequest, Error<S>> {
        let Some(prepared) = self.prepared else {
            let message = "the call was sent already, so that no URL can be presigned";
            return Err(Failure::new(ErrorKind::Request, message).into());
        };
        Ok(prepared.prepared().presign(expires_in).await?)
    }

    /// The same on this thread: [`presign`](Self::presign) and [`wait`](Self::wait).
    ///
    /// # Errors
    /// Those of both.
    ///
    /// # Panics
    /// As [`wait`](Self::wait).
    #[cfg(feature = "blocking")]
    pub fn presign_blocking(self, expires_in: Duration) -> Result<PresignedRequest, Error<S>> {
        crate::blocking::wait_for(self.operation.name, self.presign(expires_in))
    }
}

impl<T, S: ServiceError> Future for Call<T, S> {
    type Output = Result<T, Error<S>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let prepared = self.prepared.take();
        let answer = match prepared {
            Some(prepared) => self.response.insert(prepared.send()),
            None => self.response.as_mut().expect(RUNNING),
        };
        let (response, report) = ready!(answer.as_mut().poll(context))?;
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
