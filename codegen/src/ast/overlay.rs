//! Merging an overlay into a model.
//!
//! An overlay contains facts that the documentation states and the traits do not. It must stay current: a statement
//! about a missing shape, and one that the model now contains itself, are errors that name the statement.

use super::{Model, Shape, ShapeId, ShapeKind};
use crate::error::{Error, Result};

/// Applies an overlay to a model.
///
/// The overlay is a Smithy JSON AST: `apply` statements add traits to shapes and members (`namespace#Shape$member`)
/// of the model, and other shapes are added to it.
///
/// # Errors
/// A statement about a shape or member that the model lacks, a trait that the model already has, a new shape whose id
/// is already in the model.
pub fn apply(model: &mut Model, overlay: Model) -> Result<()> {
    let (statements, shapes): (Vec<_>, Vec<_>) = overlay
        .shapes
        .into_iter()
        .partition(|(_, shape)| matches!(shape.kind, ShapeKind::Apply(_)));
    for (id, shape) in shapes {
        if model.shapes.contains_key(&id) {
            return Err(Error::new(
                "the overlay adds this shape, but the model has it already: use `apply`",
            )
            .at(id));
        }
        model.shapes.insert(id, shape);
    }
    for (id, statement) in statements {
        apply_statement(model, &id, &statement).map_err(|error| error.at(&id))?;
    }
    Ok(())
}

fn apply_statement(model: &mut Model, id: &ShapeId, statement: &Shape) -> Result<()> {
    let nothing = || {
        Error::new(
            "this overlay statement applies to nothing: the model has no such shape or member",
        )
    };
    let shape = model.shapes.get_mut(&id.shape()).ok_or_else(nothing)?;
    let traits = match id.member() {
        Some(member) => &mut shape.member_mut(member).ok_or_else(nothing)?.traits,
        None => &mut shape.traits,
    };
    if statement.traits.iter().next().is_none() {
        return Err(Error::new(
            "this overlay statement has no traits",
        ));
    }
    for (name, value) in statement.traits.iter() {
        match traits.insert(name, value.clone()) {
            None => {}
            Some(before) if before == *value => {
                return Err(Error::new(format!(
                    "the model has learned the trait `{name}` itself: remove it from the overlay"
                )));
            }
            Some(before) => {
                return Err(Error::new(format!(
                    "the model says {before} for the trait `{name}`, the overlay {value}: decide, and remove one"
                )));
            }
        }
    }
    Ok(())
}
