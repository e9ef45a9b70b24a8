//! The targets of attache, and whether they are met.

use super::contestant::{ATTACHE, LEAN, OFFICIAL, ONE_PASS};
use super::figures::Figures;
use super::first;
use super::load::{TASKS, Wire, key};
use super::query;
use super::run_instructions;
use super::table::Table;

/// A figure that must not exceed a limit.
struct Target {
    what: String,
    limit: f64,
    value: Option<f64>,
    /// How many units of the value are one unit of the limit.
    unit: f64,
}

impl Target {
    /// The row of the table; `None` if it was not measured.
    fn row(&self) -> Option<Vec<String>> {
        let value = self.value? / self.unit;
        let met = if value <= self.limit { "yes" } else { "**no**" };
        Some(vec![
            self.what.clone(),
            format!("{}", self.limit),
            format!("{value:.2}"),
            met.to_owned(),
        ])
    }
}

/// A table of the targets that were measured; empty if there is none.
pub(super) fn table(figures: &Figures) -> String {
    merged(figures, "")
}

/// The same with the rows of a recorded table for the targets that were not measured.
pub(super) fn merged(figures: &Figures, recorded: &str) -> String {
    let recorded: Vec<Vec<String>> = recorded.lines().map(cells).collect();
    let rows: Vec<Vec<String>> = targets(figures)
        .iter()
        .filter_map(|target| {
            let old = || {
                recorded
                    .iter()
                    .find(|row| row.first() == Some(&target.what))
            };
            target.row().or_else(|| old().cloned())
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["target for attache", "at most", "measured", "met"]);
    for row in rows {
        table.row(row);
    }
    format!("## Targets\n\n{}", table.text())
}

/// The cells of a line of a table.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim().trim_matches('|');
    line.split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn targets(figures: &Figures) -> Vec<Target> {
    let mut targets = calls(figures);
    targets.extend(instructions(figures));
    targets.extend(encrypted(figures));
    targets.extend(first_calls(figures));
    targets.extend(builds(figures));
    targets.extend(generated(figures));
    let median = |what: &str| figures.median(what, ATTACHE);
    let absolute = |what: &str, key: &str, limit: f64| Target {
        what: what.to_owned(),
        limit,
        value: median(key),
        unit: 1.0,
    };
    targets.push(Target {
        what: format!("size of the stripped release program, of `{LEAN}`"),
        limit: 1.25,
        value: figures.ratio("size release", ATTACHE, LEAN),
        unit: 1.0,
    });
    targets.push(Target {
        unit: 1e-3,
        ..absolute(
            "CPU of generating both services, ms",
            "generate services cpu",
            150.0,
        )
    });
    targets.extend([
        absolute(
            "CPU of generating the corpus, s",
            "generate corpus cpu",
            20.0,
        ),
        absolute(
            "checking a typical request, ns",
            "validate typical nanoseconds",
            1_000.0,
        ),
        absolute("allocations of that", "validate typical allocations", 0.0),
        absolute("support cases opened twice", "duplicates", 0.0),
    ]);
    targets
}

fn calls(figures: &Figures) -> Vec<Target> {
    let ratio = |title: &str, task: &str, concurrency: usize, to: &str, limit: f64| Target {
        what: format!("CPU of {title}, {concurrency} at a time, of `{to}`"),
        limit,
        value: figures.ratio(&key(task, concurrency, "cpu"), ATTACHE, to),
        unit: 1.0,
    };
    vec![
        ratio("ListCases", "list-cases", 16, LEAN, 1.15),
        ratio("ListCases", "list-cases", 1, LEAN, 1.15),
        ratio("GetCaseAttachmentUploadUrl", "upload-url", 16, LEAN, 1.15),
        ratio("GetCaseAttachmentUploadUrl", "upload-url", 1, LEAN, 1.15),
        ratio("DescribeCases", "describe-cases", 1, LEAN, 0.9),
        ratio("AddAttachmentsToSet", "add-attachments", 1, ONE_PASS, 1.05),
        Target {
            what: "MB that AddAttachmentsToSet allocates".to_owned(),
            limit: 21.0,
            value: figures.median(&key("add-attachments", 1, "allocated"), ATTACHE),
            unit: 1e6,
        },
    ]
}

/// The targets of calls over TLS.
fn encrypted(figures: &Figures) -> Vec<Target> {
    let mut targets = Vec::new();
    for task in &TASKS {
        for concurrency in [1, 16] {
            for (title, what) in [("CPU", "cpu"), ("p50", "p50")] {
                for (to, limit) in [(LEAN, 1.0), (OFFICIAL, 0.6)] {
                    let key = key(&Wire::Tls.label(task.name), concurrency, what);
                    targets.push(Target {
                        what: format!(
                            "{title} of {} over TLS, {concurrency} at a time, of `{to}`",
                            task.name
                        ),
                        limit,
                        value: figures.ratio(&key, ATTACHE, to),
                        unit: 1.0,
                    });
                }
            }
        }
    }
    targets
}

/// The targets of processes that make one call.
fn first_calls(figures: &Figures) -> Vec<Target> {
    let ratio = |title: &str, what: &str, to: &str, limit: f64| Target {
        what: format!("{title} of a process with one call, of `{to}`"),
        limit,
        value: figures.ratio(&first::key(what), ATTACHE, to),
        unit: 1.0,
    };
    vec![
        ratio("wall time", "wall", OFFICIAL, 0.5),
        ratio("wall time", "wall", LEAN, 1.1),
        ratio("CPU", "cpu", OFFICIAL, 0.5),
        ratio("CPU", "cpu", LEAN, 1.1),
    ]
}

/// The targets of counts, which do not depend on the load of the machine.
fn instructions(figures: &Figures) -> Vec<Target> {
    let ratio = |title: &str, task: &str, limit: f64| Target {
        what: format!("instructions of {title}, of `{LEAN}`"),
        limit,
        value: run_instructions::ratio(figures, task, ATTACHE, LEAN),
        unit: 1.0,
    };
    let allocations = |whose: &str| figures.median(&key("describe-cases", 1, "allocations"), whose);
    vec![
        ratio("ListCases", "list-cases", 0.8),
        ratio("GetCaseAttachmentUploadUrl", "upload-url", 0.8),
        ratio("DescribeCases", "describe-cases", 0.65),
        Target {
            what: format!("allocations of DescribeCases, of `{LEAN}`"),
            limit: 1.0,
            value: allocations(ATTACHE)
                .zip(allocations(LEAN))
                .map(|(ours, theirs)| ours / theirs),
            unit: 1.0,
        },
    ]
}

/// The targets of the clients that are generated for the benchmark.
fn generated(figures: &Figures) -> Vec<Target> {
    let call = |title: &str, task: &str, concurrency: usize| Target {
        what: format!("CPU of {title}, {concurrency} at a time, of `{OFFICIAL}`"),
        limit: 0.5,
        value: figures.ratio(&key(task, concurrency, "cpu"), ATTACHE, OFFICIAL),
        unit: 1.0,
    };
    let build = |service: &str, key: &str, mode: &str, limit: f64| Target {
        what: format!("CPU of a clean {mode} build of the client of {service}, of `{OFFICIAL}`"),
        limit,
        value: figures.ratio(&format!("{key} {mode} cpu"), ATTACHE, OFFICIAL),
        unit: 1.0,
    };
    let operations = [
        ("DescribeInstances", "describe-instances"),
        ("AssumeRole", "assume-role"),
        ("ListObjectsV2", "list-objects"),
        ("GetObject", "get-object"),
        ("PutObject", "put-object"),
    ];
    let mut targets: Vec<Target> = operations
        .iter()
        .flat_map(|(title, task)| [1, 16].map(|concurrency| call(title, task, concurrency)))
        .collect();
    targets.extend([
        build("EC2", "query", "dev", 0.25),
        build("EC2", "query", "release", 0.25),
        build("S3", "s3", "dev", 0.3),
        build("S3", "s3", "release", 0.3),
        Target {
            what: "CPU seconds of the client of EC2 with ten operations in a dev build".to_owned(),
            limit: 1.2,
            value: figures.median("query dev own", query::SLICE),
            unit: 1.0,
        },
    ]);
    targets
}

fn builds(figures: &Figures) -> Vec<Target> {
    let ratio = |mode: &str, to: &str, limit: f64| Target {
        what: format!("CPU of a clean {mode} build, of `{to}`"),
        limit,
        value: figures.ratio(&format!("build {mode} cpu"), ATTACHE, to),
        unit: 1.0,
    };
    let seconds = |what: &str, mode: &str, crates: &[&str], limit: f64| Target {
        what: format!("CPU seconds of {what} in a clean {mode} build"),
        limit,
        value: crates
            .iter()
            .map(|name| figures.median(&format!("build {mode} {name}"), ATTACHE))
            .sum(),
        unit: 1.0,
    };
    let clients = ["attache_support", "attache_security_ir"];
    let runtime = ["attache_runtime"];
    vec![
        ratio("release", OFFICIAL, 0.3),
        ratio("release", LEAN, 1.4),
        ratio("dev", OFFICIAL, 0.5),
        ratio("check", OFFICIAL, 0.5),
        Target {
            what: "crates compiled".to_owned(),
            limit: 115.0,
            value: figures.median("build crates", ATTACHE),
            unit: 1.0,
        },
        seconds("both clients", "release", &clients, 10.0),
        seconds("both clients", "dev", &clients, 4.0),
        seconds("the runtime", "release", &runtime, 6.0),
        seconds("the runtime", "dev", &runtime, 3.0),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::contestant::{ATTACHE, LEAN};
    use super::{Figures, merged, table};

    #[test]
    fn only_what_was_measured_is_judged() {
        let mut figures = Figures::default();
        assert_eq!(table(&figures), "");
        figures.add("size release", ATTACHE, 13.0);
        figures.add("size release", LEAN, 10.0);
        figures.add("duplicates", ATTACHE, 0.0);
        let text = table(&figures);
        let row = |what: &str| {
            text.lines()
                .find(|line| line.contains(what))
                .unwrap_or_default()
        };
        assert!(row("stripped").ends_with("1.30 | **no** |"), "{text}");
        assert!(row("twice").ends_with("0.00 |    yes |"), "{text}");
        assert_eq!(text.lines().count(), 6);
    }

    #[test]
    fn a_recorded_target_stays_until_it_is_measured_again() {
        let mut figures = Figures::default();
        figures.add("duplicates", ATTACHE, 1.0);
        let recorded = table(&figures);
        let mut figures = Figures::default();
        figures.add("size release", ATTACHE, 10.0);
        figures.add("size release", LEAN, 10.0);
        let text = merged(&figures, &recorded);
        assert!(
            text.contains("twice") && text.contains("stripped"),
            "{text}"
        );
        figures.add("duplicates", ATTACHE, 0.0);
        let text = merged(&figures, &recorded);
        let row = text.lines().find(|line| line.contains("twice"));
        assert!(row.is_some_and(|row| row.contains("0.00")), "{text}");
    }
}
