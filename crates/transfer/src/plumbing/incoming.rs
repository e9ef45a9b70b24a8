//! A file that is fetched, in as many responses as it takes.
//!
//! The bytes go to a temporary file, and are hashed as they arrive. If the connection breaks, the next attempt asks for
//! the missing range of the same object; another URL of the object serves as well. If the storage has announced no
//! strong `ETag`, if it ignores the range, or if it sends other bytes than it announced, the file is fetched from its
//! first byte on.
//!
//! The state of a download is reported when eight more MiB are on disk and when an attempt fails, so that
//! another process can continue. That process hashes the bytes of the temporary file again, and continues only with
//! those that had arrived.

use std::fs::File;
use std::io::{self, Read, SeekFrom};
use std::sync::Arc;

use attache_runtime::ByteStream;
use http::StatusCode;
use tempfile::NamedTempFile;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use crate::error::{Error, ErrorKind};
use crate::plumbing::blocking::runtime;
use crate::plumbing::checksum::{Digests, hex};
use crate::plumbing::content::PIECE;
use crate::plumbing::events::Watch;
use crate::plumbing::failed::Failed;
use crate::plumbing::fingerprint::Fingerprint;
use crate::plumbing::object::{Object, is_strong};
use crate::plumbing::partial::PartialFile;
use crate::plumbing::progress::{Label, Meter, Stage};
use crate::plumbing::receipt::Announced;
use crate::plumbing::requests::{Continuation, Transfer};
use crate::plumbing::target::{Downloaded, Target};

/// How many bytes arrive between two reports of the state.
const CHECKPOINT: u64 = 8 * 1024 * 1024;

/// How often an expired URL is requested again, for one run.
const RENEWALS: u32 = 3;

/// Where the URLs of an object come from.
pub trait Link {
    /// A new URL.
    fn renewed(&self) -> impl Future<Output = Result<String, Error>> + Send;
}

/// What is called with the state of a download.
pub type Note<'a> = dyn Fn(PartialFile) + Send + Sync + 'a;

/// A file that is fetched.
pub struct Incoming {
    target: Target,
    /// `None` once the file is complete.
    temporary: Option<NamedTempFile>,
    file: tokio::fs::File,
    object: Object,
    digests: Digests,
    /// How many bytes the last report of the state named.
    reported: u64,
    downloaded: Option<Downloaded>,
}

impl Incoming {
    /// A download that begins. The temporary file is removed if it is dropped, unless it is to stay for another process.
    pub fn new(target: Target, stays: bool) -> Result<Self, Error> {
        let mut temporary = target.temporary()?;
        temporary.disable_cleanup(stays);
        Self::of(target, temporary, Object::default(), Digests::of([]))
    }

    /// A download that began in an earlier run.
    pub async fn resumed(target: Target, saved: PartialFile) -> Result<Self, Error> {
        let work = move || {
            let mut temporary = target.earlier(&saved.temporary)?;
            let object = Object {
                etag: saved.etag.filter(|etag| is_strong(etag)),
                length: saved.length,
                hashes: Announced::saved(saved.hashes),
            };
            let digests = Digests::of(object.hashes.algorithms());
            let digests = hashed(temporary.as_file_mut(), saved.arrived.length, digests)
                .map_err(|error| target.unwritable(error))?;
            if fingerprint(&digests) != saved.arrived {
                return Err(Error::new(
                    ErrorKind::Changed,
                    format!(
                        "the temporary file of the download of `{}` is not what had arrived; begin the download again",
                        target.path.display()
                    ),
                ));
            }
            Self::of(target, temporary, object, digests)
        };
        let done = runtime()?.spawn_blocking(work).await;
        done.map_err(|error| Error::new(ErrorKind::Target, "reading failed").because(error))?
    }

    fn of(
        target: Target,
        temporary: NamedTempFile,
        object: Object,
        digests: Digests,
    ) -> Result<Self, Error> {
        let file = temporary.as_file().try_clone();
        let file = file.map_err(|error| target.unwritable(error))?;
        Ok(Self {
            file: tokio::fs::File::from_std(file),
            reported: digests.length(),
            target,
            temporary: Some(temporary),
            object,
            digests,
            downloaded: None,
        })
    }

