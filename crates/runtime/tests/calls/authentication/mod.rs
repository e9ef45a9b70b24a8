//! The choice among the ways to authenticate a request, and what each of them sends.

#[cfg(feature = "sigv4a")]
mod asymmetric;
#[cfg(feature = "bearer")]
mod bearer;
mod payload;
mod presigned;
// Its client of reqwest needs a provider of cryptography.
#[cfg(feature = "rustls-ring")]
mod presigned_server;

#[cfg(any(feature = "bearer", feature = "sigv4a"))]
use attache_runtime::FixedEnvironment;
use attache_runtime::operation::Request;
use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::endpoint::{AuthScheme, Endpoint, EndpointError, Parameters};
use attache_runtime::plumbing::message::{DecodeError, EncodeError, HttpRequest, HttpResponse};
use attache_runtime::plumbing::operation::{Operation, Scheme, Service};
use attache_runtime::validation::{Level, Violations};
use attache_runtime::{
    BoxFuture, CallOptions, ConfigBuilder, Credentials, CredentialsError, ErrorKind,
    ProvideCredentials, http,
};

use crate::stage::{self, Network, NoError, Seen, config};

static SERVICE: Service = Service {
    signing_name: "toy-shop",
    default_region: None,
    endpoint: resolve,
    ..copy(&stage::SERVICE)
};

const fn copy(service: &Service) -> Service {
    Service {
        sdk_id: service.sdk_id,
        version: service.version,
        protocol: service.protocol,
        signing_name: service.signing_name,
        default_region: service.default_region,
        endpoint: service.endpoint,
        modelled_errors: service.modelled_errors,
        sensitive_messages: service.sensitive_messages,
        retryable_errors: service.retryable_errors,
        query_compatible: service.query_compatible,
    }
}

/// The rules name schemes in some regions.
fn resolve(parameters: &Parameters) -> Result<Endpoint, EndpointError> {
    let url = parameters.endpoint.as_deref();
    let endpoint = Endpoint::new(url.unwrap_or("https://toys.example.com"));
    let asymmetric = || {
        AuthScheme::new("sigv4a")
            .with_region_of_set("eu-*")
            .with_region_of_set("us-east-1")
    };
    Ok(match parameters.region.as_deref() {
        Some("asymmetric") => endpoint.with_auth_scheme(asymmetric()),
        Some("both") => endpoint.with_auth_scheme(asymmetric()).with_auth_scheme(
            AuthScheme::new("sigv4")
                .with_signing_name("other")
                .with_signing_region("eu-west-1"),
        ),
        Some("unknown") => endpoint.with_auth_scheme(AuthScheme::new("sigv4-express")),
        Some("none") => endpoint.with_auth_scheme(AuthScheme::new("none")),
        Some("encoded-once") => {
            endpoint.with_auth_scheme(AuthScheme::new("sigv4").without_double_encoding())
        }
        Some("not-normalised") => {
            endpoint.with_auth_scheme(AuthScheme::new("sigv4").without_normalized_path())
        }
        _ => endpoint,
    })
}

static OPERATION: Operation = Operation {
    service: &SERVICE,
    name: "Ask",
    read_only: true,
    idempotent: true,
    signed: true,
    unsigned_payload: false,
    streaming_response: false,
    dry_run_error: None,
    endpoint_region: None,
    endpoint_context: &[],
};

const LISTS: [&[Scheme]; 6] = [
    &[],
    &[Scheme::SigV4, Scheme::Bearer],
    &[Scheme::Bearer],
    &[Scheme::SigV4, Scheme::SigV4a],
    &[Scheme::SigV4, Scheme::NoAuth],
    &[Scheme::NoAuth],
];
const USUAL: usize = 0;
#[cfg(feature = "bearer")]
const SIGNED_OR_TOKEN: usize = 1;
#[cfg(feature = "bearer")]
const TOKEN: usize = 2;
const BOTH_SIGNATURES: usize = 3;
const OPTIONAL: usize = 4;
const NONE: usize = 5;

/// A request of an operation with one of the lists.
struct Ask<const LIST: usize>;

impl<const LIST: usize> Request for Ask<LIST> {
    type Response = ();
    type ServiceError = NoError;
    const OPERATION: &'static Operation = &OPERATION;
    const SCHEMES: &'static [Scheme] = LISTS[LIST];

    fn validate(&self, _: Level) -> Result<(), Violations> {
        Ok(())
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        let mut request = HttpRequest::new(http::Method::POST);
        request.path("/a%20b");
        request.bytes("application/json", "{}".into());
        Ok(request)
    }

    fn decode(_: HttpResponse) -> Result<(), DecodeError> {
        Ok(())
    }
}

/// No credentials are configured, and looking for them is recorded as a failure of the test.
#[derive(Debug)]
struct Nobody {
    may_be_asked: bool,
}

impl ProvideCredentials for Nobody {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        assert!(self.may_be_asked, "nobody looks for credentials");
        Box::pin(async { Err(CredentialsError::missing("none are configured")) })
    }
}

