//! The endpoint tests of a folder, with the rules that they belong to.
//!
//! A file is a Smithy model that has both, or holds tests only (`SERVICE.json`, in the form of botocore or of the trait
//! `smithy.rules#endpointTests`). The rules of such tests are in botocore's data, in a folder of Smithy models, or in a model
//! of this repository.

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
    /// The model with its operations.
    pub(super) model: Option<PathBuf>,
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
pub(super) fn read(workspace: &Path, folder: &Path, data: Option<&Path>) -> Result<Vec<Service>> {
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
        .map(|path| service(workspace, path, data).with_context(|| path.display().to_string()))
        .collect()
}

/// The value of a trait, which is on one shape of a Smithy model.
fn of_trait(model: &Value, id: &str) -> Option<Value> {
    let shapes = model.get("shapes")?.as_object()?;
    let mut found = shapes
        .values()
        .filter_map(|shape| shape.get("traits")?.get(id));
    found.next().cloned()
}

/// The rules in a Smithy model.
fn of_model(name: &str, path: &Path) -> Result<RuleSet> {
    let rules = of_trait(&json(path)?, "smithy.rules#endpointRuleSet");
    let rules = rules.with_context(|| format!("{} has no endpoint rules", path.display()))?;
    RuleSet::new(name, rules)
}

/// The rules that tests without rules belong to, and their model; neither if the data lack the service.
fn find(
    workspace: &Path,
    name: &str,
    data: Option<&Path>,
) -> Result<(Option<RuleSet>, Option<PathBuf>)> {
    let Some(data) = data else {
        let model = workspace.join("models").join(name).join("model.json");
        if !model.exists() {
            bail!(
                "the file has tests and no rules, and this repository has no model of `{name}`: give with --data the data \
                 folder of botocore or a folder with Smithy models, whose names begin with that of the service"
            );
        }
        return Ok((Some(of_model(name, &model)?), Some(model)));
    };
    let folder = data.join(name);
    if folder.is_dir() {
        return Ok((Some(from_botocore(data, name)?), Some(folder)));
    }
    let is_model = |path: &PathBuf| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        file.starts_with(&format!("{name}.")) && file.ends_with(".json")
    };
    let entries =
        fs::read_dir(data).with_context(|| format!("could not read {}", data.display()))?;
    let mut models = entries.flatten().map(|entry| entry.path()).filter(is_model);
    match (models.next(), models.next()) {
        (None, _) => Ok((None, None)),
        (Some(model), None) => Ok((Some(of_model(name, &model)?), Some(model))),
        (Some(one), Some(other)) => bail!(
            "both {} and {} may be the model of `{name}`",
            one.display(),
            other.display()
        ),
    }
}

fn service(workspace: &Path, path: &Path, data: Option<&Path>) -> Result<Service> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let document = json(path)?;
    let (tests, rules, model) = match document.get("shapes") {
        Some(_) => {
            let tests = of_trait(&document, "smithy.rules#endpointTests");
            let tests = tests.context("it has no endpoint tests")?;
            (tests, Some(of_model(&name, path)?), Some(path.to_owned()))
        }
        None => {
            let (rules, model) = find(workspace, &name, data)?;
            (document, rules, model)
        }
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
        model,
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
