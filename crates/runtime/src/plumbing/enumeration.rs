//! What enums of strings share. Their generated code is only what differs from one to the next.

use std::fmt;

/// `Debug` of a value: the text that is sent, in quotation marks, and `Unknown("…")` for one that the crate does not know.
///
/// The derived one would have a call for each value, and is the largest part of an enum to compile.
///
/// # Errors
/// Those of the formatter.
#[inline]
pub fn debug(text: &str, is_unknown: bool, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    if is_unknown {
        return formatter.debug_tuple("Unknown").field(&text).finish();
    }
    fmt::Debug::fmt(text, formatter)
}
