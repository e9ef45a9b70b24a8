//! The data folder: whether a server created it, and which files in it are the server's.
//!
//! A folder belongs to a server if it has the mark file, which contains a name; the database has the same name. Only an
//! empty folder gets a mark, so `--data` with a wrong folder changes nothing in it. Links in place of a server's files
//! are refused, and a file is removed only if its name has the form of a stored file.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use attache_runtime::{RandomSource, SystemRandomSource};

use crate::hexadecimal::hex;

const MARK: &str = "attache-local.mark";
const DATABASE: &str = "state.redb";
const FILES: &str = "files";
/// The text of the mark before the name of the folder. The number is the version of the form of the folder.
const MARK_TEXT: &str = "attache-local data folder, form 2: ";
/// A mark is shorter than this.
const MARK_LENGTH: u64 = 256;

/// A data folder of a server.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// Its name, which is random.
    id: String,
}

impl Folder {
    /// Opens a folder of a server, or marks an empty one. The folder is created if it does not exist.
    ///
    /// # Errors
    /// A message about a folder without the mark, or with links in place of a server's files. Nothing in it is changed.
    pub(crate) fn claim(path: &Path) -> Result<Self, String> {
        let failed =
            |error: io::Error| format!("could not use the folder {}: {error}", path.display());
        fs::create_dir_all(path).map_err(failed)?;
        let names = fs::read_dir(path)
            .and_then(Iterator::collect::<io::Result<Vec<_>>>)
            .map_err(failed)?;
        let mark = path.join(MARK);
        let is_marked = fs::symlink_metadata(&mark).is_ok();
        if !is_marked && !names.is_empty() {
            return Err(format!(
                "the folder {} is not empty and was not created by attache-local: give an empty folder, or one that \
                 does not exist",
                path.display()
            ));
        }
        let text = if is_marked {
            read_mark(&mark)?
        } else {
            String::new()
        };
        // A process that was killed may have left only a truncated mark.
        let is_ours = MARK_TEXT.starts_with(&text) || text.starts_with(MARK_TEXT);
        let is_cut = names.len() <= 1 && is_ours && id_of(&text).is_none();
        let id = match is_cut {
            true => {
                let id = hex(&SystemRandomSource.id());
                write_mark(&mark, &id).map_err(failed)?;
                id
            }
            false => id_of(&text).ok_or_else(|| no_mark(&mark, "it has another content"))?,
        };
        let folder = Self {
            path: path.to_owned(),
            id,
        };
        validate_kind(&folder.database(), "a file", fs::Metadata::is_file)?;
        validate_kind(&folder.files(), "a folder", fs::Metadata::is_dir)?;
        Ok(folder)
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    pub(crate) fn files(&self) -> PathBuf {
        self.path.join(FILES)
    }

    /// Whether it has stored files.
    pub(crate) fn has_blobs(&self) -> Result<bool, String> {
        match blobs(&self.files()) {
            Ok(found) => Ok(!found.is_empty()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(format!(
                "could not read {}: {error}",
                self.files().display()
            )),
        }
    }
}

fn no_mark(path: &Path, problem: &str) -> String {
    format!(
        "{} is not the mark of a data folder of this version of attache-local ({problem}): give another folder",
        path.display()
    )
}

fn read_mark(path: &Path) -> Result<String, String> {
    let failed = |error: io::Error| no_mark(path, &error.to_string());
    if !fs::symlink_metadata(path).map_err(failed)?.is_file() {
        return Err(no_mark(path, "it is no file"));
    }
    let mut text = String::new();
    let file = File::open(path).map_err(failed)?;
    file.take(MARK_LENGTH)
        .read_to_string(&mut text)
        .map_err(failed)?;
    Ok(text)
}

/// The name of the folder in the text of its mark.
fn id_of(text: &str) -> Option<String> {
    let id = text.strip_prefix(MARK_TEXT)?.strip_suffix('\n')?;
    (id.len() == 32 && is_hexadecimal(id)).then(|| id.to_owned())
}

fn write_mark(path: &Path, id: &str) -> io::Result<()> {
    // Either there is none, or it is a truncated file.
    let mut options = File::options();
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => options.write(true).truncate(true),
        _ => options.write(true).create_new(true),
    };
    let mut file = options.open(path)?;
    file.write_all(format!("{MARK_TEXT}{id}\n").as_bytes())?;
    file.sync_all()
}

/// An existing entry must be of this kind, and not a link.
fn validate_kind(
    path: &Path,
    kind: &str,
    is_kind: impl Fn(&fs::Metadata) -> bool,
) -> Result<(), String> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if !is_kind(&metadata) => Err(format!(
            "{} is not {kind}{}: attache-local does not change it",
            path.display(),
            if metadata.is_symlink() {
                " but a link"
            } else {
                ""
            }
        )),
        _ => Ok(()),
    }
}

/// The name of the file of a blob.
pub(super) fn file_name(id: &str) -> String {
    format!("{id}.blob")
}

/// The ids of the stored files of a folder. Entries with another name and entries that are no files are left out.
pub(super) fn blobs(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".blob"));
        if let Some(id) = id
            && id.len() == 32
            && is_hexadecimal(id)
            && entry.file_type()?.is_file()
        {
            found.push(id.to_owned());
        }
    }
    Ok(found)
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
