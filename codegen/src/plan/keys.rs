//! What identifiers are recorded by: something that stays the same as long as the thing itself does.
//!
//! A request or a response is that of its operation, however its shape is called. A value of an enum is what goes over
//! the wire: its name in the model was made up where the model comes from C2J.

use super::given::{Names, Scope};
use super::service::Plan;
use super::types::{Definition, TypeDefinition};
use crate::model::{self, Role, Service};

/// The key of a type, which is that of the scope of its members as well.
pub(super) fn type_key(model: &Service, definition: &model::TypeDefinition) -> String {
    match definition.role {
        Role::Request(index) => format!("{}$input", model.operations[index].id),
        Role::Response(index) => format!("{}$output", model.operations[index].id),
        // A part of others has a type of its own, if the shape of an error is one.
        Role::Error(_) => format!("{}$error", definition.id),
        Role::Nested => definition.id.to_string(),
    }
}

impl Plan<'_> {
    /// The names of everything: what a model is given that takes the place of this one.
    pub fn names(&self) -> Names {
        let mut names = Names::default();
        for definition in &self.types {
            let key = type_key(self.model, definition.model);
            let members = members(definition);
            if !members.is_empty() {
                names.members.insert(key.clone(), members);
            }
            names.types.insert(key, definition.name.clone());
        }
        for operation in &self.operations {
            let key = operation.model.id.to_string();
            let waiters = operation.waiters.iter();
            let waiters: Scope = waiters
                .map(|waiter| (waiter.model.name.clone(), waiter.function.clone()))
                .collect();
            if !waiters.is_empty() {
                names.waiters.insert(key.clone(), waiters);
            }
            let function = operation.function.clone();
            names.operations.insert(key.clone(), function);
            names.types.insert(key, operation.name.clone());
        }
        names
    }
}

fn members(definition: &TypeDefinition<'_>) -> Scope {
    match &definition.definition {
        Definition::Structure(fields) | Definition::Union(fields) => fields
            .iter()
            .map(|field| (field.model.name.clone(), field.name.clone()))
            .collect(),
        Definition::Enum(values) => values
            .iter()
            .map(|value| (value.model.value.clone(), value.name.clone()))
            .collect(),
        Definition::IntEnum(values) => values
            .iter()
            .map(|value| (value.model.value.to_string(), value.name.clone()))
            .collect(),
    }
}
