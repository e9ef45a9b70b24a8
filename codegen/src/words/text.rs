//! A text about a service: paragraphs, of which those of `docs.json` are a small part of Markdown.
//!
//! Only what a reader of a description needs is accepted: code, links to pages, names of the service in braces, and list
//! items. Everything else is plain text, which is escaped where it is printed. A mistake that would only show on the
//! finished page, such as a bracket that nothing closes, is an error here. The prose of a source has more: the module
//! `prose` makes the same texts of it.

use crate::error::{Error, Result};
use crate::escape::is_hidden;

/// A text: at least one paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub Vec<Paragraph>);

/// A paragraph, or another block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// What it is inside of, from the outside to the inside.
    pub inside: Vec<Container>,
    /// What it consists of.
    pub body: Body,
}

/// What a paragraph can be inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// An item of a list.
    Item {
        /// Its number, in a list of numbers.
        number: Option<usize>,
        /// Whether the paragraph is the first one of the item.
        begins: bool,
    },
    /// A box: a note, for example.
    Quote,
}

/// What a paragraph consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Text.
    Pieces(Vec<Piece>),
    /// Lines that are shown as they are.
    Listing(Vec<String>),
    /// Rows of cells, the first of which is the head.
    Table(Vec<Vec<Vec<Piece>>>),
}

/// A part of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text without markup.
    Plain(String),
    /// `` `code` ``
    Code(String),
    /// `[label](https://…)`
    Link {
        /// What is shown.
        label: String,
        /// The page.
        url: String,
    },
    /// `{CreateCase}`, `{CaseDetails}`, `{CaseDetails$status}`, `{$status}`
    Name(Name),
    /// Bold text.
    Strong(String),
    /// Text in italics.
    Emphasis(String),
}

/// The name of an operation, a shape, or a member of a shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The operation or the shape.
    pub shape: String,
    /// The member, or the value of an enum by its name.
    pub member: Option<String>,
    /// Whether it was written without the shape, whose own text it is in.
    pub is_own: bool,
}

impl Text {
    /// Reads the paragraphs. `own` is the shape that `{$member}` is about.
    ///
    /// # Errors
    /// No paragraph, or one that is malformed.
    pub fn parse(paragraphs: &[&str], own: Option<&str>) -> Result<Self> {
        if paragraphs.is_empty() {
            return Err(Error::new(
                "a text has at least one paragraph; write null where it is missing",
            ));
        }
        let paragraphs = paragraphs.iter().map(|text| Paragraph::parse(text, own));
        paragraphs.collect::<Result<_>>().map(Self)
    }

    /// The first sentence, which names the thing in lists.
    pub fn first_sentence(&self) -> Paragraph {
        let mut pieces = Vec::new();
        let mut paragraphs = self.0.iter().map(Paragraph::pieces);
        let first = paragraphs.find(|pieces| !pieces.is_empty());
        for piece in first.unwrap_or_default() {
            if let Piece::Plain(text) = piece
                && let Some(end) = end_of_sentence(text)
            {
                pieces.push(Piece::Plain(text[..=end].to_owned()));
                break;
            }
            pieces.push(piece.clone());
        }
        Paragraph::of(pieces)
    }
}

impl Paragraph {
    /// A paragraph that is inside of nothing.
    pub fn of(pieces: Vec<Piece>) -> Self {
        Self {
            inside: Vec::new(),
            body: Body::Pieces(pieces),
        }
    }

    /// Its text; nothing where it is a listing or a table.
    pub fn pieces(&self) -> &[Piece] {
        match &self.body {
            Body::Pieces(pieces) => pieces,
            Body::Listing(_) | Body::Table(_) => &[],
        }
    }

    /// The names in it.
    pub fn names(&self) -> impl Iterator<Item = &Name> {
        self.pieces().iter().filter_map(|piece| match piece {
            Piece::Name(name) => Some(name),
            _ => None,
        })
    }

