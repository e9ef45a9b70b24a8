//! Completes an encoded request for sending: URL, host, payload hash and signature.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use http::header::{AUTHORIZATION, HOST};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use crate::Timestamp;
use crate::body::Body;
use crate::credentials::Credentials;
use crate::error::{ErrorKind, Failure};
use crate::plumbing::endpoint::{Endpoint, other_region, without_secrets};
use crate::plumbing::message::HttpRequest;
use crate::plumbing::operation::{Operation, Service};
use crate::plumbing::sigv4::{self, SigningKey};

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

/// The destination of a client's requests, and how they are signed for it.
#[derive(Debug)]
pub(crate) struct Destination {
    scheme: Scheme,
    authority: Authority,
    /// Whether a host prefix may be added: not to an address or a local name.
    takes_host_prefix: bool,
    path_prefix: String,
    signing_name: String,
    signing_region: String,
    headers: Vec<(String, String)>,
    key: LastKey,
}

/// The key of the last signature. It is valid for a day, and deriving it takes longer than the rest of signing.
#[derive(Default)]
struct LastKey(Mutex<Option<(i64, String, SigningKey)>>);

impl LastKey {
    /// The key for a secret and a scope; the region and the service are always the same.
    fn get(&self, secret: &str, scope: &sigv4::Scope<'_>) -> SigningKey {
        let day = scope.time.epoch_seconds().div_euclid(24 * 60 * 60);
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((of_day, of_secret, key)) if *of_day == day && of_secret == secret => key.clone(),
            _ => {
                let key = sigv4::signing_key(secret, scope);
                *last = Some((day, secret.to_owned(), key.clone()));
                key
            }
        }
    }
}

impl fmt::Debug for LastKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LastKey(..)")
    }
}

fn address_of(host: &str) -> Option<std::net::IpAddr> {
    host.trim_matches(['[', ']']).parse().ok()
}

/// Whether a host is this machine, so that requests to it need not be encrypted.
pub(crate) fn is_local(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || address_of(host).is_some_and(|address| address.to_canonical().is_loopback())
}

impl Destination {
    pub(crate) fn new(
        service: &Service,
        endpoint: &Endpoint,
        region: Option<&str>,
        plain_http: bool,
    ) -> Result<Self, String> {
        let url = without_secrets(&endpoint.url);
        let uri: Uri = endpoint
            .url
            .parse()
            .map_err(|error| format!("the endpoint `{url}` is not a URL: {error}"))?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(format!(
                "the endpoint `{url}` must begin with https:// or http:// and name a host"
            ));
        };
        if authority.as_str().contains('@') {
            return Err("the endpoint must not hold a user or a password".to_owned());
        }
        let host = authority.host();
        let address = address_of(host);
        let local = is_local(host);
        if *scheme != Scheme::HTTPS && !(*scheme == Scheme::HTTP && (local || plain_http)) {
            return Err(format!(
                "the endpoint `{url}` is not encrypted: use https, or allow plain http in the configuration"
            ));
        }
        if uri.query().is_some() {
            return Err(format!("the endpoint `{url}` must not hold a query"));
        }
        let signing_region = endpoint
            .signing_region
            .as_deref()
            .or(region)
            .ok_or_else(|| {
                "no region to sign for: set one in code or with AWS_REGION".to_owned()
            })?;
        Ok(Self {
            scheme: scheme.clone(),
            authority: without_default_port(scheme, authority.as_str())
                .parse()
                .map_err(|error| format!("the endpoint `{url}` is not a URL: {error}"))?,
            takes_host_prefix: !local && address.is_none(),
            path_prefix: uri.path().trim_end_matches('/').to_owned(),
            signing_name: endpoint
                .signing_name
                .as_deref()
                .unwrap_or(service.signing_name)
                .to_owned(),
            signing_region: signing_region.to_owned(),
            headers: endpoint
                .headers
                .iter()
                .map(|(name, value)| (name.to_string(), value.to_string()))
                .collect(),
            key: LastKey::default(),
        })
    }

    /// Refuses an operation that is not available at the endpoint of this region.
    pub(crate) fn check_region(&self, operation: &Operation) -> Result<(), Failure> {
        let Some(region) = operation.endpoint_region else {
            return Ok(());
        };
        let host = self.authority.as_str().to_ascii_lowercase();
        let host = host.split(':').next().unwrap_or_default();
        match other_region(host, region) {
            None => Ok(()),
            Some(other) => Err(Failure::new(
                ErrorKind::Configuration,
                format!(
                    "only the endpoint of {region} has the operation, and the client's, {host}, is that of {other}"
                ),
            )),
        }
    }

    fn authority(&self, host_prefix: &str) -> Result<Authority, Failure> {
        if self.takes_host_prefix && !host_prefix.is_empty() {
            format!("{host_prefix}{}", self.authority)
                .try_into()
                .map_err(unusable)
        } else {
            Ok(self.authority.clone())
        }
    }
}

fn without_default_port<'a>(scheme: &Scheme, authority: &'a str) -> &'a str {
    let port = if *scheme == Scheme::HTTPS {
        ":443"
    } else {
        ":80"
    };
    authority.strip_suffix(port).unwrap_or(authority)
}

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
