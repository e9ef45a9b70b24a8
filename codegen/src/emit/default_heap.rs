//! How much memory the default values of a structure use in addition to the structure itself: texts and documents.
//!
//! An empty object `{}` allocates all of them, so the reader needs their size to count them.

use serde_json::Value;

use crate::plan::{DefaultValue, Definition, Field, Plan, Presence, TypeDefinition, TypeKind};

/// The memory of a small text, including the overhead of the allocator.
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
        // Boxed members may be recursive; none of those is required.
        (Presence::Required, TypeKind::Structure(id)) if !field.boxed => {
            of_structure(plan, plan.type_definition(*id))
        }
        _ => 0,
    };
    fields.iter().map(of_field).sum()
}

/// An upper bound: each entry of an object in its own node.
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
