//! Rust's tokens with their lines.
//!
//! `proc_macro2` reports lines only with its feature `span-locations`. cargo would enable that feature for the
//! generator as well, which is built together with this package, and each of its tokens would be larger. This scanner
//! is enough for the rules.

/// A token: a word, a character of punctuation, or a literal as `""`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    /// From 1 on.
    pub(super) line: usize,
}

/// The tokens of a text that rustc accepts. Comments are left out.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut scanner = Scanner {
        rest: text,
        line: 1,
    };
    let mut tokens = Vec::new();
    while !scanner.rest.is_empty() {
        let line = scanner.line;
        if let Some(text) = scanner.next() {
            tokens.push(Token { text, line });
        }
    }
    tokens
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Scanner<'a> {
    /// Reads white space, a comment or a token; returns a token.
    fn next(&mut self) -> Option<&'a str> {
        let rest = self.rest;
        let first = rest.chars().next()?;
        if rest.starts_with("//") {
            self.take(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.take(block_comment(rest));
        } else if let Some(length) = string(rest) {
            self.take(length);
            return Some("\"\"");
        } else if first == '\'' {
            return Some(self.quote(rest));
        } else if is_word(first) {
            let length = rest.find(|character| !is_word(character));
            return Some(self.take(length.unwrap_or(rest.len())));
        } else if first.is_whitespace() {
            self.take(first.len_utf8());
        } else {
            return Some(self.take(first.len_utf8()));
        }
        None
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    /// A character, or the apostrophe of a lifetime.
    fn quote(&mut self, rest: &'a str) -> &'a str {
        let mut characters = rest[1..].chars();
        let length = match (characters.next(), characters.next()) {
            (Some('\\'), Some(escaped)) => {
                // The escaped character may be an apostrophe itself.
                let behind = 2 + escaped.len_utf8();
                rest[behind..].find('\'').map(|end| behind + end + 1)
            }
            (Some(one), Some('\'')) => Some(one.len_utf8() + 2),
            _ => None,
        };
        match length {
            Some(length) => {
                self.take(length);
                "\"\""
            }
            None => self.take(1),
        }
    }
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// The length of a comment `/* … */`, which may hold others.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut position) = (0, 0);
    while position < text.len() {
        let rest = &text[position..];
        if rest.starts_with("/*") {
            depth += 1;
            position += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            position += 2;
            if depth == 0 {
                return position;
            }
        } else {
            position += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The length of a string literal of any kind at the beginning.
fn string(text: &str) -> Option<usize> {
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|prefix| {
        let rest = text.strip_prefix(prefix);
        rest.is_some_and(|rest| rest.trim_start_matches('#').starts_with('"'))
    })?;
    let hashes = text[prefix.len()..]
        .chars()
        .take_while(|character| *character == '#')
        .count();
    let is_raw = prefix.ends_with('r');
    if hashes > 0 && !is_raw {
        return None;
    }
    let start = prefix.len() + hashes + 1;
    if is_raw {
        let end = format!("\"{}", "#".repeat(hashes));
        return text[start..]
            .find(&end)
            .map(|length| start + length + end.len());
    }
    let mut escaped = false;
    for (position, character) in text[start..].char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(start + position + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    fn texts(text: &str) -> Vec<&str> {
        tokens(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn comments_and_literals_hide_what_is_in_them() {
        for (text, expected) in [
            ("a // } b\nc", vec!["a", "c"]),
            ("a /* { /* } */ { */ b", vec!["a", "b"]),
            (
                r#"f("}", b"{", c"{")"#,
                vec!["f", "(", "\"\"", ",", "\"\"", ",", "\"\"", ")"],
            ),
            (
                r####"r#"" } "# x br##"{"#"##"####,
                vec!["\"\"", "x", "\"\""],
            ),
            (r#""a\"}" y"#, vec!["\"\"", "y"]),
            (r"'{' '\'' '\u{7d}' 'é' '\\'", vec!["\"\""; 5]),
            ("&'a str", vec!["&", "'", "a", "str"]),
            ("r#type", vec!["r", "#", "type"]),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
    }

    #[test]
    fn lines_are_counted_through_comments_and_literals() {
        let last = tokens("/* \n */ \"\n\n\" a").pop();
        assert_eq!(last, Some(Token { text: "a", line: 4 }));
    }
}
