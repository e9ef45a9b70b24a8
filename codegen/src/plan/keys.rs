//! What identifiers are recorded by: something that stays the same as long as the thing itself does.
//!
//! A request or a response is that of its operation, however its shape is called. A value of an enum is what goes over
//! the wire: its name in the model was made up where the model comes from C2J.

use crate::model::{Role, Service, TypeDefinition};

/// The key of a type, which is that of the scope of its members as well.
pub(super) fn type_key(model: &Service, definition: &TypeDefinition) -> String {
    match definition.role {
        Role::Request(index) => format!("{}$input", model.operations[index].id),
        Role::Response(index) => format!("{}$output", model.operations[index].id),
        // A part of others has a type of its own, if the shape of an error is one.
        Role::Error(_) => format!("{}$error", definition.id),
        Role::Nested => definition.id.to_string(),
    }
}
