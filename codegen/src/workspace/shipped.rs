//! The overlays and the words that ship with this program: facts that the documentation of a service states and its model
//! lacks, and explanations.
//!
//! They are those of this repository's own services, in a file that `cargo xtask generate` writes. `add` writes them beside
//! the model of their service, so that users do not have to read the documentation again.

use serde_json::{Map, Value};

use crate::json;

const SHIPPED: &str = include_str!("../../shipped.json");

/// The text of the overlay of a service, by its shape id.
pub(crate) fn overlay(service: &str) -> Option<String> {
    find("overlays", service)
}

/// The text of the words of a service (`docs.json`), by its shape id.
pub(crate) fn words(service: &str) -> Option<String> {
    find("words", service)
}

fn find(section: &str, service: &str) -> Option<String> {
    let all = json::parse(SHIPPED).ok()?;
    Some(text(all.get(section)?.get(service)?))
}

/// The file of all overlays and words, with the line that marks it as generated.
pub fn file(
    header: &str,
    overlays: impl IntoIterator<Item = (String, Value)>,
    words: impl IntoIterator<Item = (String, Value)>,
) -> String {
    text(&serde_json::json!({
        "//": header,
        "overlays": overlays.into_iter().collect::<Map<_, _>>(),
        "words": words.into_iter().collect::<Map<_, _>>(),
    }))
}

fn text(value: &Value) -> String {
    // A value has string keys only, so this cannot fail.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
