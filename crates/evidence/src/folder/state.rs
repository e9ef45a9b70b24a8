//! The file with the state of a folder upload.
//!
//! It is written whole after each step, under a temporary name that is then changed, so that a process that is killed
//! leaves the state before the step or after it. It has no URL. A second file, with `.lock` at the end of its name, is
//! locked while a process uses the state. It stays, because a lock file that is deleted could be locked twice.

use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use attache_transfer::plumbing::fingerprint::Fingerprint;
use attache_transfer::{Error, ErrorKind};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::binding;
use crate::manifest::{Destination, SentFile, Skipped};
use crate::uploads::Step;

/// The version of the form.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
pub(super) struct State<S> {
    version: u32,
    /// The service to which the files go.
    service: String,
    /// The case, if the service wants one before the upload.
    pub(super) case_id: Option<String>,
    /// The folder: an absolute path.
    pub(super) folder: PathBuf,
    pub(super) files: Vec<Entry<S>>,
    pub(super) skipped: Vec<Skipped>,
    /// A hash of what must not change.
    binding: String,
}

/// A file of the folder.
#[derive(Serialize, Deserialize)]
pub(super) struct Entry<S> {
    /// Where the file is, if it was listed by itself: an absolute path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<PathBuf>,
    pub(super) path: String,
    pub(super) name: String,
    pub(super) fingerprint: Fingerprint,
    /// The upload, once it has begun.
    pub(super) upload: Option<S>,
    /// The record, once the file has arrived.
    pub(super) sent: Option<SentFile>,
}

impl<S> State<S> {
    pub(super) fn new(
        service: &str,
        case_id: Option<String>,
        folder: PathBuf,
        files: Vec<Entry<S>>,
        skipped: Vec<Skipped>,
    ) -> Self {
        let mut state = Self {
            version: VERSION,
            service: service.to_owned(),
            case_id,
            folder,
            files,
            skipped,
            binding: String::new(),
        };
        state.binding = state.bound_to();
        state
    }

    fn bound_to(&self) -> String {
        let folder = self.folder.to_string_lossy();
        let case_id = self.case_id.as_deref().unwrap_or_default();
        let mut fields = vec!["folder", self.service.as_str(), case_id, &folder];
        let sources: Vec<_> = self
            .files
            .iter()
            .filter_map(|file| file.source.as_ref().map(|path| path.to_string_lossy()))
            .collect();
        fields.extend(sources.iter().map(|path| &**path));
        let lengths: Vec<String> = self
            .files
            .iter()
            .map(|file| file.fingerprint.length.to_string())
            .collect();
        for (file, length) in self.files.iter().zip(&lengths) {
            fields.extend([
                file.path.as_str(),
                &file.name,
                length,
                &file.fingerprint.sha256,
            ]);
        }
        binding::of_fields(&fields)
    }

    fn validate(&self, service: &str) -> Result<(), Error> {
        let refused = |message: String| Err(Error::new(ErrorKind::State, message));
        if self.version != VERSION {
            return refused(format!(
                "the saved state has version {}, and this program reads version {VERSION}",
                self.version
            ));
        }
        if self.service != service {
            return refused(format!(
                "the saved state is that of an upload to {}, and not to {service}",
                self.service
            ));
        }
        binding::validate(&self.bound_to(), &self.binding)?;
        binding::validate_sent(self.files.iter().all(|file| file.is_true(self)))
    }
}

impl<S> Entry<S> {
    /// Whether the record is that of this file.
    fn is_true(&self, state: &State<S>) -> bool {
        self.sent.as_ref().is_none_or(|sent| {
            let is_place = match &sent.destination {
                Destination::SecurityIrCase { case_id, .. } => {
                    state.case_id.as_ref() == Some(case_id)
                }
                _ => state.case_id.is_none(),
            };
            is_place
                && sent.path.as_ref() == Some(&self.path)
                && sent.name == self.name
                && sent.size == self.fingerprint.length
                && sent.sha256 == self.fingerprint.sha256
        })
    }
}

