//! `attache verify`: checks that all committed files of the services agree, for CI.
//!
//! `generate --check` stops at the first service that cannot be generated. This command reports the
//! errors of every service, one on each line, without differences of files.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use clap::{ArgMatches, Command};

use crate::ast::own_traits::OwnTraits;
use crate::escape::line;
use crate::workspace::config::{self, ServiceConfig};
use crate::workspace::generate;
use crate::workspace::import::source::Texts;
use crate::workspace::import::{read_optional, validate_overlay};
use crate::workspace::quantity::counted;
use crate::workspace::reconcile::{Access, Mode};
use crate::workspace::{Outcome, arguments, prose, read, words};

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    Command::new("verify")
        .about("Check models, records, overlays and generated files, for CI")
        .long_about(
            "Checks of every service (of those named, or of all) that its model is the one that was\n\
             recorded in models/attache.toml, that each statement of its overlay still applies,\n\
             that each text of its docs.json still applies, that none is missing where all are required,\n\
             and that its generated files are what `generate` would write: that they were not edited, and\n\
             nothing that they are made from changed without them. It changes nothing, downloads\n\
             nothing, names everything that is wrong, and exits with 1 if anything is.",
        )
        .arg(arguments::services("The services to check; all without it"))
}

/// Runs the command; `own_trees` as in [`generate::generate_with`].
///
/// # Errors
/// Settings that cannot be read, and a service that they lack.
pub fn command(
    workspace: &Path,
    matches: &ArgMatches,
    own_trees: generate::OwnTrees<'_>,
) -> Result<Outcome> {
    let names = arguments::named(matches);
    let access = Access::open(workspace, Mode::Check)?;
    let config = config::read(&workspace.join("models"))?;
    let mut findings = Vec::new();
    let mut sound = Vec::new();
    for service in config.select(&names)? {
        let mut found = inputs(workspace, service, &config.traits);
        if found.is_empty() {
            found = words::findings(workspace, &config, service);
        }
        if found.is_empty() {
            sound.push(service.name.clone());
        }
        findings.extend(found);
    }
    // Files of services with invalid inputs are not compared. Those of the others are generated together.
    let all = sound.len() == config.services.len();
    let names = if all { Vec::new() } else { sound.clone() };
    let command = &config.crates.command;
    if !sound.is_empty() {
        match generate::generate_locked(workspace, &names, &access, own_trees) {
            Ok(report) => findings.extend(report.different.iter().map(|path| {
                let problem = match path.exists() {
                    true => format!("not what `{command} generate` writes: the file was edited, or its inputs changed"),
                    false => format!("the file is missing: `{command} generate` writes it"),
                };
                let path = path.strip_prefix(workspace).unwrap_or(path);
                format!("{}: {problem}", path.display())
            })),
            Err(error) => findings.push(format!("{error:#}")),
        }
    }
    let mut text = String::new();
    for finding in &findings {
        let _ = writeln!(text, "{}", line(finding));
    }
    let _ = match findings.len() {
        0 if sound.len() == 1 => writeln!(text, "1 service is valid"),
        0 => writeln!(text, "{} services are valid", sound.len()),
        count => writeln!(text, "{}", counted(count, "problem")),
    };
    Ok(Outcome {
        text,
        status: u8::from(!findings.is_empty()),
    })
}

/// The errors of the model of a service, of its record and of its overlay.
fn inputs(workspace: &Path, service: &ServiceConfig, own: &OwnTraits) -> Vec<String> {
    let name = &service.name;
    let folder = workspace.join("models").join(name);
    let model = match read::model(workspace, name) {
        Ok(model) => model,
        Err(error) => return vec![format!("{error:#}")],
    };
    let mut findings: Vec<String> = service
        .published
        .difference(name, &model)
        .into_iter()
        .collect();
    match prose::difference(&workspace.join("models"), service) {
        Ok(difference) => findings.extend(difference),
        Err(error) => findings.push(format!("{error:#}")),
    }
    if service.published.taken.sha256.is_none() {
        findings.push(format!(
            "models/attache.toml: [service.{name}] has no `sha256`, so a change of its model cannot be detected"
        ));
    }
    let texts = Texts::Smithy(model);
    let checked = texts.import(own).and_then(|imported| {
        let overlay = read_optional(&folder.join("overlay.json"))?;
        validate_overlay(name, &imported, overlay.as_deref())
    });
    findings.extend(checked.err().map(|error| format!("{name}: {error:#}")));
    findings
}
