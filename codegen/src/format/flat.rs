//! A token stream as a flat list, with the text of all tokens in one buffer.
//!
//! `proc_macro2` gives out tokens one by one and hides their text behind `Display`. Most pieces of a file need only be
//! looked at, skipped or compared, so the stream is taken apart once, without a copy of what nobody else holds.

use std::fmt::Write as _;

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// What a token is, as far as layouts care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name of which only the width matters.
    Name,
    /// A keyword.
    Keyword,
    /// A plain string literal on one line.
    Text,
    /// A number without sign, point and suffix.
    Number,
    /// Another literal.
    Literal,
    /// A character of an operator.
    Punct,
    /// A character of an operator that goes on with the next one.
    Joint,
    Open,
    Close,
}

impl Kind {
    /// Whether this is a character of an operator or a delimiter.
    pub(super) fn is_mark(self) -> bool {
        matches!(self, Kind::Punct | Kind::Joint | Kind::Open | Kind::Close)
    }
}

/// A token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    start: usize,
    end: usize,
    /// The place of the other delimiter of a group.
    pub(super) partner: usize,
}

impl Token {
    /// Columns and bytes, which are the same for tokens that are alike.
    pub(super) fn width(self) -> usize {
        self.end - self.start
    }
}

/// The tokens of a file, in order, with those of groups between their delimiters.
#[derive(Default)]
pub struct Flat {
    text: String,
    pub(super) tokens: Vec<Token>,
}

impl Flat {
    /// Takes a stream apart.
    pub fn new(stream: TokenStream) -> Flat {
        let mut flat = Flat::default();
        flat.stream(stream);
        flat
    }

    /// These tokens, and then others.
    #[must_use]
    pub fn followed_by(mut self, other: Flat) -> Flat {
        let (bytes, tokens) = (self.text.len(), self.tokens.len());
        self.text.push_str(&other.text);
        self.tokens
            .extend(other.tokens.into_iter().map(|token| Token {
                kind: token.kind,
                start: token.start + bytes,
                end: token.end + bytes,
                partner: token.partner + tokens,
            }));
        self
    }

    /// Takes tokens out; their places must be in order. Of a group, both delimiters have to go or none.
    pub(crate) fn remove(&mut self, places: &[usize]) {
        if places.is_empty() {
            return;
        }
        let mut next = places.iter().copied().peekable();
        let mut moved = Vec::with_capacity(self.tokens.len());
        let mut kept = 0;
        for index in 0..self.tokens.len() {
            moved.push(kept);
            if next.next_if_eq(&index).is_none() {
                self.tokens[kept] = self.tokens[index];
                kept += 1;
            }
        }
        self.tokens.truncate(kept);
        for token in &mut self.tokens {
            token.partner = moved[token.partner];
        }
    }

    /// How many tokens there are.
    pub(crate) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether a token is a word: a name or a keyword.
    pub(crate) fn is_name(&self, index: usize) -> bool {
        let token = self.tokens.get(index);
        token.is_some_and(|token| matches!(token.kind, Kind::Name | Kind::Keyword))
    }

    /// Source text that reads as the same tokens.
    pub(super) fn source(&self) -> String {
        let mut source = String::with_capacity(self.text.len() + self.tokens.len());
        for index in 0..self.tokens.len() {
            self.write(&mut source, index);
        }
        source
    }

