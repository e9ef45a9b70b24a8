//! The functions on texts of the rules engine standard library.
//!
//! Each follows the page "Rules engine standard library" of the Smithy specification exactly, because the services' own
//! endpoint tests expect that.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All characters except the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Whether a text is a host label of RFC 1123, or with `allow_subdomains` such labels joined by dots.
///
/// This is `isValidHostLabel`.
#[must_use]
pub fn is_valid_host_label(value: &str, allow_subdomains: bool) -> bool {
    if allow_subdomains {
        value.split('.').all(is_label)
    } else {
        is_label(value)
    }
}

/// 1 to 63 letters, digits and hyphens, with no hyphen at either end.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// The characters from `start` up to `end`, counted from the end of the text if `reverse` is set.
///
/// `None` if the text is too short, not ASCII, or the range is empty. This is `substring`.
#[must_use]
#[inline]
pub fn substring(value: &str, start: usize, end: usize, reverse: bool) -> Option<&str> {
    if start >= end || end > value.len() || !value.is_ascii() {
        return None;
    }
    if reverse {
        value.get(value.len() - end..value.len() - start)
    } else {
        value.get(start..end)
    }
}

/// Splits a text at each delimiter, into `limit` parts at most; a `limit` of 0 means no limit.
///
/// This is `split`, since version 1.1. The specification does not allow an empty delimiter: the text is not split.
#[must_use]
#[inline]
pub fn split<'a>(value: &'a str, delimiter: &str, limit: usize) -> Vec<&'a str> {
    if delimiter.is_empty() {
        vec![value]
    } else if limit == 0 {
        value.split(delimiter).collect()
    } else {
        value.splitn(limit, delimiter).collect()
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986, with uppercase digits.
///
/// This is `uriEncode`.
#[must_use]
pub fn uri_encode(value: &str) -> String {
    utf8_percent_encode(value, RESERVED).to_string()
}
