//! Files to and from object storage, by the operations of Amazon S3.
//!
//! A file up to one part is sent by one request, a larger one in parts, several at a time. A download fetches ranges,
//! several at a time. Each request that fails for a passing reason is repeated with a new body. The state of both can be
//! saved and continued in another process (feature `serde`).
//!
//! All bytes are hashed while they are sent, and compared with the file as it was opened and with what the storage
//! confirms. The bytes of a download are hashed when all of them have arrived.

mod download;
mod saved;
mod upload;

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use attache_runtime::Config;
use attache_runtime::plumbing::within;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, ErrorKind};
use crate::plumbing::bound::Bound;
use crate::plumbing::progress::Tally;
use crate::plumbing::settings::Settings;
use crate::plumbing::source::Source;
use crate::plumbing::target::Downloaded;
use crate::store::{ObjectStore, StoreError, StoreErrorKind, Stored};

pub use self::download::ObjectDownload;
pub use self::saved::{SavedObjectDownload, SavedObjectUpload, SentObject};
pub use self::upload::ObjectUpload;

/// The size of a part, in bytes, unless the file needs larger ones.
pub const PART_SIZE: u64 = 8 * 1024 * 1024;
/// The smallest part of S3, except for the last one, in bytes.
pub const LEAST_PART_SIZE: u64 = 5 * 1024 * 1024;
/// How many parts an upload has at most (S3 user guide, "Amazon S3 multipart upload limits").
pub const PARTS_LIMIT: u64 = 10_000;
/// The largest object, in bytes: 10,000 parts of 5 GiB. The storage may accept less.
pub const OBJECT_LIMIT: u64 = PARTS_LIMIT * 5 * 1024 * 1024 * 1024;

/// The pause after the first failure; it doubles from one to the next.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// Moves files to and from objects. Clones share the bound of [`Settings::parallel_parts`].
#[derive(Clone, Debug)]
pub struct Objects {
    config: Config,
    settings: Settings,
    bound: Bound,
    part_size: u64,
}

impl Objects {
    /// With the default settings. The configuration is that of the client: it has the timer, the clock and the random
    /// numbers.
    pub fn new(config: &Config) -> Self {
        Self {
            config: config.clone(),
            settings: Settings::default(),
            bound: Bound::of(&Settings::default()),
            part_size: PART_SIZE,
        }
    }

