//! The meaning of a trait that is added, removed, or gets another value.
//!
//! The ledger lists the traits that change nothing in a client; the others have a line each in this file. A trait
//! without a line is unclassified, so a trait cannot become *handled* without a rule.

use super::references::plain;
use super::sentence::sentence;
use super::{Effect, Sides, happened, kebab, place, trait_wire, values};
use crate::ast::ledger::{Handling, handling};
use crate::ast::trait_id;
use crate::diff::level::{RustLevel, Validation, Wire};
use crate::diff::validation::is_constraint;
use crate::diff::walk::Difference;

/// The effect of a difference of a trait; `None` for one that has no rule.
pub(super) fn rule(sides: Sides<'_>, difference: &Difference<'_>, id: &str) -> Option<Effect> {
    let name = id.split_once('#').map_or(id, |(_, name)| name);
    let subject = match difference.member {
        None if difference.shape == sides.new.service.as_str() => "the service".to_owned(),
        _ => place(difference),
    };
    let kind = format!("{}-{}", kebab(name), happened(difference));
    let what = values(difference.old, difference.new);
    let mut effect = plain(kind, format!("`{name}` of {subject} {what}."));
    match handling(id, sides.own)? {
        Handling::Ignored(reason) => {
            effect.sentence = format!("`{name}` of {subject} {what}; {reason}.");
            return Some(effect);
        }
        // It is a change of its own that no client can be generated with the trait.
        Handling::Refused(reason) => {
            effect.sentence = format!("`{name}` of {subject} {what}; {reason}.");
            return Some(effect);
        }
        Handling::Handled => {}
    }
    effect.wire = trait_wire::wire(sides, difference, id)?;
    if !sides.is_kept(difference.shape) {
        effect.wire = Wire::None;
        effect.rust = sides.patch(difference.shape);
        if effect.rust == RustLevel::None {
            effect.sentence = format!("`{name}` of {subject} {what}; no operation uses it.");
        }
        return Some(effect);
    }
    effect.rust = RustLevel::Patch;
    effect.sentence = sentence(sides, &subject, id, difference).unwrap_or(effect.sentence);
    let usage = sides.usage(difference.shape);
    if is_constraint(id) {
        if usage.in_requests {
            effect.validation = validation(sides, difference, id);
        } else {
            effect
                .sentence
                .push_str(" It is only in responses, which are not validated.");
        }
    }
    if let Some(level) = strict(id) {
        effect.sentence.push_str(level);
    }
    Some(effect)
}

/// A constraint on a value that the client fills in itself refuses no request.
fn validation(sides: Sides<'_>, difference: &Difference<'_>, id: &str) -> Validation {
    let has = |id: &str| {
        let traits = sides.new.traits(difference.shape, difference.member);
        traits.has(id)
    };
    match id {
        trait_id::REQUIRED if has(trait_id::IDEMPOTENCY_TOKEN) => Validation::None,
        _ => {
            let judge = &sides.new.judge;
            judge.constraint(id, difference.old, difference.new)
        }
    }
}

fn strict(id: &str) -> Option<&'static str> {
    matches!(
        id,
        trait_id::RECOMMENDED
            | trait_id::attache::ALLOWED_VALUES
            | trait_id::attache::RECOMMENDED_PATTERN
    )
    .then_some(" Only the strict level checks it.")
}
