//! Completes an encoded request for sending: URL, host, payload hash, and signature or token.

mod chunks;
mod payload;

use http::header::{AUTHORIZATION, HOST};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use self::chunks::Chunks;
pub(crate) use self::payload::signs_any_body;
use self::payload::{before, presigned_payload};
use crate::Timestamp;
#[cfg(feature = "bearer")]
use crate::bearer::BearerToken;
use crate::body::Body;
use crate::credentials::Credentials;
use crate::endpoint::Destination;
use crate::error::{ErrorKind, Failure};
use crate::headers;
use crate::plumbing::message::HttpRequest;
use crate::plumbing::operation::Operation;
use crate::plumbing::sigv4::{self, PathForm};
#[cfg(feature = "sigv4a")]
use crate::plumbing::sigv4a;
use crate::signing_key::LastKeys;

const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
#[cfg(feature = "sigv4a")]
const X_AMZ_REGION_SET: HeaderName = HeaderName::from_static("x-amz-region-set");
/// Headers that proxies and transports change, so that a signature must not cover them. botocore excludes the same ones,
/// beside those of an attempt (`amz-sdk-…`).
const UNSIGNED_HEADERS: [&str; 17] = [
    "amz-sdk-invocation-id",
    "amz-sdk-request",
    "authorization",
    "baggage",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
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

impl Authorization {
    /// Whether it is a signature, which covers the body.
    pub(crate) fn is_signature(&self) -> bool {
        match self {
            Self::SigV4(..) => true,
            #[cfg(feature = "sigv4a")]
            Self::SigV4a(..) => true,
            _ => false,
        }
    }

    /// The identifiers under which AWS counts what is used for it.
    #[inline(never)]
    pub(crate) fn feature_ids(&self) -> Vec<&'static str> {
        match self {
            Self::NoAuth => Vec::new(),
            Self::SigV4(credentials, _) => credentials.sources().to_vec(),
            #[cfg(feature = "sigv4a")]
            Self::SigV4a(credentials, _) => [&["S"], credentials.sources()].concat(),
            #[cfg(feature = "bearer")]
            Self::Bearer(token) => token.sources().to_vec(),
        }
    }

    /// Whether the credentials of a signature state their account.
    pub(crate) fn has_account(&self) -> bool {
        match self {
            Self::SigV4(credentials, _) => credentials.account().is_some(),
            #[cfg(feature = "sigv4a")]
            Self::SigV4a(credentials, _) => credentials.account().is_some(),
            _ => false,
        }
    }

    /// When the credentials of a signature expire.
    #[inline]
    pub(crate) fn expiry(&self) -> Option<Timestamp> {
        match self {
            Self::SigV4(credentials, _) => credentials.expiry(),
            #[cfg(feature = "sigv4a")]
            Self::SigV4a(credentials, _) => credentials.expiry(),
            _ => None,
        }
    }
}

