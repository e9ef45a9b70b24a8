//! `cargo xtask fuzz`: runs every fuzz target for a while.
//!
//! libFuzzer on the stable toolchain: the instrumentation that it needs is a pass of LLVM that stable rustc can run, so
//! neither a nightly compiler nor another command has to be installed; a C++ compiler has. Corpora live below
//! `target/fuzz-corpus` and begin with what the protocol suites and our models hold.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::arguments::Arguments;

const HELP: &str = "\
cargo xtask fuzz [TARGET…] --seconds N

Builds the fuzz targets of fuzz/ and runs each (or those named) for N seconds. What makes one fail is kept below
target/fuzz-findings, and the command ends with exit code 1.
";

const TARGETS: [&str; 7] = [
    "json_reader",
    "decode_support",
    "decode_security_ir",
    "import_c2j",
    "import_smithy",
    "endpoint_rules",
    "timestamp",
];

/// What libFuzzer needs to see of the program.
const INSTRUMENTATION: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// What fuzzing found.
#[derive(Debug)]
pub struct Report {
    /// A table for the user.
    pub text: String,
    /// How many targets failed.
    pub findings: usize,
}

/// Runs the command with its arguments.
///
/// # Errors
/// Unknown targets, a build that fails, programs that cannot be started.
pub fn command(workspace: &Path, mut arguments: Arguments) -> Result<Report> {
    if arguments.flag("--help") || arguments.flag("-h") {
        return Ok(Report {
            text: HELP.to_owned(),
            findings: 0,
        });
    }
    let seconds: u32 = match arguments.option("--seconds")? {
        Some(text) => text
            .parse()
            .with_context(|| format!("--seconds takes a whole number, not `{text}`"))?,
        None => bail!("--seconds is missing: how long should each target run?"),
    };
    let names = arguments.finish()?;
    if let Some(unknown) = names.iter().find(|name| !TARGETS.contains(&name.as_str())) {
        bail!(
            "there is no fuzz target `{unknown}`; there are {}",
            TARGETS.join(", ")
        );
    }
    let programs = build(workspace)?;
    let seeds = Seeds::collect(workspace)?;
    let mut report = Report {
        text: String::new(),
        findings: 0,
    };
    for target in TARGETS
        .iter()
        .filter(|target| names.is_empty() || names.iter().any(|name| name == *target))
    {
        let corpus = workspace.join("target/fuzz-corpus").join(target);
        seeds.write(target, &corpus)?;
        let run = run(workspace, &programs.join(target), target, &corpus, seconds)?;
        let _ = writeln!(
            report.text,
            "{target:20} {:>12} executions, {}",
            run.executions, run.outcome
        );
        report.findings += usize::from(run.failed);
    }
    let _ = writeln!(report.text, "{} findings", report.findings);
    Ok(report)
}

/// Builds all targets; gives the folder of the programs.
fn build(workspace: &Path) -> Result<PathBuf> {
    let host = host_triple()?;
    let target_folder = workspace.join("target/fuzz");
    let status = Command::new("cargo")
        .args(["build", "--release", "--target", &host])
        .current_dir(workspace.join("fuzz"))
        .env("RUSTFLAGS", INSTRUMENTATION)
        .env("CARGO_TARGET_DIR", &target_folder)
        .status()
        .context("could not start cargo")?;
    if !status.success() {
        bail!("the fuzz targets do not build (libFuzzer needs a C++ compiler)");
    }
    Ok(target_folder.join(host).join("release"))
}

fn host_triple() -> Result<String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .context("could not start rustc")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .context("rustc does not say which machine it builds for")
}

struct Run {
    executions: u64,
    outcome: String,
    failed: bool,
}

fn run(workspace: &Path, program: &Path, target: &str, corpus: &Path, seconds: u32) -> Result<Run> {
    let findings = workspace.join("target/fuzz-findings").join(target);
    fs::create_dir_all(&findings)
        .with_context(|| format!("could not create {}", findings.display()))?;
    let output = Command::new(program)
        .arg(corpus)
        .args([
            format!("-max_total_time={seconds}"),
            format!("-artifact_prefix={}/", findings.display()),
        ])
        .args([
            "-seed=1",
            "-timeout=10",
            "-rss_limit_mb=4096",
            "-print_final_stats=1",
        ])
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not start {}", program.display()))?;
    let log = String::from_utf8_lossy(&output.stderr);
    let executions = log
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
        .and_then(|count| count.trim().parse().ok())
        .unwrap_or(0);
    if output.status.success() && executions > 0 {
        return Ok(Run {
            executions,
            outcome: "nothing found".to_owned(),
            failed: false,
        });
    }
    let cause = log
        .lines()
        .find(|line| line.contains("panicked at") || line.contains("ERROR: libFuzzer"));
    let outcome = format!(
        "FAILED: {}; see {}",
        cause.unwrap_or("it did not run"),
        findings.display()
    );
    Ok(Run {
        executions,
        outcome,
        failed: true,
    })
}

