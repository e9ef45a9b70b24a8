//! The documentation that a published model carries: a text for each operation, shape and member.
//!
//! A model in the normal form states facts only. The prose is kept beside it, in `prose.json`, so that
//! the difference of a model shows what a service does, and that of its prose what its authors say about it. The texts
//! are unchanged: HTML in the models of AWS.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::{escape, json};

/// The documentation of a service by place: `Shape` or `Shape$member`, without namespaces.
pub type Prose = BTreeMap<String, String>;

/// The place of a shape's documentation.
pub(super) fn place(id: &str) -> &str {
    id.rsplit('#').next().unwrap_or(id)
}

/// Adds a text, unless it is empty.
pub(super) fn add(prose: &mut Prose, place: String, text: Option<&Value>) {
    let text = text.and_then(Value::as_str).map(str::trim);
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        prose.insert(place, text.to_owned());
    }
}

/// Reads `prose.json`; messages name the text `file`.
///
/// # Errors
/// Text that is not JSON, or another value than an object of strings.
pub fn read(file: &str, text: &str) -> Result<Prose> {
    let form = |place: &str| {
        Error::new(format!(
            "{place}: must be an object of texts, by `Shape` or `Shape$member`; `update` writes it"
        ))
    };
    let read = || match json::parse(text)? {
        Value::Object(texts) => texts
            .into_iter()
            .map(|(place, text)| match text {
                Value::String(text) => Ok((place, text)),
                _ => Err(form(&format!("`{place}`"))),
            })
            .collect(),
        _ => Err(form("the file")),
    };
    read().map_err(|error: Error| error.in_file(file))
}

/// The text of `prose.json`: sorted keys, a text on a line.
///
/// # Errors
/// None that a text can cause; the signature follows the writer's.
pub fn write(prose: &Prose) -> Result<String> {
    let texts = prose.iter();
    let texts: Map<String, Value> = texts
        .map(|(place, text)| (place.clone(), Value::String(text.clone())))
        .collect();
    let text =
        serde_json::to_string_pretty(&texts).map_err(|error| Error::new(error.to_string()))?;
    Ok(escape::json(&text) + "\n")
}
