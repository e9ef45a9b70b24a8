//! Prose of the sources: which texts changed, and which of their sentences mention limits.
//!
//! The normal form has no prose, but the documentation of a service states limits that its model does not, and the
//! overlay repeats them. The user who updates a model must therefore read the changed sentences.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::level::{Documentation, RustLevel, Validation, Wire};
use super::{Change, short};
use crate::ast::trait_id;

/// The documentation of a service by place: `Shape` or `Shape$member`.
pub type Prose = BTreeMap<String, String>;

/// The kind of a change of sentences that mention limits.
const LIMITS: &str = "documented-limit-changed";

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
    Change {
        shape: format!("{namespace}#{place}"),
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
