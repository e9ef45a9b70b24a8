//! Validation: the generated checks against an independent oracle, over requests made from the models.
//!
//! `ATTACHE_CASES` is the number of cases an operation, 24 without it; an extended run takes 10000.

mod arbitrary;
mod breakage;
mod client;
mod dispatch;
mod model;
mod names;
mod oracle;
mod regressions;
mod strategy;
mod table;
mod tally;
mod texts;

use attache_runtime::validation::LIMIT;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde_json::Value;

use crate::dispatch::{LEVELS, Verdict};
use crate::model::Model;
use crate::strategy::Mode;
use crate::tally::Tally;

const SERVICES: [&str; 2] = ["support", "security-ir"];

/// How many cases an operation gets.
fn cases() -> u32 {
    std::env::var("ATTACHE_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(24)
}

/// Compares both sides at every level; gives the verdict of each.
fn agree(
    model: &Model,
    operation: &str,
    input: &str,
    request: &Value,
) -> Result<[Verdict; 4], TestCaseError> {
    let judgement = dispatch::judge(model.service, operation, request);
    let judgement = judgement.map_err(TestCaseError::reject)?;
    let mut verdicts = LEVELS.map(|level| oracle::judge(model, input, request, level));
    if verdicts.iter().flatten().any(is_inexpressible) {
        return Err(TestCaseError::reject("a nested structure lacks a member"));
    }
    for ((level, expected), (mut found, count)) in LEVELS.iter().zip(&mut verdicts).zip(judgement) {
        prop_assert_eq!(
            count,
            expected.len() as u64,
            "{} at {}: {}",
            operation,
            level,
            request
        );
        if expected.len() > LIMIT {
            prop_assert!(found.iter().all(|violation| expected.contains(violation)));
        } else {
            expected.sort();
            found.sort();
            prop_assert_eq!(
                &found,
                &*expected,
                "{} at {}: {}",
                operation,
                level,
                request
            );
        }
    }
    Ok(verdicts)
}

/// A required member of a nested structure is a plain field, so that no value can be without it.
fn is_inexpressible((path, kind): &(String, String)) -> bool {
    kind == "Required" && path.matches('/').count() > 1
}

/// What a test does with a request: its verdicts are counted.
type Check<'a> = &'a dyn Fn(&Model, &str, &str, &Value) -> Result<[Verdict; 4], TestCaseError>;

fn for_all(test: &str, mode: Mode, check: Check<'_>) {
    for_each_operation(test, |model, operation, input, tally| {
        let requests = strategy::requests(model, input, mode);
        runner().run(&requests, |request| {
            tally.count(&check(model, operation, input, &request)?);
            Ok(())
        })
    });
}

fn runner() -> TestRunner {
    TestRunner::new(Config {
        cases: cases(),
        failure_persistence: None,
        max_global_rejects: 1_000_000,
        max_local_rejects: u32::MAX,
        ..Config::default()
    })
}

/// Runs a test for each operation of both services, and prints how its requests were judged.
fn for_each_operation<T: std::fmt::Debug>(
    test: &str,
    run: impl Fn(&Model, &str, &str, &Tally) -> Result<(), TestError<T>>,
) {
    for service in SERVICES {
        let model = Model::read(service);
        for (operation, input) in model.operations() {
            let tally = Tally::default();
            if let Err(error) = run(&model, &operation, &input, &tally) {
                panic!("{service} {operation}: {error}");
            }
            println!("{test}: {service} {operation}: {tally}");
        }
    }
}

#[test]
fn valid_requests_have_no_violations() {
    for_all("valid", Mode::Valid, &|model, operation, input, request| {
        let verdicts = agree(model, operation, input, request)?;
        prop_assert!(
            verdicts.iter().all(Vec::is_empty),
            "{operation}: {request}: {verdicts:?}"
        );
        Ok(verdicts)
    });
}

#[test]
fn both_sides_agree_on_garbage() {
    for_all("garbage", Mode::Garbage, &agree);
}
