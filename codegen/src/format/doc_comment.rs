//! Prints `#[doc = "…"]` attributes as comments.

use std::borrow::Cow;

use syn::{AttrStyle, Attribute, Expr, ExprLit, Lit, Meta};

use super::shape::Indent;

/// The text of a documentation attribute, if it is one.
pub(super) fn documentation(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else {
        return None;
    };
    let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = &pair.value
    else {
        return None;
    };
    pair.path.is_ident("doc").then(|| text.value())
}

/// One comment line per line of text. A line gets a space after the marker unless the text was
/// written with one.
pub(super) fn print(text: &str, style: &AttrStyle, indent: Indent) -> String {
    let marker = match style {
        AttrStyle::Outer => "///",
        AttrStyle::Inner(_) => "//!",
    };
    let mut result = String::new();
    push(&mut result, text, marker, indent);
    result
}

/// Adds the comment to what was printed before it.
pub(super) fn push(result: &mut String, text: &str, marker: &str, indent: Indent) {
    let spaced = text.starts_with(' ');
    for (index, line) in text.split('\n').enumerate() {
        let line = line.trim_end();
        if index > 0 {
            result.push('\n');
            indent.push_spaces(result);
        }
        result.push_str(marker);
        if !(line.is_empty() || spaced && line.starts_with(' ')) {
            result.push(' ');
        }
        result.extend(line.split('\r'));
    }
}

/// The value of a string literal without its quotes, if it has plain escapes only.
pub(super) fn unescape(literal: &str) -> Option<Cow<'_, str>> {
    if !literal.contains('\\') {
        return Some(Cow::Borrowed(literal));
    }
    let mut text = String::with_capacity(literal.len());
    let mut parts = literal.split('\\');
    text.push_str(parts.next()?);
    while let Some(part) = parts.next() {
        let mut rest = part.chars();
        match rest.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some(quote @ ('"' | '\'')) => text.push(quote),
            // Two backslashes: what follows the second one stands for itself.
            None => {
                text.push('\\');
                rest = parts.next()?.chars();
            }
            Some(_) => return None,
        }
        text.push_str(rest.as_str());
    }
    Some(Cow::Owned(text))
}
