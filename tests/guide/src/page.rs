//! Reads a page of the guide: its headings, its links and its blocks of code.
//!
//! The build script and the tests both include this file, so that both see the same blocks.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A page.
#[derive(Debug)]
pub struct Page {
    /// The path of its file.
    pub path: PathBuf,
    /// The anchors of its headings, as GitHub and mdBook make them.
    pub anchors: Vec<String>,
    /// Where its links and pictures point to.
    pub links: Vec<String>,
    /// Its blocks of code.
    pub blocks: Vec<Block>,
}

/// A block of code.
#[derive(Debug)]
pub struct Block {
    /// The line of its first line of code, counted from 1.
    pub line: usize,
    /// The language: the first word after the fence.
    pub language: String,
    /// The other words after the fence, which commas separate.
    pub attributes: Vec<String>,
    /// The code.
    pub code: String,
}

impl Block {
    /// Whether the fence has this word.
    pub fn has(&self, attribute: &str) -> bool {
        self.attributes.iter().any(|word| word == attribute)
    }
}

/// The names of all pages of a folder, sorted.
///
/// # Errors
/// The folder cannot be read.
pub fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(".md") {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Reads a page.
///
/// # Errors
/// The file cannot be read.
pub fn read(path: &Path) -> io::Result<Page> {
    let text = fs::read_to_string(path)?;
    let mut page = Page {
        path: path.to_owned(),
        anchors: Vec::new(),
        links: Vec::new(),
        blocks: Vec::new(),
    };
    let mut heading: Option<String> = None;
    let mut block: Option<Block> = None;
    for (event, range) in Parser::new_ext(&text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                page.anchors
                    .extend(heading.take().map(|text| anchor(&text)));
            }
            Event::Start(Tag::CodeBlock(kind)) => {
                let line = text[..range.start].matches('\n').count() + 2;
                block = Some(opened(&kind, line));
            }
            Event::End(TagEnd::CodeBlock) => page.blocks.extend(block.take()),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                page.links.push(dest_url.into_string());
            }
            Event::Text(words) | Event::Code(words) => {
                if let Some(block) = &mut block {
                    block.code.push_str(&words);
                } else if let Some(heading) = &mut heading {
                    heading.push_str(&words);
                }
            }
            _ => {}
        }
    }
    Ok(page)
}

/// A block without its code.
fn opened(kind: &CodeBlockKind<'_>, line: usize) -> Block {
    let fence = match kind {
        CodeBlockKind::Fenced(words) => words.as_ref(),
        CodeBlockKind::Indented => "",
    };
    let mut words = fence.split(',').map(|word| word.trim().to_owned());
    Block {
        line,
        language: words.next().unwrap_or_default(),
        attributes: words.collect(),
        code: String::new(),
    }
}

/// The anchor of a heading: lower case, hyphens in place of spaces, no other punctuation.
fn anchor(heading: &str) -> String {
    heading
        .chars()
        .filter_map(|character| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            letter if letter.is_alphanumeric() => Some(letter.to_ascii_lowercase()),
            _ => None,
        })
        .collect()
}
