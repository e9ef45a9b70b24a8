//! Boxes the members that close a cycle of types, because a Rust type cannot contain itself; refuses cycles that no
//! value can satisfy.
//!
//! Lists and maps are on the heap anyway, so only members that hold a type directly count.

use std::collections::BTreeSet;

use super::presence::Demand;
use crate::error::{Error, Result};
use crate::model::{Definition, MemberId, Service, TypeId, TypeKind};

/// Depth-first search; a member that leads back to a type on the current path is boxed.
pub(super) fn boxed_members(service: &Service) -> BTreeSet<MemberId> {
    let mut states = vec![State::New; service.types.len()];
    let mut boxed = BTreeSet::new();
    for index in 0..service.types.len() {
        visit(service, &mut states, TypeId(index), &mut boxed);
    }
    boxed
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    OnPath,
    Done,
}

fn visit(service: &Service, states: &mut [State], start: TypeId, boxed: &mut BTreeSet<MemberId>) {
    // An explicit stack of (type, next member), because models may nest deeper than a thread's stack permits.
    let mut stack = vec![(start, 0)];
    if states[start.0] != State::New {
        return;
    }
    states[start.0] = State::OnPath;
    while let Some((id, next)) = stack.pop() {
        let Some(member) = service.types[id.0].members().get(next) else {
            states[id.0] = State::Done;
            continue;
        };
        stack.push((id, next + 1));
        if let TypeKind::Named(target) = member.ty.kind {
            match states[target.0] {
                State::OnPath => {
                    boxed.insert(MemberId {
                        owner: id,
                        index: next,
                    });
                }
                State::New => {
                    states[target.0] = State::OnPath;
                    stack.push((target, 0));
                }
                State::Done => {}
            }
        }
    }
}

/// A structure that requires itself, directly or through others, has no value that ends: neither its `Default` nor a
/// caller could ever build one. Lists, maps and unions end such a chain.
pub(super) fn refuse_endless(service: &Service) -> Result<()> {
    let mut states = vec![State::New; service.types.len()];
    for index in 0..service.types.len() {
        refuse_endless_from(service, &mut states, TypeId(index))?;
    }
    Ok(())
}

fn refuse_endless_from(service: &Service, states: &mut [State], start: TypeId) -> Result<()> {
    if states[start.0] != State::New {
        return Ok(());
    }
    let mut stack = vec![(start, 0)];
    states[start.0] = State::OnPath;
    while let Some((id, next)) = stack.pop() {
        let members = match &service.types[id.0].definition {
            Definition::Structure(members) => members.as_slice(),
            Definition::Union(_) | Definition::Enum(_) | Definition::IntEnum(_) => &[],
        };
        let Some(member) = members.get(next) else {
            states[id.0] = State::Done;
            continue;
        };
        stack.push((id, next + 1));
        if let (TypeKind::Named(target), Demand::Required) = (&member.ty.kind, Demand::of(member)) {
            match states[target.0] {
                State::OnPath => {
                    return Err(Error::new(
                        "the structure requires itself through this member, so that no value of it can be built",
                    )
                    .at(&member.id));
                }
                State::New => {
                    states[target.0] = State::OnPath;
                    stack.push((*target, 0));
                }
                State::Done => {}
            }
        }
    }
    Ok(())
}
