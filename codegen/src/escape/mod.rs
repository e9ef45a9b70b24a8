//! Escapes text from outside for a format: a terminal, a comment, Markdown, JSON, a URL.
//!
//! A model, a file name or a key of `attache.toml` comes from outside. If it were inserted unchanged into a file or a
//! message, it could end the place where it was inserted and add content: a title could add a key to `Cargo.toml`, a
//! value of an enum could close a comment, a line break could forge a line of output. Such text is therefore escaped
//! with the function of this module for the format. TOML is built as values instead ([`crate::emit::Manifest`]), and
//! Rust string literals are made by `proc_macro2`, which escapes on its own.

pub mod markdown;

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is invisible or changes how others are shown: control characters, line separators, marks that
/// turn the direction of writing (rustc refuses those in comments and literals), characters without width.
pub fn is_hidden(letter: char) -> bool {
    if letter.is_ascii() {
        return letter.is_ascii_control();
    }
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Whether Windows treats a file of this name as a device, whatever follows the first dot (Microsoft, "Naming Files,
/// Paths, and Namespaces"). A checkout fails there.
pub fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_lowercase();
    let number = ["com", "lpt"]
        .iter()
        .find_map(|device| stem.strip_prefix(device));
    matches!(
        stem.as_str(),
        "aux" | "con" | "nul" | "prn" | "conin$" | "conout$"
    ) || matches!(
        number,
        Some(
            "0" | "1"
                | "2"
                | "3"
                | "4"
                | "5"
                | "6"
                | "7"
                | "8"
                | "9"
                | "\u{b9}"
                | "\u{b2}"
                | "\u{b3}"
        )
    )
}

/// The text on one line, hidden characters as the escapes of a Rust literal.
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, |_| false)
}

/// The text for a terminal: line breaks and tabs stay, other hidden characters are escaped.
///
/// A text from outside that becomes part of a line must have passed [`line()`] before: its own line breaks would stay.
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |letter| matches!(letter, '\n' | '\t'))
}

/// The text on one line, with at most `limit` characters of it.
pub fn shortened(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        None => line(text),
        Some((end, _)) => Cow::Owned(format!(
            "{}… ({} bytes in all)",
            line(&text[..end]),
            text.len()
        )),
    }
}

fn escaped(text: &str, stays: fn(char) -> bool) -> Cow<'_, str> {
    let must_go = |letter: char| is_hidden(letter) && !stays(letter);
    if !text.contains(must_go) {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            letter if !must_go(letter) => result.push(letter),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            letter => result.extend(letter.escape_unicode()),
        }
    }
    Cow::Owned(result)
}

/// JSON that was written by a serialiser, with hidden characters in its strings as `\u` escapes. The line breaks between
/// values stay.
pub fn json(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for letter in text.chars() {
        if !is_hidden(letter) || letter == '\n' {
            result.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            let _ = write!(result, "\\u{unit:04x}");
        }
    }
    result
}

/// The text inside of a comment of HTML: `-->` and `--!>` would end it.
pub fn html_comment(text: &str) -> String {
    line(text).replace('>', "&gt;")
}

/// The text as one segment of a URL's path (RFC 3986, "unreserved").
pub fn url_segment(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            result.push(char::from(byte));
        } else {
            let _ = write!(result, "%{byte:02X}");
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{html_comment, json, line, lines, shortened, url_segment};

    #[test]
    fn hidden_characters_become_escapes() {
        for (text, one_line, terminal) in [
            ("plain – ü 👍", "plain – ü 👍", "plain – ü 👍"),
            ("a\r\nb\tc", "a\\r\\nb\\tc", "a\\r\nb\tc"),
            ("\u{1b}[2J", "\\u{1b}[2J", "\\u{1b}[2J"),
            (
                "\u{202e}\u{2066}",
                "\\u{202e}\\u{2066}",
                "\\u{202e}\\u{2066}",
            ),
            ("\u{2028}\u{85}", "\\u{2028}\\u{85}", "\\u{2028}\\u{85}"),
            (
                "\0\u{7f}\u{feff}",
                "\\u{0}\\u{7f}\\u{feff}",
                "\\u{0}\\u{7f}\\u{feff}",
            ),
        ] {
            assert_eq!(line(text), one_line);
            assert_eq!(lines(text), terminal);
        }
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(shortened("üüü", 3), "üüü");
        assert_eq!(shortened("üüü", 2), "üü… (6 bytes in all)");
    }

    #[test]
    fn json_stays_json() {
        let value = serde_json::json!({"a": "\u{202e}\u{7f}\n\u{e0041}"});
        let text = json(&serde_json::to_string_pretty(&value).expect("it can be written"));
        assert!(text.is_ascii(), "{text}");
        let read: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
        assert_eq!(read, value);
    }

    #[test]
    fn text_cannot_end_a_comment_or_a_url() {
        assert_eq!(html_comment("a --> b\n"), "a --&gt; b\\n");
        assert_eq!(
            url_segment("a b)/ü-2013.01~_"),
            "a%20b%29%2F%C3%BC-2013.01~_"
        );
    }
}
