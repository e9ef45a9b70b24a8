//! The common part of every call, and of every client.
//!
//! The core does not depend on an operation and has no type parameters, so it is compiled once for all of them. A
//! generated operation passes an encoded request and its metadata to the core, and decodes the response.

mod attempt;
mod attempt_record;
mod attempts;
mod authentication;
#[cfg_attr(not(feature = "endpoint-discovery"), path = "no_discovery.rs")]
mod discovery;
#[cfg(feature = "endpoint-discovery")]
mod endpoints;
mod events;
mod prepared;
mod presign;
#[cfg(feature = "form")]
mod presigned_copy;
mod region;
mod resolve;
mod shared;
mod source;
mod verification;

use std::fmt;
use std::sync::Arc;

use self::prepared::Prepared;
pub(crate) use self::prepared::{Answer, Begin};
use self::resolve::configured_endpoint;
use self::shared::Shared;
use crate::BoxFuture;
use crate::call::Call;
use crate::call_options::CallOptions;
use crate::config::Config;
use crate::error::{ErrorKind, Failure};
#[cfg(feature = "tracing")]
use crate::operation::ServiceError;
use crate::operation::{DryRun, Request};
use crate::plumbing::endpoint::{Input, ParameterValue};
use crate::plumbing::message::{HttpRequest, HttpResponse};
use crate::plumbing::operation::{Operation, RegionRedirect, Scheme, Service, SignatureVersion};
use crate::random::RandomSource;
use crate::telemetry::View;
use crate::timer::Timer;
use crate::validation::Level;

/// The part of a client that is the same for every service. Clones share everything.
#[derive(Clone)]
pub struct Core(Arc<Shared>, Level);

impl fmt::Debug for Core {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Core")
            .field("service", &self.0.service.sdk_id)
            .field("config", self.0.config())
            .finish_non_exhaustive()
    }
}

impl Core {
    /// A core for one service.
    pub fn new(service: &'static Service, config: &Config) -> Self {
        let shared = Shared::new(service, config.clone(), &[], Vec::new());
        Self(Arc::new(shared), config.0.validation)
    }

    /// The same core with another validation level.
    #[must_use]
    pub fn with_validation(&self, level: Level) -> Self {
        Self(Arc::clone(&self.0), level)
    }

    /// The same core with further parameters of the endpoint rules, which the configuration sets.
    #[must_use]
    #[inline]
    pub fn with_endpoint_inputs(&self, inputs: &'static [Input]) -> Self {
        Self(Arc::new(self.0.with_parameters(inputs, [])), self.1)
    }

