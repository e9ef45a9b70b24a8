//! What a crate says about its version, and what others ask of it.

use std::fs;

use super::changelog;
use super::package::Package;

/// How the changelog of a crate that is to be released contradicts its version.
pub(super) fn changelog(package: &Package) -> Vec<String> {
    let Package { name, version, .. } = package;
    let path = package.folder.join("CHANGELOG.md");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            return vec![format!(
                "{name}: could not read {}: {error}",
                path.display()
            )];
        }
    };
    let sections = changelog::sections(&text);
    let mut problems = Vec::new();
    let mut released = sections.iter().filter(|one| one.version != "Unreleased");
    match released.next() {
        Some(newest) if newest.version != version => problems.push(format!(
            "{name}: its version is {version}, and the newest section of its CHANGELOG.md is {}",
            newest.version
        )),
        Some(newest) if newest.is_empty => problems.push(format!(
            "{name}: the section {version} of its CHANGELOG.md is empty"
        )),
        Some(_) => {}
        None => problems.push(format!(
            "{name}: its CHANGELOG.md has no section `## {version}`"
        )),
    }
    let is_left = |one: &changelog::Section<'_>| one.version == "Unreleased" && !one.is_empty;
    if sections.iter().any(is_left) {
        problems.push(format!(
            "{name}: its CHANGELOG.md has changes under Unreleased: they belong to {version}"
        ));
    }
    problems
}

/// Where a crate asks for another of the workspace in a version that it does not have.
///
/// Only the version itself will do: a crate is built and tested here with the others as they are, and may use what an
/// older one that `^` allows does not have.
pub(super) fn requirements(package: &Package, all: &[Package]) -> Vec<String> {
    let name = &package.name;
    let problem = |dependency: &super::package::Dependency| {
        let wanted = &dependency.requirement;
        match all.iter().find(|other| other.name == dependency.name) {
            None => Some(format!(
                "{name}: it depends on {}, which is not published (`publish = false`)",
                dependency.name
            )),
            Some(other) if *wanted == format!("^{}", other.version) => None,
            Some(other) => Some(format!(
                "{name}: it asks for {} {wanted}, whose version is {}",
                other.name, other.version
            )),
        }
    };
    package.dependencies.iter().filter_map(problem).collect()
}
