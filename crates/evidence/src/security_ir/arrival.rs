//! Finds out whether a file has arrived when the response to its upload was lost.
//!
//! `GetCase` lists id, name and status of attachments, and the response to an upload contains no id. Therefore the new
//! attachments with the name of the file are downloaded and hashed.

use std::collections::BTreeSet;
use std::time::Duration;

use attache_runtime::waiter::{Schedule, State};
use attache_security_ir::Client;
use attache_security_ir::enums::CaseAttachmentStatus;
use attache_security_ir::operation::{GetCaseRequest, GetCaseResponse};
use attache_transfer::Error;
use attache_transfer::plumbing::events::Piece;
use attache_transfer::plumbing::failed::Failed;
use attache_transfer::plumbing::incoming::fetched_hash;
use attache_transfer::plumbing::requests::Transfer;
use attache_transfer::plumbing::source::OpenSource;

use super::wait::rejected;
use super::{SavedUpload, download_url, new_ones};

/// How long an attachment may take to be listed after its bytes arrived.
const LISTING: Duration = Duration::from_secs(30);

/// What the case contains of an upload.
pub(super) enum Arrival {
    /// An attachment of the name with the same content: its id.
    Same(String),
    /// New attachments of the name, all with another content.
    Other,
    /// No new attachment of the name that could be read.
    Nothing,
}

/// The attachments of a case that an upload may have created.
pub(super) struct NewAttachments<'a> {
    pub(super) client: &'a Client,
    pub(super) transfer: &'a Transfer,
    /// The file that is looked for.
    pub(super) source: &'a OpenSource,
    /// The upload: its case, its name, and the earlier attachments of the case.
    pub(super) saved: &'a SavedUpload,
}

impl NewAttachments<'_> {
    /// Looks for the file among the new attachments of its name. With `wait`, the function waits until the file is
    /// listed and scanned.
    ///
    /// # Errors
    /// A call or a download that failed, and a scan that found something.
    pub(super) async fn arrival(&self, wait: bool) -> Result<Arrival, Error> {
        let mut others = BTreeSet::new();
        loop {
            let case = self.settled(&others, wait).await?;
            let (mut readable, mut failed) = (Vec::new(), Vec::new());
            for attachment in new_ones(&case, &self.saved.before, &self.saved.file_name) {
                match attachment.attachment_status {
                    CaseAttachmentStatus::Verified => {
                        readable.push(attachment.attachment_id.clone());
                    }
                    CaseAttachmentStatus::Failed => {
                        failed.push(attachment.attachment_id.clone());
                    }
                    _ => {}
                }
            }
            readable.retain(|id| !others.contains(id));
            if readable.is_empty() {
                return match (others.is_empty(), !failed.is_empty() && wait) {
                    (false, _) => Ok(Arrival::Other),
                    (true, true) => Err(rejected(&failed)),
                    (true, false) => Ok(Arrival::Nothing),
                };
            }
            for id in readable {
                if self.has_same_content(&id).await? {
                    return Ok(Arrival::Same(id));
                }
                others.insert(id);
            }
        }
    }

    /// The case, once it has an attachment to compare, or once none can appear any more.
    async fn settled(
        &self,
        others: &BTreeSet<String>,
        wait: bool,
    ) -> Result<GetCaseResponse, Error> {
        let request = GetCaseRequest {
            case_id: Some(self.saved.case_id.clone()),
            ..Default::default()
        };
        let processing = self.transfer.settings.processing;
        // First it must be listed, then it must be scanned.
        for (until, deadline) in [
            (listed as Judge, LISTING.min(processing)),
            (scanned as Judge, processing),
        ] {
            if !wait {
                break;
            }
            let (saved, others) = (self.saved.clone(), others.clone());
            let waited = self
                .client
                .waiter(request.clone(), move |answer| {
                    Some(until(answer.ok()?, &saved, &others))
                })
                .schedule(Schedule {
                    least_delay: Duration::from_secs(1),
                    greatest_delay: Duration::from_secs(10),
                    deadline,
                })
                .await;
            match waited {
                Ok(_) => {}
                // The current state of the case is used.
                Err(error) if error.kind() == attache_runtime::ErrorKind::WaitTimeout => break,
                Err(error) => return Err(Error::of_call(error)),
            }
        }
        self.client.send(request).await.map_err(Error::of_call)
    }

    async fn has_same_content(&self, id: &str) -> Result<bool, Error> {
        let mut attempt = 0;
        loop {
            let url = download_url(self.client, &self.saved.case_id, id).await?;
            let length = self.source.length();
            let failed = match fetched_hash(self.transfer, &url, length).await {
                Ok(hash) => return Ok(hash == Some(self.source.sha256)),
                Err(failed) => failed,
            };
            attempt += 1;
            let piece = Piece {
                direction: "download",
                file_index: 0,
                files: 1,
                offset: 0,
                bytes: length,
            };
            // The next attempt has a new URL.
            let failed = match failed {
                Failed::Expired(error) => Failed::Passing(error),
                failed => failed,
            };
            let paused = self.transfer.pause(attempt, failed, &piece).await;
            paused.map_err(Failed::into_error)?;
        }
    }
}

type Judge = fn(&GetCaseResponse, &SavedUpload, &BTreeSet<String>) -> State;

fn listed(case: &GetCaseResponse, saved: &SavedUpload, others: &BTreeSet<String>) -> State {
    let mut new = new_ones(case, &saved.before, &saved.file_name);
    match new.any(|attachment| !others.contains(&attachment.attachment_id)) || !others.is_empty() {
        true => State::Success,
        false => State::Retry,
    }
}

fn scanned(case: &GetCaseResponse, saved: &SavedUpload, others: &BTreeSet<String>) -> State {
    let mut state = State::Success;
    for attachment in new_ones(case, &saved.before, &saved.file_name) {
        match attachment.attachment_status {
            CaseAttachmentStatus::Verified if !others.contains(&attachment.attachment_id) => {
                return State::Success;
            }
            CaseAttachmentStatus::Verified | CaseAttachmentStatus::Failed => {}
            _ => state = State::Retry,
        }
    }
    state
}
