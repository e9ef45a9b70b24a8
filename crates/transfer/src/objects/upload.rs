//! The upload of a file to an object.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use attache_runtime::ByteStream;
use futures_util::stream::{StreamExt as _, iter};

use super::saved::{SavedObjectUpload, SentObject};
use super::{OBJECT_LIMIT, Objects, base64, final_error, headers};
use crate::error::{Error, ErrorKind};
use crate::plumbing::checksum::{Algorithm, hex};
use crate::plumbing::events::Watch;
use crate::plumbing::part::Part;
use crate::plumbing::progress::{Label, Meter, Stage, Tally};
use crate::plumbing::receipt::Receipt;
use crate::plumbing::sent_part::SentPart;
use crate::plumbing::source::{OpenSource, Source};
use crate::store::{ObjectStore, PartBody, StoreError, StoreErrorKind, Stored, StoredPart};

const SHA256_HEADER: &str = Algorithm::Sha256.header();

type Keep = dyn Fn(&SavedObjectUpload) + Send + Sync;

/// An upload whose state can be saved.
pub struct ObjectUpload {
    objects: Objects,
    source: OpenSource,
    meter: Arc<Meter>,
    saved: Mutex<SavedObjectUpload>,
    keep: Option<Box<Keep>>,
}

impl std::fmt::Debug for ObjectUpload {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ObjectUpload")
            .field("saved", &self.saved())
            .finish_non_exhaustive()
    }
}

impl ObjectUpload {
    pub(super) async fn begin(objects: &Objects, source: Source) -> Result<Self, Error> {
        let now = objects.config.time_source().now();
        let source = source.open(0..=OBJECT_LIMIT, now).await?;
        let saved = SavedObjectUpload {
            fingerprint: source.fingerprint.clone(),
            part_size: objects.part_size_of(source.length()),
            upload_id: None,
            parts: BTreeMap::new(),
        };
        Ok(Self::of(objects, source, saved))
    }

    pub(super) async fn resume(
        objects: &Objects,
        source: Source,
        saved: SavedObjectUpload,
    ) -> Result<Self, Error> {
        let now = objects.config.time_source().now();
        let source = source.open(0..=OBJECT_LIMIT, now).await?;
        source.require_same(&saved.fingerprint)?;
        let parts = part_count(source.length(), saved.part_size);
        if saved.part_size == 0
            || saved
                .parts
                .keys()
                .any(|number| !(1..=parts).contains(number))
        {
            let message =
                "the parts of the saved state are not those of the file; begin a new upload";
            return Err(Error::new(ErrorKind::State, message));
        }
        Ok(Self::of(objects, source, saved))
    }

    fn of(objects: &Objects, source: OpenSource, saved: SavedObjectUpload) -> Self {
        let meter = Meter::new(
            Label::only(&source.name),
            Watch::upload(&objects.config),
            objects.settings.listener.clone(),
        );
        meter.expect(
            source.length(),
            part_count(source.length(), saved.part_size),
        );
        meter.tell(Stage::Waiting);
        Self {
            objects: objects.clone(),
            source,
            meter,
            saved: Mutex::new(saved),
            keep: None,
        }
    }

    /// Calls a function with the state when the upload begins and after each part. Write it to disk there.
    #[must_use]
    pub fn on_saved(mut self, keep: impl Fn(&SavedObjectUpload) + Send + Sync + 'static) -> Self {
        self.keep = Some(Box::new(keep));
        self
    }

