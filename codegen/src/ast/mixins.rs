//! Copies the members and traits of mixins into the shapes that name them, so that no later step knows mixins.

use std::collections::BTreeMap;

use super::{Model, Reference, ShapeId};
use crate::error::{Context, Error, Result};

/// The most members and traits that are copied. Mixins of mixins could make many of few.
const COPIES: usize = 200_000;

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Its mixins are being resolved.
    OnPath,
    Done,
}

/// Resolves all mixins of a model.
///
/// # Errors
/// Mixins that the model lacks, that name each other in a circle, or that become too many members.
pub(super) fn resolve(model: &mut Model) -> Result<()> {
    let users = model.shapes.iter();
    let users = users.filter(|(_, shape)| !shape.mixins.is_empty());
    let users: Vec<ShapeId> = users.map(|(id, _)| id.clone()).collect();
    let mut states = BTreeMap::new();
    let mut copies = 0;
    for user in users {
        if states.contains_key(&user) {
            continue;
        }
        states.insert(user.clone(), State::OnPath);
        // Shapes, and which of their mixins comes next: mixins nest deeper than a thread's stack.
        let mut path = vec![(user, 0)];
        while let Some((id, next)) = path.pop() {
            let mixins = &model.shape(&id)?.mixins;
            let Some(Reference { target }) = mixins.get(next).cloned() else {
                mix_in(model, &id, &mut copies).at(&id)?;
                states.insert(id, State::Done);
                continue;
            };
            model.shape(&target).at(&id)?;
            match states.get(&target) {
                Some(State::OnPath) => {
                    return Err(Error::new("mixins name each other in a circle").at(&id));
                }
                Some(State::Done) => path.push((id, next + 1)),
                None => {
                    path.push((id, next + 1));
                    states.insert(target.clone(), State::OnPath);
                    path.push((target, 0));
                }
            }
        }
    }
    Ok(())
}

/// Takes over what the mixins of a shape have; they are resolved.
fn mix_in(model: &mut Model, id: &ShapeId, copies: &mut usize) -> Result<()> {
    for Reference { target } in model.shape(id)?.mixins.clone() {
        let source = model.shape(&target)?.clone();
        *copies += source.members().len() + source.traits.iter().count() + 1;
        if *copies > COPIES {
            return Err(Error::new(format!(
                "mixins add more than {COPIES} members and traits to shapes"
            )));
        }
        if let Some(shape) = model.shapes.get_mut(id) {
            shape.mix_in(&source);
        }
    }
    Ok(())
}
