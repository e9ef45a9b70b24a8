//! A model under another name.
//!
//! The ids of shapes stand in values of traits as well, where only their form tells them from other texts. So the names
//! are exchanged in the JSON, before anything reads it.

use serde_json::Value;

use crate::ast::ShapeId;

/// Renames a service shape, and its namespace, wherever they stand.
pub(super) fn rename(value: &mut Value, from: &ShapeId, to: &ShapeId) {
    let renamed = |text: &str| {
        if text == from.as_str() {
            return Some(to.to_string());
        }
        let rest = text.strip_prefix(from.namespace())?;
        rest.starts_with('#')
            .then(|| format!("{}{rest}", to.namespace()))
    };
    match value {
        Value::String(text) => {
            if let Some(new) = renamed(text) {
                *text = new;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, from, to)),
        Value::Object(entries) => {
            for (key, mut value) in std::mem::take(entries) {
                rename(&mut value, from, to);
                entries.insert(renamed(&key).unwrap_or(key), value);
            }
        }
        _ => {}
    }
}
