//! Texts of ours as Markdown, with links to the Rust items that they name.

use crate::escape::markdown::{code, text};
use crate::plan::reserved::types::CLIENT;
use crate::plan::{Definition, Field, Plan, TypeDefinition};
use crate::words::text::{Name, Paragraph, Piece, Text};

/// The lines of a text: an empty line between paragraphs, none between the items of a list.
pub(super) fn text_lines(plan: &Plan<'_>, words: &Text) -> Vec<String> {
    lines(words, |paragraph| line(plan, paragraph))
}

fn lines(words: &Text, line: impl Fn(&Paragraph) -> String) -> Vec<String> {
    let mut lines = Vec::new();
    let mut was_item = false;
    for paragraph in &words.0 {
        let continues_list = was_item && paragraph.is_item;
        if !lines.is_empty() && !continues_list {
            lines.push(String::new());
        }
        let start = if paragraph.is_item { "* " } else { "" };
        lines.push(format!("{start}{}", line(paragraph)));
        was_item = paragraph.is_item;
    }
    lines
}

/// The same without links to items, for pages beside the documentation.
pub(super) fn plain_lines(plan: &Plan<'_>, words: &Text) -> Vec<String> {
    lines(words, |paragraph| {
        line_with(paragraph, |name| label(&link(plan, name)))
    })
}

/// The first sentence without links to items.
pub(super) fn plain_sentence(plan: &Plan<'_>, words: &Text) -> String {
    line_with(&words.first_sentence(), |name| label(&link(plan, name)))
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
    line(plan, &words.first_sentence())
}

/// A text as one line, for an item of a list: its paragraphs one after the other.
pub(super) fn one_line(plan: &Plan<'_>, words: &Text) -> String {
    let paragraphs: Vec<String> = words.0.iter().map(|one| line(plan, one)).collect();
    paragraphs.join(" ")
}

fn line(plan: &Plan<'_>, paragraph: &Paragraph) -> String {
    line_with(paragraph, |name| link(plan, name))
}

fn line_with(paragraph: &Paragraph, link: impl Fn(&Name) -> String) -> String {
    let mut result = String::new();
    for piece in &paragraph.pieces {
        match piece {
            // A letter before the text marks that it is not at the beginning of a line.
            Piece::Plain(plain) if !result.is_empty() => {
                result.push_str(&text(&format!("`{plain}"))[2..]);
            }
            Piece::Plain(plain) => result.push_str(&text(plain)),
            Piece::Code(plain) => result.push_str(&code(plain)),
            Piece::Link { label, url } => result.push_str(&format!("[{}]({url})", text(label))),
            Piece::Name(name) => result.push_str(&link(name)),
        }
    }
    result
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
