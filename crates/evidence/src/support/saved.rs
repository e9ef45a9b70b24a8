//! The state of an upload in parts, and the parts that it names.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use attache_support::error::ServiceError;
use attache_support::operation::GetAttachmentUploadLinksResponse;
use attache_transfer::plumbing::checksum::hex;
use attache_transfer::plumbing::fingerprint::Fingerprint;
use attache_transfer::plumbing::source::OpenSource;
use attache_transfer::{Error, ErrorKind};

use crate::binding;
use crate::manifest::SentPart;

/// The state of an upload: everything that is needed to continue it, and no URL.
///
/// It is bound to its upload and its file; a changed state is refused.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SavedUpload {
    /// The upload.
    pub upload_id: String,
    /// The name of the file.
    pub file_name: String,
    /// The content with which it began.
    pub fingerprint: Fingerprint,
    /// The length of every part but the last, in bytes.
    pub part_size: u64,
    /// How many parts there are.
    pub total_parts: i32,
    /// The parts that the storage has, by their number from 1 on.
    pub parts: BTreeMap<i32, CompletedPart>,
    /// A hash of what must not change.
    binding: String,
}

/// A part that the storage has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CompletedPart {
    /// Its unchanged `ETag`.
    pub etag: String,
    /// Whether it was reported to the service.
    pub reported: bool,
    /// What was sent.
    pub sent: SentPart,
}

/// Names of files may reveal details of an incident, so `Debug` hides them.
impl fmt::Debug for SavedUpload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SavedUpload")
            .field("upload_id", &self.upload_id)
            .field("fingerprint", &self.fingerprint)
            .field("part_size", &self.part_size)
            .field("total_parts", &self.total_parts)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

impl SavedUpload {
    /// An upload of which no part is complete.
    pub(super) fn new(source: &OpenSource, response: &GetAttachmentUploadLinksResponse) -> Self {
        let mut saved = Self {
            upload_id: response.upload_id.clone(),
            file_name: source.name.clone(),
            fingerprint: source.fingerprint.clone(),
            part_size: u64::try_from(response.part_size_bytes).unwrap_or_default(),
            total_parts: response.total_parts,
            parts: BTreeMap::new(),
            binding: String::new(),
        };
        saved.binding = saved.bound_to();
        saved
    }

    /// Validates that this is the state that was saved. This is done before the source is read, because the name of the
    /// source is part of the state.
    pub(super) fn validate(&self) -> Result<(), Error> {
        binding::validate(&self.bound_to(), &self.binding)
    }

    fn bound_to(&self) -> String {
        let (size, parts) = (self.part_size.to_string(), self.total_parts.to_string());
        let fields = [self.upload_id.as_str(), &self.file_name, &size, &parts];
        binding::binding("support upload", &self.fingerprint, &fields)
    }
}

/// The failure of a call or of a waiter for an upload. If the service does not have the upload any more, its state is of
/// no use.
pub(super) fn of_upload(error: attache_support::runtime::Error<ServiceError>) -> Error {
    if let Some(ServiceError::UploadIdNotFound(_)) = error.service() {
        let message = "the service no longer has the upload; begin a new upload";
        return Error::new(ErrorKind::State, message).because(error);
    }
    Error::of_call(error)
}

/// Whether the parts cover the file, no more and no less.
pub(super) fn validate_parts(saved: &SavedUpload) -> Result<(), Error> {
    let length = saved.fingerprint.length;
    let parts = u64::try_from(saved.total_parts).unwrap_or_default();
    let covers = saved.part_size > 0 && length.div_ceil(saved.part_size) == parts;
    let known = saved
        .parts
        .keys()
        .all(|part| (1..=saved.total_parts).contains(part));
    if covers && known {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Service,
        format!(
            "{parts} parts of {} bytes are not the {length} bytes of the file",
            saved.part_size
        ),
    ))
}

/// Whether the parts in the state match these hashes of the parts of the file.
pub(super) fn says_the_truth(saved: &SavedUpload, hashes: &[[u8; 32]]) -> bool {
    saved.parts.iter().all(|(number, part)| {
        let range = range_of(saved, *number);
        let index = usize::try_from(number - 1).ok();
        let hash = index.and_then(|index| hashes.get(index));
        let sent = &part.sent;
        sent.number == number.unsigned_abs()
            && (sent.offset, sent.size) == (range.start, range.end - range.start)
            && hash.is_some_and(|hash| sent.sha256 == hex(hash))
            && sent.etag.as_ref() == Some(&part.etag)
    })
}

/// The bytes of a part. Parts count from 1.
pub(super) fn range_of(saved: &SavedUpload, part: i32) -> Range<u64> {
    let before = u64::try_from(part - 1).unwrap_or_default();
    let start = before.saturating_mul(saved.part_size);
    let end = start.saturating_add(saved.part_size);
    start..end.min(saved.fingerprint.length)
}
