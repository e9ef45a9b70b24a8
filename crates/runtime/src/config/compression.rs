//! Settings of compressed requests.

use super::sources::Sources;
use super::{ConfigBuilder, ConfigError};

/// How bodies are compressed (AWS SDKs and Tools Reference Guide, "Request compression").
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Compression {
    pub(super) disabled: Option<bool>,
    pub(super) minimum: Option<usize>,
}

impl Compression {
    /// The default minimum length; below it, compression costs more than it saves.
    const MINIMUM: usize = 10_240;
    const GREATEST_MINIMUM: usize = 10_485_760;

    pub(super) fn read(&mut self, sources: &Sources) -> Result<(), ConfigError> {
        if self.disabled.is_none() {
            self.disabled = sources.flag(
                "AWS_DISABLE_REQUEST_COMPRESSION",
                "disable_request_compression",
            )?;
        }
        let minimum = sources.find(
            "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES",
            "request_min_compression_size_bytes",
        );
        if let (None, Some(found)) = (self.minimum, minimum) {
            let minimum = found.text.parse().ok();
            let minimum = minimum.filter(|minimum| *minimum <= Self::GREATEST_MINIMUM);
            self.minimum = Some(minimum.ok_or_else(|| {
                let greatest = Self::GREATEST_MINIMUM;
                found.error(&format!("must be a whole number from 0 to {greatest}"))
            })?);
        }
        Ok(())
    }

    pub(super) fn minimum(self) -> Option<usize> {
        (self.disabled != Some(true)).then(|| self.minimum.unwrap_or(Self::MINIMUM))
    }
}

/// Compressed requests.
impl ConfigBuilder {
    /// Whether compression is switched off for operations that support it. By default it is on.
    #[must_use]
    pub fn disable_request_compression(mut self, disable: bool) -> Self {
        self.compression.disabled = Some(disable);
        self
    }

    /// The length from which on operations that can compress bodies do so. By default 10,240 bytes.
    #[must_use]
    pub fn request_min_compression_size_bytes(mut self, bytes: usize) -> Self {
        self.compression.minimum = Some(bytes);
        self
    }
}
