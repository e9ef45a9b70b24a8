//! Renames the service and the namespace of a model.
//!
//! Values of traits contain ids of shapes as well, and only their form distinguishes them from other texts. So the
//! names are replaced in the JSON, before anything parses it.

use serde_json::Value;

use crate::ast::ShapeId;

/// Renames a service shape and its namespace everywhere.
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
