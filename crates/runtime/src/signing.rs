//! Completes an encoded request for sending: URL, host, payload hash, and signature or token.

use http::header::{AUTHORIZATION, HOST};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use crate::Timestamp;
#[cfg(feature = "bearer")]
use crate::bearer::BearerToken;
use crate::body::Body;
use crate::credentials::Credentials;
use crate::endpoint::Destination;
use crate::error::{ErrorKind, Failure};
use crate::plumbing::message::HttpRequest;
use crate::plumbing::operation::Operation;
use crate::plumbing::sigv4;
#[cfg(feature = "sigv4a")]
use crate::plumbing::sigv4a;
use crate::signing_key::LastKeys;

const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";
const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
#[cfg(feature = "sigv4a")]
const X_AMZ_REGION_SET: HeaderName = HeaderName::from_static("x-amz-region-set");
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

/// How a request is authenticated.
pub(crate) enum Authorization {
    /// Not at all.
    NoAuth,
    /// Signature Version 4; the region of the target is one.
    SigV4(Credentials, Target),
    /// The same with an asymmetric key; the region of the target is a list with commas.
    #[cfg(feature = "sigv4a")]
    SigV4a(Credentials, Target),
    /// A bearer token.
    #[cfg(feature = "bearer")]
    Bearer(BearerToken),
}

/// What a signature is valid for.
pub(crate) struct Target {
    /// The signing name of the service.
    pub(crate) name: String,
    pub(crate) region: String,
    /// Whether the path is signed as it is sent.
    pub(crate) path_as_sent: bool,
}

/// Sets the URL of a request and authenticates it.
pub(crate) fn prepare(
    operation: &Operation,
    destination: &Destination,
    mut request: HttpRequest,
    authorization: &Authorization,
    keys: &LastKeys,
    time: Timestamp,
) -> Result<http::Request<Body>, Failure> {
    let authority = destination.authority(&request.host_prefix)?;
    let mut path = std::mem::take(&mut request.path);
    path.insert_str(0, &destination.path_prefix);
    let query = std::mem::take(&mut request.query);
    for (name, value) in &destination.headers {
        request.headers.insert(
            HeaderName::from_bytes(name.as_bytes()).map_err(unusable)?,
            HeaderValue::from_str(value).map_err(unusable)?,
        );
    }
    // The transport writes the host header itself, from the URL.
    request.headers.remove(HOST);
    let address = Address {
        host: authority.as_str(),
        path: &path,
        query: &query,
    };
    // Who could change a body on its way must not be able to.
    let signs_payload = !operation.unsigned_payload || destination.scheme != Scheme::HTTPS;
    match authorization {
        Authorization::NoAuth => {}
        #[cfg(feature = "bearer")]
        Authorization::Bearer(token) => {
            let value = format!("Bearer {}", token.text());
            request.headers.insert(AUTHORIZATION, secret(&value)?);
        }
        Authorization::SigV4(credentials, target) => {
            let signing = Signing {
                credentials,
                target,
                time,
                signs_payload,
            };
            signing.sign(&mut request, &address, keys)?;
        }
        #[cfg(feature = "sigv4a")]
        Authorization::SigV4a(credentials, target) => {
            let signing = Signing {
                credentials,
                target,
                time,
                signs_payload,
            };
            signing.sign_asymmetric(&mut request, &address, keys)?;
        }
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

/// A signature to be made.
struct Signing<'a> {
    credentials: &'a Credentials,
    target: &'a Target,
    time: Timestamp,
    signs_payload: bool,
}

impl Signing<'_> {
    fn sign(
        &self,
        request: &mut HttpRequest,
        address: &Address<'_>,
        keys: &LastKeys,
    ) -> Result<(), Failure> {
        let payload = self.before(request)?;
        let scope = sigv4::Scope {
            region: &self.target.region,
            service: &self.target.name,
            time: self.time,
        };
        let key = keys.symmetric(self.credentials.secret(), &scope);
        let signature = self.made(request, address, &payload, |request, id| {
            sigv4::sign_with_key(request, id, &key, &scope)
        })?;
        after(request, signature)
    }

    #[cfg(feature = "sigv4a")]
    fn sign_asymmetric(
        &self,
        request: &mut HttpRequest,
        address: &Address<'_>,
        keys: &LastKeys,
    ) -> Result<(), Failure> {
        let payload = self.before(request)?;
        let scope = sigv4a::Scope {
            region_set: &self.target.region,
            service: &self.target.name,
            time: self.time,
        };
        let credentials = self.credentials;
        let key = keys.asymmetric(credentials.access_key_id(), credentials.secret());
        let signature = self.made(request, address, &payload, |request, id| {
            sigv4a::sign(request, id, &key, &scope)
        })?;
        let regions = HeaderValue::from_str(scope.region_set).map_err(unusable)?;
        request.headers.insert(X_AMZ_REGION_SET, regions);
        after(request, signature)
    }

    /// Sets the headers that are signed. Returns the hash of the payload, or what stands for it.
    fn before(&self, request: &mut HttpRequest) -> Result<String, Failure> {
        let payload = match &request.body {
            Body::Bytes(bytes) if self.signs_payload => sigv4::sha256_hex(bytes),
            Body::Bytes(_) | Body::Stream(_) => UNSIGNED_PAYLOAD.to_owned(),
        };
        // A service that signs paths as they are sent wants the header in any case: S3.
        if payload == UNSIGNED_PAYLOAD || self.target.path_as_sent {
            let value = HeaderValue::from_str(&payload).map_err(unusable)?;
            request.headers.insert(X_AMZ_CONTENT_SHA256, value);
        }
        if let Some(token) = self.credentials.token() {
            request.headers.insert(X_AMZ_SECURITY_TOKEN, secret(token)?);
        }
        Ok(payload)
    }

    fn made(
        &self,
        request: &HttpRequest,
        address: &Address<'_>,
        payload: &str,
        sign: impl FnOnce(&sigv4::SigningRequest<'_>, &str) -> sigv4::Signature,
    ) -> Result<sigv4::Signature, Failure> {
        let mut headers = signed_headers(&request.headers)?;
        headers.push((HOST.as_str(), address.host));
        let request = sigv4::SigningRequest {
            method: request.method.as_str(),
            path: address.path,
            query: address.query,
            headers: &headers,
            payload_sha256_hex: payload,
            path_as_sent: self.target.path_as_sent,
        };
        Ok(sign(&request, self.credentials.access_key_id()))
    }
}

/// Sets the headers of a signature.
fn after(request: &mut HttpRequest, signature: sigv4::Signature) -> Result<(), Failure> {
    let date = HeaderValue::try_from(signature.amz_date).map_err(unusable)?;
    request.headers.insert(X_AMZ_DATE, date);
    let authorization = secret(&signature.authorization)?;
    request.headers.insert(AUTHORIZATION, authorization);
    Ok(())
}

/// A value that is not shown.
fn secret(value: &str) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(value).map_err(unusable)?;
    value.set_sensitive(true);
    Ok(value)
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

fn unusable(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::new(ErrorKind::Request, error)
}
