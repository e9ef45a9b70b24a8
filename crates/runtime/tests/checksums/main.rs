//! Checksums of requests and responses, as a transport sees them. It is about a client with the feature `http-checksum`.
#![cfg(feature = "http-checksum")]

#[cfg(feature = "hyper")]
mod cut;
#[cfg(feature = "hyper")]
mod repeats;
mod requests;
mod responses;
mod settings;
mod signed_chunks;
mod stage;
mod streams;
