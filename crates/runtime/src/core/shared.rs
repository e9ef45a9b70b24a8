//! The state that the clones of a client share.

use std::sync::{Arc, OnceLock};

use http::HeaderValue;

use super::resolve::resolve;
use crate::call_options::CallOptions;
use crate::clock_skew::ClockSkew;
use crate::config::{CallSettings, Config, Settings};
use crate::endpoint::Destination;
use crate::error::{ErrorKind, Failure};
use crate::plumbing::operation::{Operation, Service};
use crate::retry::RetryPolicy;
#[cfg(feature = "tracing")]
use crate::telemetry::Wire;
use crate::telemetry::{CallReport, View};
use crate::user_agent;

pub(super) struct Shared {
    pub(super) service: &'static Service,
    config: Config,
    destination: OnceLock<Result<Destination, String>>,
    user_agent: HeaderValue,
    pub(super) policy: Arc<dyn RetryPolicy>,
    pub(super) clock_skew: ClockSkew,
}

impl Shared {
    pub(super) fn new(service: &'static Service, config: Config) -> Self {
        #[cfg(feature = "metrics")]
        crate::telemetry::describe();
        let calls = &config.0.calls;
        Self {
            service,
            destination: OnceLock::new(),
            user_agent: user_agent::header(service, calls),
            policy: calls.policy(service.sdk_id),
            clock_skew: ClockSkew::new(calls.clock_skew_correction),
            config,
        }
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// Begins the report of a call.
    pub(super) fn begin_report(
        &self,
        operation: &'static Operation,
        view: Option<View>,
    ) -> CallReport {
        let region = match self.destination() {
            Ok(destination) => Some(destination.signing_region.as_str()),
            Err(_) => self.settings().parameters.region.as_deref(),
        };
        let report = CallReport::begin(operation, region, self.calls().timer.clone());
        #[cfg(feature = "tracing")]
        let report = {
            let limit = self.calls().wire_limit;
            report.with_wire(
                view.zip(limit)
                    .and_then(|(view, limit)| Wire::new(view, limit)),
            )
        };
        #[cfg(not(feature = "tracing"))]
        let _ = view;
        report
    }

    /// The `User-Agent` of a call.
    pub(super) fn user_agent(&self, options: &CallOptions) -> HeaderValue {
        match options.feature {
            Some(feature) => user_agent::with_feature(&self.user_agent, feature),
            None => self.user_agent.clone(),
        }
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.config.0
    }

    pub(super) fn calls(&self) -> &CallSettings {
        &self.config.0.calls
    }

    /// The endpoint of this client: the result of the endpoint rules, evaluated once.
    pub(super) fn destination(&self) -> Result<&Destination, Failure> {
        let resolved = self
            .destination
            .get_or_init(|| resolve(self.service, self.settings(), None, &[]));
        resolved
            .as_ref()
            .map_err(|message| Failure::new(ErrorKind::Configuration, message.clone()))
    }
}
