//! Makes a tree on disk equal to generated files, or describes how it differs.
//!
//! `generate`, `generate --check` and the freshness test call the same function, so that their results agree. Generated
//! files have a mark near their beginning. Only files with this mark are replaced or deleted.

use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use similar::TextDiff;

use crate::print;
use crate::workspace::lock::{ReadLock, WriteLock};
use crate::workspace::mark::{is_generated, is_generated_file};
use crate::workspace::place::Root;
use crate::workspace::quantity::counted;
use crate::workspace::read;
use crate::workspace::write::Staged;

/// Generated files below one folder.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The folder.
    pub root: PathBuf,
    /// Paths below it, with slashes, and texts.
    pub files: Vec<(String, String)>,
    /// Whether these are all generated files below the folder, so that others are stale.
    pub whole: bool,
    /// Whether the files have the mark of generated files, so that a file without it is not replaced. Files that people
    /// may edit have no mark.
    pub marked: bool,
}

/// Whether to change the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Write and delete.
    Write,
    /// Only compare.
    Check,
}

impl Mode {
    /// The mode of a command with the option `--dry-run`.
    pub(crate) fn of(dry_run: bool) -> Self {
        match dry_run {
            true => Self::Check,
            false => Self::Write,
        }
    }
}

/// What reconciling did, or would do.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many files are new or different.
    pub written: usize,
    /// How many files are stale.
    pub deleted: usize,
    /// How many files are up to date.
    pub unchanged: usize,
    /// The files that are not up to date.
    pub different: Vec<PathBuf>,
    /// Unified diffs, in `Mode::Check`.
    pub differences: Vec<String>,
}

impl Outcome {
    /// How many files are not up to date.
    pub fn changes(&self) -> usize {
        self.written + self.deleted
    }

    /// The numbers of files, as a line without its line break.
    pub fn describe(&self, mode: Mode) -> String {
        let Self {
            written,
            deleted,
            unchanged,
            ..
        } = self;
        match mode {
            Mode::Write => {
                let written = counted(*written, "file");
                format!("wrote {written}, deleted {deleted}, left {unchanged} unchanged")
            }
            Mode::Check => {
                let written = counted(*written, "file");
                format!("would write {written}, delete {deleted}, leave {unchanged} unchanged")
            }
        }
    }
}

/// How a command may use a workspace while it runs.
#[derive(Debug)]
pub(crate) enum Access {
    /// It may write, and no other command writes or compares.
    Write(WriteLock),
    /// It only reads, and no command writes.
    Check(ReadLock),
}

impl Access {
    /// Waits until no other command writes to the workspace.
    ///
    /// # Errors
    /// A lock that cannot be acquired.
    pub(crate) fn open(workspace: &Path, mode: Mode) -> Result<Self> {
        Ok(match mode {
            Mode::Write => Self::Write(WriteLock::acquire(workspace)?),
            Mode::Check => {
                let lock = ReadLock::acquire(workspace)?;
                if lock.is_interrupted() {
                    eprintln!(
                        "note: an earlier command was interrupted, and only a part of its changes is made; the next \
                         command that writes completes them. To discard them, delete the folder .attache, and restore the \
                         files from version control"
                    );
                }
                Self::Check(lock)
            }
        })
    }

    /// Waits as [`Access::open`] does, and releases the lock, so that the files that are read next are complete, even after
    /// a command was killed. Other commands do not wait for a download that follows.
    ///
    /// # Errors
    /// As [`Access::open`].
    pub(crate) fn settle(workspace: &Path, mode: Mode) -> Result<()> {
        match mode {
            Mode::Write => WriteLock::acquire(workspace).map(drop),
            Mode::Check => ReadLock::acquire(workspace).map(drop),
        }
    }

    /// Whether the command may change the disk.
    pub(crate) fn mode(&self) -> Mode {
        match self {
            Self::Write(_) => Mode::Write,
            Self::Check(_) => Mode::Check,
        }
    }

    /// The folder of the workspace.
    pub(crate) fn root(&self) -> &Root {
        match self {
            Self::Write(lock) => lock.root(),
            Self::Check(lock) => lock.root(),
        }
    }
}

/// Reconciles trees with the disk, and writes other files with them. Either every change is made or, on an error, none, unless only a part of the
/// files can be written (`Staged::commit`).
///
/// # Errors
/// Files that cannot be read or written; a hand-written file where a generated one belongs; a place that is not below
/// the workspace.
pub(crate) fn reconcile(
    access: &Access,
    trees: &[Tree],
    others: &[(PathBuf, String)],
) -> Result<Outcome> {
    reconcile_and_remove(access, trees, others, &[])
}

