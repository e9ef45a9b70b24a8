//! The arguments of a command, read by hand.
//!
//! The commands have a few options each, and no dependency is worth that. Each command takes what it knows and then
//! calls [`Arguments::finish`], so that a mistyped option is an error and never silently without effect.

use anyhow::{Result, bail};

/// The arguments behind the name of a command.
#[derive(Debug)]
pub struct Arguments {
    program: String,
    command: String,
    rest: Vec<String>,
}

impl Arguments {
    /// The arguments of a command of a program such as `attache` or `cargo xtask`; messages name both.
    pub fn new(program: &str, command: &str, rest: impl IntoIterator<Item = String>) -> Self {
        Self {
            program: program.to_owned(),
            command: command.to_owned(),
            rest: rest.into_iter().collect(),
        }
    }

    /// The help of the command, if it is asked for. In `help`, the program is called `PROGRAM`.
    pub fn help(&mut self, help: &str) -> Option<String> {
        let asked = [self.flag("--help"), self.flag("-h")].contains(&true);
        asked.then(|| help.replace("PROGRAM", &self.program))
    }

    /// Whether a flag is there, such as `--check`.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.rest.len();
        self.rest.retain(|argument| argument != name);
        self.rest.len() < before
    }

    /// The value of an option, `--from PATH` or `--from=PATH`.
    ///
    /// # Errors
    /// An option without a value, or one that is given twice.
    pub fn option(&mut self, name: &str) -> Result<Option<String>> {
        let mut value = None;
        let mut kept = Vec::new();
        let mut arguments = std::mem::take(&mut self.rest).into_iter();
        while let Some(argument) = arguments.next() {
            let found = match argument.strip_prefix(name) {
                Some("") => match arguments.next() {
                    Some(next) if !next.starts_with("--") => next,
                    _ => bail!("{name} needs a value{}", self.hint()),
                },
                Some(rest) if rest.starts_with('=') => rest[1..].to_owned(),
                _ => {
                    kept.push(argument);
                    continue;
                }
            };
            if value.replace(found).is_some() {
                bail!("{name} is given twice{}", self.hint());
            }
        }
        self.rest = kept;
        Ok(value)
    }

    /// What is left when all flags and options are taken: the names that the command works on.
    ///
    /// # Errors
    /// An option that the command does not have.
    pub fn finish(self) -> Result<Vec<String>> {
        match self.rest.iter().find(|argument| argument.starts_with('-')) {
            Some(unknown) => bail!("`{}` has no option {unknown}{}", self.command, self.hint()),
            None => Ok(self.rest),
        }
    }

    /// Where to read on, for the end of a message.
    pub fn hint(&self) -> String {
        format!("; see `{} {} --help`", self.program, self.command)
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    fn arguments(line: &str) -> Arguments {
        Arguments::new(
            "attache",
            "import",
            line.split_whitespace().map(str::to_owned),
        )
    }

    #[test]
    fn flags_options_and_names_in_any_order() {
        for line in ["support --from a/b --check", "--check --from=a/b support"] {
            let mut arguments = arguments(line);
            assert!(arguments.flag("--check"));
            assert_eq!(
                arguments
                    .option("--from")
                    .expect("it has a value")
                    .as_deref(),
                Some("a/b")
            );
            assert_eq!(arguments.finish().expect("nothing is left"), ["support"]);
        }
    }

    #[test]
    fn mistakes_are_named() {
        for (line, message) in [
            (
                "support --form x",
                "`import` has no option --form; see `attache import --help`",
            ),
            (
                "support --from",
                "--from needs a value; see `attache import --help`",
            ),
            (
                "--from --check",
                "--from needs a value; see `attache import --help`",
            ),
            (
                "--from a --from=b",
                "--from is given twice; see `attache import --help`",
            ),
        ] {
            let mut arguments = arguments(line);
            let error = arguments
                .option("--from")
                .map(drop)
                .and_then(|()| arguments.finish().map(drop))
                .expect_err(line);
            assert_eq!(error.to_string(), message);
        }
    }
}
