//! Which requests go through a proxy: what curl and the AWS CLI read from the environment.

use std::sync::Arc;

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

/// The proxies that are set.
#[derive(Clone, Debug)]
pub(super) struct Proxies(Option<Arc<Matcher>>);

impl Proxies {
    /// Those of `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or lower case.
    pub(super) fn from_environment() -> Self {
        let set = ["http_proxy", "https_proxy", "all_proxy"]
            .iter()
            .any(|name| {
                [(*name).to_owned(), name.to_ascii_uppercase()]
                    .iter()
                    .any(|name| std::env::var_os(name).is_some())
            });
        Self(set.then(|| Arc::new(Matcher::from_env())))
    }

    /// None at all.
    #[cfg(any(test, feature = "credential-chain"))]
    pub(super) fn none() -> Self {
        Self(None)
    }

    #[cfg(test)]
    pub(super) fn of(matcher: Matcher) -> Self {
        Self(Some(Arc::new(matcher)))
    }

    /// The proxy on the way to a URL.
    pub(super) fn on_the_way_to(&self, url: &Uri) -> Option<Intercept> {
        self.0.as_ref()?.intercept(url)
    }

    /// What a plain request tells the proxy that passes it on. An encrypted one tells it when the tunnel is opened.
    pub(super) fn authorization(&self, url: &Uri) -> Option<HeaderValue> {
        let matcher = self.0.as_ref()?;
        if url.scheme_str() != Some("http") {
            return None;
        }
        matcher.intercept(url)?.basic_auth().cloned()
    }
}
