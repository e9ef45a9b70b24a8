//! The overlays that ship with this program: facts that the documentation of a service states and its model lacks.
//!
//! They are the overlays of this repository's own services, in a file that `cargo xtask generate` writes. `add` writes one
//! beside the model of its service, so that users do not have to read the documentation again.

use serde_json::Value;

use crate::json;

const OVERLAYS: &str = include_str!("../../overlays.json");

/// The text of the overlay of a service, by its shape id.
pub(crate) fn overlay(service: &str) -> Option<String> {
    let all = json::parse(OVERLAYS).ok()?;
    let overlay = all["overlays"].get(service)?;
    Some(text(overlay))
}

/// The file of all overlays, with the line that marks it as generated.
pub fn file(header: &str, overlays: impl IntoIterator<Item = (String, Value)>) -> String {
    text(&serde_json::json!({
        "//": header,
        "overlays": overlays.into_iter().collect::<serde_json::Map<_, _>>(),
    }))
}

fn text(value: &Value) -> String {
    // A value has string keys only, so this cannot fail.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
