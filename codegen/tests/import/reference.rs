//! The reference data: published models that lie beside the repository and not in it.
//!
//! Tests that need it say so when it is absent, and fail then where everything must be tested (`CI=true`).

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of reference data; `None` after saying that `test` was skipped.
pub(crate) fn folder(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("ATTACHE_REFERENCE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        PathBuf::from,
    );
    if folder.join("models").is_dir() {
        return Some(folder);
    }
    let message = format!(
        "{test} was SKIPPED: there is no reference data in {} (set ATTACHE_REFERENCE_DATA to its folder)",
        folder.display()
    );
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "{message}"
    );
    eprintln!("{message}");
    None
}

/// The text of a file that must be there.
pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file of the repository's `models` folder.
pub(crate) fn committed(path: &str) -> String {
    read(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../models")
            .join(path),
    )
}
