//! Reads the tables of `RESULTS.md`.

/// The record, as sections with their lines.
#[derive(Debug)]
pub(crate) struct Record {
    sections: Vec<(String, Vec<String>)>,
}

/// Where a figure of the contestants is: a column of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// The section.
    pub(crate) section: &'static str,
    /// A text of the caption above the table; the first table of the section without it.
    pub(crate) caption: Option<&'static str>,
    /// The column.
    pub(crate) column: &'static str,
}

/// A ratio of a table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ratio {
    /// The median.
    pub(crate) value: f64,
    /// The smallest and the largest ratio of the rounds, if they are known.
    pub(crate) range: Option<(f64, f64)>,
    /// Whether the rounds show no difference.
    pub(crate) tie: bool,
    /// The cell.
    pub(crate) text: String,
}

impl Record {
    /// Splits the text at its headings of the second level.
    pub(crate) fn read(text: &str) -> Self {
        let mut sections: Vec<(String, Vec<String>)> = Vec::new();
        for line in text.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                sections.push((heading.trim().to_owned(), Vec::new()));
            } else if let Some((_, lines)) = sections.last_mut() {
                lines.push(line.to_owned());
            }
        }
        Self { sections }
    }

    /// Whether there is a section.
    pub(crate) fn has(&self, section: &str) -> bool {
        self.lines(section).is_ok()
    }

    /// The figure of a contestant.
    pub(crate) fn figure(&self, place: Place, contestant: &str) -> Result<f64, String> {
        let (head, row) = self.row(place, contestant)?;
        let cell = position(&head, place.column).and_then(|index| row.get(index));
        let cell = cell.and_then(|cell| ratio(cell));
        cell.map(|cell| cell.value).ok_or_else(|| {
            format!(
                "`{}` has no figure `{}` of {contestant} {:?}",
                place.section, place.column, place.caption
            )
        })
    }

    /// The ratio of a contestant's figure to that of another one. It is in one of the columns behind the figure, `of` the
    /// other one; without such a column it is computed from the two figures, and its range is not known.
    pub(crate) fn ratio(&self, place: Place, contestant: &str, to: &str) -> Result<Ratio, String> {
        let (head, row) = self.row(place, contestant)?;
        let figure = position(&head, place.column).unwrap_or(head.len());
        let wanted = format!("of {to}");
        let mut columns = head.iter().enumerate().skip(figure + 1);
        let index = columns
            .by_ref()
            .take_while(|(_, name)| name.starts_with("of "))
            .find(|(_, name)| **name == wanted)
            .map(|(index, _)| index);
        if let Some(found) = index.and_then(|index| ratio(row.get(index)?)) {
            return Ok(found);
        }
        let value = self.figure(place, contestant)? / self.figure(place, to)?;
        Ok(Ratio {
            value,
            range: None,
            tie: false,
            text: format!("{value:.2}"),
        })
    }

    /// The head of a table, and the row of a contestant.
    fn row(&self, place: Place, contestant: &str) -> Result<(Vec<&str>, Vec<&str>), String> {
        let Place {
            section, caption, ..
        } = place;
        let lines = self.lines(section)?;
        let begin = match caption {
            Some(caption) => lines
                .iter()
                .position(|line| !line.starts_with('|') && line.contains(caption)),
            None => Some(0),
        };
        let begin = begin.ok_or_else(|| format!("`{section}` has no caption with {caption:?}"))?;
        let mut table = lines[begin..]
            .iter()
            .skip_while(|line| !line.starts_with('|'))
            .take_while(|line| line.starts_with('|'));
        let head = table
            .next()
            .ok_or_else(|| format!("`{section}` has no table"))?;
        let row = table
            .map(|line| cells(line))
            .find(|row| row.first() == Some(&contestant))
            .ok_or_else(|| format!("`{section}` has no row of {contestant} {caption:?}"))?;
        Ok((cells(head), row))
    }

    /// The crates that cost a contestant most, with their CPU seconds.
    pub(crate) fn dearest(&self, contestant: &str) -> Result<Vec<(String, f64)>, String> {
        let lacking = || format!("the dearest crates of {contestant} are missing");
        let start = format!("* {contestant}: ");
        let lines = self.lines("Builds")?;
        let list = lines
            .iter()
            .find_map(|line| line.strip_prefix(&start))
            .ok_or_else(lacking)?;
        let parts = list.split(", ").map(|part| {
            let (name, seconds) = part.rsplit_once(' ')?;
            Some((name.to_owned(), number(seconds)?))
        });
        parts.collect::<Option<Vec<_>>>().ok_or_else(lacking)
    }

    fn lines(&self, section: &str) -> Result<&[String], String> {
        let found = self.sections.iter().find(|(heading, _)| heading == section);
        found
            .map(|(_, lines)| lines.as_slice())
            .ok_or_else(|| format!("there is no section `{section}`"))
    }
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

