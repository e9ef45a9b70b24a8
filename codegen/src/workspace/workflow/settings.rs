//! The table `[workflow]` of `models/attache.toml`.

use anyhow::{Context, Result, bail, ensure};
use toml_edit::Item;

use crate::escape::is_hidden;

/// The settings of the workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkflowConfig {
    /// When it runs: five fields of cron, in UTC.
    pub schedule: String,
    /// The branch that it pushes, and opens the pull request from. Without it, `attache-update`, and the path of the
    /// workspace if that is in a subfolder of its repository.
    pub branch: Option<String>,
    /// What the jobs run on.
    pub runner: String,
    /// How a runner gets the command of `[crates]`. Without it, `attache` is installed in the version that writes the
    /// workflow, and nothing is installed for another command.
    pub install: Option<String>,
    /// What else an update changes, a command each: lock files of other workspaces, for example.
    pub after_update: Vec<String>,
    /// What must succeed with the new models after the workspace was built, a command each.
    pub test: Vec<String>,
}

impl Default for WorkflowConfig {
    fn default() -> Self {
        Self {
            // Not on the hour, when most schedules run.
            schedule: "17 5 * * 1".to_owned(),
            branch: None,
            runner: "ubuntu-latest".to_owned(),
            install: None,
            after_update: Vec::new(),
            test: vec!["cargo test --workspace".to_owned()],
        }
    }
}

impl WorkflowConfig {
    /// Reads the table.
    ///
    /// # Errors
    /// An unknown key, or a value that is not valid in a workflow.
    pub(crate) fn parse(item: &Item) -> Result<Self> {
        let table = item.as_table_like().context("is not a table")?;
        let mut config = Self::default();
        for (key, item) in table.iter() {
            match key {
                "schedule" => config.schedule = schedule(item)?,
                "branch" => config.branch = Some(branch(item)?),
                "runner" => config.runner = runner(item)?,
                "install" => config.install = Some(command(key, item.as_str())?),
                "after-update" => config.after_update = commands(key, item)?,
                "test" => config.test = commands(key, item)?,
                other => bail!("unknown key `{other}`"),
            }
        }
        ensure!(!config.test.is_empty(), "`test` must have a command");
        Ok(config)
    }
}

fn schedule(item: &Item) -> Result<String> {
    const FORM: &str =
        "`schedule` must be five fields of cron, such as \"17 5 * * 1\" (Mondays at 05:17 UTC)";
    let schedule = item.as_str().context(FORM)?;
    let fields: Vec<&str> = schedule.split(' ').collect();
    let is_field = |field: &&str| {
        let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "*/,-".contains(letter);
        !field.is_empty() && field.chars().all(is_allowed)
    };
    ensure!(fields.len() == 5 && fields.iter().all(is_field), FORM);
    Ok(schedule.to_owned())
}

/// A subset of what git allows that needs no quotes anywhere.
fn branch(item: &Item) -> Result<String> {
    const FORM: &str =
        "`branch` must be a name of letters, digits, `-`, `_`, `.` and `/`, a letter first";
    let branch = item.as_str().context(FORM)?;
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_./".contains(letter);
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.ends_with(".lock")
    };
    ensure!(
        branch.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && branch.chars().all(is_allowed)
            && !branch.contains("..")
            && branch.split('/').all(is_part),
        FORM
    );
    Ok(branch.to_owned())
}

fn runner(item: &Item) -> Result<String> {
    const FORM: &str = "`runner` must be one label of a runner, such as \"ubuntu-latest\"";
    let runner = item.as_str().context(FORM)?;
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    ensure!(
        runner.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && runner.chars().all(is_allowed),
        FORM
    );
    Ok(runner.to_owned())
}

fn commands(key: &str, item: &Item) -> Result<Vec<String>> {
    let array = item.as_array();
    let array = array.with_context(|| format!("`{key}` must be a list of commands"))?;
    array.iter().map(|one| command(key, one.as_str())).collect()
}

/// A line of a script. GitHub would replace `${{ … }}` in it by text that the shell then reads.
fn command(key: &str, value: Option<&str>) -> Result<String> {
    let command = value.map(str::trim).unwrap_or_default();
    ensure!(
        !command.is_empty() && !command.contains(is_hidden) && !command.contains("${{"),
        "`{key}` must be a command of a shell on one line, without control characters and `${{{{`"
    );
    Ok(command.to_owned())
}

#[cfg(test)]
mod tests {
    use toml_edit::DocumentMut;

    use super::WorkflowConfig;

    fn parse(text: &str) -> anyhow::Result<WorkflowConfig> {
        let document: DocumentMut = format!("[workflow]\n{text}").parse().expect("TOML");
        WorkflowConfig::parse(&document["workflow"])
    }

    #[test]
    fn what_stands_there_is_taken_and_the_rest_has_defaults() {
        let config = parse("schedule = \"0 4 1,15 * MON-FRI\"\nbranch = \"bots/aws\"\ntest = [\"make test\", \"a\"]")
            .expect("these are settings");
        assert_eq!(
            config,
            WorkflowConfig {
                schedule: "0 4 1,15 * MON-FRI".to_owned(),
                branch: Some("bots/aws".to_owned()),
                test: vec!["make test".to_owned(), "a".to_owned()],
                ..WorkflowConfig::default()
            }
        );
    }

    #[test]
    fn what_would_be_something_else_in_yaml_or_a_shell_is_refused() {
        for (text, message) in [
            ("schedul = \"\"", "unknown key `schedul`"),
            ("schedule = \"weekly\"", "five fields of cron"),
            ("schedule = \"17 5 * * \\\"\"", "five fields of cron"),
            ("branch = \"a b\"", "`branch` must be"),
            ("branch = \"-f\"", "`branch` must be"),
            ("branch = \"a/../b\"", "`branch` must be"),
            ("branch = \"a//b\"", "`branch` must be"),
            ("branch = \"$(id)\"", "`branch` must be"),
            ("runner = \"[self-hosted]\"", "`runner` must be"),
            ("install = 1", "`install` must be"),
            ("install = \"a\\nb\"", "on one line"),
            ("after-update = \"a\"", "a list of commands"),
            ("test = []", "`test` must have a command"),
            (
                "test = [\"echo ${{ github.token }}\"]",
                "without control characters and `${{`",
            ),
        ] {
            let error = parse(text).expect_err(text);
            assert!(format!("{error:#}").contains(message), "{text}: {error:#}");
        }
    }
}