    /// The state.
    pub fn saved(&self) -> SavedObjectUpload {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, SavedObjectUpload> {
        self.saved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, change: impl FnOnce(&mut SavedObjectUpload)) {
        let mut saved = self.lock();
        change(&mut saved);
        if let Some(keep) = &self.keep {
            keep(&saved);
        }
    }

    /// Sends what the storage does not have.
    ///
    /// # Errors
    /// As [`Objects::upload`]. The upload can be run again.
    pub async fn run(&mut self, store: &impl ObjectStore) -> Result<SentObject, Error> {
        let outcome = self.send(store).await;
        let outcome = self.meter.or_failed(outcome)?;
        self.meter.tell(Stage::Done);
        Ok(outcome)
    }

    /// Gives the multipart upload up, if there is one.
    ///
    /// # Errors
    /// [`ErrorKind::Transfer`].
    pub async fn abort(self, store: &impl ObjectStore) -> Result<(), Error> {
        let Some(id) = self.saved().upload_id else {
            return Ok(());
        };
        match store.abort(&id).await {
            Err(failed) if failed.kind() != StoreErrorKind::NotFound => {
                Err(final_error(failed, "aborting the upload"))
            }
            _ => Ok(()),
        }
    }

    async fn send(&self, store: &impl ObjectStore) -> Result<SentObject, Error> {
        let (length, part_size) = (self.source.length(), self.saved().part_size);
        if length <= part_size {
            return self.send_whole(store).await;
        }
        let hashes = self.source.part_hashes(part_size).await?;
        let mut fresh = self.saved().upload_id.is_none();
        loop {
            let id = self.upload_id(store).await?;
            match self.send_parts(store, &id, &hashes).await {
                // The storage no longer has an upload of an earlier run: it was aborted, or has expired.
                Err(failed) if failed.is_gone && !fresh => {
                    self.meter.restart();
                    self.note(|saved| {
                        saved.upload_id = None;
                        saved.parts.clear();
                    });
                    fresh = true;
                }
                outcome => return outcome.map_err(|failed| failed.error),
            }
        }
    }

    async fn upload_id(&self, store: &impl ObjectStore) -> Result<String, Error> {
        if let Some(id) = self.saved().upload_id {
            return Ok(id);
        }
        let what = "beginning the upload";
        let id = self
            .objects
            .repeated(what, || store.create_multipart())
            .await?;
        self.note(|saved| saved.upload_id = Some(id.clone()));
        Ok(id)
    }

    async fn send_whole(&self, store: &impl ObjectStore) -> Result<SentObject, Error> {
        let part = Part {
            source: self.source.clone(),
            range: 0..self.source.length(),
            sha256: self.source.sha256,
        };
        let _permit = self.objects.bound.part().await;
        let sent = self.send_part(&part, 1, |body| store.put(body)).await;
        let sent = sent.map_err(|failed| failed.error)?;
        self.meter.part();
        Ok(SentObject {
            fingerprint: self.source.fingerprint.clone(),
            etag: sent.etag.clone(),
            parts: vec![sent],
        })
    }

    async fn send_parts(
        &self,
        store: &impl ObjectStore,
        id: &str,
        hashes: &[[u8; 32]],
    ) -> Result<SentObject, Failed> {
        let known = self.saved();
        let mut missing = Vec::new();
        for (number, hash) in (1..).zip(hashes) {
            let range = range_of(number, known.part_size, self.source.length());
            match known.parts.get(&number) {
                Some(part) if part.sha256 == hex(hash) => {
                    self.meter.moved(range.end - range.start);
                    self.meter.part();
                }
                _ => missing.push((number, range, *hash)),
            }
        }
        let width = self.objects.settings.parallel_parts.max(1);
        let sending = iter(missing).map(|(number, range, sha256)| async move {
            let _permit = self.objects.bound.part().await;
            let part = Part {
                source: self.source.clone(),
                range,
                sha256,
            };
            let request = |body| store.upload_part(id, number, body);
            let sent = self.send_part(&part, number, request).await?;
            self.meter.part();
            self.note(|saved| {
                saved.parts.insert(number, sent);
            });
            Ok::<(), Failed>(())
        });
        let mut sending = std::pin::pin!(sending.buffer_unordered(width));
        while let Some(outcome) = sending.next().await {
            outcome?;
        }
        self.complete(store, id).await
    }

    async fn complete(&self, store: &impl ObjectStore, id: &str) -> Result<SentObject, Failed> {
        let sent: Vec<SentPart> = self.saved().parts.into_values().collect();
        let mut parts = Vec::new();
        for part in &sent {
            let Some(etag) = part.etag.clone() else {
                let message = format!("the storage returned no ETag for part {}", part.number);
                return Err(Error::new(ErrorKind::Transfer, message).into());
            };
            let checksum = part.checksums.get(SHA256_HEADER).cloned();
            parts.push(StoredPart::new(part.number, etag, checksum));
        }
        self.meter.tell(Stage::Processing);
        let mut attempt = 0;
        let mut perhaps = false;
        let stored = loop {
            let still = Tally::still(&self.objects.config);
            let request = store.complete(id, &parts);
            match self.objects.while_moving(&still, request).await {
                Ok(stored) => break stored,
                // An earlier attempt has completed the upload, so that it no longer exists.
                Err(failed) if perhaps && failed.kind() == StoreErrorKind::NotFound => {
                    break self.completed_before(store).await?;
                }
                Err(failed) => {
                    perhaps |= failed.kind() == StoreErrorKind::Passing;
                    let is_gone = failed.kind() == StoreErrorKind::NotFound;
                    attempt += 1;
                    let paused = self.objects.pause(attempt, failed, "completing the upload");
                    paused.await.map_err(|error| Failed { error, is_gone })?;
                }
            }
        };
        Ok(SentObject {
            fingerprint: self.source.fingerprint.clone(),
            etag: stored.etag,
            parts: sent,
        })
    }

    /// The object, if it is the one that was sent: its length is, and its `ETag` is that of so many parts.
    async fn completed_before(&self, store: &impl ObjectStore) -> Result<Stored, Error> {
        let what = "looking for the object";
        let info = self.objects.repeated(what, || store.head()).await?;
        let parts = self.saved().parts.len();
        let etag = info.stored.etag.clone().unwrap_or_default();
        let is_ours = etag.trim_matches('"').ends_with(&format!("-{parts}"));
        if info.length == self.source.length() && is_ours {
            return Ok(info.stored);
        }
        Err(Error::new(
            ErrorKind::Transfer,
            "the upload no longer exists, and the object is another one",
        ))
    }

    /// Sends the bytes of a part, with as many attempts as the settings allow.
    async fn send_part<F>(
        &self,
        part: &Part,
        number: u32,
        request: impl Fn(PartBody) -> F,
    ) -> Result<SentPart, Failed>
    where
        F: Future<Output = Result<Stored, StoreError>>,
    {
        let mut attempt = 0;
        loop {
            let tally = Tally::new(&self.meter);
            let algorithms = Algorithm::USUAL.into_iter().chain([Algorithm::Sha256]);
            let (body, sent) = part.body(algorithms, &tally);
            let body = PartBody::new(ByteStream::new(body), part.length(), base64(&part.sha256));
            let answer = self.objects.while_moving(&tally, request(body)).await;
            let failed = match answer {
                Ok(stored) => match self.receipt(&stored, sent.checksums()) {
                    Ok(receipt) => return Ok(self.record(part, number, receipt)),
                    Err(failed) => failed,
                },
                Err(failed) => failed,
            };
            tally.give_up();
            // If the content of the file changed, the network is not the cause of the failure.
            if let Some(problem) = sent.take_problem() {
                return Err(problem.into());
            }
            let is_gone = failed.kind() == StoreErrorKind::NotFound;
            attempt += 1;
            let paused = self
                .objects
                .pause(attempt, failed, "sending to the storage");
            paused.await.map_err(|error| Failed { error, is_gone })?;
        }
    }

    fn receipt(
        &self,
        stored: &Stored,
        sent: Option<&crate::plumbing::checksum::Checksums>,
    ) -> Result<Receipt, StoreError> {
        let passing = |message: String| StoreError::new(StoreErrorKind::Passing, message);
        let Some(checksums) = sent else {
            return Err(passing(
                "the storage reported success before it had read all bytes".to_owned(),
            ));
        };
        Receipt::of(&headers(stored), checksums).map_err(|header| {
            passing(format!(
                "`{header}` of the storage belongs to other bytes than were sent"
            ))
        })
    }

    fn record(&self, part: &Part, number: u32, receipt: Receipt) -> SentPart {
        SentPart {
            number,
            offset: part.range.start,
            size: part.length(),
            sha256: hex(&part.sha256),
            etag: receipt.etag,
            checksums: receipt.checksums,
            sent: self.objects.config.time_source().now(),
            confirmation: receipt.confirmation,
        }
    }
}

/// A failure, and whether the storage no longer has the upload.
struct Failed {
    error: Error,
    is_gone: bool,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self {
            error,
            is_gone: false,
        }
    }
}

fn part_count(length: u64, part_size: u64) -> u32 {
    let count = length.div_ceil(part_size.max(1)).max(1);
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The bytes of a part. Parts count from 1.
fn range_of(number: u32, part_size: u64, length: u64) -> Range<u64> {
    let start = u64::from(number - 1).saturating_mul(part_size);
    start..start.saturating_add(part_size).min(length)
}
