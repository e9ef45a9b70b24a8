//! Clients of EC2 and STS: their calls, and the cost of building the client of EC2.
//!
//! The clients are generated from botocore's data into a scratch workspace, so that no model of these services is part of
//! this repository. EC2 is generated twice: whole, and with ten operations.

use std::fs;

use anyhow::{Context, Result};
use attache_codegen::workspace::add::{Choices, Options, add_model};
use attache_codegen::workspace::incoming::Incoming;

use super::Plan;
use super::contestant::{ATTACHE, LEAN, OFFICIAL, QUERY_CONTESTANTS};
use super::figures::Figures;
use super::load::{self, Task};
use super::table::{Table, figure};
use super::workshop::{Mode, SCRATCH, Workshop};
use crate::outside::environment::Environment;
use crate::outside::scratch::{Scratch, lines};
use crate::outside::service_data;

/// What the client of EC2 with few operations is called in the tables.
pub(super) const SLICE: &str = "attache, ten operations";

/// The operations of the slice: what automation that isolates an instance needs.
const OPERATIONS: [&str; 10] = [
    "AuthorizeSecurityGroupIngress",
    "CreateSnapshot",
    "CreateTags",
    "DescribeInstances",
    "DescribeSecurityGroups",
    "DescribeVolumes",
    "RunInstances",
    "StartInstances",
    "StopInstances",
    "TerminateInstances",
];

/// The clients: the name, the service of botocore, and whether it is the slice.
const CLIENTS: [(&str, &str, bool); 3] = [
    ("ec2", "ec2", false),
    ("ec2-slice", "ec2", true),
    ("sts", "sts", false),
];

const TASKS: [Task; 2] = [
    Task {
        name: "describe-instances",
        title: "EC2 `DescribeInstances`, 100 instances, about 800 KB",
        calls: 400,
    },
    Task {
        name: "assume-role",
        title: "STS `AssumeRole`",
        calls: 8_000,
    },
];

/// The modes in which the client of EC2 is built.
const MODES: [Mode; 2] = [Mode::Dev, Mode::Release];

const MANIFEST: &str = r#"[package]
name = "bench-query-attache"
version.workspace = true
edition.workspace = true
publish = false

[[bin]]
name = "bench-query-attache"
path = "src/main.rs"

[[bin]]
name = "bench-query-attache-counting"
path = "src/counting.rs"
required-features = ["counting"]

[features]
counting = ["bench-measure/counting"]

[dependencies]
attache-ec2-slice = { path = "../ec2-slice" }
attache-sts = { path = "../sts" }
"#;

/// Calls both services.
pub(super) fn calls(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let _ = generated(workshop)?;
    let contestants: Vec<_> = QUERY_CONTESTANTS.iter().collect();
    let tables = load::tables(workshop, plan, &contestants, &TASKS, figures)?;
    Ok(format!(
        "## Calls of EC2 and STS\n\nAs the other calls. `{LEAN}` reads the same members with quick-xml and serde. \
         The client of EC2 has ten operations, because its code for an operation is the same as in the whole client.\n{tables}"
    ))
}

