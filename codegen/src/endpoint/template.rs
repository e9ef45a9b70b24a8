//! Template strings: `https://{Region}.{PartitionResult#dnsSuffix}`.

use crate::error::{Error, Result};

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Text to keep.
    Literal(String),
    /// A value to fill in.
    Value {
        /// The parameter or variable.
        name: String,
        /// The path after `#`.
        path: Option<String>,
    },
}

/// Parses a template; `{{` and `}}` stand for the braces themselves.
///
/// # Errors
///
/// An unbalanced brace, or nothing between braces.
pub(super) fn parse(template: &str) -> Result<Vec<Part>> {
    let fail = |what: &str| Error::new(format!("template `{template}`: {what}"));
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        literal.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            literal.push_str(brace);
            rest = after;
            continue;
        }
        if brace == "}" {
            return Err(fail("`}` without `{`"));
        }
        let (value, after) = rest
            .split_once('}')
            .ok_or_else(|| fail("`{` without `}`"))?;
        rest = after;
        let (name, path) = match value.split_once('#') {
            Some((name, path)) => (name, Some(path)),
            None => (value, None),
        };
        if name.is_empty() || path == Some("") || value.contains('{') {
            return Err(fail(&format!("`{{{value}}}` names no value")));
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(std::mem::take(&mut literal)));
        }
        parts.push(Part::Value {
            name: name.to_owned(),
            path: path.map(str::to_owned),
        });
    }
    literal.push_str(rest);
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Ok(parts)
}