fn without_credentials(network: &Network) -> ConfigBuilder {
    config(network).credentials_provider(Nobody { may_be_asked: true })
}

#[cfg(any(feature = "bearer", feature = "sigv4a"))]
fn variables(pairs: &[(&str, &str)]) -> FixedEnvironment {
    let pairs = pairs.iter();
    pairs.fold(FixedEnvironment::default(), |environment, (name, value)| {
        environment.with_variable(*name, *value)
    })
}

async fn ask<const LIST: usize>(network: &Network, builder: ConfigBuilder) -> Result<Seen, String> {
    let core = Core::new(
        &SERVICE,
        &builder.build().map_err(|error| format!("{error:#}"))?,
    );
    let answer = core
        .send(Ask::<LIST>, CallOptions::default().max_attempts(1))
        .await;
    answer.map_err(|error| format!("{error:#}"))?;
    Ok(network.seen().pop().expect("it was sent"))
}

/// The first word of `Authorization`.
fn way(seen: &Seen) -> &str {
    let authorization = seen.header("authorization");
    authorization.split(' ').next().unwrap_or_default()
}

const SIGV4: &str = "AWS4-HMAC-SHA256";
#[cfg(feature = "sigv4a")]
const SIGV4A: &str = "AWS4-ECDSA-P256-SHA256";

#[tokio::test(start_paused = true)]
async fn an_operation_without_a_list_is_signed_as_its_metadata_says() {
    let network = Network::default();
    let seen = ask::<USUAL>(&network, config(&network))
        .await
        .expect("sent");
    assert!(
        seen.header("authorization")
            .starts_with("AWS4-HMAC-SHA256 Credential=AKID/20261122/us-east-1/toy-shop/")
    );
}

#[tokio::test(start_paused = true)]
async fn the_list_of_the_rules_comes_before_that_of_the_operation() {
    let network = Network::default();
    let unsigned = config(&network)
        .region("none")
        .credentials_provider(Nobody {
            may_be_asked: false,
        });
    let seen = ask::<USUAL>(&network, unsigned).await.expect("sent");
    assert!(!seen.headers.contains_key("authorization"));
    let error = ask::<USUAL>(&network, config(&network).region("unknown")).await;
    assert_eq!(
        error.expect_err("nothing is known"),
        "Ask: the client is not configured for this call: requests to this endpoint are authenticated by sigv4-express, which is not \
         supported"
    );
    assert!(network.seen().is_empty());
}

#[cfg(not(feature = "sigv4a"))]
#[tokio::test(start_paused = true)]
async fn a_scheme_that_is_not_built_in_is_passed_over() {
    let network = Network::default();
    let seen = ask::<USUAL>(&network, config(&network).region("both"))
        .await
        .expect("sent");
    assert!(seen.header("authorization").contains("/eu-west-1/other/"));
    let error = ask::<USUAL>(&network, config(&network).region("asymmetric")).await;
    assert!(
        error
            .expect_err("nothing is left")
            .contains("authenticated by sigv4a, which")
    );
}

#[tokio::test(start_paused = true)]
async fn without_credentials_an_optional_signature_is_left_out_and_others_are_an_error() {
    let network = Network::default();
    let seen = ask::<OPTIONAL>(&network, without_credentials(&network))
        .await
        .expect("sent");
    assert!(!seen.headers.contains_key("authorization"));
    let seen = ask::<OPTIONAL>(&network, config(&network))
        .await
        .expect("sent");
    assert_eq!(way(&seen), SIGV4);
    let error = ask::<BOTH_SIGNATURES>(&network, without_credentials(&network)).await;
    let error = error.expect_err("there are none");
    assert!(error.contains("none are configured"), "{error}");
}

/// A source that is configured and fails, such as a login that has ended.
#[derive(Debug)]
struct Failing;

impl ProvideCredentials for Failing {
    fn credentials(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async { Err(CredentialsError::new("the login has ended")) })
    }
}

#[tokio::test(start_paused = true)]
async fn credentials_that_fail_are_an_error_where_a_signature_is_optional() {
    let network = Network::default();
    let error = ask::<OPTIONAL>(&network, config(&network).credentials_provider(Failing)).await;
    assert_eq!(
        error.expect_err("it failed"),
        "Ask: no usable credentials: the login has ended"
    );
    assert!(network.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn nobody_looks_for_credentials_of_an_operation_that_takes_none() {
    let network = Network::default();
    for region in ["us-east-1", "both", "unknown"] {
        let builder = config(&network)
            .region(region)
            .credentials_provider(Nobody {
                may_be_asked: false,
            });
        let seen = ask::<NONE>(&network, builder).await.expect("sent");
        assert!(!seen.headers.contains_key("authorization"));
        assert!(!seen.headers.contains_key("x-amz-date"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_authentication_has_the_kind_of_credentials() {
    let network = Network::default();
    let config = without_credentials(&network).build().expect("settings");
    let answer = Core::new(&SERVICE, &config).send(Ask::<USUAL>, CallOptions::default());
    let error = answer.await.expect_err("there are none");
    assert_eq!(error.kind(), ErrorKind::Credentials);
}
