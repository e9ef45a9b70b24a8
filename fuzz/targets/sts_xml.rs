//! The XML of STS: our reader finds the same leaves of a document as a complete XML parser.

#![no_main]

use attache_runtime::fuzzing::xml_leaf;
use libfuzzer_sys::fuzz_target;
use roxmltree::{Document, Node};

/// A document with at most this many tags and names of at most this length must be read; larger documents may be
/// refused.
const MOST: usize = 16;
const LONGEST: usize = 64;

fuzz_target!(|text: &str| {
    // An XML parser normalizes line ends and tabs in attributes, and our reader does not.
    let document = match Document::parse(text) {
        Ok(document) if refers_to_characters(text) && !has_colon_names(text) => document,
        // Our reader is more tolerant, because it ignores attributes. It must end nevertheless.
        _ => {
            let _ = xml_leaf(text.as_bytes(), std::iter::empty());
            return;
        }
    };
    let root = document.root_element();
    let mut leaves = Vec::new();
    collect(root, text, &mut Vec::new(), &mut leaves);
    let paths = leaves.iter().map(|(path, _)| path.as_str());
    let Some(found) = xml_leaf(text.as_bytes(), paths) else {
        // A document without a leaf is refused, as a malformed one is.
        let is_small = !leaves.is_empty()
            && text.matches('<').count() <= MOST
            && text.split('<').all(|tag| tag.len() <= LONGEST);
        assert!(!is_small, "it is well-formed and cannot be read: {text:?}");
        return;
    };
    for ((path, expected), found) in leaves.iter().zip(found) {
        // The first leaf whose path ends with this path is used.
        let is_first = leaves.iter().find(|(other, _)| ends_with(other, path));
        if is_first.is_some_and(|(_, text)| text == expected) && !text.contains('\r') {
            assert_eq!(found.as_deref(), Some(expected.as_str()), "{path}");
        }
    }
});

/// Whether each number after `&#` is a character (the constraint "Legal Character" of XML 1.0, section 4.1). Otherwise
/// the document is not well-formed, but the other parser accepts it and uses U+FFFD. Such documents are not compared,
/// even if the reference is in a comment or a literal.
fn refers_to_characters(text: &str) -> bool {
    let references = text
        .split("&#")
        .skip(1)
        .filter_map(|rest| rest.split_once(';'));
    references
        .map(|(number, _)| match number.strip_prefix('x') {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        })
        .all(|number| number.is_ok_and(|number| char::from_u32(number).is_some()))
}

/// Whether a name begins with a colon. The other parser ignores that colon, so it accepts `<:a></a>`, whose tags do not
/// match.
fn has_colon_names(text: &str) -> bool {
    text.contains("<:") || text.contains("</:")
}

fn ends_with(path: &str, end: &str) -> bool {
    path.strip_suffix(end)
        .is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

/// The elements that hold text and no other elements, with their paths; `<a/>` is none.
fn collect(
    node: Node<'_, '_>,
    source: &str,
    path: &mut Vec<String>,
    leaves: &mut Vec<(String, String)>,
) {
    let tag = &source[node.range()];
    // The name as it is written, with its prefix.
    let end = tag.find([' ', '\t', '\r', '\n', '/', '>']);
    path.push(tag[1..end.unwrap_or(tag.len())].to_owned());
    let elements: Vec<_> = node.children().filter(Node::is_element).collect();
    if elements.is_empty() && !tag.ends_with("/>") {
        let text = node.children().filter_map(|child| match child.is_text() {
            true => child.text(),
            false => None,
        });
        leaves.push((path.join("/"), text.collect()));
    }
    for element in elements {
        collect(element, source, path, leaves);
    }
    path.pop();
}
