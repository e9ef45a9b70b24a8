//! The download of an object, in ranges that arrive side by side.
//!
//! The bytes go to a temporary file beside the target, each range to its place. Every request names the `ETag` of the object,
//! so bytes of two objects are never joined. When all ranges are there, the whole file is hashed, compared with what the
//! storage has announced, and gets its name.
//!
//! The state of a download has the SHA-256 of each range that has arrived. Another process hashes the ranges of the
//! temporary file, and fetches those again that it does not have.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::SeekFrom;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{StreamExt as _, iter};
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use super::saved::SavedObjectDownload;
use super::{OBJECT_LIMIT, Objects, headers_of_object};
use crate::error::{Error, ErrorKind};
use crate::plumbing::blocking::blocking;
use crate::plumbing::checksum::{Checksums, Digests, hex};
use crate::plumbing::content::{Content, piece_of};
use crate::plumbing::events::Watch;
use crate::plumbing::progress::{Label, Meter, Stage, Tally};
use crate::plumbing::receipt::Announced;
use crate::plumbing::target::{Downloaded, Target};
use crate::store::{ObjectInfo, ObjectStore, StoreError, StoreErrorKind};

type Keep = dyn Fn(&SavedObjectDownload) + Send + Sync;

/// A download whose state can be saved.
pub struct ObjectDownload {
    objects: Objects,
    target: Target,
    /// `None` once the file is complete.
    temporary: Option<NamedTempFile>,
    meter: Arc<Meter>,
    saved: Mutex<SavedObjectDownload>,
    keep: Option<Box<Keep>>,
    downloaded: Option<Downloaded>,
}

impl std::fmt::Debug for ObjectDownload {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ObjectDownload")
            .field("saved", &self.saved())
            .finish_non_exhaustive()
    }
}

impl ObjectDownload {
    pub(super) fn begin(objects: &Objects, path: &Path, stays: bool) -> Result<Self, Error> {
        if path.is_dir() {
            let message = format!(
                "`{}` is a directory; add the name of the file",
                path.display()
            );
            return Err(Error::new(ErrorKind::Target, message));
        }
        let target = Target::new(path, "", OBJECT_LIMIT)?;
        let mut temporary = target.temporary()?;
        temporary.disable_cleanup(stays);
        let name = temporary.path().file_name().unwrap_or_default();
        let saved = SavedObjectDownload {
            path: target.path.clone(),
            temporary: name.to_string_lossy().into_owned(),
            length: 0,
            etag: None,
            range_size: 0,
            arrived: BTreeMap::new(),
        };
        Ok(Self::of(objects, target, temporary, saved))
    }

    pub(super) fn resume(objects: &Objects, saved: SavedObjectDownload) -> Result<Self, Error> {
        let target = Target::new(&saved.path, "", OBJECT_LIMIT)?;
        let temporary = target.earlier(&saved.temporary)?;
        Ok(Self::of(objects, target, temporary, saved))
    }

    fn of(
        objects: &Objects,
        target: Target,
        temporary: NamedTempFile,
        saved: SavedObjectDownload,
    ) -> Self {
        let name = target.path.file_name().unwrap_or_default();
        let meter = Meter::new(
            Label::only(&name.to_string_lossy()),
            Watch::download(&objects.config),
            objects.settings.listener.clone(),
        );
        meter.tell(Stage::Waiting);
        Self {
            objects: objects.clone(),
            target,
            temporary: Some(temporary),
            meter,
            saved: Mutex::new(saved),
            keep: None,
            downloaded: None,
        }
    }

    /// Calls a function with the state after each range, whose bytes are on disk then. Write it to disk there.
    #[must_use]
    pub fn on_saved(mut self, keep: impl Fn(&SavedObjectDownload) + Send + Sync + 'static) -> Self {
        self.keep = Some(Box::new(keep));
        self
    }

