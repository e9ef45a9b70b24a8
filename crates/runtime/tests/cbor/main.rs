//! The CBOR reader and writer: what they read and write, the limits, and agreement with a codec that is not ours.

#![cfg(feature = "cbor")]

mod limits;
mod random;
mod values;
