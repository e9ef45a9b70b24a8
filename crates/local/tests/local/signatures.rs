//! Which requests are accepted: signatures of the official signer and of our clients, and wrong ones.

use std::time::{Duration, SystemTime};

use attache_local::Clock;
use attache_security_ir::Client;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;

use crate::stage::{BEGINNING, Stage, send};

/// Signs a request with the official signer, so many seconds off, and sends it. Returns the status and the text.
async fn signed(
    stage: &Stage,
    service: &str,
    call: (&str, &str, &str),
    headers: &[(&str, &str)],
    seconds_off: i64,
) -> (u16, String) {
    sent_as(stage, service, call, call.1, headers, seconds_off).await
}

/// The same, sent to another path than the signed one.
async fn sent_as(
    stage: &Stage,
    service: &str,
    (method, path, body): (&str, &str, &str),
    sent_path: &str,
    headers: &[(&str, &str)],
    seconds_off: i64,
) -> (u16, String) {
    let (key, secret) = stage.local.key();
    let identity = Credentials::new(key, secret, None, None, "test").into();
    let begin: attache_runtime::Timestamp = BEGINNING.parse().expect("it is a time");
    let seconds = u64::try_from(begin.epoch_seconds() + seconds_off).expect("it is after 1970");
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("eu-central-1")
        .name(service)
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        .settings(SigningSettings::default())
        .build()
        .expect("nothing is missing")
        .into();
    let url = format!("{}{path}", stage.local.endpoint());
    let host = stage.local.address().to_string();
    let all = headers.iter().copied().chain([("host", host.as_str())]);
    let request = SignableRequest::new(method, &url, all, SignableBody::Bytes(body.as_bytes()));
    let signed = sign(request.expect("it can be signed"), &params).expect("it is signed");
    let (instructions, _) = signed.into_parts();
    let mut sent: Vec<(&str, &str)> = headers.to_vec();
    sent.extend(instructions.headers());
    let url = format!("{}{sent_path}", stage.local.endpoint());
    let response = send(method, &url, &sent, body.as_bytes().to_vec()).await;
    let response = response.expect("it is answered");
    let status = response.status().as_u16();
    let text = String::from_utf8(response.into_body().to_vec()).expect("it is text");
    (status, text)
}

const TARGET: (&str, &str) = ("x-amz-target", "AWSSupport_20130415.DescribeSeverityLevels");

#[tokio::test]
async fn requests_of_the_official_signer_are_accepted() {
    let stage = Stage::new().await;
    let (status, text) = signed(&stage, "support", ("POST", "/", "{}"), &[TARGET], 0).await;
    assert_eq!(status, 200, "{text}");
    // A label that is percent-encoded, and therefore encoded twice in the signature, and a query.
    let arn = "arn%3Aaws%3Asecurity-ir%3Aus-east-1%3A123456789012%3Acase%2F1000000001";
    let path = format!("/v1/tags/{arn}?tagKeys=b%20c&tagKeys=a%2Bb");
    let (status, text) = signed(&stage, "security-ir", ("DELETE", &path, ""), &[], 0).await;
    assert_eq!(
        status, 404,
        "it is accepted, and there is no such case: {text}"
    );
    assert!(text.contains("case/1000000001"), "{text}");
}

#[tokio::test]
async fn a_plus_is_a_space_to_the_signature_as_to_the_service() {
    let stage = Stage::new().await;
    let arn = "arn%3Aaws%3Asecurity-ir%3Aus-east-1%3A123456789012%3Acase%2F1000000001";
    let path = |keys: &str| format!("/v1/tags/{arn}?tagKeys={keys}");
    for (keys, sent, wanted) in [
        ("a%20b", "a+b", 404),
        ("a%20b", "a%20b", 404),
        ("a%2Bb", "a%2Bb", 404),
        ("a%2Bb", "a%2bb", 404),
        // The service would read a space, which nobody has signed.
        ("a%2Bb", "a+b", 403),
        ("a%2Bb", "a%20b", 403),
        ("a%20b", "a%2Bb", 403),
        ("a%252Bb", "a%2Bb", 403),
    ] {
        let call = ("DELETE", &*path(keys), "");
        let sent_path = path(sent);
        let (status, text) = sent_as(&stage, "security-ir", call, &sent_path, &[], 0).await;
        assert_eq!(status, wanted, "signed {keys}, sent {sent}: {text}");
    }
}

