//! Settings of checksums.

use super::sources::Sources;
use super::{ConfigBuilder, ConfigError};

/// When checksums are computed or verified (AWS SDKs and Tools Reference Guide, "Data integrity protections for Amazon
/// S3").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChecksumUse {
    /// Wherever the operation supports it.
    #[default]
    WhenSupported,
    /// Only where the operation requires it, or the caller asks for it.
    WhenRequired,
}

/// The settings, complete.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ChecksumSettings {
    pub(crate) request: ChecksumUse,
    pub(crate) response: ChecksumUse,
}

/// The settings of a builder.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ChecksumSettingsBuilder {
    request: Option<ChecksumUse>,
    response: Option<ChecksumUse>,
}

impl ChecksumSettingsBuilder {
    pub(super) fn read(&mut self, sources: &Sources) -> Result<(), ConfigError> {
        if self.request.is_none() {
            self.request = find(
                sources,
                "AWS_REQUEST_CHECKSUM_CALCULATION",
                "request_checksum_calculation",
            )?;
        }
        if self.response.is_none() {
            self.response = find(
                sources,
                "AWS_RESPONSE_CHECKSUM_VALIDATION",
                "response_checksum_validation",
            )?;
        }
        Ok(())
    }

    pub(super) fn build(self) -> ChecksumSettings {
        ChecksumSettings {
            request: self.request.unwrap_or_default(),
            response: self.response.unwrap_or_default(),
        }
    }
}

fn find(
    sources: &Sources,
    variable: &str,
    setting: &str,
) -> Result<Option<ChecksumUse>, ConfigError> {
    let Some(found) = sources.find(variable, setting) else {
        return Ok(None);
    };
    match found.text.to_ascii_lowercase().as_str() {
        "when_supported" => Ok(Some(ChecksumUse::WhenSupported)),
        "when_required" => Ok(Some(ChecksumUse::WhenRequired)),
        _ => Err(found.error("must be `when_supported` or `when_required`")),
    }
}

/// Checksums.
impl ConfigBuilder {
    /// When the checksum of a request is computed. By default wherever the operation supports it. A checksum that the
    /// caller sets is sent in any case.
    #[must_use]
    pub fn request_checksum_calculation(mut self, when: ChecksumUse) -> Self {
        self.checksums.request = Some(when);
        self
    }

    /// When a response is verified against the checksum that it states. By default wherever the operation supports it.
    #[must_use]
    pub fn response_checksum_validation(mut self, when: ChecksumUse) -> Self {
        self.checksums.response = Some(when);
        self
    }
}
