//! The rules: the meaning of each kind of difference.
//!
//! A rule states the effect on the messages, on the validation of requests and on documentation, and a sentence. Rules
//! do not state the effect on the Rust API: it is computed from the two lists of API items (`surface`), and a rule only
//! says whether generated code differs at all. A difference without a rule is `unclassified` and counts as major.

mod authentication;
mod pages;
mod references;
mod sentence;
mod shapes;
mod trait_wire;
mod traits;

use serde_json::Value;

use super::level::{Documentation, RustLevel, Validation, Wire};
use super::side::Side;
use super::walk::{Difference, What};
use crate::ast::own_traits::OwnTraits;
use crate::model::Usage;

/// What a difference means.
#[derive(Clone, Debug)]
pub(super) struct Effect {
    /// The kind of change, in words with hyphens.
    pub(super) kind: String,
    /// The minimum level on the Rust axis; the API may raise it.
    pub(super) rust: RustLevel,
    pub(super) wire: Wire,
    pub(super) validation: Validation,
    pub(super) documentation: Documentation,
    /// What happened, in the model's terms, with a full stop.
    pub(super) sentence: String,
}

/// The kind of a difference without a rule.
pub(super) const UNCLASSIFIED: &str = "unclassified";

/// Both models, for rules that need more than the difference.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) old: &'a Side,
    pub(super) new: &'a Side,
    /// The workspace's settings for traits that the generator does not know.
    pub(super) own: &'a OwnTraits,
}

impl Sides<'_> {
    /// Where a shape is sent both before and after. A change of the shape changes a message only there: where it is
    /// sent for the first time, the change is the reference to it.
    fn usage(&self, shape: &str) -> Usage {
        let (old, new) = (self.old.usage(shape), self.new.usage(shape));
        Usage {
            in_requests: old.in_requests && new.in_requests,
            in_responses: old.in_responses && new.in_responses,
            ..Usage::default()
        }
    }

    /// Whether a shape is sent both before and after.
    fn is_kept(&self, shape: &str) -> bool {
        let usage = self.usage(shape);
        usage.in_requests || usage.in_responses
    }

    /// Whether a shape is sent before or after.
    fn is_reached(&self, shape: &str) -> bool {
        [self.old, self.new].iter().any(|side| {
            let usage = side.usage(shape);
            usage.in_requests || usage.in_responses
        })
    }

    /// The level of a change of generated code that is not visible in the API.
    fn patch(&self, shape: &str) -> RustLevel {
        if self.is_reached(shape) {
            RustLevel::Patch
        } else {
            RustLevel::None
        }
    }
}

/// The effect of a difference.
pub(super) fn effect(sides: Sides<'_>, difference: &Difference<'_>) -> Effect {
    let mut effect = match difference.what {
        What::Shape => shapes::whole(sides, difference),
        What::Type => Some(shapes::retyped(sides, difference)),
        What::Member => shapes::member(sides, difference),
        What::Target => Some(shapes::retargeted(sides, difference)),
        What::Trait(id) => traits::rule(sides, difference, id),
        What::Reference(key, target) => references::listed(sides, difference, key, target),
        What::Key(key) => references::key(sides, difference, key),
    }
    .unwrap_or_else(|| unclassified(sides, difference));
    if effect.rust != RustLevel::None && effect.documentation == Documentation::None {
        effect.documentation = Documentation::Changed;
    }
    let place = place_id(difference);
    let id = match difference.what {
        What::Trait(id) => id,
        _ => "",
    };
    let stated = (place, id.to_owned());
    if sides.old.stated.contains(&stated) || sides.new.stated.contains(&stated) {
        effect.documentation = Documentation::Overlay;
    }
    effect
}

fn unclassified(sides: Sides<'_>, difference: &Difference<'_>) -> Effect {
    let what = match difference.what {
        What::Trait(id) => format!("the trait `{id}`"),
        What::Key(key) => format!("the key `{key}`"),
        _ => "it".to_owned(),
    };
    let place = match difference.shape {
        "" => "the model".to_owned(),
        _ => place(difference),
    };
    let reached = difference.shape.is_empty() || sides.is_reached(difference.shape);
    Effect {
        kind: UNCLASSIFIED.to_owned(),
        rust: RustLevel::Major,
        wire: if reached { Wire::Breaking } else { Wire::None },
        validation: Validation::None,
        documentation: Documentation::Changed,
        sentence: format!(
            "{place}: {what} {}; no rule classifies this change, so it counts as major.",
            values(difference.old, difference.new)
        ),
    }
}

/// `Shape` or `Shape.member`, as code.
fn place(difference: &Difference<'_>) -> String {
    let name = short(difference.shape);
    match difference.member {
        Some(member) => format!("`{name}.{member}`"),
        None => format!("`{name}`"),
    }
}

/// `namespace#Shape` or `namespace#Shape$member`.
pub(super) fn place_id(difference: &Difference<'_>) -> String {
    match difference.member {
        Some(member) => format!("{}${member}", difference.shape),
        None => difference.shape.to_owned(),
    }
}

/// The name of a shape without its namespace.
pub(super) fn short(id: &str) -> &str {
    id.split_once('#').map_or(id, |(_, name)| name)
}

/// How a value changed, in words.
fn values(old: Option<&Value>, new: Option<&Value>) -> String {
    match (old, new) {
        (None, Some(new)) => format!("was added ({})", brief(new)),
        (Some(old), None) => format!("was removed (it was {})", brief(old)),
        (Some(old), Some(new)) => format!("was {} and is now {}", brief(old), brief(new)),
        (None, None) => "is unchanged".to_owned(),
    }
}

/// A value as JSON; only the beginning of a long one.
fn brief(value: &Value) -> String {
    const LIMIT: usize = 120;
    let text = value.to_string();
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

/// `added`, `removed` or `changed`.
fn happened(difference: &Difference<'_>) -> &'static str {
    match (difference.old, difference.new) {
        (None, _) => "added",
        (_, None) => "removed",
        _ => "changed",
    }
}

/// A name in camel case as words with hyphens.
fn kebab(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() && !text.ends_with('-') {
            text.push('-');
        }
        text.push(match letter {
            '_' | '#' => '-',
            letter => letter.to_ascii_lowercase(),
        });
    }
    text
}