/// Builds the client of EC2.
pub(super) fn builds(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let scratch = generated(workshop)?;
    let rows = [
        (ATTACHE, &workshop.generated, "attache-ec2", "attache_ec2"),
        (
            SLICE,
            &workshop.generated,
            "attache-ec2-slice",
            "attache_ec2_slice",
        ),
        (
            OFFICIAL,
            &workshop.benches,
            "bench-query-official",
            "aws_sdk_ec2",
        ),
    ];
    for round in 0..plan.rounds(1) {
        for mode in MODES {
            for (name, workspace, package, own) in rows {
                eprintln!("bench: {name} {}, round {}", mode.name(), round + 1);
                let folder = format!("query-build-{package}");
                let target = workshop.target_folder(&folder, mode);
                if target.exists() {
                    fs::remove_dir_all(&target)
                        .with_context(|| format!("could not delete {}", target.display()))?;
                }
                let mut command = workshop.build_command(workspace, package, mode, &folder);
                command.arg("--lib");
                let built = workshop.measured_build(command, None)?;
                let own = built.units.iter().filter(|(unit, _)| unit == own);
                let mode = mode.name();
                figures.add(format!("query {mode} cpu"), name, built.cost.cpu);
                figures.add(format!("query {mode} memory"), name, built.cost.memory);
                figures.add(
                    format!("query {mode} own"),
                    name,
                    own.map(|(_, cpu)| cpu).sum(),
                );
                figures.add("query crates", name, built.crates as f64);
            }
        }
    }
    for (name, folder) in [(ATTACHE, "ec2"), (SLICE, "ec2-slice")] {
        let source = scratch.folder.join("crates").join(folder).join("src");
        figures.add("query lines", name, lines(&source)? as f64);
    }
    Ok(format!(
        "## Builds of EC2\n\nClean builds of nothing but the client of EC2, offline, with default features: CPU seconds of all \
         crates, those of the client alone, and the peak memory of the largest process in MB. The ratio is to `{OFFICIAL}`. The \
         slice has {} operations: `{}`.\n\n{}",
        OPERATIONS.len(),
        OPERATIONS.join("`, `"),
        table(figures, &rows.map(|(name, ..)| name))
    ))
}

fn table(figures: &Figures, names: &[&str]) -> String {
    let mut table = Table::new(&[
        "client",
        "lines",
        "crates",
        "dev CPU",
        "ratio",
        "client",
        "ratio",
        "MB",
        "release CPU",
        "ratio",
        "client",
        "ratio",
        "MB",
    ]);
    for name in names {
        let mut cells = vec![
            (*name).to_owned(),
            figure(figures.median("query lines", name), 1.0),
            figure(figures.median("query crates", name), 1.0),
        ];
        for mode in MODES.map(Mode::name) {
            for what in ["cpu", "own"] {
                let key = format!("query {mode} {what}");
                cells.push(figure(figures.median(&key, name), 1.0));
                cells.push(figure(figures.ratio(&key, name, OFFICIAL), 1.0));
            }
            cells.push(figure(
                figures.median(&format!("query {mode} memory"), name),
                1e6,
            ));
        }
        table.row(cells);
    }
    table.text()
}

/// Generates the clients and the program that calls them.
fn generated(workshop: &Workshop) -> Result<Scratch> {
    let environment = Environment::set_up(&workshop.workspace)?;
    let names = ["ec2", "sts"].map(str::to_owned);
    let data = service_data(&workshop.workspace, &environment, &names)?;
    let scratch = Scratch::make(&workshop.workspace, SCRATCH)?;
    for (name, service, sliced) in CLIENTS {
        let options = Options {
            choices: Choices {
                operations: sliced.then(|| OPERATIONS.map(str::to_owned).to_vec()),
                ..Default::default()
            },
            other_service: true,
            drop_endpoint_tests: true,
            ..Default::default()
        };
        add_model(
            &scratch.folder,
            &Incoming::of_path(name, &data.join(service))?,
            &options,
        )?;
    }
    let folder = scratch.folder.join("crates/attache/src");
    fs::create_dir_all(&folder)
        .with_context(|| format!("could not create {}", folder.display()))?;
    let measure = workshop.benches.join("measure");
    let manifest = format!(
        "{MANIFEST}bench-measure = {{ path = \"{}\" }}\n",
        measure.display()
    );
    scratch.write("crates/attache/Cargo.toml", &manifest)?;
    for (file, from) in [
        ("main.rs", "query/floor/src/main.rs"),
        ("counting.rs", "query/floor/src/counting.rs"),
        ("program.rs", "query/attache/program.rs"),
    ] {
        let from = workshop.benches.join(from);
        fs::copy(&from, folder.join(file))
            .with_context(|| format!("could not copy {}", from.display()))?;
    }
    // The lock file of this workspace lacks the packages of the scratch workspace.
    workshop.cargo(&scratch.folder, ["fetch", "--quiet"], &[])?;
    Ok(scratch)
}
