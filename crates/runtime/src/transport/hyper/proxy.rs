//! Which requests use a proxy, from the variables that curl and the AWS CLI read.

use std::sync::Arc;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use super::bypass::Bypass;

/// The proxies that are set.
#[derive(Clone, Debug)]
pub(super) struct Proxies(Option<Arc<Rules>>);

#[derive(Debug)]
struct Rules {
    proxies: Matcher,
    bypass: Bypass,
}

impl Proxies {
    /// Those of `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case.
    pub(super) fn from_environment() -> Self {
        let variable = |name: &str| {
            let upper = std::env::var_os(name.to_ascii_uppercase());
            upper.or_else(|| std::env::var_os(name))
        };
        let set = ["http_proxy", "https_proxy", "all_proxy"]
            .iter()
            .any(|name| variable(name).is_some());
        if !set {
            return Self(None);
        }
        let bypass = variable("no_proxy").unwrap_or_default();
        Self::of(Matcher::from_env(), &bypass.to_string_lossy())
    }

    /// None at all.
    #[cfg(any(test, feature = "credential-chain"))]
    pub(super) fn none() -> Self {
        Self(None)
    }

    pub(super) fn of(proxies: Matcher, bypass: &str) -> Self {
        let bypass = Bypass::parse(bypass);
        Self(Some(Arc::new(Rules { proxies, bypass })))
    }

    /// The proxy for a URL.
    pub(super) fn on_the_way_to(&self, url: &Uri) -> Option<Intercept> {
        let rules = self.0.as_ref()?;
        if rules.bypass.contains(url) {
            return None;
        }
        rules.proxies.intercept(url)
    }

    /// The authorization for a proxy in a plain request. For an encrypted one, it is sent when the tunnel is opened.
    pub(super) fn authorization(&self, url: &Uri) -> Option<HeaderValue> {
        if url.scheme_str() != Some("http") {
            return None;
        }
        self.on_the_way_to(url)?.basic_auth().cloned()
    }
}
