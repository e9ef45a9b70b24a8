//! How much memory the default values of a structure take beside the structure itself: texts and documents.
//!
//! `{}` makes all of them, so a reader that counts what it makes has to be told.

use serde_json::Value;

use crate::plan::{DefaultValue, Definition, Field, Plan, Presence, TypeDefinition, TypeKind};

/// What an allocator takes for a small text, and the text.
fn text(text: &str) -> usize {
    if text.is_empty() { 0 } else { text.len() + 32 }
}

/// The bytes that `Default` of a structure allocates, and that of the structures that it requires.
pub(super) fn of_structure(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> usize {
    let Definition::Structure(fields) = &definition.definition else {
        return 0;
    };
    let of_field = |field: &Field<'_>| match (&field.presence, &field.ty.kind) {
        (Presence::Default(DefaultValue::Text(default)), _) => text(default),
        (Presence::Default(DefaultValue::Document(default)), _) => document(default),
        // Of boxed ones there may be circles; none of those is required.
        (Presence::Required, TypeKind::Structure(id)) if !field.boxed => {
            of_structure(plan, plan.type_definition(*id))
        }
        _ => 0,
    };
    fields.iter().map(of_field).sum()
}

/// Generously: an entry of an object in a node of its own.
fn document(value: &Value) -> usize {
    match value {
        Value::String(value) => text(value),
        Value::Array(values) => values.iter().map(|value| 64 + document(value)).sum(),
        Value::Object(values) => values
            .iter()
            .map(|(key, value)| 1024 + text(key) + document(value))
            .sum(),
        _ => 0,
    }
}
