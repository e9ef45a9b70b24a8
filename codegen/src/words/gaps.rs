//! Adds marked gaps to `docs.json`: `null` where a text is missing.

use serde_json::{Map, Value, json};

use super::coverage::{Entry, Kind};
use crate::error::{Error, Result};
use crate::{escape, json};

/// The text of the file with a gap for each of these entries, in normal form: sorted keys, two spaces, a text on a line.
///
/// # Errors
/// Text that is not a file of words.
pub fn filled(text: Option<&str>, missing: &[Entry]) -> Result<String> {
    let mut root = match text {
        Some(text) => json::parse(text)?,
        None => json!({"operations": {}, "shapes": {}}),
    };
    for entry in missing {
        let section = match entry.kind {
            Kind::Operation => "operations",
            _ => "shapes",
        };
        let shape = inner(inner(&mut root, section)?, &entry.shape)?;
        let (holder, key) = match &entry.member {
            Some(member) => (inner(shape, "members")?, member.as_str()),
            None => (shape, "documentation"),
        };
        object(holder)?.entry(key).or_insert(Value::Null);
    }
    root.sort_all_objects();
    let text =
        serde_json::to_string_pretty(&root).map_err(|error| Error::new(error.to_string()))?;
    Ok(escape::json(&text) + "\n")
}

/// The object behind a key, which is added where it is missing.
fn inner<'v>(value: &'v mut Value, key: &str) -> Result<&'v mut Value> {
    Ok(object(value)?.entry(key).or_insert_with(|| json!({})))
}

fn object(value: &mut Value) -> Result<&mut Map<String, Value>> {
    value
        .as_object_mut()
        .ok_or_else(|| Error::new("the words are objects in objects"))
}
