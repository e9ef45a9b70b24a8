//! The services that return credentials. They are called like any other service: with the client's core, its retries,
//! time limits and errors. These operations are hand-written, because they are not generated.

use std::sync::Arc;
use std::time::Duration;

use super::Surroundings;
use crate::call_options::CallOptions;
use crate::config::{Config, ConfigBuilder, ConfigError, Sources};
use crate::core::Core;
use crate::credentials::{EnvironmentCredentials, ProvideCredentials};
use crate::error::Failure;
use crate::plumbing::endpoint::{
    Endpoint, EndpointError, FlagSetting, Input, InputSource, Parameters, partition,
};
use crate::plumbing::message::{HttpRequest, HttpResponse};
use crate::plumbing::operation::{Operation, Protocol, Service};
use crate::{BoxFuture, Credentials, CredentialsError};

const fn service(
    sdk_id: &'static str,
    signing_name: &'static str,
    endpoint: fn(&Parameters) -> Result<Endpoint, EndpointError>,
) -> Service {
    Service {
        sdk_id,
        version: "",
        protocol: Protocol::RestJson,
        signing_name,
        default_region: None,
        endpoint,
        modelled_errors: &[],
        sensitive_messages: &[],
        retryable_errors: &[],
        query_compatible: false,
    }
}

/// An operation that may be called twice.
const fn operation(service: &'static Service, name: &'static str, signed: bool) -> Operation {
    Operation {
        service,
        name,
        read_only: true,
        idempotent: true,
        signed,
        unsigned_payload: false,
        streaming_response: false,
        dry_run_error: None,
        endpoint_region: None,
        endpoint_context: &[],
    }
}

static STS: Service = Service {
    version: "2011-06-15",
    protocol: Protocol::Query,
    ..service("STS", "sts", sts)
};
static SSO: Service = Service {
    version: "2019-06-10",
    ..service("SSO", "awsssoportal", sso)
};
static SSO_OIDC: Service = Service {
    version: "2019-06-10",
    ..service("SSO OIDC", "sso-oauth", sso_oidc)
};

pub(super) static ASSUME_ROLE: Operation = operation(&STS, "AssumeRole", true);
pub(super) static ASSUME_ROLE_WITH_WEB_IDENTITY: Operation =
    operation(&STS, "AssumeRoleWithWebIdentity", false);
pub(super) static GET_ROLE_CREDENTIALS: Operation = operation(&SSO, "GetRoleCredentials", false);
/// An exchanged token is no longer valid, so this operation is not called again if it may have succeeded.
pub(super) static CREATE_TOKEN: Operation = Operation {
    read_only: false,
    idempotent: false,
    ..operation(&SSO_OIDC, "CreateToken", false)
};

/// What the rules of STS read besides the parameters of all services.
static STS_INPUTS: [Input; 1] = [Input {
    parameter: GLOBAL,
    source: InputSource::Setting(FlagSetting {
        variable: Some("AWS_STS_REGIONAL_ENDPOINTS"),
        settings: &["sts_regional_endpoints"],
        words: &[("legacy", true), ("regional", false)],
    }),
}];
const GLOBAL: &str = "UseGlobalEndpoint";
/// The regions for which the rules of STS use the global endpoint if the setting is `legacy`, besides `aws-global`.
const LEGACY: [&str; 15] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

fn sts(parameters: &Parameters) -> Result<Endpoint, EndpointError> {
    let is_other = parameters.use_fips || parameters.use_dual_stack;
    if parameters.region.is_none() && parameters.endpoint.is_none() && is_other {
        // The global endpoint has no such form.
        return Err(EndpointError::missing_parameter("Region"));
    }
    let is_legacy = |region| {
        parameters.context_boolean(GLOBAL) == Some(true)
            && parameters.endpoint.is_none()
            && !is_other
            && LEGACY.contains(&region)
    };
    // Without a region, the global endpoint is used.
    if match parameters.region.as_deref() {
        None | Some("aws-global") => true,
        Some(region) => is_legacy(region),
    } {
        let url = parameters.endpoint.as_deref();
        let endpoint = Endpoint::new(url.unwrap_or("https://sts.amazonaws.com"));
        return Ok(endpoint.with_signing_region("us-east-1"));
    }
    regional("sts", parameters)
}

