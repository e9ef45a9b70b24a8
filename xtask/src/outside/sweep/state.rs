//! What was found about each service, in a file below `target/outside`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::tools;

/// The services whose signatures no client makes: that they are refused is no failure.
const UNSUPPORTED: &str = "requires signatures of version 2";

/// What a result depends on besides the crate.
#[derive(Debug)]
pub(super) struct Digests {
    /// The program that generates crates.
    generator: String,
    /// The runtime that they use.
    runtime: String,
}

impl Digests {
    pub(super) fn of(workspace: &Path) -> Result<Self> {
        let program = std::env::current_exe().context("this program has no path")?;
        let bytes =
            fs::read(&program).with_context(|| format!("could not read {}", program.display()))?;
        Ok(Self {
            generator: hex(Sha256::digest(&bytes).as_slice()),
            runtime: of_folder(&workspace.join("crates/runtime/src"))?,
        })
    }
}

/// The result of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    generator: String,
    runtime: String,
    /// The digest of the crate.
    pub(super) digest: String,
    pub(super) operations: usize,
    pub(super) left_out: Vec<String>,
    pub(super) lines: usize,
    /// What cargo printed: errors and warnings.
    pub(super) remarks: Vec<String>,
    /// Why there is no crate.
    pub(super) refusal: String,
}

impl Entry {
    /// The entry of a service without a crate.
    pub(super) fn refused(digests: &Digests, refusal: String) -> Self {
        Self {
            generator: digests.generator.clone(),
            runtime: digests.runtime.clone(),
            refusal,
            ..Self::default()
        }
    }

    pub(super) fn is_clean(&self) -> bool {
        self.remarks.is_empty() && self.refusal.is_empty()
    }

    pub(super) fn is_failure(&self) -> bool {
        !self.is_clean() && !self.refusal.contains(UNSUPPORTED)
    }

    pub(super) fn sentence(&self) -> String {
        match (self.refusal.as_str(), self.remarks.len()) {
            ("", 0) => format!(
                "clean, {} operations, {} lines",
                self.operations, self.lines
            ),
            ("", _) => self.remarks.join("\n"),
            (refusal, _) => refusal.to_owned(),
        }
    }
}

/// The results of all services.
#[derive(Debug)]
pub(super) struct State {
    file: PathBuf,
    entries: BTreeMap<String, Entry>,
}

impl State {
    /// Reads the file; without one, nothing is known.
    pub(super) fn load(workspace: &Path, name: &str) -> Result<Self> {
        let file = tools::target(workspace).join("outside").join(name);
        let entries = match fs::read_to_string(&file) {
            // A file of another version of this program is ignored.
            Ok(text) => serde_json::from_str(&text).unwrap_or_default(),
            Err(_) => BTreeMap::new(),
        };
        Ok(Self { file, entries })
    }

    pub(super) fn of(&self, name: &str) -> Option<&Entry> {
        self.entries.get(name)
    }

    /// Whether a service was checked with this generator and this runtime, and is not to be tried again.
    pub(super) fn is_done(&self, name: &str, digests: &Digests) -> bool {
        self.of(name).is_some_and(|entry| {
            entry.generator == digests.generator
                && entry.runtime == digests.runtime
                && !entry.is_failure()
        })
    }

    /// The entry of the same crate with the same runtime, if it was clean.
    pub(super) fn same(&self, name: &str, digest: &str, digests: &Digests) -> Option<Entry> {
        let entry = self.of(name)?;
        let is_same =
            entry.digest == digest && entry.runtime == digests.runtime && entry.is_clean();
        is_same.then(|| Entry {
            generator: digests.generator.clone(),
            ..entry.clone()
        })
    }

    /// Keeps a result. The file is written as a whole or not at all.
    pub(super) fn keep(&mut self, name: &str, entry: Entry) -> Result<()> {
        self.entries.insert(name.to_owned(), entry);
        let text = serde_json::to_string_pretty(&self.entries)?;
        let new = self.file.with_extension("new");
        let failed = || format!("could not write {}", self.file.display());
        fs::write(&new, text).with_context(failed)?;
        fs::rename(&new, &self.file).with_context(failed)
    }
}

/// The digest of the files below a folder, with their paths.
pub(super) fn of_folder(folder: &Path) -> Result<String> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let mut digest = Sha256::new();
    for file in files {
        let place = file.strip_prefix(folder).unwrap_or(&file);
        let bytes =
            fs::read(&file).with_context(|| format!("could not read {}", file.display()))?;
        digest.update(place.to_string_lossy().as_bytes());
        digest.update([0]);
        digest.update(bytes.len().to_le_bytes());
        digest.update(bytes);
    }
    Ok(hex(digest.finalize().as_slice()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable = || format!("could not read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        match path.is_dir() {
            true => collect(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Digests, Entry, State};

    fn digests(generator: &str, runtime: &str) -> Digests {
        Digests {
            generator: generator.to_owned(),
            runtime: runtime.to_owned(),
        }
    }

    #[test]
    fn a_result_holds_as_long_as_what_it_depends_on() {
        let folder = tempfile::tempdir().expect("there is a place for files");
        let old = digests("1", "1");
        let mut state = State {
            file: folder.path().join("state.json"),
            entries: Default::default(),
        };
        let clean = Entry {
            digest: "a".to_owned(),
            ..Entry::refused(&old, String::new())
        };
        let warns = Entry {
            remarks: vec!["unused".to_owned()],
            ..clean.clone()
        };
        let of_version_2 = "it requires signatures of version 2".to_owned();
        state.keep("clean", clean).expect("it is written");
        state.keep("warns", warns).expect("it is written");
        state
            .keep("sdb", Entry::refused(&old, of_version_2))
            .expect("it is written");
        assert!(state.is_done("clean", &old) && state.is_done("sdb", &old));
        assert!(!state.is_done("warns", &old), "it is tried again");
        assert!(!state.is_done("other", &old));
        // Another generator that writes the same crate.
        let new = digests("2", "1");
        assert!(!state.is_done("clean", &new));
        assert!(state.same("clean", "a", &new).is_some());
        assert!(state.same("clean", "b", &new).is_none());
        assert!(state.same("warns", "a", &new).is_none());
        assert!(state.same("clean", "a", &digests("2", "2")).is_none());
    }
}
