//! Presigned URLs in the form of S3: the signature is in the query, the path is encoded once, and the body is not
//! signed.

use std::time::Duration;

use attache_runtime::Timestamp;

use super::canonical::{canonical, canonical_query};
use super::{
    ALGORITHM, Rejection, Secret, basic, constant_time_equal, parse_basic, reject, scope, signature,
};
use crate::clock::milliseconds_between;
use crate::wire::Request;

/// Creates and verifies presigned URLs.
#[derive(Clone, Debug)]
pub(crate) struct UrlSigner {
    pub(crate) access_key: String,
    pub(crate) secret: Secret,
    pub(crate) region: String,
}

impl UrlSigner {
    /// A URL for one request. `headers` are further headers that the request must have, as they will be sent.
    pub(crate) fn sign(
        &self,
        method: &str,
        host: &str,
        path: &str,
        headers: &[(&'static str, String)],
        now: Timestamp,
        lifetime: Duration,
    ) -> String {
        let date = basic(now);
        let scope = [&date[..8], &self.region, "s3", "aws4_request"];
        let mut map = http::HeaderMap::new();
        let host_header = ("host", host.to_owned());
        for (name, value) in headers.iter().chain(std::iter::once(&host_header)) {
            if let Ok(value) = value.parse() {
                map.insert(*name, value);
            }
        }
        let mut names: Vec<&str> = map.keys().map(http::HeaderName::as_str).collect();
        names.sort_unstable();
        let names = names.join(";");
        let credential = format!("{}/{}", self.access_key, scope.join("/"));
        let seconds = lifetime.as_secs();
        let query = canonical_query(&format!(
            "X-Amz-Algorithm={ALGORITHM}&X-Amz-Credential={credential}&X-Amz-Date={date}\
             &X-Amz-Expires={seconds}&X-Amz-SignedHeaders={names}"
        ));
        let request = Request {
            method: method.parse().unwrap_or_default(),
            path: path.to_owned(),
            query: query.clone(),
            headers: map,
            body: bytes::Bytes::new(),
        };
        let canonical = canonical(&request, path, &query, &names, "UNSIGNED-PAYLOAD");
        let signature = signature(&self.secret.0, scope, &date, &canonical);
        format!("http://{host}{path}?{query}&X-Amz-Signature={signature}")
    }

    /// Verifies the signature in the query of a request.
    pub(crate) fn verify(&self, request: &Request, now: Timestamp) -> Result<(), Rejection> {
        let incomplete = || {
            reject(
                "AuthorizationQueryParametersError",
                "The URL lacks a part of its signature.",
            )
        };
        let (signature_sent, rest) = without_signature(&request.query);
        let (Some(sent), Some(date), Some(expires), Some(names), Some(credential)) = (
            signature_sent,
            request.query_value("X-Amz-Date"),
            request.query_value("X-Amz-Expires"),
            request.query_value("X-Amz-SignedHeaders"),
            request.query_value("X-Amz-Credential"),
        ) else {
            return incomplete();
        };
        let (Some(signed), Ok(lifetime), Some((_, scope))) = (
            parse_basic(&date),
            expires.parse::<i64>(),
            scope(&credential),
        ) else {
            return incomplete();
        };
        let canonical = canonical(request, &request.path, &rest, &names, "UNSIGNED-PAYLOAD");
        let expected = signature(&self.secret.0, scope, &date, &canonical);
        if !constant_time_equal(&expected, &sent) {
            return reject(
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Send the URL as it is, \
                 with the method and the headers that it was made for.",
            );
        }
        if let Some(name) = unsigned_header(request, &names) {
            return reject(
                "AccessDenied",
                format!("There were headers present in the request which were not signed: {name}"),
            );
        }
        if milliseconds_between(now, signed) >= lifetime.saturating_mul(1000) {
            return reject("AccessDenied", "Request has expired");
        }
        Ok(())
    }
}

/// The signature in a query, and the rest of the query, which it signs. A second signature belongs to the rest.
fn without_signature(query: &str) -> (Option<String>, String) {
    let mut signature = None;
    let rest: Vec<&str> = query
        .split('&')
        .filter(|pair| match pair.strip_prefix("X-Amz-Signature=") {
            Some(value) if signature.is_none() => {
                signature = Some(value.to_owned());
                false
            }
            _ => true,
        })
        .collect();
    (signature, rest.join("&"))
}

/// A header `x-amz-…` of a request that is not among the signed ones.
fn unsigned_header<'a>(request: &'a Request, signed: &str) -> Option<&'a str> {
    let signed: Vec<&str> = signed.split(';').collect();
    request
        .headers
        .keys()
        .map(http::HeaderName::as_str)
        .find(|name| name.starts_with("x-amz-") && !signed.contains(name))
}
