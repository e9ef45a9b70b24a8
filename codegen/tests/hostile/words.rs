//! `docs.json` of a model: a text about everything that can have one, each a text that a page could take for markup.

use attache_codegen::escape::is_hidden;
use attache_codegen::words::text::Text;
use serde_json::{Map, Value, json};

use crate::{HOSTILE, MILD};

/// What a reader of Markdown, of HTML or of Rust could take for something else.
const TEXTS: [&str; 18] = [
    "1. No list of one.",
    "12) No list of twelve.",
    "# No heading.",
    "> No quote.",
    "- No item.",
    "+ No item either.",
    "=== No rule.",
    "--- No rule.",
    "| No | table |.",
    "~~~ No block.",
    "&lt; &#60; &amp; no entity.",
    "<5 and a<5 are no tags.",
    "_No_ emphasis __here__ ~~there~~.",
    "See www.evil.example, x@evil.example.",
    "A `*/` and `\"#` and `]]` are code.",
    "A [label \"x\" | y](https://evil.example/a?b=c&d=%22#e) is a link.",
    "* An item (a) / 👍 ² \"quoted\" 'quoted' $x; \u{660}.",
    "#!allow(x) no attribute, //! no comment, $crate::x! no macro.",
];

/// A text about everything of a model in the normal form.
pub(crate) fn words(model: &str) -> Value {
    let model: Value = serde_json::from_str(model).expect("it is JSON");
    let accepted = accepted();
    let mut number = 0;
    let mut text = || {
        number += 1;
        json!([
            accepted[number % accepted.len()],
            accepted[(number + 5) % accepted.len()]
        ])
    };
    let (mut operations, mut shapes) = (Map::new(), Map::new());
    for (id, shape) in model["shapes"].as_object().expect("there are shapes") {
        let name = id
            .split_once('#')
            .map_or(id.as_str(), |(_, name)| name)
            .to_owned();
        let mut members = Map::new();
        for member in shape["members"].as_object().into_iter().flatten() {
            members.insert(member.0.clone(), text());
        }
        match shape["type"].as_str() {
            Some("operation") => {
                let sections =
                    ["before", "limits", "after", "related"].map(|key| (key.to_owned(), text()));
                let mut operation: Map<String, Value> = sections.into_iter().collect();
                operation.insert("documentation".to_owned(), text());
                operations.insert(name, operation.into());
            }
            Some("structure" | "union" | "enum" | "intEnum") => {
                shapes.insert(name, json!({"documentation": text(), "members": members}));
            }
            // Every example of such a value is hostile.
            Some("string") => {
                shapes.insert(name, json!({"example": HOSTILE}));
            }
            _ => {}
        }
    }
    let service = json!({"documentation": text(), "related": text()});
    json!({"service": service, "operations": operations, "shapes": shapes})
}

/// The texts that are accepted. The others are refused with a message that shows nothing hidden.
fn accepted() -> Vec<String> {
    let mild = MILD.map(|mild| format!("A text with {mild}."));
    let all = TEXTS
        .map(str::to_owned)
        .into_iter()
        .chain(mild)
        .chain([HOSTILE.to_owned()]);
    let mut accepted = Vec::new();
    for text in all {
        match Text::parse(&[&text], Some("Own")) {
            Ok(_) => accepted.push(text),
            Err(error) => {
                let message = error.to_string();
                assert!(!message.contains(is_hidden), "{message:?}");
            }
        }
    }
    assert!(accepted.len() >= TEXTS.len(), "{accepted:?}");
    accepted
}
