//! Small files: attachment sets, and reading attachments.

use super::times::{date_time, expiry_time};
use super::{Attachment, AttachmentSet, Result, Support, set_size_limit, within_an_hour};
use crate::api::support::error::{
    AttachmentIdNotFound, AttachmentLimitExceeded, AttachmentSetExpired, AttachmentSetIdNotFound,
    DescribeAttachmentLimitExceeded, InternalServerError,
};
use crate::api::support::operation as op;
use crate::api::support::types::{self, DownloadUrl};
use crate::clock::after;
use crate::store::Blob;
use crate::wire::Refusal;

/// How large an attachment may be to be sent and read whole: 5 MiB.
pub(super) const SMALL: u64 = 5 << 20;
/// How many attachments a set may hold.
const SET: usize = 3;

fn set_not_found(id: &str) -> Refusal {
    AttachmentSetIdNotFound {
        message: Some(format!("No attachment set with the ID {id} was found.")),
    }
    .into()
}

/// An id of the length and the letters of documented ones.
pub(super) fn attachment_id(token: &str) -> String {
    format!("attachment-{token}")
}

/// The length of the random part of the id of an attachment.
pub(super) const ID_LENGTH: usize = 130;

fn attachment_not_found(id: &str) -> Refusal {
    AttachmentIdNotFound {
        message: Some(format!("No attachment with the ID {id} was found.")),
    }
    .into()
}

pub(super) fn storage_failed(error: &std::io::Error) -> Refusal {
    InternalServerError {
        message: Some(format!("The storage failed: {error}")),
    }
    .into()
}

impl Support {
    pub(super) fn add_to_set(
        &mut self,
        request: op::AddAttachmentsToSetRequest,
    ) -> Result<op::AddAttachmentsToSetResponse> {
        let now = self.now();
        let held = match &request.attachment_set_id {
            Some(id) => self.open_set(id)?.attachments.len(),
            None => {
                let begun = self.sets.values().map(|set| &set.created);
                let limit = self.environment.settings.limits.support_attachment_sets;
                if limit.is_some_and(|limit| within_an_hour(begun, now) >= limit) {
                    return Err(AttachmentLimitExceeded {
                        message: Some("Too many attachment sets within a short time.".to_owned()),
                    }
                    .into());
                }
                0
            }
        };
        let files = request.attachments.unwrap_or_default();
        let too_large = |file: &types::Attachment| {
            let size = file.data.as_ref().map_or(0, |data| data.len() as u64);
            size > SMALL
        };
        if held + files.len() > SET || files.iter().any(too_large) {
            return Err(set_size_limit());
        }
        if request.dry_run == Some(true) {
            // All checks are done at this point, and a dry run would not undo the stored files.
            return Ok(op::AddAttachmentsToSetResponse::default());
        }
        let mut added = Vec::new();
        for file in files {
            let number = self.next("attachment");
            let token = self.environment.token("attachment", number, ID_LENGTH);
            let id = attachment_id(&token);
            let bytes = file.data.unwrap_or_default();
            let blob = self.environment.blobs.store(&bytes);
            let blob = blob.map_err(|error| storage_failed(&error))?;
            let attachment = Attachment {
                id: id.clone(),
                file_name: file.file_name.unwrap_or_default(),
                blobs: vec![blob],
            };
            self.attachments.insert(id.clone(), attachment);
            added.push(id);
        }
        let set_id = match request.attachment_set_id {
            Some(id) => id,
            None => self.begin_set(),
        };
        let set = self.sets.get_mut(&set_id);
        let set = set.ok_or_else(|| set_not_found(&set_id))?;
        set.attachments.extend(added);
        Ok(op::AddAttachmentsToSetResponse {
            expiry_time: Some(expiry_time(set.expires)),
            attachment_set_id: Some(set_id),
        })
    }

    fn begin_set(&mut self) -> String {
        // Like `as-2f5a6faa2a4a1e600-mu-nk5xQlBr70-G1cUos5LZkd38KOAHZa9BMDVzNEXAMPLE` in the documentation.
        let number = self.next("set");
        let first = self.environment.identifier("set", number, 17);
        let last = self.environment.token("set", number, 43);
        let id = format!("as-{first}-mu-{last}");
        let created = self.now();
        let set = AttachmentSet {
            created,
            expires: after(created, self.environment.settings.set_lifetime),
            attachments: Vec::new(),
        };
        self.sets.insert(id.clone(), set);
        id
    }

