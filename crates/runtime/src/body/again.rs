//! Streams whose source can be opened again, so that a request can be hashed, sent, and sent once more.

use std::path::Path;
use std::sync::Arc;

use http_body::Body as _;

use super::{ByteStream, Inner, Source};

impl ByteStream {
    /// Whether the stream can be read again from its start.
    pub fn is_repeatable(&self) -> bool {
        match &self.inner {
            Inner::Bytes(bytes) => bytes.is_some(),
            Inner::Body(_) => false,
            Inner::Source(_) => true,
        }
    }

    /// The source, if it can be opened again.
    fn source(&self) -> Option<&Source> {
        match &self.inner {
            Inner::Source(source) => Some(source.source()),
            Inner::Bytes(_) | Inner::Body(_) => None,
        }
    }

    /// The stream from its start, if its source can be opened again.
    pub(crate) fn again(&self) -> Option<Self> {
        let source = self.source()?;
        Some(Self::of_origin(Arc::clone(&source.origin), source.piece))
    }

    /// The same, of bytes too. A file is read in pieces of so many bytes.
    pub(crate) fn again_in_pieces(&self, piece: u64) -> Option<Self> {
        if let Inner::Bytes(bytes) = &self.inner {
            return bytes.clone().map(Self::from);
        }
        Some(Self::of_origin(Arc::clone(&self.source()?.origin), piece))
    }

    /// The length in bytes from the start, if it is known. `size_hint` is what is left to be read.
    pub(crate) fn whole_length(&self) -> Option<u64> {
        match self.source() {
            Some(source) => Some(source.origin.length),
            None => self.size_hint().exact(),
        }
    }

    /// Where it is, if it is a file that can be opened again.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.source()?.origin.path.as_deref()
    }
}
