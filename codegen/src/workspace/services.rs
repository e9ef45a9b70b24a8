//! `attache services`: what can be added, and how much of it can be generated.

use std::path::Path;

use anyhow::Result;
use clap::{Arg, ArgMatches, Command};

use crate::workspace::config;
use crate::workspace::read;
use crate::workspace::{arguments, downloads};

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    Command::new("services")
        .about("List the services that can be added")
        .long_about(
            "Lists the services of the newest release, from where new services are taken: protocol,\n\
             authentication, number of operations, and whether all of them can be generated.",
        )
        .args([
            Arg::new("word")
                .value_name("WORD")
                .help("Only services with this in their names; all without it"),
            arguments::offline(),
        ])
}

/// Runs the command; returns the text to print.
///
/// # Errors
/// A release that cannot be downloaded, or has no such service.
pub(crate) fn command(workspace: &Path, matches: &ArgMatches) -> Result<String> {
    let path = workspace.join("models").join("attache.toml");
    // This works without settings, and without a workspace.
    let text = read::optional(&path, read::SOURCE_LIMIT)?;
    let config = config::parse(&path, text.as_deref().unwrap_or_default())?;
    let word = matches.get_one::<String>("word").map(String::as_str);
    let options = downloads::Options {
        offline: matches.get_flag("offline"),
        to: None,
    };
    Ok(downloads::list(workspace, &config, word, &options)?.text())
}
