//! `attache docs`: how much of each service has words, and marks for what has none.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command};

use crate::escape::line;
use crate::words::coverage::{self, Entry, Kind};
use crate::words::gaps;
use crate::workspace::config::{self, ServiceConfig};
use crate::workspace::lock::WriteLock;
use crate::workspace::quantity::counted;
use crate::workspace::table::Table;
use crate::workspace::write::Staged;
use crate::workspace::{arguments, words};

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(help)
    };
    Command::new("docs")
        .about("Show how much of a service docs.json explains, and mark what it lacks")
        .long_about(
            "Counts the operations, members, values of enums, structures, enums and errors of every\n\
             service (of those named, or of all), and how many of them models/SERVICE/docs.json has a\n\
             text about. Texts about nothing, and texts that only repeat a name, are listed too.",
        )
        .args([
            flag("coverage", "Print a table of what has texts"),
            flag("missing", "List everything without a text, too"),
            flag("gaps", "Write `null` into docs.json where a text is missing, and sort its keys"),
            arguments::services("The services; all without it"),
        ])
        .group(
            ArgGroup::new("what")
                .args(["coverage", "missing", "gaps"])
                .multiple(true)
                .required(true),
        )
}

/// Runs the command; returns the text to print.
///
/// # Errors
/// Settings and files that cannot be read; a service that the settings lack.
pub(crate) fn command(workspace: &Path, matches: &ArgMatches) -> Result<String> {
    let config = config::read(&workspace.join("models"))?;
    let mut rows = Vec::new();
    let mut listed = String::new();
    for service in config.select(&arguments::named(matches))? {
        let model = words::analysed(workspace, &config, service)?;
        let entries = coverage::entries(&model);
        rows.extend(table_rows(&service.name, &entries));
        let missing = entries.iter().filter(|(_, has_words)| !**has_words);
        let missing: Vec<Entry> = missing.map(|(entry, _)| entry.clone()).collect();
        for problem in &model.words.problems {
            let _ = writeln!(listed, "{}: {}", service.name, line(&problem.sentence));
        }
        if matches.get_flag("missing") {
            for entry in &missing {
                let place = entry.to_string();
                let _ = writeln!(listed, "{}: no words about {}", service.name, line(&place));
            }
        }
        if matches.get_flag("gaps") {
            listed.push_str(&mark(workspace, service, &missing)?);
        }
    }
    let titles = ["service", "what", "all", "with words", "per cent"];
    let mut text = Table::new(titles, rows).text();
    text.push_str(&listed);
    Ok(text)
}

/// A row for each kind of thing.
fn table_rows(service: &str, entries: &BTreeMap<Entry, bool>) -> Vec<[String; 5]> {
    let mut rows = Vec::new();
    for kind in Kind::ALL {
        let of_kind = entries.iter().filter(|(entry, _)| entry.kind == kind);
        let all = of_kind.clone().count();
        let with_words = of_kind.filter(|(_, has_words)| **has_words).count();
        // Rounded down, so that 100 is all of them.
        let share = (with_words * 100).checked_div(all);
        rows.push([
            service.to_owned(),
            kind.plural().to_owned(),
            all.to_string(),
            with_words.to_string(),
            share.map_or_else(|| "-".to_owned(), |share| share.to_string()),
        ]);
    }
    rows
}

/// Writes the gaps of a service into its file.
fn mark(workspace: &Path, service: &ServiceConfig, missing: &[Entry]) -> Result<String> {
    let models = workspace.join("models");
    let lock = WriteLock::acquire(workspace)?;
    let before = words::text(&models, &service.name)?;
    let after = gaps::filled(before.as_deref(), missing)?;
    let file = format!("models/{}/{}", service.name, words::FILE);
    if before.as_ref() == Some(&after) {
        return Ok(format!("{file} is as it should be\n"));
    }
    let mut staged = Staged::new(&lock);
    staged.stage(
        &models.join(&service.name).join(words::FILE),
        after.as_bytes(),
    )?;
    staged.commit()?;
    Ok(format!(
        "wrote {file}, with {}\n",
        counted(missing.len(), "gap")
    ))
}
