//! Makes the paragraphs of a documentation from its elements.
//!
//! The elements that are open are on a stack. A paragraph ends wherever a block begins or ends, and styles end with it: a
//! `<b>` that nobody closes is bold up to the end of its paragraph. It is inside of those items and boxes that are open
//! then.

use super::Known;
use super::pieces::{Runs, Style, pieces};
use crate::escape::is_hidden;
use crate::words::text::{Body, Container, Paragraph, Piece, Text};

/// An element that is open.
#[derive(Debug)]
pub(super) enum Open {
    Style(Style),
    List {
        is_ordered: bool,
        next: usize,
    },
    Item {
        number: Option<usize>,
        begins: bool,
    },
    Definitions,
    Term,
    Definition,
    /// A box; its label is taken by the first paragraph.
    Quote {
        label: Option<&'static str>,
    },
    Listing(String),
    Table(Vec<Vec<Vec<Piece>>>),
    Row,
    Cell,
    Heading,
    /// The name of the service above its description.
    FullName,
    /// What is not text.
    Hidden,
}

/// The paragraphs so far.
pub(super) struct Blocks<'k> {
    known: &'k Known<'k>,
    pub(super) stack: Vec<(String, Open)>,
    runs: Runs,
    done: Vec<Paragraph>,
    /// Which paragraph is only the name of the service.
    full_name: Option<usize>,
}

impl<'k> Blocks<'k> {
    pub(super) fn new(known: &'k Known<'k>) -> Self {
        Self {
            known,
            stack: Vec::new(),
            runs: Runs::default(),
            done: Vec::new(),
            full_name: None,
        }
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.stack.len()
    }

    /// Begins an element.
    pub(super) fn open(&mut self, name: &str, open: Open) {
        if let Open::Style(_) = open {
            self.stack.push((name.to_owned(), open));
            return;
        }
        self.end_paragraph();
        let open = match open {
            Open::Item { .. } => self.next_item(),
            Open::Term | Open::Definition => {
                self.begin_definition(matches!(open, Open::Term));
                open
            }
            Open::Table(_) if self.table().is_some() => return,
            Open::Row | Open::Cell => match self.begin_cell(matches!(open, Open::Row)) {
                true => open,
                false => return,
            },
            open => open,
        };
        self.stack.push((name.to_owned(), open));
    }

    /// Begins a link; the address may be empty.
    pub(super) fn open_link(&mut self, name: &str, address: String) {
        let style = Style::Link(self.runs.add_link(address));
        self.stack.push((name.to_owned(), Open::Style(style)));
    }

    /// Ends the last element of this name, and those in it.
    pub(super) fn close(&mut self, name: &str) {
        let is_style = |open: &Open| matches!(open, Open::Style(_));
        let found = self.stack.iter().rposition(|(open, _)| open == name);
        match found {
            // The end of a style does not end a block.
            Some(at) if self.stack[at..].iter().all(|(_, open)| is_style(open)) => {
                self.stack.remove(at);
            }
            Some(at) if is_style(&self.stack[at].1) => {}
            Some(at) => self.pop_to(at),
            None if matches!(name, "p" | "div") => self.end_paragraph(),
            None => {}
        }
    }

    /// Text, of which white space has no meaning outside of listings.
    pub(super) fn text(&mut self, text: &str) {
        if self
            .stack
            .iter()
            .any(|(_, open)| matches!(open, Open::Hidden))
        {
            return;
        }
        if let Some(listing) = self.listing() {
            listing.push_str(text);
            return;
        }
        let style = self.style();
        self.runs.push(style, text);
    }

    /// Ends the paragraph, and the styles in it.
    pub(super) fn end_paragraph(&mut self) {
        if let Some(listing) = self.listing() {
            if !listing.is_empty() && !listing.ends_with('\n') {
                listing.push('\n');
            }
            return;
        }
        while let Some((_, Open::Style(_))) = self.stack.last() {
            self.stack.pop();
        }
        let pieces = pieces(std::mem::take(&mut self.runs), self.known);
        if pieces.is_empty() {
            return;
        }
        match self.table().and_then(|rows| rows.last_mut()?.last_mut()) {
            Some(cell) => {
                if !cell.is_empty() {
                    cell.push(Piece::Plain(" ".to_owned()));
                }
                cell.extend(pieces);
            }
            None => self.add(Body::Pieces(pieces)),
        }
    }

    /// The text.
    pub(super) fn finish(mut self) -> Text {
        self.end_paragraph();
        self.pop_to(0);
        // The front page of a crate has the name already.
        if let Some(at) = self.full_name
            && self.done.len() > 1
        {
            self.done.remove(at);
        }
        Text(self.done)
    }
}

