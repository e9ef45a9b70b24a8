//! Files and folders that a person names, as the list of files to be sent.
//!
//! A file that is named has its own name as its path; the files of a named folder have paths that begin with the name of
//! the folder. The rules of [`folder`](crate::folder) make names of these paths.

use std::fmt;
use std::path::{Path, PathBuf};

use attache_transfer::plumbing::blocking::blocking;
use attache_transfer::plumbing::content::unreadable;
use attache_transfer::{Error, ErrorKind};
use serde::{Deserialize, Serialize};

use super::walk::{is_empty, names, not_text, walk};
use crate::manifest::Skipped;

/// The files to be sent, and what is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Listing {
    /// The files with content: those of each argument in the order of the arguments, and within a folder in the order of
    /// their paths.
    pub files: Vec<ListedFile>,
    /// What a folder has besides files with content.
    pub skipped: Vec<Skipped>,
}

/// A file to be sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ListedFile {
    /// Where it is: an absolute path.
    pub source: PathBuf,
    /// Its path in the manifest, with `/` between its parts.
    pub path: String,
    /// Its name in the case.
    pub name: String,
    /// The length that the file system reports, in bytes.
    pub length: u64,
}

/// Names of files may reveal details of an incident, so `Debug` hides them.
impl fmt::Debug for ListedFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ListedFile")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

impl Listing {
    /// Lists files, and the files of folders and of the folders in them.
    ///
    /// # Errors
    /// [`ErrorKind::Source`]: what does not exist or cannot be read, a named file that is empty or no regular file, a
    /// name that is not UTF-8 or is too long, and two paths that would get one name.
    pub async fn of(paths: Vec<PathBuf>) -> Result<Self, Error> {
        blocking(move || list(&paths)).await
    }
}

fn list(arguments: &[PathBuf]) -> Result<Listing, Error> {
    let mut listing = Listing::default();
    let mut found: Vec<(PathBuf, String)> = Vec::new();
    for argument in arguments {
        let failed = |error| unreadable(argument, error);
        let metadata = std::fs::metadata(argument).map_err(failed)?;
        let place = argument.canonicalize().map_err(failed)?;
        let name = match argument.file_name() {
            Some(name) => name.to_str().ok_or_else(|| not_text(argument))?,
            // `.` and `..` are folders without a name; their files are at the top.
            None => "",
        };
        if metadata.is_dir() {
            let inside = walk(&place)?;
            let in_folder = |path: String| match name {
                "" => path,
                name => format!("{name}/{path}"),
            };
            found.extend(inside.files.into_iter().map(|path| {
                let source = place.join(&path);
                (source, in_folder(path))
            }));
            listing
                .skipped
                .extend(inside.skipped.into_iter().map(|skipped| Skipped {
                    path: in_folder(skipped.path),
                    ..skipped
                }));
        } else {
            require_content(argument)?;
            found.push((place, name.to_owned()));
        }
    }
    let paths: Vec<String> = found.iter().map(|(_, path)| path.clone()).collect();
    for ((source, path), name) in found.into_iter().zip(names(&paths)?) {
        let metadata = std::fs::metadata(&source);
        let length = metadata.map_err(|error| unreadable(&source, error))?.len();
        listing.files.push(ListedFile {
            source,
            path,
            name,
            length,
        });
    }
    Ok(listing)
}

/// What a person names is to be sent, so it is refused and not skipped.
fn require_content(path: &Path) -> Result<(), Error> {
    if !is_empty(path)? {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Source,
        format!(
            "`{}` is empty, and the services accept no empty files",
            path.display()
        ),
    ))
}
