//! Names of folders and files in a release that are taken as they are.

/// Whether a name is of letters, digits, `-`, `_` and `.`, and does not begin with a dot: neither `..` nor a hidden file.
pub(super) fn is_plain(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    !name.is_empty() && !name.starts_with('.') && name.bytes().all(is_allowed)
}
