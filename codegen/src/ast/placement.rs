//! The kinds of shapes to which the traits `attache#…` may be applied.
//!
//! A trait on a shape of the wrong kind would be ignored silently, and the client would lack the intended check.
//! Requirements of a trait on the type of a value are checked in the lowering, where types are known.

use super::{Model, Shape, ShapeKind, Traits, trait_id};
use crate::error::{Error, Result};

/// A kind of shape or member.
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

/// The traits that may be applied to some kinds only.
const PLACES: &[(&str, &[Place])] = &[
    (trait_id::attache::AT_LEAST_ONE_OF, &[Place::Structure]),
    (trait_id::attache::DEFAULT_REGION, &[Place::Service]),
    (trait_id::attache::DRY_RUN, &[Place::Service]),
    (trait_id::attache::CRC32_REQUIRED, &[Place::Service]),
    (trait_id::attache::ENDPOINT, &[Place::Member]),
    (trait_id::attache::ENDPOINT_BACKENDS, &[Place::Service]),
    (trait_id::attache::ENDPOINT_LABELS, &[Place::Service]),
    (
        trait_id::attache::ERRORS,
        &[Place::Service, Place::Operation],
    ),
    (trait_id::attache::IDEMPOTENT_METHODS, &[Place::Service]),
    (trait_id::attache::KEY_WITH_MD5, &[Place::Member]),
    (trait_id::attache::LABEL_DEFAULT, &[Place::Member]),
    (trait_id::attache::LAST_SEGMENT, &[Place::OtherShape]),
    (trait_id::attache::MUST_EQUAL, &[Place::Member]),
    (trait_id::attache::ORDERED, &[Place::Structure]),
    (trait_id::attache::PERCENT_ENCODED, &[Place::Member]),
    (
        trait_id::attache::REGION_REDIRECT,
        &[Place::Service, Place::Operation],
    ),
    (trait_id::attache::MEMBER_TARGET, &[Place::Member]),
    (trait_id::attache::PRESIGNED_COPY, &[Place::Member]),
    (trait_id::attache::QUERY_AS_FORM, &[Place::Operation]),
    (trait_id::attache::REQUEST_HEADERS, &[Place::Service]),
    (trait_id::attache::SIGNATURE_VERSION, &[Place::Service]),
    (trait_id::attache::TEXT_BESIDE, &[Place::Member]),
    (trait_id::attache::TREE_HASH, &[Place::Operation]),
    (trait_id::attache::TARGET_PREFIX, &[Place::Service]),
    (trait_id::attache::URL_TEXTS, &[Place::Operation]),
    (trait_id::attache::UNWRAPPED_ERRORS, &[Place::Service]),
];

/// Checks that each trait of a model is on a permitted kind of shape.
///
/// # Errors
/// The first trait on a shape or member of the wrong kind.
pub fn validate(model: &Model) -> Result<()> {
    for (id, shape) in &model.shapes {
        validate_traits(&shape.traits, Place::of(shape)).map_err(|error| error.at(id))?;
        for (name, member) in shape.members() {
            validate_traits(&member.traits, Place::Member)
                .map_err(|error| error.at(id.with_member(name)))?;
        }
    }
    Ok(())
}

fn validate_traits(traits: &Traits, place: Place) -> Result<()> {
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
