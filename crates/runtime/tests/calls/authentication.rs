//! The choice among the ways to authenticate a request, and what each of them sends.

use attache_runtime::operation::Request;
use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::endpoint::{AuthScheme, Endpoint, EndpointError, Parameters};
use attache_runtime::plumbing::message::{DecodeError, EncodeError, HttpRequest, HttpResponse};
use attache_runtime::plumbing::operation::{Operation, Scheme, Service};
use attache_runtime::validation::{Level, Violations};
use attache_runtime::{
    BoxFuture, CallOptions, ConfigBuilder, Credentials, CredentialsError, ErrorKind,
    FixedEnvironment, ProvideCredentials, http,
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
        Some("as-sent") => {
            endpoint.with_auth_scheme(AuthScheme::new("sigv4").without_double_encoding())
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
const SIGNED_OR_TOKEN: usize = 1;
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
    let seen = ask::<USUAL>(&network, config(&network).region("as-sent"))
        .await
        .expect("sent");
    assert_eq!(
        seen.header("x-amz-content-sha256").len(),
        64,
        "as S3 wants it"
    );
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

#[cfg(feature = "sigv4a")]
mod asymmetric {
    use attache_runtime::plumbing::{sigv4, sigv4a};

    use super::*;

    /// What a server does: it makes the same signature of what came.
    fn verified(seen: &Seen, regions: &str) {
        let authorization = seen.header("authorization");
        let (_, names) = authorization
            .split_once("SignedHeaders=")
            .expect("they are named");
        let names = names.split(',').next().expect("a list").split(';');
        let host = seen.uri.host().expect("a host");
        let mut headers = vec![("host", host)];
        headers.extend(
            names
                .filter(|name| *name != "host")
                .map(|name| (name, seen.header(name))),
        );
        let request = sigv4::SigningRequest {
            method: "POST",
            path: seen.uri.path(),
            query: "",
            headers: &headers,
            payload_sha256_hex: &sigv4::sha256_hex(seen.body.as_deref().expect("a body")),
            path_as_sent: false,
        };
        let scope = sigv4a::Scope {
            region_set: regions,
            service: "toy-shop",
            time: stage::NOW.parse().expect("a time"),
        };
        let key = sigv4a::signing_key("AKID", "SECRET");
        let made = sigv4a::sign(&request, "AKID", &key, &scope);
        assert_eq!(authorization, made.authorization);
        assert_eq!(seen.header("x-amz-region-set"), regions);
        assert_eq!(seen.header("x-amz-security-token"), "TOKEN");
        assert!(
            authorization.contains("x-amz-region-set;x-amz-security-token,"),
            "{authorization}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_region_set_is_that_of_the_user_then_of_the_rules_then_all() {
        let network = Network::default();
        let of_rules = || config(&network).region("asymmetric");
        let seen = ask::<USUAL>(&network, of_rules()).await.expect("sent");
        verified(&seen, "eu-*,us-east-1");
        let seen = ask::<USUAL>(
            &network,
            of_rules().sigv4a_signing_region_set(["us-west-2", "eu-*"]),
        )
        .await;
        verified(&seen.expect("sent"), "us-west-2,eu-*");
        let environment = variables(&[("AWS_SIGV4A_SIGNING_REGION_SET", "us-west-1 , *")]);
        let builder = of_rules()
            .from_environment(environment)
            .expect("it is read");
        verified(
            &ask::<USUAL>(&network, builder).await.expect("sent"),
            "us-west-1,*",
        );
        let builder = config(&network).auth_scheme_preference(["sigv4a"]);
        verified(
            &ask::<BOTH_SIGNATURES>(&network, builder)
                .await
                .expect("sent"),
            "*",
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_region_set_that_names_no_regions_is_refused() {
        let network = Network::default();
        let error = config(&network)
            .sigv4a_signing_region_set(["eu west"])
            .build()
            .expect_err("no region");
        assert!(
            error
                .to_string()
                .contains("must name regions such as us-east-1, or `*`, not `eu west`"),
            "{error}"
        );
        let environment = variables(&[("AWS_SIGV4A_SIGNING_REGION_SET", "a\nb")]);
        let error = config(&network)
            .from_environment(environment)
            .expect_err("no region");
        assert!(
            error.to_string().contains("AWS_SIGV4A_SIGNING_REGION_SET"),
            "{error}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn the_preference_orders_the_schemes_and_other_names_are_ignored() {
        let network = Network::default();
        for (region, preference, expected) in [
            ("us-east-1", "", SIGV4),
            ("us-east-1", "sigv4a", SIGV4A),
            ("us-east-1", "httpBearerAuth, seal ,sigv4a,sigv4", SIGV4A),
            ("us-east-1", "SIGV4A", SIGV4),
            ("us-east-1", "aws.auth#sigv4a", SIGV4),
            ("both", "", SIGV4A),
            ("both", "sigv4", SIGV4),
        ] {
            let environment = variables(&[("AWS_AUTH_SCHEME_PREFERENCE", preference)]);
            let builder = config(&network)
                .region(region)
                .from_environment(environment)
                .expect("it is read");
            let seen = ask::<BOTH_SIGNATURES>(&network, builder.clone())
                .await
                .expect("sent");
            assert_eq!(way(&seen), expected, "{region} {preference}");
            // Code takes precedence.
            let seen =
                ask::<BOTH_SIGNATURES>(&network, builder.auth_scheme_preference(["sigv4"])).await;
            assert_eq!(way(&seen.expect("sent")), SIGV4);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_preference_may_be_a_setting_of_the_profile() {
        let network = Network::default();
        let environment = FixedEnvironment::default()
            .with_variable("HOME", "/home/me")
            .with_file(
                "/home/me/.aws/config",
                "[default]\nauth_scheme_preference = sigv4a\nsigv4a_signing_region_set = eu-*\n",
            );
        let builder = config(&network)
            .from_environment(environment)
            .expect("it is read");
        let seen = ask::<BOTH_SIGNATURES>(&network, builder)
            .await
            .expect("sent");
        verified(&seen, "eu-*");
    }
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

#[cfg(feature = "bearer")]
mod bearer {
    use attache_runtime::bearer::{BearerToken, ProvideBearerToken};

    use super::*;

    const VARIABLE: &str = "AWS_BEARER_TOKEN_TOY_SHOP";

    fn with_variable(network: &Network, token: &str) -> ConfigBuilder {
        let environment = variables(&[(VARIABLE, token)]);
        config(network)
            .from_environment(environment)
            .expect("it is read")
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_sent_without_a_signature() {
        let network = Network::default();
        let nobody = || {
            config(&network).credentials_provider(Nobody {
                may_be_asked: false,
            })
        };
        let builder = nobody().bearer_token(BearerToken::new("SECRET-TOKEN"));
        let seen = ask::<TOKEN>(&network, builder).await.expect("sent");
        assert_eq!(seen.header("authorization"), "Bearer SECRET-TOKEN");
        assert!(seen.headers["authorization"].is_sensitive());
        for name in ["x-amz-date", "x-amz-security-token"] {
            assert!(!seen.headers.contains_key(name), "{name}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_of_the_service_or_of_code_comes_before_credentials_unless_code_says_otherwise()
    {
        let network = Network::default();
        let of_code = || config(&network).bearer_token(BearerToken::new("CODE"));
        let sent = async |builder| {
            let seen = ask::<SIGNED_OR_TOKEN>(&network, builder)
                .await
                .expect("sent");
            seen.header("authorization")
                .split(" Cred")
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        assert_eq!(sent(config(&network)).await, SIGV4);
        assert_eq!(
            sent(with_variable(&network, "VARIABLE")).await,
            "Bearer VARIABLE"
        );
        assert_eq!(sent(of_code()).await, "Bearer CODE");
        // Code takes precedence over the variable.
        let both = with_variable(&network, "VARIABLE").bearer_token(BearerToken::new("CODE"));
        assert_eq!(sent(both).await, "Bearer CODE");
        let signed = with_variable(&network, "VARIABLE").auth_scheme_preference(["sigv4"]);
        assert_eq!(sent(signed).await, SIGV4);
        // As in botocore, a variable of all services does not take precedence over that of one.
        let environment = variables(&[
            (VARIABLE, "VARIABLE"),
            ("AWS_AUTH_SCHEME_PREFERENCE", "sigv4"),
        ]);
        let builder = config(&network)
            .from_environment(environment)
            .expect("it is read");
        assert_eq!(sent(builder).await, "Bearer VARIABLE");
        // The token of another service is not looked at.
        let environment = variables(&[("AWS_BEARER_TOKEN_TOYS", "OTHER")]);
        let builder = config(&network)
            .from_environment(environment)
            .expect("it is read");
        assert_eq!(sent(builder).await, SIGV4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_not_sent_unencrypted_to_another_machine() {
        let network = Network::default();
        let to = |url: &str| {
            let builder = config(&network).bearer_token(BearerToken::new("SECRET-TOKEN"));
            builder.endpoint_url(url).allow_plain_http(true)
        };
        let error = ask::<TOKEN>(&network, to("http://toys.example.com"))
            .await
            .expect_err("others could read it");
        assert!(
            error.contains("a bearer token is not sent to toys.example.com unencrypted: use an endpoint with https"),
            "{error}"
        );
        assert!(network.seen().is_empty());
        for url in [
            "http://127.0.0.1:8000",
            "http://localhost",
            "http://[::1]:1",
            "https://toys.example.com",
        ] {
            let seen = ask::<TOKEN>(&network, to(url)).await.expect("sent");
            assert_eq!(way(&seen), "Bearer", "{url}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn without_an_identity_the_error_says_what_is_accepted_and_what_to_set() {
        let network = Network::default();
        let nothing = || {
            let builder = without_credentials(&network);
            builder
                .from_environment(FixedEnvironment::default())
                .expect("it is read")
        };
        let error = ask::<TOKEN>(&network, nothing())
            .await
            .expect_err("there is none");
        for part in [
            "the service accepts httpBearerAuth",
            "AWS_BEARER_TOKEN_TOY_SHOP is not set",
        ] {
            assert!(error.contains(part), "{error}");
        }
        #[cfg(feature = "credential-chain")]
        assert!(
            error.contains("the profile `default` has no `sso_session`"),
            "{error}"
        );
        let error = ask::<SIGNED_OR_TOKEN>(&network, nothing())
            .await
            .expect_err("there is none");
        for part in [
            "the service accepts sigv4 or httpBearerAuth",
            "credentials: none are configured",
            "a bearer token: AWS_BEARER_TOKEN_TOY_SHOP is not set",
        ] {
            assert!(error.contains(part), "{error}");
        }
        assert!(network.seen().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_that_cannot_be_sent_is_refused_and_not_shown() {
        let network = Network::default();
        let error = ask::<TOKEN>(&network, with_variable(&network, "SECRET TOKEN")).await;
        let error = error.expect_err("it has a blank");
        assert!(
            error.contains("AWS_BEARER_TOKEN_TOY_SHOP: the bearer token holds a blank"),
            "{error}"
        );
        assert!(!error.contains("SECRET"), "{error}");
        let builder = config(&network).bearer_token(BearerToken::new("SECRET\nTOKEN"));
        let error = ask::<TOKEN>(&network, builder)
            .await
            .expect_err("it has a line break");
        assert!(
            error.contains("the bearer token holds a line break"),
            "{error}"
        );
        let shown = format!("{:?}", BearerToken::new("SECRET"));
        assert!(!shown.contains("SECRET"), "{shown}");
    }

    /// A provider that counts, and whose tokens are valid for an hour.
    #[derive(Clone, Debug, Default)]
    struct Counting(std::sync::Arc<std::sync::Mutex<u32>>);

    impl ProvideBearerToken for Counting {
        fn bearer_token(&self) -> BoxFuture<'_, Result<BearerToken, CredentialsError>> {
            *self.0.lock().unwrap() += 1;
            let end = "2026-11-22T13:00:00Z".parse().expect("a time");
            Box::pin(async move { Ok(BearerToken::new("T").expires_at(end)) })
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_provider_is_asked_once_while_its_token_is_valid() {
        let network = Network::default();
        let provider = Counting::default();
        let config = config(&network)
            .bearer_token_provider(provider.clone())
            .build()
            .expect("settings");
        let core = Core::new(&SERVICE, &config);
        for _ in 0..3 {
            core.send(Ask::<TOKEN>, CallOptions::default())
                .await
                .expect("sent");
        }
        assert_eq!(*provider.0.lock().unwrap(), 1);
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
