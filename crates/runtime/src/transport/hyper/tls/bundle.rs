//! The file of `AWS_CA_BUNDLE`: certificates in the format PEM that judge those of servers.

use std::path::Path;

use crate::transport::hyper::setup::SetupError;

/// Reads the file. What it holds is the caller's to judge.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, SetupError> {
    std::fs::read(path).map_err(|error| problem(path, "cannot be read").because(error))
}

/// The error that names the file.
pub(super) fn problem(path: &Path, problem: &str) -> SetupError {
    let path = path.display();
    SetupError::new(format!(
        "the file of certificates `{path}` (`AWS_CA_BUNDLE`, `ca_bundle`) {problem}"
    ))
}
