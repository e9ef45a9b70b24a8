//! File contents: bytes in memory, or files in the data folder.
//!
//! A blob is written once and never changed. It exists when it is finished. An unfinished blob is removed when its
//! writer is dropped, or, after a crash, when the data folder is opened again. A file that was changed from outside is
//! not sent.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use attache_runtime::{RandomSource, SystemRandomSource};
use bytes::Bytes;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::folder::{blobs, file_name};
use crate::hexadecimal::hex;

/// How many bytes are read from a file at a time.
const CHUNK: usize = 256 * 1024;

/// The SHA-256 of the EICAR test file, which every scanner reports as malware. The code contains the hash, because
/// scanners would report this program if it contained the file.
const EICAR: &str = "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f";
const EICAR_LENGTH: usize = 68;

/// What is known about stored bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Blob {
    /// Its name in the store.
    pub(crate) id: String,
    /// How many bytes there are.
    pub(crate) size: u64,
    /// Their MD5 in hexadecimal, which is their ETag.
    pub(crate) md5: String,
    /// Whether a scanner would report them.
    pub(crate) is_infected: bool,
}

impl Blob {
    /// The ETag as it is in a header.
    pub(crate) fn etag(&self) -> String {
        format!("\"{}\"", self.md5)
    }
}

/// The place of blobs.
#[derive(Clone, Debug)]
pub(crate) struct Blobs {
    place: Place,
    held: Arc<Mutex<Held>>,
}

#[derive(Clone, Debug)]
enum Place {
    Memory(Arc<Mutex<BTreeMap<String, Bytes>>>),
    Folder(Arc<PathBuf>),
}

/// The blobs that snapshots refer to.
#[derive(Debug, Default)]
struct Held {
    /// How many do.
    counts: BTreeMap<String, usize>,
    /// Those to which nothing else refers.
    removed: BTreeSet<String>,
}

/// Keeps blobs until it is dropped.
#[derive(Debug)]
pub(crate) struct Hold {
    blobs: Blobs,
    ids: BTreeSet<String>,
}

impl Hold {
    /// Whether the blobs are in this place.
    pub(crate) fn is_of(&self, blobs: &Blobs) -> bool {
        Arc::ptr_eq(&self.blobs.held, &blobs.held)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut held = self.blobs.held();
        for id in &self.ids {
            let count = held.counts.entry(id.clone()).or_default();
            *count = count.saturating_sub(1);
            if *count == 0 {
                held.counts.remove(id);
                if held.removed.remove(id) {
                    self.blobs.delete(id);
                }
            }
        }
    }
}

impl Blobs {
    pub(crate) fn in_memory() -> Self {
        Self::new(Place::Memory(Arc::default()))
    }

    /// Blobs as files of a folder, which exists after a call of [`prepare`](Self::prepare).
    pub(crate) fn in_folder(folder: PathBuf) -> Self {
        Self::new(Place::Folder(Arc::new(folder)))
    }

    fn new(place: Place) -> Self {
        Self {
            place,
            held: Arc::default(),
        }
    }

    /// Keeps these blobs, which something refers to.
    pub(crate) fn hold(&self, ids: BTreeSet<String>) -> Hold {
        let mut held = self.held();
        for id in &ids {
            *held.counts.entry(id.clone()).or_default() += 1;
        }
        Hold {
            blobs: self.clone(),
            ids,
        }
    }

