//! The cache of downloads: files by the SHA-256 of their bytes, and the last answer of each address.
//!
//! ```text
//! objects/<sha256>        a downloaded file
//! addresses/<sha256 of the address>.json   the digest of its file, and the ETag of the response
//! ```
//!
//! Files get their names when they are complete, so that concurrent processes never read an incomplete file. A file is
//! hashed each time it is taken from the cache: one that was changed or cut counts as absent.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::environment::Environment;
use crate::workspace::read;

/// The variable that names another folder.
pub const VARIABLE: &str = "ATTACHE_CACHE";

/// What the names of unfinished downloads begin with.
const UNFINISHED: &str = "unfinished-";

/// After this time without a byte, an unfinished download counts as abandoned.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// The most bytes of an entry below `addresses`.
const ENTRY_LIMIT: u64 = 64 << 10;

/// A folder of downloads.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// The last answer of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The address, without name and password.
    pub address: String,
    /// The SHA-256 of the bytes, in hexadecimal digits.
    pub sha256: String,
    /// The header `ETag` of the answer.
    pub tag: Option<String>,
}

impl Cache {
    /// A cache in a folder, which is made when something is put into it.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
        }
    }

    /// The cache that the environment names, or that of the platform: `attache` below `$XDG_CACHE_HOME` or `~/.cache`,
    /// `~/Library/Caches`, `%LOCALAPPDATA%`.
    ///
    /// # Errors
    /// A user without a home folder.
    pub fn of(environment: &dyn Environment) -> Result<Self> {
        if let Some(folder) = environment.variable(VARIABLE) {
            return Ok(Self::new(folder));
        }
        let platform = etcetera::base_strategy::choose_native_strategy()
            .with_context(|| format!("there is no folder for downloads: set {VARIABLE} to one"))?;
        Ok(Self::new(platform.cache_dir().join("attache")))
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file with these bytes, from its beginning; `None` if the cache does not have the complete file.
    ///
    /// # Errors
    /// A file that is there and cannot be read.
    pub fn object(&self, sha256: &str) -> Result<Option<File>> {
        if !is_digest(sha256) {
            return Ok(None);
        }
        let path = self.folder.join("objects").join(sha256);
        let unreadable = || format!("could not read {}", path.display());
        if !path.is_file() {
            return Ok(None);
        }
        let mut file = File::open(&path).with_context(unreadable)?;
        let found = digest(&mut file).with_context(unreadable)?;
        file.seek(SeekFrom::Start(0)).with_context(unreadable)?;
        Ok((found == sha256).then_some(file))
    }

    /// The last answer of an address, if its file still exists.
    ///
    /// # Errors
    /// As [`Cache::object`].
    pub fn answer(&self, address: &str) -> Result<Option<(Answer, File)>> {
        // An entry that cannot be read was cut or is of another version: it is made anew.
        let entry = read::optional(&self.entry(address), ENTRY_LIMIT)
            .ok()
            .flatten();
        let Some(entry) = entry.and_then(|text| serde_json::from_str::<Answer>(&text).ok()) else {
            return Ok(None);
        };
        Ok(self.object(&entry.sha256)?.map(|file| (entry, file)))
    }

    /// A new file to write a download into.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn begin(&self) -> Result<Unfinished<'_>> {
        let folder = self.folder.join("objects");
        let unwritable = || {
            format!(
                "could not write {}; {VARIABLE} names another folder",
                folder.display()
            )
        };
        fs::create_dir_all(&folder).with_context(unwritable)?;
        remove_abandoned(&folder);
        let file = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempfile_in(&folder);
        let file = file.with_context(unwritable)?;
        Ok(Unfinished { cache: self, file })
    }

    fn entry(&self, address: &str) -> PathBuf {
        let name = read::sha256(address.as_bytes());
        self.folder.join("addresses").join(format!("{name}.json"))
    }

    fn remember(&self, address: &str, answer: &Answer) -> Result<()> {
        let path = self.entry(address);
        let folder = self.folder.join("addresses");
        let unwritable = || format!("could not write {}", path.display());
        fs::create_dir_all(&folder).with_context(unwritable)?;
        let mut file = tempfile::NamedTempFile::new_in(&folder).with_context(unwritable)?;
        file.write_all(serde_json::to_string(answer)?.as_bytes())
            .with_context(unwritable)?;
        file.persist(&path).with_context(unwritable)?;
        Ok(())
    }
}

/// A download that is not complete yet. It is deleted unless [`Unfinished::finish`] is called.
#[derive(Debug)]
pub struct Unfinished<'a> {
    cache: &'a Cache,
    file: tempfile::NamedTempFile,
}

impl Unfinished<'_> {
    /// Appends bytes.
    ///
    /// # Errors
    /// A disk that is full.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file
            .write_all(bytes)
            .with_context(|| format!("could not write to {}", self.cache.folder.display()))
    }

    /// Removes everything that was appended.
    ///
    /// # Errors
    /// A file that cannot be changed.
    pub fn clear(&mut self) -> Result<()> {
        self.file.as_file().set_len(0)?;
        self.file.as_file_mut().seek(SeekFrom::Start(0))?;
        Ok(())
    }

    /// Gives the file its name, and records that `address` returned it. `expected` is the SHA-256 that the file must
    /// have, if it is known.
    ///
    /// # Errors
    /// Other bytes than expected; then nothing is kept.
    pub fn finish(
        mut self,
        address: &str,
        shown: &str,
        expected: Option<&str>,
        tag: Option<String>,
    ) -> Result<(Answer, File)> {
        self.file.as_file_mut().seek(SeekFrom::Start(0))?;
        let sha256 = digest(self.file.as_file_mut())?;
        if let Some(expected) = expected {
            ensure!(
                sha256 == expected.to_ascii_lowercase(),
                "{shown} has the SHA-256 {sha256}, but {expected} was announced: the file was changed or damaged during the download"
            );
        }
        let path = self.cache.folder.join("objects").join(&sha256);
        let mut file = self
            .file
            .persist(&path)
            .with_context(|| format!("could not write {}", path.display()))?;
        file.seek(SeekFrom::Start(0))?;
        let answer = Answer {
            address: shown.to_owned(),
            sha256,
            tag,
        };
        self.cache.remember(address, &answer)?;
        Ok((answer, file))
    }
}

/// Deletes downloads that were stopped (Ctrl-C, a crash) and whose files are still there. Nothing depends on it, so
/// errors are ignored.
fn remove_abandoned(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_unfinished = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|time| time.elapsed().ok());
        if is_unfinished && age.is_some_and(|age| age > ABANDONED) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The SHA-256 of what a reader still has, in hexadecimal digits.
fn digest(reader: &mut impl Read) -> std::io::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = reader.read(&mut buffer)?;
        if count == 0 {
            return Ok(read::hexadecimal(&hasher.finalize()));
        }
        hasher.update(&buffer[..count]);
    }
}

/// Whether a text is a SHA-256, which is safe as the name of a file.
fn is_digest(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
