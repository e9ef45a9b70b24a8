//! Errors of messages that cannot be read or written.

use std::fmt;

use super::limits::{MAX_HEADERS, MAX_PAYLOAD};
use crate::plumbing::causes;
use crate::plumbing::safe_line::safe_name;

/// A message that cannot be read or written. The text has no value of a header and no part of a payload.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// The checksum of the prelude is wrong: what is announced, and what was computed.
    PreludeChecksum(u32, u32),
    /// The checksum of the message is wrong: what is announced, and what was computed.
    MessageChecksum(u32, u32),
    /// The announced lengths contradict each other: that of the message, and that of its headers.
    Lengths(u32, u32),
    /// The headers are too long, in bytes.
    HeadersTooLong(u64),
    /// The payload is too long, in bytes.
    PayloadTooLong(u64),
    /// The name of a header is empty or too long, in bytes.
    NameLength(usize),
    /// The value of a header is too long, in bytes.
    ValueTooLong(String, usize),
    /// The headers end in the middle of one.
    HeaderCut,
    /// The name of a header, or a value that is a text, is not UTF-8.
    HeaderText,
    /// A header has a type that the format lacks.
    HeaderType(String, u8),
    /// A header is there twice.
    HeaderTwice(String),
    /// The stream ended in the middle of a message: how many of its bytes arrived, and its length if that is known.
    Cut(usize, Option<usize>),
}

impl fmt::Display for FrameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a message of the event stream cannot be used: ")?;
        match self {
            Self::PreludeChecksum(wanted, came) => write!(
                formatter,
                "the checksum of its prelude is {came:08x}, and {wanted:08x} is announced"
            ),
            Self::MessageChecksum(wanted, came) => write!(
                formatter,
                "its checksum is {came:08x}, and {wanted:08x} is announced"
            ),
            Self::Lengths(total, headers) => write!(
                formatter,
                "it announces {total} bytes, of which {headers} are headers, and at least 16 must be left"
            ),
            Self::HeadersTooLong(length) => write!(
                formatter,
                "its headers have {length} bytes, and {MAX_HEADERS} is the maximum"
            ),
            Self::PayloadTooLong(length) => write!(
                formatter,
                "its payload has {length} bytes, and {MAX_PAYLOAD} is the maximum"
            ),
            Self::NameLength(length) => write!(
                formatter,
                "the name of a header has {length} bytes, and 1 to 255 are possible"
            ),
            Self::ValueTooLong(name, length) => write!(
                formatter,
                "the header `{}` has {length} bytes, and 32767 is the maximum",
                safe_name(name)
            ),
            Self::HeaderCut => formatter.write_str("its headers end in the middle of one"),
            Self::HeaderText => formatter.write_str("a header is not UTF-8"),
            Self::HeaderType(name, kind) => write!(
                formatter,
                "the header `{}` has the type {kind}, which the format lacks",
                safe_name(name)
            ),
            Self::HeaderTwice(name) => {
                write!(formatter, "the header `{}` is there twice", safe_name(name))
            }
            Self::Cut(came, Some(length)) => write!(
                formatter,
                "the stream ended after {came} of its {length} bytes"
            ),
            Self::Cut(came, None) => write!(
                formatter,
                "the stream ended after {came} bytes, in its prelude"
            ),
        }
    }
}

impl fmt::Debug for FrameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            let text = self.to_string();
            formatter.debug_tuple("FrameError").field(&text).finish()
        })
    }
}

impl std::error::Error for FrameError {}
