//! Reads the tables of `RESULTS.md`.

/// The record, as sections with their lines.
#[derive(Debug)]
pub(crate) struct Record {
    sections: Vec<(String, Vec<String>)>,
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

    /// The figure of a contestant in a column of the first table of a section, or of the first one below a caption that
    /// contains a text.
    pub(crate) fn figure(
        &self,
        section: &str,
        caption: Option<&str>,
        contestant: &str,
        column: &str,
    ) -> Result<f64, String> {
        let lacking =
            || format!("`{section}` has no figure `{column}` of {contestant} {caption:?}");
        let lines = self.lines(section)?;
        let begin = match caption {
            Some(caption) => lines
                .iter()
                .position(|line| !line.starts_with('|') && line.contains(caption)),
            None => Some(0),
        };
        let lines = &lines[begin.ok_or_else(lacking)?..];
        let mut table = lines
            .iter()
            .skip_while(|line| !line.starts_with('|'))
            .take_while(|line| line.starts_with('|'));
        let head = cells(table.next().ok_or_else(lacking)?);
        let index = head
            .iter()
            .position(|cell| *cell == column)
            .ok_or_else(lacking)?;
        let row = table
            .map(|line| cells(line))
            .find(|row| row.first() == Some(&contestant));
        let cell = row
            .and_then(|row| row.get(index).copied())
            .ok_or_else(lacking)?;
        number(cell).ok_or_else(lacking)
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

fn number(text: &str) -> Option<f64> {
    text.replace(',', "").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Record;

    const TEXT: &str = "# Results\n\n## Builds\n\n| contestant | dev CPU |\n|---|---:|\n| attache | 78.1 |\n\n\
                        * attache: rustls 24.2, attache_runtime 21.2\n\n## Calls\n\nSupport `A`, 1 at a time:\n\n\
                        | contestant | CPU µs |\n|---|---:|\n| attache | 1,525 |\n\nSupport `B`, 1 at a time:\n\n\
                        | contestant | CPU µs |\n|---|---:|\n| attache | 136 |\n";

    #[test]
    fn a_figure_is_found_below_its_caption() {
        let record = Record::read(TEXT);
        assert_eq!(
            record.figure("Builds", None, "attache", "dev CPU"),
            Ok(78.1)
        );
        assert_eq!(
            record.figure("Calls", Some("`A`"), "attache", "CPU µs"),
            Ok(1525.0)
        );
        assert_eq!(
            record.figure("Calls", Some("`B`"), "attache", "CPU µs"),
            Ok(136.0)
        );
    }

    #[test]
    fn a_figure_that_is_missing_is_named() {
        let error = Record::read(TEXT).figure("Builds", None, "lean", "dev CPU");
        assert!(error.is_err_and(|error| error.contains("`dev CPU` of lean")));
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
