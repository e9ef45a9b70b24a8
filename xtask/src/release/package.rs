//! The crates of a workspace that may be published, as cargo reads their manifests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::tools;

/// What a registry shows of a crate, besides what cargo demands.
const WANTED: [&str; 4] = ["description", "license", "readme", "repository"];

/// A crate that may be published.
#[derive(Clone, Debug)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) folder: PathBuf,
    /// The crates of this workspace that its package depends on.
    pub(super) dependencies: Vec<Dependency>,
    /// Keys that a registry wants and the manifest does not have.
    pub(super) lacking: Vec<&'static str>,
}

/// A dependency on a crate of the same workspace.
#[derive(Clone, Debug)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// As cargo's metadata has it: `^0.1.0`, or `*` where the manifest has none.
    pub(super) requirement: String,
}

impl Package {
    /// The tag of this version.
    pub(super) fn tag(&self) -> String {
        format!("{}-v{}", self.name, self.version)
    }
}

/// The crates of a workspace that may be published, each after those that it depends on.
///
/// # Errors
/// A workspace that cargo cannot read, and crates that depend on each other in a circle.
pub(super) fn publishable(workspace: &Path) -> Result<Vec<Package>> {
    let output = Command::new(tools::cargo())
        .current_dir(workspace)
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .stderr(Stdio::inherit())
        .output()
        .context("could not run cargo")?;
    ensure!(
        output.status.success(),
        "cargo could not read the workspace, see above"
    );
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo lists no packages")?;
    let mut found = BTreeMap::new();
    for package in packages {
        let is_private = package["publish"].as_array().is_some_and(Vec::is_empty);
        if !is_private {
            let package = read(package)?;
            found.insert(package.name.clone(), package);
        }
    }
    in_order(found)
}

fn read(package: &Value) -> Result<Package> {
    let text = |key: &str| {
        let value = package[key].as_str();
        value.with_context(|| format!("cargo's metadata of a package has no `{key}`"))
    };
    let manifest = PathBuf::from(text("manifest_path")?);
    let dependencies = package["dependencies"].as_array();
    let dependencies = dependencies.into_iter().flatten().filter(|dependency| {
        // What only tests need, without a version, is no part of the package.
        let is_left_out = dependency["kind"] == "dev" && dependency["req"] == "*";
        dependency["path"].is_string() && !is_left_out
    });
    Ok(Package {
        name: text("name")?.to_owned(),
        version: text("version")?.to_owned(),
        folder: manifest.parent().unwrap_or(&manifest).to_owned(),
        dependencies: dependencies.filter_map(dependency).collect(),
        lacking: WANTED
            .into_iter()
            .filter(|key| package[*key].is_null())
            .collect(),
    })
}

fn dependency(dependency: &Value) -> Option<Dependency> {
    Some(Dependency {
        name: dependency["name"].as_str()?.to_owned(),
        requirement: dependency["req"].as_str()?.to_owned(),
    })
}

/// Each after those that it depends on; those that do not depend on each other by their names.
fn in_order(mut left: BTreeMap<String, Package>) -> Result<Vec<Package>> {
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let is_ready = |package: &&Package| {
            let mut needed = package.dependencies.iter();
            !needed.any(|dependency| left.contains_key(&dependency.name))
        };
        let Some(ready) = left.values().find(is_ready) else {
            let names: Vec<&str> = left.keys().map(String::as_str).collect();
            bail!(
                "{} depend on each other in a circle: none can be published first",
                names.join(", ")
            );
        };
        let name = ready.name.clone();
        ordered.extend(left.remove(&name));
    }
    Ok(ordered)
}
