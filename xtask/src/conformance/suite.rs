//! The suites of a folder, in whichever form they come, as models and cases.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use attache_codegen::conformance::Case;
use serde_json::Value;

use super::request::Wanted;
use super::{c2j, smithy};

/// A service and its cases.
#[derive(Debug)]
pub struct Suite {
    /// What messages call it: the service shape, or the C2J protocol.
    pub name: String,
    /// The model as Smithy JSON AST, or why it cannot be read.
    pub model: Result<String, String>,
    /// The cases for clients.
    pub cases: Vec<SuiteCase>,
}

/// A case, and what is needed to judge and to list it.
#[derive(Debug)]
pub struct SuiteCase {
    /// The protocol, by the name of its trait.
    pub protocol: String,
    /// Which part of the suites it stands in.
    pub kind: Kind,
    /// What is done.
    pub case: Case,
    /// What must be sent, for cases of requests.
    pub wanted: Option<Wanted>,
}

/// The parts of the suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `input/*.json`
    C2jInput,
    /// `output/*.json`
    C2jOutput,
    /// `smithy/*.json`, `smithy.test#httpRequestTests`
    SmithyRequests,
    /// `smithy/*.json`, `smithy.test#httpResponseTests`
    SmithyResponses,
}

impl Kind {
    /// What the table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::C2jInput => "C2J input",
            Self::C2jOutput => "C2J output",
            Self::SmithyRequests => "Smithy requests",
            Self::SmithyResponses => "Smithy responses",
        }
    }
}

/// Everything that a folder holds.
#[derive(Debug, Default)]
pub struct Suites {
    /// The suites.
    pub suites: Vec<Suite>,
    /// How many cases are for servers only.
    pub for_servers: usize,
    /// The shapes of Smithy files that had to be mended.
    pub mended: Vec<String>,
}

/// Reads a folder; each of its three parts may be absent.
///
/// # Errors
/// A folder without any part, files that cannot be read or are not of the form of their part.
pub fn read(folder: &Path) -> Result<Suites> {
    let mut suites = Suites::default();
    let inputs = documents(&folder.join("input"))?;
    let outputs = documents(&folder.join("output"))?;
    let models = documents(&folder.join("smithy"))?;
    if inputs.is_empty() && outputs.is_empty() && models.is_empty() {
        bail!(
            "{} holds no suites: there is no file in input/, output/ or smithy/",
            folder.display()
        );
    }
    c2j::read(&inputs, &outputs, &mut suites)?;
    for (path, model) in &models {
        smithy::read(model, &mut suites).with_context(|| path.display().to_string())?;
    }
    Ok(suites)
}

/// The JSON files of a folder, by name; none if there is no such folder.
fn documents(folder: &Path) -> Result<Vec<(PathBuf, Value)>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let reading = || format!("could not read {}", folder.display());
    let mut paths = fs::read_dir(folder)
        .with_context(reading)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()
        .with_context(reading)?;
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("could not read {}", path.display()))?;
            let value = serde_json::from_str(&text)
                .with_context(|| format!("{} is not JSON", path.display()))?;
            Ok((path, value))
        })
        .collect()
}

/// A member that is text.
pub(super) fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key)?.as_str().map(str::to_owned)
}

/// A member that is an object of text.
pub(super) fn texts(value: &Value, key: &str) -> Vec<(String, String)> {
    let entries = value.get(key).and_then(Value::as_object);
    entries
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// A member that is a list of text.
pub(super) fn list(value: &Value, key: &str) -> Vec<String> {
    let values = value.get(key).and_then(Value::as_array);
    values
        .into_iter()
        .flatten()
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect()
}
