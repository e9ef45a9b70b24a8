//! Signature Version 4 with an asymmetric key (SigV4A): one signature is valid in a set of regions.
//!
//! The key is derived from the access key, so that the service knows the public half of it. Signatures are made with the
//! nonce of RFC 6979, so that the same request has the same signature and no source of random numbers is needed. Pure
//! functions, as in `sigv4`.

use std::fmt;

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{self, VerifyingKey};

use crate::plumbing::sigv4::{Algorithm, Hmac, Signature, Signer, SigningRequest, hexadecimal};
use crate::timestamp::Timestamp;

const ALGORITHM: &str = "AWS4-ECDSA-P256-SHA256";

/// The order of the group of P-256, minus two (NIST SP 800-186, section 3.2.1.3), from its first byte on.
const ORDER_MINUS_TWO: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x4f,
];

/// Where and when a signature is valid.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The regions to sign for, separated by commas: `us-east-1,eu-*`, or `*` for all.
    pub region_set: &'a str,
    /// The signing name of the service.
    pub service: &'a str,
    /// When the request is signed.
    pub time: Timestamp,
}

/// The key of an access key. It depends on neither time, region nor service.
///
/// The key can sign any request, so `Debug` does not show it.
#[derive(Clone)]
pub struct SigningKey(ecdsa::SigningKey);

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(..)")
    }
}

impl SigningKey {
    /// The half of the key that the service verifies signatures with: X and Y, in hexadecimal.
    pub fn public_hex(&self) -> (String, String) {
        let point = VerifyingKey::from(&self.0).to_sec1_point(false);
        let half = |half: Option<&_>| half.map(|bytes: &p256::FieldBytes| hexadecimal(bytes));
        (
            half(point.x()).unwrap_or_default(),
            half(point.y()).unwrap_or_default(),
        )
    }
}

impl Algorithm for SigningKey {
    fn signature(&self, string_to_sign: &str) -> String {
        let signature: ecdsa::Signature = self.0.sign(string_to_sign.as_bytes());
        hexadecimal(signature.to_der().as_bytes())
    }
}

impl<'a> Signer<'a> {
    fn asymmetric(access_key_id: &'a str, key: &'a SigningKey, scope: &Scope<'a>) -> Self {
        Self {
            algorithm: ALGORITHM,
            access_key_id,
            key,
            region: None,
            region_set: Some(scope.region_set),
            service: scope.service,
            time: scope.time,
        }
    }
}

/// Derives the key of an access key: the counter mode of NIST SP 800-108 with HMAC-SHA256, until the result is less than
/// the order of the curve minus one (NIST FIPS 186-5, section A.2.2).
pub fn signing_key(access_key_id: &str, secret_access_key: &str) -> SigningKey {
    let input = format!("AWS4A{secret_access_key}");
    let counters = 1..=u8::MAX;
    let found = counters.into_iter().find_map(|counter| {
        let mut mac = Hmac::new(input.as_bytes());
        mac.update(&1_u32.to_be_bytes());
        mac.update(ALGORITHM.as_bytes());
        mac.update(&[0]);
        mac.update(access_key_id.as_bytes());
        mac.update(&[counter]);
        mac.update(&256_u32.to_be_bytes());
        let candidate = mac.finish();
        // The comparison takes a time that depends on the first bytes of a candidate that is thrown away.
        (candidate <= ORDER_MINUS_TWO)
            .then(|| ecdsa::SigningKey::from_slice(&plus_one(candidate)).ok())?
    });
    // One candidate in four thousand million is refused, and 255 of them in a row never are.
    SigningKey(found.expect("one of 255 candidates is less than the order of the curve"))
}

/// The number after this one. Its bytes begin with the most significant one, and are not all at their maximum.
fn plus_one(mut number: [u8; 32]) -> [u8; 32] {
    let mut carry = 1_u16;
    for byte in number.iter_mut().rev() {
        let sum = u16::from(*byte) + carry;
        *byte = sum.to_be_bytes()[1];
        carry = sum >> 8;
    }
    number
}

/// Signs a request.
///
/// The caller adds the headers `authorization` and `x-amz-date` with the values returned, and `x-amz-region-set` with
/// that of the scope. A session token must already be among the headers, as `x-amz-security-token`.
pub fn sign(
    request: &SigningRequest<'_>,
    access_key_id: &str,
    key: &SigningKey,
    scope: &Scope<'_>,
) -> Signature {
    Signer::asymmetric(access_key_id, key, scope).sign(request)
}

/// Signs a URL with which anyone may send the request within `expires_in_seconds` (at most 604,800, seven days), in the
/// regions of the scope.
///
/// Returns the query to send, without `?`. Whoever has the URL can send the request: treat it as confidential.
pub fn presign(
    request: &SigningRequest<'_>,
    access_key_id: &str,
    session_token: Option<&str>,
    key: &SigningKey,
    scope: &Scope<'_>,
    expires_in_seconds: u32,
) -> String {
    let signer = Signer::asymmetric(access_key_id, key, scope);
    signer.presign(request, session_token, expires_in_seconds)
}
