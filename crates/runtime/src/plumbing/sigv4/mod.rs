//! Signature Version 4, with which AWS requests are signed (IAM User Guide, "Create a signed AWS API request").
//!
//! These are pure functions of request, identity and time. They do not depend on a clock, an HTTP library or a source
//! of credentials, so a test can replay any request. The asymmetric form is in the module `sigv4a`; what both do with a
//! signature is in `placement`.

mod canonical;
#[cfg(feature = "http-checksum")]
mod chunks;
mod hmac;
mod placement;

use std::fmt;

pub(crate) use self::canonical::UNSIGNED_IN_URL;
pub(crate) use self::canonical::hexadecimal;
pub use self::canonical::{EMPTY_SHA256_HEX, PathForm, SigningRequest, sha256_hex};
#[cfg(feature = "http-checksum")]
pub use self::chunks::ChunkSigner;
pub(in crate::plumbing) use self::hmac::Hmac;
pub use self::placement::Signature;
pub(crate) use self::placement::{Algorithm, Signer};
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
}

/// The key for one day, region and service. It may be cached for that day.
///
/// The key can sign any request of that scope, so `Debug` does not show it.
#[derive(Clone)]
pub struct SigningKey(Hmac);

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(..)")
    }
}

impl Algorithm for SigningKey {
    fn signature(&self, string_to_sign: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(string_to_sign.as_bytes());
        hexadecimal(&mac.finish())
    }
}

impl<'a> Signer<'a> {
    fn symmetric(access_key_id: &'a str, key: &'a SigningKey, scope: &Scope<'a>) -> Self {
        Self {
            algorithm: ALGORITHM,
            access_key_id,
            key,
            region: Some(scope.region),
            region_set: None,
            service: scope.service,
            time: scope.time,
        }
    }
}

/// Derives the key for the date, region and service of `scope` (not for its time of day).
pub fn signing_key(secret_access_key: &str, scope: &Scope<'_>) -> SigningKey {
    let first = format!("AWS4{secret_access_key}");
    let date = hmac_sha256(first.as_bytes(), scope.date().as_bytes());
    let region = hmac_sha256(&date, scope.region.as_bytes());
    let service = hmac_sha256(&region, scope.service.as_bytes());
    // The state after the key, so that no request hashes the key again.
    SigningKey(Hmac::new(&hmac_sha256(&service, b"aws4_request")))
}

/// Signs a request.
///
/// The caller adds the headers `authorization` and `x-amz-date` with the values returned. The session token of
/// temporary credentials must already be among the headers, as `x-amz-security-token`.
#[inline]
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
    Signer::symmetric(access_key_id, key, scope).sign(request)
}

/// The signature of any text, as bytes: that of a message in a stream of events.
#[cfg(feature = "event-stream")]
pub(crate) fn sign_text(key: &SigningKey, text: &str) -> [u8; 32] {
    let mut mac = key.0.clone();
    mac.update(text.as_bytes());
    mac.finish()
}

/// Signs a URL with which anyone may send the request within `expires_in_seconds` (at most 604,800, seven days).
///
/// Returns the query to send, without `?`; no other header than those of `request` is needed. Whoever has the URL
/// can send the request: treat it as confidential.
#[inline]
pub fn presign(
    request: &SigningRequest<'_>,
    access_key_id: &str,
    session_token: Option<&str>,
    key: &SigningKey,
    scope: &Scope<'_>,
    expires_in_seconds: u32,
) -> String {
    let signer = Signer::symmetric(access_key_id, key, scope);
    signer.presign(request, session_token, expires_in_seconds)
}

fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::new(key);
    mac.update(message);
    mac.finish()
}