    fn stream(&mut self, stream: TokenStream) {
        for tree in stream {
            let start = self.text.len();
            match tree {
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ("(", ")"),
                        Delimiter::Bracket => ("[", "]"),
                        Delimiter::Brace => ("{", "}"),
                        Delimiter::None => ("", ""),
                    };
                    let inner = group.stream();
                    // A stream that nobody else holds is taken apart without a copy.
                    drop(group);
                    if open.is_empty() {
                        self.stream(inner);
                        continue;
                    }
                    self.group(open, inner, close);
                }
                TokenTree::Punct(punct) => {
                    self.text.push(punct.as_char());
                    let joint = punct.spacing() == Spacing::Joint;
                    self.push(if joint { Kind::Joint } else { Kind::Punct }, start);
                }
                TokenTree::Ident(name) => {
                    let _ = write!(self.text, "{name}");
                    self.push(name_kind(&self.text[start..]), start);
                }
                TokenTree::Literal(literal) => {
                    let _ = write!(self.text, "{literal}");
                    self.push(literal_kind(&self.text[start..]), start);
                }
            }
        }
    }

    fn group(&mut self, open: &str, inner: TokenStream, close: &str) {
        let opening = self.tokens.len();
        let start = self.text.len();
        self.text.push_str(open);
        self.push(Kind::Open, start);
        self.stream(inner);
        let closing = self.tokens.len();
        let start = self.text.len();
        self.text.push_str(close);
        self.push(Kind::Close, start);
        self.tokens[opening].partner = closing;
        self.tokens[closing].partner = opening;
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.tokens.push(Token {
            kind,
            start,
            end: self.text.len(),
            partner: 0,
        });
    }

    /// The text of a token, nothing beyond the end.
    pub(crate) fn text(&self, index: usize) -> &str {
        match self.tokens.get(index) {
            Some(token) => &self.text[token.start..token.end],
            None => "",
        }
    }

    /// The first byte of a token that is an operator or a delimiter, 0 for others.
    pub(super) fn mark(&self, index: usize) -> u8 {
        match self.tokens.get(index) {
            Some(token) if token.kind.is_mark() => self.text.as_bytes()[token.start],
            _ => 0,
        }
    }

    pub(super) fn is_keyword(&self, index: usize, keyword: &str) -> bool {
        let token = self.tokens.get(index);
        token.is_some_and(|token| token.kind == Kind::Keyword) && self.text(index) == keyword
    }

    /// The token after this one, or after the group that opens here.
    pub(crate) fn after(&self, index: usize) -> usize {
        let token = self.tokens[index];
        if token.kind == Kind::Open {
            token.partner + 1
        } else {
            index + 1
        }
    }

    /// Adds tokens to source text, which reads as the same tokens.
    pub(super) fn write(&self, source: &mut String, index: usize) {
        source.push_str(self.text(index));
        if self.tokens[index].kind != Kind::Joint {
            source.push(' ');
        }
    }
}

/// Whether a word means something to the parser or to the printer wherever it stands. Every name is asked about, so the
/// length goes first.
fn is_keyword(name: &str) -> bool {
    match name.len() {
        1 => matches!(name, "_"),
        2 => matches!(name, "as" | "do" | "fn" | "if" | "in"),
        3 => matches!(
            name,
            "box"
                | "dyn"
                | "for"
                | "gen"
                | "let"
                | "mod"
                | "mut"
                | "pin"
                | "pub"
                | "raw"
                | "ref"
                | "try"
                | "use"
        ),
        4 => matches!(
            name,
            "Self"
                | "auto"
                | "else"
                | "enum"
                | "impl"
                | "loop"
                | "move"
                | "priv"
                | "safe"
                | "self"
                | "true"
                | "type"
        ),
        5 => matches!(
            name,
            "async"
                | "await"
                | "break"
                | "const"
                | "crate"
                | "false"
                | "final"
                | "macro"
                | "match"
                | "super"
                | "trait"
                | "union"
                | "where"
                | "while"
                | "yield"
        ),
        6 => matches!(
            name,
            "become" | "extern" | "return" | "static" | "struct" | "typeof" | "unsafe"
        ),
        7 => matches!(name, "default" | "unsized" | "virtual"),
        8 => matches!(name, "abstract" | "continue" | "override"),
        11 => matches!(name, "macro_rules"),
        _ => false,
    }
}

fn name_kind(name: &str) -> Kind {
    if !name.is_ascii() || name.starts_with("r#") || is_keyword(name) {
        Kind::Keyword
    } else {
        Kind::Name
    }
}

fn literal_kind(literal: &str) -> Kind {
    let bytes = literal.as_bytes();
    if bytes.iter().all(u8::is_ascii_digit) {
        Kind::Number
    } else if bytes.first() == Some(&b'"')
        && bytes.len() <= usize::from(u16::MAX)
        && bytes
            .iter()
            .all(|byte| matches!(byte, b' '..=b'~') && *byte != b'?')
        && !literal.contains("::")
    {
        Kind::Text
    } else {
        Kind::Literal
    }
}
