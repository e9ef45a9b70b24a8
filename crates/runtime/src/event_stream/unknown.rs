//! Events that this version does not know.

use std::fmt;

use bytes::Bytes;

use crate::plumbing::safe_line::safe_name;

/// An event that the model of this version lacks: its name, and its content as it arrived.
///
/// `Debug` shows only the length of the content, because it may be secret.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownEvent {
    /// The name of the event.
    pub name: String,
    /// The media type of the content, if the event had one.
    pub content_type: Option<String>,
    /// The content.
    pub payload: Bytes,
}

impl UnknownEvent {
    /// An event of this name.
    pub fn new(name: impl Into<String>, payload: impl Into<Bytes>) -> Self {
        Self {
            name: name.into(),
            content_type: None,
            payload: payload.into(),
        }
    }
}

impl fmt::Debug for UnknownEvent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.payload.len();
        write!(
            formatter,
            "UnknownEvent({}, {length} bytes)",
            safe_name(&self.name)
        )
    }
}
