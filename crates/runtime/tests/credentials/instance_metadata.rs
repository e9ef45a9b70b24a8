//! Instance metadata, version 2.

use attache_runtime::transport::TransportErrorKind;

use crate::stage::{Answer, Network, answer, environment, error, key};

const TOKEN: &str = "http://169.254.169.254/latest/api/token";
const ROLE: &str = "http://169.254.169.254/latest/meta-data/iam/security-credentials/";
const KEYS: &str = r#"{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"INSTANCE","SecretAccessKey":"SECRET",
    "Token":"T","Expiration":"2026-11-22T18:00:00Z"}"#;

fn service(keys: impl IntoIterator<Item = Answer>) -> Network {
    Network::default()
        .answering(TOKEN, [answer(200, "session SECRET")])
        .answering(ROLE, [answer(200, "my-role\n")])
        .answering(&format!("{ROLE}my-role"), keys)
}

#[tokio::test]
async fn a_session_token_is_requested_first_and_then_the_role() {
    let network = service([answer(200, KEYS)]);
    assert_eq!(key(&network, environment(&[])).await.unwrap(), "INSTANCE T");
    let seen = network.seen();
    let asked: Vec<_> = seen[..3]
        .iter()
        .map(|seen| format!("{} {}", seen.method, seen.url))
        .collect();
    assert_eq!(
        asked,
        [
            format!("PUT {TOKEN}"),
            format!("GET {ROLE}"),
            format!("GET {ROLE}my-role")
        ]
    );
    assert_eq!(
        seen[0].header("x-aws-ec2-metadata-token-ttl-seconds"),
        "21600"
    );
    assert_eq!(seen[1].header("x-aws-ec2-metadata-token"), "session SECRET");
    assert_eq!(seen[2].header("x-aws-ec2-metadata-token"), "session SECRET");
}

#[tokio::test]
async fn the_endpoint_can_be_configured() {
    for (variable, value, base) in [
        (
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            "http://127.0.0.1:1338/",
            "http://127.0.0.1:1338",
        ),
        (
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
            "IPv6",
            "http://[fd00:ec2::254]",
        ),
    ] {
        let network = Network::default();
        error(&network, environment(&[(variable, value)])).await;
        assert_eq!(network.asked(), [format!("PUT {base}/latest/api/token")]);
    }
    let nowhere = environment(&[("AWS_EC2_METADATA_SERVICE_ENDPOINT", "nowhere")]);
    let found = error(&Network::default(), nowhere).await;
    assert!(found.contains("is not the URL of an endpoint"), "{found}");
}

#[tokio::test]
async fn a_missing_metadata_service_is_not_requested_again() {
    for (silence, reason) in [
        (
            Answer::Silence,
            "http://169.254.169.254: no response within 1s",
        ),
        (
            Answer::Lost(TransportErrorKind::Connect),
            "http://169.254.169.254: no answer: lost",
        ),
        (answer(404, ""), "does not support version 2 of the service"),
        (answer(403, ""), "does not support version 2 of the service"),
    ] {
        let network = Network::default().answering(TOKEN, [silence]);
        let found = error(&network, environment(&[])).await;
        assert!(
            found.starts_with("none were found. ") && found.contains(reason),
            "{found}"
        );
        assert_eq!(network.asked().len(), 1);
    }
}

#[tokio::test]
async fn with_the_service_disabled_nothing_is_requested() {
    let network = service([answer(200, KEYS)]);
    let off = environment(&[("AWS_EC2_METADATA_DISABLED", "TRUE")]);
    assert!(
        error(&network, off)
            .await
            .contains("AWS_EC2_METADATA_DISABLED is true")
    );
    assert!(network.asked().is_empty());
}

#[tokio::test]
async fn an_instance_without_a_role_has_no_credentials() {
    let network = service([]).answering(ROLE, [answer(404, "")]);
    let found = error(&network, environment(&[])).await;
    assert!(
        found.ends_with("instance metadata: the instance has no role"),
        "{found}"
    );
}

#[tokio::test]
async fn transient_failures_are_retried() {
    for broken in [answer(503, ""), Answer::Lost(TransportErrorKind::Io)] {
        let network = service([broken.clone(), broken.clone(), answer(200, KEYS)]);
        assert_eq!(key(&network, environment(&[])).await.unwrap(), "INSTANCE T");
        let network = service([broken]);
        let found = error(&network, environment(&[])).await;
        assert!(
            found.starts_with(
                "the instance metadata service at http://169.254.169.254 returned no credentials: "
            ),
            "{found}"
        );
        assert_eq!(network.asked().len(), 5);
    }
}

