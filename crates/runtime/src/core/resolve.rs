//! Evaluates the endpoint rules of a service with the parameters of the configuration, the operation and the request.

use crate::config::Settings;
use crate::endpoint::{Destination, EndpointUrl, validate_region};
use crate::plumbing::endpoint::{ContextValue, Endpoint};
use crate::plumbing::operation::Service;

/// Evaluates the endpoint rules. `url` is an endpoint for one request only; `context` are the parameters of its
/// operation.
pub(crate) fn resolve(
    service: &Service,
    settings: &Settings,
    url: Option<&str>,
    context: &'static [(&'static str, ContextValue)],
) -> Result<Destination, String> {
    let mut parameters = settings.parameters.clone();
    parameters.context = context;
    if parameters.region.is_none() {
        parameters.region = service.default_region.map(str::to_owned);
    }
    if let Some(region) = &parameters.region {
        validate_region(region)?;
    }
    if let Some(url) = url {
        parameters.endpoint = Some(url.to_owned());
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
    Destination::new(
        service,
        &endpoint,
        parameters.region.as_deref(),
        settings.plain_http,
    )
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
