//! The overlays and the words that ship with this program: facts that the documentation of a service states and its model
//! lacks, and explanations.
//!
//! They are those of this repository's own services, in a file that `cargo xtask generate` writes. `add` writes them beside
//! the model of their service, so that users do not have to read the documentation again.

use serde_json::{Map, Value};

use crate::error::Result;
use crate::{ast, json};

const SHIPPED: &str = include_str!("../../shipped.json");

/// An overlay that ships, as far as it applies to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlay {
    /// The statements that apply.
    pub text: String,
    /// How many statements were left out, because the model lacks what they are about, or states it itself.
    pub left_out: usize,
}

/// The overlay of a service, by its shape id, without the statements that do not apply to this model of it: an older one, or
/// an excerpt.
///
/// # Errors
/// A model that is not JSON, or whose mixins cannot be resolved.
pub fn overlay(service: &str, model: &str) -> Result<Option<Overlay>> {
    let Some(whole) = find("overlays", service) else {
        return Ok(None);
    };
    let mut statements = ast::read_overlay("the overlay that ships with attache", &whole)?;
    let mut model = ast::read("model.json", model)?;
    let misfits = ast::overlay::merge(&mut model, &statements).misfits;
    ast::overlay::remove(&mut statements, &misfits);
    Ok(Some(Overlay {
        text: text(&statements),
        left_out: misfits.len(),
    }))
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
