//! A call that has not begun: an encoded request, and what is needed to send it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

use super::attempt_record::AttemptRecord;
use super::shared::Shared;
use crate::BoxFuture;
use crate::call_options::CallOptions;
use crate::error::Failure;
#[cfg(feature = "endpoint-discovery")]
use crate::plumbing::discovery::Discovery;
use crate::plumbing::message::{HttpRequest, HttpResponse};
use crate::plumbing::operation::Operation;
use crate::presigned::PresignedRequest;
use crate::telemetry::{CallReport, View};

/// The successful response of a call, which is not decoded yet, and the report that ends with the call.
pub(crate) type Answer = BoxFuture<'static, Result<(HttpResponse, CallReport), Failure>>;

/// A [`Prepared`] of which only the pointer is known. What drops a request is long, and would be compiled in every client, and
/// several times in each.
pub(crate) trait Begin: Send {
    /// Sends the request.
    fn send(self: Box<Self>) -> Answer;

    /// What the pointer leads to, for calls that are not sent.
    fn prepared(self: Box<Self>) -> Prepared;
}

/// A call that has not begun.
pub(crate) struct Prepared {
    pub(super) shared: Arc<Shared>,
    pub(super) operation: &'static Operation,
    /// The error that means success, if the request is a dry run.
    pub(super) accepted: Option<&'static str>,
    /// How the endpoint is found, if the service names it.
    #[cfg(feature = "endpoint-discovery")]
    pub(super) discovery: Option<&'static Discovery>,
    /// Boxed, because it is passed through all stages of a call, and each of them would have room for a copy.
    pub(super) request: Result<Box<HttpRequest>, Failure>,
    pub(super) options: CallOptions,
    pub(super) view: Option<View>,
}

impl Begin for Prepared {
    fn send(self: Box<Self>) -> Answer {
        Box::pin(async move {
            let (core, operation) = (self.shared, self.operation);
            let record = AttemptRecord::default();
            let report = core.begin_report(operation, self.view);
            let result = match self.request {
                Ok(request) => {
                    #[cfg_attr(not(feature = "endpoint-discovery"), expect(unused_mut))]
                    let mut invocation = core.invocation(operation, self.options, &request);
                    #[cfg(feature = "endpoint-discovery")]
                    {
                        invocation.discovery = self.discovery;
                    }
                    let calling = core.run(&invocation, request, &record, &report);
                    report.within(calling).await
                }
                Err(failure) => Err(failure),
            };
            let result = match self.accepted {
                Some(error) => dry_run_outcome(result, error),
                None => result,
            };
            match record.conclude(operation, result) {
                Ok(response) => Ok((response, report)),
                Err(failure) => {
                    report.failed(&failure);
                    Err(failure)
                }
            }
        })
    }

    fn prepared(self: Box<Self>) -> Prepared {
        *self
    }
}

impl Prepared {
    /// A call of which only the operation is known, and not the type of its request.
    #[inline(never)]
    pub(super) fn new(
        shared: &Arc<Shared>,
        operation: &'static Operation,
        request: Result<HttpRequest, Failure>,
        options: CallOptions,
    ) -> Self {
        Self {
            shared: Arc::clone(shared),
            operation,
            accepted: None,
            #[cfg(feature = "endpoint-discovery")]
            discovery: None,
            request: request.map(Box::new),
            options,
            view: None,
        }
    }

    /// Makes a URL of the request instead of sending it.
    #[inline]
    pub(crate) async fn presign(self, expires_in: Duration) -> Result<PresignedRequest, Failure> {
        let operation = self.operation;
        let made = match self.request {
            Ok(request) => {
                let presigning = self
                    .shared
                    .presign(operation, request, &self.options, expires_in);
                presigning.await
            }
            Err(failure) => Err(failure),
        };
        made.map_err(|failure| failure.during(operation.name, 0))
    }
}

/// The service responds to a successful dry run with an error. The caller gets a success without a body, which has no
/// members in each protocol.
fn dry_run_outcome(
    outcome: Result<HttpResponse, Failure>,
    accepted: &str,
) -> Result<HttpResponse, Failure> {
    match outcome {
        Err(failure) if failure.is_shape(accepted) => {
            Ok(HttpResponse::new(200, HeaderMap::new(), Bytes::new()))
        }
        other => other,
    }
}