#[tokio::test]
async fn clocks_may_differ_by_five_minutes() {
    let stage = Stage::new().await;
    for (seconds, wanted) in [(-300, 200), (300, 200), (-301, 403), (301, 403)] {
        let (status, text) =
            signed(&stage, "support", ("POST", "/", "{}"), &[TARGET], seconds).await;
        assert_eq!(status, wanted, "{seconds} seconds: {text}");
        assert_eq!(
            text.contains("InvalidSignatureException"),
            wanted == 403,
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_client_whose_clock_is_wrong_corrects_it() {
    let stage = Stage::new().await;
    let late = Clock::fixed("2026-01-01T03:00:00Z".parse().expect("it is a time"));
    let config = stage.local.config().time_source(late).build();
    let client = Client::new(&config.expect("the configuration is whole"));
    client
        .list_cases()
        .send()
        .await
        .expect("the second attempt is signed with the right time");
    let statuses: Vec<Option<u16>> = stage
        .local
        .requests()
        .iter()
        .map(|one| one.status)
        .collect();
    assert_eq!(statuses, [Some(403), Some(200)]);
}

#[tokio::test]
async fn requests_with_unknown_keys_are_refused_with_a_reason() {
    let stage = Stage::new().await;
    let (key, secret) = stage.local.key();
    let cases = [
        (("AKIDNOBODY", secret), "UnrecognizedClientException"),
        ((key, "another secret"), "InvalidSignatureException"),
    ];
    for ((key, secret), code) in cases {
        let credentials = attache_runtime::Credentials::new(key, secret);
        let config = stage.local.config().credentials(credentials).build();
        let client = Client::new(&config.expect("the configuration is whole"));
        let error = client.list_cases().send().await.expect_err("it is refused");
        assert_eq!((error.code(), error.status()), (Some(code), Some(403)));
    }
    let url = stage.local.endpoint();
    let unsigned = send("POST", url, &[TARGET], b"{}".to_vec())
        .await
        .expect("it is answered");
    assert_eq!(unsigned.status(), 403);
    let text = String::from_utf8(unsigned.into_body().to_vec()).expect("it is text");
    assert!(
        text.contains("MissingAuthenticationTokenException"),
        "{text}"
    );
}

#[tokio::test]
async fn signatures_of_another_service_or_of_half_a_request_are_wrong() {
    let stage = Stage::new().await;
    let call = ("POST", "/", "{}");
    let (status, text) = signed(&stage, "s3", call, &[TARGET], 0).await;
    assert!(
        status == 403 && text.contains("service `support`"),
        "{text}"
    );
    // The target is added after signing: an `x-amz-` header must be signed.
    let (key, _) = stage.local.key();
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={key}/20260101/us-east-1/support/aws4_request, SignedHeaders=host;x-amz-date, \
         Signature=00"
    );
    let headers = [
        TARGET,
        ("authorization", &authorization),
        ("x-amz-date", "20260101T000000Z"),
    ];
    let answer = send("POST", stage.local.endpoint(), &headers, b"{}".to_vec()).await;
    let text = answer.expect("it is answered").into_body().to_vec();
    let text = String::from_utf8(text).expect("it is text");
    assert!(text.contains("`x-amz-target` must be signed"), "{text}");
}

#[tokio::test]
async fn a_server_can_accept_any_signature() {
    let stage = Stage::with(|builder| builder.accept_any_signature(true)).await;
    let url = stage.local.endpoint();
    let answer = send("POST", url, &[TARGET], b"{}".to_vec())
        .await
        .expect("it is answered");
    assert_eq!(answer.status(), 200);
}
