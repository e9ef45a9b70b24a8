//! Large files: upload links, parts, and their states.

use attache_runtime::Timestamp;

use super::attachments::{ID_LENGTH, attachment_id};
use super::times::date_time;
use super::{Attachment, Result, Support, Upload, invalid_parameter};
use crate::api::support::enums::UploadStatus;
use crate::api::support::error::UploadIdNotFound;
use crate::api::support::operation as op;
use crate::api::support::types::{UploadProgress, UploadUrl};
use crate::clock::after;
use crate::environment::token;
use crate::store::Blob;
use crate::wire::Refusal;

/// How many URLs one call returns.
const URLS: i32 = 10;

fn upload_not_found(id: &str) -> Refusal {
    UploadIdNotFound {
        message: Some(format!("No upload with the ID {id} was found.")),
    }
    .into()
}

impl Upload {
    fn total_parts(&self) -> u32 {
        u32::try_from(self.size.div_ceil(self.part_size)).unwrap_or(u32::MAX)
    }

    /// How many bytes a part must have.
    fn part_length(&self, part: u32) -> u64 {
        let before = u64::from(part - 1) * self.part_size;
        self.size.saturating_sub(before).min(self.part_size)
    }

    fn is_bad(&self) -> bool {
        is_bad_name(&self.file_name) || self.parts.values().any(|blob| blob.is_infected)
    }
}

/// A file whose name or content says that a scanner reports it.
pub(crate) fn is_bad_name(name: &str) -> bool {
    name.contains("infected")
}

impl Support {
    fn upload(&self, id: &str) -> Result<&Upload> {
        self.uploads.get(id).ok_or_else(|| upload_not_found(id))
    }

    pub(super) fn upload_links(
        &mut self,
        request: op::GetAttachmentUploadLinksRequest,
    ) -> Result<op::GetAttachmentUploadLinksResponse> {
        let upload = match (&request.upload_id, request.file_size_bytes) {
            (Some(id), size) => {
                let upload = self.upload(id)?;
                let differs = size.is_some_and(|size| u64::try_from(size) != Ok(upload.size));
                if differs {
                    return Err(invalid_parameter(
                        "Value for parameter `fileSizeBytes` is not that of the upload.",
                    ));
                }
                upload.clone()
            }
            (None, Some(size)) => self.begin_upload(
                request.file_name.unwrap_or_default(),
                u64::try_from(size).unwrap_or_default(),
            ),
            (None, None) => {
                return Err(invalid_parameter(
                    "One of the parameters `fileSizeBytes` and `uploadId` is needed.",
                ));
            }
        };
        let total = i32::try_from(upload.total_parts()).unwrap_or(i32::MAX);
        let range = request.upload_range.as_ref();
        let start = range.and_then(|range| range.start_index).unwrap_or(1);
        let end = range.and_then(|range| range.end_index);
        let end = end.unwrap_or(start.saturating_add(URLS)).min(total + 1);
        if start > total {
            return Err(invalid_parameter(format!(
                "The upload has {total} parts, so that there is none with the index {start}."
            )));
        }
        let urls = (start..end).map(|part| {
            let path = format!("/_files/support/upload/{}/{part}", upload.id);
            let (url, expires) = self.environment.link("PUT", &path, &[]);
            UploadUrl {
                expiry_date: date_time(expires),
                part_index: part,
                url,
            }
        });
        Ok(op::GetAttachmentUploadLinksResponse {
            upload_urls: urls.collect(),
            next_index: (end <= total).then_some(end),
            part_size_bytes: i64::try_from(upload.part_size).unwrap_or(i64::MAX),
            total_parts: total,
            upload_id: upload.id,
        })
    }

    fn begin_upload(&mut self, file_name: String, size: u64) -> Upload {
        let number = self.next("upload");
        let upload = Upload {
            id: format!(
                "upload-{}",
                self.environment.identifier("upload", number, 32)
            ),
            file_name,
            size,
            part_size: self.environment.settings.part_size,
            parts: Default::default(),
            completed: Default::default(),
            completed_at: None,
        };
        self.uploads.insert(upload.id.clone(), upload.clone());
        upload
    }

    /// How many bytes a part must have; `None` if the part is not expected.
    pub(crate) fn expect_part(&self, upload_id: &str, part: u32) -> Option<u64> {
        let upload = self.uploads.get(upload_id)?;
        if part == 0 || part > upload.total_parts() || upload.completed_at.is_some() {
            return None;
        }
        Some(upload.part_length(part))
    }

