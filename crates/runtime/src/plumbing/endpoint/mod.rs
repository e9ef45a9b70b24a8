//! Endpoints: the parts of the Smithy rules engine that generated endpoint modules call.
//!
//! The rule set of a service is compiled into plain Rust when its client is generated, so nothing here reads rules.
//! This module contains the inputs and the result of such a rule set, the functions of the engine's standard library,
//! and the table of partitions, which is the same for all services.
//!
//! `coalesce`, `ite`, `isSet`, `not`, `stringEquals`, `booleanEquals` and `getAttr` have no function: they are
//! `Option::or`, `if`, `Option::is_some`, `!`, `==` and field access in the generated code.

mod arn;
mod partition;
#[rustfmt::skip]
mod partitions;
mod standard_library;
mod url;

use std::borrow::Cow;
use std::fmt;

pub use arn::{Arn, parse_arn};
pub(crate) use partition::other_region;
pub use partition::{Partition, partition};
pub use standard_library::{is_valid_host_label, split, substring, uri_encode};
pub use url::{Url, parse_url};

use crate::plumbing::causes;
use crate::plumbing::safe_line::safe_line;

/// The inputs of a rule set: the built-in parameters of a client, and the parameters that the operation sets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Parameters {
    /// `AWS::Region`: the region that the client is set to.
    pub region: Option<String>,
    /// `AWS::UseFIPS`: whether only FIPS 140 compliant endpoints may be used.
    pub use_fips: bool,
    /// `AWS::UseDualStack`: whether the endpoint must be reachable by both IPv4 and IPv6.
    pub use_dual_stack: bool,
    /// `SDK::Endpoint`: the URL that the user set instead of the service's own.
    pub endpoint: Option<String>,
    /// The parameters that the operation sets (`smithy.rules#staticContextParams`): [`Operation::endpoint_context`].
    ///
    /// [`Operation::endpoint_context`]: crate::plumbing::operation::Operation::endpoint_context
    pub context: &'static [(&'static str, ContextValue)],
}

/// The value that an operation gives to a parameter of the endpoint rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContextValue {
    /// A text.
    String(&'static str),
    /// A flag.
    Boolean(bool),
}

impl Parameters {
    /// The text that the operation gives to a parameter.
    #[must_use]
    pub fn context_string(&self, name: &str) -> Option<&'static str> {
        match self.context_value(name)? {
            ContextValue::String(text) => Some(text),
            ContextValue::Boolean(_) => None,
        }
    }

    /// The flag that the operation gives to a parameter.
    #[must_use]
    pub fn context_boolean(&self, name: &str) -> Option<bool> {
        match self.context_value(name)? {
            ContextValue::Boolean(flag) => Some(flag),
            ContextValue::String(_) => None,
        }
    }

    fn context_value(&self, name: &str) -> Option<ContextValue> {
        let found = self.context.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = self.endpoint.as_deref();
        formatter
            .debug_struct("Parameters")
            .field("region", &self.region)
            .field("use_fips", &self.use_fips)
            .field("use_dual_stack", &self.use_dual_stack)
            .field("endpoint", &endpoint.map(without_secrets))
            .field("context", &self.context)
            .finish()
    }
}

/// A URL in a form that can be shown: without user, password and query.
pub(crate) fn without_secrets(url: &str) -> String {
    let begin = url.find("://").map_or(0, |at| at + 3);
    let query = url[begin..]
        .find(['?', '#'])
        .map_or(url.len(), |at| begin + at);
    // This applies even to an invalid URL: everything before the last @ may be a password.
    let shown = match url.rfind('@') {
        Some(at) if at >= begin => {
            let host = url[at..].find(['?', '#']).map_or(url.len(), |end| at + end);
            format!("{}** redacted **{}", &url[..begin], &url[at..host])
        }
        _ => url[..query].to_owned(),
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
    /// The service name to sign for, if it differs from the client's.
    pub signing_name: Option<Cow<'static, str>>,
    /// The region to sign for, if it differs from the client's.
    pub signing_region: Option<Cow<'static, str>>,
    /// Headers to send with each request to this endpoint, in the order of the rule set.
    pub headers: Vec<(Cow<'static, str>, Cow<'static, str>)>,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Endpoint")
            .field("url", &without_secrets(&self.url))
            .field("signing_name", &self.signing_name)
            .field("signing_region", &self.signing_region)
            .field("headers", &self.headers)
            .finish()
    }
}

impl Endpoint {
    /// An endpoint with the default signing name and region of the client.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            signing_name: None,
            signing_region: None,
            headers: Vec::new(),
        }
    }

    /// Signs for another service name: `signingName` of the `sigv4` entry of `authSchemes`.
    #[must_use]
    pub fn with_signing_name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.signing_name = Some(name.into());
        self
    }

    /// Signs for another region: `signingRegion` of the `sigv4` entry of `authSchemes`.
    #[must_use]
    pub fn with_signing_region(mut self, region: impl Into<Cow<'static, str>>) -> Self {
        self.signing_region = Some(region.into());
        self
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
