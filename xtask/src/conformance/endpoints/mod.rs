//! `cargo xtask conformance --endpoints`: runs the endpoint tests of services through their generated rules.
//!
//! The rules of all services are modules of one crate below `target/`, next to a program that reads questions and prints
//! answers. A question is the parameters of a test; the answer is what the generated function returns. `outside
//! --endpoints` asks the same program other questions.

mod answer;
mod calls;
mod cases;
mod oracle;
mod question;
mod rules;
mod table;

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};

pub use self::answer::Answer;
pub use self::oracle::Oracle;
pub use self::question::{Drawn, Parameters, Question};
pub use self::rules::{Program, RuleSet, from_botocore};
use self::table::{Entry, Verdict};
use super::report::Report;

/// Runs every test of a folder, or with `every` one of that many.
///
/// # Errors
/// A folder that cannot be read, rules that cannot be generated, generated code that does not compile.
pub(super) fn run(
    workspace: &Path,
    folder: &Path,
    data: Option<&Path>,
    every: usize,
) -> Result<Report> {
    let start = Instant::now();
    let mut services = cases::read(folder, data)?;
    for service in &mut services {
        service.cases.retain(|case| case.index % every == 0);
    }
    if services.iter().all(|service| service.cases.is_empty()) {
        bail!("{} holds no endpoint tests", folder.display());
    }
    let rule_sets: Vec<&RuleSet> = services.iter().flat_map(|service| &service.rules).collect();
    let program = Program::build(workspace, &rule_sets)?;
    let built = start.elapsed();
    let mut entries = Vec::new();
    for service in &services {
        for case in &service.cases {
            let question = Question {
                service: &service.name,
                parameters: &case.parameters,
            };
            let verdict = match service.rules {
                Some(_) => Verdict::Passed,
                None => Verdict::Skipped("the data have no rules of this service".to_owned()),
            };
            entries.push(Entry {
                question,
                case,
                verdict,
            });
        }
    }
    judge(&program, &mut entries)?;
    let calls = calls::run(workspace, &services)?;
    for entry in &mut entries {
        let place = (entry.question.service.to_owned(), entry.case.index);
        if let (Verdict::Passed, Some(problem)) = (&entry.verdict, calls.problems.get(&place)) {
            entry.verdict = Verdict::Misdirected(problem.clone());
        }
    }
    let remark = data.and_then(|data| doubt(workspace, data, &mut entries));
    let seconds = (start.elapsed().as_secs_f64(), built.as_secs_f64());
    let mut report = table::report(&entries, &calls, program.lines, seconds);
    if let Some(remark) = remark {
        report.text.insert_str(0, &remark);
    }
    Ok(report)
}

/// Compares the answers of the generated rules with what the tests expect.
fn judge(program: &Program, entries: &mut [Entry<'_>]) -> Result<()> {
    let asked = entries
        .iter()
        .filter(|entry| entry.verdict == Verdict::Passed)
        .map(|entry| entry.question);
    let mut answers = program.ask(asked)?.into_iter();
    for entry in entries {
        if entry.verdict == Verdict::Passed
            && let Some(answer) = answers.next()
            && answer != entry.case.expected
        {
            entry.verdict = Verdict::Failed(answer);
        }
    }
    Ok(())
}

/// Asks botocore about the tests that failed: tests of another release than that of the data may contradict its rules.
/// Such a test is skipped, because botocore gives the same answer as the generated rules.
fn doubt(workspace: &Path, data: &Path, entries: &mut [Entry<'_>]) -> Option<String> {
    let is_failed = |entry: &&mut Entry<'_>| matches!(entry.verdict, Verdict::Failed(_));
    let mut failed: Vec<&mut Entry<'_>> = entries.iter_mut().filter(is_failed).collect();
    if failed.is_empty() {
        return None;
    }
    let questions: Vec<Question<'_>> = failed.iter().map(|entry| entry.question).collect();
    let oracle = Oracle::new(workspace, crate::outside::system_python().into(), data);
    let answers = match oracle.answers(&questions) {
        Ok(answers) => answers,
        Err(error) => {
            return Some(format!(
                "botocore could not be asked whether the tests that failed contradict its rules: {error:#}\n"
            ));
        }
    };
    for (entry, answer) in failed.iter_mut().zip(answers) {
        if let (Verdict::Failed(ours), Some(theirs)) = (&entry.verdict, answer)
            && *ours == theirs
        {
            let reason =
                "the test contradicts the rules of the data: botocore gives the same answer as we";
            entry.verdict = Verdict::Skipped(reason.to_owned());
        }
    }
    None
}
