//! Tables, for a terminal and as Markdown.

use std::fmt::Write as _;

use crate::escape::{line, markdown};

/// A table: titles, and rows of as many cells.
#[derive(Debug)]
pub(crate) struct Table<const COLUMNS: usize> {
    titles: [&'static str; COLUMNS],
    rows: Vec<[String; COLUMNS]>,
}

impl<const COLUMNS: usize> Table<COLUMNS> {
    pub(crate) fn new(
        titles: [&'static str; COLUMNS],
        rows: impl IntoIterator<Item = [String; COLUMNS]>,
    ) -> Self {
        Self {
            titles,
            rows: rows.into_iter().collect(),
        }
    }

    /// Columns that are as wide as their widest cell.
    pub(crate) fn text(&self) -> String {
        let titles = self.titles.map(str::to_owned);
        let rows: Vec<[String; COLUMNS]> = std::iter::once(&titles)
            .chain(&self.rows)
            .map(|row| row.each_ref().map(|cell| line(cell).into_owned()))
            .collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
        let widths: [usize; COLUMNS] = std::array::from_fn(|column| width(column).unwrap_or(0));
        let mut text = String::new();
        for row in &rows {
            let mut out = String::new();
            for (cell, width) in row.iter().zip(widths) {
                let _ = write!(out, "{cell:<width$}  ");
            }
            let _ = writeln!(text, "{}", out.trim_end());
        }
        text
    }

    /// A table of GitHub's Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut text = format!("| {} |\n", self.titles.join(" | "));
        let _ = writeln!(text, "|{}", " --- |".repeat(COLUMNS));
        for row in &self.rows {
            let cells = row
                .each_ref()
                .map(|cell| markdown::text(&line(cell)).to_string());
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn cells_stand_below_their_titles_and_leave_no_table() {
        let rows = [["a|b", "1"], ["longer", "\u{7}2"]].map(|row| row.map(str::to_owned));
        let table = Table::new(["name", "count"], rows);
        let text = table.text();
        assert!(
            text.starts_with("name    count\na|b     1\nlonger  "),
            "{text}"
        );
        assert!(!text.contains('\u{7}'), "{text}");
        let markdown = table.markdown();
        assert!(
            markdown.starts_with("| name | count |\n| --- | --- |\n| a\\|b | 1 |\n"),
            "{markdown}"
        );
    }
}
