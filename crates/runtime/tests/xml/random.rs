//! Random trees, texts that are almost XML, and damaged texts.

use attache_runtime::plumbing::xml::Reader;
use proptest::prelude::*;

use super::{Tree, read, tree};

/// Names of elements with text begin with `t`.
fn has_children(name: &str) -> bool {
    !name.starts_with('t')
}

fn trees() -> impl Strategy<Value = (String, Tree)> {
    let leaf =
        ("t[a-zé.0-9_-]{0,5}", "[^\\r]{0,20}").prop_map(|(name, text)| (name, Tree::Text(text)));
    leaf.prop_recursive(5, 40, 6, |inner| {
        ("[a-s_é][a-z0-9.-]{0,5}", prop::collection::vec(inner, 0..6))
            .prop_map(|(name, children)| (name, Tree::Children(children)))
    })
}

/// Writes a tree; the numbers choose among the ways to write it.
fn write((name, tree): &(String, Tree), ways: &mut impl Iterator<Item = u8>, text: &mut String) {
    let mut way = || ways.next().unwrap_or_default();
    let prefix = ["", "p:", ""][usize::from(way() % 3)];
    let attribute =
        ["", " a='1'", "\n\tb = \"<x/>\" "][usize::from(way() % 3)].replace('<', "&lt;");
    let is_empty = matches!(tree, Tree::Text(text) if text.is_empty())
        || matches!(tree, Tree::Children(children) if children.is_empty());
    if is_empty && way().is_multiple_of(2) {
        text.push_str(&format!("<{prefix}{name}{attribute}/>"));
        return;
    }
    text.push_str(&format!("<{prefix}{name}{attribute}>"));
    match tree {
        Tree::Text(value) => {
            for character in value.chars() {
                match (character, way() % 4) {
                    ('<' | '&', 0) => text.push_str(&format!("<![CDATA[{character}]]>")),
                    ('<' | '&' | '>', 1) => {
                        text.push_str(&format!("&#x{:x};", u32::from(character)))
                    }
                    ('<', _) => text.push_str("&lt;"),
                    ('&', _) => text.push_str("&amp;"),
                    ('\n', 0) => text.push_str("\r\n"),
                    (_, 0) => text.push_str(&format!("<!--c-->{character}<?d?>")),
                    _ => text.push(character),
                }
            }
        }
        Tree::Children(children) => {
            for child in children {
                text.push_str(
                    ["", "\n  ", "<!-- <z> -->"][usize::from(ways.next().unwrap_or_default() % 3)],
                );
                write(child, ways, text);
            }
        }
    }
    text.push_str(&format!("</{prefix}{name}>"));
}

fn read_all(text: &[u8]) {
    let _ = read(text, |reader| reader.skip());
    let _ = read(text, Reader::string);
    let _ = read(text, |reader| {
        reader.list(|reader| reader.list(Reader::blob))
    });
    let _ = read(text, |reader| {
        reader.map::<String, _>("a", "b", |reader| reader.present(Reader::double))
    });
    let _ = read(text, |reader| reader.unknown_member("x"));
    let _ = read(text, |reader| tree(reader, &has_children, "a"));
}

proptest! {
    #[test]
    fn a_tree_is_read_as_it_was_written(root in trees(), ways in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut text = String::new();
        write(&root, &mut ways.iter().copied().cycle().take(10_000), &mut text);
        let mut reader = Reader::new(text.as_bytes()).unwrap();
        prop_assert_eq!(reader.root().unwrap(), &root.0);
        prop_assert_eq!(tree(&mut reader, &has_children, &root.0).expect(&text), root.1);
        reader.finish().unwrap();
        prop_assert!(read(text.as_bytes(), |reader| reader.skip()).is_ok());
    }

    #[test]
    fn tokens_in_any_order_are_read_without_a_panic(
        text in r"(<a>|</a>|<t x='y'>|</t>|<c/>|<c |k='|<!--|-->|<!\[CDATA\[|\]\]>|<\?|\?>|&#x?[0-9a-f]{0,9};|[<>&;/='é \r]){0,40}"
    ) {
        read_all(text.as_bytes());
    }

    #[test]
    fn a_damaged_text_is_read_without_a_panic(
        root in trees(),
        ways in prop::collection::vec(any::<u8>(), 0..50),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut text = String::new();
        write(&root, &mut ways.iter().copied().cycle().take(10_000), &mut text);
        let mut bytes = text.into_bytes();
        for (index, byte) in damage {
            let at = index.index(bytes.len());
            match byte % 4 {
                0 => bytes.truncate(at.max(1)),
                1 => drop(bytes.remove(at)),
                _ => bytes[at] = byte,
            }
            if bytes.is_empty() {
                break;
            }
        }
        read_all(&bytes);
    }
}
