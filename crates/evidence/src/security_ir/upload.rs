//! The upload of a file to a case.

use std::fmt;
use std::sync::Arc;

use attache_runtime::waiter::State;
use attache_security_ir::Client;
use attache_security_ir::enums::CaseAttachmentStatus;
use attache_security_ir::operation::{GetCaseRequest, GetCaseResponse};
use attache_security_ir::types::CaseAttachmentAttributes;
use attache_transfer::plumbing::bound::Bound;
use attache_transfer::plumbing::failed::Failed;
use attache_transfer::plumbing::part::Part;
use attache_transfer::plumbing::presigned::Purpose;
use attache_transfer::plumbing::progress::{Meter, Stage};
use attache_transfer::plumbing::requests::Transfer;
use attache_transfer::plumbing::source::OpenSource;
use attache_transfer::{Error, ErrorKind};

use super::arrival::{Arrival, NewAttachments};
use super::wait::{rejected, schedule};
use super::{Attached, Attachments, RENEWALS, SavedUpload, new_ones};
use crate::kept::Kept;
use crate::manifest::{Confirmation, Destination, Manifest, SentFile, SentPart};

/// An upload that has begun. [`run`](Self::run) can be called again after an error, or after its future was dropped.
pub struct Upload {
    client: Client,
    source: OpenSource,
    transfer: Transfer,
    meter: Arc<Meter>,
    bound: Bound,
    saved: Kept<SavedUpload>,
    /// Whether an earlier run may have sent the file.
    perhaps_sent: bool,
}

/// The facts that are known once the storage has the file.
struct Stored {
    part: SentPart,
    attachment_id: Option<String>,
}

impl Upload {
    pub(super) fn new(
        attachments: &Attachments,
        transfer: Transfer,
        (source, meter): (OpenSource, Arc<Meter>),
        saved: SavedUpload,
    ) -> Self {
        if saved.sent {
            meter.moved(source.length());
            meter.part();
        }
        Self {
            client: attachments.client.clone(),
            bound: attachments.bound.clone(),
            transfer,
            source,
            meter,
            saved: Kept::new(saved),
            perhaps_sent: false,
        }
    }

    /// Marks an upload that may have sent the file in another run.
    pub(super) fn perhaps_sent(mut self) -> Self {
        self.perhaps_sent = true;
        self
    }

    /// Calls a function when the state changes: when the storage has the file, and when a new URL is requested. The
    /// state can be saved before a crash.
    #[must_use]
    pub fn on_saved(mut self, keep: impl Fn(&SavedUpload) + Send + Sync + 'static) -> Self {
        self.saved.on_note(keep);
        self
    }

    /// The state of the upload.
    pub fn saved(&self) -> SavedUpload {
        self.saved.state().clone()
    }

    /// Sends the file, unless the storage has it, and waits until it is scanned.
    ///
    /// # Errors
    /// [`ErrorKind`] says which, and [`Error::may_have_arrived`] says whether the file may be in the case nevertheless.
    pub async fn run(&mut self) -> Result<Attached, Error> {
        let outcome = self.attached().await;
        self.meter.or_failed(outcome)
    }

    async fn attached(&self) -> Result<Attached, Error> {
        self.store().await?;
        let (attachment_id, file) = self.verified().await?;
        Ok(Attached {
            attachment_id,
            manifest: Manifest::of(vec![file]),
        })
    }

    /// Sends the file, unless the storage has it.
    pub(super) async fn store(&self) -> Result<(), Error> {
        let saved = self.saved();
        if !saved.sent {
            let stored = self.stored(&saved).await?;
            self.saved.note(|saved| {
                saved.sent = true;
                saved.part = Some(stored.part);
                saved.attachment_id = stored.attachment_id;
            });
            self.meter.part();
        }
        Ok(())
    }

    /// Waits until the file is scanned. Returns the id of the attachment, and the record of what was sent.
    pub(super) async fn verified(&self) -> Result<(String, SentFile), Error> {
        self.meter.tell(Stage::Processing);
        let attachment_id = self.scanned(self.saved()).await?;
        self.meter.tell(Stage::Done);
        let saved = self.saved();
        let parts = saved.part.into_iter().collect();
        let destination = Destination::SecurityIrCase {
            case_id: saved.case_id,
            attachment_id: attachment_id.clone(),
        };
        let file = SentFile::of(&self.source, destination, parts).await;
        Ok((attachment_id, file))
    }

    async fn stored(&self, saved: &SavedUpload) -> Result<Stored, Error> {
        let _permit = self.bound.part().await;
        if self.perhaps_sent
            && let Arrival::Same(id) = self.new_attachments(saved).arrival(false).await?
        {
            self.meter.moved(self.source.length());
            return Ok(self.found(id));
        }
        self.send(saved).await
    }

