//! Evaluates the endpoint rules of a service with the parameters of the configuration, the operation and the request.

use crate::config::Settings;
use crate::endpoint::{Destination, EndpointUrl, validate_region};
use crate::plumbing::endpoint::{
    ContextValue, DUAL_STACK, Endpoint, Input, InputSource, ParameterValue,
};
use crate::plumbing::operation::Service;
use crate::texts::ToText as _;

/// Parameters of the rules, by their names.
pub(crate) type Values = Vec<(&'static str, ParameterValue)>;

/// What one request adds to the parameters of a client.
#[derive(Default)]
pub(crate) struct Given {
    /// An endpoint for this request only.
    pub(crate) url: Option<String>,
    /// Another region than that of the client.
    pub(crate) region: Option<String>,
    /// The parameters of its operation.
    pub(crate) context: &'static [(&'static str, ContextValue)],
    /// The parameters that its members and the client set.
    pub(crate) values: Values,
}

/// Evaluates the endpoint rules.
pub(crate) fn resolve(
    service: &Service,
    settings: &Settings,
    given: Given,
) -> Result<Destination, String> {
    let mut parameters = settings.parameters.clone();
    parameters.context = given.context;
    for (name, value) in &given.values {
        parameters.use_dual_stack |=
            *name == DUAL_STACK && matches!(value, ParameterValue::Boolean(true));
    }
    parameters.values = given.values;
    if given.region.is_some() {
        parameters.region = given.region;
    }
    if parameters.region.is_none() {
        parameters.region = service.default_region.map(str::to_text);
    }
    if let Some(region) = &parameters.region {
        validate_region(region)?;
    }
    if given.url.is_some() {
        parameters.endpoint = given.url;
    }
    if parameters.endpoint.is_none() {
        parameters.endpoint = configured_endpoint(service, settings)?;
    }
    let endpoint: Endpoint = (service.endpoint)(&parameters).map_err(|error| {
        if parameters.region.is_some() {
            return error.to_string();
        }
        let sources = settings.endpoints.as_ref();
        let remarks = sources.map(|sources| sources.profiles.remarks());
        let remarks = remarks.unwrap_or_default();
        format!("{error}; set a region in code or with AWS_REGION{remarks}")
    })?;
    Destination::new(endpoint, parameters.region.as_deref(), settings.plain_http)
}

/// The values of the inputs that the configuration has. The account is not among them: it comes with credentials.
///
/// # Errors
/// A text that names the setting, if it cannot be understood.
pub(crate) fn configured_values(inputs: &[Input], settings: &Settings) -> Result<Values, String> {
    let mut values = Values::new();
    for input in inputs {
        let value = match input.source {
            InputSource::AccountId => None,
            InputSource::AccountIdEndpointMode => {
                let mode = settings.account_id_endpoint_mode.as_str();
                Some(ParameterValue::String(mode.to_text()))
            }
            InputSource::Setting(setting) => {
                let sources = settings.sources.as_ref();
                let flag = sources.map(|sources| sources.flag_setting(&setting));
                let flag = flag.transpose().map_err(|error| error.to_string())?;
                flag.flatten().map(ParameterValue::Boolean)
            }
        };
        if let Some(value) = value {
            values.push((input.parameter, value));
        }
    }
    Ok(values)
}

/// The endpoint that the environment has for the service, unless one was set in code.
///
/// # Errors
/// A text that names the setting, if no request can be sent to its endpoint.
pub(crate) fn configured_endpoint(
    service: &Service,
    settings: &Settings,
) -> Result<Option<String>, String> {
    let (None, Some(sources)) = (&settings.parameters.endpoint, &settings.endpoints) else {
        return Ok(None);
    };
    let Some(found) = sources.endpoint_url(service.sdk_id)? else {
        return Ok(None);
    };
    EndpointUrl::parse(&found.text, settings.plain_http)
        .map_err(|problem| format!("{}: {problem}", found.name))?;
    Ok(Some(found.text))
}