#[tokio::test]
async fn refusals_are_not_retried() {
    let refused =
        r#"{"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot assume the role"}"#;
    for (answered, complaint) in [
        (
            answer(200, refused),
            "AssumeRoleUnauthorizedAccess EC2 cannot assume the role",
        ),
        (
            answer(200, "{}"),
            "returned no AccessKeyId or no SecretAccessKey",
        ),
    ] {
        let network = service([answered]);
        let found = error(&network, environment(&[])).await;
        assert!(found.contains(complaint), "{found}");
        assert_eq!(network.asked().len(), 3);
    }
}

/// The service with another response to one request.
fn at(url: &str, answered: Answer) -> Network {
    service([answer(200, KEYS)]).answering(url, [answered])
}

/// As in botocore 1.44.5, `InstanceMetadataFetcher`: another cloud, a proxy, or a page in place of the service.
#[tokio::test]
async fn another_server_at_the_address_is_no_source_and_the_error_says_what_it_responded() {
    let page = answer(200, "<html>\n</html>");
    let lost = Answer::Lost(TransportErrorKind::Io);
    let same = answer(200, "OK");
    let all = at(TOKEN, same.clone())
        .answering(ROLE, [same.clone()])
        .answering(&format!("{ROLE}OK"), [same]);
    for (network, reason, requests) in [
        // Azure.
        (
            at(TOKEN, answer(400, "")),
            "status 400 when it was asked for a token",
            1,
        ),
        (
            at(TOKEN, answer(302, "")),
            "status 302 when it was asked for a token",
            1,
        ),
        (
            at(TOKEN, answer(502, "")),
            "status 502 when it was asked for a token",
            3,
        ),
        (at(TOKEN, page.clone()), "its token is not one", 3),
        (at(TOKEN, lost.clone()), "no answer: lost", 3),
        (
            at(ROLE, answer(403, "")),
            "status 403 when it was asked for the role",
            2,
        ),
        (
            at(ROLE, answer(401, "")),
            "status 401 when it was asked for the role",
            4,
        ),
        (
            at(ROLE, answer(503, "")),
            "status 503 when it was asked for the role",
            4,
        ),
        (at(ROLE, page), "the role that it names is none", 4),
        (at(ROLE, lost), "no answer: lost", 4),
        (all, "its response is not JSON", 5),
    ] {
        let found = error(&network, environment(&[])).await;
        let wanted = format!("; instance metadata: http://169.254.169.254: {reason}");
        assert!(
            found.starts_with("none were found. ") && found.ends_with(&wanted),
            "{found}"
        );
        assert_eq!(network.asked().len(), requests, "{reason}");
    }
}

#[tokio::test]
async fn a_profile_that_names_this_source_fails_without_it_and_says_what_responded() {
    let network = at(TOKEN, answer(400, ""));
    let config =
        "[default]\nrole_arn = arn:aws:iam::1:role/r\ncredential_source = Ec2InstanceMetadata\n";
    let environment = environment(&[]).with_file("/home/me/.aws/config", config);
    let found = error(&network, environment).await;
    let wanted = "`credential_source` of the profile `default` is Ec2InstanceMetadata, and there are none: \
                  http://169.254.169.254: status 400 when it was asked for a token";
    assert_eq!(found, wanted);
}

/// A token can become invalid early, for example after the machine was suspended.
#[tokio::test]
async fn an_invalid_session_token_is_requested_again_once() {
    let keys = format!("{ROLE}my-role");
    let role = answer(200, "my-role");
    for (roles, credentials, steps) in [
        (
            vec![answer(401, ""), role.clone()],
            vec![answer(200, KEYS)],
            vec![TOKEN, ROLE, TOKEN, ROLE, &keys],
        ),
        (
            vec![role.clone()],
            vec![answer(401, ""), answer(200, KEYS)],
            vec![TOKEN, ROLE, &keys, TOKEN, ROLE, &keys],
        ),
    ] {
        let tokens = ["first", "second"].map(|token| answer(200, token));
        let network = service(credentials)
            .answering(TOKEN, tokens)
            .answering(ROLE, roles);
        assert_eq!(key(&network, environment(&[])).await.unwrap(), "INSTANCE T");
        let seen = network.seen();
        let asked: Vec<_> = seen.iter().map(|seen| seen.url.as_str()).collect();
        assert_eq!(asked[..steps.len()], steps);
        let shown = seen[steps.len() - 1].header("x-aws-ec2-metadata-token");
        assert_eq!(shown, "second");
    }
    for (role, keys, when) in [
        (answer(401, ""), answer(200, KEYS), "the role"),
        (role, answer(401, ""), "the credentials of the role"),
    ] {
        let network = service([keys]).answering(ROLE, [role]);
        let found = error(&network, environment(&[])).await;
        assert!(
            found.ends_with(&format!("status 401 when it was asked for {when}")),
            "{found}"
        );
        let asked = network.asked();
        assert_eq!(
            asked
                .iter()
                .filter(|asked| asked.ends_with("/token"))
                .count(),
            2
        );
    }
}