    async fn send(&self, saved: &SavedUpload) -> Result<Stored, Error> {
        let part = Part {
            range: 0..self.source.length(),
            sha256: self.source.sha256,
            source: self.source.clone(),
        };
        let mut renewals = 0;
        let mut perhaps = false;
        loop {
            let url = self.url(saved).await?;
            let put = self
                .transfer
                .put(&url, &part, Purpose::Creation, &self.meter);
            let refused = match put.await {
                Ok(part) => {
                    return Ok(Stored {
                        part,
                        attachment_id: None,
                    });
                }
                Err(Failed::Exists(_)) => return self.existing(saved).await,
                Err(Failed::Expired(error)) => error,
                Err(failed) => return Err(failed.into_error().perhaps_arrived(perhaps)),
            };
            // Another URL means another attachment, so first check whether the bytes arrived although the response was
            // lost.
            perhaps |= refused.may_have_arrived();
            let arrival = self.new_attachments(saved).arrival(perhaps).await;
            if let Arrival::Same(id) = arrival.map_err(|error| error.perhaps_arrived(perhaps))? {
                return Ok(self.found(id));
            }
            if renewals == RENEWALS {
                return Err(refused.perhaps_arrived(perhaps));
            }
            renewals += 1;
            let token = self.client.config().token_source().token();
            self.saved.note(|saved| saved.client_token = token);
        }
    }

    async fn url(&self, saved: &SavedUpload) -> Result<String, Error> {
        let client_token = self.saved.state().client_token.clone();
        let link = self
            .client
            .get_case_attachment_upload_url()
            .case_id(saved.case_id.as_str())
            .client_token(client_token)
            .file_name(self.source.name.as_str())
            .content_length(i64::try_from(self.source.length()).unwrap_or(i64::MAX))
            .send()
            .await
            .map_err(Error::of_call)?;
        Ok(link.attachment_presigned_url)
    }

    /// The storage already has a file under the URL: ours, if the response was lost, or another one.
    async fn existing(&self, saved: &SavedUpload) -> Result<Stored, Error> {
        let arrival = self.new_attachments(saved).arrival(true).await;
        match arrival.map_err(|error| {
            let is_open = error.kind() != ErrorKind::Rejected;
            error.perhaps_arrived(is_open)
        })? {
            Arrival::Same(id) => Ok(self.found(id)),
            Arrival::Other => Err(Error::new(
                ErrorKind::Conflict,
                format!(
                    "the case has a new attachment of the name `{}` with another content, and it is not replaced; upload \
                     the file under another name",
                    self.source.name
                ),
            )),
            Arrival::Nothing => Err(Error::new(
                ErrorKind::Transfer,
                "the storage answered 412 because it has a file under the URL of this upload, and the case shows no new \
                 attachment of its name that could be compared",
            )
            .perhaps_arrived(true)),
        }
    }

    fn new_attachments<'a>(&'a self, saved: &'a SavedUpload) -> NewAttachments<'a> {
        NewAttachments {
            client: &self.client,
            transfer: &self.transfer,
            source: &self.source,
            saved,
        }
    }

    fn found(&self, id: String) -> Stored {
        Stored {
            part: SentPart::whole(
                self.source.length(),
                self.source.fingerprint.sha256.clone(),
                self.client.config().time_source().now(),
                Confirmation::Download,
            ),
            attachment_id: Some(id),
        }
    }

    async fn scanned(&self, saved: SavedUpload) -> Result<String, Error> {
        let request = GetCaseRequest {
            case_id: Some(saved.case_id.clone()),
            ..Default::default()
        };
        let looked_for = saved.clone();
        let waited = self
            .client
            .waiter(request, move |answer| judge(answer.ok()?, &looked_for))
            .schedule(schedule(self.transfer.settings.processing))
            .await
            .map_err(Error::of_call)?;
        let case = waited.response.unwrap_or_default();
        let verified = candidates(&case, &saved)
            .find(|attachment| attachment.attachment_status == CaseAttachmentStatus::Verified);
        let id = |attachment: &CaseAttachmentAttributes| attachment.attachment_id.clone();
        verified
            .map(id)
            .ok_or_else(|| rejected(&candidates(&case, &saved).map(id).collect::<Vec<_>>()))
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Upload")
            .field("saved", &self.saved)
            .finish_non_exhaustive()
    }
}

/// The possible attachments of an upload: the known one, or the new ones with its name.
fn candidates<'a>(
    case: &'a GetCaseResponse,
    saved: &'a SavedUpload,
) -> impl Iterator<Item = &'a CaseAttachmentAttributes> {
    new_ones(case, &saved.before, &saved.file_name).filter(|attachment| {
        let known = saved.attachment_id.as_ref();
        known.is_none_or(|known| *known == attachment.attachment_id)
    })
}

/// What the state of a case means for a file. A URL that expired unused may leave an attachment that stays pending, so
/// a verified attachment takes precedence.
fn judge(case: &GetCaseResponse, saved: &SavedUpload) -> Option<State> {
    let (mut is_open, mut is_failed) = (false, false);
    for attachment in candidates(case, saved) {
        match attachment.attachment_status {
            CaseAttachmentStatus::Verified => return Some(State::Success),
            CaseAttachmentStatus::Failed => is_failed = true,
            _ => is_open = true,
        }
    }
    match (is_open, is_failed) {
        (true, _) => Some(State::Retry),
        // It ends, and the response has the ids.
        (false, true) => Some(State::Success),
        (false, false) => None,
    }
}
