//! Compares two models of a service: in the model's terms, and in terms of the crate that is generated.
//!
//! Three sources of truth are put together:
//!
//! * `walk` finds every difference between the two models in the normal form. It has no rules, so it cannot leave
//!   anything out.
//! * `rule` states for each difference its effect on the messages, on the validation of requests and on documentation.
//!   A difference without a rule is reported as unclassified and counts as major.
//! * The [plans](crate::plan) of both crates list their public APIs. The Rust axis is computed only from the difference
//!   of the two lists. Each entry is attributed to the difference that caused it; an entry without a cause is reported
//!   as a change of its own.
//!
//! The validation axis is about the default level; the sentence names constraints that only the strict level checks.

mod api;
pub mod level;
mod overlay;
pub mod prose;
mod rename;
pub mod report;
mod rule;
mod side;
mod targets;
mod validation;
mod walk;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

pub use level::{Documentation, RustLevel, Validation, Wire};

use crate::ast::ShapeId;
use crate::ast::own_traits::OwnTraits;
use crate::error::Result;
use crate::plan::{self, GivenNames, Names, Plan};
use api::ApiChange;
use rule::{Effect, Sides, UNCLASSIFIED, effect, place_id, short};
use side::Side;
use walk::Difference;

/// One of the two versions of a service.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    /// What messages call it.
    pub name: &'a str,
    /// The model in the normal form ([`crate::import::normal`]).
    pub model: &'a Value,
    /// Its overlay and what messages call it. Statements that do not fit are reported, not refused.
    pub overlay: Option<(&'a str, &'a str)>,
    /// The operations that are generated; all without it.
    pub operations: Option<&'a [String]>,
    /// The names that are recorded (`names.json`). If nothing is recorded for a new version, the old version's names
    /// are kept, as in `update`.
    pub names: Option<&'a Names>,
}

/// One change between two versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// `namespace#Shape` or `namespace#Shape$member`; empty where the whole model is meant.
    pub shape: String,
    /// What kind of change it is, such as `member-added`.
    pub kind: String,
    /// The Rust API of the generated crate.
    pub rust: RustLevel,
    /// The messages.
    pub wire: Wire,
    /// The requests that pass.
    pub validation: Validation,
    /// Documentation and overlay.
    pub documentation: Documentation,
    /// What happened, in the model's terms.
    pub sentence: String,
    /// What happened to items of the Rust API.
    pub api: Vec<String>,
}

/// The sum of all changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The greatest level on the Rust axis.
    pub rust: RustLevel,
    /// The greatest level on the wire axis.
    pub wire: Wire,
    /// All levels on the validation axis together.
    pub validation: Validation,
}

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The sum of all changes.
    pub verdict: Verdict,
    /// The changes, those of one shape together.
    pub changes: Vec<Change>,
}

impl Report {
    fn new(changes: Vec<Change>) -> Self {
        let verdict = changes
            .iter()
            .fold(Verdict::default(), |verdict, change| Verdict {
                rust: verdict.rust.max(change.rust),
                wire: verdict.wire.max(change.wire),
                validation: verdict.validation.and(change.validation),
            });
        Self { verdict, changes }
    }

    /// Adds changes that were found by other means, such as those of prose.
    pub fn extend(&mut self, changes: Vec<Change>) {
        let all = std::mem::take(&mut self.changes).into_iter().chain(changes);
        *self = Self::new(all.collect());
    }

    /// The level that the crate's version must rise by. A break of the API or of the messages is major; if requests are
    /// refused that passed before, the level is at least minor.
    pub fn bump(&self) -> RustLevel {
        let least = match (self.verdict.wire, self.verdict.validation) {
            (Wire::Breaking, _) => RustLevel::Major,
            (_, Validation::Tightened | Validation::Mixed) => RustLevel::Minor,
            _ => RustLevel::None,
        };
        self.verdict.rust.max(least)
    }
}

/// Compares two versions of a service.
///
/// A model that can be read but not generated is also compared. That it cannot be generated is reported as a change,
/// unless it is true of both sides.
///
/// # Errors
/// A model without a service, an overlay that is not JSON.
pub fn compare(old: &Version<'_>, new: &Version<'_>) -> Result<Report> {
    compare_with(old, new, &OwnTraits::default())
}

