//! Reads a documentation without tags, as those of Smithy models can be: its lines are paragraphs, items and listings as in
//! Markdown.

use super::blocks::{Blocks, Open};
use super::pieces::Style;

impl Blocks<'_> {
    /// Text without tags: its lines are paragraphs, items and listings as in Markdown.
    pub(super) fn plain(&mut self, text: &str) {
        for line in text.lines() {
            let words = line.trim();
            if words.starts_with("```") {
                match self.listing().is_some() {
                    true => self.close("pre"),
                    false => self.open("pre", Open::Listing(String::new())),
                }
            } else if let Some(listing) = self.listing() {
                listing.push_str(line);
                listing.push('\n');
            } else if let Some(item) = words.strip_prefix("* ").or(words.strip_prefix("- ")) {
                let item_begins = Open::Item {
                    number: None,
                    begins: true,
                };
                self.open("li", item_begins);
                self.line(item);
                self.text(" ");
            } else if words.is_empty() {
                self.end_paragraph();
                self.close("ul");
            } else {
                self.line(words);
                self.text(" ");
            }
        }
    }

    /// A line of plain text, in which backquotes enclose code.
    fn line(&mut self, line: &str) {
        let parts: Vec<&str> = line.split('`').collect();
        if parts.len().is_multiple_of(2) {
            return self.text(line);
        }
        for (index, part) in parts.into_iter().enumerate() {
            match index % 2 {
                0 => self.text(part),
                _ => {
                    self.stack
                        .push(("code".to_owned(), Open::Style(Style::Code)));
                    self.text(part);
                    self.stack.pop();
                }
            }
        }
    }
}
