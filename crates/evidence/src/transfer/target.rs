//! The target of a download. The bytes go to a temporary file beside the target, which is renamed when it is complete.
//!
//! A download is complete when the response announced its length and that many bytes arrived, or when the response has
//! a hash of them. A response with neither could be truncated without a sign, and is refused. No more bytes are written
//! than the largest file of the service has.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use attache_runtime::{ByteStream, Config};
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;

use crate::error::{Error, ErrorKind};
use crate::transfer::blocking::runtime;
use crate::transfer::checksum::{Checksums, Digests};
use crate::transfer::events::Watch;
use crate::transfer::file_name::plain_name;
use crate::transfer::progress::{Label, Listener, Meter, Stage, Tally};
use crate::transfer::receipt::{Receipt, announces_hash};
use crate::transfer::requests::{Failed, Transfer};

/// A file that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// Where it is.
    pub path: PathBuf,
    /// Its length in bytes.
    pub length: u64,
    /// The SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// A file that will be written.
pub(crate) struct Target {
    path: PathBuf,
    /// The size of the largest file of the service, in bytes.
    limit: u64,
}

impl Target {
    /// The target `path`. If it is a directory, the file in it gets the name that the service returns.
    pub(crate) fn new(path: &Path, name: &str, limit: u64) -> Result<Self, Error> {
        let path = if path.is_dir() {
            path.join(plain_name(name)?)
        } else {
            path.to_owned()
        };
        if path.symlink_metadata().is_ok() {
            return Err(occupied(&path));
        }
        Ok(Self { path, limit })
    }

    /// Measures the download under the name that the file gets.
    pub(crate) fn meter(&self, config: &Config, listener: Option<Listener>) -> Arc<Meter> {
        let name = self.path.file_name().unwrap_or_default();
        let meter = Meter::new(
            Label::only(&name.to_string_lossy()),
            Watch::download(config),
            listener,
        );
        meter.expect(0, 1);
        meter
    }

    /// Fetches the content of a URL, with as many attempts as the settings allow.
    pub(crate) async fn fetch(
        &self,
        transfer: &Transfer,
        url: &str,
        meter: &Arc<Meter>,
    ) -> Result<Downloaded, Failed> {
        runtime().map_err(Failed::Final)?;
        let mut attempt = 0;
        loop {
            let tally = Tally::new(meter);
            let failed = match self.fetch_once(transfer, url, &tally, meter).await {
                Ok(downloaded) => {
                    meter.part();
                    meter.tell(Stage::Done);
                    return Ok(downloaded);
                }
                Err(failed) => failed,
            };
            tally.give_up();
            attempt += 1;
            let piece = meter.piece(0, meter.total_bytes());
            transfer.pause(attempt, failed, &piece).await?;
        }
    }

    async fn fetch_once(
        &self,
        transfer: &Transfer,
        url: &str,
        tally: &Arc<Tally>,
        meter: &Meter,
    ) -> Result<Downloaded, Failed> {
        let response = transfer.get(url, tally).await?;
        let (head, mut body) = response.into_parts();
        let announced = announced(&head.headers, self.limit)?;
        meter.expect(announced.unwrap_or_default(), 1);
        let temporary = self.temporary().map_err(Failed::Final)?;
        let file = temporary
            .reopen()
            .map_err(|error| Failed::Final(self.unwritable(error)))?;
        let mut file = tokio::fs::File::from_std(file);
        let mut reading = Reading::new(announced, self.limit);
        while let Some(piece) = reading.piece(transfer, &mut body).await? {
            file.write_all(&piece)
                .await
                .map_err(|error| Failed::Final(self.unwritable(error)))?;
            tally.moved(piece.len() as u64);
        }
        let checksums = reading.finish(&head.headers)?;
        file.sync_all()
            .await
            .map_err(|error| Failed::Final(self.unwritable(error)))?;
        self.keep(temporary).map_err(Failed::Final)?;
        Ok(Downloaded {
            path: self.path.clone(),
            length: checksums.length,
            sha256: checksums.sha256_hex(),
        })
    }

    fn temporary(&self) -> Result<NamedTempFile, Error> {
        let parent = match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        tempfile::Builder::new()
            .prefix(".attache-")
            .suffix(".part")
            .tempfile_in(parent)
            .map_err(|error| self.unwritable(error))
    }

