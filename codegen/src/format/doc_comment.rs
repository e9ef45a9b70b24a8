//! Prints `#[doc = "…"]` attributes as comments.

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
    let spaced = text.starts_with(' ');
    let mut result = String::new();
    for (index, line) in text.split('\n').enumerate() {
        let line = line.trim_end();
        if index > 0 {
            result.push_str(&indent.line());
        }
        result.push_str(marker);
        if !(line.is_empty() || spaced && line.starts_with(' ')) {
            result.push(' ');
        }
        result.push_str(&line.replace('\r', ""));
    }
    result
}
