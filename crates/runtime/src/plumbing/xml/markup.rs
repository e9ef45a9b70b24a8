//! Names, and the attributes of a start tag.

use crate::texts::prefix;

/// White space of XML (the production `S`). Other white space of Unicode is text.
pub(super) const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// The number of bytes of white space at the begin.
pub(super) fn space_length(bytes: &[u8]) -> usize {
    prefix(bytes, is_space)
}

/// The length of the name at the begin; 0 if there is none. Characters beyond ASCII may all be part of names.
pub(super) fn name_length(bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(b'a'..=b'z' | b'A'..=b'Z' | b'_' | b':' | 0x80..) => {
            let is_part = |byte: u8| matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b':' | b'-' | b'.' | 0x80..);
            prefix(bytes, is_part)
        }
        _ => 0,
    }
}

/// A name without its prefix.
#[inline(never)]
pub(super) fn local(name: &str) -> &str {
    match name.as_bytes().iter().rposition(|byte| *byte == b':') {
        Some(colon) => &name[colon + 1..],
        None => name,
    }
}

/// An attribute.
pub(super) struct Attribute<'a> {
    pub(super) name: &'a str,
    /// The value as it is written, with references.
    pub(super) value: &'a str,
}

/// What follows in a start tag.
pub(super) enum Next<'a> {
    /// An attribute, and its length with the white space before it.
    Attribute(Attribute<'a>, usize),
    /// The end of the tag after this number of bytes, with it, and whether the element has no content.
    End(usize, bool),
    /// Nothing that may be there: the position, and what was expected.
    Wrong(usize, &'static str),
}

/// What follows the name of a start tag, or an attribute.
pub(super) fn next(tag: &str) -> Next<'_> {
    let bytes = tag.as_bytes();
    let start = space_length(bytes);
    match bytes.get(start) {
        Some(b'>') => return Next::End(start + 1, false),
        Some(b'/') if bytes.get(start + 1) == Some(&b'>') => return Next::End(start + 2, true),
        _ => {}
    }
    let name_end = start + name_length(&bytes[start..]);
    if name_end == start {
        return Next::Wrong(start, "expected an attribute or the end of the tag");
    }
    let equals = name_end + space_length(&bytes[name_end..]);
    if bytes.get(equals) != Some(&b'=') {
        return Next::Wrong(equals, "expected `=` after the name of an attribute");
    }
    let open = equals + 1 + space_length(&bytes[equals + 1..]);
    let Some(quote @ (b'"' | b'\'')) = bytes.get(open) else {
        return Next::Wrong(open, "expected the value of an attribute in quotes");
    };
    let value = &bytes[open + 1..];
    let length = prefix(value, |byte| byte != *quote && byte != b'<');
    match value.get(length) {
        Some(end) if end == quote => {
            let attribute = Attribute {
                name: &tag[start..name_end],
                value: &tag[open + 1..open + 1 + length],
            };
            Next::Attribute(attribute, open + length + 2)
        }
        Some(_) => Next::Wrong(
            open + 1 + length,
            "expected no `<` in the value of an attribute",
        ),
        None => Next::Wrong(
            tag.len(),
            "expected the end of the value of an attribute, found the end of the input",
        ),
    }
}

/// What begins with the next `<`.
pub(super) enum Piece<'a> {
    StartTag,
    EndTag,
    /// A literal text, which has been consumed.
    Cdata(&'a str),
    /// A comment or an instruction, which has been consumed.
    Skipped,
}

/// Whether an attribute declares a namespace.
pub(super) fn is_namespace(name: &str) -> bool {
    name == "xmlns" || name.starts_with("xmlns:")
}
