//! Documentation of generated items: the facts of the model, in words.
//!
//! The models hold no prose, so a member's documentation is made of facts: its name on the wire, its type, its
//! constraints, whether it is required.

use proc_macro2::TokenStream;
use quote::quote;

use super::constraint_text::constraint_sentences;
use crate::escape::markdown::{code, text};
use crate::escape::{line, url_segment};
use crate::model::TokenForm;
use crate::plan::{Field, Operation, Plan, Type, TypeKind};

/// `#[doc]` attributes for lines of Markdown.
pub(super) fn doc(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| comment(line));
    quote!(#(#[doc = #lines])*)
}

/// `#![doc]` attributes for the top of a file.
pub(super) fn inner_doc(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| comment(line));
    quote!(#(#![doc = #lines])*)
}

/// One line of a comment. Its text was escaped for Markdown, and cannot end the line.
fn comment(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!(" {}", line(text))
    }
}

/// `#[deprecated]`, where the model says so. rustdoc reads the note as Markdown.
pub(super) fn deprecation(note: Option<&String>) -> TokenStream {
    match note.map(|note| text(note)) {
        Some(note) => quote!(#[deprecated(note = #note)]),
        None => TokenStream::new(),
    }
}

/// The documentation of a member.
pub(super) fn field_lines(plan: &Plan<'_>, field: &Field<'_>) -> Vec<String> {
    let mut sentence = format!("{}: {}", code(&field.model.name), type_text(&field.ty));
    if field.model.required {
        sentence.push_str(", required");
    }
    sentence.push('.');
    let mut lines = vec![sentence];
    let constraints = constraint_sentences(plan, &field.ty);
    if !constraints.is_empty() {
        lines.push(String::new());
        lines.extend(constraints);
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

/// The documentation of a builder's setter, which links to that of the member.
pub(super) fn setter_lines(plan: &Plan<'_>, structure: &str, field: &Field<'_>) -> [String; 1] {
    let required = if field.model.required {
        ", required"
    } else {
        ""
    };
    let constrained = if constraint_sentences(plan, &field.ty).is_empty() {
        ""
    } else {
        ", constrained"
    };
    let type_text = type_text(&field.ty);
    // A link to a name that is also the name of a method would resolve to the method.
    let kind = if field.setter.name != field.name {
        "field@"
    } else {
        ""
    };
    [format!(
        "[{}]({kind}{structure}::{}): {type_text}{required}{constrained}.",
        code(&field.model.name),
        field.name
    )]
}

/// A type in words.
pub(super) fn type_text(ty: &Type<'_>) -> String {
    match &ty.kind {
        TypeKind::Boolean => "boolean".to_owned(),
        TypeKind::Byte => "8-bit integer".to_owned(),
        TypeKind::Short => "16-bit integer".to_owned(),
        TypeKind::Integer => "32-bit integer".to_owned(),
        TypeKind::Long => "64-bit integer".to_owned(),
        TypeKind::Float => "32-bit float".to_owned(),
        TypeKind::Double => "64-bit float".to_owned(),
        TypeKind::String { .. } => "string".to_owned(),
        TypeKind::Blob { .. } => "bytes".to_owned(),
        TypeKind::StreamingBlob { .. } => "stream of bytes".to_owned(),
        TypeKind::Timestamp(_) => "timestamp".to_owned(),
        TypeKind::Document => "JSON document".to_owned(),
        TypeKind::List { element, sparse } => {
            format!(
                "list of {}{}",
                type_text(element),
                if *sparse { " or null" } else { "" }
            )
        }
        TypeKind::Map { value, sparse, .. } => {
            format!(
                "map from string to {}{}",
                type_text(value),
                if *sparse { " or null" } else { "" }
            )
        }
        // The code of a documented member names its type as well, so it is in scope.
        TypeKind::Enum(_) | TypeKind::IntEnum(_) | TypeKind::Structure(_) | TypeKind::Union(_) => {
            format!("[`{}`]", ty.rust)
        }
    }
}

/// The page of an operation in the AWS API reference.
pub(super) fn reference_link(plan: &Plan<'_>, operation: &Operation<'_>) -> String {
    let service_id = plan.model.sdk_id.to_lowercase().replace(' ', "-");
    format!(
        "[AWS API reference](https://docs.aws.amazon.com/goto/WebAPI/{}-{}/{})",
        url_segment(&service_id),
        url_segment(&plan.model.version),
        url_segment(&operation.model.name)
    )
}
