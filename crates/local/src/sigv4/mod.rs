//! Verifies requests by Signature Version 4.
//!
//! This module shares no code with the signer of the clients, so that a mistake there does not cancel itself out here.
//! It follows "Create a signed AWS API request" in the IAM User Guide.

mod canonical;
mod presigned;

use std::collections::BTreeMap;

use attache_runtime::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::clock::milliseconds_between;
use crate::hexadecimal::hex;
use crate::wire::Request;

pub(crate) use presigned::UrlSigner;

use canonical::canonical_request;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// The allowed difference of the clocks: five minutes.
const TOLERANCE_MILLISECONDS: i64 = 5 * 60 * 1000;

/// The known keys, and whether signatures are verified.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeyRing {
    /// Secret access keys by access key id.
    pub(crate) keys: BTreeMap<String, Secret>,
    /// Whether any signature is accepted, or none at all.
    pub(crate) accept_any: bool,
}

impl KeyRing {
    /// The secret that links are signed with: another one for other keys, and the same after a restart.
    pub(crate) fn link_secret(&self) -> Secret {
        let mut hash = Sha256::new_with_prefix("attache-local signs its links with this");
        for (id, secret) in &self.keys {
            hash.update(format!("\n{id} {}", secret.0));
        }
        Secret(hex(&hash.finalize()))
    }
}

/// A secret that `Debug` does not show.
#[derive(Clone)]
pub(crate) struct Secret(pub(crate) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secret(..)")
    }
}

/// Why a request is not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rejection {
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

fn reject<T>(code: &'static str, message: impl Into<String>) -> Result<T, Rejection> {
    Err(Rejection {
        code,
        message: message.into(),
    })
}

/// The content of the header `authorization`.
struct Authorization<'a> {
    access_key: &'a str,
    /// Day, region, service and `aws4_request`.
    scope: [&'a str; 4],
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Authorization<'a> {
    fn parse(header: &'a str) -> Result<Self, Rejection> {
        let incomplete = |what: &str| {
            reject(
                "IncompleteSignatureException",
                format!("The header `Authorization` lacks {what}."),
            )
        };
        let Some(rest) = header.strip_prefix(ALGORITHM) else {
            return incomplete("the algorithm AWS4-HMAC-SHA256");
        };
        let part = |name: &str| {
            rest.split(',')
                .map(str::trim)
                .find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
        };
        let Some(credential) = part("Credential") else {
            return incomplete("`Credential`");
        };
        let Some(signed_headers) = part("SignedHeaders") else {
            return incomplete("`SignedHeaders`");
        };
        let Some(signature) = part("Signature") else {
            return incomplete("`Signature`");
        };
        let Some((access_key, scope)) = scope(credential) else {
            return incomplete("a credential of the form KEY/DAY/REGION/SERVICE/aws4_request");
        };
        Ok(Self {
            access_key,
            scope,
            signed_headers,
            signature,
        })
    }
}

/// The access key and the four parts of the scope.
fn scope(credential: &str) -> Option<(&str, [&str; 4])> {
    let mut parts = credential.rsplitn(5, '/');
    let (kind, service, region, day) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let key = parts.next()?;
    (kind == "aws4_request").then_some((key, [day, region, service, kind]))
}

/// The service that a request is signed for, if the header can be read.
pub(crate) fn signed_service(request: &Request) -> Option<String> {
    let header = request.header("authorization")?;
    let authorization = Authorization::parse(&header).ok()?;
    Some(authorization.scope[2].to_owned())
}

/// The access key and the region that a request is signed with, if the header can be read.
pub(crate) fn signed_scope(request: &Request) -> Option<(String, String)> {
    let header = request.header("authorization")?;
    let authorization = Authorization::parse(&header).ok()?;
    let region = authorization.scope[1].to_owned();
    Some((authorization.access_key.to_owned(), region))
}

/// The header `Authorization`.
fn authorization(request: &Request) -> Result<String, Rejection> {
    match request.header("authorization") {
        Some(header) => Ok(header),
        None => reject(
            "MissingAuthenticationTokenException",
            "The request is not signed: it lacks the header `Authorization`.",
        ),
    }
}

/// The header `X-Amz-Date`.
fn date(request: &Request) -> Result<String, Rejection> {
    match request.header("x-amz-date") {
        Some(date) => Ok(date),
        None => reject(
            "IncompleteSignatureException",
            "The request lacks the header `X-Amz-Date`.",
        ),
    }
}

fn secret<'a>(keys: &'a KeyRing, access_key: &str) -> Result<&'a Secret, Rejection> {
    match keys.keys.get(access_key) {
        Some(secret) => Ok(secret),
        None => reject(
            "UnrecognizedClientException",
            "The security token included in the request is invalid: its access key is not known here.",
        ),
    }
}

