//! Which files a folder has, and which names they get in a case.
//!
//! A case has no folders, so the path of a file becomes its name. The rule is one for both services, and it is fixed:
//! the manifest has the path and the name of each file, and a later download needs both.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use attache_transfer::plumbing::content::{open, unreadable};
use attache_transfer::{Error, ErrorKind};

use crate::manifest::{SkipReason, Skipped};

/// The longest name in a case, in characters (`FileName` of Security IR; Support documents no limit).
const LONGEST: usize = 255;

/// What a folder has. Paths are relative to it, with `/` between their parts.
#[derive(Default)]
pub(super) struct Found {
    /// The files with content, in the order of their paths.
    pub(super) files: Vec<String>,
    pub(super) skipped: Vec<Skipped>,
}

/// Lists a folder and the folders in it. It blocks.
///
/// # Errors
/// What cannot be read, and a name that is not UTF-8.
pub(super) fn walk(root: &Path) -> Result<Found, Error> {
    let mut found = Found::default();
    visit(root, "", &mut found)?;
    Ok(found)
}

fn visit(folder: &Path, prefix: &str, found: &mut Found) -> Result<(), Error> {
    let failed = |error| unreadable(folder, error);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // The type of a symbolic link is not that of its target.
        let kind = entry.file_type().map_err(failed)?;
        entries.push((entry.file_name(), kind));
    }
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (name, kind) in entries {
        let place = folder.join(&name);
        let Some(name) = name.to_str() else {
            return Err(not_text(&place));
        };
        let path = format!("{prefix}{name}");
        if kind.is_dir() {
            visit(&place, &format!("{path}/"), found)?;
            continue;
        }
        let reason = match kind {
            kind if kind.is_symlink() => SkipReason::SymbolicLink,
            kind if !kind.is_file() => SkipReason::Special,
            _ if is_empty(&place)? => SkipReason::Empty,
            _ => {
                found.files.push(path);
                continue;
            }
        };
        found.skipped.push(Skipped { path, reason });
    }
    Ok(())
}

/// The length that the file system reports may be wrong, so a byte is read.
pub(super) fn is_empty(path: &Path) -> Result<bool, Error> {
    let read = open(path)?.read(&mut [0]);
    Ok(read.map_err(|error| unreadable(path, error))? == 0)
}

pub(super) fn not_text(path: &Path) -> Error {
    Error::new(
        ErrorKind::Source,
        format!(
            "the name of `{}` is not UTF-8, so neither a case nor a manifest can have it; rename the file",
            path.display()
        ),
    )
}

/// The names that files get in the case, in the order of the paths.
///
/// # Errors
/// Two paths with one name, and a name that is too long.
pub(super) fn names(paths: &[String]) -> Result<Vec<String>, Error> {
    let mut paths_by_name: BTreeMap<String, &str> = BTreeMap::new();
    let mut names = Vec::new();
    for path in paths {
        let name = name_in_case(path);
        if name.len() > LONGEST {
            return Err(Error::new(
                ErrorKind::Source,
                format!(
                    "`{path}` would have the name `{name}` in the case, and names have {LONGEST} characters at most; \
                     upload a folder further inside, or rename the file"
                ),
            ));
        }
        if let Some(other) = paths_by_name.insert(name.clone(), path) {
            return Err(Error::new(
                ErrorKind::Source,
                format!(
                    "`{other}` and `{path}` would both have the name `{name}` in the case; rename one of them"
                ),
            ));
        }
        names.push(name);
    }
    Ok(names)
}

/// The name of a file in a case: see `upload_folder`.
fn name_in_case(path: &str) -> String {
    // Downloads refuse hidden names.
    let mut name = String::from(if path.starts_with('.') { "_" } else { "" });
    for letter in path.chars() {
        match letter {
            '/' => name.push_str("--"),
            letter if letter.is_ascii_alphanumeric() || "._-".contains(letter) => name.push(letter),
            _ => name.push('_'),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{name_in_case, names};

    #[test]
    fn a_path_becomes_a_name_that_both_services_accept() {
        for (path, name) in [
            ("memory.dump", "memory.dump"),
            ("host-1/var/log/app.log", "host-1--var--log--app.log"),
            (".env", "_.env"),
            ("home/.ssh/known_hosts", "home--.ssh--known_hosts"),
            ("My report (2).pdf", "My_report__2_.pdf"),
            ("Übersicht.txt", "_bersicht.txt"),
        ] {
            assert_eq!(name_in_case(path), name);
        }
    }

    #[test]
    fn paths_that_would_share_a_name_are_both_named() {
        let paths = ["a b.log".to_owned(), "a_b.log".to_owned()];
        let error = names(&paths).expect_err("one name").to_string();
        assert!(error.contains("`a b.log` and `a_b.log`"), "{error}");
        let long = [format!("{}/{}", "a".repeat(200), "b".repeat(54))];
        assert!(names(&long).is_err());
    }
}
