//! Compares how generated clients and botocore turn pages: see `xtask/outside/pages.py`.
//!
//! The operations have every kind of page of the installed botocore: a Boolean for more results, several tokens, several lists of
//! items, nested places, expressions, tokens that are numbers and maps, items that are a map, and pages without items. A mock
//! responds, so responses go through the protocol of the service.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::scratch::Scratch;
use super::slices::{self, Program};
use super::{Outside, differential};

/// Services with their operations.
const OPERATIONS: [(&str, &[&str]); 14] = [
    ("apigateway", &["GetUsage", "GetApiKeys"]),
    ("athena", &["GetQueryResults", "ListTagsForResource"]),
    ("cloudfront", &["ListInvalidations", "ListPublicKeys"]),
    (
        "cloudwatch",
        &["DescribeAlarms", "GetMetricData", "ListMetrics"],
    ),
    (
        "datapipeline",
        &["DescribeObjects", "ListPipelines", "QueryObjects"],
    ),
    (
        "devops-guru",
        &["GetCostEstimation", "ListAnomalousLogGroups"],
    ),
    ("dynamodb", &["ListTables", "Query", "Scan"]),
    (
        "ec2",
        &["DescribeVpcEndpointServices", "SearchTransitGatewayRoutes"],
    ),
    ("ecr", &["DescribeImageScanFindings"]),
    ("elasticache", &["DescribeEngineDefaultParameters"]),
    (
        "iam",
        &[
            "GetAccountAuthorizationDetails",
            "GetGroup",
            "ListEntitiesForPolicy",
        ],
    ),
    ("kinesis", &["DescribeStream", "ListStreams"]),
    (
        "route53",
        &[
            "ListHostedZones",
            "ListResourceRecordSets",
            "ListVPCAssociationAuthorizations",
        ],
    ),
    (
        "s3",
        &[
            "ListMultipartUploads",
            "ListObjectVersions",
            "ListObjects",
            "ListObjectsV2",
            "ListParts",
        ],
    ),
];

/// The program's own part, before the operations.
const PROGRAM: &str = include_str!("program.rs");

/// The status with which the script says that it found differences; others are failures of its own.
const DIFFERENCES: i32 = 3;

pub(super) fn compare(outside: &Outside) -> Result<bool> {
    let data = differential::installed(&outside.workspace, &outside.environment)?;
    let scratch = Scratch::make(&outside.workspace, "pages")?;
    let mut arms = String::new();
    for (name, operations) in OPERATIONS {
        let operations: Vec<String> = operations.iter().map(|&name| name.to_owned()).collect();
        slices::generate(
            &scratch,
            name,
            &data.join(name),
            &operations,
            |plan, operation, module| {
                let Some(pagination) = &operation.model.pagination else {
                    return;
                };
                let kind = if pagination.items.is_some() {
                    "items"
                } else {
                    "pages"
                };
                let _ = writeln!(
                    arms,
                    "        \"{name} {}\" => turn!({kind}, {module}, {}, [{}], case),",
                    operation.model.name,
                    operation.function,
                    slices::labels(plan, operation)
                );
            },
        )?;
    }
    let program = Program {
        name: "turn-pages",
        text: PROGRAM,
        signature: "(case: &Case) -> anyhow::Result<Found>",
        arms,
        otherwise: slices::UNKNOWN,
    };
    program.write(&scratch, OPERATIONS.map(|(name, _)| name))?;
    let program = scratch.build(program.name)?;
    run(outside, &data, &program)
}

fn run(outside: &Outside, data: &Path, program: &Path) -> Result<bool> {
    let operations = OPERATIONS
        .into_iter()
        .flat_map(|(service, names)| names.iter().map(move |name| format!("{service} {name}")));
    let status = Command::new(outside.environment.python())
        .arg(outside.script("pages.py"))
        .args(&outside.plan)
        .arg("--data")
        .arg(data)
        .arg(program)
        .args(operations)
        .status()
        .context("could not run pages.py")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(DIFFERENCES) => Ok(false),
        _ => bail!("pages.py failed ({status}), see above"),
    }
}
