//! The result of rules, as the program, a test and botocore state it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// An endpoint, or the message of an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    /// Where requests go, and how they are authenticated.
    Endpoint(Endpoint),
    /// Why there is no endpoint.
    Error(String),
}

/// An endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// The URL, without a slash at its end.
    pub url: String,
    /// Headers, names in lower case.
    #[serde(default)]
    pub headers: BTreeMap<String, Vec<String>>,
    /// The schemes in order.
    #[serde(default)]
    pub auth_schemes: Vec<AuthScheme>,
    /// The kind of the endpoint, if requests to it differ from the others of the service.
    #[serde(default)]
    pub backend: Option<String>,
}

/// An entry of `authSchemes`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuthScheme {
    pub(super) name: String,
    pub(super) signing_name: Option<String>,
    pub(super) signing_region: Option<String>,
    #[serde(default)]
    pub(super) signing_region_set: Vec<String>,
    #[serde(default)]
    disable_double_encoding: bool,
    #[serde(default)]
    disable_normalize_path: bool,
}

impl Answer {
    /// Reads what a test expects: `endpoint` with `url`, `headers` and `properties`, or `error`.
    ///
    /// # Errors
    /// A value of another form.
    pub fn expected(value: &Value) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        enum Expect {
            Endpoint {
                url: String,
                #[serde(default)]
                headers: BTreeMap<String, Vec<String>>,
                #[serde(default)]
                properties: Properties,
            },
            Error(String),
        }
        #[derive(Default, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        struct Properties {
            auth_schemes: Vec<AuthScheme>,
            backend: Option<String>,
        }
        Ok(match Expect::deserialize(value)? {
            Expect::Error(message) => Self::Error(message),
            Expect::Endpoint {
                mut url,
                headers,
                properties,
            } => {
                if url.ends_with('/') && !url.ends_with("//") {
                    url.pop();
                }
                let headers = headers.into_iter();
                Self::Endpoint(Endpoint {
                    url,
                    headers: headers
                        .map(|(name, values)| (name.to_ascii_lowercase(), values))
                        .collect(),
                    auth_schemes: properties.auth_schemes,
                    backend: properties.backend,
                })
            }
        })
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        formatter.write_str(&text)
    }
}
