//! Prose of the sources: which texts changed, and which of their sentences mention limits.
//!
//! The normal form has no prose, but the documentation of a service states limits that its model does not, and the
//! overlay repeats them. The user who updates a model must therefore read the changed sentences. Where a crate has the
//! prose of its source (`prose.json`), a changed text changes the crate as well.

use std::collections::BTreeSet;

use serde_json::Value;

use super::level::{Documentation, RustLevel, Validation, Wire};
use super::{Change, short};
use crate::error::Result;
use crate::import::prose::Prose;
use crate::json;

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

/// Two models with their prose.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// Before.
    pub old: (&'a Value, &'a Prose),
    /// After.
    pub new: (&'a Value, &'a Prose),
    /// Whether the crate has the prose, so that it changes with it.
    pub is_generated: bool,
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

impl Compared<'_> {
    /// Every text that differs, of what both models have; none if a side has no prose.
    pub fn changes(&self, namespace: &str) -> Vec<Change> {
        let (old, new) = (self.old.1, self.new.1);
        if old.is_empty() || new.is_empty() {
            return Vec::new();
        }
        let (places, new_places) = (places(self.old.0), places(self.new.0));
        let mut changes = changes(old, new, namespace);
        for (place, text) in new.iter().filter(|(place, _)| !old.contains_key(*place)) {
            // A new shape or member is reported as an addition.
            if places.contains(place) {
                changes.push(changed(place, "", text, namespace));
            }
        }
        for (place, text) in old.iter().filter(|(place, _)| !new.contains_key(*place)) {
            if new_places.contains(place) {
                changes.push(changed(place, text, "", namespace));
            }
        }
        changes.sort_by(|one, two| one.shape.cmp(&two.shape));
        if self.is_generated {
            changes
                .iter_mut()
                .for_each(|change| change.rust = RustLevel::Patch);
        }
        changes
    }
}

/// The change that a crate gets the prose of its source, or loses it.
pub fn whole(service: &str, sentence: &str) -> Change {
    Change {
        rust: RustLevel::Patch,
        ..of_documentation(
            service.to_owned(),
            "documentation-changed",
            sentence.to_owned(),
        )
    }
}

/// The shapes and members of a model: `Shape`, `Shape$member`.
fn places(model: &Value) -> BTreeSet<String> {
    let mut places = BTreeSet::new();
    for (id, shape) in model["shapes"].as_object().into_iter().flatten() {
        let name = short(id);
        places.insert(name.to_owned());
        for (member, _) in shape["members"].as_object().into_iter().flatten() {
            places.insert(format!("{name}${member}"));
        }
    }
    places
}

/// Every text of both that differs; none if a source has no prose.
pub fn changes(old: &Prose, new: &Prose, namespace: &str) -> Vec<Change> {
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    new.iter()
        .filter_map(|(place, text)| {
            let before = old.get(place)?;
            (before != text).then(|| changed(place, before, text, namespace))
        })
        .collect()
}

fn changed(place: &str, before: &str, after: &str, namespace: &str) -> Change {
    let (before, after) = (&plain_text(before), &plain_text(after));
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
