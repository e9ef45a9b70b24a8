//! What is kept of a transfer: the states with which another process continues, and the record of an upload.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::plumbing::fingerprint::Fingerprint;
use crate::plumbing::sent_part::SentPart;

/// The state of an upload: everything that is needed to continue it. It names no object: continue it with the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SavedObjectUpload {
    /// The content with which it began.
    pub fingerprint: Fingerprint,
    /// The length of every part but the last, in bytes.
    pub part_size: u64,
    /// The multipart upload, once there is one.
    pub upload_id: Option<String>,
    /// The parts that the storage has, by their numbers from 1 on.
    pub parts: BTreeMap<u32, SentPart>,
}

/// The record of an object that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SentObject {
    /// What was sent.
    pub fingerprint: Fingerprint,
    /// The `ETag` of the object.
    pub etag: Option<String>,
    /// The parts in which it was sent, in their order.
    pub parts: Vec<SentPart>,
}

/// The state of a download: what has arrived. It names no object: continue it with the same one.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SavedObjectDownload {
    /// Where the complete file will be.
    pub path: PathBuf,
    /// The name of the temporary file, which is in the same directory.
    pub temporary: String,
    /// The length of the object in bytes.
    pub length: u64,
    /// The `ETag` of the object.
    pub etag: Option<String>,
    /// The length of every range but the last, in bytes.
    pub range_size: u64,
    /// The SHA-256 of the ranges that have arrived, by their numbers from 0 on.
    pub arrived: BTreeMap<u64, String>,
}

/// Names of files may reveal details of an incident, so `Debug` hides them.
impl fmt::Debug for SavedObjectDownload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SavedObjectDownload")
            .field("length", &self.length)
            .field("etag", &self.etag)
            .field("range_size", &self.range_size)
            .field("arrived", &self.arrived)
            .finish_non_exhaustive()
    }
}
