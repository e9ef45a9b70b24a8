//! The command line, declared once for the program `attache`, for `cargo xtask` here and for xtasks of other
//! workspaces.
//!
//! It is declared with clap's builder, because `derive` doubles the build cost of clap.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use clap::error::ErrorKind;
use clap::{ArgMatches, Command};

use super::{
    Outcome, add, diff, docs, finish, generate, import, outdated, remove, services, update, verify,
    workflow,
};

/// The command line of a program that has the commands of this module. `program` is its name in help and messages, for
/// example `cargo xtask`. A program with more commands adds them as subcommands.
pub fn command_line(program: &str) -> Command {
    Command::new("attache")
        .bin_name(program)
        .display_name(program)
        .about("Generates typed Rust clients from the models of AWS services.")
        .after_help(format!(
            "`{program} COMMAND --help` says more about a command."
        ))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([
            add::declaration(),
            generate::declaration(),
            diff::declaration(),
            docs::declaration(),
            outdated::declaration(),
            update::declaration(),
            services::declaration(),
            remove::declaration(),
            verify::declaration(),
            import::declaration(),
            workflow::declaration(),
        ])
}

/// Runs one of the commands of [`command_line`] on a workspace, with what clap read for it; `None` for another name.
///
/// # Errors
/// The errors of the command. Nothing was written then.
///
/// # Panics
/// If clap read `matches` for another command; inside of an async runtime, if the command downloads something, because
/// it would block the thread. Use a thread that may block there.
pub fn perform(workspace: &Path, name: &str, matches: &ArgMatches) -> Option<Result<Outcome>> {
    Some(match name {
        "add" => add::command(workspace, matches).map(Outcome::success),
        "diff" => diff::command(workspace, matches).map(Outcome::success),
        "docs" => docs::command(workspace, matches).map(Outcome::success),
        "generate" => {
            generate::command(workspace, matches, &generate::no_own_trees).map(Outcome::from)
        }
        "import" => import::command(&workspace.join("models"), matches).map(Outcome::success),
        "outdated" => outdated::command(workspace, matches),
        "remove" => remove::command(workspace, matches).map(Outcome::success),
        "services" => services::command(workspace, matches).map(Outcome::success),
        "verify" => verify::command(workspace, matches, &generate::no_own_trees),
        "update" => update::command(workspace, matches).map(Outcome::success),
        "workflow" => workflow::command(workspace, matches).map(Outcome::from),
        _ => return None,
    })
}

/// A whole program: reads the arguments, without the name of the program, and passes their command to `perform`. Prints
/// the result, and returns the exit status: see [`finish`].
///
/// # Panics
/// If `line` accepts arguments without a command, and as [`perform`].
pub fn execute<A: Into<OsString>>(
    line: Command,
    arguments: impl IntoIterator<Item = A>,
    perform: impl FnOnce(&str, &ArgMatches) -> Result<Outcome>,
) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let name = arguments.first().and_then(|name| name.to_str());
    let name = name.unwrap_or_default().to_owned();
    finish(&name, read(line, arguments, perform))
}

/// Reads the arguments and performs the command. Help and versions are outcomes, too.
pub(super) fn read(
    line: Command,
    arguments: Vec<OsString>,
    perform: impl FnOnce(&str, &ArgMatches) -> Result<Outcome>,
) -> Result<Outcome> {
    let matches = match line.no_binary_name(true).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            return match error.kind() {
                ErrorKind::DisplayHelp
                | ErrorKind::DisplayVersion
                | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                    Ok(Outcome::success(error.to_string()))
                }
                _ => Err(error.into()),
            };
        }
    };
    let (name, matches) = matches
        .subcommand()
        .expect("clap refuses arguments without a command");
    perform(name, matches)
}

#[cfg(test)]
mod tests {
    use super::command_line;

    #[test]
    fn clap_finds_no_contradiction_in_the_declaration() {
        command_line("attache").debug_assert();
    }
}
