//! Completes an encoded request for sending: URL, host, payload hash and signature.

use http::header::{AUTHORIZATION, HOST};
use http::uri::{Authority, PathAndQuery};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use crate::Timestamp;
use crate::body::Body;
use crate::credentials::Credentials;
use crate::endpoint::Destination;
use crate::error::{ErrorKind, Failure};
use crate::plumbing::message::HttpRequest;
use crate::plumbing::operation::Operation;
use crate::plumbing::sigv4;

const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
/// Headers that proxies and transports change, so that a signature must not cover them. botocore excludes the same
/// ones.
const UNSIGNED_HEADERS: [&str; 7] = [
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "connection",
    "expect",
    "user-agent",
    "x-amzn-trace-id",
];

/// Sets the URL of a request and signs it. `credentials` is `None` for operations that are called without a signature.
pub(crate) fn prepare(
    operation: &Operation,
    destination: &Destination,
    mut request: HttpRequest,
    credentials: Option<&Credentials>,
    time: Timestamp,
) -> Result<http::Request<Body>, Failure> {
    let authority = destination.authority(&request.host_prefix)?;
    let mut path = std::mem::take(&mut request.path);
    path.insert_str(0, &destination.path_prefix);
    let query = std::mem::take(&mut request.query);
    let text = |value: &str| HeaderValue::from_str(value).map_err(unusable);
    for (name, value) in &destination.headers {
        request.headers.insert(
            HeaderName::from_bytes(name.as_bytes()).map_err(unusable)?,
            text(value)?,
        );
    }
    // The transport writes the host header itself, from the URL.
    request.headers.remove(HOST);
    if let Some(credentials) = credentials {
        let payload = payload_hash(operation, &request.body);
        if payload == UNSIGNED_PAYLOAD {
            request.headers.insert(
                X_AMZ_CONTENT_SHA256,
                HeaderValue::from_static(UNSIGNED_PAYLOAD),
            );
        }
        if let Some(token) = credentials.token() {
            let mut token = text(token)?;
            token.set_sensitive(true);
            request.headers.insert(X_AMZ_SECURITY_TOKEN, token);
        }
        let address = Address {
            host: authority.as_str(),
            path: &path,
            query: &query,
        };
        let (authorization, date) =
            sign(destination, &request, &address, &payload, credentials, time)?;
        let date = HeaderValue::try_from(date).map_err(unusable)?;
        request.headers.insert(X_AMZ_DATE, date);
        let mut authorization = HeaderValue::try_from(authorization).map_err(unusable)?;
        authorization.set_sensitive(true);
        request.headers.insert(AUTHORIZATION, authorization);
    }
    finish(destination, request, authority, path, &query)
}

fn finish(
    destination: &Destination,
    request: HttpRequest,
    authority: Authority,
    mut path: String,
    query: &str,
) -> Result<http::Request<Body>, Failure> {
    if !query.is_empty() {
        path.push('?');
        path.push_str(query);
    }
    let uri = Uri::builder()
        .scheme(destination.scheme.clone())
        .authority(authority)
        .path_and_query(PathAndQuery::try_from(path).map_err(unusable)?)
        .build()
        .map_err(unusable)?;
    let mut message = http::Request::new(request.body);
    *message.method_mut() = request.method;
    *message.uri_mut() = uri;
    *message.headers_mut() = request.headers;
    #[cfg(feature = "test-util")]
    if let Some(sent) = request.sent {
        message.extensions_mut().insert(sent);
    }
    Ok(message)
}

/// The destination of a request, in the form that is signed.
struct Address<'a> {
    host: &'a str,
    path: &'a str,
    query: &'a str,
}

fn sign(
    destination: &Destination,
    request: &HttpRequest,
    address: &Address<'_>,
    payload: &str,
    credentials: &Credentials,
    time: Timestamp,
) -> Result<(String, String), Failure> {
    let mut headers = signed_headers(&request.headers)?;
    headers.push((HOST.as_str(), address.host));
    let scope = sigv4::Scope {
        region: &destination.signing_region,
        service: &destination.signing_name,
        time,
    };
    let key = destination.key.get(credentials.secret(), &scope);
    let request = sigv4::SigningRequest {
        method: request.method.as_str(),
        path: address.path,
        query: address.query,
        headers: &headers,
        payload_sha256_hex: payload,
        path_as_sent: destination.path_as_sent,
    };
    let signature = sigv4::sign_with_key(&request, credentials.access_key_id(), &key, &scope);
    Ok((signature.authorization, signature.amz_date))
}

fn signed_headers(headers: &HeaderMap) -> Result<Vec<(&str, &str)>, Failure> {
    headers
        .iter()
        .filter(|(name, _)| !UNSIGNED_HEADERS.contains(&name.as_str()))
        .map(|(name, value)| {
            let value = std::str::from_utf8(value.as_bytes()).map_err(unusable)?;
            Ok((name.as_str(), value))
        })
        .collect()
}

fn payload_hash(operation: &Operation, body: &Body) -> String {
    match body {
        Body::Bytes(bytes) if !operation.unsigned_payload => sigv4::sha256_hex(bytes),
        Body::Bytes(_) | Body::Stream(_) => UNSIGNED_PAYLOAD.to_owned(),
    }
}

fn unusable(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::new(ErrorKind::Request, error)
}
