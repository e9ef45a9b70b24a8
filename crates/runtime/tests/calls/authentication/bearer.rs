//! Bearer tokens.

use attache_runtime::bearer::{BearerToken, ProvideBearerToken};
use attache_runtime::plumbing::Core;
use attache_runtime::{BoxFuture, CallOptions, ConfigBuilder, CredentialsError, FixedEnvironment};

use super::{
    Ask, Nobody, SERVICE, SIGNED_OR_TOKEN, SIGV4, TOKEN, ask, variables, way, without_credentials,
};
use crate::stage::{Network, config};

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

/// Rules are those of a whole service.
#[tokio::test(start_paused = true)]
async fn an_operation_that_takes_a_token_is_not_signed_because_of_the_rules() {
    let network = Network::default();
    for region in ["both", "asymmetric", "encoded-once"] {
        let builder = config(&network).credentials_provider(Nobody {
            may_be_asked: false,
        });
        let builder = builder.region(region).bearer_token(BearerToken::new("T"));
        let seen = ask::<TOKEN>(&network, builder).await.expect("sent");
        assert_eq!(seen.header("authorization"), "Bearer T", "{region}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_of_the_service_or_of_code_comes_before_credentials_unless_code_says_otherwise() {
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
    let seen = ask::<SIGNED_OR_TOKEN>(&network, with_variable(&network, "VARIABLE")).await;
    let seen = seen.expect("sent");
    let agent = seen.header("user-agent");
    assert!(agent.ends_with(" m/3,E"), "{agent}");
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
        error.contains(
            "a bearer token is not sent to toys.example.com unencrypted: use an endpoint with https"
        ),
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
