//! Compares a folder with the manifest of its upload, or of its files that were downloaded again.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use attache_transfer::Error;
use attache_transfer::plumbing::blocking::blocking;
use attache_transfer::plumbing::content::{open, unreadable};
use attache_transfer::plumbing::fingerprint::Fingerprint;

use super::walk::walk;
use crate::manifest::Manifest;

/// A difference between a manifest and a folder. The value is the path in the folder.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The folder does not have a file of the manifest.
    Missing(String),
    /// The file has another content than the one that was sent.
    Changed(String),
    /// The manifest does not have a file of the folder.
    New(String),
}

/// Names of files may reveal details of an incident, so `Debug` hides them.
impl fmt::Debug for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Missing(_) => "Missing(..)",
            Self::Changed(_) => "Changed(..)",
            Self::New(_) => "New(..)",
        })
    }
}

impl Manifest {
    /// Hashes the files of a folder and compares them with what was sent. The differences are in the order of their
    /// paths; files that are missing come first. A file without a path is looked for under its name.
    ///
    /// Only files of the folder are read: links are not followed. Empty files are not compared, because none was sent.
    ///
    /// # Errors
    /// [`ErrorKind::Source`](crate::ErrorKind::Source): something of the folder cannot be read.
    pub async fn verify_folder(&self, folder: impl AsRef<Path>) -> Result<Vec<Difference>, Error> {
        let (manifest, folder) = (self.clone(), folder.as_ref().to_owned());
        blocking(move || differences(&manifest, &folder)).await
    }
}

fn differences(manifest: &Manifest, folder: &Path) -> Result<Vec<Difference>, Error> {
    let found = walk(folder)?.files;
    let sent = |path: &str| {
        let mut files = manifest.files.iter();
        files.find(|file| file.path.as_deref().unwrap_or(&file.name) == path)
    };
    let existing: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let mut differences: Vec<Difference> = manifest
        .files
        .iter()
        .map(|file| file.path.as_ref().unwrap_or(&file.name))
        .filter(|path| !existing.contains(path.as_str()))
        .map(|path| Difference::Missing(path.clone()))
        .collect();
    for path in &found {
        let Some(sent) = sent(path) else {
            differences.push(Difference::New(path.clone()));
            continue;
        };
        let place = folder.join(path);
        let read = Fingerprint::of(open(&place)?);
        let read = read.map_err(|error| unreadable(&place, error))?;
        if (read.length, read.sha256) != (sent.size, sent.sha256.clone()) {
            differences.push(Difference::Changed(path.clone()));
        }
    }
    Ok(differences)
}
