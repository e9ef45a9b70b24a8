//! SigV4A: for any request and any key, key and signature are those of AWS's own signer.

use std::time::{Duration, SystemTime};

use attache_runtime::plumbing::sigv4::{EMPTY_SHA256_HEX, PathForm, SigningRequest, sha256_hex};
use attache_runtime::plumbing::sigv4a::{Scope, SigningKey, presign, sign, signing_key};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation};
use aws_sigv4::sign::v4a;
use proptest::prelude::*;

use crate::stage::{ACCESS_KEY_ID, Case, SECRET, cases, config};

/// `sign` with the request, the scope and the key for it.
fn ours<T>(
    case: &Case,
    region_set: &str,
    (id, secret): (&str, &str),
    session_token: Option<&str>,
    sign: impl FnOnce(&SigningRequest<'_>, &Scope<'_>, &SigningKey) -> T,
) -> T {
    let mut headers = vec![("host", "example.amazonaws.com")];
    let own = case.headers.iter();
    headers.extend(own.map(|(name, value)| (name.as_str(), value.as_str())));
    headers.extend(session_token.map(|token| ("x-amz-security-token", token)));
    let scope = Scope {
        region_set,
        service: "service",
        time: case.time(),
    };
    let request = SigningRequest {
        method: case.method,
        path: &case.path,
        query: &case.query,
        headers: &headers,
        payload_sha256_hex: &sha256_hex(&case.body),
        path_form: case.form,
    };
    sign(&request, &scope, &signing_key(id, secret))
}

/// The value of `authorization` if `expires_in` is `None`, else the signature in the URL.
fn theirs(
    case: &Case,
    region_set: &str,
    (id, secret): (&str, &str),
    expires_in: Option<Duration>,
) -> String {
    let identity = Credentials::new(id, secret, case.token.clone(), None, "test").into();
    let mut settings = case.settings();
    if expires_in.is_some() {
        settings.expires_in = expires_in;
        settings.signature_location = SignatureLocation::QueryParams;
    }
    let params = v4a::SigningParams::builder()
        .identity(&identity)
        .region_set(region_set)
        .name("service")
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(case.seconds as u64))
        .settings(settings)
        .build()
        .unwrap()
        .into();
    let separator = if case.query.is_empty() { "" } else { "?" };
    let uri = format!(
        "https://example.amazonaws.com{}{separator}{}",
        case.path, case.query
    );
    let headers = case.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_str()));
    let body = SignableBody::Bytes(&case.body);
    let request = SignableRequest::new(case.method, uri, headers, body).unwrap();
    let output = aws_sigv4::http_request::sign(request, &params).unwrap();
    if expires_in.is_some() {
        return output.signature().to_owned();
    }
    let (instructions, _) = output.into_parts();
    let mut headers = instructions.headers();
    let (_, value) = headers.find(|(name, _)| *name == "authorization").unwrap();
    value.to_owned()
}

fn region_sets() -> impl Strategy<Value = String> {
    prop_oneof!["[*]", "[a-z]{2}-[a-z]{4}-[1-9](,[a-z]{2}-[*]){0,2}"]
}

fn keys() -> impl Strategy<Value = (String, String)> {
    ("[A-Z0-9]{1,20}", "[ -~é]{1,60}")
}

/// The public half of the key that AWS publishes with its test suite for this access key.
#[test]
fn the_published_access_key_has_the_published_public_key() {
    let (x, y) = signing_key(ACCESS_KEY_ID, SECRET).public_hex();
    assert_eq!(
        x,
        "b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1"
    );
    assert_eq!(
        y,
        "865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518"
    );
}

/// The case `get-vanilla-with-session-token` of that suite. Its signature has a random nonce, so that it cannot be
/// compared; the string that it signs has one form.
#[test]
fn headers_of_a_signature_are_those_of_the_published_case() {
    let scope = Scope {
        region_set: "us-east-1",
        service: "service",
        time: "2015-08-30T12:36:00Z".parse().unwrap(),
    };
    let token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
    let request = SigningRequest {
        method: "GET",
        path: "/",
        query: "",
        headers: &[
            ("host", "example.amazonaws.com"),
            ("x-amz-security-token", token),
        ],
        payload_sha256_hex: EMPTY_SHA256_HEX,
        path_form: PathForm::default(),
    };
    let signed = sign(
        &request,
        ACCESS_KEY_ID,
        &signing_key(ACCESS_KEY_ID, SECRET),
        &scope,
    );
    let (start, signature) = signed.authorization.split_once(" Signature=").unwrap();
    assert_eq!(
        start,
        "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20150830/service/aws4_request, \
         SignedHeaders=host;x-amz-date;x-amz-region-set;x-amz-security-token,"
    );
    assert_eq!(signature, signed.signature);
}

#[test]
fn debug_does_not_show_the_key() {
    let shown = format!("{:?}", signing_key(ACCESS_KEY_ID, SECRET));
    assert_eq!(shown, "SigningKey(..)");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..config() })]

    /// Both make the nonce as RFC 6979 says, so that the signatures are equal, and not only valid.
    #[test]
    fn the_authorization_header_is_that_of_the_official_signer(
        case in cases(), set in region_sets(), (id, secret) in keys(),
    ) {
        let key = (id.as_str(), secret.as_str());
        let authorization = ours(&case, &set, key, case.token.as_deref(), |request, scope, key| {
            sign(request, &id, key, scope).authorization
        });
        prop_assert_eq!(authorization, theirs(&case, &set, key, None));
    }

    #[test]
    fn the_presigned_url_is_that_of_the_official_signer(
        case in cases(), set in region_sets(), (id, secret) in keys(), seconds in 1..604_800_u32,
    ) {
        let key = (id.as_str(), secret.as_str());
        let query = ours(&case, &set, key, None, |request, scope, key| {
            presign(request, &id, case.token.as_deref(), key, scope, seconds)
        });
        let (_, signature) = query.split_once("&X-Amz-Signature=").unwrap();
        let expires_in = Duration::from_secs(seconds.into());
        prop_assert_eq!(signature, theirs(&case, &set, key, Some(expires_in)));
    }
}
