//! The result of uploads: ids for one call of the service.

use attache_support::Timestamp;

use super::UPLOADS_LIMIT;
use crate::manifest::{Destination, Manifest, SentFile};

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
    /// As few as can refer to all files. Each has a set and uploads, so that files of both kinds share a call.
    pub(super) fn of_files(files: Vec<SentFile>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        let mut uploads = Vec::new();
        for file in files {
            match &file.destination {
                Destination::SupportSet {
                    attachment_set_id: id,
                    expires,
                } => {
                    let mut sets = all.iter_mut();
                    let set = sets.find(|set| set.attachment_set_id.as_ref() == Some(id));
                    match set {
                        Some(set) => set.manifest.files.push(file),
                        None => all.push(Self {
                            attachment_set_id: Some(id.clone()),
                            expires: *expires,
                            upload_ids: Vec::new(),
                            manifest: Manifest::of(vec![file]),
                        }),
                    }
                }
                Destination::SupportUpload { upload_id } => {
                    uploads.push((upload_id.clone(), file));
                }
                Destination::SecurityIrCase { .. } => {}
            }
        }
        for (index, (id, file)) in uploads.into_iter().enumerate() {
            let index = index / UPLOADS_LIMIT;
            if index == all.len() {
                all.push(Self::default());
            }
            all[index].upload_ids.push(id);
            all[index].manifest.files.push(file);
        }
        all
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
