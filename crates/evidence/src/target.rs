//! Where a download goes: to a temporary file beside the target, which gets its name when it is whole.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use http::header::CONTENT_LENGTH;
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;

use crate::error::{Error, ErrorKind};
use crate::progress::{Meter, Stage, Tally};
use crate::transfer::{Failed, Transfer};

/// A file that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Downloaded {
    /// Where it is.
    pub path: PathBuf,
    /// Its length in bytes.
    pub length: u64,
}

/// A file that is to be.
pub(crate) struct Target {
    path: PathBuf,
}

impl Target {
    /// The place at `path`; inside of it, under the name that the service gives, where it is a directory.
    pub(crate) fn new(path: &Path, name: &str) -> Result<Self, Error> {
        let path = if path.is_dir() {
            path.join(plain_name(name)?)
        } else {
            path.to_owned()
        };
        if path.symlink_metadata().is_ok() {
            return Err(occupied(&path));
        }
        Ok(Self { path })
    }

    /// Fetches what is behind a URL, with as many attempts as the settings allow.
    pub(crate) async fn fetch(
        &self,
        transfer: &Transfer,
        url: &str,
        meter: &Arc<Meter>,
    ) -> Result<Downloaded, Failed> {
        let mut attempt = 0;
        loop {
            let tally = Tally::new(meter);
            let failed = match self.fetch_once(transfer, url, &tally, meter).await {
                Ok(downloaded) => {
                    meter.tell(Stage::Done);
                    return Ok(downloaded);
                }
                Err(failed) => failed,
            };
            tally.give_up();
            attempt += 1;
            transfer.pause(attempt, failed).await?;
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
        let announced = response
            .headers()
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        meter.announced(announced.unwrap_or_default());
        let temporary = self.temporary().map_err(Failed::Final)?;
        let file = temporary
            .reopen()
            .map_err(|error| Failed::Final(self.unwritable(error)))?;
        let mut file = tokio::fs::File::from_std(file);
        let mut body = response.into_body();
        let mut length = 0_u64;
        while let Some(piece) = transfer.piece(&mut body).await? {
            file.write_all(&piece)
                .await
                .map_err(|error| Failed::Final(self.unwritable(error)))?;
            length += piece.len() as u64;
            tally.moved(piece.len() as u64);
        }
        if let Some(announced) = announced.filter(|announced| *announced != length) {
            return Err(Failed::Passing(Error::new(
                ErrorKind::Transfer,
                format!("{announced} bytes were announced, and {length} came"),
            )));
        }
        file.sync_all()
            .await
            .map_err(|error| Failed::Final(self.unwritable(error)))?;
        self.keep(temporary).map_err(Failed::Final)?;
        Ok(Downloaded {
            path: self.path.clone(),
            length,
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

    /// Gives the file its name, unless somebody else has taken it meanwhile.
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

fn occupied(path: &Path) -> Error {
    Error::new(
        ErrorKind::Target,
        format!(
            "`{}` is there already; evidence is not overwritten",
            path.display()
        ),
    )
}

/// A name from the service, which must not lead out of the directory.
fn plain_name(name: &str) -> Result<&str, Error> {
    let plain =
        !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', '\0', ':']);
    plain.then_some(name).ok_or_else(|| {
        Error::new(
            ErrorKind::Target,
            "the attachment has a name that is no file name; say the whole path to download to",
        )
    })
}
