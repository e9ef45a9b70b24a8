//! What the feature `proptest` gives to users: requests that keep what their level promises, by the word of both sides.

use std::cell::Cell;

use attache_runtime::validation::Level;
use attache_tests::operations::services;
use proptest::prelude::*;

use crate::dispatch::LEVELS;
use crate::{agree, for_each_operation, runner};

/// Runs a test over the arbitrary requests of each operation at a level; gives how many operations there were.
fn for_all_at(test: &str, level: Level, may_be_refused: bool) -> usize {
    let services = services();
    let count = Cell::new(0);
    for_each_operation(test, |model, name, input, tally| {
        let service = services
            .iter()
            .find(|it| it.name == model.service)
            .expect("a service");
        let operation = service
            .operations
            .iter()
            .find(|it| it.name == name)
            .expect("an operation");
        count.set(count.get() + 1);
        runner().run(&(operation.arbitrary_requests)(level), |request| {
            let verdicts = agree(model, name, input, &request)?;
            tally.count(&verdicts);
            for (checked, verdict) in LEVELS.iter().zip(&verdicts) {
                prop_assert!(
                    *checked > level || may_be_refused || verdict.is_empty(),
                    "{name} at {checked}: {request}: {verdict:?}"
                );
            }
            if !may_be_refused {
                let encoded = (operation.encode)(request.clone());
                prop_assert!(encoded.is_ok(), "{name}: {request}: {encoded:?}");
            }
            Ok(())
        })
    });
    count.get()
}

#[test]
fn arbitrary_requests_keep_what_is_documented_and_can_be_sent() {
    assert_eq!(for_all_at("arbitrary", Level::Documented, false), 45);
}

#[test]
fn arbitrary_requests_at_the_strict_level_keep_recommendations() {
    assert_eq!(for_all_at("arbitrary strict", Level::Strict, false), 45);
}

#[test]
fn arbitrary_requests_at_the_structural_level_have_required_members() {
    assert_eq!(
        for_all_at("arbitrary structural", Level::Structural, false),
        45
    );
}

#[test]
fn arbitrary_requests_without_a_level_are_judged_alike() {
    assert_eq!(for_all_at("arbitrary off", Level::Off, true), 45);
}
