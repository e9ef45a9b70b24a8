//! The values that a service's endpoint rules get beside the settings of all clients.

use super::endpoint_settings::EndpointSetting;
use super::path::Path;
use crate::error::{Error, Result};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointInputSource {
    /// `AWS::Auth::AccountId`
    AccountId,
    /// `AWS::Auth::AccountIdEndpointMode`
    AccountIdEndpointMode,
    /// A setting of variables and profiles.
    Setting(EndpointSetting),
}

/// The built-ins that clients of all services know.
const OF_ALL: [&str; 4] = [
    "AWS::Region",
    "AWS::UseFIPS",
    "AWS::UseDualStack",
    "SDK::Endpoint",
];

impl EndpointInputSource {
    /// The source for a `builtIn` of the rules; `None` for those that clients of all services know.
    ///
    /// # Errors
    /// A built-in that is not known: a client cannot say which value it has.
    pub fn of(built_in: &str) -> Result<Option<Self>> {
        Ok(match built_in {
            "AWS::Auth::AccountId" => Some(Self::AccountId),
            "AWS::Auth::AccountIdEndpointMode" => Some(Self::AccountIdEndpointMode),
            of_all if OF_ALL.contains(&of_all) => None,
            other => {
                let setting = EndpointSetting::of_built_in(other)?;
                let unknown = || Error::new(format!("the built-in `{other}` is not known"));
                Some(Self::Setting(setting.ok_or_else(unknown)?))
            }
        })
    }
}
