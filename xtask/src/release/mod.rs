//! `cargo xtask release`: everything that must hold before the crates are published, and the tags of a release.
//!
//! Nothing is published here: that cannot be taken back, and takes an owner and a token that are not in a repository. The
//! command ends with what is left to do by hand, or by `.github/workflows/release.yml`.

mod api;
mod archives;
mod changelog;
mod consistency;
mod package;
mod tags;

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use clap::{Arg, ArgAction, ArgMatches};

use self::package::Package;
use self::tags::History;

/// The declaration of this command for clap.
pub fn declaration() -> clap::Command {
    clap::Command::new("release")
        .about("Check what is published, and tag it")
        .long_about(
            "Checks the crates that may be published, in the order in which they depend on each other:\n\
             each version has a section in the crate's CHANGELOG.md; each crate asks for the others of\n\
             this workspace in the versions that they have; `cargo package` packs and builds all of\n\
             them; cargo-semver-checks compares the public API of each with its last release, where\n\
             there was one.\n\n\
             The last release of a crate is its newest tag CRATE-vVERSION. A crate whose version has a\n\
             tag already is released, and is left alone.\n\n\
             When all of that holds, no file is changed or untracked, and the manifests lack nothing\n\
             that a registry wants, the command tags each crate that is to be released. It pushes and\n\
             publishes nothing. It exits with 1 where a problem is left.",
        )
        .arg(
            Arg::new("dry-run")
                .long("dry-run")
                .action(ArgAction::SetTrue)
                .help("Check only: set no tag, and allow files that are not committed"),
        )
}

/// What the command found.
#[derive(Debug)]
pub struct Report {
    /// The text for the user.
    pub text: String,
    /// Whether something keeps the crates from being released.
    pub failed: bool,
}

/// Runs the command.
///
/// # Errors
/// A tool that cannot be run, and a workspace that cargo or git cannot read.
pub fn command(workspace: &Path, matches: &ArgMatches) -> Result<Report> {
    let dry_run = matches.get_flag("dry-run");
    let mut release = Release::read(workspace)?;
    if !dry_run {
        release.refuse_unfinished(workspace)?;
    }
    print!("{}", release.overview());
    // What a build finds is of no use before the manifests are right, and takes minutes.
    if release.problems.is_empty() {
        let found = release.build(workspace, dry_run)?;
        release.problems.extend(found);
    }
    release.conclude(workspace, dry_run)
}

/// The crates that may be published, and what is known of their releases.
#[derive(Debug)]
pub struct Release {
    packages: Vec<Package>,
    histories: Vec<History>,
    problems: Vec<String>,
}

impl Release {
    /// Reads the manifests, changelogs and tags of a workspace, and finds where they contradict each other.
    ///
    /// # Errors
    /// A workspace that cargo or git cannot read, and crates that depend on each other in a circle.
    pub fn read(workspace: &Path) -> Result<Self> {
        let packages = package::publishable(workspace)?;
        let histories = packages
            .iter()
            .map(|package| tags::history(workspace, package));
        let histories: Vec<History> = histories.collect::<Result<_>>()?;
        let mut problems = Vec::new();
        for (package, history) in packages.iter().zip(&histories) {
            problems.extend(consistency::requirements(package, &packages));
            if history.is_due() {
                problems.extend(consistency::changelog(package));
            }
        }
        Ok(Self {
            packages,
            histories,
            problems,
        })
    }

    /// What keeps the crates from being released, a line each.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Adds what a dry run allows: changes that are not committed, and manifests without what a registry wants.
    ///
    /// # Errors
    /// A workspace that git cannot read.
    pub fn refuse_unfinished(&mut self, workspace: &Path) -> Result<()> {
        self.problems.extend(tags::uncommitted(workspace)?);
        let lacking = self.due().flat_map(|package| {
            let lacking = package.lacking.iter();
            lacking.map(|key| format!("{}: the manifest has no `{key}`", package.name))
        });
        let lacking: Vec<String> = lacking.collect();
        self.problems.extend(lacking);
        Ok(())
    }

