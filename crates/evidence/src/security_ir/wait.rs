//! Waits for the scans of attachments that a caller names.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use attache_runtime::waiter::{Schedule, State};
use attache_security_ir::enums::CaseAttachmentStatus;
use attache_security_ir::operation::{GetCaseRequest, GetCaseResponse};
use attache_security_ir::types::CaseAttachmentAttributes;
use attache_transfer::{Error, ErrorKind};

use super::{Attachments, attachments};

impl Attachments {
    /// Waits until the named attachments of a case are verified, as after uploads without this crate. The functions of
    /// this crate that upload a file wait for it themselves.
    ///
    /// An attachment is named by its id or by the name of its file. The response to GetCaseAttachmentUploadUrl has no id,
    /// and the case lists a file only after it arrived, so a name that the case does not have is waited for. Other
    /// attachments of the case are ignored, whatever their status is. If several attachments have the name, the newest
    /// decides: give the id if an older file of the case has the same name.
    ///
    /// If none is named, all attachments are waited for that the case lists. A case without attachments ends that at once.
    ///
    /// Returns the ids of the attachments, in the order of their names.
    ///
    /// # Errors
    /// [`ErrorKind::Rejected`] as soon as one of the scans failed, with the ids of these attachments;
    /// [`ErrorKind::Timeout`] after [`Settings::processing`](crate::Settings::processing), with the names of those that
    /// are not verified; [`ErrorKind::Service`] if the case cannot be read.
    ///
    /// ```no_run
    /// # async fn example(client: attache_security_ir::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use attache_evidence::security_ir::Attachments;
    ///
    /// let attachments = Attachments::new(&client);
    /// let ids = attachments.wait_until_verified("1234567890", ["memory.dump"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn wait_until_verified(
        &self,
        case_id: impl Into<String>,
        names: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<Vec<String>, Error> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let last = Arc::new(Mutex::new(Scans::default()));
        let seen = Arc::clone(&last);
        let request = GetCaseRequest {
            case_id: Some(case_id.into()),
            ..Default::default()
        };
        let waiter = self.client.waiter(request, move |answer| {
            let scans = Scans::of(answer.ok()?, &names);
            let is_open = scans.failed.is_empty() && !scans.open.is_empty();
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = scans;
            Some(if is_open {
                State::Retry
            } else {
                State::Success
            })
        });
        let waited = waiter.schedule(schedule(self.settings.processing)).await;
        let scans = std::mem::take(&mut *last.lock().unwrap_or_else(PoisonError::into_inner));
        if let Err(error) = waited {
            let error = Error::of_call(error);
            let open = scans.open.join("`, `");
            return Err(match error.kind() {
                ErrorKind::Timeout => {
                    error.saying(format!("in time, `{open}` was not verified by the scan"))
                }
                _ => error,
            });
        }
        if scans.failed.is_empty() {
            return Ok(scans.verified);
        }
        Err(rejected(&scans.failed))
    }
}

/// The pauses between two looks at a case.
pub(super) fn schedule(deadline: Duration) -> Schedule {
    Schedule {
        least_delay: Duration::from_secs(1),
        greatest_delay: Duration::from_secs(30),
        deadline,
    }
}

/// The scans of some attachments failed.
pub(super) fn rejected(ids: &[String]) -> Error {
    let ids = ids.join("`, `");
    Error::new(
        ErrorKind::Rejected,
        format!("the service rejects the file: the scan of the attachment `{ids}` failed"),
    )
}

/// The scans that a caller waits for.
#[derive(Default)]
struct Scans {
    /// The ids of those that succeeded.
    verified: Vec<String>,
    /// The ids of those that failed.
    failed: Vec<String>,
    /// The ids or names of those that may still succeed.
    open: Vec<String>,
}

impl Scans {
    fn of(case: &GetCaseResponse, names: &[String]) -> Self {
        let mut scans = Self::default();
        if names.is_empty() {
            for attachment in attachments(case) {
                scans.add(attachment, &attachment.attachment_id);
            }
        }
        for name in names {
            match named(case, name) {
                Some(attachment) => scans.add(attachment, name),
                None => scans.open.push(name.clone()),
            }
        }
        scans
    }

    fn add(&mut self, attachment: &CaseAttachmentAttributes, name: &str) {
        let id = attachment.attachment_id.clone();
        match attachment.attachment_status {
            CaseAttachmentStatus::Verified => self.verified.push(id),
            CaseAttachmentStatus::Failed => self.failed.push(id),
            _ => self.open.push(name.to_owned()),
        }
    }
}

/// The attachment with this id, or the newest one with this name.
fn named<'a>(case: &'a GetCaseResponse, name: &str) -> Option<&'a CaseAttachmentAttributes> {
    let all = attachments(case).iter();
    let mut of_id = all
        .clone()
        .filter(|attachment| attachment.attachment_id == name);
    of_id.next().or_else(|| {
        let of_name = all.filter(|attachment| attachment.file_name == name);
        of_name.max_by_key(|attachment| attachment.created_date)
    })
}
