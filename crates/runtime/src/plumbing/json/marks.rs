//! Which parts of a JSON text must not be shown, recorded while the text is written or read.
//!
//! The generated code that writes and reads messages knows the sensitive members. It names each of them to the writer and
//! to the reader. So the view of the wire needs no table of members, and cannot disagree with the code.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::texts::insert_behind;

/// Whether a client of this process shows messages. Otherwise writers record nothing.
static RECORDS: AtomicBool = AtomicBool::new(false);

/// Lets all writers record from now on.
pub(crate) fn record() {
    RECORDS.store(true, Ordering::Relaxed);
}

pub(crate) fn is_recording() -> bool {
    RECORDS.load(Ordering::Relaxed)
}

/// Why a part is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The model says that it is sensitive.
    Sensitive,
    /// The model does not say what it is.
    Unknown,
}

/// The parts of a text that are not shown.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    ended: Vec<(Range<usize>, Reason)>,
    open: Vec<(usize, Reason)>,
}

impl Marks {
    /// Parts that the model calls sensitive.
    #[cfg(feature = "xml-write")]
    pub(crate) fn sensitive(parts: &[Range<usize>]) -> Self {
        let ended = parts.iter().map(|part| (part.clone(), Reason::Sensitive));
        Self {
            ended: ended.collect(),
            open: Vec::new(),
        }
    }

    /// Values that the model calls sensitive and that begin at `starts`, in ascending order. `skip` returns the end of the
    /// value at a position, if it can be read.
    pub(crate) fn of_values(
        starts: &[usize],
        mut skip: impl FnMut(usize) -> Option<usize>,
    ) -> Self {
        let mut marks = Self::default();
        let mut position = 0;
        for start in starts {
            // A value inside of one that is marked already is skipped.
            if *start < position {
                continue;
            }
            marks.begin(*start, Reason::Sensitive);
            let Some(end) = skip(*start) else {
                break;
            };
            marks.end(end);
            position = end;
        }
        marks
    }

    pub(crate) fn begin(&mut self, start: usize, reason: Reason) {
        self.open.push((start, reason));
    }

    pub(crate) fn end(&mut self, end: usize) {
        if let Some((start, reason)) = self.open.pop() {
            self.ended.push((start..end, reason));
        }
    }

    /// The parts in the order of the text, none inside of another one. A part that was begun and not ended reaches to
    /// the end of the text.
    pub(crate) fn parts(&self) -> Vec<(Range<usize>, Reason)> {
        let mut all: Vec<(Range<usize>, Reason)> = Vec::with_capacity(self.ended.len());
        for (range, reason) in &self.ended {
            add(&mut all, range.clone(), *reason);
        }
        for (start, reason) in &self.open {
            add(&mut all, *start..usize::MAX, *reason);
        }
        let mut parts: Vec<(Range<usize>, Reason)> = Vec::new();
        for (range, reason) in all {
            if parts.last().is_none_or(|(last, _)| last.end <= range.start) {
                parts.push((range, reason));
            }
        }
        parts
    }
}

/// Adds a part to parts in the order of the text, the longer one first. They are nearly in this order already: the parts
/// inside of another one end before it.
fn add(all: &mut Vec<(Range<usize>, Reason)>, part: Range<usize>, reason: Reason) {
    insert_behind(all, (part, reason), &|(other, _), (part, _)| {
        other.start < part.start || (other.start == part.start && other.end >= part.end)
    });
}
