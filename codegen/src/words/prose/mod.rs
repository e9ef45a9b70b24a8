//! The prose of a source: the documentation that a published model carries, as texts.
//!
//! `prose.json` holds what the model says, unchanged: HTML for the services of AWS. It is text from outside, so nothing
//! of it reaches a page as it is. `html` reads the tags, `blocks` makes paragraphs, lists, boxes, listings and tables,
//! `pieces` makes what a paragraph consists of. The result is the same [`Text`] as that of `docs.json`, which escapes
//! and prints in the same way.

mod blocks;
mod html;
mod pieces;
mod plain;

use std::collections::{BTreeMap, BTreeSet};

use super::text::{Body, Text};
use super::{ShapeWords, Words};
use crate::error::{Context, Error, Result};
use crate::import::prose::Prose;
use crate::model::{Definition, Service, Type, TypeKind};

/// The most bytes of one text. The longest one of AWS has 83 kB.
pub const LENGTH: usize = 256 << 10;

/// How many elements can be open at a place. AWS has at most 9.
pub const DEPTH: usize = 64;

/// What a text can name: operations, and the types of the crate.
#[derive(Debug, Default)]
pub struct Known<'m> {
    operations: BTreeSet<&'m str>,
    types: BTreeSet<&'m str>,
}

impl<'m> Known<'m> {
    /// The operations and types of a service.
    pub fn of(service: &'m Service) -> Self {
        let operations = service.operations.iter();
        let types = service.types.iter();
        Self {
            operations: operations.map(|operation| operation.id.name()).collect(),
            types: types.map(|definition| definition.id.name()).collect(),
        }
    }

    fn is_operation(&self, name: &str) -> bool {
        self.operations.contains(name)
    }

    fn has(&self, name: &str) -> bool {
        self.is_operation(name) || self.types.contains(name)
    }
}

/// The text of one documentation; `None` where it is empty.
///
/// # Errors
/// More than [`LENGTH`] bytes, or more than [`DEPTH`] elements in each other.
pub fn text(source: &str, known: &Known<'_>) -> Result<Option<Text>> {
    if source.len() > LENGTH {
        return Err(Error::new(format!(
            "the documentation has {} bytes; the limit is {LENGTH}{REMEDY}",
            source.len()
        )));
    }
    let text = html::read(source, known)?;
    let says_something = |body: &Body| matches!(body, Body::Pieces(pieces) if !pieces.is_empty());
    Ok(text
        .0
        .iter()
        .any(|one| says_something(&one.body))
        .then_some(text))
}

/// What to do about a text that cannot be used.
const REMEDY: &str =
    "; `documentation = \"facts\"` in attache.toml generates without the prose of the source";

/// The constructs of a documentation, each as often as it has it: elements, with `in` for a list or box in another one,
/// kinds of links, and references to characters.
pub fn constructs(source: &str) -> BTreeMap<String, usize> {
    html::constructs(source)
}

/// Fills in the texts that `docs.json` has not.
///
/// # Errors
/// The first text that [`text`] refuses, with its place.
pub fn fill(service: &mut Service, prose: &Prose) -> Result<()> {
    let mut words = std::mem::take(&mut service.words);
    let filled = fill_words(&mut words, service, prose);
    service.words = words;
    filled
}

fn fill_words(words: &mut Words, service: &Service, prose: &Prose) -> Result<()> {
    let known = Known::of(service);
    let read = |place: &str| -> Result<Option<Text>> {
        let source = prose.get(place).filter(|source| !source.is_empty());
        let read = source.map(|source| text(source, &known).at(place));
        Ok(read.transpose()?.flatten())
    };
    if words.service.documentation.is_none() {
        words.service.documentation = read(service.id.name())?;
    }
    for operation in &service.operations {
        let name = operation.id.name();
        if words.of_operation(name).is_none()
            && let Some(text) = read(name)?
        {
            let entry = words.operations.entry(name.to_owned()).or_default();
            entry.documentation = Some(text);
        }
    }
    for definition in &service.types {
        let shape = definition.id.name();
        let mut own = ShapeWords::default();
        if words.of_shape(shape).is_none() {
            own.documentation = read(shape)?;
        }
        // What a member lacks, the shape of its type may say.
        let members: Vec<(&str, Option<&str>)> = match &definition.definition {
            Definition::Structure(members) | Definition::Union(members) => members
                .iter()
                .map(|member| (member.name.as_str(), simple_shape(&member.ty)))
                .collect(),
            Definition::Enum(values) => {
                values.iter().map(|one| (one.name.as_str(), None)).collect()
            }
            Definition::IntEnum(values) => {
                values.iter().map(|one| (one.name.as_str(), None)).collect()
            }
        };
        for (member, target) in members {
            if words.of_member(shape, member).is_some() {
                continue;
            }
            let text = match (read(&format!("{shape}${member}"))?, target) {
                (None, Some(target)) => read(target)?,
                (text, _) => text,
            };
            own.members
                .extend(text.map(|text| (member.to_owned(), text)));
        }
        if own != ShapeWords::default() {
            let entry = words.shapes.entry(shape.to_owned()).or_default();
            entry.documentation = entry.documentation.take().or(own.documentation);
            entry.members.append(&mut own.members);
        }
    }
    Ok(())
}

/// The name of a shape without a Rust type, whose documentation is shown nowhere else.
fn simple_shape(ty: &Type) -> Option<&str> {
    let has_type = matches!(ty.kind, TypeKind::Named(_)) || ty.shape.namespace() == "smithy.api";
    (!has_type).then(|| ty.shape.name())
}