/// What a signature is valid for.
pub(crate) struct Target {
    /// The signing name of the service.
    pub(crate) name: String,
    pub(crate) region: String,
    /// The form in which the path is signed.
    pub(crate) path_form: PathForm,
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
    let address = Address::of(destination, &mut request)?;
    let mut chunks = Chunks::of(&mut request, &address, authorization);
    match authorization {
        Authorization::NoAuth => {}
        #[cfg(feature = "bearer")]
        Authorization::Bearer(token) => {
            let value = format!("Bearer {}", token.text());
            headers::insert(&mut request.headers, AUTHORIZATION, secret(&value)?);
        }
        Authorization::SigV4(credentials, target) => {
            let payload = before(&mut request, &address, operation, credentials, &chunks)?;
            let scope = target.symmetric(time);
            let key = keys.symmetric(credentials.secret(), &scope);
            let headers = address.signed_headers(&request)?;
            let signed = address.signing_request(&request, &headers, &payload, target);
            let signature =
                sigv4::sign_with_key(&signed, credentials.access_key_id(), &key, &scope);
            #[cfg(feature = "event-stream")]
            request.sign_events(credentials, &scope, &signature);
            chunks.begin(key, &scope, &signature);
            after(&mut request, signature)?;
        }
        #[cfg(feature = "sigv4a")]
        Authorization::SigV4a(credentials, target) => {
            #[cfg(feature = "event-stream")]
            request.refuse_events()?;
            let payload = before(&mut request, &address, operation, credentials, &chunks)?;
            let scope = target.asymmetric(time);
            let id = credentials.access_key_id();
            let key = keys.asymmetric(id, credentials.secret());
            let headers = address.signed_headers(&request)?;
            let signed = address.signing_request(&request, &headers, &payload, target);
            let signature = sigv4a::sign(&signed, id, &key, &scope);
            let regions = HeaderValue::from_str(scope.region_set).map_err(unusable)?;
            headers::insert(&mut request.headers, X_AMZ_REGION_SET, regions);
            after(&mut request, signature)?;
        }
    }
    #[cfg(feature = "event-stream")]
    request.finish_events();
    chunks.cut(&mut request);
    let (scheme, query) = (destination.scheme.clone(), address.query);
    finish(scheme, request, address.authority, address.path, &query)
}

/// Makes a URL of a request that anyone may send within these seconds. Returns it, and the headers that it signs.
#[inline]
pub(crate) fn presign(
    operation: &Operation,
    destination: &Destination,
    request: &mut HttpRequest,
    authorization: &Authorization,
    keys: &LastKeys,
    (time, seconds): (Timestamp, u32),
) -> Result<(String, HeaderMap), Failure> {
    let address = Address::of(destination, request)?;
    let payload = presigned_payload(operation, request)?;
    let headers = address.signed_headers(request)?;
    let query = match authorization {
        Authorization::SigV4(credentials, target) => {
            let scope = target.symmetric(time);
            let key = keys.symmetric(credentials.secret(), &scope);
            let signed = address.signing_request(request, &headers, &payload, target);
            let (id, token) = (credentials.access_key_id(), credentials.token());
            sigv4::presign(&signed, id, token, &key, &scope, seconds)
        }
        #[cfg(feature = "sigv4a")]
        Authorization::SigV4a(credentials, target) => {
            let scope = target.asymmetric(time);
            let (id, token) = (credentials.access_key_id(), credentials.token());
            let key = keys.asymmetric(id, credentials.secret());
            let signed = address.signing_request(request, &headers, &payload, target);
            sigv4a::presign(&signed, id, token, &key, &scope, seconds)
        }
        _ => {
            return Err(Failure::new(
                ErrorKind::Request,
                "a URL can be presigned only for a request that is signed, and this one is not",
            ));
        }
    };
    let signed = headers.iter().filter(|(name, _)| *name != HOST.as_str());
    let mut kept = HeaderMap::new();
    for (name, _) in signed.filter(|(name, _)| !sigv4::UNSIGNED_IN_URL.contains(name)) {
        for value in request.headers.get_all(*name) {
            kept.append(
                HeaderName::from_bytes(name.as_bytes()).map_err(unusable)?,
                value.clone(),
            );
        }
    }
    let (scheme, authority, path) = (&destination.scheme, &address.authority, &address.path);
    Ok((format!("{scheme}://{authority}{path}?{query}"), kept))
}

