//! Rust names for everything.
//!
//! Names are total and injective in their scope: every name of the model becomes a valid identifier, and two names that
//! become the same identifier are an error that names both, except for values of enums, which get a suffix.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;

use super::case::{field_name, type_name, variant_name, words};
use crate::error::{Error, Result};
use crate::model::{Definition, EnumValue, Member, Operation, Role, Service, TypeDefinition};

/// Methods of the types and builders that are generated, so no setter may have these names.
const TAKEN_METHODS: [&str; 19] = [
    "arbitrary_in",
    "clone",
    "default",
    "fmt",
    "hash_value",
    "into_request",
    "items",
    "json_capacity",
    "new",
    "options",
    "pages",
    "read_json",
    "request",
    "send",
    "send_dry_run",
    "validate",
    "validate_at",
    "validation",
    "write_json",
];

/// Whether no setter may be called so; waiters begin with `until_`.
fn is_taken_method(name: &str) -> bool {
    TAKEN_METHODS.contains(&name) || name.starts_with("until_")
}

/// Type names that generated modules use for something else, or that would be called like a constructor.
const TAKEN_TYPES: [&str; 42] = [
    "BTreeMap",
    "Box",
    "ByteStream",
    "Bytes",
    "Call",
    "CallOptions",
    "Client",
    "Clone",
    "Config",
    "Copy",
    "Core",
    "Credentials",
    "Debug",
    "Decode",
    "Default",
    "Document",
    "Duration",
    "Eq",
    "Err",
    "Error",
    "Fn",
    "From",
    "Hash",
    "Into",
    "IntoIterator",
    "New",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "ServiceError",
    "Some",
    "StdError",
    "String",
    "Timestamp",
    "TimestampFormat",
    "ToString",
    "Vec",
];

/// The Rust names of a service.
#[derive(Debug)]
pub(super) struct Names {
    /// Of each type of the arena.
    pub(super) types: Vec<TypeNames>,
    /// Of each operation.
    pub(super) operations: Vec<OperationNames>,
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
    /// Of its function and its module.
    pub(super) function: String,
    /// Of the functions that make its waiters.
    pub(super) waiters: Vec<String>,
}

/// Functions of every client.
const TAKEN_FUNCTIONS: [&str; 13] = [
    "clone",
    "config",
    "from_env",
    "from_env_blocking",
    "items",
    "new",
    "operation",
    "pages",
    "send",
    "send_dry_run",
    "send_with",
    "waiter",
    "with_validation",
];

/// Gives every type, member, value and operation its Rust name.
pub(super) fn assign(service: &Service) -> Result<Names> {
    let (names, taken) = assign_types(service)?;
    let mut types = Vec::new();
    for (definition, name) in service.types.iter().zip(names) {
        let members = match &definition.definition {
            Definition::Structure(members) => {
                let names = assign_members(members, field_name)?;
                check_setters(members, &names)?;
                names
            }
            Definition::Union(members) => assign_members(members, variant_name)?,
            Definition::Enum(values) => assign_values(values),
            Definition::IntEnum(values) => assign_values(values),
        };
        types.push(TypeNames { name, members });
    }
    let operations = assign_operations(service, taken)?;
    Ok(Names { types, operations })
}

/// Types with names from the model come first; the others take the remaining names: other names for shapes that are
/// called like something in every client, requests and responses, and Smithy's own `Unit`.
fn assign_types(service: &Service) -> Result<(Vec<String>, BTreeSet<String>)> {
    let mut shapes: BTreeMap<String, String> = BTreeMap::new();
    let mut names: Vec<Option<String>> = vec![None; service.types.len()];
    for (definition, place) in service.types.iter().zip(&mut names) {
        let name = type_name(&definition.name);
        if !is_named(definition) || TAKEN_TYPES.contains(&name.as_str()) {
            continue;
        }
        if let Some(other) = shapes.insert(name.clone(), definition.name.clone()) {
            return Err(Error::new(format!(
                "`{other}` and `{}` both become the Rust type `{name}`",
                definition.name
            ))
            .at(&definition.id));
        }
        *place = Some(name);
    }
    let mut taken: BTreeSet<String> = shapes.into_keys().collect();
    taken.extend(TAKEN_TYPES.map(str::to_owned));
    let names = service.types.iter().zip(names).map(|(definition, name)| {
        name.unwrap_or_else(|| {
            let name = type_name(&definition.name);
            let other = match &definition.role {
                Role::Request(_) => name
                    .strip_suffix("Request")
                    .map(|name| format!("{name}CallRequest")),
                Role::Response(_) => name
                    .strip_suffix("Response")
                    .map(|name| format!("{name}CallResponse")),
                Role::Nested | Role::Error(_) => None,
            };
            let other = other.unwrap_or_else(|| format!("{name}Shape"));
            free(name, &other, &mut taken)
        })
    });
    let names = names.collect();
    Ok((names, taken))
}

/// Whether a type has the name of a shape of the model.
fn is_named(definition: &TypeDefinition) -> bool {
    matches!(definition.role, Role::Nested | Role::Error(_))
        && definition.id.namespace() != "smithy.api"
}

