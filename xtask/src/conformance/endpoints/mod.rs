//! `cargo xtask conformance --endpoints`: runs the endpoint tests of services through their generated rules.
//!
//! The rules of all services are modules of one crate below `target/`, next to a program that reads questions and prints
//! answers. A question is the parameters of a test; the answer is what the generated function returns. `outside
//! --endpoints` asks the same program other questions.

mod answer;
mod cases;
mod question;
mod rules;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};

pub use self::answer::Answer;
pub use self::question::{Parameters, Question};
pub use self::rules::{Program, RuleSet, rule_set};
use super::report::Report;

/// How many failures are shown.
const SHOWN: usize = 40;

/// The results of a service.
#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
    skipped: usize,
}

/// Runs every test of a folder.
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
        let mut index = 0;
        service.cases.retain(|_| {
            index += 1;
            (index - 1) % every == 0
        });
    }
    if services.iter().all(|service| service.cases.is_empty()) {
        bail!("{} holds no endpoint tests", folder.display());
    }
    let rule_sets: Vec<&RuleSet> = services.iter().map(|service| &service.rules).collect();
    let program = Program::build(workspace, &rule_sets)?;
    let built = start.elapsed();
    let questions = services.iter().flat_map(|service| {
        let questions = service.cases.iter();
        questions.map(|case| Question {
            service: &service.rules.name,
            parameters: &case.parameters,
        })
    });
    let answers = program.ask(questions)?;
    let mut answers = answers.into_iter();
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut failures = Vec::new();
    for service in &services {
        let count = counts.entry(&service.rules.name).or_default();
        for case in &service.cases {
            let answer = answers.next();
            if answer.as_ref() == Some(&case.expected) {
                count.passed += 1;
                continue;
            }
            count.failed += 1;
            failures.push(format!(
                "{} testCases[{}]: {}\n    wanted {}\n    came   {}",
                service.rules.name,
                case.index,
                serde_json::to_string(&case.parameters)?,
                case.expected,
                answer.map_or_else(|| "nothing".to_owned(), |answer| answer.to_string()),
            ));
        }
    }
    let seconds = (start.elapsed().as_secs_f64(), built.as_secs_f64());
    Ok(report(&counts, &failures, &program, seconds))
}

fn report(
    counts: &BTreeMap<&str, Count>,
    failures: &[String],
    program: &Program,
    (all, built): (f64, f64),
) -> Report {
    let mut text = String::new();
    for (name, count) in counts {
        let Count {
            passed,
            failed,
            skipped,
        } = count;
        text.push_str(&format!("{name:<36} {passed:>5} {failed:>5} {skipped:>5}\n"));
    }
    for failure in failures.iter().take(SHOWN) {
        text.push_str(failure);
        text.push('\n');
    }
    if failures.len() > SHOWN {
        text.push_str(&format!("and {} more\n", failures.len() - SHOWN));
    }
    let sum = |of: fn(&Count) -> usize| counts.values().map(of).sum::<usize>();
    let (passed, failed) = (sum(|count| count.passed), sum(|count| count.failed));
    let skipped = sum(|count| count.skipped);
    text.push_str(&format!(
        "{} services, {} lines of rules; {all:.1} s, of which generating and building took {built:.1} s\n\
         {passed} passed, {failed} failed, {skipped} skipped\n",
        counts.len(),
        program.lines,
    ));
    Report {
        text,
        failed: failed > 0,
    }
}
