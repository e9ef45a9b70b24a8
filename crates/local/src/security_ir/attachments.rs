//! Files of cases: presigned URLs, and the scan of what was uploaded.

use attache_runtime::Timestamp;

use super::{Attachment, Result, SecurityIr, conflict, not_found, quota_exceeded};
use crate::api::security_ir::enums::CaseAttachmentStatus;
use crate::api::security_ir::operation as op;
use crate::api::security_ir::types::CaseAttachmentAttributes;
use crate::clock::after;
use crate::store::Blob;
use crate::support::is_bad_name;

/// How many files a case may have, as the model says of GetCase.
const ATTACHMENTS: usize = 50;

impl SecurityIr {
    pub(super) fn upload_url(
        &mut self,
        request: op::GetCaseAttachmentUploadUrlRequest,
    ) -> Result<op::GetCaseAttachmentUploadUrlResponse> {
        const OPERATION: &str = "GetCaseAttachmentUploadUrl";
        let token = request.client_token.clone();
        let made = self.made_before(OPERATION, token.as_deref(), &request)?;
        let case_id = request.case_id.clone().unwrap_or_default();
        let size = u64::try_from(request.content_length.unwrap_or_default()).unwrap_or_default();
        let id = match made {
            Some(id) => id,
            None => {
                if self.case(&case_id)?.is_closed() {
                    return Err(conflict("The case is closed.", &case_id, "case"));
                }
                if self.attachments_of(&case_id).len() >= ATTACHMENTS {
                    let message = "The case has as many attachments as it can have.";
                    return Err(quota_exceeded(
                        message,
                        &case_id,
                        "attachment",
                        "L-ATTACHMENTS",
                    ));
                }
                let id = self.begin_attachment(&case_id, request.file_name.clone(), size);
                self.remember(OPERATION, token.as_deref(), &request, &id);
                id
            }
        };
        let path = format!("/_files/security-ir/upload/{case_id}/{id}");
        // With the real service, an upload creates a file and replaces none.
        let headers = [
            ("content-length", size.to_string()),
            ("if-none-match", "*".to_owned()),
        ];
        let signed = match self.environment.settings.sign_host_only {
            true => &[],
            false => &headers[..],
        };
        let (url, _) = self.environment.link("PUT", &path, signed);
        Ok(op::GetCaseAttachmentUploadUrlResponse {
            attachment_presigned_url: url,
        })
    }

    fn begin_attachment(&mut self, case_id: &str, file_name: Option<String>, size: u64) -> String {
        let number = self.next("attachment");
        let id = self.environment.uuid("attachment", number);
        let attachment = Attachment {
            id: id.clone(),
            case_id: case_id.to_owned(),
            file_name: file_name.unwrap_or_default(),
            size,
            created: self.now(),
            content: None,
        };
        self.attachments
            .insert(format!("{case_id}/{id}"), attachment);
        id
    }

    /// How many bytes a file must have; `None` if no upload is expected.
    pub(crate) fn expect_file(&self, case_id: &str, id: &str) -> Option<u64> {
        let attachment = self.attachments.get(&format!("{case_id}/{id}"))?;
        Some(attachment.size)
    }

    /// Stores the content of a file, and returns the one that it replaces.
    pub(crate) fn put_file(
        &mut self,
        case_id: &str,
        id: &str,
        blob: Blob,
    ) -> std::result::Result<Option<Blob>, Blob> {
        let now = self.now();
        let Some(attachment) = self.attachments.get_mut(&format!("{case_id}/{id}")) else {
            return Err(blob);
        };
        // The same bytes again are not scanned again.
        let scanned_from = match &attachment.content {
            Some((old, since)) if old.md5 == blob.md5 => *since,
            _ => now,
        };
        let replaced = attachment.content.replace((blob, scanned_from));
        if replaced.is_none() {
            let message = format!("The attachment {id} was uploaded.");
            self.edit(case_id, "Case Attachment Url Uploaded", &message);
        }
        Ok(replaced.map(|(blob, _)| blob))
    }

    fn status(
        &self,
        attachment: &Attachment,
        blob: &Blob,
        since: Timestamp,
    ) -> CaseAttachmentStatus {
        if self.now() < after(since, self.environment.settings.scan) {
            return CaseAttachmentStatus::Pending;
        }
        match is_bad_name(&attachment.file_name) || blob.is_infected {
            true => CaseAttachmentStatus::Failed,
            false => CaseAttachmentStatus::Verified,
        }
    }

    /// The files of a case that have arrived, in the order in which their URLs were requested.
    pub(super) fn attachments_of(&self, case_id: &str) -> Vec<CaseAttachmentAttributes> {
        let prefix = format!("{case_id}/");
        let mut found: Vec<(&Attachment, CaseAttachmentAttributes)> = self
            .attachments
            .below(&prefix)
            .filter_map(|(_, attachment)| {
                let (blob, since) = attachment.content.as_ref()?;
                let shown = CaseAttachmentAttributes {
                    attachment_id: attachment.id.clone(),
                    attachment_status: self.status(attachment, blob, *since),
                    created_date: attachment.created,
                    creator: self.environment.principal(),
                    file_name: attachment.file_name.clone(),
                };
                Some((attachment, shown))
            })
            .collect();
        found.sort_by_key(|(attachment, _)| attachment.created);
        found.into_iter().map(|(_, shown)| shown).collect()
    }

    pub(super) fn download_url(
        &mut self,
        request: op::GetCaseAttachmentDownloadUrlRequest,
    ) -> Result<op::GetCaseAttachmentDownloadUrlResponse> {
        let case_id = request.case_id.unwrap_or_default();
        let id = request.attachment_id.unwrap_or_default();
        self.case(&case_id)?;
        let Some((attachment, blob, since)) = self.content(&case_id, &id) else {
            return Err(not_found("attachment", &id));
        };
        let status = self.status(attachment, blob, since);
        if status != CaseAttachmentStatus::Verified {
            let message = format!("The attachment is `{status}`: only verified ones can be read.");
            return Err(conflict(&message, &id, "attachment"));
        }
        let path = format!("/_files/security-ir/download/{case_id}/{id}");
        let (url, _) = self.environment.link("GET", &path, &[]);
        Ok(op::GetCaseAttachmentDownloadUrlResponse {
            attachment_presigned_url: url,
        })
    }

    fn content(&self, case_id: &str, id: &str) -> Option<(&Attachment, &Blob, Timestamp)> {
        let attachment = self.attachments.get(&format!("{case_id}/{id}"))?;
        let (blob, since) = attachment.content.as_ref()?;
        Some((attachment, blob, *since))
    }

    /// The target of a download link: the name of the file and its content.
    pub(crate) fn download(&self, case_id: &str, id: &str) -> Option<(String, Vec<Blob>)> {
        let (attachment, blob, _) = self.content(case_id, id)?;
        Some((attachment.file_name.clone(), vec![blob.clone()]))
    }

    /// Every file that has arrived: the case, the file's name and its content.
    pub(crate) fn stored(&self) -> Vec<(String, String, String, Vec<Blob>)> {
        self.attachments
            .values()
            .filter_map(|file| {
                let (blob, _) = file.content.as_ref()?;
                let case = file.case_id.clone();
                Some((
                    case,
                    file.id.clone(),
                    file.file_name.clone(),
                    vec![blob.clone()],
                ))
            })
            .collect()
    }
}
