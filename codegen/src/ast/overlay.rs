//! Merging an overlay into a model.
//!
//! An overlay contains facts that the documentation states and the traits do not. It must stay current: a statement
//! about a missing shape, and one that the model now contains itself, are errors that name the statement. A comparison
//! of two models reports such statements instead, which is why [`merge`] returns them.
//!
//! Both are JSON here, as they are for [mixins](super::mixins), so that nothing of either is lost.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::mixins::{member_mut, traits_mut};
use super::trait_id;
use crate::error::{Error, Result};

/// Which statements of an overlay were merged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    /// The traits that were added, by shape or member and trait id; a shape that was added has an empty trait id.
    pub stated: BTreeSet<(String, String)>,
    /// What was left out, the shapes first.
    pub misfits: Vec<Misfit>,
}

/// A part of an overlay that does not apply to the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Misfit {
    /// `namespace#Shape` or `namespace#Shape$member`.
    pub place: String,
    /// What is wrong.
    pub problem: Problem,
}

/// Why a part of an overlay does not apply.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    /// The overlay adds a shape that the model has.
    ShapeExists,
    /// The model has no such shape or member.
    NothingThere,
    /// The statement has no traits.
    SaysNothing,
    /// The model has the trait itself.
    TraitExists {
        /// The trait.
        id: String,
        /// Its value in the model.
        in_model: Value,
        /// Its value in the overlay.
        in_overlay: Value,
    },
}

/// Merges an overlay, all of which must apply.
///
/// The overlay is a Smithy JSON AST: `apply` statements add traits to shapes and members (`namespace#Shape$member`)
/// of the model, and other shapes are added to it.
///
/// # Errors
/// A statement about a shape or member that the model lacks, a trait that the model already has, a new shape whose id
/// is already in the model.
pub fn apply(model: &mut Value, overlay: &Value) -> Result<()> {
    match merge(model, overlay).misfits.first() {
        Some(misfit) => Err(misfit.problem.error().at(&misfit.place)),
        None => Ok(()),
    }
}

/// Merges the parts of an overlay that apply.
pub fn merge(model: &mut Value, overlay: &Value) -> Merged {
    let mut merged = Merged::default();
    let entries = overlay["shapes"].as_object().into_iter().flatten();
    let (statements, shapes): (Vec<_>, Vec<_>) =
        entries.partition(|(_, entry)| entry["type"] == "apply");
    for (id, shape) in shapes {
        if model["shapes"].get(id).is_some() {
            merged.leave_out(id, Problem::ShapeExists);
        } else {
            model["shapes"][id] = shape.clone();
            merged.stated.insert((id.clone(), String::new()));
        }
    }
    for (place, statement) in statements {
        merged.statement(model, place, statement);
    }
    merged
}

/// Removes the parts of an overlay that do not apply.
pub fn remove(overlay: &mut Value, misfits: &[Misfit]) {
    let Some(statements) = overlay["shapes"].as_object_mut() else {
        return;
    };
    for Misfit { place, problem } in misfits {
        let is_empty = match (problem, statements.get_mut(place)) {
            (Problem::TraitExists { id, .. }, Some(statement)) => {
                let mut traits = statement["traits"].as_object_mut();
                traits.as_mut().map(|traits| traits.remove(id));
                traits.is_none_or(|traits| traits.is_empty())
            }
            _ => true,
        };
        if is_empty {
            statements.remove(place);
        }
    }
}

impl Merged {
    fn leave_out(&mut self, place: &str, problem: Problem) {
        self.misfits.push(Misfit {
            place: place.to_owned(),
            problem,
        });
    }

    fn statement(&mut self, model: &mut Value, place: &str, statement: &Value) {
        let Some(target) = object_at(&mut model["shapes"], place) else {
            return self.leave_out(place, Problem::NothingThere);
        };
        let stated = statement["traits"].as_object();
        if stated.is_none_or(Map::is_empty) {
            return self.leave_out(place, Problem::SaysNothing);
        }
        if let Some(other) = statement["traits"].get(trait_id::attache::MEMBER_TARGET) {
            // Everything behind the overlay sees the member as if its model had said so.
            target.insert("target".to_owned(), other.clone());
        }
        let Ok(traits) = traits_mut(target) else {
            return self.leave_out(place, Problem::NothingThere);
        };
        for (id, value) in stated.into_iter().flatten() {
            match traits.get(id) {
                Some(before) => self.leave_out(
                    place,
                    Problem::TraitExists {
                        id: id.clone(),
                        in_model: before.clone(),
                        in_overlay: value.clone(),
                    },
                ),
                None => {
                    traits.insert(id.clone(), value.clone());
                    self.stated.insert((place.to_owned(), id.clone()));
                }
            }
        }
    }
}

impl Problem {
    fn error(&self) -> Error {
        Error::new(match self {
            Self::ShapeExists => {
                "the overlay adds this shape, but the model has it already: use `apply`".to_owned()
            }
            Self::NothingThere => {
                "this overlay statement applies to nothing: the model has no such shape or member"
                    .to_owned()
            }
            Self::SaysNothing => "this overlay statement has no traits".to_owned(),
            Self::TraitExists {
                id,
                in_model,
                in_overlay,
            } if in_model == in_overlay => {
                format!("the model has the trait `{id}` itself: remove it from the overlay")
            }
            Self::TraitExists {
                id,
                in_model,
                in_overlay,
            } => format!(
                "the trait `{id}` is {in_model} in the model and {in_overlay} in the overlay: remove one of them"
            ),
        })
    }
}

/// A shape or a member.
fn object_at<'a>(shapes: &'a mut Value, place: &str) -> Option<&'a mut Map<String, Value>> {
    match place.split_once('$') {
        Some((id, member)) => member_mut(shapes.get_mut(id)?, member),
        None => shapes.get_mut(place)?.as_object_mut(),
    }
}
