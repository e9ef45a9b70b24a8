//! Documentation of generated items: the facts of the model, in words.
//!
//! The models hold no prose. Where the service has words of ours, they come first; the facts follow: the name on the
//! wire, the type, the constraints, whether a member is required.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::constraint_text::{all_limits, constraint_sentences};
use super::text_lines::text_lines;
use super::words::{field_link, first_sentence};
use super::wrap::wrapped;
use crate::escape::markdown::{code, text};
use crate::escape::{self, url_segment};
use crate::model::{TokenForm, TypeId};
use crate::plan::{Field, Operation, Plan, RustType, Type, TypeDefinition, TypeKind};
use crate::print::COMMENT_BREAK;
use crate::words::text::Text;

/// A `#[doc]` attribute for lines of Markdown.
pub(super) fn doc(lines: &[String]) -> TokenStream {
    let comment = comment(lines).into_iter();
    quote!(#(#[doc = #comment])*)
}

/// A `#![doc]` attribute for the top of a file.
pub(super) fn inner_doc(lines: &[String]) -> TokenStream {
    let comment = comment(lines).into_iter();
    quote!(#(#![doc = #comment])*)
}

/// A comment, if it has lines. Its text was escaped for Markdown, and cannot end a line.
///
/// It is one literal, because each attribute takes a dozen allocations before it is text again, and a raw one where it
/// can be: documentation is most of the text of a file, and a raw literal costs neither escapes nor their removal.
fn comment(lines: &[String]) -> Option<Literal> {
    if lines.is_empty() {
        return None;
    }
    let mut text = String::new();
    for (index, line) in wrapped(lines).iter().enumerate() {
        if index > 0 {
            text.push(COMMENT_BREAK);
        }
        if !line.is_empty() {
            text.push(' ');
            text.push_str(&escape::line(line));
        }
    }
    if !cfg!(feature = "format") {
        // An inner attribute must stay on its line, so that `File::text_to_include` can leave it out.
        return Some(Literal::string(&text));
    }
    let mark = if text.contains('"') { "#" } else { "" };
    let raw = format!("r{mark}\"{text}\"{mark}");
    // It does not parse if the text contains the end of a raw literal.
    Some(raw.parse().unwrap_or_else(|_| Literal::string(&text)))
}

/// `#[deprecated]`, where the model says so. rustdoc reads the note as Markdown.
pub(super) fn deprecation(note: Option<&String>) -> TokenStream {
    match note.map(|note| text(note)) {
        Some(note) => quote!(#[deprecated(note = #note)]),
        None => TokenStream::new(),
    }
}

/// The documentation of a member: what it is for, then the facts.
pub(super) fn field_lines(plan: &Plan<'_>, field: &Field<'_>) -> Vec<String> {
    let mut sentence = format!("{}: {}", code(&field.model.name), type_text(&field.ty));
    if field.model.required {
        sentence.push_str(", required");
    }
    sentence.push('.');
    let mut lines = described(plan, of_member(plan, field), vec![sentence]);
    let constraints = constraint_sentences(plan, field);
    if !constraints.is_empty() {
        lines.push(String::new());
        lines.extend(constraints.iter().map(|text| format!("* {text}")));
    }
    let mut notes = Vec::new();
    match field.model.idempotency_token {
        Some(TokenForm::Hyphenated) => notes.push(
            "Filled in with a random UUID when it is absent; a request with a token that was used before has no \
             further effect."
                .to_owned(),
        ),
        Some(TokenForm::Digits) => notes.push(
            "Filled in with the 32 digits of a random UUID when it is absent; a request with a token that was used \
             before has no further effect."
                .to_owned(),
        ),
        None => {}
    }
    if field.model.recommended.is_some() && !field.model.required {
        notes.push("Recommended by the documentation; the strict level requires it.".to_owned());
    }
    if let Some(default) = &field.model.default {
        notes.push(format!(
            "The service uses {} when it is absent.",
            code(&default.to_string())
        ));
    }
    if field.ty.model.hides_values() {
        notes.push("Sensitive: `Debug` does not show it.".to_owned());
    }
    if !notes.is_empty() {
        lines.push(String::new());
        lines.extend(notes);
    }
    lines
}

/// The facts about something, below its words where it has some.
pub(super) fn described(plan: &Plan<'_>, words: Option<&Text>, facts: Vec<String>) -> Vec<String> {
    let Some(words) = words else {
        return facts;
    };
    let mut lines = text_lines(plan, words);
    lines.push(String::new());
    lines.extend(facts);
    lines
}

/// The words about a type.
pub(super) fn of_type<'m>(plan: &Plan<'m>, definition: &TypeDefinition<'_>) -> Option<&'m Text> {
    plan.words()?.of_shape(definition.model.id.name())
}

/// The words about a member.
pub(super) fn of_member<'m>(plan: &Plan<'m>, field: &Field<'_>) -> Option<&'m Text> {
    let id = &field.model.id;
    plan.words()?.of_member(id.name(), id.member()?)
}

/// The documentation of a builder's setter: the first sentence about the member, a link to its field, and its limits.
pub(super) fn setter_lines(plan: &Plan<'_>, structure: &str, field: &Field<'_>) -> Vec<String> {
    let required = if field.model.required {
        ", required"
    } else {
        ""
    };
    let limits: String = all_limits(plan, field)
        .iter()
        .map(|text| format!("; {text}"))
        .collect();
    let facts = format!(
        "[{}]({}): {}{required}{limits}.",
        code(&field.model.name),
        field_link(structure, field),
        type_text(&field.ty),
    );
    match of_member(plan, field) {
        Some(words) => vec![first_sentence(plan, words), String::new(), facts],
        None => vec![facts],
    }
}

/// A type in words, with links to generated types that are in scope.
pub(super) fn type_text(ty: &Type<'_>) -> String {
    // The code of a documented member names its type as well, so it is in scope.
    type_words(ty, &|name, _| format!("[`{name}`]"))
}

/// A type in words, with links to generated types by their paths.
pub(super) fn linked_type_text(plan: &Plan<'_>, ty: &Type<'_>) -> String {
    type_words(ty, &|name, id| {
        let module = plan.type_definition(id).module.path();
        format!("[`{name}`](crate::{module}::{name})")
    })
}

fn type_words(ty: &Type<'_>, named: &dyn Fn(&RustType, TypeId) -> String) -> String {
    match &ty.kind {
        TypeKind::Boolean => "boolean".to_owned(),
        TypeKind::Byte => "8-bit integer".to_owned(),
        TypeKind::Short => "16-bit integer".to_owned(),
        TypeKind::Integer => "32-bit integer".to_owned(),
        TypeKind::Long => "64-bit integer".to_owned(),
        TypeKind::Float => "32-bit float".to_owned(),
        TypeKind::Double => "64-bit float".to_owned(),
        TypeKind::BigInteger => "integer of any length".to_owned(),
        TypeKind::BigDecimal => "decimal number of any length".to_owned(),
        TypeKind::String { .. } => "string".to_owned(),
        TypeKind::Blob { .. } => "bytes".to_owned(),
        TypeKind::StreamingBlob { .. } => "stream of bytes".to_owned(),
        TypeKind::EventStream(_) => "stream of events".to_owned(),
        TypeKind::Timestamp(_) => "timestamp".to_owned(),
        TypeKind::Document => "JSON document".to_owned(),
        TypeKind::List { element, sparse } => {
            format!(
                "list of {}{}",
                type_words(element, named),
                if *sparse { " or null" } else { "" }
            )
        }
        TypeKind::Map { value, sparse, .. } => {
            format!(
                "map from string to {}{}",
                type_words(value, named),
                if *sparse { " or null" } else { "" }
            )
        }
        TypeKind::Enum(id)
        | TypeKind::IntEnum(id)
        | TypeKind::Structure(id)
        | TypeKind::Union(id) => named(&ty.rust, *id),
    }
}

/// The page of an operation in the reference of the service, at the address in `docs.json`, or else at `other`: one that
/// the settings have. `None` without any, because a wrong address is worse than none.
pub(super) fn reference_link(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    other: Option<&str>,
) -> Option<String> {
    let reference = plan.model.words.service.reference.as_deref().or(other)?;
    let address = reference
        .replace("{service}", &url_segment(&plan.model.doc_id))
        .replace("{operation}", &url_segment(&operation.model.name));
    Some(format!("[API reference]({address})"))
}

// Without a layout, comments are attributes.
#[cfg(all(test, feature = "format"))]
mod tests {
    use super::doc;
    use crate::print;

    #[test]
    fn a_comment_shows_the_line_whatever_is_in_it() {
        let lines = [
            "plain",
            "",
            r#"a "quoted" text"#,
            r##"an end of a raw literal: "# and r#"x"#"##,
            r"a \ at the end \",
            "a backslash and a quote \\\"",
            "Ünïcode – 日本",
            "hidden \u{202e} and \r",
        ]
        .map(str::to_owned);
        let item = doc(&lines);
        let text = print::file("", quote::quote!(#item struct One;)).expect("an item");
        let expected = "\
/// plain
///
/// a \"quoted\" text
/// an end of a raw literal: \"# and r#\"x\"#
/// a \\ at the end \\
/// a backslash and a quote \\\"
/// Ünïcode – 日本
/// hidden \\u{202e} and \\r
struct One;
";
        assert_eq!(text, expected);
    }
}
