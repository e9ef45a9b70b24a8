//! The credential endpoints of ECS and EKS.

use attache_runtime::transport::TransportErrorKind;

use crate::stage::{Answer, Network, answer, environment, error, key};

const ECS: &str = "http://169.254.170.2/v2/credentials/1";
const EKS: &str = "http://169.254.170.23/v1/credentials";
const KEYS: &str = r#"{"RoleArn":"arn:aws:iam::111122223333:role/r","AccessKeyId":"CONTAINER","SecretAccessKey":"SECRET",
    "Token":"T","Expiration":"2026-11-22T18:00:00Z"}"#;

fn ecs() -> attache_runtime::FixedEnvironment {
    environment(&[(
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "/v2/credentials/1",
    )])
}

fn full(url: &str) -> attache_runtime::FixedEnvironment {
    environment(&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)])
}

#[tokio::test]
async fn the_relative_uri_is_requested_from_the_address_of_ecs() {
    let network = Network::default().answering(ECS, [answer(200, KEYS)]);
    assert_eq!(key(&network, ecs()).await.unwrap(), "CONTAINER T");
    let seen = network.seen();
    assert_eq!(seen[0].url, ECS);
    assert_eq!(seen[0].header("accept"), "application/json");
    assert!(!seen[0].headers.contains_key("authorization"));
    assert!(seen[0].header("user-agent").starts_with("attache/"));
}

#[tokio::test]
async fn the_token_of_the_file_overrides_that_of_the_variable() {
    let network = Network::default().answering(EKS, [answer(200, KEYS)]);
    let variable = full(EKS).with_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN", "of-variable");
    assert_eq!(key(&network, variable).await.unwrap(), "CONTAINER T");
    assert_eq!(network.seen()[0].header("authorization"), "of-variable");
    let file = full(EKS)
        .with_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN", "of-variable")
        .with_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token")
        .with_file("/token", "of-file\n");
    assert_eq!(key(&network, file).await.unwrap(), "CONTAINER T");
    assert_eq!(network.seen()[0].header("authorization"), "of-file");
}

#[tokio::test]
async fn errors_about_unusable_tokens_do_not_show_the_token() {
    let network = Network::default();
    let missing = full(EKS).with_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token");
    let found = error(&network, missing).await;
    assert!(
        found.starts_with(
            "/token, which AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names, cannot be read"
        ),
        "{found}"
    );
    let broken = full(EKS).with_variable("AWS_CONTAINER_AUTHORIZATION_TOKEN", "SECRET\r\nx: y");
    assert_eq!(
        error(&network, broken).await,
        "the token of AWS_CONTAINER_AUTHORIZATION_TOKEN does not fit into a header"
    );
    assert!(network.asked().is_empty());
}

#[tokio::test]
async fn without_tls_only_loopback_and_link_local_addresses_are_requested() {
    for (url, allowed) in [
        ("http://127.0.0.1:9/c", true),
        ("http://[::1]:9/c", true),
        ("http://localhost/c", true),
        ("http://[fd00:ec2::23]/v1/credentials", true),
        ("https://keys.example.com/c", true),
        ("http://keys.example.com/c", false),
        ("http://169.254.169.254/c", false),
        ("http://127.0.0.1.example.com/c", false),
        ("http://localhost@keys.example.com/c", false),
        ("ftp://localhost/c", false),
        ("/c", false),
    ] {
        let network = Network::default().answering(url, [answer(200, KEYS)]);
        let found = key(&network, full(url)).await;
        assert_eq!(found.is_ok(), allowed, "{url}: {found:?}");
        assert_eq!(network.asked().is_empty(), !allowed, "{url}");
    }
}

#[tokio::test]
async fn transient_failures_are_retried() {
    for broken in [
        answer(500, ""),
        answer(429, ""),
        answer(200, "<html>"),
        answer(200, "{\"AccessKeyId\":"),
        Answer::Lost(TransportErrorKind::Io),
        Answer::Lost(TransportErrorKind::Connect),
        Answer::Silence,
    ] {
        let answers = [broken.clone(), broken.clone(), answer(200, KEYS)];
        let network = Network::default().answering(ECS, answers);
        assert_eq!(key(&network, ecs()).await.unwrap(), "CONTAINER T");
        let network = Network::default().answering(ECS, [broken]);
        let found = error(&network, ecs()).await;
        assert!(
            found
                .starts_with("the container's endpoint at 169.254.170.2 returned no credentials: "),
            "{found}"
        );
        assert_eq!(network.asked().len(), 3);
    }
}

#[tokio::test]
async fn refusals_and_incomplete_responses_are_not_retried_and_end_the_search() {
    for (answered, complaint) in [
        (
            answer(403, r#"{"code":"AccessDenied","message":"not you"}"#),
            "returned no credentials: status 403, AccessDenied, not you",
        ),
        (answer(404, "SECRET"), "returned no credentials: status 404"),
        (
            answer(200, r#"{"AccessKeyId":"A","SecretAccessKey":null}"#),
            "returned no AccessKeyId or no SecretAccessKey",
        ),
        (
            answer(
                200,
                r#"{"AccessKeyId":"A","SecretAccessKey":"SECRET","Expiration":"soon"}"#,
            ),
            "returned an Expiration that is no date-time",
        ),
        (
            answer(
                200,
                r#"{"AccessKeyId":"A","SecretAccessKey":"SECRET","Expiration":"2026-11-22T11:59:59Z"}"#,
            ),
            "the credentials that were found expired at 2026-11-22T11:59:59Z",
        ),
    ] {
        let network = Network::default().answering(ECS, [answered]);
        let found = error(&network, ecs()).await;
        assert!(found.contains(complaint), "{found}");
        assert_eq!(network.asked().len(), 1, "{found}");
    }
}
