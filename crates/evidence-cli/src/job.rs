//! The state of a command on disk, so that the same command continues after a break.
//!
//! The state is a folder beside the manifest:
//!
//! | file | what it has |
//! |---|---|
//! | `job.json` | what was asked for, which calls were sent and which have an answer, and the result |
//! | `uploads-N.json` | the state of the uploads of batch N, which `attache-evidence` writes |
//! | `stdin/NAME` | the standard input, until the command is done |
//! | `job.lock` | is locked while a process uses the state |
//!
//! `job.json` is written whole under a temporary name, and is on disk before the step that follows. Before a call that
//! acts, it names the call, the time, and what the service had that looks like its result. A process that finds such a
//! call without an answer does not know whether it acted.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use attache_evidence::Manifest;
use attache_evidence::folder::Listing;
use attache_runtime::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::failure::{Failure, Kind, Result};

/// The version of the form of `job.json`.
const VERSION: u32 = 1;

/// What `job.json` has.
#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    version: u32,
    /// What the person asked for: the command and its arguments.
    intent: Value,
    /// When the command began.
    pub(crate) began: Timestamp,
    /// A random text that makes calls idempotent where the service has such tokens.
    pub(crate) token: String,
    /// The SHA-256 of the standard input, if it is one of the files.
    pub(crate) stdin_sha256: Option<String>,
    /// The files, as they were listed at first: a folder may get others before the next run.
    pub(crate) listing: Option<Listing>,
    /// The severity of the case, once it was chosen or left to the service.
    #[serde(default)]
    pub(crate) severity: Option<Severity>,
    /// The calls that act, by their names.
    calls: BTreeMap<String, Call>,
    /// What was uploaded, by the numbers of the batches.
    pub(crate) batches: BTreeMap<usize, Manifest>,
    /// The result, when the command is done.
    pub(crate) done: Option<Value>,
}

/// A severity that was chosen; without a code, the service chooses.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Severity {
    pub(crate) code: Option<String>,
}

/// A call that acts.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Call {
    /// It was sent, and there is no answer yet.
    Sent(Sent),
    /// It has acted, with this result.
    Answered(String),
}

/// A call without an answer.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sent {
    /// When it was sent.
    pub(crate) at: Timestamp,
    /// What looked like its result before.
    pub(crate) before: Vec<String>,
}

/// The state of a command, which no other process uses.
pub(crate) struct Job {
    folder: PathBuf,
    manifest: PathBuf,
    pub(crate) state: State,
    _lock: File,
}

impl Job {
    /// Opens the state of a command, or writes a first one. Without a path of the manifest, its name follows from what
    /// the person asked for.
    pub(crate) fn open(manifest: Option<&Path>, intent: Value, token: String) -> Result<Self> {
        let manifest = match manifest {
            Some(path) => path.to_owned(),
            None => PathBuf::from(format!(
                "evidence-{}.json",
                &hash(&intent.to_string())[..12]
            )),
        };
        let manifest = std::path::absolute(&manifest)
            .map_err(|error| Failure::of_file(manifest.display(), error))?;
        let mut folder = manifest.clone().into_os_string();
        folder.push(".state");
        let folder = PathBuf::from(folder);
        create_private(&folder)?;
        let folder = folder
            .canonicalize()
            .map_err(|error| Failure::of_file(folder.display(), error))?;
        let lock = locked(&folder)?;
        let path = folder.join("job.json");
        let state = match std::fs::read(&path) {
            Ok(bytes) => read(&path, &bytes, &intent)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => State {
                version: VERSION,
                intent,
                began: Timestamp::now(),
                token,
                stdin_sha256: None,
                listing: None,
                severity: None,
                calls: BTreeMap::new(),
                batches: BTreeMap::new(),
                done: None,
            },
            Err(error) => return Err(Failure::of_file(path.display(), error)),
        };
        if state.done.is_none() && state.calls.is_empty() && manifest.exists() {
            return Err(Failure::new(
                Kind::State,
                format!(
                    "`{}` exists already; choose another file with --manifest",
                    manifest.display()
                ),
            ));
        }
        let job = Self {
            folder,
            manifest,
            state,
            _lock: lock,
        };
        job.write()?;
        Ok(job)
    }

