//! Runs a command and reports the CPU time and memory that it and its children used.
//!
//! `meter --report FILE COMMAND…` writes one line of JSON to FILE. Without `--report` it is a wrapper for rustc
//! (`RUSTC_WRAPPER`): `meter RUSTC…` adds a line for the crate to the file that `BENCH_UNITS` names. That gives the CPU
//! seconds of each crate. `cargo build --timings` only reports how long each took while others were compiled.
//!
//! It is a separate program, because a process can only read the sum over all of its children, and so that xtask does
//! not depend on the library that reads it.

use std::error::Error;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::Write;
use std::process::{Command, ExitCode, ExitStatus};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

type Failure = Box<dyn Error>;

const USAGE: &str = "usage: meter [--report FILE] COMMAND…";

fn main() -> ExitCode {
    match run() {
        Ok(status) => match u8::try_from(status.code().unwrap_or(1)) {
            Ok(code) => ExitCode::from(code),
            Err(_) => ExitCode::FAILURE,
        },
        Err(error) => {
            eprintln!("meter: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitStatus, Failure> {
    let mut arguments = std::env::args_os().skip(1);
    let first = arguments.next().ok_or(USAGE)?;
    if first == "--report" {
        let (report, command) = arguments.next().zip(arguments.next()).ok_or(USAGE)?;
        let (status, cost) = measured(Command::new(command).args(arguments))?;
        std::fs::write(report, format!("{{{cost}}}\n"))?;
        return Ok(status);
    }
    let arguments: Vec<OsString> = arguments.collect();
    let (status, cost) = measured(Command::new(first).args(&arguments))?;
    // Cargo also runs the compiler to query its version, which compiles no crate.
    let name = crate_name(&arguments).filter(|name| name != "___");
    if let Some((name, units)) = name.zip(std::env::var_os("BENCH_UNITS")) {
        append(&units, &format!("{{\"name\":\"{name}\",{cost}}}\n"))?;
    }
    Ok(status)
}

/// Runs a command to its end. It is the only child of this process, so its cost is that of all children.
fn measured(command: &mut Command) -> Result<(ExitStatus, String), Failure> {
    let start = Instant::now();
    let status = command
        .status()
        .map_err(|error| format!("could not run {:?}: {error}", command.get_program()))?;
    let wall = start.elapsed().as_secs_f64();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    // The unit is KiB, except on macOS, where it is bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let memory = usage.max_rss() * unit;
    let cpu = cpu as f64 / 1e6;
    Ok((
        status,
        format!(r#""cpu":{cpu},"wall":{wall},"peak_memory":{memory}"#),
    ))
}

fn crate_name(arguments: &[OsString]) -> Option<String> {
    let flag = arguments
        .iter()
        .position(|argument| argument == "--crate-name")?;
    Some(arguments.get(flag + 1)?.to_string_lossy().into_owned())
}

/// Adds a line with one write, because several compilers run at the same time.
fn append(file: &OsString, line: &str) -> Result<(), Failure> {
    let mut file = OpenOptions::new().create(true).append(true).open(file)?;
    Ok(file.write_all(line.as_bytes())?)
}
