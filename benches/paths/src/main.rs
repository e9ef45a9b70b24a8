//! Runs one path of the code N times, so that `cargo xtask instructions` can count the instructions of a run.
//!
//! What a path needs is made before its first run: the difference of two counts of runs is the cost of the path alone.
//! Nothing depends on the clock, the environment, randomness or a second thread. Each path checks its last result,
//! because code that fails may be cheap.

mod call;
mod client;
mod features;
mod generator;
#[path = "../../server/src/cases.rs"]
mod served;
mod service;

use std::error::Error;
use std::process::ExitCode;

/// An error of a path.
type Failure = Box<dyn Error>;

/// A function that does a path this many times.
type Runs = fn(u32) -> Result<(), Failure>;

/// A path of the code.
struct Path {
    name: &'static str,
    /// How often it is run in the run that counts, beyond a first time. Callgrind is about 50 times slower than the processor.
    times: u32,
    runs: Runs,
}

const PATHS: [Path; 15] = [
    path("encode-support", 2_000, client::encode_support),
    path("encode-security-ir", 2_000, client::encode_security_ir),
    path("validate-support", 2_000, client::validate_support),
    path("validate-security-ir", 2_000, client::validate_security_ir),
    path("decode-describe-cases", 20, client::decode_describe_cases),
    path("decode-list-cases", 200, client::decode_list_cases),
    path("sign", 500, client::sign),
    path("derive-signing-key", 500, client::derive_signing_key),
    path("endpoint", 2_000, client::endpoint),
    path("call", 200, call::upload_url),
    path("analyse", 2, generator::analyse),
    path("plan", 2, generator::plan),
    path("emit", 1, generator::emit),
    path("print", 5, generator::print),
    path("diff", 2, generator::diff),
];

const fn path(name: &'static str, times: u32, runs: Runs) -> Path {
    Path { name, times, runs }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Failure> {
    const USAGE: &str = "usage: bench-paths PATH N, bench-paths list, or bench-paths features";
    match arguments {
        [command] if command == "list" => {
            for path in &PATHS {
                println!("{} {}", path.name, path.times);
            }
            Ok(())
        }
        [command] if command == "features" => {
            println!("{}", features::detected().join(" "));
            Ok(())
        }
        [name, times] => {
            let path = PATHS.iter().find(|path| path.name == name);
            let path = path.ok_or_else(|| format!("there is no path `{name}`; {USAGE}"))?;
            let times: u32 = times
                .parse()
                .map_err(|_| format!("`{times}` is not a number; {USAGE}"))?;
            (path.runs)(times)
        }
        _ => Err(USAGE.into()),
    }
}

/// An error if a path did not do what is counted.
fn ensure(holds: bool, what: &str) -> Result<(), Failure> {
    match holds {
        true => Ok(()),
        false => Err(what.into()),
    }
}
