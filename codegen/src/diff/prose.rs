//! Prose of the sources: which texts changed, and which of their sentences mention limits.
//!
//! The normal form has no prose, but the documentation of a service states limits that its model does not, and the
//! overlay repeats them. The user who updates a model must therefore read the changed sentences.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::level::{Documentation, RustLevel, Validation, Wire};
use super::{Change, short};
use crate::ast::trait_id;
use crate::error::Result;
use crate::json;

/// The documentation of a service by place: `Shape` or `Shape$member`.
pub type Prose = BTreeMap<String, String>;

/// The kind of a change of sentences that mention limits.
const LIMITS: &str = "documented-limit-changed";

/// The kind of a change of `docs.json`.
pub(super) const WORDS: &str = "words-changed";

impl Change {
    /// Whether sentences of the documentation changed that mention limits.
    pub fn is_about_limits(&self) -> bool {
        self.kind == LIMITS
    }
}

/// Collects the prose of a Smithy JSON AST or of a `service-2.json`.
pub fn collect(source: &Value) -> Prose {
    let mut prose = Prose::new();
    let mut add = |place: String, text: Option<&Value>| {
        if let Some(text) = text.and_then(Value::as_str) {
            let text = plain_text(text);
            if !text.is_empty() {
                prose.insert(place, text);
            }
        }
    };
    let is_smithy = source.get("smithy").is_some();
    let of = |value: &Value| -> Option<Value> {
        if is_smithy {
            value["traits"].get(trait_id::DOCUMENTATION).cloned()
        } else {
            value.get("documentation").cloned()
        }
    };
    for key in ["shapes", "operations"] {
        for (id, shape) in source[key].as_object().into_iter().flatten() {
            let name = short(id);
            add(name.to_owned(), of(shape).as_ref());
            for (member, value) in shape["members"].as_object().into_iter().flatten() {
                add(format!("{name}${member}"), of(value).as_ref());
            }
        }
    }
    prose
}

/// The texts of a `docs.json`, by place; what belongs to a shape beside its texts, such as examples, is one text.
///
/// # Errors
/// Text that is not JSON.
pub fn of_words(text: &str) -> Result<Prose> {
    let document = json::parse(text)?;
    let mut words = Prose::new();
    let entries = |key: &str| document[key].as_object().cloned().unwrap_or_default();
    if let Some(service) = document.get("service") {
        words.insert("service".to_owned(), service.to_string());
    }
    for (name, operation) in entries("operations") {
        words.insert(name, operation.to_string());
    }
    for (name, mut shape) in entries("shapes") {
        let members = shape
            .as_object_mut()
            .and_then(|shape| shape.remove("members"));
        for (member, text) in members.iter().filter_map(Value::as_object).flatten() {
            words.insert(format!("{name}${member}"), text.to_string());
        }
        if shape.as_object().is_some_and(|rest| !rest.is_empty()) {
            words.insert(name, shape.to_string());
        }
    }
    // A gap is no text.
    words.retain(|_, text| text != "null");
    Ok(words)
}

/// Every text of `docs.json` that differs, that is new, or that is gone.
pub fn word_changes(old: &Prose, new: &Prose, namespace: &str) -> Vec<Change> {
    let places: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changes = places.into_iter().filter_map(|place| {
        let what = match (old.get(place), new.get(place)) {
            (Some(one), Some(two)) if one == two => return None,
            (Some(_), Some(_)) => "changed",
            (None, _) => "is new",
            (_, None) => "is gone",
        };
        let name = place.replace('$', ".");
        let sentence = match place.as_str() {
            "service" => format!("The text about the service in `docs.json` {what}."),
            _ => format!("The text about `{name}` in `docs.json` {what}."),
        };
        let shape = match place.as_str() {
            "service" => String::new(),
            place => format!("{namespace}#{place}"),
        };
        Some(of_documentation(shape, WORDS, sentence))
    });
    changes.collect()
}

/// Every text that differs; none if a source has no prose.
pub fn changes(old: &Prose, new: &Prose, namespace: &str) -> Vec<Change> {
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    new.iter()
        .filter_map(|(place, text)| {
            // A new shape or member is reported as an addition.
            let before = old.get(place)?;
            (before != text).then(|| changed(place, before, text, namespace))
        })
        .collect()
}

