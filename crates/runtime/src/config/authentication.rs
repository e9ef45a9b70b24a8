//! Settings of how requests are authenticated.

use std::fmt;
#[cfg(feature = "bearer")]
use std::sync::Arc;

use super::{ConfigBuilder, ConfigError, Sources};
#[cfg(feature = "bearer")]
use crate::bearer::{BearerToken, ProvideBearerToken};
#[cfg(feature = "sigv4a")]
use crate::endpoint::validate_region;
#[cfg(feature = "bearer")]
use crate::environment::{Environment, ProcessEnvironment};
use crate::texts::ToText as _;
#[cfg(feature = "sigv4a")]
use crate::texts::join;

/// The settings, complete.
#[derive(Clone)]
pub(crate) struct Authentication {
    /// Names of schemes, from the most preferred one on.
    pub(crate) preference: Vec<String>,
    /// Whether the preference was set in code.
    #[cfg(feature = "bearer")]
    pub(crate) preference_of_code: bool,
    /// The regions that asymmetric signatures are valid in, separated by commas.
    #[cfg(feature = "sigv4a")]
    pub(crate) region_set: Option<String>,
    /// The token, and whether it was set in code.
    #[cfg(feature = "bearer")]
    pub(crate) token: (Arc<dyn ProvideBearerToken>, bool),
    /// Where the token of one service is read.
    #[cfg(feature = "bearer")]
    pub(crate) environment: Arc<dyn Environment>,
}

impl fmt::Debug for Authentication {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Authentication")
            .field("preference", &self.preference)
            .finish_non_exhaustive()
    }
}

/// The settings of a builder.
#[derive(Clone, Default)]
pub(crate) struct AuthenticationBuilder {
    preference: Option<Vec<String>>,
    #[cfg(feature = "bearer")]
    preference_of_code: bool,
    #[cfg(feature = "sigv4a")]
    region_set: Option<String>,
    /// The token of code; [`ConfigBuilder::build`] replaces `None` by the default source.
    #[cfg(feature = "bearer")]
    pub(crate) token: Option<(Arc<dyn ProvideBearerToken>, bool)>,
}

impl AuthenticationBuilder {
    #[inline(never)]
    pub(super) fn read(&mut self, sources: &Sources) -> Result<(), ConfigError> {
        if self.preference.is_none() {
            let text = sources.text("AWS_AUTH_SCHEME_PREFERENCE", "auth_scheme_preference");
            self.preference = text.map(|text| names(&text));
        }
        #[cfg(feature = "sigv4a")]
        if self.region_set.is_none() {
            let found = sources.find("AWS_SIGV4A_SIGNING_REGION_SET", "sigv4a_signing_region_set");
            if let Some(found) = found {
                let set = region_set(&found.text).map_err(|problem| found.error(&problem))?;
                self.region_set = Some(set);
            }
        }
        Ok(())
    }

    pub(super) fn build(self, sources: Option<&Sources>) -> Result<Authentication, ConfigError> {
        #[cfg(not(feature = "bearer"))]
        let _ = sources;
        #[cfg(feature = "sigv4a")]
        if let Some(set) = &self.region_set {
            let refused =
                |problem: String| ConfigError::new(format!("the region set `{set}` {problem}"));
            region_set(set).map_err(refused)?;
        }
        Ok(Authentication {
            preference: self.preference.unwrap_or_default(),
            #[cfg(feature = "bearer")]
            preference_of_code: self.preference_of_code,
            #[cfg(feature = "sigv4a")]
            region_set: self.region_set,
            #[cfg(feature = "bearer")]
            token: match self.token {
                Some(token) => token,
                None => (Arc::new(crate::bearer::NoToken), false),
            },
            #[cfg(feature = "bearer")]
            environment: match sources {
                Some(sources) => sources.environment.clone(),
                None => Arc::new(ProcessEnvironment),
            },
        })
    }
}

/// The names of a list, without blanks.
fn names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    for name in list.split(',') {
        if !name.trim().is_empty() {
            names.push(name.trim().to_text());
        }
    }
    names
}

/// A list of regions as it is sent. A `*` stands for any characters of a region.
#[cfg(feature = "sigv4a")]
fn region_set(list: &str) -> Result<String, String> {
    let regions = names(list);
    if regions.is_empty() {
        return Err("names no region".to_text());
    }
    for region in &regions {
        let plain = region.replace('*', "x");
        validate_region(&plain)
            .map_err(|_| format!("must name regions such as us-east-1, or `*`, not `{region}`"))?;
    }
    Ok(join(&regions, ","))
}

/// Authentication.
impl ConfigBuilder {
    /// The ways to authenticate requests that are preferred, from the most preferred one on: `sigv4`, `sigv4a`,
    /// `httpBearerAuth`, `noAuth`. A service's own order applies to those that are not named, and names that a service
    /// does not have are ignored. The variable `AWS_AUTH_SCHEME_PREFERENCE` and the setting `auth_scheme_preference` are
    /// lists with commas.
    #[must_use]
    pub fn auth_scheme_preference(
        mut self,
        names: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.authentication.preference = Some(names.into_iter().map(Into::into).collect());
        #[cfg(feature = "bearer")]
        {
            self.authentication.preference_of_code = true;
        }
        self
    }

    /// The regions in which a signature of SigV4A is valid, such as `us-east-1` and `eu-*`, or `*` for all. By default
    /// those of the endpoint rules, or else all. [`build`](Self::build) refuses what is no region.
    #[cfg(feature = "sigv4a")]
    #[must_use]
    pub fn sigv4a_signing_region_set(
        mut self,
        regions: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let regions: Vec<String> = regions.into_iter().map(Into::into).collect();
        self.authentication.region_set = Some(join(&regions, ","));
        self
    }

    /// The token for the services that take one. Set it in the configuration of those services only: it is sent to each
    /// of them. See [`bearer`](crate::bearer).
    #[cfg(feature = "bearer")]
    #[must_use]
    pub fn bearer_token(self, token: BearerToken) -> Self {
        self.bearer_token_provider(token)
    }

    /// A token for tests, which changes nothing where credentials are accepted, too.
    #[cfg(all(feature = "bearer", feature = "test-util"))]
    pub(crate) fn bearer_token_behind_credentials(mut self, token: BearerToken) -> Self {
        self.authentication.token = Some((Arc::new(token), false));
        self
    }

    /// A provider of such tokens, which is called when a call needs one. The configuration keeps what it gives until
    /// shortly before it expires.
    #[cfg(feature = "bearer")]
    #[must_use]
    pub fn bearer_token_provider(mut self, provider: impl ProvideBearerToken + 'static) -> Self {
        self.authentication.token = Some((Arc::new(provider), true));
        self
    }
}
