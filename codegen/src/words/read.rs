//! Reads `docs.json`, and compares its names with a model.
//!
//! The form must be right: an unknown key or a malformed text is an error with its place. Names that the model lacks, and
//! texts that only repeat a name, are listed instead, so that one run shows all of them, and so that an update to a model
//! without a shape can go on.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::filler;
use super::form::{reference, unit};
use super::text::{Name, Text};
use super::{OperationWords, Problem, Section, ServiceWords, ShapeWords, Step, Words};
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
            reader.enter(&key);
            match key.as_str() {
                "service" => words.service = reader.service(value).at("service")?,
                "operations" => {
                    for (name, value) in object(value).at("operations")? {
                        reader.enter(&name);
                        let read = reader.operation(&name, value);
                        words.operations.insert(name.clone(), read.at(&name)?);
                        reader.leave();
                    }
                }
                "shapes" => {
                    for (name, value) in object(value).at("shapes")? {
                        reader.enter(&name);
                        let read = reader.shape(&name, value);
                        words.shapes.insert(name.clone(), read.at(&name)?);
                        reader.leave();
                    }
                }
                key => return Err(unknown(key, &["operations", "service", "shapes"])),
            }
            reader.leave();
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
    /// Where the reader is. An error ends the reading, so nothing must leave a place then.
    place: Vec<Step>,
    problems: Vec<Problem>,
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
            place: Vec::new(),
            problems: Vec::new(),
        }
    }

    fn enter(&mut self, key: &str) {
        self.place.push(Step::Key(key.to_owned()));
    }

    fn leave(&mut self) {
        self.place.pop();
    }

    /// Lists a problem of this place.
    fn report(&mut self, sentence: String) {
        self.problems.push(Problem {
            place: self.place.clone(),
            sentence,
        });
    }

    fn service(&mut self, value: Value) -> Result<ServiceWords> {
        let mut words = ServiceWords::default();
        for (key, value) in object(value)? {
            self.enter(&key);
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
            self.leave();
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
            self.report(format!(
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
            self.report(format!(
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
            self.enter(&key);
            let section = Section::ALL
                .into_iter()
                .find(|section| section.key() == key);
            if let Some(section) = section {
                let text = self.text(value, name, request).at(&key)?;
                words.sections.extend(text.map(|text| (section, text)));
                self.leave();
                continue;
            }
            match key.as_str() {
                "documentation" => {
                    words.documentation = self.text(value, name, request).at(&key)?;
                    self.judge(name, None, words.documentation.as_ref());
                }
                "errors" => {
                    for (error, value) in object(value).at(&key)? {
                        self.enter(&error);
                        self.require_error(name, operation, &error);
                        let text = self.text(value, name, request).at(&error)?;
                        words.errors.extend(text.map(|text| (error, text)));
                        self.leave();
                    }
                }
                "example" => {
                    words.example = object(value).at(&key)?.into_iter().collect();
                    self.require_members(name, request.unwrap_or_default(), &words.example);
                }
                key => {
                    let keys = ["after", "before", "documentation", "errors", "example"];
                    return Err(unknown(key, &[&keys[..], &["limits", "related"]].concat()));
                }
            }
            self.leave();
        }
        Ok(words)
    }

    fn shape(&mut self, name: &str, value: Value) -> Result<ShapeWords> {
        let mut words = ShapeWords::default();
        let found = self.find(name);
        if found.is_none_or(|shape| matches!(shape.kind, ShapeKind::Operation(_))) {
            let names = self.names(|shape| !matches!(shape.kind, ShapeKind::Operation(_)));
            self.report(format!(
                "{name}: the model has no such shape{}",
                did_you_mean(name, names)
            ));
        }
        for (key, value) in object(value)? {
            self.enter(&key);
            match key.as_str() {
                "documentation" => {
                    words.documentation = self.text(value, name, Some(name)).at(&key)?;
                    self.judge(name, None, words.documentation.as_ref());
                }
                "members" => {
                    for (member, value) in object(value).at(&key)? {
                        self.enter(&member);
                        self.require_member(name, name, &member);
                        let place = format!("{name}${member}");
                        let text = self.text(value, &place, Some(name)).at(&member)?;
                        self.judge(name, Some(&member), text.as_ref());
                        words.members.extend(text.map(|text| (member, text)));
                        self.leave();
                    }
                }
                "example" => words.example = Some(value),
                "examples" => {
                    words.examples = object(value).at(&key)?.into_iter().collect();
                    self.require_members(name, name, &words.examples);
                }
                "units" => {
                    for (member, value) in object(value).at(&key)? {
                        self.enter(&member);
                        self.require_member(name, name, &member);
                        words.units.insert(member, unit(&value).at(&key)?);
                        self.leave();
                    }
                }
                key => {
                    let keys = ["documentation", "example", "examples", "members", "units"];
                    return Err(unknown(key, &keys));
                }
            }
            self.leave();
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
        for (index, paragraph) in text.0.iter().enumerate() {
            if value.is_array() {
                self.place.push(Step::Paragraph(index));
            }
            for name in paragraph.names() {
                self.require_name(place, name);
            }
            if value.is_array() {
                self.place.pop();
            }
        }
        Ok(Some(text))
    }

    /// Lists a text that only repeats its name.
    fn judge(&mut self, shape: &str, member: Option<&str>, text: Option<&Text>) {
        if text.is_some_and(|text| filler::is_filler(text, shape, member)) {
            let place =
                member.map_or_else(|| shape.to_owned(), |member| format!("{shape}${member}"));
            self.report(format!(
                "{place}: the text only repeats the name; say what it is for, or what must be known about it"
            ));
        }
    }

    fn require_name(&mut self, place: &str, name: &Name) {
        let Some(shape) = self.find(&name.shape) else {
            let names = self.names(|_| true);
            self.report(format!(
                "{place}: the model has no `{}`{}",
                name.shape,
                did_you_mean(&name.shape, names)
            ));
            return;
        };
        match &name.member {
            Some(member) => self.require_member(place, &name.shape, member),
            None if !has_type(shape) => self.report(format!(
                "{place}: `{}` is a {}, which has no type of its own; name an operation, a structure, a union, an enum \
                 or a member",
                name.shape,
                shape.type_name()
            )),
            None => {}
        }
    }

    /// Values for examples, by member.
    fn require_members(&mut self, place: &str, shape: &str, values: &BTreeMap<String, Value>) {
        for member in values.keys() {
            self.enter(member);
            self.require_member(place, shape, member);
            self.leave();
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
        self.report(format!("{place}: `{shape}` has no member `{member}`{near}"));
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
            self.report(format!("{name}: the operation has no error `{error}`"));
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
