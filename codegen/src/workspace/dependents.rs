//! Updates the version requirements of other packages of the workspace for a client crate.
//!
//! A path dependency may have a version requirement as well, and cargo refuses a crate that does not match it. An
//! update that raises the version beyond a requirement therefore raises the requirement, because the workspace would
//! not build otherwise. A requirement with all three numbers is raised by each update: a crate that is published with
//! it would otherwise be built by its users with an older client than it was tested with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use toml_edit::{DocumentMut, Item, TableLike, value};

use crate::workspace::members::{self, KINDS, manifests};

/// Raises the requirements of a workspace's manifests for a crate that do not match its new version, and returns how many
/// manifests that changes. The new texts are put into `pending`, whose texts take precedence over those on disk.
///
/// Only dependencies with a path are changed: the others mean a published crate, which is unchanged. Members outside of
/// the folder of the workspace are skipped.
///
/// # Errors
/// A manifest that cannot be read.
pub fn raise_all(
    workspace: &Path,
    name: &str,
    version: &str,
    pending: &mut BTreeMap<PathBuf, String>,
) -> Result<usize> {
    let mut raised = 0;
    for manifest in manifests(workspace)? {
        let mut document = match pending.get(&manifest) {
            Some(text) => members::parse(&manifest, text)?,
            None => members::manifest(&manifest)?,
        };
        if raise(&mut document, name, version) {
            pending.insert(manifest, document.to_string());
            raised += 1;
        }
    }
    Ok(raised)
}

/// The manifests of a workspace that depend on a crate by a path, their own or an inherited one.
///
/// # Errors
/// As [`raise_all`].
pub(crate) fn of(workspace: &Path, name: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let manifests = manifests(workspace)?;
    if manifests.is_empty() {
        return Ok(found);
    }
    let root = members::manifest(&workspace.join("Cargo.toml"))?;
    for path in manifests {
        if asks(&members::manifest(&path)?, &root, name) {
            found.push(path);
        }
    }
    Ok(found)
}

/// Whether a manifest depends on a crate by a path. `root` is the manifest of the workspace.
fn asks(document: &DocumentMut, root: &DocumentMut, name: &str) -> bool {
    let shared = document.get("workspace").and_then(|table| {
        let shared = table.get("dependencies")?;
        shared.as_table_like()
    });
    let shared = shared.into_iter().flat_map(TableLike::iter);
    let mut all = shared.chain(members::dependencies(document));
    all.any(|(key, dependency)| {
        let inherited = members::inherited(root, key, dependency);
        is_of(inherited.unwrap_or(dependency), key, name)
    })
}

/// Whether a dependency is on a crate by a path.
fn is_of(dependency: &Item, key: &str, name: &str) -> bool {
    let package = dependency.get("package").and_then(Item::as_str);
    package.unwrap_or(key) == name && dependency.get("path").is_some()
}

/// Raises every requirement in a manifest; whether there was one.
fn raise(document: &mut DocumentMut, name: &str, version: &str) -> bool {
    let mut changed = false;
    each_of(document, name, &mut |dependency| {
        let asked = dependency.get("version").and_then(Item::as_str);
        if asked.is_some_and(|asked| outgrown(asked, version)) {
            dependency["version"] = value(version);
            changed = true;
        }
    });
    changed
}

/// Calls a function with every dependency of a manifest on a crate by a path.
fn each_of(document: &mut DocumentMut, name: &str, each: &mut dyn FnMut(&mut Item)) {
    let root = document.as_table_mut();
    for kind in KINDS {
        each_in(root.get_mut(kind), name, each);
    }
    let shared = root.get_mut("workspace");
    let shared = shared.and_then(|table| table.get_mut(KINDS[0]));
    each_in(shared, name, each);
    let targets = root.get_mut("target").and_then(Item::as_table_like_mut);
    for (_, target) in targets.into_iter().flat_map(TableLike::iter_mut) {
        for kind in KINDS {
            each_in(target.get_mut(kind), name, each);
        }
    }
}

fn each_in(dependencies: Option<&mut Item>, name: &str, each: &mut dyn FnMut(&mut Item)) {
    let dependencies = dependencies.and_then(Item::as_table_like_mut);
    for (key, dependency) in dependencies.into_iter().flat_map(TableLike::iter_mut) {
        if is_of(dependency, key.get(), name) {
            each(dependency);
        }
    }
}

/// Whether a requirement of the form `1.2.3` is for another version, or one of the form `1.2` or `1` does not match a
/// version. Requirements of other forms are not changed.
///
/// Whoever writes all three numbers names the version that is in the workspace, and is built and tested with it.
fn outgrown(asked: &str, version: &str) -> bool {
    let numbers = |text: &str| -> Option<Vec<u64>> {
        let parts = text.split('.').map(|part| part.parse().ok());
        parts.collect()
    };
    let (Some(asked), Some(version)) = (numbers(asked), numbers(version)) else {
        return false;
    };
    if asked.len() == 3 {
        return asked != version;
    }
    // What may not differ: everything up to the first number that is not zero (The Cargo Book, "Caret requirements").
    let significant = asked
        .iter()
        .position(|number| *number != 0)
        .map_or(asked.len(), |index| index + 1);
    asked[..significant] != version[..significant.min(version.len())]
}

#[cfg(test)]
mod tests {
    use super::{outgrown, raise};

    #[test]
    fn requirements_are_outgrown_as_cargo_counts() {
        for (asked, version, expected) in [
            ("0.1.0", "0.1.1", true),
            ("0.1.1", "0.1.1", false),
            ("0.1", "0.1.1", false),
            ("0.1.0", "0.2.0", true),
            ("0.1", "0.2.0", true),
            ("0", "0.2.0", false),
            ("1.2.0", "1.3.0", true),
            ("1.2", "1.3.0", false),
            ("1", "1.3.0", false),
            ("1.2.0", "2.0.0", true),
            ("0.0.1", "0.0.2", true),
            (">=0.1, <3", "0.2.0", false),
        ] {
            assert_eq!(outgrown(asked, version), expected, "{asked} and {version}");
        }
    }

    #[test]
    fn only_requirements_of_the_crate_in_the_workspace_are_raised() {
        let manifest = r#"
[dependencies] # what it needs
one = { path = "../one", version = "0.1.0", default-features = false }
two = { path = "../two", version = "0.1.0" }
published = { version = "0.1.0", package = "one" }

[dev-dependencies]
one = { path = "../one" }

[target.'cfg(unix)'.dependencies.renamed]
package = "one"
path = "../one"
version = "0.1.0"
"#;
        let mut document = manifest.parse().expect("a manifest");
        assert!(raise(&mut document, "one", "0.2.0"));
        let expected = manifest
            .replace(
                r#"{ path = "../one", version = "0.1.0", default"#,
                r#"{ path = "../one", version = "0.2.0", default"#,
            )
            .replace(
                "path = \"../one\"\nversion = \"0.1.0\"",
                "path = \"../one\"\nversion = \"0.2.0\"",
            );
        assert_eq!(document.to_string(), expected);
        assert!(!raise(&mut document, "one", "0.2.0"));
    }
}