    /// What has arrived so far, for a saved state.
    pub fn partial(&self) -> PartialFile {
        let temporary = self.temporary.as_ref();
        let name = temporary.and_then(|temporary| temporary.path().file_name());
        PartialFile {
            path: self.target.path.clone(),
            temporary: name.unwrap_or_default().to_string_lossy().into_owned(),
            arrived: fingerprint(&self.digests),
            length: self.object.length,
            etag: self.object.etag.clone(),
            hashes: self.object.hashes.to_saved(),
        }
    }

    /// Measures the download under the name that the file gets.
    pub fn meter(&self, transfer: &Transfer) -> Arc<Meter> {
        let name = self.target.path.file_name().unwrap_or_default();
        let listener = transfer.settings.listener.clone();
        let watch = Watch::download(&transfer.config);
        let meter = Meter::new(Label::only(&name.to_string_lossy()), watch, listener);
        meter.expect(self.object.length.unwrap_or_default(), 1);
        meter
    }

    /// Shows what an earlier run has fetched.
    pub fn show(&self, meter: &Meter) {
        if self.digests.length() > 0 {
            meter.moved(self.digests.length());
        }
    }

    /// Fetches what is missing, and gives the file its name. `url` is tried first, and then the URLs of the link.
    pub async fn complete(
        &mut self,
        transfer: &Transfer,
        (url, link): (Option<String>, &impl Link),
        meter: &Meter,
        note: Option<&Note<'_>>,
    ) -> Result<Downloaded, Error> {
        if let Some(downloaded) = &self.downloaded {
            return Ok(downloaded.clone());
        }
        runtime()?;
        let mut renewals = 0;
        let mut given = url;
        loop {
            let url = match given.take() {
                Some(url) => url,
                None => link.renewed().await?,
            };
            match self.fetch(transfer, &url, meter, note).await {
                Ok(downloaded) => {
                    meter.part();
                    meter.tell(Stage::Done);
                    return Ok(downloaded);
                }
                Err(Failed::Expired(_)) if renewals < RENEWALS => renewals += 1,
                Err(failed) => return Err(failed.into_error()),
            }
        }
    }

    /// Fetches from one URL, with as many attempts as the settings allow.
    async fn fetch(
        &mut self,
        transfer: &Transfer,
        url: &str,
        meter: &Meter,
        note: Option<&Note<'_>>,
    ) -> Result<Downloaded, Failed> {
        let mut attempt = 0;
        loop {
            let failed = match self.attempt(transfer, url, meter, note).await {
                Ok(downloaded) => return Ok(downloaded),
                Err(failed) => failed,
            };
            if matches!(failed, Failed::Restart(_)) {
                self.restart(meter);
            }
            self.report(note).await.map_err(Failed::Final)?;
            attempt += 1;
            let arrived = self.digests.length();
            let piece = meter.piece(arrived, meter.total_bytes().saturating_sub(arrived));
            transfer.pause(attempt, failed, &piece).await?;
        }
    }

    async fn attempt(
        &mut self,
        transfer: &Transfer,
        url: &str,
        meter: &Meter,
        note: Option<&Note<'_>>,
    ) -> Result<Downloaded, Failed> {
        if !self.object.is_complete(self.digests.length()) {
            let mut body = self.request(transfer, url, meter).await?;
            let offset = SeekFrom::Start(self.digests.length());
            let sought = self.file.seek(offset).await;
            sought.map_err(|error| self.unwritten(meter, error))?;
            loop {
                let piece = match transfer.piece(&mut body).await {
                    Ok(Some(piece)) => piece,
                    Ok(None) => break,
                    // What ends after the last byte is complete.
                    Err(_) if self.object.is_complete(self.digests.length()) => break,
                    Err(failed) => return Err(failed),
                };
                let arrived = self.digests.length() + piece.len() as u64;
                self.object.permits(arrived, self.target.limit)?;
                let written = self.file.write_all(&piece).await;
                written.map_err(|error| self.unwritten(meter, error))?;
                self.digests.update(&piece);
                meter.moved(piece.len() as u64);
                if arrived - self.reported >= CHECKPOINT {
                    self.report(note).await.map_err(Failed::Final)?;
                }
            }
        }
        let checksums = self.object.confirmed(self.digests.clone())?;
        self.keep(checksums.length).await.map_err(Failed::Final)?;
        let downloaded = Downloaded {
            path: self.target.path.clone(),
            length: checksums.length,
            sha256: checksums.sha256_hex(),
        };
        self.downloaded = Some(downloaded.clone());
        Ok(downloaded)
    }

