//! Comparing bodies of XML: elements, attributes, declared namespaces and texts. A reader of others judges, not ours.

use std::collections::BTreeMap;

use roxmltree::{Document, Node};

/// An element as it is compared.
#[derive(Debug, PartialEq, Eq)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    /// The namespaces in scope, by prefix.
    namespaces: BTreeMap<String, String>,
    /// Of an element with children it is the text without the white space between them.
    text: String,
    /// By name: members of structures may have any order.
    children: BTreeMap<String, Vec<Element>>,
}

/// Whether a text is the document that a suite wants, with white space around it.
pub(super) fn same(one: &str, two: &str) -> bool {
    match (Document::parse(one.trim()), Document::parse(two)) {
        (Ok(one), Ok(two)) => element(one.root_element()) == element(two.root_element()),
        _ => false,
    }
}

fn element(node: Node<'_, '_>) -> Element {
    let elements = node.children().filter(Node::is_element);
    let mut children: BTreeMap<String, Vec<Element>> = BTreeMap::new();
    for child in elements {
        let name = child.tag_name().name().to_owned();
        children.entry(name).or_default().push(element(child));
    }
    // The entries of a map have no order.
    if let Some(entries) = children.get_mut("entry") {
        entries.sort_by_cached_key(|entry| format!("{entry:?}"));
    }
    let texts = node
        .children()
        .filter_map(|child| child.text().filter(|_| child.is_text()));
    let text: String = texts.collect();
    let name = |namespace: Option<&str>, name: &str| match namespace {
        Some(uri) => format!("{{{uri}}}{name}"),
        None => name.to_owned(),
    };
    Element {
        name: name(node.tag_name().namespace(), node.tag_name().name()),
        attributes: node
            .attributes()
            .map(|attribute| {
                let key = name(attribute.namespace(), attribute.name());
                (key, attribute.value().to_owned())
            })
            .collect(),
        namespaces: node
            .namespaces()
            .map(|namespace| {
                let prefix = namespace.name().unwrap_or_default();
                (prefix.to_owned(), namespace.uri().to_owned())
            })
            .collect(),
        text: match children.is_empty() {
            true => text,
            false => text.trim().to_owned(),
        },
        children,
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn documents_are_the_same_up_to_the_order_of_members_and_space_between_them() {
        for (one, two, expected) in [
            (
                "<a><b>1</b><c/></a>",
                "<a>\n  <c></c>\n  <b>1</b>\n</a>",
                true,
            ),
            ("<a><b>1</b><b>2</b></a>", "<a><b>2</b><b>1</b></a>", false),
            ("<a x='1'/>", "<a x='2'/>", false),
            ("<a xmlns='u'/>", "<a/>", false),
            ("<a><b xmlns:p='u'/></a>", "<a><b/></a>", false),
            ("<a> x </a>", "<a>x</a>", false),
            ("<a>", "<a>", false),
        ] {
            assert_eq!(same(one, two), expected, "{one} and {two}");
        }
    }
}
