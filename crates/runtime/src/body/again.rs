//! Streams whose source can be opened again, so that a request can be hashed, sent, and sent once more.

use std::path::Path;
use std::sync::Arc;

use http_body::Body as _;

use super::{ByteStream, Inner};

impl ByteStream {
    /// Whether the stream can be read again from its start.
    pub fn is_repeatable(&self) -> bool {
        match &self.inner {
            Inner::Bytes(bytes) => bytes.is_some(),
            Inner::Body(_) => false,
            Inner::Source(_) => true,
        }
    }

    /// The stream from its start, if its source can be opened again.
    pub(crate) fn again(&self) -> Option<Self> {
        match &self.inner {
            Inner::Source(source) => {
                let source = source.source();
                Some(Self::of_origin(Arc::clone(&source.origin), source.piece))
            }
            Inner::Bytes(_) | Inner::Body(_) => None,
        }
    }

    /// The same, of bytes too. A file is read in pieces of so many bytes.
    pub(crate) fn again_in_pieces(&self, piece: u64) -> Option<Self> {
        match &self.inner {
            Inner::Source(source) => {
                let origin = Arc::clone(&source.source().origin);
                Some(Self::of_origin(origin, piece))
            }
            Inner::Bytes(bytes) => bytes.clone().map(Self::from),
            Inner::Body(_) => None,
        }
    }

    /// How many bytes it has from its start, if that is known. Its `size_hint` is what is left.
    pub(crate) fn whole_length(&self) -> Option<u64> {
        match &self.inner {
            Inner::Source(source) => Some(source.source().origin.length),
            Inner::Bytes(_) | Inner::Body(_) => self.size_hint().exact(),
        }
    }

    /// Where it is, if it is a file that can be opened again.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.inner {
            Inner::Source(source) => source.source().origin.path.as_deref(),
            Inner::Bytes(_) | Inner::Body(_) => None,
        }
    }
}
