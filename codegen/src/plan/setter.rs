//! Setters: their names and parameters.

use std::fmt;

use super::names::setter_name;
use super::rust_type::RustType;
use super::value::{Type, TypeKind};

/// The setter of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setter {
    /// Its name.
    pub name: String,
    /// Its parameter.
    pub parameter: Parameter,
}

/// The type of a parameter, chosen for convenient calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// The type of the value.
    Value(RustType),
    /// What converts into it.
    Into(RustType),
    /// What can be collected into a list.
    List {
        /// The element.
        element: RustType,
        /// Whether values that convert into an element are accepted.
        converts: bool,
    },
    /// What can be collected into a map. Values that convert into a key are accepted.
    Map {
        /// The key.
        key: RustType,
        /// The value.
        value: RustType,
        /// Whether values that convert into a value are accepted.
        converts: bool,
    },
}

impl Setter {
    /// The setter of a field of this name and type.
    pub(super) fn new(field: &str, ty: &Type<'_>) -> Self {
        Self {
            name: setter_name(field),
            parameter: parameter(ty),
        }
    }
}

fn parameter(ty: &Type<'_>) -> Parameter {
    match (&ty.kind, &ty.rust) {
        (TypeKind::List { element, sparse }, RustType::Vec(rust)) => Parameter::List {
            element: rust.as_ref().clone(),
            converts: !sparse && element.converts(),
        },
        (TypeKind::Map { value, sparse, .. }, RustType::BTreeMap(rust_key, rust_value)) => {
            Parameter::Map {
                key: rust_key.as_ref().clone(),
                value: rust_value.as_ref().clone(),
                converts: !sparse && value.converts(),
            }
        }
        _ if ty.converts() => Parameter::Into(ty.rust.clone()),
        _ => Parameter::Value(ty.rust.clone()),
    }
}

/// As it is written in code.
impl fmt::Display for Parameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => write!(formatter, "{value}"),
            Self::Into(value) => write!(formatter, "impl Into<{value}>"),
            Self::List { element, converts } => match converts {
                true => write!(formatter, "impl IntoIterator<Item = impl Into<{element}>>"),
                false => write!(formatter, "impl IntoIterator<Item = {element}>"),
            },
            Self::Map {
                key,
                value,
                converts,
            } => {
                let into = if *converts { "impl Into<" } else { "" };
                let end = if *converts { ">" } else { "" };
                write!(
                    formatter,
                    "impl IntoIterator<Item = (impl Into<{key}>, {into}{value}{end})>"
                )
            }
        }
    }
}
