//! `cargo xtask outside --differential --service`: clients of any services, compared with botocore call by call.
//!
//! The client of each service is generated from botocore's data into a workspace below `target/outside`, with the program
//! of `tests/src/wire` and a table of its operations. `xtask/outside/differential.py` makes random parameters, answers and
//! errors, gives them to that program and to botocore, and compares the wires and what came of the answers.

mod client;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use clap::ArgMatches;
use serde_json::Value;
use sha2::{Digest, Sha256};

use self::client::Client;
use super::Outside;
use super::environment::Environment;
use super::scratch::Scratch;
use crate::tools;

/// The release of botocore whose data is compared unless the user names a folder. The code of botocore is that of
/// `xtask/outside/requirements.txt`, which the AWS CLI pins.
const RELEASE: &str = "1.44.8";

/// How many operations of a service are compared unless the user says otherwise.
const OPERATIONS: usize = 40;

/// Services whose models and clients are small, of different protocols.
const SAMPLE: [&str; 4] = ["sqs", "glacier", "sts", "route53"];

/// What is compared.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) services: Vec<String>,
    /// The folder of botocore's data; without it, the data of [`RELEASE`] is downloaded.
    pub(super) data: Option<PathBuf>,
    /// How many operations of each service, drawn with the seed.
    pub(super) operations: usize,
    /// The number of random cases.
    pub(super) cases: Option<u32>,
    pub(super) seed: String,
    /// The protocol of the clients, as botocore calls it; without it, the one that `add` chooses.
    pub(super) protocol: Option<String>,
}

impl Choice {
    /// What the command line says; `None` where it names no service.
    pub(super) fn of(matches: &ArgMatches) -> Option<Self> {
        let services = matches.get_many::<String>("service")?;
        Some(Self {
            services: services.cloned().collect(),
            data: matches.get_one("from").cloned(),
            operations: matches.get_one("operations").copied().unwrap_or(OPERATIONS),
            cases: matches.get_one("cases").copied(),
            seed: matches.get_one("seed").cloned().unwrap_or_default(),
            protocol: matches
                .get_one("protocol")
                .map(|name: &String| match name.as_str() {
                    "cbor" => "smithy-rpc-v2-cbor".to_owned(),
                    _ => name.clone(),
                }),
        })
    }
}

/// Compares a few operations of a few services, in the data of the installed botocore.
///
/// # Errors
/// As [`run`].
pub(super) fn sample(outside: &Outside) -> Result<bool> {
    let choice = Choice {
        services: SAMPLE.map(str::to_owned).to_vec(),
        data: Some(installed(&outside.workspace, &outside.environment)?),
        operations: 4,
        cases: None,
        seed: String::new(),
        protocol: None,
    };
    let (table, differs) = run(&outside.workspace, &choice)?;
    print!("{table}");
    Ok(!differs)
}

/// Compares the services; returns the table and whether anything differed.
///
/// # Errors
/// Python or data that is not available. A service that cannot be generated is a row of the table.
pub(super) fn run(workspace: &Path, choice: &Choice) -> Result<(String, bool)> {
    let environment = Environment::set_up(workspace)?;
    let data = data(
        workspace,
        &environment,
        choice.data.as_ref(),
        &choice.services,
    )?;
    let scratch = Scratch::make(workspace, "differential")?;
    let mut rows = Vec::new();
    let mut failed = false;
    for service in &choice.services {
        let compared = Client::write(&scratch, service, &data, choice).and_then(|client| {
            let program = scratch.build(client.package())?;
            compare(workspace, &environment, &data, &client, &program, choice)
        });
        match compared {
            Ok(row) => {
                failed |= row["differences"] != 0;
                rows.push((service, Ok(row)));
            }
            Err(error) => {
                println!("{service}: {error:#}");
                failed = true;
                rows.push((service, Err(format!("{error:#}"))));
            }
        }
    }
    Ok((table(&rows), failed))
}