fn sso(parameters: &Parameters) -> Result<Endpoint, EndpointError> {
    regional("portal.sso", parameters)
}

fn sso_oidc(parameters: &Parameters) -> Result<Endpoint, EndpointError> {
    regional("oidc", parameters)
}

/// The result of the rule sets of the three services (botocore 1.44.5): one host for each region.
fn regional(prefix: &str, parameters: &Parameters) -> Result<Endpoint, EndpointError> {
    if let Some(url) = &parameters.endpoint {
        return Ok(Endpoint::new(url));
    }
    let Some(region) = &parameters.region else {
        return Err(EndpointError::missing_parameter("Region"));
    };
    if !crate::plumbing::endpoint::is_valid_host_label(region, false) {
        return Err(EndpointError::new(
            "the region does not fit into a host name",
        ));
    }
    let partition = partition(region);
    let (fips, dual) = (parameters.use_fips, parameters.use_dual_stack);
    // The default endpoints of GovCloud are validated for FIPS.
    let fips = match fips && (dual || partition.name != "aws-us-gov") {
        true => "-fips",
        false => "",
    };
    let domain = match dual {
        true => partition.dual_stack_dns_suffix,
        false => partition.dns_suffix,
    };
    Ok(Endpoint::new(format!(
        "https://{prefix}{fips}.{region}.{domain}"
    )))
}

/// Calls an operation in a region, signed with these credentials where it is signed.
pub(super) fn call(
    surroundings: &Surroundings,
    sources: &Arc<Sources>,
    operation: &'static Operation,
    region: Option<String>,
    credentials: Option<Credentials>,
    request: HttpRequest,
) -> BoxFuture<'static, Result<HttpResponse, Failure>> {
    let config = match config(surroundings, sources, region, credentials) {
        Ok(config) => config,
        Err(error) => return Box::pin(std::future::ready(Err(error.into()))),
    };
    let limit = Duration::from_secs(45);
    // Where a late response would be lost, and with it the next refresh token, the one attempt has all of the time.
    let attempt = match operation.idempotent {
        true => Duration::from_secs(10),
        false => limit,
    };
    let options = CallOptions::default()
        .attempt_timeout(attempt)
        .operation_timeout(limit);
    let mut core = Core::new(operation.service, &config);
    if matches!(operation.service.protocol, Protocol::Query) {
        core = core.with_endpoint_inputs(&STS_INPUTS);
    }
    let answer = core.call(operation, Ok::<_, Failure>(request), options);
    // An invalid response may be an incomplete one, and it may contain credentials.
    Box::pin(async { answer.await.map_err(Failure::without_quotation) })
}

/// The configuration of a client that fetches credentials for another one.
fn config(
    surroundings: &Surroundings,
    sources: &Arc<Sources>,
    region: Option<String>,
    credentials: Option<Credentials>,
) -> Result<Config, ConfigError> {
    let credentials: Arc<dyn ProvideCredentials> = match credentials {
        Some(credentials) => {
            let validated = credentials.validated();
            Arc::new(validated.map_err(|error| ConfigError::new(format!("{error:#}")))?)
        }
        // A request that is not signed needs no credentials.
        None => Arc::new(EnvironmentCredentials),
    };
    // These endpoints come from the environment, and so does the switch beside them, unless code has set it.
    let ignore_endpoints = match surroundings.ignore_endpoints {
        Some(ignore) => Some(ignore),
        None => sources.flag(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        )?,
    };
    let mut builder = ConfigBuilder {
        region,
        use_fips: Some(surroundings.parameters.use_fips),
        use_dual_stack: Some(surroundings.parameters.use_dual_stack),
        ignore_configured_endpoint_urls: ignore_endpoints,
        sources: Some(sources.clone()),
        time: Some(surroundings.time.clone()),
        plain_http: surroundings.plain_http,
        response_limit: Some(1024 * 1024),
        value_limit: Some(16 * 1024 * 1024),
        ..ConfigBuilder::default()
    };
    // As in botocore, the number of attempts and the mode of the environment are for these calls as well.
    builder.calls.read_retries(sources)?;
    builder
        .calls
        .replace_clocks(surroundings.timer.clone(), surroundings.random.clone());
    let basis = builder.basis(surroundings.transport.clone())?;
    builder.complete(basis, credentials)
}

