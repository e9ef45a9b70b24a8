//! The record of a part that was sent, and of how the storage confirmed it.

use std::collections::BTreeMap;
use std::fmt;

use attache_runtime::Timestamp;

/// A part of a file, which was sent as one request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SentPart {
    /// Its number, from 1 on.
    pub number: u32,
    /// Where it begins in the file.
    pub offset: u64,
    /// How many bytes it has.
    pub size: u64,
    /// The SHA-256 of the bytes that were sent.
    pub sha256: String,
    /// The unchanged `ETag` of the response.
    pub etag: Option<String>,
    /// The headers `x-amz-checksum-*` of the response, by their names.
    pub checksums: BTreeMap<String, String>,
    /// When the storage had confirmed it.
    pub sent: Timestamp,
    /// How the storage confirmed that it has these bytes.
    pub confirmation: Confirmation,
}

impl SentPart {
    /// A file that was sent as one part, without a response of the storage. `sha256` is its hash in hexadecimal digits.
    #[doc(hidden)]
    pub fn whole(size: u64, sha256: String, sent: Timestamp, confirmation: Confirmation) -> Self {
        Self {
            number: 1,
            offset: 0,
            size,
            sha256,
            etag: None,
            checksums: BTreeMap::new(),
            sent,
            confirmation,
        }
    }
}

/// How the service or the storage confirmed that it has the bytes that were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Confirmation {
    /// The storage reported success after it had received all bytes, but no hash that can be compared: its `ETag` may
    /// be of an encrypted object. In JSON: `not confirmed by storage`.
    #[default]
    #[cfg_attr(feature = "serde", serde(rename = "not confirmed by storage"))]
    None,
    /// The `ETag` of the response is the MD5 of the bytes.
    #[cfg_attr(feature = "serde", serde(rename = "etag"))]
    ETag,
    /// The response has a checksum of the bytes.
    Checksum,
    /// The bytes were downloaded again, and have the same SHA-256.
    Download,
    /// The bytes were part of a call of the service, whose signature covers their SHA-256.
    SignedCall,
}

impl fmt::Display for Confirmation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::None => "not confirmed by storage",
            Self::ETag => "confirmed by its ETag",
            Self::Checksum => "confirmed by its checksum",
            Self::Download => "confirmed by a download",
            Self::SignedCall => "confirmed by a signed call",
        })
    }
}
