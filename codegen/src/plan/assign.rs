//! Assigns the Rust names, one scope at a time.

use std::collections::BTreeMap;

use super::case::{field_name, type_name};
use super::given::{GivenNames, Names, Scope as ByKey};
use super::keys::type_key;
use super::names::{Kind, value_name, variant_name, waiter_name};
use super::settle::{Scope, Wanted};
use crate::error::{Error, Result};
use crate::model::{Definition, EnumValue, Member, Operation, Role, Service, TypeDefinition};

/// The Rust names of a service.
#[derive(Debug)]
pub(super) struct AssignedNames {
    /// Of each type of the arena.
    pub(super) types: Vec<TypeNames>,
    /// Of each operation.
    pub(super) operations: Vec<OperationNames>,
    /// The names to record.
    pub(super) recorded: Names,
}

/// The Rust names of a type.
#[derive(Debug)]
pub(super) struct TypeNames {
    /// Of the type itself.
    pub(super) name: String,
    /// Of its fields or variants, in the order of its members.
    pub(super) members: Vec<String>,
}

/// The Rust names of an operation.
#[derive(Debug)]
pub(super) struct OperationNames {
    /// Of its builder.
    pub(super) builder: String,
    /// Of its function, which is also the name of its module.
    pub(super) function: String,
    /// Of the functions that make its waiters.
    pub(super) waiters: Vec<String>,
}

/// Assigns a Rust name to every type, member, value and operation.
///
/// # Errors
/// A recorded name that is not of the kind that the model needs; two values of an enum that are one on the wire.
pub(super) fn assign(model: &Service, given: &GivenNames) -> Result<AssignedNames> {
    let mut assigning = Assigning {
        model,
        given,
        recorded: given.recorded.clone(),
    };
    let mut types = assigning.types();
    let builders = types.split_off(model.types.len());
    let functions = assigning.functions();
    let types = model.types.iter().zip(types).map(|(definition, name)| {
        let members = assigning.members(definition)?;
        Ok(TypeNames { name, members })
    });
    let types = types.collect::<Result<_>>()?;
    let operations = model.operations.iter().zip(builders).zip(functions);
    let operations = operations.map(|((operation, builder), function)| OperationNames {
        builder,
        function,
        waiters: assigning.waiters(operation),
    });
    let operations = operations.collect();
    Ok(AssignedNames {
        types,
        operations,
        recorded: assigning.recorded,
    })
}

struct Assigning<'a> {
    model: &'a Service,
    given: &'a GivenNames,
    /// The recorded names, and what has to be recorded with them.
    recorded: Names,
}

/// The scope of a key in both lists of given names.
fn scope<'a>(names: &'a BTreeMap<String, ByKey>, key: &str) -> &'a ByKey {
    static NONE: ByKey = ByKey::new();
    names.get(key).unwrap_or(&NONE)
}

