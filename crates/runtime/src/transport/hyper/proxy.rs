//! Which requests use a proxy, from the variables that curl and the AWS CLI read.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::uri::{Parts, PathAndQuery, Scheme};
use http::{HeaderValue, Uri};
use percent_encoding::percent_decode_str;

use super::bypass::Bypass;
use super::setup::SetupError;
use crate::formatting::write;
use crate::plumbing::uri::scheme;
use crate::texts::ToText as _;

/// Stands for a proxy whose URL is misread, so that no part of a password is shown or looked up.
const MISREAD: &str = "invalid://proxy/";

/// The proxies that are set.
#[derive(Clone, Debug)]
pub(super) struct Proxies(Option<Arc<Rules>>);

#[derive(Debug)]
struct Rules {
    http: Option<Proxy>,
    https: Option<Proxy>,
    bypass: Bypass,
}

/// A proxy.
#[derive(Clone)]
pub(super) struct Proxy {
    url: Uri,
    authorization: Option<HeaderValue>,
}

/// Without the authorization.
impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Proxy({})", self.url)
    }
}

impl Proxies {
    /// Those of `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case. A program that serves a
    /// request by CGI has none, because there a header of the request sets `HTTP_PROXY`.
    #[inline(never)]
    pub(super) fn from_environment() -> Self {
        if std::env::var_os("REQUEST_METHOD").is_some() {
            return Self(None);
        }
        Self::of(|name| {
            let upper = std::env::var_os(name.to_ascii_uppercase());
            let value = upper.or_else(|| std::env::var_os(name))?;
            Some(value.to_string_lossy().into_owned())
        })
    }

    /// None at all.
    #[cfg(any(test, feature = "credential-chain"))]
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// Those of variables, which are asked for in lower case.
    pub(super) fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let proxy = |name: &str| variable(name).and_then(|value| Proxy::parse(value.trim()));
        let all = proxy("all_proxy");
        let https = proxy("https_proxy").or(all.clone());
        let http = proxy("http_proxy").or(all);
        if http.is_none() && https.is_none() {
            return Self(None);
        }
        let bypass = Bypass::parse(&variable("no_proxy").unwrap_or_default());
        Self(Some(Arc::new(Rules {
            http,
            https,
            bypass,
        })))
    }

    /// The proxy for a URL.
    #[inline(never)]
    pub(super) fn on_the_way_to(&self, url: &Uri) -> Option<&Proxy> {
        let rules = self.0.as_ref()?;
        let proxy = match scheme(url) {
            Some("http") => rules.http.as_ref(),
            _ => rules.https.as_ref(),
        };
        match rules.bypass.contains(url) {
            true => None,
            false => proxy,
        }
    }

    /// The authorization for a proxy in a plain request. For an encrypted one, it is sent when the tunnel is opened.
    pub(super) fn authorization(&self, url: &Uri) -> Option<HeaderValue> {
        if scheme(url) != Some("http") {
            return None;
        }
        self.on_the_way_to(url)?.authorization.clone()
    }
}

impl Proxy {
    /// Reads the value of a variable: a URL, or a host and port. What is neither sets no proxy.
    fn parse(value: &str) -> Option<Self> {
        let url = value.parse::<Uri>().ok()?;
        let authority = url.authority()?.as_str();
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        // A password with `/`, `?` or `#` ends the authority, so that a part of it is taken for a port.
        if !has_valid_port(host) {
            return Some(Self {
                url: Uri::from_static(MISREAD),
                authorization: None,
            });
        }
        let mut parts = Parts::default();
        parts.scheme = Some(url.scheme().cloned().unwrap_or(Scheme::HTTP));
        parts.authority = Some(host.parse().ok()?);
        parts.path_and_query = Some(PathAndQuery::from_static("/"));
        Some(Self {
            url: Uri::from_parts(parts).ok()?,
            authorization: user.and_then(basic),
        })
    }

    /// Scheme, host and port.
    pub(super) fn url(&self) -> &Uri {
        &self.url
    }

    /// What the proxy is told about who uses it.
    pub(super) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }

    /// Whether TLS is used with the proxy itself.
    ///
    /// # Errors
    /// The proxy is none for HTTP.
    pub(super) fn is_encrypted(&self) -> Result<bool, SetupError> {
        match scheme(&self.url) {
            Some("http") => Ok(false),
            Some("https") => Ok(true),
            _ if self.url == MISREAD => Err(SetupError::new(
                "the proxy that the environment names has no valid port. Characters such as `/`, `?`, `#` and `@` of its user and \
                 password must be written as percent codes, such as `%2F`"
                    .to_text(),
            )),
            other => Err(SetupError::new(format!(
                "the proxy that the environment names is reached over `{}`, and only http and https are supported",
                other.unwrap_or_default()
            ))),
        }
    }
}