/// An error that states the purpose of a failed call. The message of the failure contains no secret.
#[inline(never)]
pub(super) fn explain(what: &str, failure: &Failure) -> CredentialsError {
    CredentialsError::new(format!("{what}: {failure:#}"))
}

#[cfg(test)]
mod tests {
    use super::{SSO, SSO_OIDC, STS};
    use crate::plumbing::endpoint::Parameters;
    use crate::plumbing::operation::Service;

    fn url(service: &Service, region: &str, use_fips: bool, use_dual_stack: bool) -> String {
        let parameters = Parameters {
            region: Some(region.to_owned()),
            use_fips,
            use_dual_stack,
            endpoint: None,
            ..Parameters::default()
        };
        (service.endpoint)(&parameters).expect("there is one").url
    }

    /// Service, region, FIPS, dual stack, and the host that botocore calls.
    const ENDPOINTS: [(&Service, &str, bool, bool, &str); 11] = [
        (
            &STS,
            "us-east-1",
            false,
            false,
            "sts.us-east-1.amazonaws.com",
        ),
        (&STS, "us-east-1", true, true, "sts-fips.us-east-1.api.aws"),
        (
            &STS,
            "us-gov-west-1",
            true,
            false,
            "sts.us-gov-west-1.amazonaws.com",
        ),
        (
            &STS,
            "us-gov-west-1",
            true,
            true,
            "sts-fips.us-gov-west-1.api.aws",
        ),
        (
            &STS,
            "cn-north-1",
            false,
            true,
            "sts.cn-north-1.api.amazonwebservices.com.cn",
        ),
        (&STS, "aws-global", false, false, "sts.amazonaws.com"),
        (
            &SSO,
            "eu-central-1",
            false,
            false,
            "portal.sso.eu-central-1.amazonaws.com",
        ),
        (
            &SSO,
            "eu-central-1",
            true,
            false,
            "portal.sso-fips.eu-central-1.amazonaws.com",
        ),
        (
            &SSO,
            "us-gov-west-1",
            true,
            false,
            "portal.sso.us-gov-west-1.amazonaws.com",
        ),
        (
            &SSO_OIDC,
            "eusc-de-east-1",
            false,
            false,
            "oidc.eusc-de-east-1.amazonaws.eu",
        ),
        (
            &SSO_OIDC,
            "us-east-1",
            true,
            false,
            "oidc-fips.us-east-1.amazonaws.com",
        ),
    ];

    #[test]
    fn endpoints_are_those_of_the_rule_sets_of_botocore() {
        for (service, region, fips, dual, wanted) in ENDPOINTS {
            assert_eq!(
                url(service, region, fips, dual),
                format!("https://{wanted}")
            );
        }
    }

    #[test]
    fn the_global_endpoint_has_no_form_for_fips_or_dual_stack() {
        for (use_fips, use_dual_stack, expected) in [
            (false, false, true),
            (true, false, false),
            (false, true, false),
        ] {
            let parameters = Parameters {
                use_fips,
                use_dual_stack,
                ..Parameters::default()
            };
            assert_eq!((STS.endpoint)(&parameters).is_ok(), expected);
        }
    }
}
