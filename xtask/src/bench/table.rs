//! Tables in Markdown, aligned so that they can be read in a terminal as well.

use super::figures::{Ratio, Spread};

/// What the cells of ratios mean, for those who read the tables.
pub(super) const LEGEND: &str = "A ratio is taken round by round: `0.88 (0.80–0.95)` is the median with the smallest and the largest \
     ratio of the rounds. `tie` stands where the figures of both contestants overlap, so that these rounds do not show which is less. \
     `(1 round)` marks what was measured once: its spread is not known. A ratio without either is one of figures that do not \
     vary.";

/// A table: the first column is text, the others are figures.
#[derive(Debug)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(columns: &[&str]) -> Self {
        Self {
            rows: vec![columns.iter().map(|column| (*column).to_owned()).collect()],
        }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The table with a line break at its end.
    pub(super) fn text(&self) -> String {
        let columns = self.rows[0].len();
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
                .max(3)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut text = String::new();
        for (index, row) in self.rows.iter().enumerate() {
            for (column, width) in widths.iter().copied().enumerate() {
                let cell = row.get(column).map_or("", String::as_str);
                text.push_str(&match column {
                    0 => format!("| {cell:<width$} |"),
                    _ => format!(" {cell:>width$} |"),
                });
            }
            text.push('\n');
            if index == 0 {
                for (column, width) in widths.iter().copied().enumerate() {
                    text.push_str(&match column {
                        0 => format!("|{}|", "-".repeat(width + 2)),
                        _ => format!("{}:|", "-".repeat(width + 1)),
                    });
                }
                text.push('\n');
            }
        }
        text
    }
}

/// A figure with a suitable number of decimal places; `–` if there is none.
pub(super) fn figure(value: Option<f64>, unit: f64) -> String {
    let Some(value) = value.map(|value| value / unit) else {
        return "–".to_owned();
    };
    match value.abs() {
        size if size >= 100.0 => grouped(value),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// A figure with its spread; `–` if there is none.
pub(super) fn spread(spread: Option<Spread>, unit: f64) -> String {
    let Some(spread) = spread else {
        return figure(None, unit);
    };
    let cell = |value: f64| figure(Some(value), unit);
    let median = cell(spread.median);
    match spread.rounds {
        None => median,
        Some(1) => format!("{median} (1 round)"),
        Some(_) => format!("{median} ({}–{})", cell(spread.low), cell(spread.high)),
    }
}

/// A ratio with its spread, marked if it is a tie; `–` if there is none.
pub(super) fn ratio(ratio: Option<Ratio>) -> String {
    let text = spread(ratio.map(|ratio| ratio.spread), 1.0);
    match ratio.is_some_and(|ratio| ratio.tie) {
        true => format!("tie {text}"),
        false => text,
    }
}

/// A whole number in groups of three digits.
pub(super) fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits.as_str()),
    };
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::super::figures::{Ratio, Spread};
    use super::{Table, figure, ratio, spread};

    #[test]
    fn columns_are_as_wide_as_their_longest_cell() {
        let mut table = Table::new(&["who", "CPU"]);
        table.row(["attache".to_owned(), figure(Some(0.0625), 1e-3)]);
        table.row(["official".to_owned(), figure(Some(1.0), 1e-6)]);
        table.row(["boto3".to_owned(), figure(None, 1.0)]);
        let expected = "\
| who      |       CPU |
|----------|----------:|
| attache  |      62.5 |
| official | 1,000,000 |
| boto3    |         – |
";
        assert_eq!(table.text(), expected);
    }
    #[test]
    fn a_cell_shows_how_much_a_figure_may_be_trusted() {
        let shown = |rounds: Option<usize>| Spread {
            low: 0.8,
            median: 0.876,
            high: 0.95,
            rounds,
        };
        assert_eq!(spread(Some(shown(Some(3))), 1.0), "0.88 (0.80–0.95)");
        assert_eq!(spread(Some(shown(Some(3))), 1e-3), "876 (800–950)");
        assert_eq!(spread(Some(shown(Some(1))), 1.0), "0.88 (1 round)");
        assert_eq!(spread(Some(shown(None)), 1.0), "0.88");
        assert_eq!(spread(None, 1.0), "–");
        let tie = Ratio {
            spread: shown(Some(3)),
            tie: true,
        };
        assert_eq!(ratio(Some(tie)), "tie 0.88 (0.80–0.95)");
        assert_eq!(ratio(None), "–");
    }
}
