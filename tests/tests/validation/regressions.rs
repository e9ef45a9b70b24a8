//! Counter-examples that these tests have found, kept for ever.
//!
//! A property test that fails prints the shrunk request as JSON. Put it into `regressions.json`, with the service, the
//! operation and what must be found at each level (`[path, constraint]`; a level that is left out finds nothing), and
//! it is judged in each run from then on. Seeds, which proptest would keep by itself, mean something else as soon as a
//! strategy changes; a request does not.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::agree;
use crate::dispatch::{LEVELS, Verdict};
use crate::model::Model;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Regression {
    service: String,
    operation: String,
    request: Value,
    /// What was wrong when it was found.
    about: String,
    found: BTreeMap<String, Verdict>,
}

#[test]
fn counter_examples_stay_found() {
    let text = include_str!("regressions.json");
    let regressions: Vec<Regression> =
        serde_json::from_str(text).expect("regressions.json can be read");
    assert!(!regressions.is_empty());
    for regression in regressions {
        let Regression {
            service,
            operation,
            request,
            about,
            found,
        } = regression;
        let service = crate::SERVICES.iter().find(|name| **name == service);
        let model = Model::read(service.expect("the service is known"));
        let mut operations = model.operations().into_iter();
        let (_, input) = operations
            .find(|(name, _)| *name == operation)
            .unwrap_or_else(|| panic!("{about}: no operation {operation}"));
        let verdicts = agree(&model, &operation, &input, &request)
            .unwrap_or_else(|error| panic!("{about}: {error}"));
        let names = LEVELS.map(|level| level.to_string());
        let unknown = found.keys().find(|level| !names.contains(level));
        assert_eq!(unknown, None, "{about}");
        for (level, verdict) in names.iter().zip(&verdicts) {
            let expected = found.get(level).cloned().unwrap_or_default();
            assert_eq!(*verdict, expected, "{about}, at {level}");
        }
    }
}
