//! The XML of STS: the leaves of a document are those that a complete reader finds.

#![no_main]

use attache_runtime::fuzzing::xml_leaf;
use libfuzzer_sys::fuzz_target;
use roxmltree::{Document, Node};

/// A document with so many tags, whose names are no longer than that, is read in any case; another one may be more than
/// answers are.
const MOST: usize = 16;
const LONGEST: usize = 64;

fuzz_target!(|text: &str| {
    // Line ends and tabs in attributes are the only things that a reader changes, and we do not.
    let document = match Document::parse(text) {
        Ok(document) if refers_to_characters(text) && !has_colon_names(text) => document,
        // Ours is more tolerant: it looks at no attribute. It must end all the same.
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
        // A document without a leaf says nothing, and is refused like one that is broken.
        let is_small = !leaves.is_empty()
            && text.matches('<').count() <= MOST
            && text.split('<').all(|tag| tag.len() <= LONGEST);
        assert!(!is_small, "it is well-formed and cannot be read: {text:?}");
        return;
    };
    for ((path, expected), found) in leaves.iter().zip(found) {
        // The first leaf with this path counts, and a shorter path may end like it.
        let is_first = leaves.iter().find(|(other, _)| ends_with(other, path));
        if is_first.is_some_and(|(_, text)| text == expected) && !text.contains('\r') {
            assert_eq!(found.as_deref(), Some(expected.as_str()), "{path}");
        }
    }
});

/// Whether each number that stands behind `&#` is a character (the constraint "Legal Character" of XML 1.0, section 4.1).
/// The other reader takes U+FFFD for a number that is none, where such a document is not well-formed. What only looks like
/// a reference, in a comment or a literal, counts here too: such a document is not compared.
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

/// Whether a name begins with a colon. To the other reader such a name is the same without the colon, so that it takes
/// `<:a></a>`, whose tags do not match, for well-formed.
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
    // The name as it is written, prefix included.
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