    fn parse(text: &str, own: Option<&str>) -> Result<Self> {
        if text.trim() != text || text.is_empty() {
            return Err(quoting(
                "a paragraph is not empty, and no space surrounds it",
                text,
            ));
        }
        if text.contains(is_hidden) {
            return Err(quoting(
                "a paragraph is one line without invisible characters",
                text,
            ));
        }
        let (is_item, body) = match text.strip_prefix("* ") {
            Some(body) => (true, body),
            None => (false, text),
        };
        if !is_item && !body.ends_with(['.', ':', '?']) {
            return Err(quoting(
                "a paragraph ends with a full stop or a colon",
                text,
            ));
        }
        let pieces = pieces(body, own).map_err(|reason| quoting(&reason, text))?;
        let item = Container::Item {
            number: None,
            begins: true,
        };
        Ok(Self {
            inside: if is_item { vec![item] } else { Vec::new() },
            body: Body::Pieces(pieces),
        })
    }
}

/// Where the full stop of the first sentence is, if another sentence follows. The prose of a source has abbreviations.
fn end_of_sentence(text: &str) -> Option<usize> {
    const SHORT: [&str; 6] = ["e.g", "i.e", "etc", "vs", "U.S", "a.k.a"];
    let mut ends = text.match_indices(". ").map(|(end, _)| end);
    ends.find(|end| {
        let before = &text[..*end];
        let word = before.rsplit([' ', '(']).next().unwrap_or_default();
        !SHORT.contains(&word)
    })
}

/// An error about a paragraph, with its beginning.
fn quoting(reason: &str, text: &str) -> Error {
    let beginning: String = text.chars().take(60).collect();
    let dots = if beginning.len() < text.len() {
        "…"
    } else {
        ""
    };
    Error::new(format!("{reason}: `{beginning}{dots}`"))
}

fn pieces(text: &str, own: Option<&str>) -> std::result::Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let behind = &rest[letter.len_utf8()..];
        let (piece, after) = match letter {
            '`' => code(behind)?,
            '[' => link(behind)?,
            '{' => name(behind, own)?,
            _ => {
                refuse_markup(letter, behind)?;
                plain.push(letter);
                rest = behind;
                continue;
            }
        };
        push_plain(&mut pieces, &mut plain)?;
        pieces.push(piece);
        rest = after;
    }
    push_plain(&mut pieces, &mut plain)?;
    Ok(pieces)
}

fn push_plain(pieces: &mut Vec<Piece>, plain: &mut String) -> std::result::Result<(), String> {
    // A setter shows the first sentence, which ends with the first full stop before a space.
    let lower = plain.to_lowercase();
    if let Some(short) = ["e.g.", "i.e.", "etc."]
        .iter()
        .find(|short| lower.contains(*short))
    {
        return Err(format!("write out what `{short}` stands for"));
    }
    if !plain.is_empty() {
        pieces.push(Piece::Plain(std::mem::take(plain)));
    }
    Ok(())
}

/// Markup that has no meaning here, and would be shown as it is.
fn refuse_markup(letter: char, behind: &str) -> std::result::Result<(), String> {
    let is_tag = |letter: char| letter.is_ascii_alphabetic() || matches!(letter, '/' | '!');
    match letter {
        ']' => Err("a `]` closes nothing".to_owned()),
        '}' => Err("a `}` closes nothing".to_owned()),
        '*' => Err("there is no emphasis; a list item begins with `* `".to_owned()),
        '<' if behind.starts_with(is_tag) => Err("there is no HTML".to_owned()),
        '\\' => Err("there are no escapes: every character stands for itself".to_owned()),
        ':' if behind.starts_with("//") => {
            Err("an address is written as [label](https://…)".to_owned())
        }
        _ => Ok(()),
    }
}

fn code(behind: &str) -> std::result::Result<(Piece, &str), String> {
    match behind.split_once('`') {
        Some((code, after)) if !code.trim().is_empty() => Ok((Piece::Code(code.to_owned()), after)),
        Some(_) => Err("code is not empty".to_owned()),
        None => Err("a backquote is not closed".to_owned()),
    }
}

