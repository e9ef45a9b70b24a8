//! Text: its references, CDATA and line ends.

use std::borrow::Cow;

use super::markup::Piece;
use super::reference::{plain_prefix, reference};
use super::{Reader, Result};

impl<'a> Reader<'a> {
    /// Reads a text.
    ///
    /// # Errors
    /// When the element contains another one, or its text is not well-formed.
    pub fn string(&mut self) -> Result<String> {
        let text = self.text()?;
        self.own(text)
    }

    /// Reads the text of the element up to its end, borrowed if it is written as it is.
    ///
    /// # Errors
    /// When the element contains another one, or the text is not well-formed.
    pub(super) fn text(&mut self) -> Result<Cow<'a, str>> {
        if self.close_empty() {
            return Ok(Cow::Borrowed(""));
        }
        let start = self.position;
        let end = start + plain_prefix(&self.text.as_bytes()[start..]);
        if self.text.as_bytes()[end..].starts_with(b"</") {
            self.position = end;
            self.end_tag()?;
            return Ok(Cow::Borrowed(&self.text[start..end]));
        }
        self.composed_text().map(Cow::Owned)
    }

    /// The text of an element with references, CDATA, comments or line ends of two characters.
    fn composed_text(&mut self) -> Result<String> {
        let mut result = String::new();
        loop {
            let rest = &self.text[self.position..];
            let (plain, rest) = rest.split_at(plain_prefix(rest.as_bytes()));
            result.push_str(plain);
            self.position += plain.len();
            match rest.as_bytes().first() {
                Some(b'&') => match reference(rest) {
                    Some((character, length)) => {
                        result.push(character);
                        self.position += length;
                    }
                    None => {
                        return Err(self.error(
                            "expected one of the five entities of XML or the number of a character after `&`",
                        ));
                    }
                },
                Some(b'\r') => {
                    result.push('\n');
                    self.position += 1 + usize::from(rest.as_bytes().get(1) == Some(&b'\n'));
                }
                _ => match self.next_markup()? {
                    Piece::EndTag => {
                        self.end_tag()?;
                        return Ok(result);
                    }
                    Piece::StartTag => return Err(self.error("expected text, found an element")),
                    Piece::Cdata(literal) => push_lines(literal, &mut result),
                    Piece::Skipped => {}
                },
            }
        }
    }
}

/// Appends a literal text; each line end becomes one character.
fn push_lines(literal: &str, result: &mut String) {
    let mut rest = literal;
    while let Some((line, tail)) = rest.split_once('\r') {
        result.push_str(line);
        result.push('\n');
        rest = tail.strip_prefix('\n').unwrap_or(tail);
    }
    result.push_str(rest);
}
