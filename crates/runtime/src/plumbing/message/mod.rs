//! The HTTP message of a request being written, and of a response being read.
//!
//! Generated code calls the methods of these types: a generated `encode` is a list of calls of [`HttpRequest`] in the
//! order of the message. The types implement HTTP bindings (Smithy specification, "HTTP protocol bindings") and are
//! independent of services.

#[cfg(feature = "cbor")]
mod cbor;
#[cfg(feature = "http-checksum")]
mod checksums;
mod destination;
mod error;
mod events;
mod expected;
#[cfg(feature = "form")]
mod form;
mod json;
mod labels;
#[cfg(feature = "form")]
mod presigned_copy;
mod request;
#[cfg(feature = "tracing")]
mod request_marks;
mod request_parts;
mod request_steps;
mod response;
mod segmented;
mod sensitive;
pub(crate) mod unreadable;
#[cfg(feature = "xml-core")]
mod xml;

#[cfg(feature = "http-checksum")]
pub use checksums::{Checksums, RequestChecksum, ResponseChecksum};
pub use error::{DecodeError, EncodeError};
pub(crate) use expected::Expected;
pub use labels::keep_last_segment;
#[cfg(feature = "form")]
pub use presigned_copy::PresignedCopy;
pub use request::HttpRequest;
#[cfg(feature = "test-util")]
pub(crate) use request_marks::RequestMarks;
#[cfg(feature = "tracing")]
pub(crate) use request_marks::Written;
pub use response::HttpResponse;
#[cfg(feature = "test-util")]
pub(crate) use response::Payload;
#[cfg(feature = "tracing")]
pub(crate) use response::Recording;

#[doc(hidden)]
pub use crate::plumbing::safe_line::safe_line;
