//! Measures of printed text.

use super::context::Context;
use super::shape::Shape;

/// Ranges of characters that take two columns.
const WIDE: &[(char, char)] = &[
    ('\u{1100}', '\u{115f}'),
    ('\u{2e80}', '\u{303e}'),
    ('\u{3041}', '\u{a4cf}'),
    ('\u{ac00}', '\u{d7a3}'),
    ('\u{f900}', '\u{faff}'),
    ('\u{fe30}', '\u{fe6f}'),
    ('\u{ff00}', '\u{ff60}'),
    ('\u{ffe0}', '\u{ffe6}'),
    ('\u{1f300}', '\u{1f64f}'),
    ('\u{1f900}', '\u{1f9ff}'),
    ('\u{20000}', '\u{3fffd}'),
];

/// Columns that the text takes.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars()
        .map(|c| match c {
            '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0,
            _ if WIDE
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&c)) =>
            {
                2
            }
            _ => 1,
        })
        .sum()
}

pub(super) fn is_single_line(text: &str) -> bool {
    !text.contains('\n')
}

pub(super) fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or("")
}

pub(super) fn last_line(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or("")
}

pub(super) fn first_line_width(text: &str) -> usize {
    width(first_line(text))
}

pub(super) fn last_line_width(text: &str) -> usize {
    width(last_line(text))
}

pub(super) fn trimmed_last_line_width(text: &str) -> usize {
    width(last_line(text).trim())
}

/// The column the last line ends at, for text that starts at the offset.
pub(super) fn last_line_used_width(text: &str, offset: usize) -> usize {
    if is_single_line(text) {
        offset + width(text)
    } else {
        last_line_width(text)
    }
}

pub(super) fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

pub(super) fn lines(text: &str) -> usize {
    text.lines().count()
}

pub(super) fn first_line_ends_with(text: &str, end: char) -> bool {
    first_line(text).ends_with(end)
}

/// Whether the last line consists of closing delimiters only, so that more may follow it.
pub(super) fn last_line_extendable(text: &str) -> bool {
    text.ends_with("\"#")
        || last_line(text)
            .chars()
            .all(|c| matches!(c, '(' | ')' | ']' | '}' | '?' | '>') || c.is_whitespace())
}

/// Columns that the last line of the text takes beyond the shape's start.
pub(super) fn extra_offset(text: &str, shape: Shape) -> usize {
    match text.rfind('\n') {
        Some(index) => (text.len() - index - 1).saturating_sub(shape.used_width()),
        None => text.len(),
    }
}

/// Whether the text keeps within the shape and its further lines within the line width.
pub(super) fn fits(context: &Context, text: &str, shape: Shape) -> bool {
    if text.is_empty() {
        return true;
    }
    if first_line_width(text) > shape.width {
        return false;
    }
    is_single_line(text)
        || (text
            .lines()
            .skip(1)
            .all(|line| width(line) <= context.max_width())
            && last_line_width(text) <= shape.used_width() + shape.width)
}
