//! Validation: the generated checks against an independent oracle, over requests made from the models.
//!
//! `ATTACHE_CASES` is the number of cases an operation, 24 without it; an extended run takes 10000.

mod breakage;
mod dispatch;
mod model;
mod oracle;
mod strategy;

use attache_runtime::validation::{LIMIT, Level};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use crate::model::Model;
use crate::strategy::{LEVELS, Mode};

const SERVICES: [&str; 2] = ["support", "security-ir"];

/// How many cases an operation gets.
fn cases() -> u32 {
    std::env::var("ATTACHE_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(24)
}

/// Compares both sides at every level; gives the verdict of the strict one.
fn agree(
    model: &Model,
    operation: &str,
    input: &str,
    request: &Value,
) -> Result<dispatch::Verdict, TestCaseError> {
    let mut strict = Vec::new();
    for level in LEVELS {
        let mut expected = oracle::judge(model, input, request, level);
        let (mut found, count) = match dispatch::judge(model.service, operation, request, level) {
            Ok(found) => found,
            Err(reason) => return Err(TestCaseError::reject(reason)),
        };
        if expected.iter().any(is_inexpressible) {
            return Err(TestCaseError::reject("a nested structure lacks a member"));
        }
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
            prop_assert_eq!(&found, &expected, "{} at {}: {}", operation, level, request);
        }
        strict = expected;
    }
    Ok(strict)
}

/// A required member of a nested structure is a plain field, so that no value can be without it.
fn is_inexpressible((path, kind): &(String, String)) -> bool {
    kind == "Required" && path.matches('/').count() > 1
}

fn for_all(mode: Mode, check: impl Fn(&Model, &str, &str, &Value) -> Result<(), TestCaseError>) {
    for service in SERVICES {
        let model = Model::read(service);
        for (operation, input) in model.operations() {
            let config = Config {
                cases: cases(),
                failure_persistence: None,
                max_global_rejects: 1_000_000,
                ..Config::default()
            };
            let requests = strategy::requests(&model, &input, mode);
            let outcome = TestRunner::new(config).run(&requests, |request| {
                check(&model, &operation, &input, &request)
            });
            if let Err(error) = outcome {
                panic!("{service} {operation}: {error}");
            }
        }
    }
}

#[test]
fn valid_requests_have_no_violations() {
    for_all(Mode::Valid, |model, operation, input, request| {
        let verdict = agree(model, operation, input, request)?;
        prop_assert_eq!(verdict, Vec::new(), "{}: {}", operation, request);
        Ok(())
    });
}

#[test]
fn both_sides_agree_on_garbage() {
    for_all(Mode::Garbage, |model, operation, input, request| {
        agree(model, operation, input, request).map(drop)
    });
}

/// What the first runs of these tests found, in their shrunk form.
#[test]
fn counter_examples_stay_found() {
    for (service, operation, request, expected) in [(
        "support",
        "GetAttachmentUploadLinks",
        r#"{"fileName": "", "uploadRange": {"startIndex": 2, "endIndex": 2}}"#,
        vec![("", "AtLeastOneOf"), ("/uploadRange/endIndex", "Ordered")],
    )] {
        let request: Value = serde_json::from_str(request).expect("JSON");
        let (mut found, _) =
            dispatch::judge(service, operation, &request, Level::Documented).expect("a request");
        found.sort();
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(path, kind)| (path.as_str(), kind.as_str()))
            .collect();
        assert_eq!(found, expected, "{operation}");
    }
}
