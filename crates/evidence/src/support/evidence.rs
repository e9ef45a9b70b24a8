//! The result of uploads: ids for one call of the service.

use attache_support::Timestamp;

use crate::manifest::{Manifest, SentFile};

/// Files that were uploaded to AWS Support and belong to no case yet. Pass them to one call of CreateCase or
/// AddCommunicationToCase.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    attachment_set_id: Option<String>,
    expires: Option<Timestamp>,
    upload_ids: Vec<String>,
    manifest: Manifest,
}

impl Evidence {
    pub(super) fn of_set(id: String, expires: Option<String>, files: Vec<SentFile>) -> Self {
        Self {
            attachment_set_id: Some(id),
            // The documentation states this form in prose; a set without it is accepted as well.
            expires: expires.and_then(|text| text.parse().ok()),
            upload_ids: Vec::new(),
            manifest: Manifest::of(files),
        }
    }

    pub(super) fn add_upload(&mut self, id: String, file: SentFile) {
        self.upload_ids.push(id);
        self.manifest.files.push(file);
    }

    /// The record of what was sent, for each file: see [`manifest`](crate::manifest).
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The attachment set of the small files.
    pub fn attachment_set_id(&self) -> Option<&str> {
        self.attachment_set_id.as_deref()
    }

    /// When the attachment set expires: an hour after it was filled. Refer to it before.
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    /// The uploads of the large files.
    pub fn upload_ids(&self) -> &[String] {
        &self.upload_ids
    }
}
