//! Generating client crates from small models: what comes out, and what is refused.

mod authentication;
mod bad_http_bindings;
mod bad_input;
mod checksums;
mod collisions;
mod decode;
mod determinism;
mod discovery;
mod endpoint_inputs;
mod expressions;
mod features;
mod front_page;
mod given_names;
mod golden;
mod ledger;
mod left_out;
mod model;
mod names;
mod names_stay;
mod overlay_traits;
mod prose;
mod query_services;
mod recorded_names;
mod refused_words;
#[cfg(feature = "format")]
mod reserved_names;
mod same_names;
mod server;
mod tokens;
mod waiters;
mod words;
#[cfg(feature = "format")]
mod written_names;
mod written_xml;
