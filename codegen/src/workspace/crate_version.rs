//! The version of a generated crate, and the one that follows a change of its model.

use std::path::Path;

use anyhow::{Context, Result};

use crate::diff::RustLevel;
use crate::workspace::config::Config;
use crate::workspace::read;

/// The version of a generated crate before its first update.
const FIRST_VERSION: &str = "0.1.0";

/// The version of a service's crate.
///
/// # Errors
/// A workspace whose manifest has no version, if the crate inherits it.
pub(crate) fn version(workspace: &Path, config: &Config, service: &str) -> Result<String> {
    let own = config
        .service(service)
        .and_then(|known| known.crate_version.clone());
    match own {
        Some(version) => Ok(version),
        None if config.crates.inherit => workspace_version(workspace),
        None => Ok(FIRST_VERSION.to_owned()),
    }
}

/// The version that packages inherit from the workspace.
fn workspace_version(workspace: &Path) -> Result<String> {
    let path = workspace.join("Cargo.toml");
    let text = read::text(&path)?;
    let document: toml_edit::DocumentMut = text.parse()?;
    let version = document
        .get("workspace")
        .and_then(|table| table.get("package")?.get("version")?.as_str());
    Ok(version
        .with_context(|| format!("{} has no workspace.package.version", path.display()))?
        .to_owned())
}

/// The version that follows.
///
/// # Errors
/// A version of another form than `1.2.3`.
pub(crate) fn raised(version: &str, level: RustLevel) -> Result<String> {
    let numbers: Vec<u64> = version
        .split('.')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()
        .filter(|numbers: &Vec<u64>| numbers.len() == 3)
        .with_context(|| format!("the version `{version}` is not of the form 1.2.3"))?;
    let (major, minor, patch) = (numbers[0], numbers[1], numbers[2]);
    Ok(match (level, major) {
        (RustLevel::None, _) => version.to_owned(),
        (RustLevel::Major, 0) => format!("0.{}.0", minor + 1),
        (RustLevel::Major, _) => format!("{}.0.0", major + 1),
        (RustLevel::Minor, 1..) => format!("{major}.{}.0", minor + 1),
        (RustLevel::Minor | RustLevel::Patch, _) => format!("{major}.{minor}.{}", patch + 1),
    })
}

/// Both versions, for a table; one where they are the same.
pub(crate) fn step(old: &str, new: &str) -> String {
    match old == new {
        true => new.to_owned(),
        false => format!("{old} → {new}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{RustLevel, raised};

    #[test]
    fn versions_rise_as_cargo_counts() {
        for (version, level, expected) in [
            ("0.1.2", RustLevel::Major, "0.2.0"),
            ("0.1.2", RustLevel::Minor, "0.1.3"),
            ("0.1.2", RustLevel::Patch, "0.1.3"),
            ("0.1.2", RustLevel::None, "0.1.2"),
            ("1.2.3", RustLevel::Major, "2.0.0"),
            ("1.2.3", RustLevel::Minor, "1.3.0"),
            ("1.2.3", RustLevel::Patch, "1.2.4"),
        ] {
            assert_eq!(raised(version, level).expect("a version"), expected);
        }
        assert!(raised("1.2", RustLevel::Patch).is_err());
    }
}
