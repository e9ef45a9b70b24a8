//! How many support cases are opened twice when a server acts on a request and then fails.

use std::collections::BTreeMap;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};

use super::Plan;
use super::contestant::{ATTACHE, OFFICIAL};
use super::figures::Figures;
use super::server::Server;
use super::table::{Table, grouped};
use super::workshop::Workshop;

/// How many cases the callers try to open.
const INTENTS: usize = 4_000;
const CONCURRENCY: usize = 16;

/// The results of the calls.
#[derive(Debug, Default, PartialEq)]
struct Count {
    /// How many cases there are.
    cases: u32,
    /// How many of them no caller requested.
    duplicates: u32,
    /// How many callers got a success.
    opened: u32,
    /// How many callers got an error which says that the case may be open.
    failed: u32,
    /// How many of those have one or more cases.
    failed_but_opened: u32,
    /// How many callers got an error which says that there is no case.
    denied: u32,
    /// How many callers got a wrong result: a success without a case, or a denial with a case.
    lies: u32,
}

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let intents = plan.calls(INTENTS);
    let mut table = Table::new(&[
        "contestant",
        "intents",
        "cases",
        "duplicates",
        "told: open",
        "told: failed, perhaps open",
        "of these open",
        "told: not open",
        "told wrong",
    ]);
    for contestant in &plan.contestants {
        if ![ATTACHE, OFFICIAL].contains(&contestant.name) {
            continue;
        }
        let server = Server::start(workshop, &["--faults"])?;
        let program = workshop.program(contestant, false)?;
        let mut command = program.context("every contestant has a program")?;
        server.environment(&mut command);
        let output = command
            .args(["open-cases", &intents.to_string(), &CONCURRENCY.to_string()])
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("could not run {}", contestant.name))?;
        ensure!(
            output.status.success(),
            "{} failed, see above",
            contestant.name
        );
        let count = count(&String::from_utf8_lossy(&output.stdout), &server.end()?)?;
        figures.add("duplicates", contestant.name, f64::from(count.duplicates));
        let cells = [
            count.cases,
            count.duplicates,
            count.opened,
            count.failed,
            count.failed_but_opened,
            count.denied,
            count.lies,
        ];
        let cells = cells.map(|cell| grouped(f64::from(cell)));
        table.row(
            [contestant.name.to_owned(), grouped(intents as f64)]
                .into_iter()
                .chain(cells),
        );
    }
    Ok(format!(
        "## Duplicates\n\n`CreateCase` against a server that fails in one of five requests, mostly after it has opened the case: \
         the connection is dropped, or breaks within the response, or the response is 500, 502, 503 or 504. Each \
         client with its \
         default retries, the official one with pauses of 1 ms between them.\n\n{}",
        table.text()
    ))
}

/// Compares the results of the callers with the cases of the server.
fn count(told: &str, ledger: &str) -> Result<Count> {
    let mut cases = BTreeMap::new();
    for line in ledger.lines() {
        let (subject, number) = pair(line)?;
        let number: u32 = number
            .parse()
            .with_context(|| format!("the ledger has a line `{line}`"))?;
        cases.insert(subject, number);
    }
    let mut count = Count::default();
    for line in told.lines() {
        let (subject, told) = pair(line)?;
        let number = cases.remove(subject).unwrap_or(0);
        count.cases += number;
        count.duplicates += number.saturating_sub(1);
        match told {
            "opened" => {
                count.opened += 1;
                count.lies += u32::from(number == 0);
            }
            "failed" | "doubtful" => {
                count.failed += 1;
                count.failed_but_opened += u32::from(number > 0);
            }
            _ => {
                count.denied += 1;
                count.lies += u32::from(number > 0);
            }
        }
    }
    ensure!(
        cases.is_empty(),
        "the server has cases that no caller requested: {cases:?}"
    );
    Ok(count)
}

fn pair(line: &str) -> Result<(&str, &str)> {
    line.split_once(' ')
        .with_context(|| format!("`{line}` is not a subject with an outcome"))
}

#[cfg(test)]
mod tests {
    use super::{Count, count};

    #[test]
    fn cases_are_compared_with_the_results_of_the_callers() {
        let told = "a opened\nb opened\nc doubtful\nd failed\ne not-opened\nf not-opened\n";
        let counted = count(told, "a 1\nc 1\nd 3\nf 1\n").expect("it is well-formed");
        let expected = Count {
            cases: 6,
            duplicates: 2,
            opened: 2,
            failed: 2,
            failed_but_opened: 2,
            denied: 2,
            lies: 2,
        };
        assert_eq!(counted, expected);
    }

    #[test]
    fn a_case_that_no_caller_requested_is_an_error() {
        assert!(count("a opened\n", "a 1\nb 1\n").is_err());
    }
}
