//! The destination of requests: the checked result of the endpoint rules, in the form that requests and signatures need.

use http::Uri;
use http::uri::{Authority, Scheme};
use std::borrow::Cow;

use crate::error::{ErrorKind, Failure};
use crate::plumbing::endpoint::{
    AuthScheme, Endpoint, is_valid_host_label, other_region, without_secrets,
};
use crate::plumbing::operation::Operation;
use crate::plumbing::safe_line::safe_line;
use crate::texts::{self, ToText as _};

/// The destination of a client's requests, and how they are signed for it.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    pub(crate) scheme: Scheme,
    pub(crate) authority: Authority,
    /// Whether a host prefix may be added: not to an address or a local name.
    pub(crate) takes_host_prefix: bool,
    pub(crate) path_prefix: String,
    /// How requests can be authenticated, if the rules say so.
    pub(crate) auth_schemes: Vec<AuthScheme>,
    /// The region that the rules were evaluated for.
    pub(crate) region: Option<String>,
    pub(crate) headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
}

#[inline(never)]
fn address_of(host: &str) -> Option<std::net::IpAddr> {
    texts::without_brackets(host).parse().ok()
}

/// Whether a host is this machine, so that requests to it need not be encrypted.
#[inline(never)]
pub(crate) fn is_local(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || address_of(host).is_some_and(|address| address.to_canonical().is_loopback())
}

/// Checks that a region can be part of a host name and of a signature.
///
/// # Errors
/// A text that names the region.
#[inline(never)]
pub(crate) fn validate_region(region: &str) -> Result<(), String> {
    if is_valid_host_label(region, false) {
        Ok(())
    } else {
        Err(format!("`{region}` is not the name of a region"))
    }
}

/// The scheme of a URL, if requests cannot be sent with it.
fn unsupported_scheme(url: &str) -> Option<&str> {
    let (scheme, _) = texts::split_at(url, "://")?;
    let mut is_scheme = scheme
        .as_bytes()
        .first()
        .is_some_and(u8::is_ascii_alphabetic);
    for other in scheme.bytes() {
        is_scheme &= other.is_ascii_alphanumeric() || matches!(other, b'+' | b'-' | b'.');
    }
    let is_supported = texts::is_one_of(scheme, &["http", "https"]);
    (is_scheme && !is_supported).then_some(scheme)
}

/// The URL of an endpoint to which requests can be sent.
pub(crate) struct EndpointUrl {
    scheme: Scheme,
    /// Without the default port of the scheme.
    authority: Authority,
    path: String,
}

impl EndpointUrl {
    /// Reads and checks the URL.
    ///
    /// # Errors
    /// A text that says what cannot be used.
    pub(crate) fn parse(text: &str, plain_http: bool) -> Result<Self, String> {
        let url = without_secrets(text);
        let no_url = |error| format!("the endpoint `{url}` is not a URL: {error}");
        if let Some(scheme) = unsupported_scheme(text) {
            return Err(format!(
                "the endpoint `{url}` has the scheme `{scheme}`, which is not supported: use https or http"
            ));
        }
        let uri: Uri = text.parse().map_err(no_url)?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(format!(
                "the endpoint `{url}` must begin with https:// or http:// and name a host"
            ));
        };
        if texts::has(authority.as_str(), b'@') {
            return Err("the endpoint must not hold a user or a password".to_text());
        }
        let host = authority.host();
        if host.is_empty() {
            return Err(format!("the endpoint `{url}` names no host"));
        }
        let port = authority.as_str().strip_prefix(host);
        let port = port.and_then(|rest| rest.strip_prefix(':'));
        if port.is_some_and(|port| !matches!(texts::number(port), Some(1..=0xffff))) {
            return Err(format!("the endpoint `{url}` has no port from 1 to 65535"));
        }
        if *scheme != Scheme::HTTPS && !is_local(host) && !plain_http {
            return Err(format!(
                "the endpoint `{url}` is not encrypted: use https, or allow plain http in the configuration"
            ));
        }
        if uri.query().is_some() {
            return Err(format!("the endpoint `{url}` must not hold a query"));
        }
        let authority = without_default_port(scheme, authority.as_str());
        Ok(Self {
            scheme: scheme.clone(),
            authority: authority.parse().map_err(no_url)?,
            path: uri.path().to_text(),
        })
    }
}

impl Destination {
    pub(crate) fn new(
        endpoint: Endpoint,
        region: Option<&str>,
        plain_http: bool,
    ) -> Result<Self, String> {
        // A backend has its own kind of sessions or signatures, which no client of this runtime has.
        if let Some(backend) = &endpoint.backend {
            let host = without_secrets(&endpoint.url);
            return Err(format!(
                "requests to endpoints of {} are not supported, and {host} is one of them",
                safe_line(backend)
            ));
        }
        let EndpointUrl {
            scheme,
            authority,
            path,
        } = EndpointUrl::parse(&endpoint.url, plain_http)?;
        let host = authority.host();
        Ok(Self {
            takes_host_prefix: !is_local(host) && address_of(host).is_none(),
            scheme,
            authority,
            path_prefix: path.trim_end_matches('/').to_text(),
            auth_schemes: endpoint.auth_schemes,
            region: region.map(str::to_text),
            headers: endpoint.headers,
        })
    }

    /// The same with another URL: requests are signed as before.
    #[cfg(feature = "endpoint-discovery")]
    pub(crate) fn at(&self, url: &str, plain_http: bool) -> Result<Self, String> {
        let EndpointUrl {
            scheme,
            authority,
            path,
        } = EndpointUrl::parse(url, plain_http)?;
        let host = authority.host();
        Ok(Self {
            takes_host_prefix: !is_local(host) && address_of(host).is_none(),
            scheme,
            authority,
            path_prefix: path.trim_end_matches('/').to_text(),
            ..self.clone()
        })
    }

    /// The region that most requests are signed for.
    #[inline(never)]
    pub(crate) fn signing_region(&self) -> Option<&str> {
        let mut schemes = self.auth_schemes.iter();
        let of_rules = schemes.find_map(|scheme| scheme.signing_region.as_deref());
        of_rules.or(self.region.as_deref())
    }

    /// Whether no other machine can read and change a request to it: it is encrypted, or stays on this machine.
    pub(crate) fn is_private(&self) -> bool {
        self.scheme == Scheme::HTTPS || is_local(self.authority.host())
    }

    /// Refuses an operation that is not available at the endpoint of this region.
    #[inline(never)]
    pub(crate) fn validate_region(&self, operation: &Operation) -> Result<(), Failure> {
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

    /// The host and port of a request, behind the prefix that its operation wants.
    pub(crate) fn authority(&self, host_prefix: &str) -> Result<Authority, Failure> {
        if self.takes_host_prefix && !host_prefix.is_empty() {
            format!("{host_prefix}{}", self.authority)
                .try_into()
                .map_err(|error: http::uri::InvalidUri| Failure::new(ErrorKind::Request, error))
        } else {
            Ok(self.authority.clone())
        }
    }
}

/// An authority without the port that its scheme implies.
#[inline(never)]
pub(crate) fn without_default_port<'a>(scheme: &Scheme, authority: &'a str) -> &'a str {
    let port = if *scheme == Scheme::HTTPS {
        ":443"
    } else {
        ":80"
    };
    authority.strip_suffix(port).unwrap_or(authority)
}
