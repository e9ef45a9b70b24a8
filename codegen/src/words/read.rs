//! Reads `docs.json`, and compares its names with a model.
//!
//! The form must be right: an unknown key or a malformed text is an error with its place. Names that the model lacks, and
//! texts that only repeat a name, are listed instead, so that one run shows all of them, and so that an update to a model
//! without a shape can go on.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::filler;
use super::text::{Name, Text};
use super::{OperationWords, Section, ServiceWords, ShapeWords, Words};
use crate::ast::{self, Model, Shape, ShapeKind, trait_id};
use crate::error::{Context, Error, Result};
use crate::json;
use crate::nearest::did_you_mean;

/// Reads the words of a model; messages name the text `file`.
///
/// # Errors
/// Text that is not JSON, unknown keys, malformed texts, each with its place.
pub fn read(file: &str, text: &str, model: &Model) -> Result<Words> {
    let read = || {
        let mut reader = Reader::new(model);
        let mut words = Words::default();
        for (key, value) in object(json::parse(text)?)? {
            match key.as_str() {
                "service" => words.service = reader.service(value).at("service")?,
                "operations" => {
                    for (name, value) in object(value).at("operations")? {
                        let read = reader.operation(&name, value);
                        words.operations.insert(name.clone(), read.at(&name)?);
                    }
                }
                "shapes" => {
                    for (name, value) in object(value).at("shapes")? {
                        let read = reader.shape(&name, value);
                        words.shapes.insert(name.clone(), read.at(&name)?);
                    }
                }
                key => return Err(unknown(key, &["operations", "service", "shapes"])),
            }
        }
        words.problems = reader.problems;
        Ok(words)
    };
    read().map_err(|error: Error| error.in_file(file))
}

struct Reader<'m> {
    model: &'m Model,
    /// The shapes by their names, which are unique in a service (Smithy specification, "Service closure").
    shapes: BTreeMap<&'m str, &'m Shape>,
    problems: Vec<String>,
}

impl<'m> Reader<'m> {
    fn new(model: &'m Model) -> Self {
        let service = model.service().ok();
        let namespace = service.map_or("", |(id, _, _)| id.namespace());
        let mut shapes: BTreeMap<&str, &Shape> = BTreeMap::new();
        for (id, shape) in &model.shapes {
            if id.namespace() == namespace || !shapes.contains_key(id.name()) {
                shapes.insert(id.name(), shape);
            }
        }
        Self {
            model,
            shapes,
            problems: Vec::new(),
        }
    }

    fn service(&mut self, value: Value) -> Result<ServiceWords> {
        let mut words = ServiceWords::default();
        for (key, value) in object(value)? {
            match key.as_str() {
                "documentation" => {
                    words.documentation = self.text(value, "service", None).at(&key)?;
                }
                "first" => words.first = Some(self.first(&value).at(&key)?),
                "reference" => words.reference = Some(reference(value).at(&key)?),
                "related" => words.related = self.text(value, "service", None).at(&key)?,
                key => {
                    let keys = ["documentation", "first", "reference", "related"];
                    return Err(unknown(key, &keys));
                }
            }
        }
        Ok(words)
    }

    /// The operation that the front page calls.
    fn first(&mut self, value: &Value) -> Result<String> {
        let name = value.as_str();
        let name = name.ok_or_else(|| Error::new("must be the name of an operation"))?;
        let found = self.find(name);
        if !found.is_some_and(|shape| matches!(shape.kind, ShapeKind::Operation(_))) {
            let names = self.names(|shape| matches!(shape.kind, ShapeKind::Operation(_)));
            self.problems.push(format!(
                "service: the model has no operation `{name}`{}",
                did_you_mean(name, names)
            ));
        }
        Ok(name.to_owned())
    }