fn link(behind: &str) -> std::result::Result<(Piece, &str), String> {
    const FORM: &str = "a `[` begins a link: [label](https://…)";
    let (label, after) = behind.split_once("](").ok_or(FORM)?;
    let (url, after) = after.split_once(')').ok_or(FORM)?;
    if label.trim().is_empty() || label.contains(['[', ']', '`', '{']) {
        return Err("the label of a link is plain text".to_owned());
    }
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/#?&=%+,:@".contains(&byte);
    match url.strip_prefix("https://") {
        Some(address) if !address.is_empty() && address.bytes().all(is_part) => {}
        _ => {
            return Err(
                "the address of a link begins with https:// and has no special characters"
                    .to_owned(),
            );
        }
    }
    let (label, url) = (label.to_owned(), url.to_owned());
    Ok((Piece::Link { label, url }, after))
}

fn name<'t>(behind: &'t str, own: Option<&str>) -> std::result::Result<(Piece, &'t str), String> {
    let (name, after) = behind.split_once('}').ok_or("a `{` is not closed")?;
    let (shape, member) = match name.split_once('$') {
        Some((shape, member)) => (shape, Some(member)),
        None => (name, None),
    };
    let is_identifier = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
    };
    if member == Some("") || !is_identifier(shape) || !member.is_none_or(is_identifier) {
        return Err(
            "braces hold a name: {Operation}, {Shape}, {Shape$member} or {$member}".to_owned(),
        );
    }
    let shape = match (shape, own) {
        ("", None) => return Err(format!("`{{{name}}}` needs a shape: {{Shape$member}}")),
        ("", Some(own)) if member.is_some() => own,
        ("", Some(_)) => return Err("braces hold a name".to_owned()),
        (shape, _) => shape,
    };
    let piece = Piece::Name(Name {
        shape: shape.to_owned(),
        member: member.map(str::to_owned),
        is_own: name.starts_with('$'),
    });
    Ok((piece, after))
}

#[cfg(test)]
mod tests {
    use super::{Name, Piece, Text};

    fn parse(text: &str) -> Result<Text, String> {
        Text::parse(&[text], Some("Own")).map_err(|error| error.to_string())
    }

    #[test]
    fn a_paragraph_has_code_links_and_names() {
        let text =
            parse("Sends `a*b` to [the guide](https://x.example/a#b), see {Own$c}. {$d} < 5.")
                .expect("it is fine");
        let name = |member: &str, is_own: bool| {
            Piece::Name(Name {
                shape: "Own".to_owned(),
                member: Some(member.to_owned()),
                is_own,
            })
        };
        let plain = |text: &str| Piece::Plain(text.to_owned());
        let link = Piece::Link {
            label: "the guide".to_owned(),
            url: "https://x.example/a#b".to_owned(),
        };
        let expected = vec![
            plain("Sends "),
            Piece::Code("a*b".to_owned()),
            plain(" to "),
            link,
            plain(", see "),
            name("c", false),
            plain(". "),
            name("d", true),
            plain(" < 5."),
        ];
        assert_eq!(text.0[0].pieces(), expected);
        assert_eq!(text.first_sentence().pieces()[6], plain("."));
        assert!(parse("* an item").is_ok_and(|text| text.0[0].inside.len() == 1));
    }

    #[test]
    fn what_a_page_would_show_wrongly_is_refused() {
        for (text, reason) in [
            ("", "not empty"),
            (" A.", "no space"),
            ("A\nb.", "one line"),
            ("A\u{202e}b.", "invisible"),
            ("No end", "full stop"),
            ("An `open code.", "not closed"),
            ("An `` empty code.", "not empty"),
            ("An [open bracket.", "begins a link"),
            ("A [link](http://x).", "https://"),
            ("A [link](https://x y).", "https://"),
            ("A [`link`](https://x).", "plain text"),
            ("A closed] bracket.", "closes nothing"),
            ("An {open brace.", "not closed"),
            ("A closed} brace.", "closes nothing"),
            ("A {strange name}.", "hold a name"),
            ("A {}.", "hold a name"),
            ("A {Shape$}.", "hold a name"),
            ("Very *important*.", "no emphasis"),
            ("A <b>tag</b>.", "no HTML"),
            ("An \\escape.", "no escapes"),
            ("See https://x.example.", "label"),
            ("A file, e.g. a picture.", "stands for"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(reason), "{text}: {error}");
        }
        assert!(Text::parse(&["See {$own}."], None).is_err());
        assert!(Text::parse(&[], None).is_err());
    }
}
