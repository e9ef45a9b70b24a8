//! The state that the clones of a client share.

use std::sync::{Arc, OnceLock};

use http::HeaderValue;

#[cfg(feature = "endpoint-discovery")]
use super::endpoints::Endpoints;
use super::region::Regions;
use super::resolve::{Given, Values, configured_values, resolve};
use crate::call_options::CallOptions;
use crate::clock_skew::ClockSkew;
use crate::config::{AccountIdEndpointMode, CallSettings, Config, Settings};
use crate::endpoint::Destination;
use crate::environment;
use crate::error::{ErrorKind, Failure};
use crate::plumbing::endpoint::{Input, InputSource, ParameterValue};
use crate::plumbing::message::HttpRequest;
use crate::plumbing::operation::{Operation, Service};
use crate::retry::RetryPolicy;
use crate::signing::Authorization;
use crate::signing_key::LastKeys;
#[cfg(feature = "tracing")]
use crate::telemetry::Wire;
use crate::telemetry::{CallReport, View};
use crate::texts::ToText as _;
use crate::user_agent::UserAgent;

pub(super) struct Shared {
    pub(super) service: &'static Service,
    config: Config,
    /// The parameters of the rules that the configuration sets for this service.
    inputs: &'static [Input],
    /// The parameters of the rules that were set for this client, in code.
    parameters: Values,
    configured: OnceLock<Result<Values, String>>,
    destination: OnceLock<Result<Destination, String>>,
    #[cfg(feature = "endpoint-discovery")]
    pub(super) endpoints: Endpoints,
    user_agent: UserAgent,
    pub(super) keys: LastKeys,
    pub(super) policy: Arc<dyn RetryPolicy>,
    pub(super) clock_skew: ClockSkew,
    pub(super) regions: Regions,
    /// Whether this is a function of Lambda. Reading a variable searches all of them, and this one never changes.
    pub(super) is_in_lambda: bool,
}

