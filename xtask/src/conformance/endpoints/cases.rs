//! The endpoint tests of a folder, with the rules that they belong to.
//!
//! A file is a Smithy model that has both, or holds tests only (`SERVICE.json`, in the form of botocore or of the trait
//! `smithy.rules#endpointTests`). The rules of such tests are in botocore's data or in a folder of Smithy models.

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
    folder: &Path,
    name: &str,
    data: Option<&Path>,
) -> Result<(Option<RuleSet>, Option<PathBuf>)> {
    let beside = folder.join("../models");
    let models = data.unwrap_or(&beside);
    let of_botocore = models.join(name);
    if of_botocore.is_dir() {
        return Ok((Some(from_botocore(models, name)?), Some(of_botocore)));
    }
    match (model(models, name)?, data) {
        (Some(model), _) => Ok((Some(of_model(name, &model)?), Some(model))),
        (None, Some(_)) => Ok((None, None)),
        (None, None) => bail!(
            "the file has tests and no rules: give with --data the data folder of botocore, or a folder with the Smithy \
             model of the service, `{name}.json` or `{name}.….json`; {} has none",
            beside.display()
        ),
    }
}

/// The Smithy model of a service in a folder, whose name begins with that of the service.
fn model(folder: &Path, name: &str) -> Result<Option<PathBuf>> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let is_model = |path: &PathBuf| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        file.starts_with(&format!("{name}.")) && file.ends_with(".json")
    };
    let entries =
        fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))?;
    let mut models = entries.flatten().map(|entry| entry.path()).filter(is_model);
    let found = models.next();
    if let (Some(one), Some(other)) = (&found, models.next()) {
        let (one, other) = (one.display(), other.display());
        bail!("both {one} and {other} may be the model of `{name}`");
    }
    Ok(found)
}

fn service(path: &Path, data: Option<&Path>) -> Result<Service> {
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let document = json(path)?;
    let (tests, rules, model) = match document.get("shapes") {
        Some(_) => {
            let tests = of_trait(&document, "smithy.rules#endpointTests");
            let tests = tests.context("it has no endpoint tests")?;
            (tests, Some(of_model(&name, path)?), Some(path.to_owned()))
        }
        None => {
            let (rules, model) = find(path.parent().unwrap_or(path), &name, data)?;
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

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::read;

    #[test]
    fn tests_without_rules_find_them_in_a_model_beside_or_say_what_to_give() {
        let root = tempfile::tempdir().expect("a folder can be made");
        let tests = root.path().join("tests");
        let models = root.path().join("models");
        fs::create_dir(&tests).unwrap();
        fs::create_dir(&models).unwrap();
        let case = json!({ "testCases": [{ "expect": { "error": "nowhere" } }] });
        fs::write(tests.join("toys.json"), case.to_string()).unwrap();
        let error = |data| format!("{:#}", read(&tests, data).err().unwrap());
        let found = error(None);
        assert!(
            found.contains("give with --data the data folder of botocore"),
            "{found}"
        );

        let rules = json!({ "parameters": {}, "rules": [] });
        let traits = json!({ "smithy.rules#endpointRuleSet": rules });
        let model = json!({ "shapes": { "a#Toys": { "type": "service", "traits": traits } } });
        fs::write(models.join("toys.2026.json"), model.to_string()).unwrap();
        for data in [None, Some(models.as_path())] {
            let services = read(&tests, data).unwrap();
            assert!(services[0].rules.is_some());
            assert_eq!(services[0].cases.len(), 1);
        }
        // Data that lack the service are not an error: its tests are skipped.
        assert!(
            read(&tests, Some(&tests.join(".."))).unwrap()[0]
                .rules
                .is_none()
        );

        fs::write(models.join("toys.2025.json"), model.to_string()).unwrap();
        let found = error(None);
        assert!(found.contains("may be the model of `toys`"), "{found}");
    }
}
