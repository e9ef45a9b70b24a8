//! Records what must not be shown of a text, while a reader reads it.

use super::Reader;
#[cfg(feature = "tracing")]
use super::marks::{Marks, Reason};

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

    /// The marks of a text in which values that must not be shown begin at `starts`, in ascending order.
    #[cfg(feature = "tracing")]
    #[inline(never)]
    pub(crate) fn marks_of(text: &[u8], starts: &[usize]) -> Marks {
        let Ok(mut reader) = Reader::new(text) else {
            let mut marks = Marks::default();
            marks.begin(0, Reason::Sensitive);
            return marks;
        };
        Marks::of_values(starts, |start| {
            reader.position = start;
            reader.skip_value().ok()?;
            Some(reader.position)
        })
    }

    pub(super) fn begin_sensitive(&mut self) {
        #[cfg(feature = "tracing")]
        self.begin_hidden(Reason::Sensitive);
    }

    pub(super) fn begin_unknown(&mut self) {
        #[cfg(feature = "tracing")]
        self.begin_hidden(Reason::Unknown);
    }

    #[cfg(feature = "tracing")]
    fn begin_hidden(&mut self, reason: Reason) {
        if self.marks.is_some() {
            self.peek();
            let start = self.position;
            if let Some(marks) = &mut self.marks {
                marks.begin(start, reason);
            }
        }
    }

    pub(super) fn end_hidden(&mut self) {
        #[cfg(feature = "tracing")]
        if let Some(marks) = &mut self.marks {
            marks.end(self.position);
        }
    }
}
