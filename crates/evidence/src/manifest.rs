//! The manifest: the record of what was sent, which a user keeps with the evidence.
//!
//! With the feature `serde` a [`Manifest`] is a JSON document of this form, version 1:
//!
//! ```json
//! {
//!   "version": 1,
//!   "files": [{
//!     "path": "host-1/memory.dump",
//!     "name": "host-1--memory.dump",
//!     "size": 8,
//!     "sha256": "a7f1d92a82c8d8fe434d98558ce2b347171198542f112d0558f56bd688079992",
//!     "modified": "2026-11-22T11:58:03Z",
//!     "opened": "2026-11-22T12:00:00Z",
//!     "grown_to": null,
//!     "destination": {"support_upload": {"upload_id": "upload-1"}},
//!     "parts": [{
//!       "number": 1,
//!       "offset": 0,
//!       "size": 8,
//!       "sha256": "a7f1d92a82c8d8fe434d98558ce2b347171198542f112d0558f56bd688079992",
//!       "etag": "\"0cc175b9c0f1b6a831c399e269772661\"",
//!       "checksums": {"x-amz-checksum-crc64nvme": "rosUhgp5mIg="},
//!       "sent": "2026-11-22T12:00:02Z",
//!       "confirmation": "checksum"
//!     }]
//!   }],
//!   "skipped": [{"path": "host-1/empty.log", "reason": "empty"}]
//! }
//! ```
//!
//! Sizes and offsets are bytes, hashes are hexadecimal digits, times are RFC 3339 in UTC and come from the clock of the
//! configuration. [`SentFile`], [`SentPart`], [`Destination`] and [`Confirmation`] say what each member means. `path` and
//! `skipped` are those of a folder; without a folder they are missing. Members may be added within a version; a document
//! of another version is refused when it is read.
//!
//! ```
//! use attache_evidence::manifest::Manifest;
//! use attache_evidence::support::Evidence;
//!
//! # fn example(evidence: Evidence) -> Result<(), Box<dyn std::error::Error>> {
//! // std::fs::write("evidence.json", text) keeps it.
//! let text = serde_json::to_string_pretty(evidence.manifest())?;
//! let kept: Manifest = serde_json::from_str(&text)?;
//! assert_eq!(&kept, evidence.manifest());
//! # Ok(())
//! # }
//! # example(Evidence::default()).unwrap();
//! ```
//!
//! A manifest contains no URL and no credentials. Names of files may reveal details of an incident, so `Debug` hides
//! them.

use std::fmt;

use attache_runtime::Timestamp;
use attache_transfer::plumbing::source::OpenSource;

pub use attache_transfer::{Confirmation, SentPart};

/// The version of the form.
pub const VERSION: u32 = 1;

/// What was sent, file by file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Manifest {
    /// The version of the form: [`VERSION`].
    #[cfg_attr(feature = "serde", serde(deserialize_with = "known_version"))]
    pub version: u32,
    /// The files.
    pub files: Vec<SentFile>,
    /// What a folder has besides files with content.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Vec::is_empty")
    )]
    pub skipped: Vec<Skipped>,
}

impl Default for Manifest {
    fn default() -> Self {
        Self::of(Vec::new())
    }
}

impl Manifest {
    pub(crate) fn of(files: Vec<SentFile>) -> Self {
        Self {
            version: VERSION,
            files,
            skipped: Vec::new(),
        }
    }
}

#[cfg(feature = "serde")]
fn known_version<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    use serde::Deserialize as _;
    let version = u32::deserialize(deserializer)?;
    if version == VERSION {
        return Ok(version);
    }
    Err(serde::de::Error::custom(format_args!(
        "the manifest has version {version}, and this program reads version {VERSION}"
    )))
}

/// A file that was sent.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SentFile {
    /// Its path in the folder that was uploaded, with `/` between its parts.
    #[cfg_attr(
        feature = "serde",
        serde(default, skip_serializing_if = "Option::is_none")
    )]
    pub path: Option<String>,
    /// Its name in the case.
    pub name: String,
    /// How many bytes were sent.
    pub size: u64,
    /// The SHA-256 of what was sent.
    pub sha256: String,
    /// The time of the last change of the file, as it was when the file was opened. Bytes in memory and readers have no
    /// such time.
    pub modified: Option<Timestamp>,
    /// When it was opened. The content of that moment was sent, and nothing that was added later.
    pub opened: Timestamp,
    /// The final length of the file, if it has grown since it was opened, as a log does. The bytes from
    /// [`size`](Self::size) on were not sent.
    pub grown_to: Option<u64>,
    /// Where it is.
    pub destination: Destination,
    /// The parts in which it was sent, in their order.
    pub parts: Vec<SentPart>,
}

impl SentFile {
    pub(crate) async fn of(
        source: &OpenSource,
        destination: Destination,
        parts: Vec<SentPart>,
    ) -> Self {
        Self {
            path: None,
            name: source.name.clone(),
            size: source.length(),
            sha256: source.fingerprint.sha256.clone(),
            modified: source.modified,
            opened: source.opened,
            grown_to: source.grown_to().await,
            destination,
            parts,
        }
    }
}

impl fmt::Debug for SentFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SentFile")
            .field("size", &self.size)
            .field("sha256", &self.sha256)
            .field("destination", &self.destination)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum Destination {
    /// In an attachment set of AWS Support.
    SupportSet {
        /// The id of the set.
        attachment_set_id: String,
        /// When the set expires, unless a case refers to it before.
        #[cfg_attr(
            feature = "serde",
            serde(default, skip_serializing_if = "Option::is_none")
        )]
        expires: Option<Timestamp>,
    },
    /// In an upload of AWS Support.
    SupportUpload {
        /// The id of the upload.
        upload_id: String,
    },
    /// In a case of AWS Security Incident Response.
    SecurityIrCase {
        /// The id of the case.
        case_id: String,
        /// The id of the attachment.
        attachment_id: String,
    },
}

/// An entry of a folder that was not sent.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Skipped {
    /// Its path in the folder, with `/` between its parts.
    pub path: String,
    /// Why it was not sent.
    pub reason: SkipReason,
}

impl fmt::Debug for Skipped {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Skipped")
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// Why an entry of a folder was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "snake_case")
)]
#[non_exhaustive]
pub enum SkipReason {
    /// The file has no bytes. The services accept no empty files.
    Empty,
    /// It is a symbolic link. Its target is not read, because it may be outside of the folder.
    SymbolicLink,
    /// It is a socket, a pipe or a device.
    Special,
}
