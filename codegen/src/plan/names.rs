//! Rust names for everything: the only place where case changes.
//!
//! Names are total and injective in their scope: whatever the model says becomes a valid identifier, and two names
//! that become one are an error that names both, except for values of enums, which are told apart by a suffix.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use crate::error::{Error, Result};
use crate::model::{Definition, EnumValue, Field, Service};

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

/// Gives every type, member, value and operation its Rust name.
pub(super) fn assign(service: &mut Service) -> Result<()> {
    let mut types = BTreeMap::new();
    for definition in &mut service.types {
        let mut name = type_name(&definition.name.wire);
        if TAKEN_TYPES.contains(&name.as_str()) {
            name.push_str("Shape");
        }
        if let Some(other) = types.insert(name.clone(), definition.name.wire.clone()) {
            return Err(Error::new(format!(
                "`{other}` and `{}` both become the Rust type `{name}`",
                definition.name.wire
            ))
            .at(&definition.id));
        }
        definition.name.rust = name;
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
    assign_operations(service, &types)
}

/// An operation is a type (its builder), a function of the client and a module.
fn assign_operations(service: &mut Service, types: &BTreeMap<String, String>) -> Result<()> {
    let mut functions: BTreeMap<String, String> = BTreeMap::new();
    let mut builders: BTreeMap<String, String> = BTreeMap::new();
    for operation in &mut service.operations {
        let mut name = type_name(&operation.name.wire);
        if TAKEN_TYPES.contains(&name.as_str()) || types.contains_key(&name) {
            name.push_str("Call");
        }
        let mut function = field_name(&operation.name.wire);
        if matches!(
            function.as_str(),
            "new"
                | "from_env"
                | "from_env_blocking"
                | "send"
                | "send_with"
                | "send_dry_run"
                | "with_validation"
                | "config"
                | "clone"
                | "operation"
                | "pages"
                | "items"
                | "waiter"
        ) {
            function.push_str("_operation");
        }
        if let Some(other) = functions.insert(function.clone(), operation.name.wire.clone()) {
            return Err(Error::new(format!(
                "`{other}` and this operation both become the Rust function `{function}`"
            ))
            .at(&operation.id));
        }
        let other = match types.get(&name) {
            Some(shape) => Some(shape.clone()),
            None => builders.insert(name.clone(), operation.name.wire.clone()),
        };
        if let Some(other) = other {
            return Err(Error::new(format!(
                "`{other}` and this operation both become the Rust type `{name}`"
            ))
            .at(&operation.id));
        }
        operation.name.rust = name;
        operation.function = function;
        for waiter in &mut operation.waiters {
            let name = words(&waiter.name.wire).to_snake_case();
            let name = name.strip_prefix("wait_for_").unwrap_or(&name);
            waiter.name.rust = format!("until_{name}");
        }
    }
    Ok(())
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
