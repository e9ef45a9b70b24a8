//! Texts of models: those of the repository, and those of the reference data.

use std::fs;
use std::path::Path;

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
