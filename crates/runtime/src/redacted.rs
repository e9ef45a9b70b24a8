//! A placeholder for values that must not be shown.

use std::fmt;

/// Replaces a value in `Debug` that must not be shown (`smithy.api#sensitive`).
#[derive(Clone, Copy)]
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("** redacted **")
    }
}
