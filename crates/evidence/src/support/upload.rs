//! The upload of a file in parts.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use attache_support::operation::{
    CompleteAttachmentUploadRequest, GetAttachmentUploadLinksRequest,
};
use attache_support::runtime::CallOptions;
use attache_support::types::CompletedUpload;
use attache_transfer::plumbing::failed::Failed;
use attache_transfer::plumbing::part::Part;
use attache_transfer::plumbing::presigned::Purpose;
use attache_transfer::plumbing::progress::Stage;
use attache_transfer::plumbing::requests::Transfer;
use attache_transfer::{Error, ErrorKind};
use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::links::Links;
use super::saved::{
    CompletedPart, SavedUpload, of_upload, range_of, says_the_truth, validate_parts,
};
use super::{Attachments, Job, Measured, RENEWALS};
use crate::binding::validate_sent;
use crate::kept::Kept;
use crate::manifest::{Destination, Manifest, SentFile, SentPart};

/// An upload that has begun. [`run`](Self::run) can be called again after an error, or after its future was dropped.
pub struct Upload {
    job: Job,
    links: Links,
    saved: Kept<SavedUpload>,
}

impl Upload {
    /// Begins an upload. The caller reports a failure.
    pub(super) async fn begun(
        attachments: &Attachments,
        (source, meter): Measured,
    ) -> Result<Self, Error> {
        let transfer = transfer(attachments)?;
        let length = source.length();
        let request = GetAttachmentUploadLinksRequest {
            file_name: Some(source.name.clone()),
            file_size_bytes: i64::try_from(length).ok(),
            ..Default::default()
        };
        // An upload whose response was lost is never completed, and no case refers to it.
        let options = CallOptions::default().retry_ambiguous(true);
        let response = attachments
            .client
            .send_with(request, options)
            .await
            .map_err(Error::of_call)?;
        let saved = SavedUpload::new(&source, &response);
        validate_parts(&saved)?;
        Ok(Self {
            job: job(attachments, transfer, (source, meter), &saved).await?,
            links: Links::of(response),
            saved: Kept::new(saved),
        })
    }

    /// Continues an upload. The caller reports a failure.
    pub(super) async fn resumed(
        attachments: &Attachments,
        (source, meter): Measured,
        saved: SavedUpload,
    ) -> Result<Self, Error> {
        saved.validate()?;
        let transfer = transfer(attachments)?;
        source.require_same(&saved.fingerprint)?;
        validate_parts(&saved)?;
        let job = job(attachments, transfer, (source, meter), &saved).await?;
        validate_sent(says_the_truth(&saved, &job.hashes))?;
        Ok(Self {
            job,
            links: Links::default(),
            saved: Kept::new(saved),
        })
    }

    /// Calls a function whenever a part is complete, so that the state can be saved before a crash.
    #[must_use]
    pub fn on_saved(mut self, keep: impl Fn(&SavedUpload) + Send + Sync + 'static) -> Self {
        self.saved.on_note(keep);
        self
    }

    /// The state of the upload.
    pub fn saved(&self) -> SavedUpload {
        self.saved.state().clone()
    }

    /// The record of what was sent so far, also in earlier runs; after [`run`](Self::run) it is the whole file.
    pub async fn manifest(&self) -> Manifest {
        Manifest::of(vec![self.sent_file().await])
    }

    pub(super) async fn sent_file(&self) -> SentFile {
        let saved = self.saved();
        let destination = Destination::SupportUpload {
            upload_id: saved.upload_id,
        };
        let parts = saved.parts.into_values().map(|part| part.sent).collect();
        SentFile::of(&self.job.source, destination, parts).await
    }

    /// Sends what is missing, reports it, and waits until a case can refer to it. Returns the id of the upload.
    ///
    /// # Errors
    /// [`ErrorKind`] says which. Complete parts stay complete.
    pub async fn run(&mut self) -> Result<String, Error> {
        let outcome = self.completed().await;
        self.job.meter.or_failed(outcome)
    }

    async fn completed(&self) -> Result<String, Error> {
        self.send_missing().await?;
        self.ready().await
    }

    /// Sends and reports the missing parts.
    pub(super) async fn send_missing(&self) -> Result<(), Error> {
        let missing: Vec<i32> = {
            let saved = self.saved.state();
            (1..=saved.total_parts)
                .filter(|part| saved.parts.get(part).is_none_or(|part| !part.reported))
                .collect()
        };
        stream::iter(missing)
            .map(|part| self.part(part))
            .buffer_unordered(self.job.transfer.settings.parallel_parts.max(1))
            .try_collect()
            .await
    }

