//! Endpoints: the parts of the Smithy rules engine that generated endpoint modules call.
//!
//! The rule set of a service is compiled into plain Rust when its client is generated, so nothing here reads rules.
//! This module has the inputs and the result of such a rule set, the functions of the engine's standard library,
//! and the table of partitions, which is the same for all services.
//!
//! `coalesce`, `ite`, `isSet`, `not`, `stringEquals`, `booleanEquals` and `getAttr` have no function: they are
//! `Option::or`, `if`, `Option::is_some`, `!`, `==` and field access in the generated code.

mod arn;
mod auth_scheme;
mod input;
mod parameters;
mod partition;
#[rustfmt::skip]
mod partitions;
mod s3;
mod standard_library;
mod url;

use std::borrow::Cow;
use std::fmt;

pub use arn::{Arn, parse_arn};
pub use auth_scheme::AuthScheme;
pub use input::{DUAL_STACK, FlagSetting, Input, InputSource};
pub use parameters::{ContextValue, ParameterValue, Parameters};
pub use partition::{Partition, partition};
pub(crate) use partition::{is_known_region, other_region};
pub use s3::is_virtual_hostable_s3_bucket;
pub use standard_library::{is_valid_host_label, split, substring, uri_encode};
pub use url::{Url, parse_url};

use crate::plumbing::causes;
use crate::plumbing::safe_line::safe_line;
use crate::texts::{self, ToText as _};

/// A URL in a form that can be shown: without user, password and query.
pub(crate) fn without_secrets(url: &str) -> String {
    let begin = match texts::find(url, "://") {
        Some(at) => at + 3,
        None => 0,
    };
    let query = begin + texts::end_of_path(&url[begin..]);
    // This applies even to an invalid URL: everything before the last @ may be a password.
    let shown = match url.rfind('@') {
        Some(at) if at >= begin => {
            let host = at + texts::end_of_path(&url[at..]);
            format!("{}** redacted **{}", &url[..begin], &url[at..host])
        }
        _ => url[..query].to_text(),
    };
    safe_line(&shown).to_string()
}

/// Where to send requests, and how to sign them.
///
/// The texts are `Cow` because most of them are constants of the rule set: a resolved endpoint costs one allocation,
/// the URL.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Scheme, host, and where there are any, port and base path. A base path is a prefix of each request's path.
    pub url: String,
    /// How requests can be authenticated, in the order of the rules. If it is empty, the rules do not say, and the
    /// schemes of the service apply.
    pub auth_schemes: Vec<AuthScheme>,
    /// Headers to send with each request to this endpoint, in the order of the rule set.
    pub headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    /// The kind of the endpoint, if requests to it differ from the others of the service (`backend`). Clients make no such
    /// requests.
    pub backend: Option<Cow<'static, str>>,
}

impl fmt::Debug for Endpoint {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Endpoint")
            .field("url", &without_secrets(&self.url))
            .field("auth_schemes", &self.auth_schemes)
            .field("headers", &self.headers)
            .field("backend", &self.backend)
            .finish()
    }
}

impl Endpoint {
    /// An endpoint with the default signing name and region of the client.
    ///
    /// A slash at the end is left out: the path of a request begins with one.
    pub fn new(url: impl Into<String>) -> Self {
        let mut url = url.into();
        if url.ends_with('/') && !url.ends_with("//") {
            url.pop();
        }
        Self {
            url,
            auth_schemes: Vec::new(),
            headers: Vec::new(),
            backend: None,
        }
    }

    /// Adds a way to authenticate requests, behind the others.
    #[must_use]
    #[inline]
    pub fn with_auth_scheme(mut self, scheme: AuthScheme) -> Self {
        self.auth_schemes.push(scheme);
        self
    }

    /// Signs for another service name: `signingName` of the `sigv4` entry of `authSchemes`.
    #[must_use]
    pub fn with_signing_name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.sigv4().signing_name = Some(name.into());
        self
    }

    /// Signs for another region: `signingRegion` of the `sigv4` entry of `authSchemes`.
    #[must_use]
    pub fn with_signing_region(mut self, region: impl Into<Cow<'static, str>>) -> Self {
        self.sigv4().signing_region = Some(region.into());
        self
    }

    /// The entry `sigv4`, which is added if it is not there.
    fn sigv4(&mut self) -> &mut AuthScheme {
        let mut index = 0;
        while self
            .auth_schemes
            .get(index)
            .is_some_and(|scheme| scheme.name != "sigv4")
        {
            index += 1;
        }
        if index == self.auth_schemes.len() {
            self.auth_schemes.push(AuthScheme::new("sigv4"));
        }
        &mut self.auth_schemes[index]
    }

    /// Adds a header to send with each request.
    #[must_use]
    pub fn with_header(
        mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets `backend`.
    #[must_use]
    pub fn with_backend(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.backend = Some(name.into());
        self
    }
}

/// Why there is no endpoint for the given parameters.
///
/// The message is that of the service's rule set, so its wording comes from the owners of the service.
#[derive(Clone, PartialEq, Eq)]
pub struct EndpointError {
    message: Cow<'static, str>,
}

impl EndpointError {
    /// The error of an error rule of a rule set.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: message.into(),
        }
    }

    /// The error of a rule set in which no rule matches.
    #[must_use]
    pub fn no_rule_matched() -> Self {
        Self::new("no rule matched")
    }

    /// The error of a parameter that the rule set requires.
    #[must_use]
    pub fn missing_parameter(name: &str) -> Self {
        Self::new(format!(
            "the endpoint parameter `{name}` is required, but not set"
        ))
    }

    /// What the rule set says.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A rule may quote the URL that the user set.
        fmt::Display::fmt(&safe_line(&self.message), formatter)
    }
}

impl fmt::Debug for EndpointError {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            let message = safe_line(&self.message);
            formatter
                .debug_tuple("EndpointError")
                .field(&message)
                .finish()
        })
    }
}

impl std::error::Error for EndpointError {}