/// Texts to begin with.
#[derive(Default)]
struct Seeds {
    bodies: BTreeSet<String>,
    models: Vec<String>,
    c2j: Vec<String>,
    rules: Vec<String>,
}

impl Seeds {
    fn collect(workspace: &Path) -> Result<Self> {
        let mut seeds = Self::default();
        for entry in fs::read_dir(workspace.join("models")).context("could not read models")? {
            let path = entry
                .context("could not read models")?
                .path()
                .join("model.json");
            if let Ok(text) = fs::read_to_string(&path) {
                let value = serde_json::from_str(&text)
                    .with_context(|| format!("{} is not JSON", path.display()))?;
                seeds.rules_of(&value);
                seeds.models.push(text);
            }
        }
        let suites = workspace.join("../shared/data/protocol-tests");
        for folder in ["input", "output", "smithy"] {
            // The reference data is a help, not a condition: the models alone make a corpus, too.
            for entry in fs::read_dir(suites.join(folder))
                .into_iter()
                .flatten()
                .flatten()
            {
                if let Ok(value) =
                    serde_json::from_str(&fs::read_to_string(entry.path()).unwrap_or_default())
                {
                    seeds.suite(&value);
                }
            }
        }
        Ok(seeds)
    }

    fn rules_of(&mut self, model: &Value) {
        let shapes = model
            .get("shapes")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        self.rules.extend(shapes.filter_map(|(_, shape)| {
            Some(
                shape
                    .get("traits")?
                    .get("smithy.rules#endpointRuleSet")?
                    .to_string(),
            )
        }));
    }

    fn suite(&mut self, value: &Value) {
        self.bodies_of(value);
        match value {
            Value::Array(suites) => self.c2j.extend(suites.iter().map(|suite| {
                let operations = suite
                    .get("cases")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten();
                let operations: serde_json::Map<String, Value> = operations
                    .filter_map(|case| case.get("given"))
                    .filter_map(|given| {
                        Some((given.get("name")?.as_str()?.to_owned(), given.clone()))
                    })
                    .collect();
                serde_json::json!({
                    "version": "2.0",
                    "metadata": suite.get("metadata"),
                    "operations": operations,
                    "shapes": suite.get("shapes"),
                })
                .to_string()
            })),
            model => self.models.push(model.to_string()),
        }
    }

    fn bodies_of(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(body)) = fields.get("body") {
                    self.bodies.insert(body.clone());
                }
                fields.values().for_each(|value| self.bodies_of(value));
            }
            Value::Array(values) => values.iter().for_each(|value| self.bodies_of(value)),
            _ => {}
        }
    }

    /// Puts the seeds of a target into its corpus; what fuzzing has added there before stays.
    fn write(&self, target: &str, corpus: &Path) -> Result<()> {
        const TIMES: [&str; 6] = [
            "1985-04-12T23:20:50.52Z",
            "2019-12-16T23:48:18+01:00",
            "Tue, 29 Apr 2014 18:30:38 GMT",
            "Sun, 02 Jan 2000 20:34:56.456 GMT",
            "1515531081.1234",
            "-1e3",
        ];
        fs::create_dir_all(corpus)
            .with_context(|| format!("could not create {}", corpus.display()))?;
        let texts: Vec<String> = match target {
            "timestamp" => TIMES.iter().map(|time| (*time).to_owned()).collect(),
            "import_c2j" => self.c2j.clone(),
            "import_smithy" => self.models.clone(),
            "endpoint_rules" => self.rules.clone(),
            "json_reader" => self.bodies.iter().cloned().collect(),
            _ => self
                .bodies
                .iter()
                .enumerate()
                .map(|(index, body)| decoder_seed(index, body))
                .collect(),
        };
        for (index, text) in texts.iter().enumerate() {
            let path = corpus.join(format!("seed-{index}"));
            fs::write(&path, text)
                .with_context(|| format!("could not write {}", path.display()))?;
        }
        Ok(())
    }
}

/// Decoders take two bytes that pick what to decode.
fn decoder_seed(index: usize, body: &str) -> String {
    let letter = char::from(u8::try_from(index % 64).unwrap_or_default() + b' ');
    format!("{letter}{letter}{body}")
}
