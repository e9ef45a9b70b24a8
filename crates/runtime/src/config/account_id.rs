//! Whether the account of the credentials is part of endpoints.

use super::{ConfigError, Sources};

/// Whether the account of the credentials is part of the host, for the services that have such endpoints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccountIdEndpointMode {
    /// It is, if the credentials state it. This is the default.
    #[default]
    Preferred,
    /// It must be: a call without it is an error.
    Required,
    /// It is not.
    Disabled,
}

impl AccountIdEndpointMode {
    /// The identifier under which AWS counts its use.
    pub(crate) fn feature_id(self) -> &'static str {
        match self {
            Self::Preferred => "P",
            Self::Disabled => "Q",
            Self::Required => "R",
        }
    }

    /// Its name in variables, profiles and endpoint rules.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Preferred => "preferred",
            Self::Required => "required",
            Self::Disabled => "disabled",
        }
    }

    /// The setting of the environment.
    pub(super) fn read(sources: &Sources) -> Result<Option<Self>, ConfigError> {
        let found = sources.find("AWS_ACCOUNT_ID_ENDPOINT_MODE", "account_id_endpoint_mode");
        let Some(found) = found else {
            return Ok(None);
        };
        let text = found.text.to_ascii_lowercase();
        for mode in &[Self::Preferred, Self::Required, Self::Disabled] {
            if mode.as_str() == text {
                return Ok(Some(*mode));
            }
        }
        Err(found.error("must be `preferred`, `required` or `disabled`"))
    }
}