/// The first of `NAME`, `OTHER`, `OTHER2`, `OTHER3`, … that is not taken; takes it.
fn free(name: String, other: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{other}{number}"));
    let mut candidates = [name, other.to_owned()].into_iter().chain(numbered);
    loop {
        // The numbers do not end.
        if let Some(candidate) = candidates.next()
            && taken.insert(candidate.clone())
        {
            return candidate;
        }
    }
}

/// An operation is a type (its builder), a function of the client and a module.
fn assign_operations(
    service: &Service,
    mut taken: BTreeSet<String>,
) -> Result<Vec<OperationNames>> {
    let mut builders: BTreeMap<String, String> = BTreeMap::new();
    let mut functions: BTreeMap<String, String> = BTreeMap::new();
    for operation in &service.operations {
        let name = type_name(&operation.name);
        if let Some(other) = builders.insert(name.clone(), operation.name.clone()) {
            return Err(Error::new(format!(
                "`{other}` and this operation both become the Rust type `{name}`"
            ))
            .at(&operation.id));
        }
        let function = field_name(&operation.name);
        if let Some(other) = functions.insert(function.clone(), operation.name.clone()) {
            return Err(Error::new(format!(
                "`{other}` and this operation both become the Rust function `{function}`"
            ))
            .at(&operation.id));
        }
    }
    let names = |of: fn(&str) -> String| -> Vec<String> {
        let operations = service.operations.iter();
        operations.map(|operation| of(&operation.name)).collect()
    };
    let builders = settle(names(type_name), "Call", &mut taken);
    let mut taken = TAKEN_FUNCTIONS.map(str::to_owned).into();
    let functions = settle(names(field_name), "_operation", &mut taken);
    let operations = service.operations.iter().zip(builders).zip(functions);
    let operations = operations.map(|((operation, builder), function)| {
        Ok(OperationNames {
            builder,
            function,
            waiters: waiters(operation).map_err(|error| error.at(&operation.id))?,
        })
    });
    operations.collect()
}

/// The functions of an operation's waiters.
fn waiters(operation: &Operation) -> Result<Vec<String>> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    let mut names = Vec::new();
    for waiter in &operation.waiters {
        let name = words(&waiter.name).to_snake_case();
        let name = name.strip_prefix("wait_for_").unwrap_or(&name);
        let name = format!("until_{name}");
        if let Some(other) = seen.insert(name.clone(), &waiter.name) {
            return Err(Error::new(format!(
                "the waiters `{other}` and `{}` both become the Rust function `{name}`",
                waiter.name
            )));
        }
        names.push(name);
    }
    Ok(names)
}

/// Takes each name that is free; then the others get a suffix.
fn settle(names: Vec<String>, suffix: &str, taken: &mut BTreeSet<String>) -> Vec<String> {
    let free_names: Vec<bool> = names
        .iter()
        .map(|name| taken.insert(name.clone()))
        .collect();
    let names = names.into_iter().zip(free_names);
    let names = names.map(|(name, is_free)| match is_free {
        true => name,
        false => {
            let other = format!("{name}{suffix}");
            free(name, &other, taken)
        }
    });
    names.collect()
}

fn assign_members(members: &[Member], case: fn(&str) -> String) -> Result<Vec<String>> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut names = Vec::new();
    for member in members {
        let name = case(&member.name);
        if let Some(other) = seen.insert(name.clone(), member.name.clone()) {
            return Err(Error::new(format!(
                "the members `{other}` and `{}` both become the Rust name `{name}`",
                member.name
            ))
            .at(&member.id));
        }
        names.push(name);
    }
    Ok(names)
}

/// A setter whose name is taken begins with `set_`, which another member may do as well.
fn check_setters(members: &[Member], names: &[String]) -> Result<()> {
    for (member, name) in members.iter().zip(names) {
        let other = name.strip_prefix("set_").and_then(|rest| {
            let taken = is_taken_method(rest);
            names.iter().position(|other| taken && other == rest)
        });
        if let Some(other) = other {
            return Err(Error::new(format!(
                "the setters of the members `{}` and `{}` both become the Rust function `{name}`",
                members[other].name, member.name
            ))
            .at(&member.id));
        }
    }
    Ok(())
}

/// What the setter of a field is called.
pub(super) fn setter_name(field: &str) -> String {
    match is_taken_method(field) {
        true => format!("set_{field}"),
        false => field.to_owned(),
    }
}

/// Values differ in more than identifiers can say (`a.b`, `a-b`, `A_B`), so equal names get a number.
fn assign_values<T>(values: &[EnumValue<T>]) -> Vec<String> {
    // `Self` is a keyword, and `Unknown` the variant of every other value.
    let mut seen: BTreeSet<String> = BTreeSet::from(["Unknown".to_owned(), "Self".to_owned()]);
    // The next number of each name, so that many equal names do not count from the beginning.
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = Vec::new();
    for value in values {
        let mut base = type_name(&value.name);
        if base == "Unknown" || base == "Self" {
            base.push_str("Value");
        }
        let mut name = base.clone();
        let number = numbers.entry(base.clone()).or_insert(2);
        while !seen.insert(name.clone()) {
            name = format!("{base}{number}");
            *number += 1;
        }
        names.push(name);
    }
    names
}