/// The same for models that have traits of their own.
///
/// # Errors
/// As [`compare`].
pub fn compare_with(old: &Version<'_>, new: &Version<'_>, own: &OwnTraits) -> Result<Report> {
    let mut old_side = Side::new(old, own)?;
    let new_side = Side::new(new, own)?;
    let old_id = old_side.service.clone();
    let renamed = old_id != new_side.service;
    if renamed {
        old_side = old_side.renamed(old, &new_side.service, own)?;
    }
    let sides = Sides {
        old: &old_side,
        new: &new_side,
        own,
    };
    let differences = walk::differences(&old_side.json, &new_side.json);
    let mut changes: Vec<Change> = differences
        .iter()
        .map(|difference| change(place_id(difference), effect(sides, difference)))
        .collect();
    changes.extend(renamed.then(|| service_renamed(sides, &old_id)));
    changes.extend(misfits(sides));
    let recorded = |names: Option<&Names>| names.cloned().unwrap_or_default();
    let old_names = recorded(old.names).moved(old_id.as_str(), new_side.service.as_str());
    let new_names = new.names.cloned();
    judge(sides, (old_names, new_names), &differences, &mut changes);
    Ok(Report::new(changes))
}

fn change(shape: String, effect: Effect) -> Change {
    Change {
        shape,
        kind: effect.kind,
        rust: effect.rust,
        wire: effect.wire,
        validation: effect.validation,
        documentation: effect.documentation,
        sentence: effect.sentence,
        api: Vec::new(),
    }
}

/// awsJson names the service shape in each request.
fn service_renamed(sides: Sides<'_>, old_id: &ShapeId) -> Change {
    let new_id = &sides.new.service;
    let is_sent = sides.new.is_target() && old_id.name() != new_id.name();
    Change {
        shape: new_id.to_string(),
        kind: "service-renamed".to_owned(),
        rust: RustLevel::Patch,
        wire: if is_sent { Wire::Breaking } else { Wire::None },
        validation: Validation::None,
        documentation: Documentation::Changed,
        sentence: format!(
            "The service was `{old_id}` and is `{new_id}`; shapes are compared as if `{}` had been called `{}`.",
            old_id.namespace(),
            new_id.namespace()
        ),
        api: Vec::new(),
    }
}

/// Statements of the overlay that fitted the old model and do not fit the new one.
fn misfits(sides: Sides<'_>) -> Vec<Change> {
    let known: BTreeSet<_> = sides.old.misfits.iter().collect();
    let new = sides
        .new
        .misfits
        .iter()
        .filter(|misfit| !known.contains(misfit));
    new.map(|(place, problem)| Change {
        shape: place.clone(),
        kind: "overlay-statement-misfit".to_owned(),
        rust: RustLevel::None,
        wire: Wire::None,
        validation: Validation::None,
        documentation: Documentation::Overlay,
        sentence: format!("`{}`: {problem}.", short(place)),
        api: Vec::new(),
    })
    .collect()
}

/// The service that would be generated, or the reason why it cannot be.
fn outline<'a>(side: &'a Side, given: &GivenNames) -> Result<Plan<'a>> {
    match &side.generated {
        Ok(model) => plan::outline(model, given),
        Err(error) => Err(error.clone()),
    }
}

