//! The suites of a folder: its files, and the function that reads each of them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::members::stem;
use super::suite::Suites;
use super::{c2j, smithy};

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
        smithy::read(&stem(path), model, &mut suites)
            .with_context(|| path.display().to_string())?;
    }
    Ok(suites)
}

/// The JSON files of a folder, by name; none if there is no such folder.
pub(super) fn documents(folder: &Path) -> Result<Vec<(PathBuf, Value)>> {
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