/// The same, and deletes other files with it, whether they are generated or not.
///
/// # Errors
/// As [`reconcile`].
pub(crate) fn reconcile_and_remove(
    access: &Access,
    trees: &[Tree],
    others: &[(PathBuf, String)],
    removed: &[PathBuf],
) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut changed = Vec::new();
    let mut stale = Vec::new();
    let root = access.root();
    for tree in trees {
        root.folder(&tree.root)?;
        if tree.whole {
            stale.extend(stale_files(tree)?);
        }
    }
    for tree in trees {
        for (path, text) in &tree.files {
            let place = tree.root.join(path);
            root.file(&place)?;
            let before = read_existing(&place)?;
            if before.as_deref() == Some(text) {
                outcome.unchanged += 1;
                continue;
            }
            if let Some(before) = &before
                && tree.marked
                && !is_generated(before)
            {
                bail!(
                    "{} is hand-written, but a generated file has the same path: move it away",
                    place.display()
                );
            }
            outcome.written += 1;
            changed.push((place, before.unwrap_or_default(), text.as_str()));
        }
    }
    outcome.deleted = stale.len();
    let places = changed.iter().map(|(place, _, _)| place);
    outcome.different = places.chain(&stale).cloned().collect();
    match access {
        Access::Write(lock) => {
            let changed = changed.iter().map(|(place, _, text)| (place, *text));
            let others = others.iter().map(|(place, text)| (place, text.as_str()));
            write(lock, changed.chain(others), stale.iter().chain(removed))?;
        }
        Access::Check(_) => {
            for path in &stale {
                let text = read_existing(path)?.unwrap_or_default();
                changed.push((path.clone(), text, ""));
            }
            let diffs = changed.iter();
            outcome.differences = diffs
                .map(|(path, before, after)| diff(path, before, after))
                .collect();
        }
    }
    Ok(outcome)
}

fn write<'a>(
    lock: &WriteLock,
    files: impl Iterator<Item = (&'a PathBuf, &'a str)>,
    deleted: impl Iterator<Item = &'a PathBuf>,
) -> Result<()> {
    let mut staged = Staged::new(lock);
    for (path, text) in files {
        staged.stage(path, text.as_bytes())?;
    }
    for path in deleted {
        staged.delete(path)?;
    }
    staged.commit()
}

fn read_existing(path: &Path) -> Result<Option<String>> {
    read::optional(path, read::GENERATED_LIMIT)
}

/// Generated files below the tree's folder that are not part of the tree any more.
fn stale_files(tree: &Tree) -> Result<Vec<PathBuf>> {
    let wanted: BTreeSet<PathBuf> = tree
        .files
        .iter()
        .map(|(path, _)| tree.root.join(path))
        .collect();
    let mut stale = Vec::new();
    for (path, kind) in files_below(&tree.root)? {
        if kind.is_file() && !wanted.contains(&path) && is_generated_file(&path) {
            stale.push(path);
        }
    }
    Ok(stale)
}

/// Everything below a folder that is not a folder itself, in the order of the paths. What cargo builds is left out, and links
/// are not followed: their targets are not part of the crate, and may contain this folder.
///
/// # Errors
/// A folder that cannot be read.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<(PathBuf, FileType)>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() || folder.file_name().is_some_and(|name| name == "target") {
            continue;
        }
        let unreadable = || format!("could not read {}", folder.display());
        for entry in fs::read_dir(&folder).with_context(unreadable)? {
            let entry = entry.with_context(unreadable)?;
            let kind = entry.file_type().with_context(unreadable)?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else {
                files.push((entry.path(), kind));
            }
        }
    }
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(files)
}

/// More lines than these are not compared one by one: the time for that grows with the square of the differences.
const COMPARED_LINES: usize = 50_000;

/// How a file differs: a unified diff, or a line, where the file was only formatted.
fn diff(path: &Path, before: &str, after: &str) -> String {
    let name = path.display().to_string();
    if print::is_same_code(before, after) {
        return format!(
            "{name}: the code is the same, and the layout differs, as it does when an editor formats the file on save; \
             `generate` restores it\n"
        );
    }
    let lines = before.lines().count().max(after.lines().count());
    if lines > COMPARED_LINES {
        return format!(
            "--- {name}\n+++ {name}\n(it differs; its {lines} lines are too many to show)\n"
        );
    }
    TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(3)
        .header(&name, &name)
        .to_string()
}