/// The data of the botocore that is installed.
///
/// # Errors
/// A Python that does not work.
pub(super) fn installed(workspace: &Path, environment: &Environment) -> Result<PathBuf> {
    let output = Command::new(environment.python())
        .arg(workspace.join("xtask/outside/models.py"))
        .output()
        .context("could not run models.py")?;
    ensure!(
        output.status.success(),
        "models.py failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().into())
}

/// The folder with the data of services: the one that the user names, or that of the release.
///
/// # Errors
/// A folder that is not there, data that cannot be downloaded.
pub(super) fn data(
    workspace: &Path,
    environment: &Environment,
    named: Option<&PathBuf>,
    services: &[String],
) -> Result<PathBuf> {
    match named {
        Some(data) => {
            fs::canonicalize(data).with_context(|| format!("there is no folder {}", data.display()))
        }
        None => download(workspace, environment, services),
    }
}

/// The data of the services in the release.
fn download(workspace: &Path, environment: &Environment, services: &[String]) -> Result<PathBuf> {
    let folder = tools::target(workspace).join("outside/botocore");
    let status = Command::new(environment.python())
        .arg(workspace.join("xtask/outside/models.py"))
        .arg(&folder)
        .arg(RELEASE)
        .args(services)
        .status()
        .context("could not run models.py")?;
    ensure!(
        status.success(),
        "the data of botocore {RELEASE} could not be downloaded, see above; --from names a folder that has it"
    );
    Ok(folder.join(RELEASE).join("botocore/data"))
}

/// Runs the script for a service; returns its counts. Differences are on the terminal.
fn compare(
    workspace: &Path,
    environment: &Environment,
    data: &Path,
    client: &Client,
    program: &Path,
    choice: &Choice,
) -> Result<Value> {
    let mut command = Command::new(environment.python());
    command
        .arg(workspace.join("xtask/outside/differential.py"))
        .arg("--data")
        .arg(data)
        .arg("--overlay")
        .arg(&client.overlay)
        .args(["--protocol", client.protocol])
        .arg(format!("--seed={}", choice.seed))
        .args(choice.cases.map(|cases| format!("--cases={cases}")))
        .arg(program)
        .arg(&client.service)
        .args(&client.operations)
        .stdout(Stdio::piped());
    let output = command.output().context("could not run differential.py")?;
    let text = String::from_utf8_lossy(&output.stdout);
    // The last line has the counts, the lines before it are for the user.
    let (differences, counts) = match text.trim_end().rsplit_once('\n') {
        Some((differences, counts)) => (differences, counts),
        None => ("", text.trim_end()),
    };
    if !differences.is_empty() {
        println!("{differences}");
    }
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    if !output.status.success() {
        bail!("differential.py failed ({}), see above", output.status);
    }
    let mut row: Value =
        serde_json::from_str(counts).context("differential.py printed no counts")?;
    if client.operations.len() < client.of {
        // What is not met may be met by another operation.
        row["stale"] = Value::Null;
    }
    row["protocol"] = client.protocol.into();
    row["operations"] = client.operations.len().into();
    row["of"] = client.of.into();
    row["left out"] = client.left_out.clone().into();
    Ok(row)
}

/// The operations that are compared: drawn with the seed, so that another seed tries others.
fn draw(mut operations: Vec<String>, choice: &Choice) -> Vec<String> {
    operations.sort_by_cached_key(|name| {
        let drawn = format!("{} {name}", choice.seed);
        Sha256::digest(drawn.as_bytes()).to_vec()
    });
    operations.truncate(choice.operations);
    operations.sort();
    operations
}

fn table(rows: &[(&String, Result<Value, String>)]) -> String {
    let mut text = format!(
        "\n{:<20} {:<20} {:>11} {:>9} {:>8} {:>7} {:>5} {:>6} {:>12}\n",
        "service",
        "protocol",
        "operations",
        "requests",
        "answers",
        "errors",
        "URLs",
        "known",
        "differences"
    );
    let (mut left_out, mut stale) = (String::new(), String::new());
    let mut known: std::collections::BTreeMap<String, u64> = Default::default();
    for (service, row) in rows {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                let _ = writeln!(text, "{service:<20} FAILED: {error}");
                continue;
            }
        };
        let operations = format!("{}/{}", row["operations"], row["of"]);
        let count = |name: &str| row[name].as_u64().unwrap_or_default();
        let _ = writeln!(
            text,
            "{service:<20} {:<20} {operations:>11} {:>9} {:>8} {:>7} {:>5} {:>6} {:>12}",
            row["protocol"].as_str().unwrap_or_default(),
            count("requests"),
            count("answers"),
            count("errors"),
            count("urls"),
            count("known"),
            count("differences"),
        );
        let lines = |name: &str, what: &str| -> String {
            let reasons = row[name].as_array().into_iter().flatten();
            let reasons = reasons.filter_map(Value::as_str);
            reasons.map(|reason| format!("{what}{reason}\n")).collect()
        };
        left_out += &lines("left out", &format!("{service}: "));
        stale += &lines("stale", &format!("known.json: {service} no longer meets: "));
        for (reason, count) in row["reasons"].as_object().into_iter().flatten() {
            *known.entry(reason.clone()).or_default() += count.as_u64().unwrap_or_default();
        }
    }
    for (reason, count) in known {
        let _ = write!(text, "\nknown, {count} times: {reason}");
    }
    if !stale.is_empty() {
        let _ = write!(text, "\n\n{stale}");
    }
    if !left_out.is_empty() {
        let _ = write!(text, "\n\nleft out:\n{left_out}");
    }
    text.push('\n');
    text
}