    /// Waits until a case can refer to the upload, of which all parts are reported. Returns its id.
    pub(super) async fn ready(&self) -> Result<String, Error> {
        self.job.meter.tell(Stage::Processing);
        let id = self.saved.state().upload_id.clone();
        self.job
            .client
            .describe_attachment_upload_status()
            .upload_id(id.as_str())
            .until_attachment_ready()
            .schedule(self.schedule())
            .await
            .map_err(of_upload)?;
        self.job.meter.tell(Stage::Done);
        Ok(id)
    }

    fn schedule(&self) -> attache_runtime::waiter::Schedule {
        attache_runtime::waiter::Schedule {
            least_delay: Duration::from_secs(1),
            greatest_delay: Duration::from_secs(30),
            deadline: self.job.transfer.settings.processing,
        }
    }

    /// Sends a part, unless the storage has it, and reports it.
    async fn part(&self, number: i32) -> Result<(), Error> {
        let (id, range, completed) = {
            let saved = self.saved.state();
            (
                saved.upload_id.clone(),
                range_of(&saved, number),
                saved.parts.get(&number).cloned(),
            )
        };
        let completed = match completed {
            Some(completed) => completed,
            None => {
                let _permit = self.job.bound.part().await;
                let completed = self.send(&id, number, range).await?;
                self.note(number, completed.clone());
                completed
            }
        };
        let etag = completed.etag.clone();
        let request = CompleteAttachmentUploadRequest {
            upload_id: Some(id),
            completed_uploads: Some(vec![CompletedUpload::new(etag, number)]),
            ..Default::default()
        };
        // Reporting the same part with the same ETag again has no effect.
        let options = CallOptions::default().retry_ambiguous(true);
        self.job
            .client
            .send_with(request, options)
            .await
            .map_err(of_upload)?;
        self.note(
            number,
            CompletedPart {
                reported: true,
                ..completed
            },
        );
        self.job.meter.part();
        Ok(())
    }

    async fn send(&self, id: &str, number: i32, range: Range<u64>) -> Result<CompletedPart, Error> {
        let total = self.saved.state().total_parts;
        let Job {
            transfer,
            source,
            hashes,
            meter,
            ..
        } = &self.job;
        let index = usize::try_from(number - 1).ok();
        // The parts were checked to cover the file.
        let sha256 = index.and_then(|index| hashes.get(index));
        let part = Part {
            source: source.clone(),
            range,
            sha256: *sha256.ok_or_else(|| source.changed())?,
        };
        let mut renewals = 0;
        loop {
            let url = self
                .links
                .of_part(&self.job, id, number, total, renewals > 0)
                .await?;
            match transfer.put(&url, &part, Purpose::Upload, meter).await {
                Ok(sent) => return completed(number, sent),
                Err(Failed::Expired(_)) if renewals < RENEWALS => renewals += 1,
                Err(failed) => return Err(failed.into_error()),
            }
        }
    }

    fn note(&self, number: i32, completed: CompletedPart) {
        self.saved.note(|saved| {
            saved.parts.insert(number, completed);
        });
    }
}

fn completed(number: i32, mut sent: SentPart) -> Result<CompletedPart, Error> {
    let etag = sent.etag.clone().ok_or_else(|| {
        Error::new(
            ErrorKind::Transfer,
            format!("the storage returned no ETag for part {number}"),
        )
    })?;
    sent.number = number.unsigned_abs();
    Ok(CompletedPart {
        etag,
        reported: false,
        sent,
    })
}

impl fmt::Debug for Upload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Upload")
            .field("saved", &self.saved)
            .finish_non_exhaustive()
    }
}

fn transfer(attachments: &Attachments) -> Result<Transfer, Error> {
    Transfer::new(attachments.client.config(), attachments.settings.clone())
}

async fn job(
    attachments: &Attachments,
    transfer: Transfer,
    (source, meter): Measured,
    saved: &SavedUpload,
) -> Result<Job, Error> {
    let parts = u32::try_from(saved.total_parts).unwrap_or_default();
    meter.expect(source.length(), parts);
    for (part, completed) in &saved.parts {
        let range = range_of(saved, *part);
        meter.moved(range.end - range.start);
        if completed.reported {
            meter.part();
        }
    }
    Ok(Job {
        client: attachments.client.clone(),
        transfer,
        hashes: source.part_hashes(saved.part_size).await?,
        source,
        meter,
        bound: attachments.bound.clone(),
    })
}