    fn operation(&mut self, name: &str, value: Value) -> Result<OperationWords> {
        let mut words = OperationWords::default();
        let shape = self.find(name);
        let operation = shape.and_then(|shape| match &shape.kind {
            ShapeKind::Operation(operation) => Some((operation, shape)),
            _ => None,
        });
        if operation.is_none() {
            let names = self.names(|shape| matches!(shape.kind, ShapeKind::Operation(_)));
            self.problems.push(format!(
                "{name}: the model has no such operation{}",
                did_you_mean(name, names)
            ));
        }
        let request = operation
            .and_then(|(operation, _)| operation.input.as_ref())
            .map(|input| input.target.name().to_owned());
        // Of an operation that the model lacks, every member is listed as missing, not refused.
        let request = match operation {
            Some(_) => request.as_deref(),
            None => Some(name),
        };
        for (key, value) in object(value)? {
            let section = Section::ALL
                .into_iter()
                .find(|section| section.key() == key);
            if let Some(section) = section {
                let text = self.text(value, name, request).at(&key)?;
                words.sections.extend(text.map(|text| (section, text)));
                continue;
            }
            match key.as_str() {
                "documentation" => {
                    words.documentation = self.text(value, name, request).at(&key)?;
                    self.judge(name, None, words.documentation.as_ref());
                }
                "errors" => {
                    for (error, value) in object(value).at(&key)? {
                        self.require_error(name, operation, &error);
                        let text = self.text(value, name, request).at(&error)?;
                        words.errors.extend(text.map(|text| (error, text)));
                    }
                }
                "example" => {
                    words.example = object(value).at(&key)?.into_iter().collect();
                    for member in words.example.keys() {
                        self.require_member(name, request.unwrap_or_default(), member);
                    }
                }
                key => {
                    let keys = ["after", "before", "documentation", "errors", "example"];
                    return Err(unknown(key, &[&keys[..], &["limits", "related"]].concat()));
                }
            }
        }
        Ok(words)
    }

    fn shape(&mut self, name: &str, value: Value) -> Result<ShapeWords> {
        let mut words = ShapeWords::default();
        let found = self.find(name);
        if found.is_none_or(|shape| matches!(shape.kind, ShapeKind::Operation(_))) {
            let names = self.names(|shape| !matches!(shape.kind, ShapeKind::Operation(_)));
            self.problems.push(format!(
                "{name}: the model has no such shape{}",
                did_you_mean(name, names)
            ));
        }
        for (key, value) in object(value)? {
            match key.as_str() {
                "documentation" => {
                    words.documentation = self.text(value, name, Some(name)).at(&key)?;
                    self.judge(name, None, words.documentation.as_ref());
                }
                "members" => {
                    for (member, value) in object(value).at(&key)? {
                        self.require_member(name, name, &member);
                        let place = format!("{name}${member}");
                        let text = self.text(value, &place, Some(name)).at(&member)?;
                        self.judge(name, Some(&member), text.as_ref());
                        words.members.extend(text.map(|text| (member, text)));
                    }
                }
                "example" => words.example = Some(value),
                "examples" => {
                    words.examples = object(value).at(&key)?.into_iter().collect();
                    for member in words.examples.keys() {
                        self.require_member(name, name, member);
                    }
                }
                "units" => {
                    for (member, value) in object(value).at(&key)? {
                        self.require_member(name, name, &member);
                        words.units.insert(member, unit(&value).at(&key)?);
                    }
                }
                key => {
                    let keys = ["documentation", "example", "examples", "members", "units"];
                    return Err(unknown(key, &keys));
                }
            }
        }
        Ok(words)
    }

    /// A text: a string, an array of strings, or null where it is missing.
    fn text(&mut self, value: Value, place: &str, own: Option<&str>) -> Result<Option<Text>> {
        let form = || Error::new("must be a string, an array of strings, or null");
        let text = match &value {
            Value::Null => return Ok(None),
            Value::String(paragraph) => Text::parse(&[paragraph], own)?,
            Value::Array(paragraphs) => {
                let paragraphs = paragraphs
                    .iter()
                    .map(|value| value.as_str().ok_or_else(form));
                Text::parse(&paragraphs.collect::<Result<Vec<_>>>()?, own)?
            }
            _ => return Err(form()),
        };
        for name in text.names() {
            self.require_name(place, name);
        }
        Ok(Some(text))
    }

    /// Lists a text that only repeats its name.
    fn judge(&mut self, shape: &str, member: Option<&str>, text: Option<&Text>) {
        if text.is_some_and(|text| filler::is_filler(text, shape, member)) {
            let place =
                member.map_or_else(|| shape.to_owned(), |member| format!("{shape}${member}"));
            self.problems.push(format!(
                "{place}: the text only repeats the name; say what it is for, or what must be known about it"
            ));
        }
    }

