//! The JSON reader and writer of generated code.
//!
//! There is a pull [`Reader`] and a push [`Writer`], both without type parameters where that is possible, and without
//! serde. A generated decoder is a plain loop over keys, which compiles several times faster than derived serde
//! implementations. The reader supports the Smithy forms (base64 blobs, three forms of time, NaN as a string) directly.
//!
//! The reader accepts what RFC 8259 allows, with these limits and one extension:
//!
//! * values nest at most [`DEPTH_LIMIT`] deep;
//! * the values use at most [`VALUE_LIMIT`] bytes of memory, or as many as the caller allows;
//! * a byte order mark is refused;
//! * of equal keys in an object the last one is used;
//! * an escape that is half of a surrogate pair becomes U+FFFD. Other readers refuse the whole text, but a service that
//!   truncates a user's text in the middle of a pair must not make its response unreadable.

mod big;
mod collection;
mod from_json;
mod kind;
#[cfg(feature = "tracing")]
pub(crate) mod marks;
mod number;
mod path;
mod quoted;
mod reader;
mod recording;
mod scalar;
mod scan;
mod string;
mod writer;

pub use super::budget::VALUE_LIMIT;
pub use super::read_error::ReadError as Error;
#[cfg(feature = "serde")]
pub(crate) use from_json::whole;
pub use from_json::{FromJson, Required};
pub use kind::Kind;
pub use reader::{Elements, Fields, Reader};
#[cfg(any(feature = "serde", feature = "xml"))]
pub(crate) use scalar::decode_base64;
pub use writer::Writer;

/// How deep arrays and objects may nest in a text that is read.
///
/// This prevents hostile responses from exhausting the stack. No AWS model comes near it.
pub const DEPTH_LIMIT: usize = 128;

super::memory::count_memory!();

/// The result of reading JSON.
pub type Result<T, E = Error> = std::result::Result<T, E>;
