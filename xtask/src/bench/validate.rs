//! The cost of validating a request.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::Plan;
use super::contestant::ATTACHE;
use super::figures::Figures;
use super::table::{Table, figure};
use super::workshop::{Workshop, number};

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let mut requests: Vec<(String, bool)> = Vec::new();
    let rounds = plan.rounds(3);
    for _ in 0..rounds {
        let output = Command::new(workshop.tool("bench-validate"))
            .stderr(Stdio::inherit())
            .output()
            .context("could not run bench-validate")?;
        ensure!(output.status.success(), "bench-validate failed, see above");
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            let report: Value =
                serde_json::from_str(line).context("the report of bench-validate is no JSON")?;
            let name = report["request"]
                .as_str()
                .context("a request has no name")?;
            let request = (name.to_owned(), report["typical"] == true);
            let kind = if request.1 { "typical" } else { "largest" };
            for what in ["nanoseconds", "allocations"] {
                let value = number(&report, what)?;
                figures.add(format!("validate {name} {what}"), ATTACHE, value);
                figures.add(format!("validate {kind} {what}"), ATTACHE, value);
            }
            if !requests.contains(&request) {
                requests.push(request);
            }
        }
    }
    let mut table = Table::new(&["request", "kind", "ns", "allocations"]);
    for (name, typical) in requests {
        let cell = |what: &str| {
            figure(
                figures.median(&format!("validate {name} {what}"), ATTACHE),
                1.0,
            )
        };
        table.row([
            name.clone(),
            if typical { "typical" } else { "largest" }.to_owned(),
            cell("nanoseconds"),
            cell("allocations"),
        ]);
    }
    Ok(format!(
        "## Validation\n\nChecking a valid request at the default level, medians of {rounds} rounds.\n\n{}",
        table.text()
    ))
}
