//! The upload of a file in parts.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::time::Duration;

use attache_support::operation::{
    CompleteAttachmentUploadRequest, GetAttachmentUploadLinksRequest,
};
use attache_support::runtime::CallOptions;
use attache_support::types::CompletedUpload;
use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::links::Links;
use super::{Attachments, Job, RENEWALS};
use crate::binding;
use crate::checksum::hex;
use crate::error::{Error, ErrorKind};
use crate::fingerprint::Fingerprint;
use crate::kept::Kept;
use crate::manifest::{Destination, Manifest, SentFile, SentPart};
use crate::presigned::Purpose;
use crate::progress::{Meter, Stage};
use crate::range::Part;
use crate::source::OpenSource;
use crate::transfer::{Failed, Transfer};

/// The state of an upload: everything that is needed to continue it, and no URL.
///
/// It is bound to its upload and its file; a changed state is refused.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SavedUpload {
    /// The upload.
    pub upload_id: String,
    /// The name of the file.
    pub file_name: String,
    /// The content with which it began.
    pub fingerprint: Fingerprint,
    /// The length of every part but the last, in bytes.
    pub part_size: u64,
    /// How many parts there are.
    pub total_parts: i32,
    /// The parts that the storage has, by their number from 1 on.
    pub parts: BTreeMap<i32, CompletedPart>,
    /// A hash of what must not change.
    binding: String,
}

/// A part that the storage has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CompletedPart {
    /// Its unchanged `ETag`.
    pub etag: String,
    /// Whether it was reported to the service.
    pub reported: bool,
    /// What was sent.
    pub sent: SentPart,
}

/// Names of files may reveal details of an incident, so `Debug` hides them.
impl fmt::Debug for SavedUpload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SavedUpload")
            .field("upload_id", &self.upload_id)
            .field("fingerprint", &self.fingerprint)
            .field("part_size", &self.part_size)
            .field("total_parts", &self.total_parts)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

impl SavedUpload {
    /// Validates that this is the state that was saved. This is done before the source is read, because the name of the
    /// source is part of the state.
    pub(super) fn validate(&self) -> Result<(), Error> {
        binding::validate(&self.bound_to(), &self.binding)
    }

    fn bound_to(&self) -> String {
        let (size, parts) = (self.part_size.to_string(), self.total_parts.to_string());
        let fields = [self.upload_id.as_str(), &self.file_name, &size, &parts];
        binding::binding("support upload", &self.fingerprint, &fields)
    }
}

/// An upload that has begun. [`run`](Self::run) can be called again after an error, or after its future was dropped.
pub struct Upload {
    job: Job,
    links: Links,
    saved: Kept<SavedUpload>,
}

impl Upload {
    pub(super) async fn begun(
        attachments: &Attachments,
        source: OpenSource,
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
        let part_size = u64::try_from(response.part_size_bytes).unwrap_or_default();
        let mut saved = SavedUpload {
            upload_id: response.upload_id.clone(),
            file_name: source.name.clone(),
            fingerprint: source.fingerprint.clone(),
            part_size,
            total_parts: response.total_parts,
            parts: BTreeMap::new(),
            binding: String::new(),
        };
        saved.binding = saved.bound_to();
        validate_parts(&saved)?;
        Ok(Self {
            job: job(attachments, transfer, source, &saved).await?,
            links: Links::of(response),
            saved: Kept::new(saved),
        })
    }

    pub(super) async fn resumed(
        attachments: &Attachments,
        source: OpenSource,
        saved: SavedUpload,
    ) -> Result<Self, Error> {
        let transfer = transfer(attachments)?;
        source.require_same(&saved.fingerprint)?;
        validate_parts(&saved)?;
        let job = job(attachments, transfer, source, &saved).await?;
        binding::validate_sent(says_the_truth(&saved, &job.hashes))?;
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
        let missing: Vec<i32> = {
            let saved = self.saved.state();
            (1..=saved.total_parts)
                .filter(|part| saved.parts.get(part).is_none_or(|part| !part.reported))
                .collect()
        };
        let this = &*self;
        stream::iter(missing)
            .map(|part| this.part(part))
            .buffer_unordered(self.job.transfer.settings.parallel_parts)
            .try_collect::<()>()
            .await?;
        self.job.meter.tell(Stage::Processing);
        let id = self.saved.state().upload_id.clone();
        self.job
            .client
            .describe_attachment_upload_status()
            .upload_id(id.as_str())
            .until_attachment_ready()
            .schedule(self.schedule())
            .await
            .map_err(Error::of_call)?;
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
            .map_err(Error::of_call)?;
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

fn completed(number: i32, sent: SentPart) -> Result<CompletedPart, Error> {
    let etag = sent.etag.clone().ok_or_else(|| {
        Error::new(
            ErrorKind::Transfer,
            format!("the storage returned no ETag for part {number}"),
        )
    })?;
    Ok(CompletedPart {
        etag,
        reported: false,
        sent: SentPart {
            number: number.unsigned_abs(),
            ..sent
        },
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
    source: OpenSource,
    saved: &SavedUpload,
) -> Result<Job, Error> {
    let parts = u32::try_from(saved.total_parts).unwrap_or_default();
    let listener = attachments.settings.listener.clone();
    let meter = Meter::new(source.length(), parts, listener);
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
    })
}

/// Whether the parts cover the file, no more and no less.
fn validate_parts(saved: &SavedUpload) -> Result<(), Error> {
    let length = saved.fingerprint.length;
    let parts = u64::try_from(saved.total_parts).unwrap_or_default();
    let covers = saved.part_size > 0 && length.div_ceil(saved.part_size) == parts;
    let known = saved
        .parts
        .keys()
        .all(|part| (1..=saved.total_parts).contains(part));
    if covers && known {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Service,
        format!(
            "{parts} parts of {} bytes are not the {length} bytes of the file",
            saved.part_size
        ),
    ))
}

/// Whether the parts in the state match these hashes of the parts of the file.
fn says_the_truth(saved: &SavedUpload, hashes: &[[u8; 32]]) -> bool {
    saved.parts.iter().all(|(number, part)| {
        let range = range_of(saved, *number);
        let index = usize::try_from(number - 1).ok();
        let hash = index.and_then(|index| hashes.get(index));
        let sent = &part.sent;
        sent.number == number.unsigned_abs()
            && (sent.offset, sent.size) == (range.start, range.end - range.start)
            && hash.is_some_and(|hash| sent.sha256 == hex(hash))
            && sent.etag.as_ref() == Some(&part.etag)
    })
}

/// The bytes of a part. Parts count from 1.
fn range_of(saved: &SavedUpload, part: i32) -> Range<u64> {
    let before = u64::try_from(part - 1).unwrap_or_default();
    let start = before.saturating_mul(saved.part_size);
    let end = start.saturating_add(saved.part_size);
    start..end.min(saved.fingerprint.length)
}