    /// Requests what is missing; gives the body that begins there.
    async fn request(
        &mut self,
        transfer: &Transfer,
        url: &str,
        meter: &Meter,
    ) -> Result<ByteStream, Failed> {
        let offset = self.digests.length();
        let etag = self.object.etag.clone().filter(|_| offset > 0);
        let continuation = etag.map(|etag| Continuation { offset, etag });
        let response = transfer.get(url, continuation.as_ref()).await?;
        let (head, body) = response.into_parts();
        let limit = self.target.limit;
        if head.status == StatusCode::PARTIAL_CONTENT {
            self.object.continues(&head.headers, offset, limit)?;
        } else {
            if continuation.is_some() {
                self.object.require_same(&head.headers)?;
            }
            let object = Object::of(&head.headers, limit)?;
            self.restart(meter);
            self.digests = Digests::of(object.hashes.algorithms());
            self.object = object;
        }
        meter.expect(self.object.length.unwrap_or_default(), 1);
        Ok(body)
    }

    /// Forgets what has arrived.
    fn restart(&mut self, meter: &Meter) {
        let length = self.digests.length();
        if length > 0 {
            meter.lost(length);
        }
        self.object = Object::default();
        self.digests = Digests::of([]);
        self.reported = 0;
    }

    /// After an error of the file system it is unknown which bytes are in the file.
    fn unwritten(&mut self, meter: &Meter, error: io::Error) -> Failed {
        self.restart(meter);
        Failed::Final(self.target.unwritable(error))
    }

    /// Reports the state, once what has arrived is on disk.
    async fn report(&mut self, note: Option<&Note<'_>>) -> Result<(), Error> {
        let Some(note) = note else { return Ok(()) };
        let written = async {
            self.file.flush().await?;
            self.file.sync_data().await
        };
        written
            .await
            .map_err(|error| self.target.unwritable(error))?;
        self.reported = self.digests.length();
        note(self.partial());
        Ok(())
    }

    /// Gives the file its name. An earlier attempt may have left bytes behind its end.
    async fn keep(&mut self, length: u64) -> Result<(), Error> {
        let written = async {
            self.file.flush().await?;
            self.file.set_len(length).await?;
            self.file.sync_all().await
        };
        written
            .await
            .map_err(|error| self.target.unwritable(error))?;
        let Some(temporary) = self.temporary.take() else {
            return Ok(());
        };
        self.target.keep(temporary).map_err(|(error, temporary)| {
            self.temporary = Some(temporary);
            error
        })
    }

    /// Removes the temporary file.
    pub fn discard(mut self) -> Result<(), Error> {
        match self.temporary.take() {
            Some(temporary) => temporary
                .close()
                .map_err(|error| self.target.unwritable(error)),
            None => Ok(()),
        }
    }
}

fn fingerprint(digests: &Digests) -> Fingerprint {
    let checksums = digests.clone().finish();
    Fingerprint {
        length: checksums.length,
        sha256: hex(&checksums.sha256),
    }
}

/// Hashes the first bytes of a file, up to `length`. It blocks.
fn hashed(file: &mut File, length: u64, mut digests: Digests) -> io::Result<Digests> {
    let mut piece = vec![0; PIECE];
    let mut reader = file.take(length);
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return Ok(digests),
            Ok(read) => digests.update(&piece[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// The SHA-256 of the content of a URL, which is not stored; `None` if there are more than `length` bytes.
pub async fn fetched_hash(
    transfer: &Transfer,
    url: &str,
    length: u64,
) -> Result<Option<[u8; 32]>, Failed> {
    let (head, mut body) = transfer.get(url, None).await?.into_parts();
    // The service has no file above its limit, and a file that is longer than ours is a different one.
    let object = Object::of(&head.headers, u64::MAX)?;
    if object.length.is_some_and(|announced| announced > length) {
        return Ok(None);
    }
    let mut digests = Digests::of(object.hashes.algorithms());
    while let Some(piece) = transfer.piece(&mut body).await? {
        digests.update(&piece);
        object.permits(digests.length(), u64::MAX)?;
        if digests.length() > length {
            return Ok(None);
        }
    }
    Ok(Some(object.confirmed(digests)?.sha256))
}
