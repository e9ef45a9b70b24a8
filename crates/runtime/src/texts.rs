//! What the standard library has for lists and texts, in little code.
//!
//! Its functions are compiled again for each kind of item, and those for joining and sorting are large: each sorted kind was
//! 2,300 lines of LLVM IR, and each joined one 1,200.

use std::fmt;

use crate::formatting::write;

/// The texts with a separator in between.
pub(crate) fn join<T: AsRef<str>>(texts: &[T], separator: &str) -> String {
    let mut length = 0;
    for text in texts {
        length += text.as_ref().len() + separator.len();
    }
    let mut joined = String::with_capacity(length);
    let mut between = "";
    for text in texts {
        joined.push_str(between);
        joined.push_str(text.as_ref());
        between = separator;
    }
    joined
}

/// The index of the first occurrence of `part` in a text. The search of the standard library has tables and vector instructions
/// for long texts. This one compares at each index, so it is for short texts only.
#[inline(never)]
pub(crate) fn find(text: &str, part: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    for place in 0..=bytes.len().checked_sub(part.len())? {
        if bytes[place..].starts_with(part.as_bytes()) {
            return Some(place);
        }
    }
    None
}

/// Whether a text contains an ASCII character.
pub(crate) fn has(text: &str, character: u8) -> bool {
    text.as_bytes().contains(&character)
}

/// The host of a URL, without the brackets of an address of IPv6.
pub(crate) fn without_brackets(host: &str) -> &str {
    let mut host = host;
    while let Some(rest) = host.strip_prefix('[').or(host.strip_prefix(']')) {
        host = rest;
    }
    while let Some(rest) = host.strip_suffix(']').or(host.strip_suffix('[')) {
        host = rest;
    }
    host
}

/// Where the query or the fragment of a URL begins, or its end.
pub(crate) fn end_of_path(url: &str) -> usize {
    prefix(url.as_bytes(), |byte| !matches!(byte, b'?' | b'#'))
}

/// The texts before and after the first occurrence of `part`.
#[inline(never)]
pub(crate) fn split_at<'a>(text: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    let place = find(text, part)?;
    Some((&text[..place], &text[place + part.len()..]))
}

/// Makes a text that is owned. `to_owned` of the standard library is inlined into each place, with the code for allocating.
pub(crate) trait ToText {
    fn to_text(&self) -> String;
}

impl ToText for str {
    #[inline(never)]
    fn to_text(&self) -> String {
        self.to_owned()
    }
}

/// The text, unless it is empty.
#[inline(never)]
pub(crate) fn filled(text: Option<String>) -> Option<String> {
    match text {
        Some(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// The number that a text consists of. Each kind of number would have its own reader.
#[inline(never)]
pub(crate) fn number(text: &str) -> Option<u64> {
    text.parse().ok()
}

/// Whether a text is one of several, whatever the case of its letters in ASCII.
#[inline(never)]
pub(crate) fn is_one_of(text: &str, names: &[&str]) -> bool {
    for name in names {
        if name.eq_ignore_ascii_case(text) {
            return true;
        }
    }
    false
}

/// Writes a character that must not be shown as it is, as an escape of Rust.
///
/// # Errors
/// Those of the writer.
#[inline(never)]
pub(crate) fn escape(writer: &mut dyn fmt::Write, character: char) -> fmt::Result {
    match character {
        '\n' => writer.write_str("\\n"),
        '\r' => writer.write_str("\\r"),
        '\t' => writer.write_str("\\t"),
        _ => write!(writer, "\\u{{{:x}}}", u32::from(character)),
    }
}

/// How many bytes at the begin are such a part.
#[inline]
pub(crate) fn prefix(bytes: &[u8], is_part: impl Fn(u8) -> bool) -> usize {
    let mut length = 0;
    while let Some(byte) = bytes.get(length)
        && is_part(*byte)
    {
        length += 1;
    }
    length
}

/// The number of the line that begins behind these bytes, from 1.
#[inline(never)]
pub(crate) fn line_behind(bytes: &[u8]) -> usize {
    let mut line = 1;
    for byte in bytes {
        line += usize::from(*byte == b'\n');
    }
    line
}

/// Puts an item into a list behind all others that are before it: they are the first ones. A list that is made in this
/// way is sorted, and items that are equal keep their order. It is for lists that are short or nearly sorted.
#[inline]
pub(crate) fn insert_behind<T>(list: &mut Vec<T>, item: T, is_before: &dyn Fn(&T, &T) -> bool) {
    // The last place is the one of most items of a list that is nearly sorted. After that, halves are left out.
    let (mut low, mut high) = (0, list.len());
    let mut middle = high.saturating_sub(1);
    while low < high {
        match is_before(&list[middle], &item) {
            true => low = middle + 1,
            false => high = middle,
        }
        middle = low.midpoint(high);
    }
    list.insert(low, item);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        end_of_path, escape, find, insert_behind, join, number, split_at, without_brackets,
    };

    #[test]
    fn separators_are_only_between_texts() {
        assert_eq!(join::<&str>(&[], ", "), "");
        assert_eq!(join(&["a"], ", "), "a");
        assert_eq!(
            join(&["".to_owned(), "b".to_owned(), "".to_owned()], ", "),
            ", b, "
        );
    }

    #[test]
    fn items_are_sorted_and_equal_ones_keep_their_order() {
        let mut sorted = Vec::new();
        for (place, item) in [3, 1, 2, 3, 1, 9, 0].into_iter().enumerate() {
            insert_behind(&mut sorted, (item, place), &|(other, _), (item, _)| {
                other <= item
            });
        }
        assert_eq!(
            sorted,
            [(0, 6), (1, 1), (1, 4), (2, 2), (3, 0), (3, 3), (9, 5)]
        );
    }

    proptest! {
        /// Few characters, so that there are many parts that are found or nearly so.
        #[test]
        fn texts_are_searched_and_split_as_the_standard_library_does(
            text in "[ab=ü\\[\\]]{0,12}",
            part in "[ab=ü]{0,3}",
        ) {
            prop_assert_eq!(find(&text, &part), text.find(&part));
            prop_assert_eq!(split_at(&text, &part), text.split_once(&part));
            prop_assert_eq!(without_brackets(&text), text.trim_matches(['[', ']']));
        }

        #[test]
        fn a_path_ends_before_the_first_query_or_fragment(url in "[a/?#ü]{0,8}") {
            prop_assert_eq!(end_of_path(&url), url.find(['?', '#']).unwrap_or(url.len()));
        }

        #[test]
        fn numbers_are_read_as_the_standard_library_reads_them(text in "[-+]{0,1}[0-9a]{0,22}") {
            prop_assert_eq!(number(&text), text.parse::<u64>().ok());
        }
    }

    #[test]
    fn control_characters_are_escaped_as_in_rust() {
        for character in ['\n', '\r', '\t', '\0', '\u{1b}', '\u{202e}', '\u{e0001}'] {
            let mut escaped = String::new();
            escape(&mut escaped, character).expect("a String takes everything");
            assert_eq!(escaped, character.escape_default().to_string());
        }
    }
}