    /// Something refers to these blobs, perhaps again, so that they outlive snapshots.
    pub(crate) fn keep(&self, ids: &BTreeSet<String>) {
        self.held().removed.retain(|id| !ids.contains(id));
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Creates the folder if it does not exist, and removes every blob that is not in the list: these were being
    /// written when the process ended.
    pub(crate) fn prepare(&self, wanted: &BTreeSet<String>) -> io::Result<()> {
        let Place::Folder(folder) = &self.place else {
            return Ok(());
        };
        fs::create_dir_all(folder.as_path())?;
        for id in blobs(folder)? {
            if !wanted.contains(&id) {
                fs::remove_file(folder.join(file_name(&id)))?;
            }
        }
        Ok(())
    }

    /// Begins a blob. `expected` is the number of bytes, if it is known.
    pub(crate) fn writer(&self, expected: u64) -> io::Result<BlobWriter> {
        // No two blobs have the same name, including unfinished ones.
        let id = hex(&SystemRandomSource.id());
        let sink = match &self.place {
            Place::Memory(_) => {
                // The announced length is used only up to the maximum size of a part.
                let capacity = usize::try_from(expected.min(160 << 20)).unwrap_or_default();
                Sink::Memory(Vec::with_capacity(capacity))
            }
            Place::Folder(folder) => {
                let path = folder.join(file_name(&id));
                let file = File::options().write(true).create_new(true).open(&path)?;
                Sink::File(file, path)
            }
        };
        Ok(BlobWriter {
            blobs: self.clone(),
            id,
            size: 0,
            md5: Md5::new(),
            head: Vec::new(),
            sink: Some(sink),
        })
    }

    /// Stores bytes that are in memory anyway.
    pub(crate) fn store(&self, bytes: &[u8]) -> io::Result<Blob> {
        let mut writer = self.writer(bytes.len() as u64)?;
        writer.write(bytes)?;
        writer.finish()
    }

    /// Removes a blob that nothing refers to any more, or that only snapshots do: it is removed with the last of them.
    pub(crate) fn remove(&self, id: &str) {
        let mut held = self.held();
        match held.counts.contains_key(id) {
            true => drop(held.removed.insert(id.to_owned())),
            false => self.delete(id),
        }
    }

    fn delete(&self, id: &str) {
        match &self.place {
            Place::Memory(blobs) => {
                let mut blobs = blobs.lock().unwrap_or_else(PoisonError::into_inner);
                blobs.remove(id);
            }
            // A remaining file is removed when the folder is opened again.
            Place::Folder(folder) => drop(fs::remove_file(folder.join(file_name(id)))),
        }
    }

    /// The bytes of a blob, piece by piece.
    pub(crate) fn reader(&self, blob: &Blob) -> io::Result<BlobReader> {
        match &self.place {
            Place::Memory(blobs) => {
                let blobs = blobs.lock().unwrap_or_else(PoisonError::into_inner);
                let bytes = blobs.get(&blob.id).cloned();
                bytes.map(BlobReader::Memory).ok_or_else(missing)
            }
            Place::Folder(folder) => {
                let path = folder.join(file_name(&blob.id));
                let metadata = fs::symlink_metadata(&path)?;
                if !metadata.is_file() || metadata.len() != blob.size {
                    return Err(changed(blob));
                }
                File::open(path).map(BlobReader::File)
            }
        }
    }

    /// Reads blobs once to check that they are unchanged.
    ///
    /// # Errors
    /// A file that is missing or was changed.
    pub(crate) fn verify(&self, blobs: &[Blob]) -> io::Result<()> {
        if matches!(self.place, Place::Memory(_)) {
            return Ok(());
        }
        for blob in blobs {
            let mut md5 = Md5::new();
            for chunk in self.reader(blob)? {
                md5.update(&chunk?);
            }
            verify_md5(blob, md5)?;
        }
        Ok(())
    }

    /// All bytes of some blobs, one after the other.
    ///
    /// # Errors
    /// A file that is missing or was changed.
    pub(crate) fn read(&self, blobs: &[Blob]) -> io::Result<Bytes> {
        if let (Place::Memory(_), [blob]) = (&self.place, blobs) {
            return self
                .reader(blob)?
                .next()
                .unwrap_or_else(|| Ok(Bytes::new()));
        }
        let mut bytes = Vec::new();
        for blob in blobs {
            let mut md5 = Md5::new();
            for chunk in self.reader(blob)? {
                let chunk = chunk?;
                md5.update(&chunk);
                bytes.extend_from_slice(&chunk);
            }
            verify_md5(blob, md5)?;
        }
        Ok(bytes.into())
    }
}

fn verify_md5(blob: &Blob, md5: Md5) -> io::Result<()> {
    match hex(&md5.finalize()) == blob.md5 {
        true => Ok(()),
        false => Err(changed(blob)),
    }
}

/// The error of a file that was changed. It is also written to the log.
fn changed(blob: &Blob) -> io::Error {
    let text = format!("the stored file {} was changed", file_name(&blob.id));
    crate::log(&text);
    io::Error::new(io::ErrorKind::InvalidData, text)
}

fn missing() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "a file of the store is missing")
}

/// A blob being written.
pub(crate) struct BlobWriter {
    blobs: Blobs,
    id: String,
    size: u64,
    md5: Md5,
    head: Vec<u8>,
    sink: Option<Sink>,
}

enum Sink {
    Memory(Vec<u8>),
    File(File, PathBuf),
}

impl BlobWriter {
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.size += bytes.len() as u64;
        self.md5.update(bytes);
        let room = EICAR_LENGTH
            .saturating_sub(self.head.len())
            .min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        match &mut self.sink {
            Some(Sink::Memory(buffer)) => buffer.extend_from_slice(bytes),
            Some(Sink::File(file, _)) => file.write_all(bytes)?,
            None => {}
        }
        Ok(())
    }

    /// How many bytes were written.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Completes the blob, which is on disk when this returns.
    pub(crate) fn finish(mut self) -> io::Result<Blob> {
        match (self.sink.take(), &self.blobs.place) {
            (Some(Sink::Memory(buffer)), Place::Memory(blobs)) => {
                let mut blobs = blobs.lock().unwrap_or_else(PoisonError::into_inner);
                blobs.insert(self.id.clone(), buffer.into());
            }
            (Some(Sink::File(file, path)), Place::Folder(folder)) => {
                if let Err(error) = file.sync_all().and_then(|()| sync_folder(folder)) {
                    self.sink = Some(Sink::File(file, path));
                    return Err(error);
                }
            }
            _ => {}
        }
        Ok(Blob {
            id: self.id.clone(),
            size: self.size,
            md5: hex(&self.md5.clone().finalize()),
            is_infected: hex(&Sha256::digest(&self.head)) == EICAR,
        })
    }
}

/// Syncs the folder, so that the name of a new file survives a crash as well as its content. Windows has no such
/// operation.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// A blob that was not finished leaves nothing behind.
impl Drop for BlobWriter {
    fn drop(&mut self) {
        if let Some(Sink::File(_, path)) = &self.sink {
            // A remaining file is removed when the folder is opened again.
            let _ = fs::remove_file(path);
        }
    }
}

/// The bytes of a blob, piece by piece.
pub(crate) enum BlobReader {
    Memory(Bytes),
    File(File),
}

impl Iterator for BlobReader {
    type Item = io::Result<Bytes>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Memory(bytes) if bytes.is_empty() => None,
            Self::Memory(bytes) => Some(Ok(std::mem::take(bytes))),
            Self::File(file) => {
                let mut chunk = vec![0; CHUNK];
                match file.read(&mut chunk) {
                    Ok(0) => None,
                    Ok(length) => {
                        chunk.truncate(length);
                        Some(Ok(chunk.into()))
                    }
                    Err(error) => Some(Err(error)),
                }
            }
        }
    }
}
