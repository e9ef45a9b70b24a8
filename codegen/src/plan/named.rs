//! All names of a plan, by the keys of their items.

use super::given::{Names, Scope};
use super::keys::type_key;
use super::service::Plan;
use super::types::{Definition, TypeDefinition};

impl Plan<'_> {
    /// All names, which a model that replaces this one gets.
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
