//! Boxes the members that close a cycle of types, because a Rust type cannot contain itself.
//!
//! Lists and maps are on the heap anyway, so only members that hold a type directly count.

use crate::error::Result;
use crate::ir::{Service, TypeId, TypeKind};

/// Depth-first search; a member that leads back to a type on the current path is boxed.
pub(super) fn break_cycles(service: &mut Service) -> Result<()> {
    let mut states = vec![State::New; service.types.len()];
    for index in 0..service.types.len() {
        visit(service, &mut states, TypeId(index));
    }
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    OnPath,
    Done,
}

fn visit(service: &mut Service, states: &mut [State], start: TypeId) {
    // An explicit stack of (type, next member): models nest deeper than a thread's stack likes.
    let mut stack = vec![(start, 0)];
    if states[start.0] != State::New {
        return;
    }
    states[start.0] = State::OnPath;
    while let Some((id, next)) = stack.pop() {
        let Some(field) = service.types[id.0].fields_mut().get_mut(next) else {
            states[id.0] = State::Done;
            continue;
        };
        stack.push((id, next + 1));
        if let TypeKind::Named(target) = field.ty.kind {
            match states[target.0] {
                State::OnPath => field.boxed = true,
                State::New => {
                    states[target.0] = State::OnPath;
                    stack.push((target, 0));
                }
                State::Done => {}
            }
        }
    }
}
