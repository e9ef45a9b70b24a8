//! Numbers with a noun in messages.

/// A number and its noun in the singular or the plural: `1 file`, `2 files`.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{end}")
}
