//! What uploads come to: ids that one call of the service takes.

use attache_support::Timestamp;

use crate::error::{Error, ErrorKind};

/// Files that are with AWS Support and belong to no case yet. One call of CreateCase or AddCommunicationToCase takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    attachment_set_id: Option<String>,
    expires: Option<Timestamp>,
    upload_ids: Vec<String>,
}

impl Evidence {
    pub(super) fn of_set(id: Option<String>, expires: Option<String>) -> Result<Self, Error> {
        let id = id.ok_or_else(|| {
            Error::new(
                ErrorKind::Service,
                "AddAttachmentsToSet succeeded, and gave no attachment set",
            )
        })?;
        Ok(Self {
            attachment_set_id: Some(id),
            // The form is that of the prose; a set without it is a set all the same.
            expires: expires.and_then(|text| text.parse().ok()),
            upload_ids: Vec::new(),
        })
    }

    pub(super) fn of_upload(id: String) -> Self {
        Self::of_uploads(&[id])
    }

    pub(super) fn of_uploads(ids: &[String]) -> Self {
        Self {
            upload_ids: ids.to_vec(),
            ..Self::default()
        }
    }

    pub(super) fn add_uploads(&mut self, ids: &[String]) {
        self.upload_ids.extend_from_slice(ids);
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