fn position(head: &[&str], column: &str) -> Option<usize> {
    head.iter().position(|name| *name == column)
}

/// Reads a cell such as `tie 0.98 (0.90–1.05)`, `0.22 (1 round)` or `1,317`.
fn ratio(cell: &str) -> Option<Ratio> {
    let (tie, rest) = match cell.strip_prefix("tie ") {
        Some(rest) => (true, rest),
        None => (false, cell),
    };
    let (median, rest) = rest.split_once(" (").unwrap_or((rest, ""));
    let range = rest.strip_suffix(')').and_then(|range| {
        let (low, high) = range.split_once('–')?;
        Some((number(low)?, number(high)?))
    });
    Some(Ratio {
        value: number(median)?,
        range,
        tie,
        text: cell.to_owned(),
    })
}

fn number(text: &str) -> Option<f64> {
    text.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Place, Ratio, Record};

    const TEXT: &str = "# Results\n\n## Builds\n\n| contestant | dev CPU |\n|---|---:|\n| attache | 78.1 |\n| official | 156.2 |\n\n\
                        * attache: rustls 24.2, attache_runtime 21.2\n\n## Calls\n\nSupport `A`, 1 at a time:\n\n\
                        | contestant | CPU µs | of lean | of official | KB |\n|---|---:|---:|---:|---:|\n\
                        | attache | 1,525 | 0.88 (0.80–0.95) | tie 0.98 (0.90–1.05) | 3 |\n\nSupport `B`, 1 at a time:\n\n\
                        | contestant | CPU µs | of lean |\n|---|---:|\n| attache | 136 | 0.22 (1 round) |\n";

    fn place(section: &'static str, caption: Option<&'static str>, column: &'static str) -> Place {
        Place {
            section,
            caption,
            column,
        }
    }

    #[test]
    fn a_figure_is_found_below_its_caption() {
        let record = Record::read(TEXT);
        let figure = |caption| record.figure(place("Calls", Some(caption), "CPU µs"), "attache");
        assert_eq!(
            record.figure(place("Builds", None, "dev CPU"), "attache"),
            Ok(78.1)
        );
        assert_eq!(figure("`A`"), Ok(1525.0));
        assert_eq!(figure("`B`"), Ok(136.0));
        assert!(record.has("Calls") && !record.has("Size"));
    }

    #[test]
    fn a_figure_that_is_missing_is_named() {
        let record = Record::read(TEXT);
        let error = record.figure(place("Builds", None, "dev CPU"), "lean");
        assert!(error.is_err_and(|error| error.contains("row of lean")));
        let error = record.figure(place("Builds", None, "wall"), "attache");
        assert!(error.is_err_and(|error| error.contains("`wall` of attache")));
    }

    #[test]
    fn a_ratio_has_the_range_of_its_column() {
        let record = Record::read(TEXT);
        let a = place("Calls", Some("`A`"), "CPU µs");
        let expected = Ratio {
            value: 0.88,
            range: Some((0.8, 0.95)),
            tie: false,
            text: "0.88 (0.80–0.95)".to_owned(),
        };
        assert_eq!(record.ratio(a, "attache", "lean"), Ok(expected));
        let expected = Ratio {
            value: 0.98,
            range: Some((0.9, 1.05)),
            tie: true,
            text: "tie 0.98 (0.90–1.05)".to_owned(),
        };
        assert_eq!(record.ratio(a, "attache", "official"), Ok(expected));
        let once = record.ratio(place("Calls", Some("`B`"), "CPU µs"), "attache", "lean");
        assert!(once.is_ok_and(|once| once.range.is_none() && once.value == 0.22));
    }

    #[test]
    fn a_ratio_without_a_column_is_that_of_the_figures() {
        let record = Record::read(TEXT);
        let ratio = record.ratio(place("Builds", None, "dev CPU"), "attache", "official");
        let expected = Ratio {
            value: 0.5,
            range: None,
            tie: false,
            text: "0.50".to_owned(),
        };
        assert_eq!(ratio, Ok(expected));
    }

    #[test]
    fn the_dearest_crates_are_read_in_their_order() {
        let crates = Record::read(TEXT).dearest("attache").unwrap_or_default();
        assert_eq!(
            crates,
            [
                ("rustls".to_owned(), 24.2),
                ("attache_runtime".to_owned(), 21.2)
            ]
        );
    }
}