impl Assigning<'_> {
    /// The types, then the builders of the operations. Shapes of the model have the lowest rank, then come types that
    /// attache adds, then builders.
    fn types(&mut self) -> Vec<String> {
        let types = self.model.types.iter();
        let types = types.map(|definition| self.wanted_type(definition));
        let builders = self.model.operations.iter().map(|operation| {
            let plain = type_name(&operation.name);
            Wanted {
                key: operation.id.to_string(),
                otherwise: Some(format!("{plain}Call")),
                plain,
                rank: 2,
            }
        });
        let wanted: Vec<Wanted> = types.chain(builders).collect();
        let scope = Scope {
            kind: Kind::Type,
            recorded: &self.given.recorded.types,
            previous: &self.given.previous.types,
        };
        let settled = scope.settle(&wanted);
        self.recorded.types = settled.recorded;
        settled.names
    }

    fn wanted_type(&self, definition: &TypeDefinition) -> Wanted {
        let plain = type_name(&definition.name);
        let call = |suffix: &str| {
            let name = plain.strip_suffix(suffix)?;
            Some(format!("{name}Call{suffix}"))
        };
        let otherwise = match definition.role {
            Role::Request(_) => call("Request"),
            Role::Response(_) => call("Response"),
            Role::Nested | Role::Error(_) => None,
        };
        let is_shape = is_named_by_model(definition) && !Kind::Type.is_reserved(&plain);
        Wanted {
            key: type_key(self.model, definition),
            otherwise: otherwise.or_else(|| Some(format!("{plain}Shape"))),
            plain,
            rank: u8::from(!is_shape),
        }
    }

    /// The functions of the operations.
    fn functions(&mut self) -> Vec<String> {
        let operations = self.model.operations.iter().map(|operation| {
            let plain = field_name(&operation.name);
            Wanted {
                key: operation.id.to_string(),
                otherwise: Some(format!("{plain}_operation")),
                rank: u8::from(Kind::Operation.is_reserved(&plain)),
                plain,
            }
        });
        let wanted: Vec<Wanted> = operations.collect();
        let scope = Scope {
            kind: Kind::Operation,
            recorded: &self.given.recorded.operations,
            previous: &self.given.previous.operations,
        };
        let settled = scope.settle(&wanted);
        self.recorded.operations = settled.recorded;
        settled.names
    }

    /// The functions that make the waiters of an operation.
    fn waiters(&mut self, operation: &Operation) -> Vec<String> {
        let waiters = operation.waiters.iter();
        let wanted: Vec<Wanted> = waiters
            .map(|waiter| Wanted::new(&waiter.name, waiter_name(&waiter.name)))
            .collect();
        let key = operation.id.to_string();
        let scope = Scope {
            kind: Kind::Waiter,
            recorded: scope(&self.given.recorded.waiters, &key),
            previous: scope(&self.given.previous.waiters, &key),
        };
        let settled = scope.settle(&wanted);
        record(&mut self.recorded.waiters, key, settled.recorded);
        settled.names
    }

    /// The fields or variants of a type.
    fn members(&mut self, definition: &TypeDefinition) -> Result<Vec<String>> {
        let (kind, wanted) = wanted_members(definition)?;
        let key = type_key(self.model, definition);
        let mut given = Scope {
            kind,
            recorded: scope(&self.given.recorded.members, &key),
            previous: scope(&self.given.previous.members, &key),
        };
        let other_kind = |names: &ByKey| {
            let mut names = names.iter();
            let found = names.find(|(_, name)| !kind.fits(name));
            found.map(|(member, name)| (member.clone(), name.clone()))
        };
        let none = ByKey::new();
        if other_kind(given.previous).is_some() {
            // A structure became a union, or a union a structure: all its names are new.
            (given.recorded, given.previous) = (&none, &none);
        }
        if let Some((member, name)) = other_kind(given.recorded) {
            let error = misfit(kind, &name).at(member).at(key).at("members");
            return Err(error.in_file(&self.given.file));
        }
        let settled = given.settle(&wanted);
        record(&mut self.recorded.members, key, settled.recorded);
        Ok(settled.names)
    }
}

/// Adds the names of a scope to the recorded ones.
fn record(recorded: &mut BTreeMap<String, ByKey>, key: String, names: ByKey) {
    match names.is_empty() {
        true => recorded.remove(&key),
        false => recorded.insert(key, names),
    };
}

/// Whether a type has the name of a shape of the model. Smithy's own `Unit` has not, nor has the structure of an error
/// that is a part of something else, which is called `…Value`.
fn is_named_by_model(definition: &TypeDefinition) -> bool {
    let is_value = || definition.name.strip_suffix("Value") == Some(definition.id.name());
    match definition.role {
        Role::Request(_) | Role::Response(_) => false,
        Role::Error(_) => true,
        Role::Nested => definition.id.namespace() != "smithy.api" && !is_value(),
    }
}

fn wanted_members(definition: &TypeDefinition) -> Result<(Kind, Vec<Wanted>)> {
    let of_members = |members: &[Member], name: fn(&str) -> String| {
        let members = members.iter();
        let wanted = members.map(|member| Wanted::new(&member.name, name(&member.name)));
        wanted.collect()
    };
    Ok(match &definition.definition {
        Definition::Structure(members) => (Kind::Field, of_members(members, field_name)),
        Definition::Union(members) => (Kind::Variant, of_members(members, variant_name)),
        Definition::Enum(values) => (Kind::Variant, wanted_values(definition, values)?),
        Definition::IntEnum(values) => (Kind::Variant, wanted_values(definition, values)?),
    })
}

fn wanted_values<T: ToString>(
    definition: &TypeDefinition,
    values: &[EnumValue<T>],
) -> Result<Vec<Wanted>> {
    let mut seen = BTreeMap::new();
    let wanted = values.iter().map(|value| {
        let key = value.value.to_string();
        match seen.insert(key.clone(), &value.name) {
            Some(other) => Err(Error::new(format!(
                "the members `{other}` and `{}` of the enum are both `{key}` on the wire",
                value.name
            ))
            .at(&definition.id)),
            None => Ok(Wanted::new(key, value_name(&value.name))),
        }
    });
    wanted.collect()
}

fn misfit(kind: Kind, name: &str) -> Error {
    let (is, needs) = match kind {
        Kind::Field => ("a variant", "fields"),
        _ => ("a field", "variants"),
    };
    Error::new(format!(
        "`{name}` is the name of {is}, but the shape has {needs}; remove what the file says about the shape"
    ))
}
