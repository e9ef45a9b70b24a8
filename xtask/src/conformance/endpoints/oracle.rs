//! botocore's own evaluator of endpoint rules: see `xtask/outside/endpoints.py`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::answer::Answer;
use super::question::{Drawn, Question};

/// botocore, with a folder of data.
#[derive(Debug)]
pub struct Oracle {
    python: PathBuf,
    script: PathBuf,
    data: PathBuf,
}

impl Oracle {
    /// The evaluator that a Python has, or that is installed beside the data.
    pub fn new(workspace: &Path, python: PathBuf, data: &Path) -> Self {
        Self {
            python,
            script: workspace.join("xtask/outside/endpoints.py"),
            data: data.to_owned(),
        }
    }

    /// Its answers, in the order of the questions; `None` for what it cannot evaluate.
    ///
    /// # Errors
    /// A Python without botocore.
    pub fn answers(&self, questions: &[Question<'_>]) -> Result<Vec<Option<Answer>>> {
        let mut input = String::new();
        for question in questions {
            input.push_str(&serde_json::to_string(question)?);
            input.push('\n');
        }
        let text = self.run("answer", &[], input)?;
        let answers = text.lines().map(|line| {
            let value: Value = serde_json::from_str(line)?;
            let answer = (!value.is_null()).then(|| Answer::expected(&value));
            Ok(answer.transpose()?)
        });
        let answers: Vec<_> = answers.collect::<Result<_>>()?;
        ensure!(
            answers.len() == questions.len(),
            "endpoints.py answered {} of {} questions",
            answers.len(),
            questions.len()
        );
        Ok(answers)
    }

    /// Questions about services, with parameters drawn at random.
    ///
    /// # Errors
    /// As [`answers`](Self::answers), and a service without rules.
    pub fn draw(&self, seed: &str, count: u32, services: &[String]) -> Result<Vec<Drawn>> {
        let mut arguments = vec![seed.to_owned(), count.to_string()];
        arguments.extend_from_slice(services);
        let text = self.run("draw", &arguments, String::new())?;
        text.lines()
            .map(|line| serde_json::from_str(line).with_context(|| format!("not JSON: {line}")))
            .collect()
    }

    fn run(&self, task: &str, arguments: &[String], input: String) -> Result<String> {
        // Packages are installed in one folder, so that botocore and what it needs are beside its data.
        let packages = self.data.ancestors().nth(2);
        let mut child = Command::new(&self.python)
            .arg(&self.script)
            .arg(task)
            .arg(&self.data)
            .args(arguments)
            .envs(packages.map(|folder| ("PYTHONPATH", folder)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not run {}", self.python.display()))?;
        let mut stdin = child.stdin.take().context("it has no input")?;
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output()?;
        // A script that ended early has said why.
        let written = writer.join();
        ensure!(
            output.status.success(),
            "endpoints.py failed ({})",
            output.status
        );
        ensure!(
            matches!(written, Ok(Ok(()))),
            "the questions could not be written"
        );
        Ok(String::from_utf8(output.stdout)?)
    }
}
