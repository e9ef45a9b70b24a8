//! `attache`: makes and keeps the client crates of the workspace that it is called in.

use std::path::Path;
use std::process::ExitCode;

use attache_codegen::workspace;

/// How messages call this program.
const PROGRAM: &str = "attache";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if matches!(arguments.as_slice(), [one] if one == "--version" || one == "-V") {
        println!("{PROGRAM} {}", env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    let here = match std::env::current_dir() {
        Ok(here) => here,
        Err(error) => {
            eprintln!("error: the folder that this runs in cannot be found: {error}");
            return ExitCode::FAILURE;
        }
    };
    let found = workspace::find(&here);
    if let (None, Some(missing)) = (&found, missing(&here, &arguments)) {
        eprintln!("error: {missing}");
        return ExitCode::FAILURE;
    }
    workspace::main(PROGRAM, found.as_deref().unwrap_or(&here), arguments)
}

/// What a command lacks in a folder that belongs to no workspace of attache's.
fn missing(here: &Path, arguments: &[String]) -> Option<String> {
    let command = arguments.first()?;
    let wants_help = arguments.iter().any(|one| one == "--help" || one == "-h");
    match command.as_str() {
        _ if wants_help => None,
        "generate" | "update" => Some(format!(
            "there is no models/attache.toml in {} or a folder above it: go to the workspace that keeps the client \
             crates, or begin one with `{PROGRAM} add SERVICE --from PATH`",
            here.display()
        )),
        "add" | "import" if !here.join("Cargo.toml").is_file() => Some(format!(
            "{} has neither a models/attache.toml nor a Cargo.toml: go to the root of the workspace that is to keep the \
             client crates, or make its Cargo.toml first, with `[workspace]`, `members = [\"crates/*\"]` and \
             `resolver = \"3\"`",
            here.display()
        )),
        _ => None,
    }
}