    /// Whether a file is a part of the state.
    pub(crate) fn has(&self, path: &Path) -> bool {
        path.starts_with(&self.folder)
    }

    pub(crate) fn manifest(&self) -> &Path {
        &self.manifest
    }

    /// Where the standard input is kept under this name.
    pub(crate) fn stdin(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join("stdin");
        create_private(&folder)?;
        Ok(folder.join(name))
    }

    /// The state of the uploads of a batch.
    pub(crate) fn uploads(&self, batch: usize) -> PathBuf {
        self.folder.join(format!("uploads-{batch}.json"))
    }

    /// The uploads of a batch begin again.
    pub(crate) fn forget_uploads(&mut self, batch: usize) -> Result<()> {
        self.state.batches.remove(&batch);
        self.write()?;
        match std::fs::remove_file(self.uploads(batch)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Failure::of_file(self.uploads(batch).display(), error))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn call(&self, name: &str) -> Option<Call> {
        self.state.calls.get(name).cloned()
    }

    /// Notes that a call is about to be sent.
    pub(crate) fn note_sent(&mut self, name: &str, before: Vec<String>) -> Result<()> {
        let at = Timestamp::now();
        let call = Call::Sent(Sent { at, before });
        self.state.calls.insert(name.to_owned(), call);
        self.write()
    }

    /// Notes that a call certainly has not acted.
    pub(crate) fn note_unsent(&mut self, name: &str) -> Result<()> {
        self.state.calls.remove(name);
        self.write()
    }

    pub(crate) fn note_answered(&mut self, name: &str, result: &str) -> Result<()> {
        let call = Call::Answered(result.to_owned());
        self.state.calls.insert(name.to_owned(), call);
        self.write()
    }

    /// Writes the manifest, then notes the result, then removes the copy of the standard input.
    pub(crate) fn finish(&mut self, manifest: &Value, result: Value) -> Result<()> {
        let text = serde_json::to_vec_pretty(manifest)
            .map_err(|error| Failure::of_file(self.manifest.display(), error))?;
        write_whole(&self.manifest, &text)?;
        self.state.done = Some(result);
        self.write()?;
        // What stays is only a copy.
        let _ = std::fs::remove_dir_all(self.folder.join("stdin"));
        Ok(())
    }

    pub(crate) fn write(&self) -> Result<()> {
        let path = self.folder.join("job.json");
        let text = serde_json::to_vec_pretty(&self.state)
            .map_err(|error| Failure::of_file(path.display(), error))?;
        write_whole(&path, &text)
    }
}

fn read(path: &Path, bytes: &[u8], intent: &Value) -> Result<State> {
    let refused = |why: String| {
        let path = path.display();
        Failure::new(Kind::State, format!("the state `{path}` {why}"))
    };
    let state: State = serde_json::from_slice(bytes)
        .map_err(|error| refused(format!("cannot be read: {error}")))?;
    if state.version != VERSION {
        return Err(refused(format!(
            "has version {}, and this program reads version {VERSION}",
            state.version
        )));
    }
    if state.intent != *intent {
        return Err(refused(
            "belongs to a command with other arguments; choose another file with --manifest"
                .to_owned(),
        ));
    }
    Ok(state)
}

/// The SHA-256 of a text, in hexadecimal digits.
pub(crate) fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Creates a folder that only its owner may read.
fn create_private(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| Failure::of_file(folder.display(), error))
}

/// Writes a file under a temporary name and renames it, so that it is whole or is not there.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |error: std::io::Error| Failure::of_file(path.display(), error);
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".")
        .suffix(".part")
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    // The new name must be on disk, too. Windows has no such call for folders.
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(failed)?;
    Ok(())
}

fn locked(folder: &Path) -> Result<File> {
    let path = folder.join("job.lock");
    let failed = |error: std::io::Error| Failure::of_file(path.display(), error);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed)?;
    match fs4::FileExt::try_lock(&file) {
        Ok(()) => Ok(file),
        Err(fs4::TryLockError::WouldBlock) => Err(Failure::new(
            Kind::State,
            format!(
                "another process runs the same command; its state is `{}`",
                folder.display()
            ),
        )),
        Err(fs4::TryLockError::Error(error)) => Err(failed(error)),
    }
}
