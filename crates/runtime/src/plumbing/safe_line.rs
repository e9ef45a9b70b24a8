//! Foreign text as one safe line of an error.
//!
//! Messages of a service, headers, file names and URLs are printed to terminals, logs and tickets. There an escape
//! sequence controls the terminal, a line break forges a line of a log, a bidirectional control changes the displayed
//! text, and the query of a presigned URL gives access to its readers. All text from outside therefore passes through
//! [`safe_line`] before it is part of `Display` or of a hand-written `Debug`. The derived `Debug` of texts escapes by
//! itself.

use std::fmt::{self, Write as _};

use super::secret_names::SIGNED;
use crate::formatting::write;
use crate::texts;

/// How many characters of a text are shown by default.
pub const LIMIT: usize = 2_000;
/// How many characters of a name are shown: of an error code, a request id, a content type.
pub const NAME_LIMIT: usize = 128;
/// The sign for omitted text.
const OMITTED: char = '…';
/// The names of secrets, and what is between them and the secret in texts that repeat a signed request: in a canonical request that a
/// service did not expect, or in the parameters of a presigned URL.
const SECRETS: [(&str, &[char]); 2] = [(SIGNED[0], &['=']), (SIGNED[1], &['=', ':'])];

/// `text` as one line that is safe to show.
///
/// * Control characters, line and paragraph separators, and invisible characters that change how text is displayed are
///   written as escapes of Rust: `\n`, `\u{1b}`.
/// * The query of a URL, a user and a password in it, and the text after the name of a signature or of a session token
///   are left out.
/// * Text beyond [`LIMIT`] characters is cut.
///
/// Omitted text is shown as `…`.
///
/// ```
/// use attache_runtime::plumbing::safe_line::safe_line;
///
/// let message = "denied:\n\u{1b}[31mhttps://bucket.example.com/key?X-Amz-Signature=5f2c9d";
/// assert_eq!(
///     safe_line(message).to_string(),
///     "denied:\\n\\u{1b}[31mhttps://bucket.example.com/key?…"
/// );
/// ```
pub fn safe_line(text: &str) -> SafeLine<'_> {
    SafeLine { text, limit: LIMIT }
}

/// `text` as [`safe_line`] shows it, cut after [`NAME_LIMIT`] characters.
pub fn safe_name(text: &str) -> SafeLine<'_> {
    safe_line(text).limit(NAME_LIMIT)
}

/// Text that shows as one safe line; made by [`safe_line`].
#[derive(Clone, Copy)]
pub struct SafeLine<'a> {
    text: &'a str,
    limit: usize,
}

impl SafeLine<'_> {
    /// Shows no more than this many characters.
    #[must_use]
    pub fn limit(mut self, characters: usize) -> Self {
        self.limit = characters;
        self
    }
}

impl fmt::Debug for SafeLine<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{self}\"")
    }
}

impl fmt::Display for SafeLine<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only as much of the text is scanned as can be shown: an escape may be ten times as long as its character, and
        // omitted text may be long.
        let looked_at = floor_char_boundary(self.text, self.limit.saturating_mul(16));
        let mut line = Line {
            formatter,
            left: self.limit,
            is_cut: false,
        };
        let mut rest = &self.text[..looked_at];
        let mut is_secret = false;
        while !rest.is_empty() && line.left > 0 {
            let end = rest.find(delimits).unwrap_or(rest.len());
            let (word, tail) = rest.split_at(end);
            if is_secret && !word.is_empty() {
                line.push(OMITTED)?;
                is_secret = false;
            } else {
                line.word(word)?;
            }
            is_secret |= ends_with_secret_name(word);
            let mut characters = tail.chars();
            if let Some(delimiter) = characters.next() {
                line.push(delimiter)?;
            }
            rest = characters.as_str();
        }
        if line.is_cut || !rest.is_empty() || looked_at < self.text.len() {
            line.formatter.write_char(OMITTED)?;
        }
        Ok(())
    }
}

/// A line of limited length.
struct Line<'a, 'b> {
    formatter: &'a mut fmt::Formatter<'b>,
    left: usize,
    is_cut: bool,
}

impl Line<'_, '_> {
    /// Writes a text without white space, without the secrets in it.
    fn word(&mut self, word: &str) -> fmt::Result {
        let (shown, hides) = match texts::find(word, "://") {
            Some(colon) => self.url(word, colon + 3)?,
            None => match word.split_once('?') {
                Some((path, query)) if texts::has(path, b'/') && !query.is_empty() => {
                    (&word[..=path.len()], true)
                }
                _ => (word, false),
            },
        };
        let lower = shown.to_ascii_lowercase();
        let mut secret = shown.len();
        for &(name, separators) in &SECRETS {
            let mut from = 0;
            while let Some(at) = texts::find(&lower[from..], name) {
                from += at + name.len();
                if lower[from..].starts_with(separators) {
                    // The first of them counts.
                    secret = secret.min(from + 1);
                    break;
                }
            }
        }
        self.text(&shown[..secret])?;
        if hides || secret < shown.len() {
            self.push(OMITTED)?;
        }
        Ok(())
    }

