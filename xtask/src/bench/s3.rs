//! A client of S3: its calls, and the cost of building it.

use anyhow::Result;

use super::Plan;
use super::contestant::{self, ATTACHE, LEAN, OFFICIAL, S3_CONTESTANTS};
use super::figures::Figures;
use super::generated::{self, Build, Client};
use super::load::{self, Task, Wire};
use super::workshop::Workshop;

/// What the client with few operations is called in the tables.
const SLICE: &str = "attache, three operations";

/// The operations of the slice: what is called.
const OPERATIONS: [&str; 3] = ["GetObject", "ListObjectsV2", "PutObject"];

const S3: Client = Client {
    name: "s3",
    service: "s3",
    operations: &[],
};

const S3_SLICE: Client = Client {
    name: "s3-slice",
    service: "s3",
    operations: &OPERATIONS,
};

const TASKS: [Task; 3] = [
    Task {
        name: "list-objects",
        title: "S3 `ListObjectsV2`, 1,000 keys, about 330 KB",
        calls: 400,
    },
    Task {
        name: "get-object",
        title: "S3 `GetObject`, 10 MB",
        calls: 100,
    },
    Task {
        name: "put-object",
        title: "S3 `PutObject`, 10 MB",
        calls: 100,
    },
];

const BUILDS: [Build; 3] = [
    Build {
        name: ATTACHE,
        package: "attache-s3",
        library: "attache_s3",
        folder: Some("s3"),
    },
    Build {
        name: SLICE,
        package: "attache-s3-slice",
        library: "attache_s3_slice",
        folder: Some("s3-slice"),
    },
    Build {
        name: OFFICIAL,
        package: "bench-s3-official",
        library: "aws_sdk_s3",
        folder: None,
    },
];

/// Calls S3.
pub(super) fn calls(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let clients = [S3_SLICE];
    let scratch = generated::clients(workshop, &clients)?;
    generated::program(workshop, &scratch, "s3", &clients)?;
    let contestants: Vec<_> = S3_CONTESTANTS.iter().collect();
    let tables = load::tables(workshop, plan, &contestants, &TASKS, Wire::Plain, figures)?;
    Ok(format!(
        "## Calls of S3\n\nAs the other calls. An object is sent from memory and read into memory. `{ATTACHE}` and `{OFFICIAL}` \
         compute and verify the checksums that they do by default; `{LEAN}` has none, and reads the list with quick-xml and \
         serde.\n\n{}\n{tables}",
        contestant::list(&S3_CONTESTANTS)
    ))
}

/// Builds the client of S3.
pub(super) fn builds(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let scratch = generated::clients(workshop, &[S3, S3_SLICE])?;
    let table = generated::builds(workshop, plan, &scratch, "s3", &BUILDS, figures)?;
    Ok(format!(
        "## Builds of S3\n\nAs the builds of EC2, of the client of S3. The slice has `{}`.\n\n{table}",
        OPERATIONS.join("`, `"),
    ))
}
