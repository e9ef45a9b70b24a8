//! The report of a run: sums, the largest services, and what was refused or left out.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::row::{Generated, Outcome, Row};

/// How many of the largest services the table shows.
const SHOWN: usize = 10;

/// The report. With `all`, it has a line for each service that was generated.
pub(super) fn table(rows: &[Row], all: bool, wall: Duration, threads: usize) -> String {
    let mut generated: Vec<(&Row, &Generated)> = Vec::new();
    let mut refused: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut left_out: Vec<String> = Vec::new();
    let mut panicked = Vec::new();
    for row in rows {
        let named = |text: &String| format!("{}: {text}", row.name);
        match &row.outcome {
            Outcome::Generated(what) => {
                generated.push((row, what));
                left_out.extend(what.left_out.iter().map(named));
            }
            Outcome::Refused(error) => refused.entry(reason(error)).or_default().push(&row.name),
            Outcome::Panicked(text) => panicked.push(named(text)),
        }
    }
    let cpu: Duration = rows.iter().map(|row| row.time).sum();
    let mut text = format!(
        "{} services: {}; {} refused, {} panicked; {:.1} s on {threads} threads, {:.1} s in all of them\nsha256 {}\n\n",
        rows.len(),
        sums(&generated),
        refused.values().map(Vec::len).sum::<usize>(),
        panicked.len(),
        wall.as_secs_f64(),
        cpu.as_secs_f64(),
        hash(&generated),
    );
    text.push_str(&services(&mut generated, all));
    for (title, lines) in [
        ("left out of their services", &left_out),
        ("panicked", &panicked),
    ] {
        if !lines.is_empty() {
            let _ = write!(text, "\n{title}: {}\n", lines.len());
            lines
                .iter()
                .for_each(|line| text.push_str(&format!("  {line}\n")));
        }
    }
    text.push_str(&refusals(refused));
    text
}

fn sums(generated: &[(&Row, &Generated)]) -> String {
    let sum = |count: fn(&Generated) -> usize| {
        generated.iter().map(|(_, what)| count(what)).sum::<usize>()
    };
    format!(
        "{} generated with {} operations, {} types and {} lines",
        generated.len(),
        sum(|what| what.operations),
        sum(|what| what.types),
        sum(|what| what.lines),
    )
}

/// The SHA-256 over all that was generated.
fn hash(generated: &[(&Row, &Generated)]) -> String {
    let mut hash = Sha256::new();
    for (_, what) in generated {
        hash.update(what.digest);
    }
    let bytes = hash.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A line for each service, or for each of the largest.
fn services(generated: &mut [(&Row, &Generated)], all: bool) -> String {
    let mut text = format!(
        "{:<36} {:>10} {:>7} {:>9} {:>8}\n",
        "service", "operations", "types", "lines", "ms"
    );
    let shown = if all { generated.len() } else { SHOWN };
    if !all {
        generated.sort_by_key(|(_, what)| Reverse(what.lines));
    }
    for (row, what) in generated.iter().take(shown) {
        let _ = writeln!(
            text,
            "{:<36} {:>10} {:>7} {:>9} {:>8.1}",
            row.name,
            what.operations,
            what.types,
            what.lines,
            row.time.as_secs_f64() * 1_000.0
        );
    }
    text
}

/// The reasons of refusals, the most frequent one first.
fn refusals(refused: BTreeMap<String, Vec<&str>>) -> String {
    let mut text = "\nrefused:\n".to_owned();
    let mut refused: Vec<_> = refused.into_iter().collect();
    refused.sort_by_key(|(_, names)| Reverse(names.len()));
    for (reason, names) in refused {
        let _ = writeln!(
            text,
            "{:>5}  {reason}\n       {}",
            names.len(),
            names.join(", ")
        );
    }
    text
}

/// The reason of a refusal without the places, so that equal ones can be counted.
fn reason(error: &str) -> String {
    if let Some((_, reason)) = error.split_once("unsupported protocol ") {
        let protocol = reason.split(':').next().unwrap_or(reason);
        return format!("protocol {protocol}");
    }
    let last = error.rsplit(": ").next().unwrap_or(error);
    // Names of shapes and parameters differ from service to service.
    let mut text = String::new();
    for (index, part) in last.split('`').enumerate() {
        text.push_str(if index % 2 == 0 { part } else { "…" });
    }
    text
}
