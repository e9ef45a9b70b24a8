//! The file of `AWS_CA_BUNDLE`: certificates in the format PEM, with which servers are verified.

use std::path::Path;

use crate::environment::{self, ProcessEnvironment};
use crate::transport::hyper::setup::SetupError;

/// Reads the file like every file that a setting names: a regular one, up to a limit. The caller checks its content.
#[inline(never)]
pub(super) fn read(path: &Path) -> Result<Vec<u8>, SetupError> {
    let contents = environment::read_file(&ProcessEnvironment, path);
    contents.map_err(|error| problem(path, "cannot be read").because(error))
}

/// The error that names the file.
#[inline(never)]
pub(super) fn problem(path: &Path, problem: &str) -> SetupError {
    let path = path.display();
    SetupError::new(format!(
        "the file of certificates `{path}` (`AWS_CA_BUNDLE`, `ca_bundle`) {problem}"
    ))
}
