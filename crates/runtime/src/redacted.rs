//! A stand-in for what must not be shown.

use std::fmt;

/// Stands in `Debug` for a value that must not be shown (`smithy.api#sensitive`).
#[derive(Clone, Copy)]
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("** redacted **")
    }
}
