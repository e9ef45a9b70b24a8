//! Why a server cannot start.

use std::fmt;

use attache_runtime::plumbing::causes;

/// The error of a server that cannot start.
#[derive(Clone, PartialEq, Eq)]
pub struct StartError(pub(crate) String);

impl fmt::Display for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for StartError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter.debug_tuple("StartError").field(&self.0).finish()
        })
    }
}

impl std::error::Error for StartError {}
