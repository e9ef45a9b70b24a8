//! The list of exceptions, which may only shrink.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};

use super::finding::Finding;

/// The file with the exceptions.
const FILE: &str = "xtask/tidy.txt";

/// What the file begins with.
const HEAD: &str = "\
# What breaks a rule of `cargo xtask tidy` and did so before there was the rule: rule, place, and the number that is
# allowed. This list may only shrink; `cargo xtask tidy --shrink` takes out what is not needed any more.
";

/// The exceptions: by rule and place, with the allowed number.
#[derive(Debug, Default)]
pub(super) struct Exceptions(BTreeMap<(String, String), usize>);

impl Exceptions {
    /// Reads the list; without the file there are no exceptions.
    ///
    /// # Errors
    /// A file that cannot be read, a line that is no exception.
    pub(super) fn read(workspace: &Path) -> Result<Self> {
        match std::fs::read_to_string(workspace.join(FILE)) {
            Ok(text) => Self::parse(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("could not read {FILE}")),
        }
    }

    fn parse(text: &str) -> Result<Self> {
        let lines = text
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
        let exceptions = lines.map(|line| {
            let mut words: Vec<&str> = line.split_whitespace().collect();
            let measure = words.last().and_then(|word| word.parse().ok());
            if measure.is_some() {
                words.pop();
            }
            let (rule, place) = words
                .split_first()
                .with_context(|| format!("{FILE}: `{line}` is not a rule, a place and a number"))?;
            Ok(((rule.to_string(), place.join(" ")), measure.unwrap_or(0)))
        });
        Ok(Self(exceptions.collect::<Result<_>>()?))
    }

    /// Removes the exceptions that no finding needs, and lowers the numbers to those of the findings.
    pub(super) fn shrink(&mut self, findings: &[Finding]) {
        let mut needed = BTreeMap::new();
        for finding in findings {
            let key = (finding.rule.to_owned(), finding.place.clone());
            let measure: &mut usize = needed.entry(key).or_default();
            *measure = finding.measure.max(*measure);
        }
        self.0.retain(|key, allowed| {
            let measure = needed.get(key);
            *allowed = measure.map_or(0, |measure| (*allowed).min(*measure));
            measure.is_some()
        });
    }

    /// Writes the list.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn write(&self, workspace: &Path) -> Result<()> {
        std::fs::write(workspace.join(FILE), self.text())
            .with_context(|| format!("could not write {FILE}"))
    }

    fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for ((rule, place), measure) in &self.0 {
            let _ = match measure {
                0 => writeln!(text, "{rule} {place}"),
                _ => writeln!(text, "{rule} {place} {measure}"),
            };
        }
        text
    }

    /// The problems: findings without an exception, and exceptions that no finding needs.
    pub(super) fn judge(mut self, findings: Vec<Finding>) -> Vec<String> {
        let mut problems = Vec::new();
        // Several functions of a file may have one name: the longest of them uses up the exception.
        let mut used = BTreeMap::new();
        for finding in findings {
            let key = (finding.rule.to_owned(), finding.place.clone());
            match self.0.get(&key) {
                Some(allowed) if finding.measure <= *allowed => {
                    used.insert(key, ());
                }
                _ => problems.push(format!(
                    "{}: {}: {}",
                    finding.rule, finding.place, finding.message
                )),
            }
        }
        self.0.retain(|key, _| !used.contains_key(key));
        problems.extend(self.0.keys().map(|(rule, place)| {
            format!("{rule}: {place}: nothing needs this exception; take it out of {FILE}")
        }));
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Finding;
    use super::Exceptions;

    fn finding(measure: usize) -> Finding {
        Finding {
            rule: "file",
            place: "a.rs".to_owned(),
            measure,
            message: format!("{measure} lines"),
        }
    }

    #[test]
    fn an_exception_allows_what_it_says_and_no_more() {
        let judge = |measure| {
            let exceptions =
                Exceptions::parse("# a comment\n\nfile a.rs 410\n").expect("it is a list");
            exceptions.judge(vec![finding(measure)])
        };
        assert_eq!(judge(410), Vec::<String>::new());
        assert_eq!(judge(405), Vec::<String>::new());
        assert!(judge(411)[0].contains("a.rs: 411 lines"));
    }

    #[test]
    fn an_exception_that_nothing_needs_is_a_problem() {
        let exceptions = Exceptions::parse("file a.rs 410\nfile b.rs 500\n").expect("it is a list");
        let problems = exceptions.judge(vec![finding(405)]);
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].starts_with("file: b.rs: nothing needs"),
            "{problems:?}"
        );
    }

    #[test]
    fn a_list_shrinks_and_never_grows() {
        let list = "file a.rs 410\nfile b.rs 500\nword c.md at the end\n";
        let mut exceptions = Exceptions::parse(list).expect("it is a list");
        let other = Finding {
            place: "d.rs".to_owned(),
            ..finding(700)
        };
        exceptions.shrink(&[finding(405), other]);
        let text = exceptions.text();
        assert!(text.ends_with(".\nfile a.rs 405\n"), "{text}");
        let again = Exceptions::parse(&text).expect("it is what was written");
        assert_eq!(again.text(), text);
    }
}
