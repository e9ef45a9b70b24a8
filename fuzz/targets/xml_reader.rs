//! The XML reader: it finds the same elements, attributes and texts in a document as a complete XML parser, and ends
//! without a panic for everything else.

#![no_main]

use attache_runtime::plumbing::xml::{DEPTH_LIMIT, Reader, Result};
use libfuzzer_sys::fuzz_target;
use roxmltree::{Document, Node};

fuzz_target!(|text: &str| {
    read_all(text.as_bytes());
    let Ok(document) = Document::parse(text) else {
        // Our reader is more tolerant, because it does not look at what it skips.
        return;
    };
    if !refers_to_characters(text)
        || has_colon_names(text)
        || has_return_beside_reference(text)
        || depth(document.root_element()) > DEPTH_LIMIT
    {
        return;
    }
    if let Err(error) = compare(text, document.root_element()) {
        panic!("it is well-formed and cannot be read: {error}: {text:?}");
    }
});

/// Reads a text with each function that has other paths than the rest.
fn read_all(text: &[u8]) {
    let reads: [fn(&mut Reader<'_>) -> Result<()>; 8] = [
        |reader| reader.skip(),
        |reader| reader.string().map(drop),
        |reader| reader.list(Reader::blob).map(drop),
        |reader| {
            reader
                .list(|reader| reader.list(|reader| reader.present(Reader::double)))
                .map(drop)
        },
        |reader| reader.map::<String, _>("a", "b", Reader::long).map(drop),
        |reader| {
            reader
                .timestamp(attache_runtime::TimestampFormat::DateTime)
                .map(drop)
        },
        |reader| reader.boolean().map(drop),
        |reader| reader.unknown_member("a").map(drop),
    ];
    for read in reads {
        let Ok(mut reader) = Reader::with_value_limit(text, 1 << 20) else {
            return;
        };
        let _ = reader
            .root()
            .and_then(|_| read(&mut reader))
            .and_then(|()| reader.finish());
    }
}

fn compare(text: &str, root: Node<'_, '_>) -> Result<()> {
    let mut reader = Reader::new(text.as_bytes())?;
    assert_eq!(reader.root()?, root.tag_name().name());
    compare_content(&mut reader, root)?;
    reader.finish()
}

/// Compares the element that was entered.
fn compare_content(reader: &mut Reader<'_>, node: Node<'_, '_>) -> Result<()> {
    for attribute in node.attributes() {
        let name = attribute.name();
        // Of attributes that differ only in their namespaces, the first one is read.
        if node
            .attributes()
            .filter(|other| other.name() == name)
            .count()
            == 1
        {
            assert_eq!(
                reader.attribute(name)?.as_deref(),
                Some(attribute.value()),
                "{name}"
            );
        }
    }
    let mut children = node.children().filter(Node::is_element).peekable();
    if children.peek().is_none() {
        let texts = node
            .children()
            .filter(Node::is_text)
            .filter_map(|child| child.text());
        assert_eq!(reader.string()?, texts.collect::<String>());
        return Ok(());
    }
    for child in children {
        assert_eq!(reader.child()?, Some(child.tag_name().name()));
        compare_content(reader, child)?;
    }
    assert_eq!(reader.child()?, None);
    Ok(())
}

fn depth(node: Node<'_, '_>) -> usize {
    1 + node
        .children()
        .filter(Node::is_element)
        .map(depth)
        .max()
        .unwrap_or_default()
}

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

/// Whether a carriage return is beside a reference. It is a line end (XML 1.0, section 2.11), but the other parser keeps the
/// character that is before or after that of a reference as it is.
fn has_return_beside_reference(text: &str) -> bool {
    text.contains("\r&") || text.contains(";\r")
}
