//! One constraint broken at a time, from each side, and met exactly; then several broken at once.
//!
//! The places come from the model: every constraint that a request can reach, with each of its sides (below and above,
//! where it has both). A table counts how often each was broken and how often a value just within the limit passed. A
//! row that was never broken fails the test, and so does one whose limit itself was never met.

mod change;
mod place;
mod search;

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRng, TestRunner};
use serde_json::Value;

use self::change::Change;
use self::place::Breakage;
use self::search::breakages;
use crate::model::Model;
use crate::strategy::{self, Mode};
use crate::{SERVICES, agree};

fn full_requests(model: &Model, input: &str, count: usize) -> Vec<Value> {
    let requests = strategy::requests(model, input, Mode::Full);
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    (0..count)
        .map(|_| requests.new_tree(&mut runner).expect("a request").current())
        .collect()
}

/// A row of the table: what came of one limit.
#[derive(Debug, Default)]
struct Row {
    broken: usize,
    met: usize,
    /// Breaking it takes a value that no type can hold: a required member of a nested structure is a plain field.
    inexpressible: usize,
}

impl Row {
    fn count(
        &mut self,
        model: &Model,
        (operation, input): &(String, String),
        breakage: &Breakage,
        request: &Value,
    ) {
        let judge = |request: &Value| {
            let verdicts = agree(model, operation, input, request)
                .unwrap_or_else(|error| panic!("{operation}: {breakage:?}: {error}"));
            let violation = (breakage.pointer(request), breakage.kind.to_owned());
            verdicts[3].contains(&violation)
        };
        for met in breakage.met(request) {
            assert!(
                !judge(&met),
                "{operation}: a value at the limit is refused: {breakage:?}"
            );
            self.met += 1;
        }
        if breakage.kind == "Required" && !breakage.path.is_empty() {
            self.inexpressible += 1;
            return;
        }
        for broken in breakage.broken(request) {
            self.broken += usize::from(judge(&broken));
        }
    }
}

#[test]
fn every_constraint_is_broken_from_each_side_and_met_exactly() {
    let mut table: BTreeMap<String, Row> = BTreeMap::new();
    for service in SERVICES {
        let model = Model::read(service);
        for operation in model.operations() {
            let requests = full_requests(&model, &operation.1, 3);
            for breakage in breakages(&model, &operation.1) {
                let Breakage {
                    path, kind, side, ..
                } = &breakage;
                let members = match (&breakage.change, *kind) {
                    (Change::Remove(names), _) => names.join(" "),
                    (Change::Swap(first, second, _), _) => format!("{first} {second}"),
                    _ => String::new(),
                };
                let name = format!(
                    "{service} {} /{} {members} {kind} {side}",
                    operation.0,
                    path.join("/")
                );
                let row = table.entry(name).or_default();
                for request in &requests {
                    row.count(&model, &operation, &breakage, request);
                }
            }
        }
    }
    let lacking: Vec<(&String, &Row)> = table
        .iter()
        .filter(|(_, row)| row.met == 0 || row.broken + row.inexpressible == 0)
        .collect();
    assert!(
        lacking.is_empty(),
        "never broken, or never met: {lacking:#?}"
    );
    let sum = |count: fn(&Row) -> usize| table.values().map(count).sum::<usize>();
    println!(
        "{} limits: broken {} times, met {} times, {} times broken in a way that no type can hold",
        table.len(),
        sum(|row| row.broken),
        sum(|row| row.met),
        sum(|row| row.inexpressible),
    );
}

#[test]
fn several_constraints_broken_at_once_are_all_found() {
    crate::for_each_operation("several", |model, operation, input, tally| {
        let all = breakages(model, input);
        if all.is_empty() {
            return Ok(());
        }
        let strategy = (
            strategy::requests(model, input, Mode::Full),
            proptest::sample::subsequence(all.clone(), 1..=all.len().min(6)),
            any::<proptest::sample::Index>(),
        );
        crate::runner().run(&strategy, |(mut request, chosen, index)| {
            for breakage in &chosen {
                let broken = breakage.broken(&request);
                // Blobs at their limit are megabytes long; once is enough.
                let long = matches!(breakage.change, Change::Resize(length) if length > 1_000_000);
                if !broken.is_empty() && !long {
                    request = broken[index.index(broken.len())].clone();
                }
            }
            tally.count(&agree(model, operation, input, &request)?);
            Ok(())
        })
    });
}