fn finish(
    scheme: Scheme,
    request: HttpRequest,
    authority: Authority,
    mut path: String,
    query: &str,
) -> Result<http::Request<Body>, Failure> {
    if !query.is_empty() {
        path.push('?');
        path.push_str(query);
    }
    let mut parts = http::uri::Parts::default();
    parts.scheme = Some(scheme);
    parts.authority = Some(authority);
    parts.path_and_query = Some(PathAndQuery::try_from(path).map_err(unusable)?);
    let uri = Uri::from_parts(parts).map_err(unusable)?;
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
struct Address {
    authority: Authority,
    path: String,
    query: String,
    is_encrypted: bool,
    /// Whether no other machine can change a request on its way.
    is_private: bool,
}

impl Address {
    /// Takes path and query out of a request, and sets the headers of its destination.
    fn of(destination: &Destination, request: &mut HttpRequest) -> Result<Self, Failure> {
        let authority = destination.authority(&request.host_prefix)?;
        let mut path = std::mem::take(&mut request.path);
        path.insert_str(0, &destination.path_prefix);
        // An operation whose labels are all in the endpoint has no path of its own.
        if path.is_empty() {
            path.push('/');
        }
        for (name, value) in &destination.headers {
            headers::insert(
                &mut request.headers,
                HeaderName::from_bytes(name.as_bytes()).map_err(unusable)?,
                HeaderValue::from_str(value).map_err(unusable)?,
            );
        }
        // The transport writes the host header itself, from the URL.
        if headers::has(&request.headers, &HOST) {
            // Removing one is much code of `HeaderMap`, and there is hardly ever one.
            let all = std::mem::take(&mut request.headers);
            for (name, value) in &all {
                if *name != HOST {
                    request.headers.append(name, value.clone());
                }
            }
        }
        Ok(Self {
            authority,
            path,
            query: std::mem::take(&mut request.query),
            is_encrypted: destination.scheme == Scheme::HTTPS,
            is_private: destination.is_private(),
        })
    }

    fn signed_headers<'a>(
        &'a self,
        request: &'a HttpRequest,
    ) -> Result<Vec<(&'a str, &'a str)>, Failure> {
        let mut headers = signed_headers(&request.headers)?;
        headers.push((HOST.as_str(), self.authority.as_str()));
        Ok(headers)
    }

    fn signing_request<'a>(
        &'a self,
        request: &'a HttpRequest,
        headers: &'a [(&'a str, &'a str)],
        payload: &'a str,
        target: &Target,
    ) -> sigv4::SigningRequest<'a> {
        sigv4::SigningRequest {
            method: request.method.as_str(),
            path: &self.path,
            query: &self.query,
            headers,
            payload_sha256_hex: payload,
            path_form: target.path_form,
        }
    }
}

impl Target {
    fn symmetric(&self, time: Timestamp) -> sigv4::Scope<'_> {
        sigv4::Scope {
            region: &self.region,
            service: &self.name,
            time,
        }
    }

    #[cfg(feature = "sigv4a")]
    fn asymmetric(&self, time: Timestamp) -> sigv4a::Scope<'_> {
        sigv4a::Scope {
            region_set: &self.region,
            service: &self.name,
            time,
        }
    }
}

/// Sets the headers of a signature.
fn after(request: &mut HttpRequest, signature: sigv4::Signature) -> Result<(), Failure> {
    let date = HeaderValue::try_from(signature.amz_date).map_err(unusable)?;
    headers::insert(&mut request.headers, X_AMZ_DATE, date);
    let authorization = secret(&signature.authorization)?;
    headers::insert(&mut request.headers, AUTHORIZATION, authorization);
    Ok(())
}

/// A value that is not shown.
#[inline(never)]
fn secret(value: &str) -> Result<HeaderValue, Failure> {
    let mut value = HeaderValue::from_str(value).map_err(unusable)?;
    value.set_sensitive(true);
    Ok(value)
}

fn signed_headers(headers: &HeaderMap) -> Result<Vec<(&str, &str)>, Failure> {
    let mut signed = Vec::with_capacity(headers.len() + 1);
    for (name, value) in headers {
        if !UNSIGNED_HEADERS.contains(&name.as_str()) {
            let value = std::str::from_utf8(value.as_bytes()).map_err(unusable)?;
            signed.push((name.as_str(), value));
        }
    }
    Ok(signed)
}

fn unusable(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::new(ErrorKind::Request, error)
}
