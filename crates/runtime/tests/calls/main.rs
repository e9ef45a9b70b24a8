//! What happens around a call, against a transport that answers from a script.
//!
//! Tokio's clock stands still and jumps to the next moment that anything waits for, so that no test takes the time that
//! it is about.

mod clock;
mod headers;
mod limits;
mod policy;
mod repeats;
mod settings;
mod stage;