    /// The crates that are to be released, each before those that depend on it.
    fn due(&self) -> impl Iterator<Item = &Package> {
        let all = self.packages.iter().zip(&self.histories);
        all.filter(|(_, history)| history.is_due())
            .map(|(package, _)| package)
    }

    /// Packs and builds all crates, and compares their APIs with those of the last releases.
    fn build(&self, workspace: &Path, allow_dirty: bool) -> Result<Vec<String>> {
        let mut problems = Vec::new();
        problems.extend(archives::problems(workspace, &self.packages, allow_dirty)?);
        for (package, tag) in self.to_compare() {
            problems.extend(api::problem(workspace, package, tag)?);
        }
        Ok(problems)
    }

    /// The crates whose API is compared with a release, and the tag of that.
    fn to_compare(&self) -> Vec<(&Package, &str)> {
        let all = self.packages.iter().zip(&self.histories);
        let compared = all.filter_map(|(package, history)| match history {
            History::Due { last: Some(tag) } => Some((package, tag.as_str())),
            _ => None,
        });
        compared.collect()
    }

    /// A line for each crate, in the order of publication.
    pub fn overview(&self) -> String {
        let mut text = String::new();
        for (package, history) in self.packages.iter().zip(&self.histories) {
            let state = match history {
                History::Due { last: None } => {
                    "first release: there is no tag of an earlier one to compare with".to_owned()
                }
                History::Due { last: Some(tag) } => format!("to be released, after {tag}"),
                History::Released { changed: false } => "released, and unchanged since".to_owned(),
                History::Released { changed: true } => {
                    "released, and changed since: raise its version to release that".to_owned()
                }
            };
            let _ = writeln!(text, "{} {}: {state}", package.name, package.version);
        }
        text
    }

    /// Sets the tags where nothing is wrong and this is no dry run, and says what is left.
    ///
    /// # Errors
    /// A repository that git cannot write.
    pub fn conclude(&self, workspace: &Path, dry_run: bool) -> Result<Report> {
        let mut text = String::new();
        for problem in &self.problems {
            let _ = writeln!(text, "problem: {problem}");
        }
        let failed = !self.problems.is_empty();
        for package in self.due().filter(|_| !failed) {
            let tag = package.tag();
            if dry_run {
                let _ = writeln!(text, "would tag {tag}");
            } else {
                tags::create(workspace, package)?;
                let _ = writeln!(text, "tagged {tag}");
            }
        }
        text.push_str(&self.missing());
        if !failed && !dry_run && self.due().next().is_some() {
            text.push_str(
                "\nin this order: `cargo publish --locked --package CRATE`, then `git push origin TAG`;\n\
                 .github/workflows/release.yml does both\n",
            );
        }
        Ok(Report { text, failed })
    }

    /// What a first publication needs that is not in this repository.
    pub fn missing(&self) -> String {
        let first: Vec<&Package> = self
            .packages
            .iter()
            .zip(&self.histories)
            .filter(|(_, history)| matches!(history, History::Due { last: None }))
            .map(|(package, _)| package)
            .collect();
        if first.is_empty() {
            return String::new();
        }
        let names: Vec<&str> = first.iter().map(|package| package.name.as_str()).collect();
        let mut text = format!(
            "\nmissing for the first publication of {}:\n",
            names.join(", ")
        );
        let mut keys: Vec<&str> = first.iter().flat_map(|one| one.lacking.clone()).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let lacking = first.iter().filter(|one| one.lacking.contains(&key));
            let lacking: Vec<&str> = lacking.map(|one| one.name.as_str()).collect();
            let _ = writeln!(text, "  `{key}` in the manifests of {}", lacking.join(", "));
        }
        text.push_str(
            "  an owner: the account that publishes a name first owns it; `cargo owner` adds others\n\
             \x20 a token of that account: `cargo login`, or the variable CARGO_REGISTRY_TOKEN\n",
        );
        text
    }
}
