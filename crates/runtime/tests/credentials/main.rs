//! The default credential chain and the cache, with a transport that responds by URL and a clock that the test sets.
//! They use the timer of Tokio.
#![cfg(feature = "tokio")]

mod attacks;
mod cache;
mod container;
mod expiry;
mod fields;
mod instance_metadata;
mod order;
mod process;
mod profile_files;
mod real_files;
mod roles;
#[cfg(feature = "bearer")]
mod session_token;
mod sso;
mod sso_refresh;
mod stage;
mod sts_endpoints;
mod user_agent;