    /// The same core with other settings for the endpoint rules (`smithy.rules#clientContextParams`).
    #[must_use]
    pub fn with_endpoint_parameters(
        &self,
        parameters: impl IntoIterator<Item = (&'static str, ParameterValue)>,
    ) -> Self {
        let shared = self.0.with_parameters(self.0.inputs(), parameters);
        Self(Arc::new(shared), self.1)
    }

    /// Checks the endpoint that the environment has for the service, before its first call.
    ///
    /// # Errors
    /// No request can be sent to it; the text names the variable or the setting of the profile.
    #[inline]
    pub fn validate_endpoint(&self) -> Result<(), Failure> {
        match configured_endpoint(self.0.service, self.0.settings()) {
            Ok(_) => Ok(()),
            Err(message) => Err(Failure::new(ErrorKind::Configuration, message)),
        }
    }

    /// The configuration that it was made with.
    pub fn config(&self) -> &Config {
        self.0.config()
    }

    /// Calls an operation.
    pub fn send<R: Request>(
        &self,
        request: R,
        options: CallOptions,
    ) -> Call<R::Response, R::ServiceError> {
        Call::new(R::OPERATION, self.start(request, options), R::decode)
    }

    /// Calls an operation as a dry run, which the request states ([`Request::is_dry_run`]).
    pub fn dry_run<R: Request>(
        &self,
        request: R,
        options: CallOptions,
    ) -> Call<DryRun, R::ServiceError> {
        Call::new(R::OPERATION, self.start(request, options), |_| Ok(DryRun))
    }

    pub(crate) fn timer(&self) -> &dyn Timer {
        &*self.0.calls().timer
    }

    pub(crate) fn random(&self) -> &dyn RandomSource {
        &*self.0.calls().random
    }

    fn start<R: Request>(&self, mut request: R, options: CallOptions) -> Box<dyn Begin> {
        request.fill_idempotency_token(&|| self.0.settings().tokens.token());
        request.prepare();
        let is_dry_run = request.is_dry_run();
        #[cfg(feature = "test-util")]
        let copied = request.copied();
        let level = options.validation.unwrap_or(self.1);
        // Before the first poll and before any I/O.
        let encoded = match request.validate(level) {
            Ok(()) => request.encode().map_err(Failure::from),
            Err(violations) => Err(Failure::from(violations)),
        };
        let kind = Kind {
            operation: R::OPERATION,
            schemes: R::SCHEMES,
            signature_version: R::SIGNATURE_VERSION,
            errors_in_success: R::ERRORS_IN_SUCCESS,
            redirect: R::REGION_REDIRECT,
            #[cfg(feature = "event-stream")]
            awaits_initial_response: R::AWAITS_INITIAL_RESPONSE,
            #[cfg(feature = "event-stream")]
            level,
            #[cfg(feature = "endpoint-discovery")]
            discovery: R::DISCOVERY,
            #[cfg(feature = "test-util")]
            copied,
            #[cfg(feature = "tracing")]
            view: Some(View {
                is_marked: R::ServiceError::MARKS_SENSITIVE,
                read: read::<R>,
            }),
            #[cfg(not(feature = "tracing"))]
            view: None,
        };
        self.dispatch(kind, is_dry_run, encoded, options)
    }

    /// The part for every operation. It has no type parameters, so that no client compiles it again.
    #[inline(never)]
    fn dispatch(
        &self,
        kind: Kind,
        is_dry_run: bool,
        encoded: Result<HttpRequest, Failure>,
        options: CallOptions,
    ) -> Box<dyn Begin> {
        let operation = kind.operation;
        let request = encoded.map(|mut message| {
            message.schemes = kind.schemes;
            message.signature_version = kind.signature_version;
            message.expected.errors_in_success = kind.errors_in_success;
            message.region.redirect = kind.redirect;
            message.question_by(operation.name);
            #[cfg(feature = "event-stream")]
            {
                message.awaits_initial_response = kind.awaits_initial_response;
                if let Some(events) = &mut message.events {
                    events.level = kind.level;
                }
            }
            #[cfg(feature = "test-util")]
            if let Some(view) = kind.view {
                message.sent = Some(sent(&message, operation, kind.copied, view));
            }
            message
        });
        Box::new(Prepared {
            accepted: match is_dry_run {
                true => operation.dry_run_error,
                false => None,
            },
            #[cfg(feature = "endpoint-discovery")]
            discovery: kind.discovery,
            view: kind.view,
            ..Prepared::new(&self.0, operation, request, options)
        })
    }

    /// Sends an encoded request, with retries where these are necessary and safe, and returns the successful response.
    pub fn call(
        &self,
        operation: &'static Operation,
        request: Result<HttpRequest, impl Into<Failure>>,
        options: CallOptions,
    ) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
        let request = request.map_err(Into::into);
        let prepared = Box::new(Prepared::new(&self.0, operation, request, options));
        Box::pin(async {
            let (response, report) = prepared.send().await?;
            report.succeeded();
            Ok(response)
        })
    }
}

/// What is known of a request by its type.
struct Kind {
    operation: &'static Operation,
    schemes: &'static [Scheme],
    signature_version: SignatureVersion,
    errors_in_success: bool,
    redirect: Option<&'static RegionRedirect>,
    #[cfg(feature = "event-stream")]
    awaits_initial_response: bool,
    #[cfg(feature = "event-stream")]
    level: Level,
    #[cfg(feature = "endpoint-discovery")]
    discovery: Option<&'static crate::plumbing::discovery::Discovery>,
    #[cfg(feature = "test-util")]
    copied: Option<crate::test::Copied>,
    view: Option<View>,
}

/// What a transport of a test sees of a message.
#[cfg(feature = "test-util")]
fn sent(
    message: &HttpRequest,
    operation: &'static Operation,
    request: Option<crate::test::Copied>,
    view: View,
) -> crate::test::Sent {
    crate::test::Sent {
        operation,
        request,
        message: Arc::new(crate::test::Message {
            method: message.method.clone(),
            path: message.path.clone(),
            query: message.query.clone(),
            headers: message.headers.clone(),
            marks: message.marks.clone(),
        }),
        view,
    }
}

/// Reads a response or an error, for what the response records of it. Returns whether it was read to its end; there is
/// nothing to read of an error that the model does not name.
#[cfg(feature = "tracing")]
fn read<R: Request>(response: HttpResponse, shape: Option<&str>) -> bool {
    match (response.status(), shape) {
        (200..=299, _) => R::decode(response).is_ok(),
        (_, Some(shape)) => R::ServiceError::decode(shape, &response).is_none_or(|it| it.is_ok()),
        (_, None) => true,
    }
}