    /// Writes the text before the host of a URL in the word, whose authority begins at `host`. Returns the part that is
    /// still to be written, and whether text after it is left out.
    fn url<'w>(&mut self, word: &'w str, host: usize) -> Result<(&'w str, bool), fmt::Error> {
        let query = host + texts::end_of_path(&word[host..]);
        match word[host..].rfind('@').map(|at| host + at) {
            // The end of the password is unknown.
            Some(at) if at > query => Ok((&word[..host], true)),
            Some(at) => {
                self.text(&word[..host])?;
                self.push(OMITTED)?;
                Ok(cut(word, at, query))
            }
            None => Ok(cut(word, 0, query)),
        }
    }

    fn text(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            self.push(character)?;
        }
        Ok(())
    }

    fn push(&mut self, character: char) -> fmt::Result {
        if self.left == 0 {
            self.is_cut = true;
            return Ok(());
        }
        self.left -= 1;
        if is_unsafe(character) {
            texts::escape(self.formatter, character)
        } else {
            self.formatter.write_char(character)
        }
    }
}

/// The part of a word from `begin` to its query, the question mark included, and whether there is more.
fn cut(word: &str, begin: usize, query: usize) -> (&str, bool) {
    let end = (query + 1).min(word.len());
    (&word[begin..end], end < word.len())
}

fn delimits(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '"' | '\'' | '`' | '<' | '>')
}

/// Whether the value of a header that is secret follows: `x-amz-security-token: …`.
fn ends_with_secret_name(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    for &(name, separators) in &SECRETS {
        let before = lower.strip_suffix(separators);
        if before.is_some_and(|before| before.ends_with(name)) {
            return true;
        }
    }
    false
}

/// Whether a character controls a terminal, ends a line, or changes how the characters around it are displayed: control
/// characters (Unicode's `Cc`), separators (`Zl`, `Zp`), and invisible format characters (of `Cf`), among them the
/// bidirectional controls and the tags.
pub fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// The last boundary of a character at or before a byte.
fn floor_char_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::{LIMIT, safe_line, safe_name};

    fn shown(text: &str) -> String {
        safe_line(text).to_string()
    }

    #[test]
    fn plain_text_of_any_language_stays_as_it_is() {
        for text in [
            "",
            "Rate exceeded",
            "what? yes: 5/6 of \"it\" & more; a@b.example.com",
            "L'accès a été refusé : « non »",
            "アクセスが拒否されました",
            "e\u{301}",
        ] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn nothing_acts_on_a_terminal_or_a_log() {
        for character in (0..0x20).chain(0x7f..0xa0).chain([
            0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xe0041,
        ]) {
            let character = char::from_u32(character).expect("a character");
            let line = shown(&format!("a{character}b"));
            assert!(!line.contains(character), "{line:?}");
            assert!(line.starts_with("a\\") && line.ends_with('b'), "{line}");
            assert!(!format!("{:?}", safe_line(&format!("{character}"))).contains(character));
        }
        assert_eq!(shown("\u{1b}[2J\r\nINFO ok"), r"\u{1b}[2J\r\nINFO ok");
    }

    #[test]
    fn queries_users_and_passwords_of_urls_are_left_out() {
        for (text, line) in [
            ("https://h/p?a=b&c=d", "https://h/p?…"),
            (
                "see <https://h/p?a=b>, or not",
                "see <https://h/p?…>, or not",
            ),
            ("https://h?a", "https://h?…"),
            ("https://h/p#secret", "https://h/p#…"),
            (
                "GET /dump?X-Amz-Signature=5f HTTP/1.1",
                "GET /dump?… HTTP/1.1",
            ),
            ("https://user:pass@h/p?a=b", "https://…@h/p?…"),
            ("https://user:pa/ss@h/p", "https://…@h/p"),
            ("https://user:p?ss@h/p", "https://…"),
            ("https://h/p?mail=a@b&token=c", "https://…"),
            ("url=https://h/p?a=b", "url=https://h/p?…"),
            ("https://h/p", "https://h/p"),
            ("https://h/p?", "https://h/p?"),
        ] {
            assert_eq!(shown(text), line, "{text}");
            assert_eq!(shown(line), line, "shown twice");
        }
    }

    #[test]
    fn signatures_and_session_tokens_are_left_out() {
        for (text, line) in [
            ("X-Amz-Signature=5f2c9d&x=1", "X-Amz-Signature=…"),
            ("Signature=5f2c9d", "Signature=…"),
            (
                "'POST\n/\nx-amz-security-token:FwoGZX\n\nhost'",
                r"'POST\n/\nx-amz-security-token:…\n\nhost'",
            ),
            (
                "X-Amz-Security-Token: FwoGZX end",
                "X-Amz-Security-Token: … end",
            ),
        ] {
            assert_eq!(shown(text), line, "{text}");
        }
    }

    #[test]
    fn a_line_is_short_however_long_the_text_is() {
        for text in [
            "a".repeat(10_000_000),
            "\u{1b}".repeat(10_000_000),
            " ".repeat(10_000_000),
            format!("https://h/p?{}", "a".repeat(10_000_000)),
            "日本".repeat(5_000_000),
        ] {
            let line = shown(&text);
            assert!(line.chars().count() <= LIMIT * 10 + 1, "{}", line.len());
            assert!(line.ends_with('…'));
        }
        assert_eq!(
            safe_name(&"a".repeat(129)).to_string(),
            "a".repeat(128) + "…"
        );
        assert_eq!(safe_name(&"a".repeat(128)).to_string(), "a".repeat(128));
    }
}
