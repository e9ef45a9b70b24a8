//! The members of a cargo workspace, as cargo finds them: by the patterns of `members`, and by path dependencies of
//! members.
//!
//! `cargo metadata` is not used, because commands run where cargo refuses the workspace: a crate is not written yet, or
//! a version requirement does not match.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result};
use toml_edit::{DocumentMut, Item, TableLike};

use crate::workspace::read;

pub(super) const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// The manifests of a workspace and of its members. Members outside of the folder of the workspace are left out, because
/// commands do not write there.
///
/// # Errors
/// A manifest or a folder that cannot be read.
pub(crate) fn manifests(workspace: &Path) -> Result<Vec<PathBuf>> {
    let root = workspace.join("Cargo.toml");
    if !root.is_file() {
        return Ok(Vec::new());
    }
    let document = manifest(&root)?;
    let whole = std::path::absolute(workspace.join("."));
    let whole = without_dots(&whole.context("could not find the workspace")?);
    let mut pending = vec![PathBuf::new()];
    for pattern in strings(&document, "members") {
        for folder in folders(workspace, pattern)? {
            pending.extend(folder.strip_prefix(workspace).map(Path::to_owned));
        }
    }
    let mut found = BTreeSet::new();
    while let Some(folder) = pending.pop() {
        let place = workspace.join(&folder).join("Cargo.toml");
        if found.contains(&place) || is_excluded(&document, &folder) || !place.is_file() {
            continue;
        }
        for path in path_dependencies(&manifest(&place)?, &document, &whole, &folder) {
            pending.extend(path.strip_prefix(&whole).map(Path::to_owned));
        }
        found.insert(place);
    }
    Ok(found.into_iter().collect())
}

/// Reads a manifest.
///
/// # Errors
/// A file that cannot be read, or is not TOML.
pub(super) fn manifest(path: &Path) -> Result<DocumentMut> {
    parse(path, &read::text(path)?)
}

/// The manifest with this text.
///
/// # Errors
/// A text that is not TOML.
pub(super) fn parse(path: &Path, text: &str) -> Result<DocumentMut> {
    text.parse()
        .with_context(|| format!("{} is not a manifest", path.display()))
}

/// The dependencies of a package, of each kind and for each target.
pub(super) fn dependencies(document: &DocumentMut) -> Vec<(&str, &Item)> {
    let targets = document.get("target").and_then(Item::as_table_like);
    let targets = targets.into_iter().flat_map(TableLike::iter);
    let tables = targets.map(|(_, target)| target);
    let tables = tables.chain([document.as_item()]);
    let kinds = tables.flat_map(|table| KINDS.map(|kind| table.get(kind)));
    let kinds = kinds.flatten().filter_map(Item::as_table_like);
    kinds.flat_map(TableLike::iter).collect()
}

/// What a dependency with `workspace = true` inherits.
pub(super) fn inherited<'a>(
    root: &'a DocumentMut,
    key: &str,
    dependency: &Item,
) -> Option<&'a Item> {
    let inherits = dependency.get("workspace").and_then(Item::as_bool);
    let shared = root.get("workspace")?.get("dependencies")?;
    shared.get(key).filter(|_| inherits == Some(true))
}

/// The folders of path dependencies of the package in `folder`, as absolute paths. Other paths are relative to the
/// workspace.
fn path_dependencies(
    document: &DocumentMut,
    root: &DocumentMut,
    whole: &Path,
    folder: &Path,
) -> Vec<PathBuf> {
    let path = |dependency: &Item| {
        let path = dependency.get("path").and_then(Item::as_str);
        path.map(PathBuf::from)
    };
    let mut paths = Vec::new();
    for (key, dependency) in dependencies(document) {
        let own = path(dependency).map(|path| whole.join(folder).join(path));
        let shared = inherited(root, key, dependency).and_then(path);
        let shared = shared.map(|path| whole.join(path));
        paths.extend(own.or(shared).map(|path| without_dots(&path)));
    }
    paths
}

/// A path without `.` and `..`. Links are not followed; cargo does the same.
fn without_dots(path: &Path) -> PathBuf {
    let mut simple = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                simple.pop();
            }
            other => simple.push(other),
        }
    }
    simple
}

/// Whether `exclude` names the folder of a package or one above it, and `members` does not name it without a pattern.
fn is_excluded(root: &DocumentMut, folder: &Path) -> bool {
    let names =
        |key| strings(root, key).any(|path| folder.starts_with(without_dots(path.as_ref())));
    names("exclude") && !names("members")
}

/// A list of `[workspace]`.
fn strings<'a>(root: &'a DocumentMut, key: &str) -> impl Iterator<Item = &'a str> {
    let list = root.get("workspace").and_then(|table| table.get(key));
    let list = list.and_then(Item::as_array).into_iter().flatten();
    list.filter_map(|item| item.as_str())
}

/// The folders of a member pattern of a workspace: in a name, `*` matches any characters and `?` any one; `**` matches any folders.
fn folders(workspace: &Path, pattern: &str) -> Result<Vec<PathBuf>> {
    let mut found = vec![workspace.to_owned()];
    // Files outside of the workspace are not written, even if they belong to a member.
    if pattern.starts_with('/') || pattern.split(['/', '\\']).any(|part| part == "..") {
        return Ok(Vec::new());
    }
    for part in pattern.split('/').filter(|part| *part != ".") {
        if !part.contains(['*', '?']) {
            found.iter_mut().for_each(|folder| folder.push(part));
            continue;
        }
        let mut matching = Vec::new();
        while let Some(folder) = found.pop() {
            let below = folders_in(&folder)?;
            if part == "**" {
                matching.push(folder);
                // A link can lead back.
                found.extend(below.into_iter().filter(|folder| {
                    !folder.is_symlink() && folder.file_name().is_some_and(|name| name != "target")
                }));
            } else {
                matching.extend(below.into_iter().filter(|folder| {
                    let name = folder.file_name().and_then(|name| name.to_str());
                    name.is_some_and(|name| fits(part, name))
                }));
            }
        }
        found = matching;
    }
    Ok(found)
}

/// The folders in a folder, if it is one.
fn folders_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    let unreadable = || format!("could not read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    Ok(found)
}

/// Whether a name fits a pattern. After a mismatch, only the last `*` takes another character, so the time does not grow with the
/// number of stars.
fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut read) = (0, 0);
    let mut star = None;
    while read < name.len() {
        match (pattern.get(at), star) {
            (Some('*'), _) => {
                star = Some((at, read));
                at += 1;
            }
            (Some(one), _) if *one == '?' || *one == name[read] => {
                at += 1;
                read += 1;
            }
            (_, Some((place, begun))) => {
                star = Some((place, begun + 1));
                at = place + 1;
                read = begun + 1;
            }
            (_, None) => return false,
        }
    }
    pattern[at..].iter().all(|one| *one == '*')
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_of_members_fit_whole_names() {
        for (pattern, name, expected) in [
            ("*", "support", true),
            ("*-service", "case-service", true),
            ("*-service", "case-services", false),
            ("a*b*c", "aXbXbc", true),
            ("?-?", "a-é", true),
            (
                "*a*a*a*a*a*a*b",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                false,
            ),
            ("?", "", false),
            ("support", "supports", false),
        ] {
            let found = fits(pattern, name);
            assert_eq!(found, expected, "{pattern} {name}");
        }
    }
}