impl Blocks<'_> {
    /// Adds a paragraph to what is open. Boxes begin with their label.
    fn add(&mut self, mut body: Body) {
        let mut inside = Vec::new();
        let quote = self
            .stack
            .iter()
            .rposition(|(_, open)| matches!(open, Open::Quote { label } if label.is_some()));
        for at in 0..self.stack.len() {
            match &mut self.stack[at].1 {
                Open::Item { number, begins } => {
                    inside.push(Container::Item {
                        number: *number,
                        begins: *begins,
                    });
                    *begins = false;
                }
                Open::Quote { label } => {
                    inside.push(Container::Quote);
                    let Some(label) = label.take().filter(|_| quote == Some(at)) else {
                        continue;
                    };
                    let label = Piece::Strong(label.to_owned());
                    let is_last = !self.stack[at + 1..]
                        .iter()
                        .any(|(_, open)| is_container(open));
                    match &mut body {
                        Body::Pieces(pieces) if is_last => {
                            pieces.splice(0..0, [label, Piece::Plain(" ".to_owned())]);
                        }
                        _ => {
                            let body = Body::Pieces(vec![label]);
                            self.done.push(Paragraph {
                                inside: inside.clone(),
                                body,
                            });
                            inside.iter_mut().for_each(continues);
                        }
                    }
                }
                _ => {}
            }
        }
        self.done.push(Paragraph { inside, body });
    }

    /// Ends elements until so many are open.
    fn pop_to(&mut self, depth: usize) {
        while self.stack.len() > depth {
            if !matches!(self.stack.last(), Some((_, Open::Style(_)))) {
                self.end_paragraph();
            }
            match self.stack.pop() {
                Some((_, Open::Listing(text))) => self.end_listing(&text),
                Some((_, Open::Table(mut rows))) => {
                    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
                    if !rows.is_empty() {
                        self.add(Body::Table(rows));
                    }
                }
                Some((_, Open::FullName)) if self.done.len() == 1 => self.full_name = Some(0),
                _ => {}
            }
        }
    }

    /// Adds a listing; in a table, as code.
    fn end_listing(&mut self, text: &str) {
        let lines = text.lines().map(|line| {
            let line = line.replace('\t', "    ");
            let shown = line.chars().filter(|letter| !is_hidden(*letter));
            shown.collect::<String>().trim_end().to_owned()
        });
        let mut lines: Vec<String> = lines.skip_while(String::is_empty).collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        if lines.is_empty() {
            return;
        }
        if self.table().is_some() {
            self.runs.push(Style::Code, &lines.join(" "));
            return self.end_paragraph();
        }
        self.add(Body::Listing(lines));
    }

    fn next_item(&mut self) -> Open {
        let is_list = |(_, open): &(String, Open)| matches!(open, Open::List { .. });
        match self.stack.iter().rposition(is_list) {
            Some(at) => self.pop_to(at + 1),
            None => {
                let list = Open::List {
                    is_ordered: false,
                    next: 1,
                };
                self.stack.push(("ul".to_owned(), list));
            }
        }
        let number = match self.stack.last_mut() {
            Some((
                _,
                Open::List {
                    is_ordered: true,
                    next,
                },
            )) => {
                *next += 1;
                Some(*next - 1)
            }
            _ => None,
        };
        Open::Item {
            number,
            begins: true,
        }
    }

    /// A term begins an item, and its definition is part of it.
    fn begin_definition(&mut self, is_term: bool) {
        let is_list = |(_, open): &(String, Open)| matches!(open, Open::Definitions);
        let at = self.stack.iter().rposition(is_list).unwrap_or_else(|| {
            self.stack.push(("dl".to_owned(), Open::Definitions));
            self.stack.len() - 1
        });
        let has_item = matches!(self.stack.get(at + 1), Some((_, Open::Item { .. })));
        if is_term || !has_item {
            self.pop_to(at + 1);
            let item = Open::Item {
                number: None,
                begins: true,
            };
            self.stack.push((String::new(), item));
        } else {
            self.pop_to(at + 2);
        }
    }

    /// Begins a row or a cell; whether there is a table.
    fn begin_cell(&mut self, is_row: bool) -> bool {
        let is_table = |(_, open): &(String, Open)| matches!(open, Open::Table(_));
        let Some(at) = self.stack.iter().rposition(is_table) else {
            return false;
        };
        let has_row = matches!(self.stack.get(at + 1), Some((_, Open::Row)));
        self.pop_to(if is_row || !has_row { at + 1 } else { at + 2 });
        if let Some(rows) = self.table() {
            if is_row || rows.is_empty() {
                rows.push(Vec::new());
            }
            if let Some(row) = rows.last_mut().filter(|_| !is_row) {
                row.push(Vec::new());
            }
        }
        true
    }

    /// The listing that is open.
    pub(super) fn listing(&mut self) -> Option<&mut String> {
        self.stack
            .iter_mut()
            .rev()
            .find_map(|(_, open)| match open {
                Open::Listing(text) => Some(text),
                _ => None,
            })
    }

    fn table(&mut self) -> Option<&mut Vec<Vec<Vec<Piece>>>> {
        self.stack
            .iter_mut()
            .rev()
            .find_map(|(_, open)| match open {
                Open::Table(rows) => Some(rows),
                _ => None,
            })
    }

    /// The style of text at this place. A link has no other.
    fn style(&self) -> Style {
        let styles = self.stack.iter().filter_map(|(_, open)| match open {
            Open::Style(style) => Some(*style),
            Open::Term | Open::Heading | Open::FullName => Some(Style::Strong),
            _ => None,
        });
        let rank = |style: &Style| match style {
            Style::Plain => 0,
            Style::Emphasis => 1,
            Style::Strong => 2,
            Style::Code => 3,
            Style::Link(_) => 4,
        };
        styles.max_by_key(rank).unwrap_or(Style::Plain)
    }
}

fn is_container(open: &Open) -> bool {
    matches!(open, Open::Item { .. } | Open::Quote { .. })
}

fn continues(container: &mut Container) {
    if let Container::Item { begins, .. } = container {
        *begins = false;
    }
}
