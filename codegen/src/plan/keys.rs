//! The keys of recorded identifiers. A key stays the same as long as its item does.
//!
//! The key of a request or a response is its operation, whatever the name of its shape. The key of a value of an enum is
//! the text on the wire, because the importer makes up its name if the model comes from C2J.

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
