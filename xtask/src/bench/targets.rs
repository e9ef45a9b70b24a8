//! The targets of attache, and whether they are met.

use super::contestant::{ATTACHE, LEAN, OFFICIAL, ONE_PASS};
use super::figures::Figures;
use super::first;
use super::fresh;
use super::load::{TASKS, Wire, key};
use super::query;
use super::run_instructions;
use super::table::Table;
use super::target::Target;

/// A table of the targets that were measured; empty if there is none.
pub(super) fn table(figures: &Figures) -> String {
    merged(figures, "")
}

/// The same with the rows of a recorded table for the targets that were not measured. They are judged with the present
/// limits.
pub(super) fn merged(figures: &Figures, recorded: &str) -> String {
    let recorded: Vec<Vec<String>> = recorded.lines().map(cells).collect();
    let old = |target: &Target| {
        let row = recorded
            .iter()
            .find(|row| row.first().is_some_and(|what| what == target.what()))?;
        match <[String; 4]>::try_from(row.clone()) {
            // The cell is rounded, so its verdict is not computed again without need.
            Ok(row) if row[1] == target.limit() => Some(row),
            _ => target.row_again(row.get(2)?),
        }
    };
    let rows: Vec<[String; 4]> = targets(figures)
        .iter()
        .filter_map(|target| target.row().or_else(|| old(target)))
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let mut table = Table::new(&["target for attache", "at most", "measured", "met"]);
    for row in rows {
        table.row(row);
    }
    format!(
        "## Targets\n\nA target is met if the whole range of its figure is within the limit, and missed if the whole range is above it. \
         Otherwise the rounds allow no verdict.\n\n{}",
        table.text()
    )
}

/// The cells of a line of a table.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim().trim_matches('|');
    line.split('|').map(|cell| cell.trim().to_owned()).collect()
}

fn targets(figures: &Figures) -> Vec<Target> {
    let mut targets = calls(figures);
    targets.extend(encrypted(figures));
    targets.extend(first_calls(figures));
    targets.extend(instructions(figures));
    targets.extend(builds(figures));
    targets.extend(generated(figures));
    targets.extend(generating(figures));
    targets.extend(first_minutes(figures));
    let absolute = |what: &str, key: &str, limit: f64| {
        Target::figure(what, limit, figures.spread(key, ATTACHE), 1.0)
    };
    targets.extend([
        absolute(
            "checking a typical request, ns",
            "validate typical nanoseconds",
            1_000.0,
        ),
        absolute("allocations of that", "validate typical allocations", 0.0),
        Target::figure(
            "MB by which the resident memory of one client grows in a soak",
            1.0,
            figures.spread("memory soak resident", ATTACHE),
            1e6,
        ),
        absolute("support cases opened twice", "duplicates", 0.0),
    ]);
    targets
}

fn calls(figures: &Figures) -> Vec<Target> {
    let key = |what: &str| key("add-attachments", 1, what);
    vec![
        Target::ratio(
            format!("CPU of AddAttachmentsToSet, 1 at a time, of `{ONE_PASS}`"),
            0.95,
            figures.ratio(&key("cpu"), ATTACHE, ONE_PASS),
        ),
        Target::figure(
            "MB that AddAttachmentsToSet allocates",
            21.0,
            figures.spread(&key("allocated"), ATTACHE),
            1e6,
        ),
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
                    targets.push(Target::ratio(
                        format!(
                            "{title} of {} over TLS, {concurrency} at a time, of `{to}`",
                            task.name
                        ),
                        limit,
                        figures.ratio(&key, ATTACHE, to),
                    ));
                }
            }
        }
    }
    targets
}

