//! The passes over the model, in order: what its Rust code will look like.
//!
//! Each pass makes one decision and makes it everywhere; the emitter makes none.

mod blobs;
mod constraints;
mod cycles;
mod documented;
mod members;
mod names;
mod recursion;
mod server;
mod usage;

use crate::error::Result;
use crate::model::Service;

pub(crate) use names::is_taken_method;
pub use names::{field_name, type_name};
pub use server::server_view;

type Pass = fn(&mut Service) -> Result<()>;

/// Runs every pass.
///
/// # Errors
/// What a pass finds that cannot become Rust: labels without members, two members of one name.
pub fn run(service: &mut Service) -> Result<()> {
    decide(service)?;
    // Checks that the traits of overlays fit what they are applied to.
    documented::check(service)?;
    // Compiles patterns, and notes contradictions.
    constraints::check(service)
}

/// Runs the passes that decide what the Rust API looks like. Patterns, which take the most time, are left as text.
///
/// # Errors
/// As [`run`], but for rules about members.
pub fn decide(service: &mut Service) -> Result<()> {
    const PASSES: [Pass; 7] = [
        // Checks that path and host labels name members, and that members fit their places.
        members::check,
        // Says which types travel in requests and which in responses.
        usage::mark,
        // Says which types can hold themselves.
        cycles::mark,
        // Says which types hold blobs.
        blobs::mark,
        // Boxes the members that close a cycle of types.
        recursion::break_cycles,
        // Refuses types that hold themselves in every value.
        recursion::refuse_endless,
        // Gives every type, member, value and operation its Rust name.
        names::assign,
    ];
    PASSES.iter().try_for_each(|pass| pass(service))
}