    /// The state.
    pub fn saved(&self) -> SavedObjectDownload {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, SavedObjectDownload> {
        self.saved.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, change: impl FnOnce(&mut SavedObjectDownload)) {
        let mut saved = self.lock();
        change(&mut saved);
        if let Some(keep) = &self.keep {
            keep(&saved);
        }
    }

    /// Fetches what is missing, and gives the file its name.
    ///
    /// # Errors
    /// As [`Objects::download`]. The download can be run again.
    pub async fn run(&mut self, store: &impl ObjectStore) -> Result<Downloaded, Error> {
        if let Some(downloaded) = &self.downloaded {
            return Ok(downloaded.clone());
        }
        let outcome = self.fetch(store).await;
        let downloaded = self.meter.or_failed(outcome)?;
        self.meter.tell(Stage::Done);
        self.downloaded = Some(downloaded.clone());
        Ok(downloaded)
    }

    /// Removes the temporary file.
    ///
    /// # Errors
    /// [`ErrorKind::Target`].
    pub fn discard(mut self) -> Result<(), Error> {
        match self.temporary.take() {
            Some(temporary) => temporary
                .close()
                .map_err(|error| self.target.unwritable(error)),
            None => Ok(()),
        }
    }

    async fn fetch(&mut self, store: &impl ObjectStore) -> Result<Downloaded, Error> {
        let what = "looking for the object";
        let info = self.objects.repeated(what, || store.head()).await?;
        self.require_same(&info)?;
        let missing = self.missing().await?;
        let etag = info.stored.etag.as_deref();
        let width = self.objects.settings.parallel_parts.max(1);
        {
            let this = &*self;
            let fetching = iter(missing).map(|(number, range)| async move {
                let _permit = this.objects.bound.part().await;
                let hash = this.fetch_range(store, &range, etag).await?;
                this.meter.part();
                this.note(|saved| {
                    saved.arrived.insert(number, hash);
                });
                Ok::<(), Error>(())
            });
            let mut fetching = std::pin::pin!(fetching.buffer_unordered(width));
            while let Some(outcome) = fetching.next().await {
                outcome?;
            }
        }
        self.finish(&info).await
    }

    /// Refuses an object that is not the one of which ranges have arrived.
    fn require_same(&self, info: &ObjectInfo) -> Result<(), Error> {
        let mut saved = self.lock();
        if saved.arrived.is_empty() {
            saved.length = info.length;
            saved.etag.clone_from(&info.stored.etag);
            saved.range_size = self.objects.part_size_of(info.length);
        }
        if (saved.length, &saved.etag) != (info.length, &info.stored.etag) {
            return Err(crate::plumbing::failed::changed());
        }
        let ranges = saved.length.div_ceil(saved.range_size.max(1));
        let parts = u32::try_from(ranges).unwrap_or(u32::MAX);
        self.meter.expect(saved.length, parts);
        Ok(())
    }

    /// The ranges that the temporary file does not have.
    async fn missing(&self) -> Result<Vec<(u64, Range<u64>)>, Error> {
        let saved = self.saved();
        let content = self.content()?;
        let size = saved.range_size.max(1);
        let mut missing = Vec::new();
        for number in 0..saved.length.div_ceil(size) {
            let range = number * size..((number + 1) * size).min(saved.length);
            if let Some(hash) = saved.arrived.get(&number) {
                let (content, read) = (content.clone(), range.clone());
                let now = blocking(move || Ok(hash_of(&content, read))).await?;
                if now.as_ref() == Some(hash) {
                    self.meter.moved(range.end - range.start);
                    self.meter.part();
                    continue;
                }
                self.lock().arrived.remove(&number);
            }
            missing.push((number, range));
        }
        Ok(missing)
    }

    fn content(&self) -> Result<Content, Error> {
        let file = File::open(self.temporary_path()?);
        let file = file.map_err(|error| self.target.unwritable(error))?;
        Ok(Content::File(Arc::new(file)))
    }

    fn temporary_path(&self) -> Result<&Path, Error> {
        let temporary = self.temporary.as_ref().map(NamedTempFile::path);
        temporary.ok_or_else(|| Error::new(ErrorKind::Target, "the download is complete"))
    }

    /// Fetches a range, with as many attempts as the settings allow; gives its SHA-256.
    async fn fetch_range(
        &self,
        store: &impl ObjectStore,
        range: &Range<u64>,
        etag: Option<&str>,
    ) -> Result<String, Error> {
        let mut attempt = 0;
        loop {
            let tally = Tally::new(&self.meter);
            let failed = match self.range_once(store, range, etag, &tally).await {
                Ok(hash) => return Ok(hash),
                Err(RangeFailed::Store(failed)) => failed,
                Err(RangeFailed::File(error)) => return Err(self.target.unwritable(error)),
            };
            tally.give_up();
            if failed.kind() == StoreErrorKind::Changed {
                return Err(crate::plumbing::failed::changed().because(failed));
            }
            attempt += 1;
            let what = "fetching from the storage";
            self.objects.pause(attempt, failed, what).await?;
        }
    }

    async fn range_once(
        &self,
        store: &impl ObjectStore,
        range: &Range<u64>,
        etag: Option<&str>,
        tally: &Tally,
    ) -> Result<String, RangeFailed> {
        let path = self
            .temporary_path()
            .map_err(|error| RangeFailed::File(std::io::Error::other(error)))?;
        let request = store.get_range(range.clone(), etag);
        let mut body = self.objects.while_moving(tally, request).await?;
        let mut file = tokio::fs::File::options().write(true).open(path).await?;
        file.seek(SeekFrom::Start(range.start)).await?;
        let mut hash = Sha256::new();
        let mut left = range.end - range.start;
        let passing = |message: &str| StoreError::new(StoreErrorKind::Passing, message);
        loop {
            let next = async {
                let piece = body.next().await.transpose();
                piece.map_err(|error| StoreError::new(StoreErrorKind::Passing, error))
            };
            let Some(piece) = self.objects.while_moving(tally, next).await? else {
                break;
            };
            let length = piece.len() as u64;
            left = left
                .checked_sub(length)
                .ok_or_else(|| passing("the storage sent more bytes than the range has"))?;
            hash.update(&piece);
            file.write_all(&piece).await?;
            tally.moved(length);
        }
        if left > 0 {
            return Err(passing("the storage sent fewer bytes than the range has").into());
        }
        file.flush().await?;
        file.sync_data().await?;
        Ok(hex(&hash.finalize()))
    }

    /// Hashes the whole file, and gives it its name.
    async fn finish(&mut self, info: &ObjectInfo) -> Result<Downloaded, Error> {
        let announced = Announced::of(&headers_of_object(&info.stored));
        let (content, length) = (self.content()?, info.length);
        let digests = Digests::of(announced.algorithms());
        let read = blocking(move || Ok(checksums_of(&content, length, digests))).await?;
        let checksums = read.map_err(|error| self.target.unwritable(error))?;
        if let Err(header) = announced.confirmed(&checksums) {
            self.note(|saved| saved.arrived.clear());
            return Err(Error::new(
                ErrorKind::Transfer,
                format!(
                    "`{header}` of the storage belongs to other bytes than have arrived; begin again"
                ),
            ));
        }
        let Some(temporary) = self.temporary.take() else {
            return Err(Error::new(ErrorKind::Target, "the download is complete"));
        };
        self.target.keep(temporary).map_err(|(error, temporary)| {
            self.temporary = Some(temporary);
            error
        })?;
        Ok(Downloaded {
            path: self.target.path.clone(),
            length: checksums.length,
            sha256: checksums.sha256_hex(),
        })
    }
}

/// Why a range was not fetched.
enum RangeFailed {
    Store(StoreError),
    File(std::io::Error),
}

impl From<StoreError> for RangeFailed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<std::io::Error> for RangeFailed {
    fn from(error: std::io::Error) -> Self {
        Self::File(error)
    }
}

/// The SHA-256 of a range of the temporary file, if it has all of it. It blocks.
fn hash_of(content: &Content, range: Range<u64>) -> Option<String> {
    let mut hash = Sha256::new();
    let mut offset = range.start;
    while offset < range.end {
        let piece = content.read(offset, piece_of(range.end - offset)).ok()?;
        if piece.is_empty() {
            return None;
        }
        hash.update(&piece);
        offset += piece.len() as u64;
    }
    Some(hex(&hash.finalize()))
}

/// The hashes of the whole file. It blocks.
fn checksums_of(
    content: &Content,
    length: u64,
    mut digests: Digests,
) -> std::io::Result<Checksums> {
    let read = content.for_each(length, |piece| digests.update(piece))?;
    if read < length {
        return Err(std::io::Error::other("the temporary file was truncated"));
    }
    Ok(digests.finish())
}
