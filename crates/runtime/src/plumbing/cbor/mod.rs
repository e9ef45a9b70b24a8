//! The CBOR reader and writer of generated code (RFC 8949), for the protocol rpcv2Cbor.
//!
//! They have the functions of the JSON [`Reader`](super::json::Reader) and [`Writer`](super::json::Writer), so one emitter
//! prints the code of both. The writer is deterministic: definite lengths, integers in their shortest form, members in the
//! order of the model, entries of maps in the order of their keys. The reader accepts every well-formed text:
//!
//! * definite and indefinite lengths;
//! * half, single and double floats, and an integer where a float is expected, or a float without a fraction where an
//!   integer is expected;
//! * bignums (tags 2 and 3) up to [`BIGNUM_LIMIT`] bytes and decimal fractions (tag 4) as numbers;
//! * times as numbers or as text, with tag 0 or 1 or without a tag; any other tag is skipped.
//!
//! Values nest at most [`DEPTH_LIMIT`] deep and use at most [`VALUE_LIMIT`] bytes of memory, or as many as the caller allows.
//! Of equal keys in a map the last one is used.

mod big;
mod collection;
mod head;
mod number;
mod path;
mod readable;
mod reader;
mod recording;
mod scalar;
mod writer;

pub use super::budget::VALUE_LIMIT;
pub use super::read_error::ReadError as Error;
pub use big::BIGNUM_LIMIT;
#[cfg(feature = "tracing")]
pub(crate) use readable::Select;
#[cfg(feature = "test-util")]
pub(crate) use readable::replaced;
pub use reader::{Elements, Fields, Reader};
pub use writer::Writer;

/// How deep arrays and maps may nest.
pub const DEPTH_LIMIT: usize = 128;

super::memory::count_memory!();

/// The result of reading CBOR.
pub type Result<T, E = Error> = std::result::Result<T, E>;