/// The targets of processes that make one call.
fn first_calls(figures: &Figures) -> Vec<Target> {
    let ratio = |title: &str, what: &str, to: &str, limit: f64| {
        Target::ratio(
            format!("{title} of a process with one call, of `{to}`"),
            limit,
            figures.ratio(&first::key(what), ATTACHE, to),
        )
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
    let ratio = |title: &str, task: &str, limit: f64| {
        let what = format!("instructions of {title}, of `{LEAN}`");
        let key = run_instructions::key(task);
        Target::ratio(what, limit, figures.ratio(&key, ATTACHE, LEAN))
    };
    vec![
        ratio("ListCases", "list-cases", 0.8),
        ratio("GetCaseAttachmentUploadUrl", "upload-url", 0.8),
        ratio("DescribeCases", "describe-cases", 0.65),
        Target::ratio(
            format!("allocations of DescribeCases, of `{LEAN}`"),
            1.0,
            figures.ratio(&key("describe-cases", 1, "allocations"), ATTACHE, LEAN),
        ),
    ]
}

/// The targets of the clients that are generated for the benchmark.
fn generated(figures: &Figures) -> Vec<Target> {
    let call = |title: &str, task: &str, concurrency: usize| {
        Target::ratio(
            format!("CPU of {title}, {concurrency} at a time, of `{OFFICIAL}`"),
            0.5,
            figures.ratio(&key(task, concurrency, "cpu"), ATTACHE, OFFICIAL),
        )
    };
    let build = |service: &str, key: &str, mode: &str, limit: f64| {
        Target::ratio(
            format!("CPU of a clean {mode} build of the client of {service}, of `{OFFICIAL}`"),
            limit,
            figures.ratio(&format!("{key} {mode} cpu"), ATTACHE, OFFICIAL),
        )
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
        Target::figure(
            "CPU seconds of the client of EC2 with ten operations in a dev build",
            1.2,
            figures.spread("query dev own", query::SLICE),
            1.0,
        ),
    ]);
    targets
}

/// The targets of an application with both clients.
fn builds(figures: &Figures) -> Vec<Target> {
    let ratio = |mode: &str, to: &str, limit: f64| {
        Target::ratio(
            format!("CPU of a clean {mode} build, of `{to}`"),
            limit,
            figures.ratio(&format!("build {mode} cpu"), ATTACHE, to),
        )
    };
    let seconds = |mode: &str, limit: f64| {
        Target::figure(
            format!("CPU seconds of the runtime and both clients in a clean {mode} build"),
            limit,
            figures.spread(&format!("build {mode} own"), ATTACHE),
            1.0,
        )
    };
    vec![
        ratio("release", OFFICIAL, 0.18),
        ratio("release", LEAN, 1.4),
        ratio("dev", OFFICIAL, 0.25),
        ratio("check", OFFICIAL, 0.2),
        Target::figure(
            "crates compiled",
            115.0,
            figures.spread("build crates", ATTACHE),
            1.0,
        ),
        seconds("release", 31.5),
        seconds("dev", 18.6),
        Target::ratio(
            format!("size of the stripped release program, of `{LEAN}`"),
            1.0,
            figures.ratio("size release", ATTACHE, LEAN),
        ),
    ]
}

/// Seconds of wall time, which hold for two processors without other work.
fn first_minutes(figures: &Figures) -> Vec<Target> {
    let target = |command: &str, name: &str, limit: f64| {
        let what = format!("seconds of `{command}` in a fresh clone");
        let spread = figures.spread(&fresh::key(name, "wall"), ATTACHE);
        Target::figure(what, limit, spread, 1.0)
    };
    vec![
        target("cargo xtask generate", "generate", 45.0),
        target("cargo test --workspace", "test", 240.0),
    ]
}

fn generating(figures: &Figures) -> Vec<Target> {
    let target = |what: &str, key: &str, limit: f64, unit: f64| {
        let spread = figures.spread(&format!("generate {key}"), ATTACHE);
        Target::figure(what, limit, spread, unit)
    };
    vec![
        target(
            "CPU of generating both services, ms",
            "services cpu",
            250.0,
            1e-3,
        ),
        target("CPU of generating the corpus, s", "corpus cpu", 120.0, 1.0),
        target(
            "peak memory of generating the corpus, MB",
            "corpus memory",
            400.0,
            1e6,
        ),
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
        figures.set("size release", ATTACHE, 13.0);
        figures.set("size release", LEAN, 10.0);
        figures.add("duplicates", ATTACHE, 0.0);
        let text = table(&figures);
        let row = |what: &str| {
            text.lines()
                .find(|line| line.contains(what))
                .unwrap_or_default()
        };
        assert!(row("stripped").ends_with("1.30 | **no** |"), "{text}");
        assert!(
            row("twice").ends_with("0.00 (1 round) |    yes |"),
            "{text}"
        );
        let rows = text.lines().filter(|line| line.starts_with('|'));
        assert_eq!(rows.count(), 4);
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
        assert!(
            row.is_some_and(|row| row.contains("0.00 (1 round)")),
            "{text}"
        );
    }
}
