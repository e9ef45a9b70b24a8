//! What somebody tries who controls a variable, a token file or an endpoint: to see a token or to be sent one.

use attache_runtime::transport::TransportErrorKind;

use crate::stage::{Answer, Network, answer, environment, error};

const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const RELATIVE: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const EKS: &str = "http://169.254.170.23/v1/credentials";
const SESSION: &str = "http://169.254.169.254/latest/api/token";
const ROLES: &str = "http://169.254.169.254/latest/meta-data/iam/security-credentials/";

#[tokio::test]
async fn a_relative_uri_cannot_continue_the_host() {
    for path in [
        ".example.com/",
        "@example.com/",
        ":80@example.com/",
        "x",
        "?x",
        "#/",
    ] {
        let network = Network::default();
        let found = error(&network, environment(&[(RELATIVE, path)])).await;
        assert_eq!(
            found,
            format!("{RELATIVE} must begin with a slash"),
            "{path}"
        );
        assert!(network.asked().is_empty(), "{path}");
    }
    // A slash more does not begin another host.
    let network = Network::default();
    error(&network, environment(&[(RELATIVE, "//example.com/")])).await;
    assert_eq!(network.asked()[0], "GET http://169.254.170.2//example.com/");
}

#[tokio::test]
async fn other_spellings_of_a_host_are_not_taken_for_this_machine() {
    for url in [
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:169.254.170.2]/",
        "http://localhost.example.com/",
        "http://169.254.170.2.example.com/",
        "http://example.com#@127.0.0.1/",
        "http://example.com\\@127.0.0.1/",
        "http://127.0.0.1:80@example.com/",
        "file:///etc/passwd",
        "//127.0.0.1/",
    ] {
        let network = Network::default();
        let found = error(&network, environment(&[(FULL, url)])).await;
        assert!(network.asked().is_empty(), "{url}: {found}");
    }
}

/// The answer of a redirect is an answer like any other: it has no credentials.
#[tokio::test]
async fn redirects_are_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let network = Network::default().answering(EKS, [answer(status, "")]);
        let container = environment(&[(FULL, EKS)]).with_variable(TOKEN_FILE, "/token");
        let found = error(&network, container.with_file("/token", "SECRET")).await;
        assert!(found.contains(&format!("status {status}")), "{found}");
        assert_eq!(network.asked(), [format!("GET {EKS}")]);
        let network = Network::default().answering(SESSION, [answer(status, "")]);
        let found = error(&network, environment(&[])).await;
        assert!(found.contains(&format!("status {status}")), "{found}");
        assert_eq!(network.asked(), [format!("PUT {SESSION}")]);
    }
}

#[tokio::test]
async fn a_token_file_adds_no_header_and_is_not_shown() {
    for contents in [
        "SECRET\r\nx-forged: 1",
        "SECRET\nx-forged: 1",
        "SECRET\rx",
        "\nSECRET",
        "SECRET\0",
        "SECRET\x7f",
    ] {
        let network = Network::default();
        let container = environment(&[(FULL, EKS)]).with_variable(TOKEN_FILE, "/token");
        let found = error(&network, container.with_file("/token", contents)).await;
        assert_eq!(
            found,
            format!("the token of {TOKEN_FILE} does not fit into a header")
        );
        assert!(network.asked().is_empty());
    }
    // The endpoint sends it back.
    let refusal = r#"{"code":"AccessDenied","message":"no such token: SECRET"}"#;
    let network = Network::default().answering(EKS, [answer(403, refusal)]);
    let container = environment(&[(FULL, EKS)]).with_variable(TOKEN_FILE, "/token");
    let found = error(&network, container.with_file("/token", "SECRET\n")).await;
    assert!(
        found.contains("because it repeats the token") && !found.contains("SECRET"),
        "{found}"
    );
}

#[tokio::test]
async fn responses_of_endpoints_are_bounded() {
    let long = format!("{{\"AccessKeyId\":\"{}\"}}", "A".repeat(256 * 1024));
    let network = Network::default().answering(EKS, [answer(200, long.clone())]);
    let found = error(&network, environment(&[(FULL, EKS)])).await;
    assert!(
        found.contains("is longer than the response limit of 262144 bytes"),
        "{found}"
    );
    let network = Network::default().answering(SESSION, [answer(200, long)]);
    let found = error(&network, environment(&[])).await;
    assert!(
        found.contains("is longer than the response limit of 262144 bytes"),
        "{found}"
    );
    let network = Network::default().answering(EKS, [Answer::Silence]);
    let found = error(&network, environment(&[(FULL, EKS)])).await;
    assert!(found.contains("no response within 2s"), "{found}");
    let network = Network::default().answering(EKS, [Answer::Lost(TransportErrorKind::Io)]);
    error(&network, environment(&[(FULL, EKS)])).await;
    assert_eq!(network.asked().len(), 3);
}

#[tokio::test]
async fn a_role_cannot_lead_to_another_path() {
    for role in [
        "../../../user-data",
        "a/b",
        "a?b",
        "a#b",
        "a b",
        "a%2f",
        "é",
    ] {
        let network = Network::default()
            .answering(SESSION, [answer(200, "session")])
            .answering(ROLES, [answer(200, role)]);
        let found = error(&network, environment(&[])).await;
        assert!(
            found.contains("the role that it names is none"),
            "{role}: {found}"
        );
        let asked = network.asked();
        assert!(
            asked[1..]
                .iter()
                .all(|asked| *asked == format!("GET {ROLES}")),
            "{asked:?}"
        );
    }
    let endpoint = ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1/?x=");
    let found = error(&Network::default(), environment(&[endpoint])).await;
    assert!(found.contains("is not the URL of an endpoint"), "{found}");
}