    /// With other settings. [`Settings::header`] has no effect here.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.bound = Bound::of(&settings);
        self.settings = settings;
        self
    }

    /// Sets the size of parts and ranges, in bytes. S3 takes no parts below [`LEAST_PART_SIZE`], except for the last one; 0
    /// counts as 1. A file that would have more than [`PARTS_LIMIT`] parts gets larger ones.
    #[must_use]
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.part_size = bytes.max(1);
        self
    }

    /// Uploads a file, which may be empty.
    ///
    /// # Errors
    /// [`ErrorKind::Source`] and [`ErrorKind::Changed`] for the file, [`ErrorKind::Transfer`] for the storage. A multipart
    /// upload that fails is aborted, so that its parts cost nothing; [`begin_upload`](Self::begin_upload) keeps them.
    pub async fn upload(
        &self,
        store: &impl ObjectStore,
        source: impl Into<Source>,
    ) -> Result<SentObject, Error> {
        let mut upload = self.begin_upload(source).await?;
        let outcome = upload.run(store).await;
        if outcome.is_err() {
            // The error of the upload says more than one of this request.
            let _ = upload.abort(store).await;
        }
        outcome
    }

    /// Opens and hashes a file for an upload whose state can be saved. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ErrorKind::Source`].
    pub async fn begin_upload(&self, source: impl Into<Source>) -> Result<ObjectUpload, Error> {
        ObjectUpload::begin(self, source.into()).await
    }

    /// Continues an upload, also in another process. Parts that the storage has are not sent again. If the storage no longer
    /// has the upload, it begins again.
    ///
    /// # Errors
    /// [`ErrorKind::Changed`] if the content is another one than that with which it began.
    pub async fn resume_upload(
        &self,
        source: impl Into<Source>,
        saved: SavedObjectUpload,
    ) -> Result<ObjectUpload, Error> {
        ObjectUpload::resume(self, source.into(), saved).await
    }

    /// Downloads an object to a path. An existing file is an error, and stays as it is.
    ///
    /// # Errors
    /// [`ErrorKind::Target`] for the file, [`ErrorKind::Changed`] for an object that changes meanwhile,
    /// [`ErrorKind::Transfer`] for the storage.
    pub async fn download(
        &self,
        store: &impl ObjectStore,
        path: impl AsRef<Path>,
    ) -> Result<Downloaded, Error> {
        let mut download = ObjectDownload::begin(self, path.as_ref(), false)?;
        download.run(store).await
    }

    /// Begins a download whose state can be saved. Its temporary file stays beside the target until the download is
    /// complete. Nothing is fetched yet.
    ///
    /// # Errors
    /// [`ErrorKind::Target`].
    pub fn begin_download(&self, path: impl AsRef<Path>) -> Result<ObjectDownload, Error> {
        let path = std::path::absolute(path).map_err(|error| {
            Error::new(ErrorKind::Target, "the path of the target is invalid").because(error)
        })?;
        ObjectDownload::begin(self, &path, true)
    }

    /// Continues a download, also in another process. Ranges that have arrived are hashed, and fetched again only if the
    /// temporary file does not have their bytes.
    ///
    /// # Errors
    /// [`ErrorKind::Target`] if the temporary file does not exist, [`ErrorKind::State`] if the state does not name one.
    pub fn resume_download(&self, saved: SavedObjectDownload) -> Result<ObjectDownload, Error> {
        ObjectDownload::resume(self, saved)
    }

    /// The size of the parts of a file.
    fn part_size_of(&self, length: u64) -> u64 {
        self.part_size.max(length.div_ceil(PARTS_LIMIT))
    }

    /// Waits for an answer, as long as bytes move.
    async fn while_moving<T>(
        &self,
        tally: &Tally,
        request: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let mut request = std::pin::pin!(request);
        let mut moved = tally.bytes();
        loop {
            let limit = self.settings.stall;
            match within(&**self.config.timer(), limit, request.as_mut()).await {
                Some(answer) => return answer,
                None if tally.bytes() == moved => {
                    let message = format!("no bytes were transferred for {limit:?}");
                    return Err(StoreError::new(StoreErrorKind::Passing, message));
                }
                None => moved = tally.bytes(),
            }
        }
    }

    /// Waits before the next attempt, or gives the failure if there is none.
    async fn pause(&self, attempt: u32, failed: StoreError, what: &str) -> Result<(), Error> {
        if failed.kind() != StoreErrorKind::Passing || attempt >= self.settings.attempts {
            return Err(final_error(failed, what));
        }
        let longest = FIRST_PAUSE
            .saturating_mul(2_u32.saturating_pow(attempt - 1))
            .min(LONGEST_PAUSE);
        let pause = longest.mul_f64(self.config.random_source().fraction());
        self.config.timer().sleep(pause).await;
        Ok(())
    }

    /// Repeats a request without a body.
    async fn repeated<T, F: Future<Output = Result<T, StoreError>>>(
        &self,
        what: &str,
        mut request: impl FnMut() -> F,
    ) -> Result<T, Error> {
        let mut attempt = 0;
        loop {
            let still = Tally::still(&self.config);
            match self.while_moving(&still, request()).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => {
                    attempt += 1;
                    self.pause(attempt, failed, what).await?;
                }
            }
        }
    }
}

fn final_error(failed: StoreError, what: &str) -> Error {
    let kind = match failed.kind() {
        StoreErrorKind::Changed => ErrorKind::Changed,
        _ => ErrorKind::Transfer,
    };
    Error::new(kind, format!("{what} failed")).because(failed.into_source())
}

/// What the storage says, in the form of a response, so that one module compares hashes.
fn headers(stored: &Stored) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut set = |name: &str, value: &str| {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    };
    if let Some(etag) = &stored.etag {
        set("etag", etag);
    }
    if let Some(encryption) = &stored.encryption {
        set("x-amz-server-side-encryption", encryption);
    }
    for (name, value) in &stored.checksums {
        set(name, value);
    }
    headers
}

/// The same for a whole object, without checksums of parts.
fn headers_of_object(stored: &Stored) -> HeaderMap {
    let etag = stored.etag.as_deref().unwrap_or_default();
    let is_whole = stored.checksum_type.as_deref() == Some("FULL_OBJECT");
    // The ETag of an object that was sent in parts ends with their number.
    if etag.contains('-') && !is_whole {
        return headers(&Stored {
            checksums: Default::default(),
            ..stored.clone()
        });
    }
    headers(stored)
}

fn base64(bytes: &[u8]) -> String {
    base64_simd::STANDARD.encode_to_string(bytes)
}
