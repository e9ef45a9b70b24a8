//! Prose of the sources: which texts changed, and which of their sentences mention limits.
//!
//! The normal form has no prose, but the documentation of a service states limits that its model does not, and the
//! overlay repeats them. The user who updates a model must therefore read the changed sentences. Where a crate has the
//! prose of its source (`prose.json`), a changed text changes the crate as well.

use std::collections::BTreeSet;

use serde_json::Value;

use super::level::{Documentation, RustLevel, Validation, Wire};
use super::{Change, short};
use crate::import::prose::Prose;

/// The kind of a change of sentences that mention limits.
const LIMITS: &str = "documented-limit-changed";

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
        sentence: sentence.to_owned(),
        rust: RustLevel::Patch,
        ..of_documentation(service.to_owned(), "documentation-changed")
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
    Change {
        sentence,
        ..of_documentation(format!("{namespace}#{place}"), kind)
    }
}

fn of_documentation(shape: String, kind: &str) -> Change {
    Change {
        shape,
        kind: kind.to_owned(),
        rust: RustLevel::None,
        wire: Wire::None,
        validation: Validation::None,
        documentation: Documentation::Changed,
        sentence: String::new(),
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
