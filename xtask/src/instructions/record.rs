//! `benches/instructions.json`: the recorded counts, and all on which they depend.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::lock::WriteLock;
use crate::write::Staged;

/// What the counts depend on, apart from the code of this repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Conditions {
    /// The lines of `rustc -vV`.
    pub(super) compiler: Vec<String>,
    /// The SHA-256 of `benches/Cargo.lock`.
    pub(super) lock_file: String,
    /// The target triple.
    pub(super) target: String,
    /// The profile of the build, as cargo states it.
    pub(super) profile: String,
    /// The processor's features that valgrind shows, of those by which code is chosen at run time.
    pub(super) features: Vec<String>,
    /// The C library, whose allocator and copies are counted as well.
    pub(super) c_library: String,
}

/// The instructions of one run of each path.
pub(super) type Counts = BTreeMap<String, u64>;

/// The content of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) conditions: Conditions,
    pub(super) instructions: Counts,
}

pub(super) fn file(workspace: &Path) -> PathBuf {
    workspace.join("benches/instructions.json")
}

/// The recorded counts; `None` if there are none.
pub(super) fn read(workspace: &Path) -> Result<Option<Record>> {
    let file = file(workspace);
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => {
            return Err(error).with_context(|| format!("could not read {}", file.display()));
        }
    };
    let record = serde_json::from_str(&text).with_context(|| {
        format!(
            "{} is no record of counts; `cargo xtask instructions --record` writes it",
            file.display()
        )
    })?;
    Ok(Some(record))
}

/// Replaces the file as a whole.
pub(super) fn write(workspace: &Path, record: &Record) -> Result<PathBuf> {
    let file = file(workspace);
    let mut text = serde_json::to_string_pretty(record).context("the counts are no JSON")?;
    text.push('\n');
    let lock = WriteLock::acquire(&workspace.join("benches"))?;
    let mut staged = Staged::new(&lock);
    staged.stage(&file, text.as_bytes())?;
    staged.commit()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::{Conditions, Counts, Record, file, read, write};
    use crate::tools;

    #[test]
    fn the_committed_record_is_one() {
        let workspace = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let record = read(workspace).expect("it can be read");
        let record = record.expect("it is committed");
        assert!(record.instructions.len() >= 10, "{record:?}");
        assert!(record.instructions.values().all(|count| *count > 0));
        let lock = fs::read_to_string(workspace.join("benches/Cargo.lock"));
        assert_eq!(
            record.conditions.lock_file,
            tools::text_hash(&lock.expect("it can be read")),
            "the counts are of other dependencies: run cargo xtask instructions --record"
        );
    }

    #[test]
    fn what_is_written_is_read_and_a_damaged_file_says_what_writes_it() {
        let workspace = tempfile::tempdir().expect("there is a folder for tests");
        let workspace = workspace.path();
        fs::create_dir(workspace.join("benches")).expect("it can be written");
        assert_eq!(read(workspace).expect("no file is no error"), None);
        let record = Record {
            conditions: Conditions {
                compiler: vec!["rustc 1.2.3".to_owned()],
                lock_file: "00ff".to_owned(),
                target: "x86_64-unknown-linux-gnu".to_owned(),
                profile: "opt-level 3".to_owned(),
                features: vec!["avx2".to_owned()],
                c_library: "glibc 2.36".to_owned(),
            },
            instructions: Counts::from([("sign".to_owned(), 17_000)]),
        };
        write(workspace, &record).expect("it can be written");
        assert_eq!(read(workspace).expect("it can be read"), Some(record));
        fs::write(file(workspace), "{\"instructions\": {}}").expect("it can be written");
        let error = read(workspace).expect_err("the conditions are missing");
        assert!(error.to_string().contains("--record"), "{error}");
    }
}
