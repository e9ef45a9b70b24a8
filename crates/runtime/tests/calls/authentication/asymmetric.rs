//! Signatures with an asymmetric key, and the preference among signatures.

use attache_runtime::FixedEnvironment;
use attache_runtime::plumbing::{sigv4, sigv4a};

use super::{BOTH_SIGNATURES, SIGV4, SIGV4A, USUAL, ask, variables, way};
use crate::stage::{self, Network, Seen, config};

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
        path_form: sigv4::PathForm::default(),
    };
    let scope = sigv4a::Scope {
        region_set: regions,
        service: "toy-shop",
        time: stage::NOW.parse().expect("a time"),
    };
    let key = sigv4a::signing_key("AKID", "SECRET");
    let made = sigv4a::sign(&request, "AKID", &key, &scope);
    assert_eq!(authorization, made.authorization);
    let agent = seen.header("user-agent");
    assert!(agent.ends_with(" m/S,e,E"), "{agent}");
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