fn changed(place: &str, before: &str, after: &str, namespace: &str) -> Change {
    let limits = |text: &str| -> BTreeSet<String> {
        sentences(text)
            .filter(|sentence| speaks_of_a_limit(sentence))
            .collect()
    };
    let (old, new) = (limits(before), limits(after));
    let count = old.symmetric_difference(&new).count();
    let name = place.replace('$', ".");
    let quoted: Vec<String> = new
        .difference(&old)
        .map(|sentence| format!("now “{sentence}”"))
        .chain(
            old.difference(&new)
                .map(|sentence| format!("no longer “{sentence}”")),
        )
        .collect();
    let (kind, sentence) = if count == 0 {
        (
            "documentation-changed",
            format!("The documentation of `{name}` changed."),
        )
    } else {
        (
            LIMITS,
            format!(
                "The documentation of `{name}` mentions limits: {}.",
                quoted.join("; ")
            ),
        )
    };
    of_documentation(format!("{namespace}#{place}"), kind, sentence)
}

/// A change that only readers of the documentation notice.
fn of_documentation(shape: String, kind: &str, sentence: String) -> Change {
    Change {
        shape,
        kind: kind.to_owned(),
        rust: RustLevel::None,
        wire: Wire::None,
        validation: Validation::None,
        documentation: Documentation::Changed,
        sentence,
        api: Vec::new(),
    }
}

fn sentences(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split_inclusive(". ")
        .map(|sentence| sentence.trim().trim_end_matches('.').to_owned())
}

/// Whether a sentence contains a number of its own, or a word that is used for limits. Reporting an unnecessary
/// sentence is better than missing one, but names with digits and unique identifiers are very frequent.
fn speaks_of_a_limit(sentence: &str) -> bool {
    const WORDS: [&str; 13] = [
        "maximum", "minimum", "max", "min", "must", "cannot", "limit", "limits", "limited",
        "exceed", "exceeds", "required", "valid",
    ];
    let sentence = sentence.to_ascii_lowercase();
    let words: Vec<&str> = sentence
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let pair = |first: &str, second: &[&str]| {
        let mut pairs = words.windows(2);
        pairs.any(|pair| pair[0] == first && second.contains(&pair[1]))
    };
    has_number(&sentence)
        || words.iter().any(|word| WORDS.contains(word))
        || pair("at", &["least", "most"])
        || pair("can", &["t", "not"])
        || words.contains(&"unique") && !pair("unique", &["id", "ids", "identifier", "identifiers"])
}

/// Whether it contains a number that is not part of a name such as `IPv4`, `us-east-1` or an ARN.
fn has_number(sentence: &str) -> bool {
    let mut before = ' ';
    for letter in sentence.chars() {
        if letter.is_ascii_digit()
            && !(before.is_alphanumeric() || matches!(before, '-' | '_' | ':' | '/' | '.'))
        {
            return true;
        }
        before = letter;
    }
    false
}

/// The text without markup, with single spaces.
fn plain_text(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            letter if !inside => text.push(letter),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{of_words, word_changes};

    #[test]
    fn texts_that_changed_are_named_by_their_place() {
        let read = |text: &str| of_words(text).expect("it is JSON");
        let old = read(
            r#"{"operations": {"Go": {"documentation": "One."}},
                "shapes": {"A": {"documentation": "One.", "members": {"b": "One.", "c": null, "d": "Old."}}}}"#,
        );
        let new = read(
            r#"{"operations": {"Go": {"documentation": "Two."}}, "service": {"documentation": "New."},
                "shapes": {"A": {"documentation": "One.", "members": {"b": "One.", "c": "New."}}}}"#,
        );
        let changes = word_changes(&old, &new, "x");
        let found: Vec<(&str, &str)> = changes
            .iter()
            .map(|change| (change.shape.as_str(), change.sentence.as_str()))
            .collect();
        let expected = [
            ("x#A$c", "The text about `A.c` in `docs.json` is new."),
            ("x#A$d", "The text about `A.d` in `docs.json` is gone."),
            ("x#Go", "The text about `Go` in `docs.json` changed."),
            ("", "The text about the service in `docs.json` is new."),
        ];
        assert_eq!(found, expected);
        assert!(word_changes(&new, &new, "x").is_empty());
    }
}
