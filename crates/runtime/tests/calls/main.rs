//! The calls of a client, with a transport that returns scripted responses.
//!
//! Tokio's clock is paused and advances to the next timer at once, so that the tests do not wait.

mod authentication;
mod clock;
#[cfg(feature = "endpoint-discovery")]
mod discovery;
mod endpoints;
#[cfg(feature = "form")]
mod forms;
mod headers;
mod limits;
mod policy;
mod repeats;
mod settings;
mod stage;
