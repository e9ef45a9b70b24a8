//! Compares generated endpoint rules with botocore's own evaluator, over parameters drawn at random.
//!
//! The endpoint tests of services are few for rules with many parameters, and for S3 there are none in botocore. The
//! parameters are drawn by `xtask/outside/endpoints.py` from texts that the rules mention, ARNs, names of buckets, regions
//! and URLs. The same seed draws the same ones.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;

use super::differential;
use super::environment::Environment;
use crate::conformance::endpoints::{Answer, Oracle, Program, Question, RuleSet, from_botocore};

/// The service whose rules are compared if none is named: that with the most rules.
const DEFAULT: &str = "s3";
/// How many cases are drawn for each service.
const CASES: u32 = 5000;
/// How many differences are shown.
const SHOWN: usize = 20;

/// Compares, and returns the report and whether anything differed.
///
/// # Errors
/// Python or packages that are not available, rules that cannot be generated, a program that does not build.
pub(super) fn compare(
    workspace: &Path,
    names: &[String],
    cases: Option<u32>,
    seed: Option<&str>,
) -> Result<(String, bool)> {
    let default = [DEFAULT.to_owned()];
    let names = if names.is_empty() { &default } else { names };
    let environment = Environment::set_up(workspace)?;
    let data = differential::installed(workspace, &environment)?;
    let oracle = Oracle::new(workspace, environment.python(), &data);
    let rule_sets = names.iter().map(|name| from_botocore(&data, name));
    let rule_sets: Vec<RuleSet> = rule_sets.collect::<Result<_>>()?;
    let program = Program::build(workspace, &rule_sets.iter().collect::<Vec<_>>())?;
    let seed = seed.unwrap_or("0");
    let drawn = oracle.draw(seed, cases.unwrap_or(CASES), names)?;
    let questions: Vec<Question<'_>> = drawn.iter().map(|drawn| drawn.question()).collect();
    let start = Instant::now();
    let ours = program.ask(questions.iter().copied())?;
    let took = start.elapsed().as_secs_f64();
    let theirs = oracle.answers(&questions)?;
    let (mut text, differs) = table(&questions, &ours, &theirs)?;
    writeln!(
        text,
        "seed {seed}, {}: {} lines of rules, answers took {took:.1} s",
        names.join(", "),
        program.lines
    )?;
    Ok((text, differs))
}

/// The differences and the counts, and whether anything differed.
fn table(
    questions: &[Question<'_>],
    ours: &[Answer],
    theirs: &[Option<Answer>],
) -> Result<(String, bool)> {
    let mut text = String::new();
    let (mut endpoints, mut errors, mut unknown, mut differences) = (0, 0, 0, 0);
    for ((question, ours), theirs) in questions.iter().zip(ours).zip(theirs) {
        match theirs {
            None => unknown += 1,
            Some(theirs) if theirs == ours => match ours {
                Answer::Endpoint(_) => endpoints += 1,
                Answer::Error(_) => errors += 1,
            },
            Some(theirs) => {
                differences += 1;
                if differences <= SHOWN {
                    let parameters = serde_json::to_string(question.parameters)?;
                    let service = question.service;
                    writeln!(
                        text,
                        "{service}: {parameters}\n    botocore {theirs}\n    attache  {ours}"
                    )?;
                }
            }
        }
    }
    writeln!(
        text,
        "{} cases: {endpoints} endpoints and {errors} errors agree, {differences} differ; {unknown} \
         botocore cannot evaluate",
        questions.len()
    )?;
    Ok((text, differences > 0))
}
