//! The short text of a violation: what was found and what is expected, with units.

use std::fmt::Display;

use crate::texts::ToText as _;
use crate::{Timestamp, texts};

/// How many characters of a pattern or of a list of values are shown.
const SHOWN: usize = 120;

/// What a length counts: the word for one and for several.
#[derive(Clone, Copy, Debug)]
pub struct Unit(pub(super) &'static str, pub(super) &'static str);

impl Unit {
    pub(super) const CHARACTERS: Self = Self("character", "characters");
    pub(super) const BYTES: Self = Self("byte", "bytes");
    pub(super) const ELEMENTS: Self = Self("element", "elements");
    pub(super) const ENTRIES: Self = Self("entry", "entries");

    /// A number with the unit.
    #[inline(never)]
    pub(super) fn count(self, number: u64) -> String {
        match number {
            1 => format!("1 {}", self.0),
            _ => format!("{number} {}", self.1),
        }
    }
}

/// How two members are compared in words.
pub trait Comparison: PartialOrd {
    /// The first must not be greater.
    const GREATER: &'static str;
    /// The first must be less.
    const NOT_LESS: &'static str;
}

impl Comparison for Timestamp {
    const GREATER: &'static str = "is after";
    const NOT_LESS: &'static str = "is not before";
}

macro_rules! numbers {
    ($($number:ty)*) => {
        $(impl Comparison for $number {
            const GREATER: &'static str = "is greater than";
            const NOT_LESS: &'static str = "is not less than";
        })*
    };
}

numbers!(i8 i16 i32 i64 f32 f64 bool);

/// The bound that a value breaks.
pub(super) fn bound<T: PartialOrd + Display>(
    value: T,
    least: Option<T>,
    most: Option<T>,
) -> String {
    match (least, most) {
        (_, Some(most)) if value > most => format!("at most {most}"),
        (Some(least), _) if value < least => format!("at least {least}"),
        // NaN.
        (least, most) => range(least, most),
    }
}

/// Both bounds of a value that must not be shown.
pub(super) fn range<T: Display>(least: Option<T>, most: Option<T>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("expected {least} to {most}"),
        (Some(least), None) => format!("expected at least {least}"),
        (None, Some(most)) => format!("expected at most {most}"),
        (None, None) => "expected any number".to_text(),
    }
}

/// A text of the model in one line, cut if it is long.
pub(super) fn shortened(text: &str) -> String {
    let mut shown = String::new();
    let mut left = SHOWN;
    for letter in text.chars() {
        if left == 0 {
            shown.push('…');
            break;
        }
        left -= 1;
        match letter.is_control() {
            // A text accepts everything.
            true => texts::escape(&mut shown, letter).unwrap_or_default(),
            false => shown.push(letter),
        }
    }
    shown
}

/// `a`, `a or b`, `a, b or c`, of a list between commas.
pub(super) fn alternatives(list: &str) -> String {
    let mut end = 0;
    while let Some(length) = texts::find(&list[end..], ", ") {
        end += length + 2;
    }
    match end {
        0 => list.to_text(),
        _ => format!("{} or {}", &list[..end - 2], &list[end..]),
    }
}