/// Whether what follows the host is a port, or nothing does.
fn has_valid_port(host: &str) -> bool {
    // An IPv6 address has colons of its own, in brackets.
    let behind = host.rsplit(']').next().unwrap_or(host);
    match behind.rsplit_once(':') {
        Some((_, port)) => port.parse::<u16>().is_ok(),
        None => true,
    }
}

/// The authorization for the user and password of a URL (RFC 7617).
fn basic(user_and_password: &str) -> Option<HeaderValue> {
    let (user, password) = user_and_password
        .split_once(':')
        .unwrap_or((user_and_password, ""));
    let (user, password): (Cow<'_, [u8]>, Cow<'_, [u8]>) = (
        percent_decode_str(user).into(),
        percent_decode_str(password).into(),
    );
    let mut credentials = user.into_owned();
    credentials.push(b':');
    credentials.extend_from_slice(&password);
    let text = base64_simd::STANDARD.encode_to_string(credentials);
    let mut value = HeaderValue::try_from(format!("Basic {text}")).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::{Proxies, Proxy};

    /// The proxies of variables.
    fn set(variables: &'static [(&str, &str)]) -> Proxies {
        Proxies::of(|name| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn on_the_way(proxies: &Proxies, url: &str) -> Option<String> {
        let proxy = proxies.on_the_way_to(&url.parse().expect("a URL"));
        proxy.map(|proxy| proxy.url().to_string())
    }

    #[test]
    fn each_scheme_has_its_variable_and_all_proxy_is_for_the_rest() {
        let both = set(&[("all_proxy", "http://all:1"), ("https_proxy", "tls:2")]);
        assert_eq!(
            on_the_way(&both, "https://a.example/").as_deref(),
            Some("http://tls:2/")
        );
        assert_eq!(
            on_the_way(&both, "http://a.example/").as_deref(),
            Some("http://all:1/")
        );
        let one = set(&[("http_proxy", "http://plain:3"), ("no_proxy", "b.example")]);
        assert_eq!(on_the_way(&one, "https://a.example/"), None);
        assert_eq!(on_the_way(&one, "http://b.example/"), None);
        assert_eq!(
            on_the_way(&one, "http://a.example/").as_deref(),
            Some("http://plain:3/")
        );
        assert!(set(&[("http_proxy", ""), ("https_proxy", " ")]).0.is_none());
        assert!(set(&[("all_proxy", "http://")]).0.is_none());
    }

    #[test]
    fn the_user_and_the_password_of_a_url_are_decoded_and_never_shown() {
        // base64 of `us@er:pa:ss`
        let proxy = Proxy::parse("http://us%40er:pa:ss@proxy.example:80/x").expect("a proxy");
        assert_eq!(proxy.url(), "http://proxy.example:80/");
        assert_eq!(
            proxy.authorization().expect("it is set"),
            "Basic dXNAZXI6cGE6c3M="
        );
        assert_eq!(format!("{proxy:?}"), "Proxy(http://proxy.example:80/)");
        // A part of the password is neither shown nor looked up.
        for url in [
            "http://user:pa/ss@proxy.example:80",
            "http://user:pa#ss@proxy.example:80",
            "http://proxy.example:pa",
            "http://[::1]:pa",
        ] {
            let proxy = Proxy::parse(url).expect("it is set");
            assert_eq!(format!("{proxy:?}"), "Proxy(invalid://proxy/)");
            let error = proxy.is_encrypted().expect_err("it cannot be used");
            let text = error.to_string();
            assert!(
                text.contains("percent codes") && !text.contains("pa/"),
                "{text}"
            );
        }
        for url in ["http://[::1]", "http://[::1]:80", "http://proxy.example"] {
            assert!(Proxy::parse(url).expect("a proxy").is_encrypted().is_ok());
        }
        // base64 of `user:`
        let proxy = Proxy::parse("user@proxy.example:80").expect("a proxy");
        assert_eq!(proxy.url(), "http://proxy.example:80/");
        assert_eq!(proxy.authorization().expect("it is set"), "Basic dXNlcjo=");
    }
}