    fn open_set(&self, id: &str) -> Result<&AttachmentSet> {
        let set = self.sets.get(id).ok_or_else(|| set_not_found(id))?;
        if self.now() >= set.expires {
            return Err(AttachmentSetExpired {
                message: Some(format!(
                    "The attachment set {id} has expired at {}.",
                    set.expires
                )),
            }
            .into());
        }
        Ok(set)
    }

    /// The attachments that a case or a communication gets: those of the set, and the uploads made into attachments.
    pub(super) fn take_attachments(
        &mut self,
        set: Option<&str>,
        uploads: Option<&[String]>,
    ) -> Result<Vec<String>> {
        let mut attachments = match set {
            // moto accepts any set, and tests written for it name sets that do not exist.
            Some(id) if self.is_lenient() && self.sets.get(id).is_none() => Vec::new(),
            Some(id) => self.open_set(id)?.attachments.clone(),
            None => Vec::new(),
        };
        let uploads = uploads.unwrap_or_default();
        self.validate_uploads(uploads)?;
        for id in uploads {
            attachments.extend(self.take_upload(id));
        }
        Ok(attachments)
    }

    pub(super) fn read_attachment(
        &mut self,
        request: op::DescribeAttachmentRequest,
    ) -> Result<op::DescribeAttachmentResponse> {
        let now = self.now();
        let limit = self
            .environment
            .settings
            .limits
            .support_described_attachments;
        if limit.is_some_and(|limit| within_an_hour(self.described.iter(), now) >= limit) {
            return Err(DescribeAttachmentLimitExceeded {
                message: Some("Too many attachments were read within a short time.".to_owned()),
            }
            .into());
        }
        if limit.is_some() {
            self.described.push(now);
        }
        let attachment = self.attachment(&request.attachment_id.unwrap_or_default())?;
        if attachment.size() > SMALL {
            return Err(super::invalid_parameter(
                "The attachment is larger than 5 MB: use GetAttachmentDownloadLink.",
            ));
        }
        let data = self.environment.blobs.read(&attachment.blobs);
        let data = data.map_err(|error| storage_failed(&error))?;
        Ok(op::DescribeAttachmentResponse {
            attachment: Some(types::Attachment {
                data: Some(data),
                file_name: Some(attachment.file_name.clone()),
            }),
        })
    }

    fn attachment(&self, id: &str) -> Result<&Attachment> {
        self.attachments
            .get(id)
            .ok_or_else(|| attachment_not_found(id))
    }

    pub(super) fn download_link(
        &mut self,
        request: op::GetAttachmentDownloadLinkRequest,
    ) -> Result<op::GetAttachmentDownloadLinkResponse> {
        let attachment = self.attachment(&request.attachment_id.unwrap_or_default())?;
        let path = format!("/_files/support/download/{}", attachment.id);
        let (url, expires) = self.environment.link("GET", &path, &[]);
        Ok(op::GetAttachmentDownloadLinkResponse {
            download_url: DownloadUrl {
                expiry_date: date_time(expires),
                url,
            },
            file_name: attachment.file_name.clone(),
        })
    }

    /// The target of a download link: the name of the file and its content.
    pub(crate) fn download(&self, attachment_id: &str) -> Option<(String, Vec<Blob>)> {
        let attachment = self.attachments.get(attachment_id)?;
        Some((attachment.file_name.clone(), attachment.blobs.clone()))
    }

    /// Every attachment that a case refers to: the case, the file's name and its content.
    pub(crate) fn stored(&self) -> Vec<(String, String, String, Vec<Blob>)> {
        self.communications
            .values()
            .flat_map(|communication| {
                communication
                    .attachments
                    .iter()
                    .filter_map(|id| self.attachments.get(id))
                    .map(|file| {
                        let case = communication.case_id.clone();
                        (
                            case,
                            file.id.clone(),
                            file.file_name.clone(),
                            file.blobs.clone(),
                        )
                    })
            })
            .collect()
    }
}
