//! Reads `names.json`, which people may edit, and checks everything that does not need a model.
//!
//! A statement about an item that the model does not have is kept: the item gets the same name if a later model or
//! another list of operations contains it again.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::given::{Names, Scope};
use super::names::Kind;
use crate::ast::ShapeId;
use crate::error::{Context, Error, Result};
use crate::json;

/// The sections of the file.
const SECTIONS: [&str; 4] = ["members", "operations", "types", "waiters"];

impl Names {
    /// Reads the text of a `names.json`.
    ///
    /// # Errors
    /// An invalid file, with the place: an unknown key, a key that is not a shape, an invalid name or one that
    /// generated code uses for something else, a name that two items of a scope have.
    pub fn parse(text: &str) -> Result<Self> {
        let value = json::parse(text)?;
        let mut names = Self::default();
        for (key, section) in object(&value)? {
            let read = match key.as_str() {
                "members" => scopes(section, is_type, member_kind).map(|it| names.members = it),
                "operations" => {
                    scope(section, is_shape, Kind::Operation).map(|it| names.operations = it)
                }
                "types" => scope(section, is_type, Kind::Type).map(|it| names.types = it),
                "waiters" => {
                    scopes(section, is_shape, |_| Kind::Waiter).map(|it| names.waiters = it)
                }
                _ => Err(Error::new(format!(
                    "unknown key; there are `{}`",
                    SECTIONS.join("`, `")
                ))),
            };
            read.at(key)?;
        }
        Ok(names)
    }
}

fn object(value: &Value) -> Result<&Map<String, Value>> {
    value
        .as_object()
        .ok_or_else(|| Error::new("is not a JSON object"))
}

/// Scopes by their keys.
fn scopes(
    section: &Value,
    validate_key: fn(&str) -> Result<()>,
    kind: fn(&str) -> Kind,
) -> Result<BTreeMap<String, Scope>> {
    let scopes = object(section)?.iter().map(|(key, value)| {
        validate_key(key).at(key)?;
        let names = names(value, kind).at(key)?;
        Ok((key.clone(), names))
    });
    scopes.collect()
}

fn scope(section: &Value, validate_key: fn(&str) -> Result<()>, kind: Kind) -> Result<Scope> {
    for key in object(section)?.keys() {
        validate_key(key).at(key)?;
    }
    names(section, |_| kind)
}

/// The names of a scope, each by the key of its item.
fn names(value: &Value, kind: impl Fn(&str) -> Kind) -> Result<Scope> {
    let mut names = Scope::new();
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for (key, name) in object(value)? {
        let name = name
            .as_str()
            .ok_or_else(|| Error::new("the name is not a string"))
            .at(key)?;
        let kind = kind(name);
        kind.validate(name).at(key)?;
        for occupied in kind.occupied(name) {
            if let Some(other) = owners.insert(occupied.clone(), key) {
                let too = match occupied == name {
                    true => String::new(),
                    false => format!(", which `{name}` occupies as well"),
                };
                let message = format!("`{other}` has the name `{occupied}` already{too}");
                return Err(Error::new(message).at(key));
            }
        }
        names.insert(key.clone(), name.to_owned());
    }
    Ok(names)
}

/// Fields begin with a small letter, variants with a capital one.
fn member_kind(name: &str) -> Kind {
    match Kind::Variant.fits(name) {
        true => Kind::Variant,
        false => Kind::Field,
    }
}

fn is_shape(key: &str) -> Result<()> {
    match ShapeId::parse(key)?.member() {
        None => Ok(()),
        Some(_) => Err(Error::new("is a member where an operation is expected")),
    }
}

fn is_type(key: &str) -> Result<()> {
    match ShapeId::parse(key)?.member() {
        None | Some("input" | "output" | "error") => Ok(()),
        Some(_) => Err(Error::new(
            "is not a type: these are `namespace#Shape`, `namespace#Operation$input`, `namespace#Operation$output` and \
             `namespace#Shape$error`",
        )),
    }
}