/// The state of a folder upload, of which no other process has the lock.
pub(super) struct StateFile<S> {
    path: PathBuf,
    state: Mutex<State<S>>,
    /// Locked until it is closed.
    _lock: File,
}

impl<S: Serialize + DeserializeOwned + Clone> StateFile<S> {
    /// Writes the first state. It blocks.
    pub(super) fn create(path: &Path, state: State<S>) -> Result<Self, Error> {
        let lock = locked(path)?;
        if path.symlink_metadata().is_ok() {
            return Err(Error::new(
                ErrorKind::State,
                format!(
                    "`{}` exists already; continue its upload with `resume_folder`, or delete it",
                    path.display()
                ),
            ));
        }
        let file = Self {
            path: path.to_owned(),
            state: Mutex::new(state),
            _lock: lock,
        };
        file.write(&file.state())?;
        Ok(file)
    }

    /// Reads the state of an earlier call. It blocks.
    pub(super) fn load(path: &Path, service: &str) -> Result<Self, Error> {
        let failed = |error| {
            Error::new(
                ErrorKind::State,
                format!("the state `{}` cannot be read", path.display()),
            )
            .because(error)
        };
        // Without a state there is nothing to lock.
        std::fs::metadata(path).map_err(failed)?;
        let lock = locked(path)?;
        let bytes = std::fs::read(path).map_err(failed)?;
        let state: State<S> =
            serde_json::from_slice(&bytes).map_err(|error| failed(error.into()))?;
        state.validate(service)?;
        Ok(Self {
            path: path.to_owned(),
            state: Mutex::new(state),
            _lock: lock,
        })
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state of a file, and writes all of it. It blocks for as long as that takes, because the next step
    /// must not begin before.
    pub(super) fn note(&self, index: usize, step: Step<'_, S>) -> Result<(), Error> {
        let mut state = self.state();
        let Some(entry) = state.files.get_mut(index) else {
            return Ok(());
        };
        match step {
            Step::Saved(upload) => {
                entry.upload = Some(upload.clone());
                entry.sent = None;
            }
            Step::Sent(file) => {
                entry.sent = Some(SentFile {
                    path: Some(entry.path.clone()),
                    ..file.clone()
                });
            }
        }
        self.write(&state)
    }

    fn write(&self, state: &State<S>) -> Result<(), Error> {
        let failed = |error| {
            Error::new(
                ErrorKind::State,
                format!("the state `{}` cannot be written", self.path.display()),
            )
            .because(error)
        };
        let text = serde_json::to_vec_pretty(state).map_err(|error| failed(error.into()))?;
        let mut file = tempfile::Builder::new()
            .prefix(".")
            .suffix(".part")
            .tempfile_in(parent(&self.path))
            .map_err(failed)?;
        file.write_all(&text).map_err(failed)?;
        file.as_file().sync_all().map_err(failed)?;
        file.persist(&self.path)
            .map_err(|error| failed(error.error))?;
        Ok(())
    }
}

/// The folder of a file.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

fn locked(path: &Path) -> Result<File, Error> {
    let mut name = OsString::from(path);
    name.push(".lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&name)
        .map_err(|error| {
            Error::new(
                ErrorKind::State,
                format!("`{}` cannot be created", Path::new(&name).display()),
            )
            .because(error)
        })?;
    match fs4::FileExt::try_lock(&file) {
        Ok(()) => Ok(file),
        Err(fs4::TryLockError::WouldBlock) => Err(Error::new(
            ErrorKind::State,
            format!(
                "another process uses the state `{}`; wait until it has ended",
                path.display()
            ),
        )),
        Err(fs4::TryLockError::Error(error)) => Err(Error::new(
            ErrorKind::State,
            format!("`{}` cannot be locked", Path::new(&name).display()),
        )
        .because(error)),
    }
}