    fn require_name(&mut self, place: &str, name: &Name) {
        let Some(shape) = self.find(&name.shape) else {
            let names = self.names(|_| true);
            self.problems.push(format!(
                "{place}: the model has no `{}`{}",
                name.shape,
                did_you_mean(&name.shape, names)
            ));
            return;
        };
        match &name.member {
            Some(member) => self.require_member(place, &name.shape, member),
            None if !has_type(shape) => self.problems.push(format!(
                "{place}: `{}` is a {}, which has no type of its own; name an operation, a structure, a union, an enum \
                 or a member",
                name.shape,
                shape.type_name()
            )),
            None => {}
        }
    }

    fn require_member(&mut self, place: &str, shape: &str, member: &str) {
        let Some(found) = self.find(shape) else {
            return;
        };
        let has_names = has_type(found) && !matches!(found.kind, ShapeKind::Operation(_));
        // The values of an old enum need no names.
        if has_names && (found.member(member).is_some() || found.traits.has(trait_id::ENUM)) {
            return;
        }
        let members = found.members();
        let names = members.iter().map(|(name, _)| *name);
        let near = did_you_mean(member, names.filter(|_| has_names));
        self.problems
            .push(format!("{place}: `{shape}` has no member `{member}`{near}"));
    }

    /// An error of an operation: its own, those of the service, and those that the overlay adds.
    fn require_error(
        &mut self,
        name: &str,
        operation: Option<(&ast::Operation, &Shape)>,
        error: &str,
    ) {
        let Some((_, shape)) = operation else {
            return;
        };
        let service = self.model.service().ok().map(|(_, shape, _)| shape);
        let listed = [Some(shape), service].into_iter().flatten().any(|shape| {
            let added = shape.traits.added_errors().unwrap_or_default();
            let added = added.iter().any(|one| one.target.name() == error);
            added || shape.errors().iter().any(|one| one.target.name() == error)
        });
        if !listed {
            self.problems
                .push(format!("{name}: the operation has no error `{error}`"));
        }
    }

    fn find(&self, name: &str) -> Option<&'m Shape> {
        self.shapes.get(name).copied()
    }

    fn names(&self, is_meant: impl Fn(&Shape) -> bool) -> Vec<&'m str> {
        let shapes = self.shapes.iter();
        let meant = shapes.filter(|(_, shape)| is_meant(shape));
        meant.map(|(name, _)| *name).collect()
    }
}

/// Whether a shape has something in Rust to which a text can refer.
fn has_type(shape: &Shape) -> bool {
    matches!(
        shape.kind,
        ShapeKind::Operation(_)
            | ShapeKind::Structure(_)
            | ShapeKind::Union(_)
            | ShapeKind::Enum(_)
            | ShapeKind::IntEnum(_)
    ) || shape.traits.has(trait_id::ENUM)
}

fn object(value: Value) -> Result<Map<String, Value>> {
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(Error::new("must be an object")),
    }
}

fn unknown(key: &str, known: &[&str]) -> Error {
    Error::new(format!(
        "unknown key `{key}`; there are {}",
        known.join(", ")
    ))
}

/// What a member counts.
fn unit(value: &Value) -> Result<String> {
    let is_part = |letter: char| letter.is_alphabetic() || " -".contains(letter);
    let unit = value
        .as_str()
        .filter(|unit| !unit.is_empty() && unit.chars().all(is_part));
    let unit =
        unit.ok_or_else(|| Error::new("must be a noun in the singular, such as \"byte\""))?;
    Ok(unit.to_owned())
}

/// The pattern of an address: `{operation}` stands for the name of an operation.
fn reference(value: Value) -> Result<String> {
    let form = || {
        Error::new(
            "must be an address that begins with https:// and has {operation} in it, for the name of an operation",
        )
    };
    let text = value.as_str().ok_or_else(form)?;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/#?&=%+,:@".contains(&byte);
    let rest = text.replacen("{operation}", "", 1);
    let is_valid =
        rest.len() < text.len() && rest.starts_with("https://") && rest.bytes().all(is_part);
    is_valid.then(|| text.to_owned()).ok_or_else(form)
}