    /// Stores a part, and returns the one that it replaces. An error if the part is no longer expected.
    pub(crate) fn put_part(
        &mut self,
        upload_id: &str,
        part: u32,
        blob: Blob,
    ) -> std::result::Result<Option<Blob>, Blob> {
        match self.uploads.get_mut(upload_id) {
            Some(upload) if upload.completed_at.is_none() => {
                // A part that was replaced by other bytes is no longer complete.
                let replaced = upload.parts.insert(part, blob.clone());
                if replaced.as_ref().is_some_and(|old| old.md5 != blob.md5) {
                    upload.completed.remove(&part);
                }
                Ok(replaced)
            }
            _ => Err(blob),
        }
    }

    pub(super) fn complete_upload(
        &mut self,
        request: op::CompleteAttachmentUploadRequest,
    ) -> Result<op::CompleteAttachmentUploadResponse> {
        let id = request.upload_id.unwrap_or_default();
        let upload = self.upload(&id)?;
        let mut completed = upload.completed.clone();
        for report in request.completed_uploads.into_iter().flatten() {
            let index = report.part_index.unwrap_or_default();
            let part = u32::try_from(index).unwrap_or_default();
            let Some(blob) = upload.parts.get(&part) else {
                return Err(invalid_parameter(format!(
                    "The part {index} has not been uploaded."
                )));
            };
            let etag = report.e_tag.unwrap_or_default();
            if etag.trim_matches('"') != blob.md5 {
                return Err(invalid_parameter(format!(
                    "The ETag of the part {index} is not that of what was uploaded."
                )));
            }
            completed.insert(part);
        }
        let is_whole = completed.len() == upload.total_parts() as usize;
        let now = self.now();
        if let Some(upload) = self.uploads.get_mut(&id) {
            upload.completed = completed;
            if is_whole && upload.completed_at.is_none() {
                upload.completed_at = Some(now);
            }
        }
        let upload_status = self.status(self.upload(&id)?);
        Ok(op::CompleteAttachmentUploadResponse { upload_status })
    }

    fn status(&self, upload: &Upload) -> UploadStatus {
        let is_done = |completed: Timestamp| {
            self.now() >= after(completed, self.environment.settings.processing)
        };
        match upload.completed_at {
            Some(completed) if is_done(completed) && upload.is_bad() => UploadStatus::Failed,
            Some(completed) if is_done(completed) => UploadStatus::AttachmentReady,
            _ => UploadStatus::AttachmentNotReady,
        }
    }

    pub(super) fn upload_status(
        &mut self,
        request: op::DescribeAttachmentUploadStatusRequest,
    ) -> Result<op::DescribeAttachmentUploadStatusResponse> {
        let upload = self.upload(&request.upload_id.unwrap_or_default())?;
        let number = |number: usize| i32::try_from(number).ok();
        Ok(op::DescribeAttachmentUploadStatusResponse {
            file_name: upload.file_name.clone(),
            upload_progress: Some(UploadProgress {
                completed_parts_count: number(upload.completed.len()),
                total_parts: number(upload.total_parts() as usize),
            }),
            upload_status: self.status(upload),
        })
    }

    /// Checks that all uploads exist and are ready.
    pub(super) fn validate_uploads(&self, ids: &[String]) -> Result<()> {
        for id in ids {
            let upload = self
                .upload(id)
                .map_err(|_| invalid_parameter(format!("No upload with the ID {id} was found.")))?;
            let status = self.status(upload);
            if status != UploadStatus::AttachmentReady {
                return Err(invalid_parameter(format!(
                    "The upload {id} is `{status}`: only those that are `attachment-ready` can be attached."
                )));
            }
        }
        Ok(())
    }

    /// Makes an attachment of an upload; later calls return the same one.
    pub(super) fn take_upload(&mut self, id: &str) -> Option<String> {
        let upload = self.uploads.get(id)?;
        let attachment = Attachment {
            id: attachment_id(&token(id, 0, ID_LENGTH)),
            file_name: upload.file_name.clone(),
            blobs: upload.parts.values().cloned().collect(),
        };
        let attachment_id = attachment.id.clone();
        self.attachments.insert(attachment_id.clone(), attachment);
        Some(attachment_id)
    }
}
