//! Reads the tags of a documentation.
//!
//! The tokens are those of the HTML standard. What they mean follows from a table here, not from the rules of a browser:
//! a documentation has some thirty elements, and its authors forget to close them, or write `<account-id>` and mean the
//! text. An element that is not in the table is shown as text unless it is closed.

use std::collections::{BTreeMap, BTreeSet};

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{HtmlString, Spanned, StartTag, Token, Tokenizer};

use super::blocks::{Blocks, Open};
use super::pieces::{Style, address};
use super::{DEPTH, Known, REMEDY};
use crate::error::{Error, Result};
use crate::words::text::Text;

/// What an element does.
enum Element {
    /// It contains other elements, or text in a style.
    Opens(Open),
    /// A link to this address, which may be empty.
    Link(String),
    /// It begins another paragraph.
    Breaks,
    /// Only its content matters.
    Nothing,
}

/// Reads one documentation.
///
/// # Errors
/// More than [`DEPTH`] elements in each other.
pub(super) fn read(source: &str, known: &Known<'_>) -> Result<Text> {
    let mut blocks = Blocks::new(known);
    let closed = closed(source);
    if closed.is_empty() && !source.contains('<') {
        blocks.plain(&unescaped(source));
        return Ok(blocks.finish());
    }
    for token in tokens(source) {
        match token {
            Token::StartTag(tag) => {
                let name = text_of(&tag.name);
                match element(&name, &tag) {
                    Some(Element::Opens(open)) => blocks.open(&name, open),
                    Some(Element::Link(address)) => blocks.open_link(&name, address),
                    Some(Element::Breaks) => blocks.end_paragraph(),
                    Some(Element::Nothing) => {}
                    None if closed.contains(&name) => {}
                    None => blocks.text(&source[tag.span.start..tag.span.end]),
                }
                if tag.self_closing {
                    blocks.close(&name);
                }
            }
            Token::EndTag(tag) => blocks.close(&text_of(&tag.name)),
            Token::String(text) => blocks.text(&text_of(&text)),
            // Comments, document types and remarks of the tokenizer are not shown.
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
        if blocks.depth() > DEPTH {
            return Err(Error::new(format!(
                "the documentation has more than {DEPTH} elements in each other{REMEDY}"
            )));
        }
    }
    Ok(blocks.finish())
}

/// The tokens of a source.
pub(super) fn tokens(source: &str) -> impl Iterator<Item = Token<usize>> {
    let tokenizer = Tokenizer::new_with_emitter(source, DefaultEmitter::new_with_span());
    // Reading a string cannot fail.
    tokenizer.map_while(std::result::Result::ok)
}

/// The elements that are closed somewhere.
fn closed(source: &str) -> BTreeSet<String> {
    let tokens = tokens(source).filter_map(|token| match token {
        Token::EndTag(tag) => Some(text_of(&tag.name)),
        _ => None,
    });
    tokens.collect()
}

/// A text without tags may have references to characters.
fn unescaped(source: &str) -> String {
    let tokens = tokens(source).filter_map(|token| match token {
        Token::String(text) => Some(text_of(&text)),
        _ => None,
    });
    tokens.collect()
}

fn text_of(text: &HtmlString) -> String {
    String::from_utf8_lossy(text).into_owned()
}

fn element(name: &str, tag: &StartTag<usize>) -> Option<Element> {
    let attribute = |key: &str| {
        let value: Option<&Spanned<HtmlString, usize>> = tag.attributes.get(key.as_bytes());
        value.map(|value| text_of(value))
    };
    Some(match name {
        "p" | "br" | "hr" | "div" | "para" | "section" | "blockquote" | "simpara" => {
            Element::Breaks
        }
        "code" | "tt" | "kbd" | "samp" | "var" | "filename" | "literal" => {
            Element::Opens(Open::Style(Style::Code))
        }
        "b" | "strong" => Element::Opens(Open::Style(Style::Strong)),
        "i" | "em" | "cite" | "dfn" | "replaceable" => Element::Opens(Open::Style(Style::Emphasis)),
        "a" => Element::Link(attribute("href").unwrap_or_default()),
        "link" => Element::Link(String::new()),
        "ul" => Element::Opens(Open::List {
            is_ordered: false,
            next: 1,
        }),
        "ol" => Element::Opens(Open::List {
            is_ordered: true,
            next: 1,
        }),
        "li" => Element::Opens(Open::Item {
            number: None,
            begins: true,
        }),
        "dl" => Element::Opens(Open::Definitions),
        "dt" => Element::Opens(Open::Term),
        "dd" => Element::Opens(Open::Definition),
        "note" | "important" | "caution" | "tip" | "warning" => Element::Opens(Open::Quote {
            label: Some(label(name)),
        }),
        "pre" | "programlisting" | "screen" => Element::Opens(Open::Listing(String::new())),
        "table" => Element::Opens(Open::Table(Vec::new())),
        "tr" => Element::Opens(Open::Row),
        "td" | "th" => Element::Opens(Open::Cell),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "title" | "caption" => {
            Element::Opens(Open::Heading)
        }
        "fullname" => Element::Opens(Open::FullName),
        "script" | "style" | "head" | "iframe" | "object" | "svg" | "math" | "template"
        | "noscript" | "textarea" | "select" | "audio" | "video" | "canvas" => {
            Element::Opens(Open::Hidden)
        }
        // Without text. Pictures are not carried over.
        "img" | "input" | "meta" | "col" | "embed" | "source" | "wbr" | "area" | "base" => {
            Element::Nothing
        }
        "span" | "u" | "s" | "sub" | "sup" | "small" | "big" | "font" | "body" | "html"
        | "thead" | "tbody" | "tfoot" | "colgroup" | "center" | "zonbook" | "xhtml" => {
            Element::Nothing
        }
        _ => return None,
    })
}

fn label(name: &str) -> &'static str {
    match name {
        "important" => "Important:",
        "caution" => "Caution:",
        "tip" => "Tip:",
        "warning" => "Warning:",
        _ => "Note:",
    }
}

