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

/// The tokens of a file.
#[derive(Default)]
pub(super) struct Flat {
    text: String,
    pub(super) tokens: Vec<Token>,
}

impl Flat {
    /// Takes a stream apart.
    pub(super) fn new(stream: TokenStream) -> Flat {
        let mut flat = Flat::default();
        flat.stream(stream);
        flat
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
    pub(super) fn text(&self, index: usize) -> &str {
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
    pub(super) fn after(&self, index: usize) -> usize {
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

/// Words that mean something to the parser or to the printer wherever they stand.
const KEYWORDS: &[&str] = &[
    "Self",
    "_",
    "abstract",
    "as",
    "async",
    "auto",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "crate",
    "default",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "macro_rules",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "pin",
    "priv",
    "pub",
    "raw",
    "ref",
    "return",
    "safe",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "union",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

fn name_kind(name: &str) -> Kind {
    let plain = name.is_ascii() && !name.starts_with("r#");
    if !plain || (name.len() <= 11 && KEYWORDS.binary_search(&name).is_ok()) {
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
