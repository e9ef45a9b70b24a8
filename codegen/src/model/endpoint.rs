//! The values that a service's endpoint rules get beside the settings of all clients.

use super::continuation::Path;

/// The value that an operation gives to a parameter of the endpoint rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContextValue {
    /// A text.
    String(String),
    /// A flag.
    Boolean(bool),
}

/// A parameter of the endpoint rules that a request sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestParameter {
    /// Its name in the rules.
    pub name: String,
    /// Where its value is in the request.
    pub value: RequestValue,
}

/// Where the value of a parameter is in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestValue {
    /// A text.
    Text(Path),
    /// A flag.
    Flag(Path),
    /// The keys of a map.
    Keys(Path),
    /// Texts of each element of a list: those at the ends of these paths, in their order. An empty path is the element.
    Each {
        /// The list.
        list: Path,
        /// The paths from an element on.
        texts: Vec<Path>,
    },
}

/// A parameter of the endpoint rules that is a setting of the client (`smithy.rules#clientContextParams`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientParameter {
    /// Its name in the rules.
    pub name: String,
    /// Its type.
    pub ty: ClientParameterType,
}

/// The type of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ClientParameterType {
    /// A text.
    String,
    /// A flag.
    Boolean,
    /// Texts.
    StringArray,
}

/// A parameter of the endpoint rules that is bound to a value of the client that not all services need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointInput {
    /// Its name in the rules.
    pub parameter: String,
    /// What it is bound to.
    pub source: EndpointInputSource,
}

/// A value of the client that not all services need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointInputSource {
    /// `AWS::Auth::AccountId`
    AccountId,
    /// `AWS::Auth::AccountIdEndpointMode`
    AccountIdEndpointMode,
}

impl EndpointInputSource {
    /// The source for a `builtIn` of the rules.
    pub fn of(built_in: &str) -> Option<Self> {
        match built_in {
            "AWS::Auth::AccountId" => Some(Self::AccountId),
            "AWS::Auth::AccountIdEndpointMode" => Some(Self::AccountIdEndpointMode),
            _ => None,
        }
    }
}