/// Counts what a documentation consists of.
pub(super) fn constructs(source: &str) -> BTreeMap<String, usize> {
    let closed = closed(source);
    let mut counts = BTreeMap::new();
    let mut open: Vec<String> = Vec::new();
    let mut count = |construct: String| *counts.entry(construct).or_default() += 1;
    for token in tokens(source) {
        match token {
            Token::StartTag(tag) => {
                let name = text_of(&tag.name);
                match element(&name, &tag) {
                    None if !closed.contains(&name) => {
                        count("unknown element that is not closed".to_owned());
                        continue;
                    }
                    None => count(format!("<{name}>, unknown but closed")),
                    Some(Element::Link(target)) => {
                        count(format!("<{name}> {}", link_kind(&target)))
                    }
                    Some(_) => count(format!("<{name}>")),
                }
                if is_block(&name) {
                    let outer = open.iter().rev().find(|outer| is_block(outer));
                    if let Some(outer) = outer {
                        count(format!("<{name}> in <{outer}>"));
                    }
                    open.push(name);
                }
            }
            Token::EndTag(tag) => {
                let name = text_of(&tag.name);
                match open.iter().rposition(|one| *one == name) {
                    Some(at) => open.truncate(at),
                    None if is_block(&name) => count(format!("</{name}> that ends nothing")),
                    None => {}
                }
            }
            Token::Comment(_) => count("comment".to_owned()),
            _ => {}
        }
    }
    for name in open {
        count(format!("<{name}> that is not closed"));
    }
    for part in source.split('&').skip(1) {
        let name = part.split(';').next().unwrap_or_default();
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '#';
        if name.len() < 12 && name.len() < part.len() && name.chars().all(is_name) {
            count(format!("&{name};"));
        }
    }
    counts
}

fn is_block(name: &str) -> bool {
    let blocks = [
        "ul",
        "ol",
        "dl",
        "note",
        "important",
        "pre",
        "table",
        "caution",
        "tip",
        "warning",
    ];
    blocks.contains(&name)
}

fn link_kind(target: &str) -> &'static str {
    match address(target) {
        Some(_) => "to a page",
        None if target.trim().is_empty() => "without an address",
        None => "with another address",
    }
}
