//! The passes over the representation, in order.
//!
//! Each pass makes one decision and makes it everywhere; the emitter makes none.

mod constraints;
mod documented;
mod members;
mod names;
mod recursion;
mod usage;

use crate::error::Result;
use crate::ir::Service;

pub(crate) use names::TAKEN_METHODS;
pub use names::{field_name, type_name};

type Pass = fn(&mut Service) -> Result<()>;

/// Runs every pass.
///
/// # Errors
/// What a pass finds that cannot become Rust: labels without members, two members of one name.
pub fn run(service: &mut Service) -> Result<()> {
    const PASSES: [Pass; 7] = [
        // Checks that path and host labels name members, and that members fit their places.
        members::check,
        // Says which types travel in requests and which in responses.
        usage::mark,
        // Boxes the members that close a cycle of types.
        recursion::break_cycles,
        // Refuses types that hold themselves in every value.
        recursion::refuse_endless,
        // Gives every type, member, value and operation its Rust name.
        names::assign,
        // Checks that the traits of overlays fit what they are applied to.
        |service| documented::check(service),
        // Compiles patterns, and notes contradictions.
        constraints::check,
    ];
    PASSES.iter().try_for_each(|pass| pass(service))
}
