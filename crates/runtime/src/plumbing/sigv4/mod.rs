//! Signature Version 4, with which AWS requests are signed (IAM User Guide, "Create a signed AWS API request").
//!
//! These are pure functions of request, identity and time. They do not depend on a clock, an HTTP library or a source
//! of credentials, so a test can replay any request. The path is normalised and encoded a second time, unless
//! [`SigningRequest::path_as_sent`] says otherwise. The asymmetric form is in the module `sigv4a`.

pub(crate) mod canonical;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use self::canonical::Canonical;
pub(crate) use self::canonical::hexadecimal;
pub use self::canonical::{EMPTY_SHA256_HEX, SigningRequest, sha256_hex};
use crate::timestamp::Timestamp;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// Where and when a signature is valid.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The region to sign for, such as `us-east-1`.
    pub region: &'a str,
    /// The signing name of the service, such as `security-ir`.
    pub service: &'a str,
    /// When the request is signed. Services refuse it about 5 minutes (some 15) before and after.
    pub time: Timestamp,
}

impl Scope<'_> {
    /// The day in UTC as `YYYYMMDD`. A [`SigningKey`] is valid for one day, region and service.
    pub fn date(&self) -> String {
        let mut date = self.time.format_basic();
        date.truncate(8);
        date
    }

    /// The scope as it is written; `amz_date` is its time.
    fn credential_scope(&self, amz_date: &str) -> String {
        let date = &amz_date[..8];
        format!("{date}/{}/{}/aws4_request", self.region, self.service)
    }
}

/// The key for one day, region and service. It may be cached for that day.
///
/// The key can sign any request of that scope, so `Debug` does not show it.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(..)")
    }
}

/// The outcome of [`sign`].
#[derive(Clone)]
pub struct Signature {
    /// The value for the header `authorization`.
    pub authorization: String,
    /// The value for the header `x-amz-date`, which is signed.
    pub amz_date: String,
    /// The signature alone, in hexadecimal; the signatures of chunks and events of a stream continue it.
    pub signature: String,
}

/// Derives the key for the date, region and service of `scope` (not for its time of day).
pub fn signing_key(secret_access_key: &str, scope: &Scope<'_>) -> SigningKey {
    let first = format!("AWS4{secret_access_key}");
    let date = hmac_sha256(first.as_bytes(), scope.date().as_bytes());
    let region = hmac_sha256(&date, scope.region.as_bytes());
    let service = hmac_sha256(&region, scope.service.as_bytes());
    // The state after the key, so that no request hashes the key again.
    SigningKey(keyed(&hmac_sha256(&service, b"aws4_request")))
}

/// Signs a request.
///
/// The caller adds the headers `authorization` and `x-amz-date` with the values returned. The session token of
/// temporary credentials must already be among the headers, as `x-amz-security-token`.
pub fn sign(
    request: &SigningRequest<'_>,
    access_key_id: &str,
    secret_access_key: &str,
    scope: &Scope<'_>,
) -> Signature {
    sign_with_key(
        request,
        access_key_id,
        &signing_key(secret_access_key, scope),
        scope,
    )
}

/// Signs a request with a key that was derived for the same date, region and service.
pub fn sign_with_key(
    request: &SigningRequest<'_>,
    access_key_id: &str,
    key: &SigningKey,
    scope: &Scope<'_>,
) -> Signature {
    let amz_date = scope.time.format_basic();
    let credential_scope = scope.credential_scope(&amz_date);
    let canonical = Canonical::for_header(request, &[("x-amz-date", &amz_date)]);
    let signature = signature(&canonical, key, &amz_date, &credential_scope);
    let names = canonical.names;
    let authorization = format!(
        "{ALGORITHM} Credential={access_key_id}/{credential_scope}, SignedHeaders={names}, Signature={signature}",
    );
    Signature {
        authorization,
        amz_date,
        signature,
    }
}

/// Signs a URL with which anyone may send the request within `expires_in_seconds` (at most 604,800, seven days).
///
/// Returns the query to send, without `?`; no other header than those of `request` is needed. Whoever has the URL
/// can send the request: treat it as confidential.
pub fn presign(
    request: &SigningRequest<'_>,
    access_key_id: &str,
    session_token: Option<&str>,
    key: &SigningKey,
    scope: &Scope<'_>,
    expires_in_seconds: u32,
) -> String {
    let amz_date = scope.time.format_basic();
    let credential_scope = scope.credential_scope(&amz_date);
    let credential = format!("{access_key_id}/{credential_scope}");
    let expires = expires_in_seconds.to_string();
    let mut added = vec![
        ("X-Amz-Algorithm", ALGORITHM),
        ("X-Amz-Credential", &credential),
        ("X-Amz-Date", &amz_date),
        ("X-Amz-Expires", &expires),
    ];
    added.extend(session_token.map(|token| ("X-Amz-Security-Token", token)));
    let canonical = Canonical::for_url(request, &added);
    let signature = signature(&canonical, key, &amz_date, &credential_scope);
    format!("{}&X-Amz-Signature={signature}", canonical.query)
}

fn signature(
    canonical: &Canonical,
    key: &SigningKey,
    amz_date: &str,
    credential_scope: &str,
) -> String {
    let string_to_sign = canonical.string_to_sign(ALGORITHM, amz_date, credential_scope);
    let mut mac = key.0.clone();
    mac.update(string_to_sign.as_bytes());
    hexadecimal(&mac.finalize().into_bytes())
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = keyed(key);
    mac.update(message);
    mac.finalize().into_bytes().into()
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}
