//! The paragraphs of a text as lines of Markdown: lists, boxes, listings and tables.

use super::words::{inline, plain_inline};
use crate::plan::Plan;
use crate::words::text::{Body, Container, Paragraph, Piece, Text};

/// How pieces are printed on one line.
type Inline<'a> = &'a dyn Fn(&[Piece]) -> String;

/// The lines of a text: an empty line between paragraphs, none between the items of a list.
pub(super) fn text_lines(plan: &Plan<'_>, words: &Text) -> Vec<String> {
    lines(words, &|pieces| inline(plan, pieces))
}

/// The same without links to items, for pages beside the documentation.
pub(super) fn plain_lines(plan: &Plan<'_>, words: &Text) -> Vec<String> {
    lines(words, &|pieces| plain_inline(plan, pieces))
}

fn lines(words: &Text, inline: Inline<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut before: Option<&Paragraph> = None;
    for paragraph in &words.0 {
        if let Some(before) = before
            && !follows_item(before, paragraph)
        {
            lines.push(separator(before, paragraph));
        }
        let (first, rest) = prefixes(&paragraph.inside);
        for (index, line) in body_lines(inline, &paragraph.body).into_iter().enumerate() {
            let prefix = if index == 0 { &first } else { &rest };
            lines.push(format!("{prefix}{line}").trim_end().to_owned());
        }
        before = Some(paragraph);
    }
    lines
}

/// Whether a paragraph begins an item directly after another item, or after the text that its list is in.
fn follows_item(before: &Paragraph, paragraph: &Paragraph) -> bool {
    let begins = matches!(
        paragraph.inside.last(),
        Some(Container::Item { begins: true, .. })
    );
    let is_quote = |one: &&Container| matches!(one, Container::Quote);
    let quotes = |one: &Paragraph| one.inside.iter().filter(is_quote).count();
    begins
        && matches!(before.inside.last(), Some(Container::Item { .. }))
        && quotes(before) == quotes(paragraph)
        && matches!(before.body, Body::Pieces(_))
}

/// The empty line between two paragraphs, which stays in the boxes that both are in.
fn separator(before: &Paragraph, paragraph: &Paragraph) -> String {
    let both = before.inside.iter().zip(&paragraph.inside);
    let common = both.take_while(|(one, two)| match (one, two) {
        (Container::Quote, Container::Quote) => true,
        (Container::Item { .. }, Container::Item { begins, .. }) => !begins,
        _ => false,
    });
    let common: Vec<Container> = common.map(|(_, two)| *two).collect();
    let last_quote = common.iter().rposition(|one| *one == Container::Quote);
    let (_, rest) = prefixes(&common[..last_quote.map_or(0, |at| at + 1)]);
    rest.trim_end().to_owned()
}

/// What is before the first line, and before the others.
fn prefixes(inside: &[Container]) -> (String, String) {
    let (mut first, mut rest) = (String::new(), String::new());
    for container in inside {
        let (mark, width) = match container {
            Container::Quote => ("> ".to_owned(), None),
            Container::Item { number, begins } => {
                let mark = number.map_or_else(|| "* ".to_owned(), |number| format!("{number}. "));
                let width = mark.len();
                (if *begins { mark } else { " ".repeat(width) }, Some(width))
            }
        };
        first.push_str(&mark);
        rest.push_str(&width.map_or_else(|| mark.clone(), |width| " ".repeat(width)));
    }
    (first, rest)
}

fn body_lines(inline: Inline<'_>, body: &Body) -> Vec<String> {
    match body {
        Body::Pieces(pieces) => vec![inline(pieces)],
        Body::Listing(lines) => {
            let longest = lines
                .iter()
                .flat_map(|line| line.split(|letter| letter != '`'));
            let fence = "`".repeat(longest.map(str::len).max().unwrap_or(0).max(2) + 1);
            // rustdoc would compile what has no language.
            let mut all = vec![format!("{fence}text")];
            all.extend(lines.iter().cloned());
            all.push(fence);
            all
        }
        Body::Table(rows) => {
            let width = rows.iter().map(Vec::len).max().unwrap_or(0);
            let mut lines: Vec<String> = rows
                .iter()
                .map(|row| row_line(inline, row, width))
                .collect();
            lines.insert(1.min(lines.len()), format!("|{}", " --- |".repeat(width)));
            lines
        }
    }
}

fn row_line(inline: Inline<'_>, row: &[Vec<Piece>], width: usize) -> String {
    let cells = row.iter().map(|cell| {
        let cell = inline(cell);
        // Also a bar in code would end the cell; those outside of it are escaped.
        let mut shown = String::with_capacity(cell.len());
        let mut before = ' ';
        for letter in cell.chars() {
            if letter == '|' && before != '\\' {
                shown.push('\\');
            }
            shown.push(letter);
            before = letter;
        }
        format!(" {shown} |")
    });
    let cells: String = cells.collect();
    format!("|{cells}{}", "  |".repeat(width - row.len()))
}
