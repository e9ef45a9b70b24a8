//! The XML reader of generated code: for answers of awsQuery, ec2Query and restXml.
//!
//! It is a pull [`Reader`] over a text in memory. It builds no tree: a generated decoder is a loop over the children of
//! an element, and a value is allocated only if it is kept. It knows the part of XML 1.0 that services write:
//!
//! * elements and attributes, which are known by the local part of their names: prefixes and namespaces are not compared,
//!   because no model has two members that differ only there;
//! * text with the five predefined entities and references to characters, and CDATA;
//! * comments, processing instructions and the declaration, which are skipped.
//!
//! A document type is refused, so there are no other entities, and no text is larger than the bytes that were received.
//! Elements nest at most [`DEPTH_LIMIT`] deep, and the values use at most
//! [`VALUE_LIMIT`](super::json::VALUE_LIMIT) bytes of memory, or as many as the caller allows. Line ends become `\n`. A
//! byte order mark is skipped. Characters that XML does not permit are read like others, and references in what is skipped are
//! not checked: what a service sends by mistake should not make its response unreadable.

#[cfg(feature = "xml")]
mod collection;
#[cfg(feature = "xml-write")]
mod envelope;
mod markup;
#[cfg(feature = "xml")]
mod member;
mod reader;
mod recording;
mod reference;
#[cfg(feature = "xml")]
mod scalar;
mod tag;
mod text;
#[cfg(feature = "xml-write")]
mod writer;

pub use super::read_error::ReadError as Error;
#[cfg(feature = "xml-write")]
pub use envelope::ErrorEnvelope;
pub use reader::Reader;
#[cfg(feature = "tracing")]
pub(crate) use reference::plain;
#[cfg(feature = "xml-write")]
pub use writer::Writer;

/// How deep elements may nest in a text that is read.
///
/// This prevents hostile responses from exhausting the stack. No AWS model comes near it.
pub const DEPTH_LIMIT: usize = 128;

super::memory::count_memory!();

/// The result of reading XML.
pub type Result<T, E = Error> = std::result::Result<T, E>;