/// Sets the Rust axis of every change from the two APIs. `names` are the recorded names of both versions.
fn judge(
    sides: Sides<'_>,
    (old_names, new_names): (Names, Option<Names>),
    differences: &[Difference<'_>],
    changes: &mut Vec<Change>,
) {
    let mut given = GivenNames::recorded("names.json", old_names);
    let old = outline(sides.old, &given);
    match (new_names, &old) {
        (Some(recorded), _) => given.recorded = recorded,
        (None, Ok(old)) => given.previous = old.names(),
        (None, Err(_)) => {}
    }
    let new = outline(sides.new, &given);
    match (&old, &new) {
        (Ok(old), Ok(new)) => {
            let (old, new) = (old.surface(), new.surface());
            attribute(&api::compare(&old, &new), changes);
        }
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => {
            let which = if new.is_ok() { "old" } else { "new" };
            changes.push(refused(which, error, RustLevel::Major));
        }
        (Err(old), Err(new)) => {
            // There is no API to compare, so the levels follow from the differences themselves.
            for (difference, change) in differences.iter().zip(changes.iter_mut()) {
                if change.rust == RustLevel::Patch {
                    change.rust = guess(difference);
                }
            }
            let level = if old == new {
                RustLevel::None
            } else {
                RustLevel::Major
            };
            changes.push(refused("new", new, level));
        }
    }
}

fn refused(which: &str, error: &crate::error::Error, rust: RustLevel) -> Change {
    Change {
        shape: String::new(),
        kind: "not-generated".to_owned(),
        rust,
        wire: Wire::None,
        validation: Validation::None,
        documentation: Documentation::None,
        sentence: format!("No client can be generated from the {which} model: {error}."),
        api: Vec::new(),
    }
}

/// The Rust axis without an API: an addition is minor, a changed trait is a patch, and anything else may break.
fn guess(difference: &Difference<'_>) -> RustLevel {
    match (difference.what, difference.old) {
        (walk::What::Trait(_), _) => RustLevel::Patch,
        (_, None) => RustLevel::Minor,
        _ => RustLevel::Major,
    }
}

/// Attributes each change of the API to the change of the model that explains it: the one at the same place, one at the
/// same shape, or one at a shape that the item is generated from. Each remaining one becomes a change of its own.
fn attribute(api: &[ApiChange<'_>], changes: &mut Vec<Change>) {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, change) in changes.iter().enumerate() {
        if change.kind != UNCLASSIFIED {
            places.entry(change.shape.clone()).or_default().push(index);
        }
    }
    let mut consequences: BTreeMap<String, Change> = BTreeMap::new();
    for entry in api {
        let item = entry.item;
        let shape = item.shape.as_str();
        let member = item
            .member
            .as_ref()
            .map(|member| format!("{shape}${member}"));
        let mut candidates: Vec<String> = member.iter().cloned().collect();
        candidates.push(shape.to_owned());
        let through = std::iter::once(item)
            .chain(entry.before)
            .flat_map(|item| &item.through);
        candidates.extend(through.map(|shape| shape.as_str().to_owned()));
        let cause = candidates.iter().find_map(|place| {
            let found = places.get(place)?.iter().copied();
            found.min_by_key(|index| distance(&changes[*index], entry.level))
        });
        let change = match cause {
            Some(index) => &mut changes[index],
            None => {
                let place = member.unwrap_or_else(|| shape.to_owned());
                consequences
                    .entry(place.clone())
                    .or_insert_with(|| consequence(place))
            }
        };
        change.rust = change.rust.max(entry.level);
        change.documentation = change.documentation.max(Documentation::Changed);
        change.api.push(entry.text.clone());
    }
    changes.extend(consequences.into_values());
}

/// How well a change of a place explains a change of the API; smaller is better: first additions, removals and other
/// targets, then traits that determine types, then all others.
fn distance(change: &Change, level: RustLevel) -> u8 {
    const TYPES: [&str; 5] = [
        "client-optional",
        "default",
        "required",
        "sparse",
        "streaming",
    ];
    let is = |prefix: &str| change.kind.starts_with(prefix);
    match level {
        RustLevel::Minor | RustLevel::Patch if is("deprecated") => 0,
        _ if ["error-", "member-", "operation-", "shape-", "enum-value-"]
            .into_iter()
            .any(is) =>
        {
            1
        }
        _ if TYPES.into_iter().any(is) => 2,
        _ => 3,
    }
}

fn consequence(place: String) -> Change {
    let name = short(&place).replace('$', ".");
    Change {
        shape: place,
        kind: "rust-api-changed".to_owned(),
        rust: RustLevel::None,
        wire: Wire::None,
        validation: Validation::None,
        documentation: Documentation::Changed,
        sentence: format!(
            "The generated code of `{name}` changed because shapes that contain it changed."
        ),
        api: Vec::new(),
    }
}
