//! Compares endpoint discovery and request compression with botocore: see `xtask/outside/scripted.py`.
//!
//! Both clients get the same scripted network and the same clock.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::scratch::Scratch;
use super::slices::{self, Program};
use super::{Outside, differential};

/// The operation that names endpoints. A slice has it by itself only if another one needs it.
const SEARCH: &str = "DescribeEndpoints";

/// Services with an operation, the member that a call sets, and whether the service names endpoints.
const CALLS: [(&str, &str, &str, bool); 4] = [
    ("cloudwatch", "PutMetricData", "Namespace", false),
    ("dynamodb", "ListTables", "ExclusiveStartTableName", true),
    (
        "timestream-query",
        "ListScheduledQueries",
        "NextToken",
        true,
    ),
    ("timestream-write", "ListDatabases", "NextToken", true),
];

/// The program's own part, before the operations.
const PROGRAM: &str = include_str!("program.rs");

/// The status with which the script says that it found differences; others are failures of its own.
const DIFFERENCES: i32 = 3;

pub(super) fn compare(outside: &Outside) -> Result<bool> {
    let data = differential::installed(&outside.workspace, &outside.environment)?;
    let scratch = Scratch::make(&outside.workspace, "scripted")?;
    let mut arms = String::new();
    for (name, called, member, names_endpoints) in CALLS {
        let operations = [called, SEARCH].map(str::to_owned);
        let operations = &operations[..if names_endpoints { 2 } else { 1 }];
        let from = data.join(name);
        slices::generate(
            &scratch,
            name,
            &from,
            operations,
            |plan, operation, module| {
                let request = plan.type_definition(operation.model.request);
                if operation.model.name == called
                    && let Some(field) = request.field(member)
                {
                    let _ = writeln!(
                        arms,
                        "        \"{name} {called}\" => calls!({module}, {}, {}, case),",
                        operation.function, field.name
                    );
                }
            },
        )?;
    }
    let program = Program {
        name: "scripted-calls",
        text: PROGRAM,
        signature: "(case: &Case) -> anyhow::Result<Found>",
        arms,
        otherwise: slices::UNKNOWN,
    };
    program.write(&scratch, CALLS.map(|(name, ..)| name))?;
    let program = scratch.build(program.name)?;
    run(outside, &data, &program)
}

fn run(outside: &Outside, data: &Path, program: &Path) -> Result<bool> {
    let calls =
        CALLS.map(|(service, operation, member, _)| format!("{service} {operation} {member}"));
    let status = Command::new(outside.environment.python())
        .arg(outside.script("scripted.py"))
        .args(&outside.plan)
        .arg("--data")
        .arg(data)
        .arg(program)
        .args(calls)
        .status()
        .context("could not run scripted.py")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(DIFFERENCES) => Ok(false),
        _ => bail!("scripted.py failed ({status}), see above"),
    }
}
