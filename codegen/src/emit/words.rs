//! Texts of ours as Markdown, with links to the Rust items that they name.

use crate::escape::markdown::{code, text};
use crate::plan::reserved::types::CLIENT;
use crate::plan::{Definition, Field, Plan, TypeDefinition};
use crate::words::text::{Name, Piece, Text};

/// The first sentence without links to items.
pub(super) fn plain_sentence(plan: &Plan<'_>, words: &Text) -> String {
    plain_inline(plan, words.first_sentence().pieces())
}

/// What a link to an item shows.
fn label(link: &str) -> String {
    let label = link
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]("));
    label.map_or(link, |(label, _)| label).to_owned()
}

/// The first sentence of a text, on one line.
pub(super) fn first_sentence(plan: &Plan<'_>, words: &Text) -> String {
    inline(plan, words.first_sentence().pieces())
}

/// A text as one line, for an item of a list: its paragraphs one after the other, up to what is no paragraph.
pub(super) fn one_line(plan: &Plan<'_>, words: &Text) -> String {
    let paragraphs = words.0.iter().take_while(|one| one.inside.is_empty());
    let paragraphs = paragraphs.map_while(|one| match one.pieces() {
        [] => None,
        pieces => Some(inline(plan, pieces)),
    });
    let paragraphs: Vec<String> = paragraphs.collect();
    match paragraphs.is_empty() {
        true => first_sentence(plan, words),
        false => paragraphs.join(" "),
    }
}

/// Text on one line.
pub(super) fn inline(plan: &Plan<'_>, pieces: &[Piece]) -> String {
    inline_with(pieces, |name| link(plan, name))
}

/// The same without links to items, for pages beside the documentation.
pub(super) fn plain_inline(plan: &Plan<'_>, pieces: &[Piece]) -> String {
    inline_with(pieces, |name| label(&link(plan, name)))
}

fn inline_with(pieces: &[Piece], link: impl Fn(&Name) -> String) -> String {
    let mut result = String::new();
    for piece in pieces {
        match piece {
            Piece::Plain(plain) if !result.is_empty() => result.push_str(&inner_text(plain)),
            Piece::Plain(plain) => result.push_str(&text(plain)),
            Piece::Code(plain) => result.push_str(&code(plain)),
            Piece::Link { label, url } => result.push_str(&format!("[{}]({url})", text(label))),
            Piece::Name(name) => result.push_str(&link(name)),
            Piece::Strong(plain) => result.push_str(&format!("**{}**", inner_text(plain))),
            Piece::Emphasis(plain) => result.push_str(&format!("*{}*", inner_text(plain))),
        }
    }
    result
}

/// Text that is not at the beginning of a line, which a letter before it marks.
fn inner_text(plain: &str) -> String {
    text(&format!("`{plain}"))[2..].to_owned()
}

/// A link to the Rust item of a name; code where the crate has no such item.
fn link(plan: &Plan<'_>, name: &Name) -> String {
    let operations = &mut plan.operations.iter();
    if let Some(operation) = operations.find(|one| one.model.id.name() == name.shape) {
        let function = &operation.function;
        return format!("[`{function}`](crate::{CLIENT}::{function})");
    }
    let types = &mut plan.types.iter();
    let definition = types.find(|definition| definition.model.id.name() == name.shape);
    let linked = definition.and_then(|definition| match &name.member {
        Some(member) => member_link(definition, member, name.is_own),
        None => Some(format!(
            "[`{0}`](crate::{1}::{0})",
            definition.name,
            definition.module.path()
        )),
    });
    linked.unwrap_or_else(|| match &name.member {
        Some(member) => code(member),
        None => code(&name.shape),
    })
}

fn member_link(definition: &TypeDefinition<'_>, member: &str, is_own: bool) -> Option<String> {
    let place = format!("crate::{}::{}", definition.module.path(), definition.name);
    let variant = |variant: &str| format!("[`{}::{variant}`]({place}::{variant})", definition.name);
    match &definition.definition {
        Definition::Structure(_) => {
            let field = definition.field(member)?;
            let target = field_link(&place, field);
            Some(match is_own {
                true => format!("[`{}`]({target})", field.name),
                false => format!("[`{}::{}`]({target})", definition.name, field.name),
            })
        }
        Definition::Union(_) => Some(variant(&definition.field(member)?.name)),
        Definition::Enum(values) => {
            let value = values.iter().find(|value| value.model.name == member)?;
            Some(variant(&value.name))
        }
        Definition::IntEnum(values) => {
            let value = values.iter().find(|value| value.model.name == member)?;
            Some(variant(&value.name))
        }
    }
}

/// The target of a link to a field. Its setter may have the same name.
pub(super) fn field_link(structure: &str, field: &Field<'_>) -> String {
    format!("field@{structure}::{}", field.name)
}