/// Verifies the parts of a signature that are in the headers, before the body is read.
pub(crate) fn verify_head(
    request: &Request,
    keys: &KeyRing,
    service: &str,
    now: Timestamp,
) -> Result<(), Rejection> {
    if keys.accept_any {
        return Ok(());
    }
    let header = authorization(request)?;
    let authorization = Authorization::parse(&header)?;
    secret(keys, authorization.access_key)?;
    let date = date(request)?;
    verify_scope(&authorization, &date, service)?;
    verify_time(&date, now)?;
    verify_signed_headers(request, authorization.signed_headers)
}

/// Verifies the signature in the header of a whole request, whose head was verified before.
pub(crate) fn verify_signature(request: &Request, keys: &KeyRing) -> Result<(), Rejection> {
    if keys.accept_any {
        return Ok(());
    }
    let header = authorization(request)?;
    let authorization = Authorization::parse(&header)?;
    let secret = secret(keys, authorization.access_key)?;
    let date = date(request)?;
    let payload = hex(&Sha256::digest(&request.body));
    let canonical = canonical_request(
        request,
        &request.query,
        authorization.signed_headers,
        &payload,
    );
    let expected = signature(&secret.0, authorization.scope, &date, &canonical);
    if !constant_time_equal(&expected, authorization.signature) {
        return reject(
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check your secret access \
             key and how the request is signed.",
        );
    }
    Ok(())
}

fn verify_scope(
    authorization: &Authorization<'_>,
    date: &str,
    service: &str,
) -> Result<(), Rejection> {
    let [day, region, signed_service, _] = authorization.scope;
    if date.get(..8) != Some(day) {
        return reject(
            "InvalidSignatureException",
            format!("The day of the credential, {day}, is not that of `X-Amz-Date`, {date}."),
        );
    }
    if signed_service != service || region.is_empty() {
        return reject(
            "InvalidSignatureException",
            format!(
                "Credential should be scoped to the service `{service}`, not `{signed_service}`."
            ),
        );
    }
    Ok(())
}

fn verify_time(date: &str, now: Timestamp) -> Result<(), Rejection> {
    let Some(signed) = parse_basic(date) else {
        return reject(
            "IncompleteSignatureException",
            format!("`X-Amz-Date` must be of the form 20260131T235959Z, not `{date}`."),
        );
    };
    let age = milliseconds_between(now, signed);
    let (code, now) = ("InvalidSignatureException", basic(now));
    if age > TOLERANCE_MILLISECONDS {
        return reject(
            code,
            format!("Signature expired: {date} is more than 5 minutes before {now}."),
        );
    }
    if age < -TOLERANCE_MILLISECONDS {
        return reject(
            code,
            format!("Signature not yet current: {date} is more than 5 minutes after {now}."),
        );
    }
    Ok(())
}

/// `host` must be signed, and so must every `x-amz-` header.
fn verify_signed_headers(request: &Request, signed: &str) -> Result<(), Rejection> {
    let signed: Vec<&str> = signed.split(';').collect();
    let needed = request
        .headers
        .keys()
        .map(http::HeaderName::as_str)
        .filter(|name| name.starts_with("x-amz-") || *name == "host");
    for name in needed {
        if !signed.contains(&name) {
            return reject(
                "InvalidSignatureException",
                format!("The header `{name}` must be signed."),
            );
        }
    }
    for name in signed {
        if !request.headers.contains_key(name) {
            return reject(
                "InvalidSignatureException",
                format!("The header `{name}` is signed but was not sent."),
            );
        }
    }
    Ok(())
}

fn signature(secret: &str, scope: [&str; 4], date: &str, canonical: &str) -> String {
    let hash = hex(&Sha256::digest(canonical));
    let text = format!("{ALGORITHM}\n{date}\n{}\n{hash}", scope.join("/"));
    let first = format!("AWS4{secret}").into_bytes();
    let key = scope
        .iter()
        .fold(first, |key, part| hmac(&key, part.as_bytes()));
    hex(&hmac(&key, text.as_bytes()))
}

fn hmac(key: &[u8], data: &[u8]) -> Vec<u8> {
    // HMAC accepts keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

fn constant_time_equal(one: &str, two: &str) -> bool {
    one.len() == two.len()
        && one
            .bytes()
            .zip(two.bytes())
            .fold(0, |difference, (one, two)| difference | (one ^ two))
            == 0
}

/// `20260131T235959Z`.
pub(crate) fn basic(time: Timestamp) -> String {
    let seconds = Timestamp::from_epoch_seconds(time.epoch_seconds()).unwrap_or(time);
    seconds.to_string().replace(['-', ':'], "")
}

fn parse_basic(text: &str) -> Option<Timestamp> {
    let shape = text.bytes().enumerate().all(|(index, byte)| match index {
        8 => byte == b'T',
        15 => byte == b'Z',
        _ => byte.is_ascii_digit(),
    });
    if !shape || text.len() != 16 {
        return None;
    }
    let part = |from: usize, to: usize| &text[from..to];
    format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(9, 11),
        part(11, 13),
        part(13, 15)
    )
    .parse()
    .ok()
}
