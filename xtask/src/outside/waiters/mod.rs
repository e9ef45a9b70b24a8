//! Compares how generated waiters and those of botocore judge responses and errors: see `xtask/outside/waiters.py`.
//!
//! The services have most kinds of acceptors, and most expressions of the installed botocore that are more than a path. Each is a
//! slice with the operations that its waiters call. A mock responds to the waiter, so responses go through the protocol of
//! the service.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::scratch::Scratch;
use super::slices::{self, Program};
use super::{Outside, differential};

const SERVICES: [&str; 16] = [
    "acm",
    "cloudwatch",
    "codedeploy",
    "dynamodb",
    "ec2",
    "ecs",
    "elbv2",
    "iam",
    "inspector2",
    "neptune-graph",
    "rds",
    "resiliencehubv2",
    "route53-recovery-control-config",
    "s3",
    "ses",
    "signer",
];

/// The program's own part, before the waiters.
const PROGRAM: &str = include_str!("program.rs");

/// The status with which the script says that it found differences; others are failures of its own.
const DIFFERENCES: i32 = 3;

pub(super) fn compare(outside: &Outside) -> Result<bool> {
    let data = differential::installed(&outside.workspace, &outside.environment)?;
    let scratch = Scratch::make(&outside.workspace, "waiters")?;
    compare_services(outside, &scratch, &data, &SERVICES)
}

/// Compares the waiters of these services.
///
/// # Errors
/// A service without data, a program that does not build or stops.
pub(super) fn compare_services(
    outside: &Outside,
    scratch: &Scratch,
    data: &Path,
    services: &[&str],
) -> Result<bool> {
    let mut arms = String::new();
    for &name in services {
        let from = data.join(name);
        let operations = operations(&from)?;
        slices::generate(
            scratch,
            name,
            &from,
            &operations,
            |plan, operation, module| {
                let labels = slices::labels(plan, operation);
                for waiter in &operation.waiters {
                    let _ = writeln!(
                        arms,
                        "        \"{name} {}\" => judge!({module}, {}, [{labels}], {}, case),",
                        waiter.model.name, operation.function, waiter.function
                    );
                }
            },
        )?;
    }
    let program = Program {
        name: "judge-waiters",
        text: PROGRAM,
        signature: "(case: &Case) -> anyhow::Result<&'static str>",
        arms,
        // The script says whether a waiter may be left out.
        otherwise: "{ let _ = other; Ok(\"left out\") }",
    };
    program.write(scratch, services.iter().copied())?;
    let program = scratch.build(program.name)?;
    run(outside, data, &program, services)
}

fn run(outside: &Outside, data: &Path, program: &Path, services: &[&str]) -> Result<bool> {
    let status = Command::new(outside.environment.python())
        .arg(outside.script("waiters.py"))
        .args(&outside.plan)
        .arg("--data")
        .arg(data)
        .arg(program)
        .args(services)
        .status()
        .context("could not run waiters.py")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(DIFFERENCES) => Ok(false),
        _ => bail!("waiters.py failed ({status}), see above"),
    }
}

/// The operations that the waiters of a service call.
fn operations(from: &Path) -> Result<Vec<String>> {
    let folder = crate::import::source::version_folder(from)?;
    let file: PathBuf = folder.join("waiters-2.json");
    let text =
        fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let waiters: Value = serde_json::from_str(&text).context("the waiters are no JSON")?;
    let waiters = waiters["waiters"].as_object().into_iter().flatten();
    let names: BTreeSet<&str> = waiters
        .filter_map(|(_, waiter)| waiter["operation"].as_str())
        .collect();
    Ok(names.into_iter().map(str::to_owned).collect())
}
