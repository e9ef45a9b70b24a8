//! Where the workflow of a workspace belongs: at the root of the git repository, because GitHub ignores workflows in
//! other folders.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::super::mark;
use crate::escape::is_hidden;

/// Where workflows are, below the root.
const FOLDER: &str = ".github/workflows";

/// The name of the file and of the branch, without what follows from the folder of the workspace.
const NAME: &str = "attache-update";

/// The place of a workflow, and what follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Destination {
    /// The root of the repository; the workspace, if it is the root or in no repository.
    pub(super) root: PathBuf,
    /// The path from the root to the workspace, with slashes. It is empty if they are the same folder.
    pub(super) below: String,
}

impl Destination {
    /// The place for a workspace; `real` is its path without links.
    ///
    /// # Errors
    /// A path to the workspace that a workflow cannot contain.
    pub(super) fn of(workspace: &Path, real: &Path) -> Result<Self> {
        let root = real.ancestors().find(|folder| is_repository(folder));
        let Some(root) = root.filter(|root| *root != real) else {
            return Ok(Self {
                root: workspace.to_owned(),
                below: String::new(),
            });
        };
        let parts = real.strip_prefix(root).unwrap_or(real).iter();
        let parts: Option<Vec<&str>> = parts.map(|part| part.to_str()).collect();
        let below = parts.map(|parts| parts.join("/"));
        // GitHub would replace `${{ … }}`.
        let below = below.filter(|below| !below.contains(is_hidden) && !below.contains("${{"));
        let below = below.with_context(|| {
            format!(
                "a workflow cannot contain the path from {} to {}: rename its folders, without control characters, \
                 `${{{{` and bytes that are not UTF-8",
                root.display(),
                real.display()
            )
        })?;
        Ok(Self {
            root: root.to_owned(),
            below,
        })
    }

    /// Whether the workspace is a folder below the root.
    pub(super) fn is_above(&self) -> bool {
        !self.below.is_empty()
    }

    /// The name of the file without its extension, and of the branch if the settings have none. Workspaces of one
    /// repository have different names.
    pub(super) fn name(&self) -> String {
        let is_kept = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let letters = self.below.chars();
        let folder: String = letters
            .map(|letter| if is_kept(letter) { letter } else { '-' })
            .collect();
        match self.is_above() {
            true => format!("{NAME}-{folder}"),
            false => NAME.to_owned(),
        }
    }

    /// The file, below the root.
    pub(super) fn file(&self) -> String {
        format!("{FOLDER}/{}.yml", self.name())
    }

    /// The file with the settings, as the header names it.
    pub(super) fn settings(&self) -> String {
        match self.is_above() {
            true => format!("{}/models/attache.toml", self.below),
            false => "models/attache.toml".to_owned(),
        }
    }

    /// Refuses a file that was generated for another workspace: `a/b` and `a-b` have the same name.
    ///
    /// # Errors
    /// Such a file.
    pub(super) fn refuse_other(&self, place: &Path, found: &str) -> Result<()> {
        let mut first = found.lines().take(3);
        let source = format!("from {}.", self.settings());
        ensure!(
            !mark::is_generated(found) || first.any(|line| line.contains(&source)),
            "{} is the workflow of another workspace, which its first line names: rename the folder of one of them, or \
             remove the file if that workspace does not exist any more",
            place.display()
        );
        Ok(())
    }

    /// A workflow that an earlier version wrote into the folder of the workspace, where GitHub ignores it.
    pub(super) fn ignored(&self, workspace: &Path) -> Option<PathBuf> {
        let place = workspace.join(FOLDER).join(format!("{NAME}.yml"));
        (self.is_above() && mark::is_generated_file(&place)).then_some(place)
    }
}

/// Whether a folder is the root of a working tree of git. `.git` is a file in submodules and linked working trees.
fn is_repository(folder: &Path) -> bool {
    fs::metadata(folder.join(".git")).is_ok_and(|found| found.is_dir() || found.is_file())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::Destination;

    #[test]
    fn a_name_is_valid_as_a_file_and_as_a_branch() {
        for (below, expected) in [
            ("", "attache-update"),
            ("rust", "attache-update-rust"),
            (
                "services/aws clients",
                "attache-update-services-aws-clients",
            ),
            ("a/..lock/x.lock", "attache-update-a---lock-x-lock"),
        ] {
            let destination = Destination {
                root: PathBuf::new(),
                below: below.to_owned(),
            };
            assert_eq!(destination.name(), expected);
        }
    }
}
