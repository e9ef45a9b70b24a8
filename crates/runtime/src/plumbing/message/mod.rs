//! The HTTP message of a request being written, and of a response being read.
//!
//! These types hold the verbs of generated code: a generated `encode` is a list of calls of [`HttpRequest`] in the
//! order of the message. They know HTTP bindings (Smithy specification, "HTTP protocol bindings"), but no service.

mod error;
mod request;
mod response;
pub(crate) mod unreadable;

pub use error::{DecodeError, EncodeError};
pub use request::HttpRequest;
pub use response::HttpResponse;

#[doc(hidden)]
pub use crate::plumbing::safe_line::safe_line;
