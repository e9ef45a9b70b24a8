//! Where traits of ours may stand.
//!
//! A trait on a shape that it says nothing about would be dropped without a word, and with it the check that somebody
//! wrote it for. What a trait asks of the type of a value is checked where types are known, in the passes.

use super::{Model, Shape, ShapeKind, Traits, trait_id};
use crate::error::{Error, Result};

/// A kind of place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Service,
    Operation,
    Structure,
    OtherShape,
    Member,
}

impl Place {
    fn of(shape: &Shape) -> Self {
        match &shape.kind {
            ShapeKind::Service(_) => Self::Service,
            ShapeKind::Operation(_) => Self::Operation,
            ShapeKind::Structure(_) => Self::Structure,
            _ => Self::OtherShape,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Service => "services",
            Self::Operation => "operations",
            Self::Structure => "structures",
            Self::OtherShape => "other shapes",
            Self::Member => "members",
        }
    }
}

/// The traits that stand in some kinds of places only.
const PLACES: [(&str, &[Place]); 10] = [
    (trait_id::attache::AT_LEAST_ONE_OF, &[Place::Structure]),
    (trait_id::attache::DEFAULT_REGION, &[Place::Service]),
    (trait_id::attache::DRY_RUN, &[Place::Service]),
    (trait_id::attache::ENDPOINT, &[Place::Member]),
    (
        trait_id::attache::ERRORS,
        &[Place::Service, Place::Operation],
    ),
    (trait_id::attache::LABEL_DEFAULT, &[Place::Member]),
    (trait_id::attache::MUST_EQUAL, &[Place::Member]),
    (trait_id::attache::ORDERED, &[Place::Structure]),
    (trait_id::attache::REQUEST_HEADERS, &[Place::Service]),
    (trait_id::attache::TREE_HASH, &[Place::Operation]),
];

/// Checks the traits of a model against where they may stand.
///
/// # Errors
/// The first trait that says nothing where it stands, with its shape or member.
pub fn check(model: &Model) -> Result<()> {
    for (id, shape) in &model.shapes {
        check_traits(&shape.traits, Place::of(shape)).map_err(|error| error.at(id))?;
        for (name, member) in shape.members() {
            check_traits(&member.traits, Place::Member)
                .map_err(|error| error.at(id.with_member(name)))?;
        }
    }
    Ok(())
}

fn check_traits(traits: &Traits, place: Place) -> Result<()> {
    for (id, places) in PLACES {
        if traits.has(id) && !places.contains(&place) {
            let names: Vec<&str> = places.iter().map(|place| place.name()).collect();
            return Err(Error::new(format!(
                "trait `{id}` belongs on {}",
                names.join(" or ")
            )));
        }
    }
    Ok(())
}
