//! Records what must not be shown of a text, while a reader reads it: contents of elements, never their names.

use super::Reader;
#[cfg(feature = "tracing")]
use crate::plumbing::json::marks::{Marks, Reason};

/// The record of what must not be shown. It costs a comparison where nobody wants it.
impl Reader<'_> {
    /// Records from now on.
    #[cfg(feature = "tracing")]
    pub(crate) fn record(&mut self) {
        self.marks = Some(Box::default());
    }

    /// What was recorded, and how much of the text was read.
    #[cfg(feature = "tracing")]
    pub(crate) fn recorded(&mut self) -> Option<(Marks, usize)> {
        Some((*self.marks.take()?, self.position))
    }

    pub(super) fn is_recording(&self) -> bool {
        #[cfg(feature = "tracing")]
        return self.marks.is_some();
        #[cfg(not(feature = "tracing"))]
        false
    }

    /// Marks a part that no member is read from.
    pub(super) fn mark_unknown(&mut self, _start: usize, _end: usize) {
        #[cfg(feature = "tracing")]
        if let Some(marks) = &mut self.marks {
            marks.begin(_start, Reason::Unknown);
            marks.end(_end);
        }
    }

    /// Begins a part that the model calls sensitive, with the content of the element. Whether it was begun is passed to
    /// [`end_hidden`](Self::end_hidden).
    #[cfg(feature = "xml")]
    pub(super) fn begin_sensitive(&mut self) -> bool {
        #[cfg(feature = "tracing")]
        return self.begin_hidden(Reason::Sensitive);
        #[cfg(not(feature = "tracing"))]
        false
    }

    /// The same for a part that the model does not know.
    pub(super) fn begin_unknown(&mut self) -> bool {
        #[cfg(feature = "tracing")]
        return self.begin_hidden(Reason::Unknown);
        #[cfg(not(feature = "tracing"))]
        false
    }

    #[cfg(feature = "tracing")]
    fn begin_hidden(&mut self, reason: Reason) -> bool {
        // An element without content has no place for a mark.
        let is_empty = self.is_empty;
        match &mut self.marks {
            Some(marks) if !is_empty => {
                marks.begin(self.position, reason);
                true
            }
            _ => false,
        }
    }

    pub(super) fn end_hidden(&mut self, _is_begun: bool) {
        #[cfg(feature = "tracing")]
        if let (true, Some(marks)) = (_is_begun, &mut self.marks) {
            marks.end(self.content_end);
        }
    }
}