impl Shared {
    pub(super) fn new(
        service: &'static Service,
        config: Config,
        inputs: &'static [Input],
        parameters: Values,
    ) -> Self {
        #[cfg(feature = "metrics")]
        crate::telemetry::describe();
        let calls = &config.0.calls;
        Self {
            service,
            inputs,
            parameters,
            configured: OnceLock::new(),
            destination: OnceLock::new(),
            #[cfg(feature = "endpoint-discovery")]
            endpoints: Endpoints::default(),
            user_agent: UserAgent::new(service, calls),
            keys: LastKeys::default(),
            policy: calls.policy(service.sdk_id),
            clock_skew: ClockSkew::new(calls.clock_skew_correction),
            regions: Regions::default(),
            is_in_lambda: is_in_lambda(&config),
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
            Ok(destination) => destination.signing_region(),
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
    #[inline(never)]
    pub(super) fn user_agent(
        &self,
        options: &CallOptions,
        authorization: &Authorization,
        request: &HttpRequest,
    ) -> HeaderValue {
        let mut ids = authorization.feature_ids();
        self.add_account_features(authorization, &mut ids);
        #[cfg(feature = "http-checksum")]
        ids.extend(crate::checksum::feature_ids(
            request,
            self.settings().checksums,
        ));
        #[cfg(not(feature = "http-checksum"))]
        let _ = request;
        self.user_agent.of_call(options.feature, ids)
    }

    /// What the endpoint rules get of the account, where they ask for it: the mode, and whether the account is known.
    fn add_account_features(&self, authorization: &Authorization, ids: &mut Vec<&'static str>) {
        let (mut asks_for_mode, mut asks_for_account) = (false, false);
        for input in self.inputs {
            asks_for_mode |= input.source == InputSource::AccountIdEndpointMode;
            asks_for_account |= input.source == InputSource::AccountId;
        }
        let mode = self.settings().account_id_endpoint_mode;
        if asks_for_mode {
            ids.push(mode.feature_id());
        }
        if asks_for_account
            && mode != AccountIdEndpointMode::Disabled
            && authorization.has_account()
        {
            ids.push("T");
        }
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.config.0
    }

    pub(super) fn calls(&self) -> &CallSettings {
        &self.config.0.calls
    }

    /// The same client with other parameters of the rules.
    #[inline]
    pub(super) fn with_parameters(
        &self,
        inputs: &'static [Input],
        parameters: impl IntoIterator<Item = (&'static str, ParameterValue)>,
    ) -> Self {
        let mut own: Values = parameters.into_iter().collect();
        own.extend(self.parameters.iter().cloned());
        Self::new(self.service, self.config.clone(), inputs, own)
    }

    pub(super) fn inputs(&self) -> &'static [Input] {
        self.inputs
    }

    /// The endpoint of this client: the result of the endpoint rules, evaluated once. It is for the operations that give
    /// no parameters to the rules.
    pub(super) fn destination(&self) -> Result<&Destination, Failure> {
        let resolved = self.destination.get_or_init(|| {
            let values = self.values(Values::new())?;
            let given = Given {
                values,
                ..Given::default()
            };
            resolve(self.service, self.settings(), given)
        });
        resolved
            .as_ref()
            .map_err(|message| Failure::new(ErrorKind::Configuration, message.clone()))
    }

    /// The endpoint of a request, if it may differ from that of the client.
    pub(super) async fn own_destination(
        &self,
        operation: &'static Operation,
        request: &mut HttpRequest,
    ) -> Result<Option<Destination>, Failure> {
        let (url, region) = (request.endpoint.take(), request.region.name.take());
        let mut values = std::mem::take(&mut request.endpoint_parameters);
        let (has_url, of_request) = (url.is_some(), !values.is_empty());
        let context = operation.endpoint_context;
        values.extend(self.account(operation).await?);
        if !has_url && region.is_none() && context.is_empty() && values.is_empty() {
            return Ok(None);
        }
        let given = self.values(values).and_then(|values| {
            let given = Given {
                region,
                url,
                context,
                values,
            };
            resolve(self.service, self.settings(), given)
        });
        given.map(Some).map_err(|message| match has_url || of_request {
            // The rules may repeat a member in their message.
            true if request.hides_host => Failure::new(
                ErrorKind::Request,
                "the endpoint rules refuse the request; their message is not shown, because it may contain a sensitive \
                 member"
                    .to_text(),
            ),
            true => Failure::new(ErrorKind::Request, message),
            false => Failure::new(ErrorKind::Configuration, message),
        })
    }

    /// A destination at another URL, which the service named.
    #[cfg(feature = "endpoint-discovery")]
    pub(super) fn moved(
        &self,
        destination: &Destination,
        url: &str,
    ) -> Result<Destination, Failure> {
        let moved = destination.at(url, self.settings().plain_http);
        moved.map_err(|problem| Failure::new(ErrorKind::Decode, problem))
    }

    /// The account of the credentials, if the rules need it.
    async fn account(
        &self,
        operation: &Operation,
    ) -> Result<Option<(&'static str, ParameterValue)>, Failure> {
        let mut asking = None;
        for input in self.inputs {
            if input.source == InputSource::AccountId {
                asking = asking.or(Some(input));
            }
        }
        let mode = self.settings().account_id_endpoint_mode;
        let (Some(input), true) = (asking, mode != AccountIdEndpointMode::Disabled) else {
            return Ok(None);
        };
        if !operation.signed {
            return Ok(None);
        }
        let credentials = self.settings().credentials.credentials().await;
        let credentials =
            credentials.map_err(|error| Failure::new(ErrorKind::Credentials, error))?;
        let account = credentials.account().map(str::to_text);
        Ok(account.map(|account| (input.parameter, ParameterValue::String(account))))
    }

    /// The parameters of a request, then those of this client, then those of its configuration.
    pub(super) fn values(&self, mut values: Values) -> Result<Values, String> {
        let configured = self
            .configured
            .get_or_init(|| configured_values(self.inputs, self.settings()));
        let configured = configured.as_ref().map_err(String::clone)?;
        for others in &[&self.parameters, configured] {
            for value in *others {
                values.push(value.clone());
            }
        }
        Ok(values)
    }
}

fn is_in_lambda(config: &Config) -> bool {
    let sources = config.0.sources.as_ref();
    let name = "AWS_LAMBDA_FUNCTION_NAME";
    sources.is_some_and(|sources| environment::set(&*sources.environment, name).is_some())
}
