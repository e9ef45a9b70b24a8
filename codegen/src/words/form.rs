//! The form of those values of `docs.json` that are no texts.

use serde_json::Value;

use crate::error::{Error, Result};

/// What a member counts.
pub(super) fn unit(value: &Value) -> Result<String> {
    let is_part = |letter: char| letter.is_alphabetic() || " -".contains(letter);
    let unit = value
        .as_str()
        .filter(|unit| !unit.is_empty() && unit.chars().all(is_part));
    let unit =
        unit.ok_or_else(|| Error::new("must be a noun in the singular, such as \"byte\""))?;
    Ok(unit.to_owned())
}

/// The pattern of an address: `{operation}` stands for the name of an operation.
pub(super) fn reference(value: Value) -> Result<String> {
    let form = || {
        Error::new(
            "must be an address that begins with https:// and has {operation} in it, for the name of an operation",
        )
    };
    let text = value.as_str().ok_or_else(form)?;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/#?&=%+,:@".contains(&byte);
    let rest = text.replacen("{operation}", "", 1);
    let is_valid =
        rest.len() < text.len() && rest.starts_with("https://") && rest.bytes().all(is_part);
    is_valid.then(|| text.to_owned()).ok_or_else(form)
}
