//! Whether endpoints are used that services name.

use super::{ConfigBuilder, ConfigError, Sources};

/// Whether the endpoints are used that a service names for its operations (AWS SDKs and Tools Reference Guide, "Endpoint
/// discovery"). Few services name any. An endpoint that the user sets is always used instead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointDiscovery {
    /// For the operations that no other endpoint has. This is the default.
    #[default]
    Auto,
    /// For all operations for which the service names endpoints.
    Enabled,
    /// For none: a call of an operation that no other endpoint has is an error.
    Disabled,
}

impl EndpointDiscovery {
    /// The setting of the environment. botocore has another name for the variable than the other SDKs.
    pub(super) fn read(sources: &Sources) -> Result<Option<Self>, ConfigError> {
        let setting = "endpoint_discovery_enabled";
        let found = sources
            .of_variable("AWS_ENDPOINT_DISCOVERY_ENABLED")
            .or_else(|| sources.find("AWS_ENABLE_ENDPOINT_DISCOVERY", setting));
        let Some(found) = found else {
            return Ok(None);
        };
        match found.text.trim().to_ascii_lowercase().as_str() {
            "auto" => Ok(Some(Self::Auto)),
            "true" => Ok(Some(Self::Enabled)),
            "false" => Ok(Some(Self::Disabled)),
            _ => Err(found.error("must be `auto`, `true` or `false`")),
        }
    }
}

/// Endpoints that services name.
impl ConfigBuilder {
    /// Whether the endpoints are used that the service names for its operations.
    #[must_use]
    pub fn endpoint_discovery(mut self, discovery: EndpointDiscovery) -> Self {
        self.endpoint_discovery = Some(discovery);
        self
    }
}
