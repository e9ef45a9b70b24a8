//! Makes the pieces of a paragraph from runs of text in a style.

use super::Known;
use crate::escape::is_hidden;
use crate::words::text::{Name, Piece};

/// The most bytes of an address.
const ADDRESS_LENGTH: usize = 2_000;

/// The style of a run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Code,
    Strong,
    Emphasis,
    /// A link, by its number in the paragraph.
    Link(usize),
}

/// Runs of text, in which one space is between words, and none at the ends of a style.
#[derive(Debug, Default)]
pub(super) struct Runs {
    runs: Vec<(Style, String)>,
    addresses: Vec<String>,
    /// The style of white space behind the last word.
    space: Option<Style>,
}

impl Runs {
    /// Remembers the address of a link; returns its number.
    pub(super) fn add_link(&mut self, address: String) -> usize {
        self.addresses.push(address);
        self.addresses.len() - 1
    }

    /// Adds text.
    pub(super) fn push(&mut self, style: Style, text: &str) {
        for letter in text.chars() {
            if letter.is_whitespace() {
                self.space = (!self.runs.is_empty()).then_some(style);
            } else if !is_hidden(letter) {
                self.space_before(style, letter);
                self.letter(style, letter);
            }
        }
    }

    /// A space at the end of a style belongs to the plain text behind it, but there is none before a full stop.
    fn space_before(&mut self, style: Style, letter: char) {
        let Some(before) = self.space.take() else {
            return;
        };
        let ends = matches!(letter, '.' | ',' | ';' | ':' | ')' | '?' | '!');
        if before == style || before == Style::Plain || !ends {
            let is_inside =
                before == style && self.runs.last().is_some_and(|(last, _)| *last == style);
            self.letter(if is_inside { style } else { Style::Plain }, ' ');
        }
    }

    fn letter(&mut self, style: Style, letter: char) {
        match self.runs.last_mut() {
            Some((last, text)) if *last == style => text.push(letter),
            _ => self.runs.push((style, letter.to_string())),
        }
    }
}

/// The pieces of a paragraph.
pub(super) fn pieces(runs: Runs, known: &Known<'_>) -> Vec<Piece> {
    let Runs {
        runs, addresses, ..
    } = runs;
    let mut pieces: Vec<Piece> = Vec::with_capacity(runs.len());
    for (index, (style, text)) in runs.iter().enumerate() {
        let text = text.clone();
        let piece = match style {
            Style::Plain => Piece::Plain(text),
            Style::Code if known.is_operation(&text) => name(text),
            Style::Code => Piece::Code(text),
            Style::Link(number) => match address(&addresses[*number]) {
                Some(url) => Piece::Link { label: text, url },
                None if known.has(&text) => name(text),
                None => Piece::Plain(text),
            },
            // Markdown would show the asterisks.
            Style::Strong | Style::Emphasis if !can_have_style(&runs, index) => Piece::Plain(text),
            Style::Strong => Piece::Strong(text),
            Style::Emphasis => Piece::Emphasis(text),
        };
        match (pieces.last_mut(), piece) {
            (Some(Piece::Plain(before)), Piece::Plain(text)) => before.push_str(&text),
            (Some(Piece::Code(before)), Piece::Code(text)) => before.push_str(&text),
            (_, piece) => pieces.push(piece),
        }
    }
    pieces
}

fn name(text: String) -> Piece {
    Piece::Name(Name {
        shape: text,
        member: None,
        is_own: false,
    })
}

/// Whether asterisks around a run are markup (CommonMark, "Left-flanking delimiter run"): what is outside of them must
/// not continue a word where punctuation is inside, and other asterisks must not touch them.
fn can_have_style(runs: &[(Style, String)], index: usize) -> bool {
    let is_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let has_asterisks = |at: Option<usize>| {
        let run = at.and_then(|at| runs.get(at));
        run.is_some_and(|(style, _)| matches!(style, Style::Strong | Style::Emphasis))
    };
    let text = |at: Option<usize>| {
        at.and_then(|at| runs.get(at))
            .map(|(_, text)| text.as_str())
    };
    let (before, after) = (index.checked_sub(1), index.checked_add(1));
    let own = text(Some(index)).unwrap_or_default();
    let begins = is_word(own.chars().next())
        || !is_word(text(before).and_then(|text| text.chars().next_back()));
    let ends = is_word(own.chars().next_back())
        || !is_word(text(after).and_then(|text| text.chars().next()));
    begins && ends && !has_asterisks(before) && !has_asterisks(after)
}

/// An address that a page may link to: one of the web, with everything escaped that has a meaning in Markdown.
pub(super) fn address(text: &str) -> Option<String> {
    let text = text.trim();
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https")
        || text.len() > ADDRESS_LENGTH
        || !rest.starts_with(|first: char| first.is_ascii_alphanumeric())
    {
        return None;
    }
    let mut address = format!("{scheme}://");
    for byte in rest.bytes() {
        match byte {
            byte if byte.is_ascii_alphanumeric() || b"-._~/#?&=%+,:@!$".contains(&byte) => {
                address.push(char::from(byte));
            }
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(address)
}
