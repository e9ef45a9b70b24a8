//! The drawings of the guide.

use libtest_mimic::Failed;

use crate::repository;

/// Each drawing is made from the text beside it.
pub(crate) fn check() -> Result<(), Failed> {
    xtask::pictures::check(&repository()).map_err(|error| format!("{error:#}").into())
}
