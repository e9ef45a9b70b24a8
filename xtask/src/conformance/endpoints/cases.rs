//! The endpoint tests of a folder, with the rules that they belong to.
//!
//! A file is botocore's (`SERVICE.json`, whose rules are in botocore's data), or a Smithy model that has both. A file of
//! tests in Smithy's form is like botocore's.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::answer::Answer;
use super::question::Parameters;
use super::rules::{RuleSet, from_botocore, json};

/// A service with its tests.
pub(super) struct Service {
    pub(super) name: String,
    /// Its rules; botocore's data may lack a service that they had before.
    pub(super) rules: Option<RuleSet>,
    pub(super) cases: Vec<Case>,
}

/// A test.
pub(super) struct Case {
    /// Its place in the file.
    pub(super) index: usize,
    pub(super) parameters: Parameters,
    pub(super) expected: Answer,
    /// The calls that must have the same result.
    pub(super) inputs: Vec<Value>,
}

/// Reads every file of a folder.
///
/// # Errors
/// Files that are no endpoint tests, and rules that cannot be found.
pub(super) fn read(folder: &Path, data: Option<&Path>) -> Result<Vec<Service>> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("could not read {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<PathBuf>>>()?;
    let mut files: Vec<PathBuf> = entries
        .into_iter()
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    files
        .iter()
        .map(|path| service(path, data).with_context(|| path.display().to_string()))
        .collect()
}

fn service(path: &Path, data: Option<&Path>) -> Result<Service> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let document = json(path)?;
    let (tests, rules) = match document.get("shapes").and_then(Value::as_object) {
        Some(shapes) => {
            let traits = |key: &str| {
                let mut found = shapes
                    .values()
                    .filter_map(|shape| shape.get("traits")?.get(key));
                found.next().cloned()
            };
            let tests = traits("smithy.rules#endpointTests").context("it has no endpoint tests")?;
            (tests, traits("smithy.rules#endpointRuleSet"))
        }
        None => (document, None),
    };
    let rules = match (rules, data) {
        (Some(rules), _) => Some(RuleSet::new(&name, rules)?),
        (None, Some(data)) if !data.join(&*name).exists() => None,
        (None, Some(data)) => Some(from_botocore(data, &name)?),
        (None, None) => bail!("it has no rules: give the data of botocore with --data"),
    };
    let list = tests.get("testCases").and_then(Value::as_array);
    let list = list.context("it has no `testCases`")?;
    let cases = list.iter().enumerate().map(|(index, case)| {
        self::case(index, case).with_context(|| format!("testCases[{index}]"))
    });
    let cases: Vec<Case> = cases.collect::<Result<_>>()?;
    for case in &cases {
        let unknown = |name: &&String| rules.as_ref().is_some_and(|rules| !rules.has(name));
        let unknown = case.parameters.keys().find(unknown);
        ensure!(
            unknown.is_none(),
            "testCases[{}] has the parameter `{}`, which the rules do not have",
            case.index,
            unknown.map_or("", String::as_str)
        );
    }
    Ok(Service {
        name: name.into_owned(),
        rules,
        cases,
    })
}

fn case(index: usize, case: &Value) -> Result<Case> {
    let parameters = match case.get("params") {
        Some(parameters) => serde_json::from_value(parameters.clone())?,
        None => Parameters::new(),
    };
    let expected = case.get("expect").context("it expects nothing")?;
    Ok(Case {
        index,
        parameters,
        expected: Answer::expected(expected)?,
        inputs: match case.get("operationInputs") {
            Some(inputs) => serde_json::from_value(inputs.clone())?,
            None => Vec::new(),
        },
    })
}
