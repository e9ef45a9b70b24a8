//! Clients of EC2 and STS: their calls, and the cost of building the client of EC2.
//!
//! EC2 is generated twice: whole, and with ten operations.

use anyhow::Result;

use super::Plan;
use super::contestant::{self, ATTACHE, LEAN, OFFICIAL, QUERY_CONTESTANTS};
use super::figures::Figures;
use super::generated::{self, Build, Client};
use super::load::{self, Task, Wire};
use super::workshop::Workshop;

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

const EC2: Client = Client {
    name: "ec2",
    service: "ec2",
    operations: &[],
};

const EC2_SLICE: Client = Client {
    name: "ec2-slice",
    service: "ec2",
    operations: &OPERATIONS,
};

const STS: Client = Client {
    name: "sts",
    service: "sts",
    operations: &[],
};

const TASKS: [Task; 2] = [
    Task {
        name: "describe-instances",
        title: "EC2 `DescribeInstances`, 100 instances, about 800 KB",
        calls: 200,
    },
    Task {
        name: "assume-role",
        title: "STS `AssumeRole`",
        calls: 4_000,
    },
];

const BUILDS: [Build; 3] = [
    Build {
        name: ATTACHE,
        package: "attache-ec2",
        library: "attache_ec2",
        folder: Some("ec2"),
    },
    Build {
        name: SLICE,
        package: "attache-ec2-slice",
        library: "attache_ec2_slice",
        folder: Some("ec2-slice"),
    },
    Build {
        name: OFFICIAL,
        package: "bench-query-official",
        library: "aws_sdk_ec2",
        folder: None,
    },
];

/// Calls both services.
pub(super) fn calls(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let clients = [EC2_SLICE, STS];
    let scratch = generated::clients(workshop, &clients)?;
    generated::program(workshop, &scratch, "query", &clients)?;
    let contestants: Vec<_> = QUERY_CONTESTANTS.iter().collect();
    let tables = load::tables(workshop, plan, &contestants, &TASKS, Wire::Plain, figures)?;
    Ok(format!(
        "## Calls of EC2 and STS\n\nAs the other calls. `{LEAN}` reads the same members with quick-xml and serde. \
         The client of EC2 has ten operations, because its code for an operation is the same as in the whole client.\n\n{}\n{tables}",
        contestant::list(&QUERY_CONTESTANTS)
    ))
}

/// Builds the client of EC2.
pub(super) fn builds(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let scratch = generated::clients(workshop, &[EC2, EC2_SLICE])?;
    let table = generated::builds(workshop, plan, &scratch, "query", &BUILDS, figures)?;
    Ok(format!(
        "## Builds of EC2\n\nClean builds of nothing but the client of EC2, offline, with default features: CPU seconds of all \
         crates, those of the client alone, and the peak memory of the largest process in MB. The ratio is to `{OFFICIAL}`. The \
         slice has {} operations: `{}`.\n\n{table}",
        OPERATIONS.len(),
        OPERATIONS.join("`, `"),
    ))
}
