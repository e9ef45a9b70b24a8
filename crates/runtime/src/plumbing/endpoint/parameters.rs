//! The inputs of endpoint rules.

use std::fmt;

use super::without_secrets;
use crate::formatting::write;

/// The inputs of a rule set: the built-in parameters of all clients, and the parameters of the service's own rules.
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
    /// They take precedence over `values`.
    ///
    /// [`Operation::endpoint_context`]: crate::plumbing::operation::Operation::endpoint_context
    pub context: &'static [(&'static str, ContextValue)],
    /// The parameters that the request and the client set, by their names in the rules; the first one of a name counts.
    pub values: Vec<(&'static str, ParameterValue)>,
}

/// The value that an operation gives to a parameter of the endpoint rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContextValue {
    /// A text.
    String(&'static str),
    /// A flag.
    Boolean(bool),
}

/// The value that a request or a client gives to a parameter of the endpoint rules.
///
/// `Debug` shows no text, because it may be that of a sensitive member.
#[derive(Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// A text.
    String(String),
    /// A flag.
    Boolean(bool),
    /// A list of texts.
    Strings(Vec<String>),
}

impl fmt::Debug for ParameterValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(_) => formatter.write_str("a text"),
            Self::Boolean(flag) => write!(formatter, "{flag}"),
            Self::Strings(texts) => write!(formatter, "{} texts", texts.len()),
        }
    }
}

impl Parameters {
    /// The text of a parameter.
    #[must_use]
    #[inline]
    pub fn context_string(&self, name: &str) -> Option<&str> {
        match (self.context_value(name), self.value(name)) {
            (Some(ContextValue::String(text)), _) => Some(text),
            (None, Some(ParameterValue::String(text))) => Some(text),
            _ => None,
        }
    }

    /// The flag of a parameter.
    #[must_use]
    #[inline]
    pub fn context_boolean(&self, name: &str) -> Option<bool> {
        match (self.context_value(name), self.value(name)) {
            (Some(ContextValue::Boolean(flag)), _) => Some(flag),
            (None, Some(ParameterValue::Boolean(flag))) => Some(*flag),
            _ => None,
        }
    }

    /// The texts of a parameter that is a list.
    #[must_use]
    #[inline]
    pub fn context_strings(&self, name: &str) -> Option<Vec<&str>> {
        match self.value(name)? {
            ParameterValue::Strings(texts) => Some(texts.iter().map(String::as_str).collect()),
            _ => None,
        }
    }

    #[inline]
    fn context_value(&self, name: &str) -> Option<ContextValue> {
        let found = self.context.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }

    #[inline]
    fn value(&self, name: &str) -> Option<&ParameterValue> {
        let found = self.values.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value)
    }
}

impl fmt::Debug for Parameters {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = self.endpoint.as_deref();
        formatter
            .debug_struct("Parameters")
            .field("region", &self.region)
            .field("use_fips", &self.use_fips)
            .field("use_dual_stack", &self.use_dual_stack)
            .field("endpoint", &endpoint.map(without_secrets))
            .field("context", &self.context)
            .field("values", &self.values)
            .finish()
    }
}
