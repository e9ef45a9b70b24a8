//! Writing files whole or not at all.
//!
//! A command prepares everything in memory, stages every file beside its place, and only when all are staged renames
//! them. A failure before that leaves the tree as it was; renames within a folder do not fail for want of space.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Files that are written but not yet in their places. What is not committed is removed again.
#[derive(Debug, Default)]
pub struct Staged {
    files: Vec<(PathBuf, PathBuf)>,
    folders: Vec<PathBuf>,
}

impl Staged {
    /// Writes a file beside its place, creating its folder where there is none.
    ///
    /// # Errors
    /// A folder or a file that cannot be written, with its path.
    pub fn stage(&mut self, path: &Path, contents: &[u8]) -> Result<()> {
        let folder = path
            .parent()
            .with_context(|| format!("{} is no place for a file", path.display()))?;
        self.create_folders(folder)?;
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let temporary = path.with_file_name(name);
        self.files.push((temporary.clone(), path.to_owned()));
        fs::write(&temporary, contents)
            .with_context(|| format!("could not write {}", temporary.display()))
    }

    fn create_folders(&mut self, folder: &Path) -> Result<()> {
        if folder.as_os_str().is_empty() || folder.is_dir() {
            return Ok(());
        }
        if let Some(parent) = folder.parent() {
            self.create_folders(parent)?;
        }
        fs::create_dir(folder)
            .with_context(|| format!("could not create the folder {}", folder.display()))?;
        self.folders.push(folder.to_owned());
        Ok(())
    }

    /// Puts every file into its place.
    ///
    /// # Errors
    /// A place that cannot be replaced, such as a folder of that name.
    pub fn commit(mut self) -> Result<()> {
        for (_, path) in &self.files {
            anyhow::ensure!(
                !path.is_dir(),
                "could not write {}: a folder is in its place",
                path.display()
            );
        }
        for (temporary, path) in std::mem::take(&mut self.files) {
            fs::rename(&temporary, &path)
                .with_context(|| format!("could not replace {}", path.display()))?;
        }
        self.folders.clear();
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // The failure that led here is what the reader must see, so that of the clean-up is not reported.
        for (temporary, _) in &self.files {
            let _ = fs::remove_file(temporary);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}