    /// Gives the file its name, unless a file with that name was created meanwhile.
    fn keep(&self, temporary: NamedTempFile) -> Result<(), Error> {
        match temporary.persist_noclobber(&self.path) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(occupied(&self.path))
            }
            Err(error) => Err(self.unwritable(error.error)),
        }
    }

    fn unwritable(&self, error: std::io::Error) -> Error {
        Error::new(
            ErrorKind::Target,
            format!("`{}` cannot be written", self.path.display()),
        )
        .because(error)
    }
}

/// The SHA-256 of the content of a URL, which is not stored; `None` if there are more than `length` bytes.
#[cfg(feature = "security-ir")]
pub(crate) async fn fetched_hash(
    transfer: &Transfer,
    url: &str,
    length: u64,
) -> Result<Option<[u8; 32]>, Failed> {
    let tally = Tally::new(&Meter::new(
        Label::only(""),
        Watch::download(&transfer.config),
        None,
    ));
    let (head, mut body) = transfer.get(url, &tally).await?.into_parts();
    // The service has no file above its limit, and a file that is longer than ours is a different one.
    let announced = announced(&head.headers, u64::MAX)?;
    if announced.is_some_and(|announced| announced > length) {
        return Ok(None);
    }
    let mut reading = Reading::new(announced, u64::MAX);
    while reading.piece(transfer, &mut body).await?.is_some() {
        if reading.length > length {
            return Ok(None);
        }
    }
    Ok(Some(reading.finish(&head.headers)?.sha256))
}

/// The length that a response announces. Without one, it has a hash.
fn announced(headers: &HeaderMap, limit: u64) -> Result<Option<u64>, Failed> {
    let text = headers.get(CONTENT_LENGTH);
    let length = text.and_then(|value| value.to_str().ok()?.trim().parse::<u64>().ok());
    let failed = |message| Failed::Final(Error::new(ErrorKind::Transfer, message));
    match length {
        Some(length) if length > limit => Err(failed(format!(
            "{length} bytes were announced, and an attachment has {limit} at most"
        ))),
        None if !announces_hash(headers) => Err(failed(
            "the storage announced neither the length of the attachment nor a hash, so it is unknown whether the \
             download is complete"
                .to_owned(),
        )),
        length => Ok(length),
    }
}

/// A body that is being read and compared with what was announced.
struct Reading {
    announced: Option<u64>,
    limit: u64,
    length: u64,
    digests: Digests,
}

impl Reading {
    fn new(announced: Option<u64>, limit: u64) -> Self {
        Self {
            announced,
            limit,
            length: 0,
            digests: Digests::default(),
        }
    }

    async fn piece(
        &mut self,
        transfer: &Transfer,
        body: &mut ByteStream,
    ) -> Result<Option<bytes::Bytes>, Failed> {
        let Some(piece) = transfer.piece(body).await? else {
            return Ok(None);
        };
        self.length += piece.len() as u64;
        let failed = |message| Error::new(ErrorKind::Transfer, message);
        if let Some(announced) = self.announced.filter(|announced| self.length > *announced) {
            return Err(Failed::Passing(failed(format!(
                "{announced} bytes were announced, and more arrived"
            ))));
        }
        if self.length > self.limit {
            let limit = self.limit;
            return Err(Failed::Final(failed(format!(
                "more than {limit} bytes arrived, and an attachment has no more"
            ))));
        }
        self.digests.update(&piece);
        Ok(Some(piece))
    }

    /// The hashes of the bytes, once all of them have arrived.
    fn finish(self, headers: &HeaderMap) -> Result<Checksums, Failed> {
        let length = self.length;
        let failed = |message| Failed::Passing(Error::new(ErrorKind::Transfer, message));
        if let Some(announced) = self.announced.filter(|announced| *announced != length) {
            return Err(failed(format!(
                "{announced} bytes were announced, and {length} arrived"
            )));
        }
        let checksums = self.digests.finish();
        Receipt::of(headers, &checksums).map_err(|header| {
            failed(format!(
                "the header `{header}` belongs to other bytes than arrived"
            ))
        })?;
        Ok(checksums)
    }
}

fn occupied(path: &Path) -> Error {
    Error::new(
        ErrorKind::Target,
        format!(
            "`{}` exists already; evidence is not overwritten",
            path.display()
        ),
    )
}
