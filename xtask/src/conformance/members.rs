//! Names of files and members of JSON objects, as cases have them.

use std::path::Path;

use serde_json::Value;

/// A member that is text.
pub(super) fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

/// A member that is an object of text.
pub(super) fn texts(value: &Value, key: &str) -> Vec<(String, String)> {
    let entries = value.get(key).and_then(Value::as_object);
    entries
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// A member that is a list of text.
pub(super) fn list(value: &Value, key: &str) -> Vec<String> {
    let values = value.get(key).and_then(Value::as_array);
    values
        .into_iter()
        .flatten()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}

/// The name of a file, without its extension.
pub(super) fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
