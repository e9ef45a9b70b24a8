//! Rust names for everything: the only place where case changes.
//!
//! Names are total and injective in their scope: whatever the model says becomes a valid identifier, and two names
//! that become one are an error that names both, except for values of enums, which are told apart by a suffix.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use crate::error::{Error, Result};
use crate::model::{Definition, EnumValue, Field, Role, Service, TypeDefinition};

/// Methods of the types and builders that are generated, so that no setter may be called so.
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
pub(crate) fn is_taken_method(name: &str) -> bool {
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
pub(super) fn assign(service: &mut Service) -> Result<()> {
    let taken = assign_types(service)?;
    for definition in &mut service.types {
        match &mut definition.definition {
            Definition::Structure(fields) => {
                assign_fields(fields, field_name)?;
                check_setters(fields)?;
            }
            Definition::Union(fields) => assign_fields(fields, variant_name)?,
            Definition::Enum(values) => assign_values(values),
            Definition::IntEnum(values) => assign_values(values),
        }
    }
    assign_operations(service, taken)
}

/// Types that the model names come first; those whose names are made up here take what is left: other names for shapes
/// that are called like something in every client, requests and responses, and Smithy's own `Unit`.
fn assign_types(service: &mut Service) -> Result<BTreeSet<String>> {
    let mut shapes: BTreeMap<String, String> = BTreeMap::new();
    for definition in service.types.iter_mut().filter(|it| is_named(it)) {
        let name = type_name(&definition.name.wire);
        if TAKEN_TYPES.contains(&name.as_str()) {
            continue;
        }
        if let Some(other) = shapes.insert(name.clone(), definition.name.wire.clone()) {
            return Err(Error::new(format!(
                "`{other}` and `{}` both become the Rust type `{name}`",
                definition.name.wire
            ))
            .at(&definition.id));
        }
        definition.name.rust = name;
    }
    let mut taken: BTreeSet<String> = shapes.into_keys().collect();
    taken.extend(TAKEN_TYPES.map(str::to_owned));
    for definition in service
        .types
        .iter_mut()
        .filter(|it| it.name.rust.is_empty())
    {
        let name = type_name(&definition.name.wire);
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
        definition.name.rust = free(name, &other, &mut taken);
    }
    Ok(taken)
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
fn assign_operations(service: &mut Service, mut taken: BTreeSet<String>) -> Result<()> {
    let mut builders: BTreeMap<String, String> = BTreeMap::new();
    let mut functions: BTreeMap<String, String> = BTreeMap::new();
    for operation in &mut service.operations {
        let name = type_name(&operation.name.wire);
        if let Some(other) = builders.insert(name.clone(), operation.name.wire.clone()) {
            return Err(Error::new(format!(
                "`{other}` and this operation both become the Rust type `{name}`"
            ))
            .at(&operation.id));
        }
        let function = field_name(&operation.name.wire);
        if let Some(other) = functions.insert(function.clone(), operation.name.wire.clone()) {
            return Err(Error::new(format!(
                "`{other}` and this operation both become the Rust function `{function}`"
            ))
            .at(&operation.id));
        }
    }
    name_builders(service, &mut taken);
    name_functions(service);
    Ok(())
}

fn name_builders(service: &mut Service, taken: &mut BTreeSet<String>) {
    for operation in &mut service.operations {
        let name = type_name(&operation.name.wire);
        if taken.insert(name.clone()) {
            operation.name.rust = name;
        }
    }
    let others = service.operations.iter_mut();
    for operation in others.filter(|operation| operation.name.rust.is_empty()) {
        let name = type_name(&operation.name.wire);
        let other = format!("{name}Call");
        operation.name.rust = free(name, &other, taken);
    }
}

fn name_functions(service: &mut Service) {
    let mut taken: BTreeSet<String> = TAKEN_FUNCTIONS.map(str::to_owned).into();
    for operation in &mut service.operations {
        let function = field_name(&operation.name.wire);
        if taken.insert(function.clone()) {
            operation.function = function;
        }
        for waiter in &mut operation.waiters {
            let name = words(&waiter.name.wire).to_snake_case();
            let name = name.strip_prefix("wait_for_").unwrap_or(&name);
            waiter.name.rust = format!("until_{name}");
        }
    }
    let others = service.operations.iter_mut();
    for operation in others.filter(|operation| operation.function.is_empty()) {
        let function = field_name(&operation.name.wire);
        let other = format!("{function}_operation");
        operation.function = free(function, &other, &mut taken);
    }
}

fn assign_fields(fields: &mut [Field], case: fn(&str) -> String) -> Result<()> {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for field in fields {
        let name = case(&field.name.wire);
        if let Some(other) = seen.insert(name.clone(), field.name.wire.clone()) {
            return Err(Error::new(format!(
                "the members `{other}` and `{}` both become the Rust name `{name}`",
                field.name.wire
            ))
            .at(&field.id));
        }
        field.name.rust = name;
    }
    Ok(())
}

/// A setter whose name is taken begins with `set_`, which another member may do as well.
fn check_setters(fields: &[Field]) -> Result<()> {
    for field in fields {
        let other = field.name.rust.strip_prefix("set_").and_then(|name| {
            let taken = is_taken_method(name);
            fields.iter().find(|other| taken && other.name.rust == name)
        });
        if let Some(other) = other {
            return Err(Error::new(format!(
                "the setters of the members `{}` and `{}` both become the Rust function `{}`",
                other.name.wire, field.name.wire, field.name.rust
            ))
            .at(&field.id));
        }
    }
    Ok(())
}

/// Values differ in more than identifiers can say (`a.b`, `a-b`, `A_B`), so equal names get a number.
fn assign_values<T>(values: &mut [EnumValue<T>]) {
    // `Self` is a keyword, and `Unknown` the variant of every other value.
    let mut seen: BTreeSet<String> = BTreeSet::from(["Unknown".to_owned(), "Self".to_owned()]);
    // Where the numbers of a name go on, so that many equal names do not count from the beginning each.
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for value in values {
        let mut base = type_name(&value.name.wire);
        if base == "Unknown" || base == "Self" {
            base.push_str("Value");
        }
        let mut name = base.clone();
        let number = numbers.entry(base.clone()).or_insert(2);
        while !seen.insert(name.clone()) {
            name = format!("{base}{number}");
            *number += 1;
        }
        value.name.rust = name;
    }
}

/// A type name: upper camel case, acronyms as words.
pub fn type_name(wire: &str) -> String {
    identifier(words(wire).to_upper_camel_case(), "V")
}

/// The name of a static: upper case with underscores.
pub(super) fn static_name(wire: &str) -> String {
    identifier(words(wire).to_shouty_snake_case(), "V")
}

fn variant_name(wire: &str) -> String {
    let name = type_name(wire);
    if name == "Unknown" || name == "Self" {
        format!("{name}Member")
    } else {
        name
    }
}

/// A field, function or module name: snake case. Keywords get an underscore, because the few that `r#` cannot help
/// (`self`, `crate`, `super`) would make two rules of one.
pub fn field_name(wire: &str) -> String {
    let name = identifier(words(wire).to_snake_case(), "v");
    if is_keyword(&name) {
        format!("{name}_")
    } else {
        name
    }
}

/// Values of enums may be any text. What identifiers cannot hold stands between words.
fn words(wire: &str) -> String {
    wire.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
}

fn identifier(text: String, prefix: &str) -> String {
    if text.starts_with(|first: char| first.is_ascii_alphabetic()) {
        text
    } else {
        format!("{prefix}{text}")
    }
}

fn is_keyword(name: &str) -> bool {
    // `gen` is a keyword since edition 2024, which syn does not know.
    name == "gen" || syn::parse_str::<syn::Ident>(name).is_err()
}

#[cfg(test)]
mod tests {
    use super::{field_name, type_name};

    #[test]
    fn names_follow_the_rust_api_guidelines() {
        for (wire, ty, field) in [
            ("CreateCase", "CreateCase", "create_case"),
            ("IPAddress", "IpAddress", "ip_address"),
            ("eTag", "ETag", "e_tag"),
            ("AWSAccountId", "AwsAccountId", "aws_account_id"),
            ("type", "Type", "type_"),
            ("gen", "Gen", "gen_"),
            ("self", "Self", "self_"),
            ("2fa", "V2fa", "v2fa"),
            (
                "Containment, Eradication and Recovery",
                "ContainmentEradicationAndRecovery",
                "containment_eradication_and_recovery",
            ),
            (
                "DETECTION_AND_ANALYSIS",
                "DetectionAndAnalysis",
                "detection_and_analysis",
            ),
            ("", "V", "v"),
            ("x²", "X", "x"),
            ("größe", "GrE", "gr_e"),
        ] {
            assert_eq!(type_name(wire), ty);
            assert_eq!(field_name(wire), field);
        }
    }
}
