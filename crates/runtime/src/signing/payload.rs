//! What a signature says about the payload: its hash, that it is not signed, or that its chunks are.

use http::{HeaderName, HeaderValue};

use super::chunks::Chunks;
use super::{Address, X_AMZ_SECURITY_TOKEN, secret, unusable};
use crate::body::Body;
use crate::credentials::Credentials;
use crate::error::{ErrorKind, Failure};
use crate::headers;
use crate::plumbing::message::HttpRequest;
use crate::plumbing::operation::{Operation, SignatureVersion};
use crate::plumbing::sigv4;
use crate::texts::ToText as _;

const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
/// The events of a request are signed one by one.
const SIGNED_EVENTS: &str = "STREAMING-AWS4-HMAC-SHA256-EVENTS";
const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// The hash of the payload in a URL, or what stands for it: whoever has the URL sends the body that is signed, or any.
#[inline]
pub(super) fn presigned_payload(
    operation: &Operation,
    request: &mut HttpRequest,
) -> Result<String, Failure> {
    if request.signature_version == SignatureVersion::S3V4 {
        return Ok(UNSIGNED_PAYLOAD.to_text());
    }
    if operation.unsigned_payload {
        // Only the service of that version takes it for granted.
        let value = HeaderValue::from_static(UNSIGNED_PAYLOAD);
        headers::insert(&mut request.headers, X_AMZ_CONTENT_SHA256, value);
        return Ok(UNSIGNED_PAYLOAD.to_text());
    }
    match &request.body {
        Body::Bytes(bytes) if !request.has_events() => Ok(sigv4::sha256_hex(bytes)),
        _ => Err(Failure::new(
            ErrorKind::Request,
            "the body of a presigned request is signed, so it must be in memory and not a stream",
        )),
    }
}

/// Whether a presigned URL of a request accepts any body.
pub(crate) fn signs_any_body(operation: &Operation, request: &HttpRequest) -> bool {
    operation.unsigned_payload || request.signature_version == SignatureVersion::S3V4
}

/// Sets the headers that are signed. Returns the hash of the payload, or what stands for it.
pub(super) fn before(
    request: &mut HttpRequest,
    address: &Address,
    operation: &Operation,
    credentials: &Credentials,
    chunks: &Chunks,
) -> Result<String, Failure> {
    let is_signed = !(operation.unsigned_payload && address.is_encrypted);
    let of_sources = match is_signed {
        true => request.hash_of_sources(),
        false => None,
    };
    let payload = match (chunks.payload(), of_sources, &request.body) {
        _ if request.has_events() => SIGNED_EVENTS.to_text(),
        (Some(payload), ..) => payload.to_text(),
        (None, Some(hash), _) => hash,
        // Who could change a body on its way must not be able to.
        (None, None, Body::Bytes(bytes)) if is_signed => sigv4::sha256_hex(bytes),
        (None, None, Body::Stream(_)) if !address.is_private => {
            let host = address.authority.host();
            return Err(Failure::new(
                ErrorKind::Configuration,
                format!(
                    "a streamed body cannot be signed, so it is not sent to {host} unencrypted: use an endpoint with \
                     https, or a body in memory"
                ),
            ));
        }
        (None, None, Body::Bytes(_) | Body::Stream(_)) => UNSIGNED_PAYLOAD.to_text(),
    };
    let needs_header = request.signature_version == SignatureVersion::S3V4;
    if payload == UNSIGNED_PAYLOAD || needs_header || request.has_events() {
        let value = HeaderValue::from_str(&payload).map_err(unusable)?;
        headers::insert(&mut request.headers, X_AMZ_CONTENT_SHA256, value);
    }
    if let Some(token) = credentials.token() {
        headers::insert(&mut request.headers, X_AMZ_SECURITY_TOKEN, secret(token)?);
    }
    Ok(payload)
}
