//! JSON text that people review: a line for each member, in a fixed order.

use crate::document::Document;
use crate::plumbing::json::{Error, Reader, Writer};

/// A value of the file. Unlike those of a [`Document`], its members have an order.
pub(super) enum Node<'a> {
    Value(&'a Document),
    Text(&'a str),
    Owned(String),
    Number(u64),
    Array(Vec<Node<'a>>),
    Object(Vec<(&'a str, Node<'a>)>),
}

/// Reads JSON.
pub(super) fn parse(text: &[u8]) -> Result<Document, Error> {
    let mut reader = Reader::new(text)?;
    let document = reader.document()?;
    reader.finish()?;
    Ok(document)
}

/// A value on one line.
pub(super) fn line(document: &Document) -> String {
    let mut writer = Writer::with_capacity(64);
    writer.document(document);
    String::from_utf8_lossy(&writer.into_bytes()).into_owned()
}

/// A value with a line for each member and each element.
pub(super) fn pretty(node: &Node<'_>) -> String {
    let mut text = String::new();
    push(node, 0, &mut text);
    text.push('\n');
    text
}

fn push(node: &Node<'_>, depth: usize, text: &mut String) {
    match node {
        Node::Value(document) => push_document(document, depth, text),
        Node::Text(value) => push_text(value, text),
        Node::Owned(value) => push_text(value, text),
        Node::Number(number) => text.push_str(&number.to_string()),
        Node::Array(elements) => {
            let elements = elements.iter().map(|element| (None, element));
            push_lines(['[', ']'], elements, depth, text, push);
        }
        Node::Object(members) => {
            let members = members.iter().map(|(name, value)| (Some(*name), value));
            push_lines(['{', '}'], members, depth, text, push);
        }
    }
}

fn push_document(document: &Document, depth: usize, text: &mut String) {
    match document {
        Document::Array(elements) => {
            let elements = elements.iter().map(|element| (None, element));
            push_lines(['[', ']'], elements, depth, text, push_document);
        }
        Document::Object(members) => {
            let members = members.iter();
            let members = members.map(|(name, value)| (Some(name.as_str()), value));
            push_lines(['{', '}'], members, depth, text, push_document);
        }
        other => text.push_str(&line(other)),
    }
}

fn push_text(value: &str, text: &mut String) {
    let mut writer = Writer::with_capacity(value.len() + 2);
    writer.string(value);
    text.push_str(&String::from_utf8_lossy(&writer.into_bytes()));
}

fn push_lines<'a, T: 'a>(
    [open, close]: [char; 2],
    values: impl ExactSizeIterator<Item = (Option<&'a str>, &'a T)>,
    depth: usize,
    text: &mut String,
    push: impl Fn(&T, usize, &mut String),
) {
    text.push(open);
    let is_empty = values.len() == 0;
    for (index, (name, value)) in values.enumerate() {
        if index > 0 {
            text.push(',');
        }
        indent(depth + 1, text);
        if let Some(name) = name {
            push_text(name, text);
            text.push_str(": ");
        }
        push(value, depth + 1, text);
    }
    if !is_empty {
        indent(depth, text);
    }
    text.push(close);
}

fn indent(depth: usize, text: &mut String) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}
