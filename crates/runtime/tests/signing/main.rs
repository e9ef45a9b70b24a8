//! Signatures: for any request, the signature is that of AWS's own signer.

#[cfg(feature = "sigv4a")]
mod asymmetric;
mod stage;

use std::time::{Duration, SystemTime};

use attache_runtime::plumbing::sigv4::{
    EMPTY_SHA256_HEX, PathForm, Scope, Signature, SigningKey, SigningRequest, presign, sha256_hex,
    sign, sign_with_key, signing_key,
};
use attache_runtime::timestamp::Timestamp;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation};
use aws_sigv4::sign::v4;
use proptest::prelude::*;

use self::stage::{ACCESS_KEY_ID, Case, SECRET, cases, config};

impl Case {
    /// `sign` with the request, the scope and the key for it.
    fn ours<T>(
        &self,
        session_token: Option<&str>,
        sign: impl FnOnce(&SigningRequest<'_>, &Scope<'_>, &SigningKey) -> T,
    ) -> T {
        let mut headers = vec![("host", "example.amazonaws.com")];
        headers.extend(
            self.headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        headers.extend(session_token.map(|token| ("x-amz-security-token", token)));
        let scope = Scope {
            region: &self.region,
            service: "service",
            time: self.time(),
        };
        let request = SigningRequest {
            method: self.method,
            path: &self.path,
            query: &self.query,
            headers: &headers,
            payload_sha256_hex: &sha256_hex(&self.body),
            path_form: self.form,
        };
        sign(&request, &scope, &signing_key(SECRET, &scope))
    }

    fn our_authorization(&self) -> String {
        self.ours(self.token.as_deref(), |request, scope, key| {
            let signature = sign(request, ACCESS_KEY_ID, SECRET, scope);
            let again = sign_with_key(request, ACCESS_KEY_ID, key, scope);
            assert_eq!(signature.authorization, again.authorization);
            signature.authorization
        })
    }

    /// The value of `authorization` if `expires_in` is `None`, else the signature in the URL.
    fn theirs(&self, expires_in: Option<Duration>) -> String {
        let identity =
            Credentials::new(ACCESS_KEY_ID, SECRET, self.token.clone(), None, "test").into();
        let mut settings = self.settings();
        if expires_in.is_some() {
            settings.expires_in = expires_in;
            settings.signature_location = SignatureLocation::QueryParams;
        }
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("service")
            .time(SystemTime::UNIX_EPOCH + Duration::from_secs(self.seconds as u64))
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let separator = if self.query.is_empty() { "" } else { "?" };
        let uri = format!(
            "https://example.amazonaws.com{}{separator}{}",
            self.path, self.query
        );
        let headers = self
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let request =
            SignableRequest::new(self.method, uri, headers, SignableBody::Bytes(&self.body))
                .unwrap();
        let output = aws_sigv4::http_request::sign(request, &params).unwrap();
        if expires_in.is_some() {
            return output.signature().to_owned();
        }
        let (instructions, _) = output.into_parts();
        let mut headers = instructions.headers();
        let (_, value) = headers.find(|(name, _)| *name == "authorization").unwrap();
        value.to_owned()
    }
}

/// The example of the IAM User Guide's page on Signature Version 4 (`ListUsers`), which states the signature.
#[test]
fn the_published_example_has_the_published_signature() {
    let time: Timestamp = "2015-08-30T12:36:00Z".parse().unwrap();
    let scope = Scope {
        region: "us-east-1",
        service: "iam",
        time,
    };
    let request = SigningRequest {
        method: "GET",
        path: "/",
        query: "Action=ListUsers&Version=2010-05-08",
        headers: &[
            (
                "content-type",
                "application/x-www-form-urlencoded; charset=utf-8",
            ),
            ("host", "iam.amazonaws.com"),
        ],
        payload_sha256_hex: EMPTY_SHA256_HEX,
        path_form: PathForm::default(),
    };
    let Signature {
        authorization,
        amz_date,
        signature,
    } = sign(&request, ACCESS_KEY_ID, SECRET, &scope);
    assert_eq!(
        signature,
        "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    );
    assert_eq!(amz_date, "20150830T123600Z");
    assert_eq!(
        authorization,
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date, \
         Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    );
}

#[test]
fn hashes_are_lower_case_hexadecimal() {
    assert_eq!(sha256_hex(b""), EMPTY_SHA256_HEX);
    let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(sha256_hex(b"abc"), abc);
}

#[test]
fn debug_does_not_show_the_key() {
    let scope = Scope {
        region: "r",
        service: "s",
        time: Timestamp::UNIX_EPOCH,
    };
    assert_eq!(
        format!("{:?}", signing_key(SECRET, &scope)),
        "SigningKey(..)"
    );
}

#[test]
fn headers_of_an_earlier_attempt_are_not_signed() {
    let case = |headers: &[(&str, &str)]| Case {
        method: "POST",
        path: "/".to_owned(),
        form: PathForm::default(),
        query: String::new(),
        headers: headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect(),
        body: Vec::new(),
        token: Some("token".to_owned()),
        region: "eu-central-1".to_owned(),
        seconds: 1_700_000_000,
    };
    let again = [
        ("authorization", "old"),
        ("user-agent", "attache"),
        ("x-amz-date", "20200101T000000Z"),
    ];
    assert_eq!(
        case(&[]).our_authorization(),
        case(&again).our_authorization()
    );
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_authorization_header_is_that_of_the_official_signer(case in cases()) {
        prop_assert_eq!(case.our_authorization(), case.theirs(None));
    }

    #[test]
    fn the_presigned_url_is_that_of_the_official_signer(case in cases(), seconds in 1..604_800_u32) {
        let query = case.ours(None, |request, scope, key| {
            presign(request, ACCESS_KEY_ID, case.token.as_deref(), key, scope, seconds)
        });
        let (_, signature) = query.split_once("&X-Amz-Signature=").unwrap();
        prop_assert_eq!(signature, case.theirs(Some(Duration::from_secs(seconds.into()))));
    }
}
