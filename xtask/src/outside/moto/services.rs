//! Calls a moto server with generated clients of other services.
//!
//! Each service is a slice: the operations that its program in `programs/` calls. The programs create, read, list with
//! pages, delete, and are refused; they print a line for each, and this counts the lines.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use attache_codegen::workspace::add::{Choices, Options, add_model};
use attache_codegen::workspace::incoming::Incoming;

use super::super::environment::Environment;
use super::super::scratch::Scratch;
use super::super::{Outside, differential};
use super::Server;

/// What all programs share.
const STEPS: &str = include_str!("programs/steps.rs");

/// A service: its program with the modules that only it has, and the operations that it calls.
struct Service {
    name: &'static str,
    program: &'static str,
    modules: &'static [(&'static str, &'static str)],
    operations: &'static [&'static str],
}

macro_rules! services {
    ($($name:literal $(/ $main:literal)? $(+ $module:literal)*: $($operation:ident)*;)*) => {
        &[$(Service {
            name: $name,
            program: include_str!(concat!("programs/", $name, $("/", $main,)? ".rs")),
            modules: &[$((
                concat!($module, ".rs"),
                include_str!(concat!("programs/", $name, "/", $module, ".rs")),
            )),*],
            operations: &[$(stringify!($operation)),*],
        }),*]
    };
}

const SERVICES: &[Service] = services! {
    "dynamodb": BatchWriteItem CreateTable DeleteItem DeleteTable DescribeTable GetItem ListTables ListTagsOfResource
        PutItem Query Scan TagResource UpdateItem;
    "sqs": ChangeMessageVisibility CreateQueue DeleteMessage DeleteQueue GetQueueAttributes GetQueueUrl ListQueueTags
        ListQueues PurgeQueue ReceiveMessage SendMessage SendMessageBatch SetQueueAttributes TagQueue;
    "sts": AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity GetAccessKeyInfo GetCallerIdentity GetFederationToken
        GetSessionToken;
    "iam": AttachRolePolicy CreateAccessKey CreatePolicy CreateRole CreateUser DeleteAccessKey DeleteRole
        DeleteUser DeleteUserPolicy GetRole GetUser ListAttachedRolePolicies ListRoles ListUserPolicies
        PutUserPolicy;
    "ec2": AuthorizeSecurityGroupIngress CreateSecurityGroup CreateTags CreateVpc DeleteSecurityGroup DeleteVpc
        DescribeInstances DescribeSecurityGroups DescribeTags DescribeVpcs ModifyInstanceAttribute
        RevokeSecurityGroupEgress RunInstances StopInstances TerminateInstances;
    "rds": AddTagsToResource CreateDBInstance CreateDBParameterGroup CreateDBSnapshot DeleteDBInstance
        DeleteDBParameterGroup DeleteDBSnapshot DescribeDBInstances DescribeDBParameters DescribeDBSnapshots
        ListTagsForResource ModifyDBInstance ModifyDBParameterGroup RemoveTagsFromResource StopDBInstance;
    "cloudformation": CreateChangeSet CreateStack DeleteStack DescribeChangeSet DescribeStackSet DescribeStacks
        ExecuteChangeSet GetStackPolicy GetTemplate ListExports ListStackResources ListStacks SetStackPolicy UpdateStack ValidateTemplate;
    "sns": CreateTopic DeleteTopic GetTopicAttributes ListSubscriptionsByTopic ListTagsForResource ListTopics
        Publish PublishBatch SetTopicAttributes Subscribe TagResource Unsubscribe;
    "s3" / "main" + "conditions" + "keys" + "multipart" + "streams" + "urls" + "versions":
        AbortMultipartUpload CompleteMultipartUpload CopyObject CreateBucket CreateMultipartUpload DeleteBucket
        DeleteObject DeleteObjects GetBucketLocation GetBucketVersioning GetObject GetObjectTagging HeadBucket HeadObject
        ListBuckets ListMultipartUploads ListObjectVersions ListObjectsV2 ListParts PutBucketVersioning PutObject
        PutObjectTagging UploadPart;
    "route53": ChangeResourceRecordSets ChangeTagsForResource CreateHealthCheck CreateHostedZone DeleteHealthCheck
        DeleteHostedZone GetChange GetHealthCheck GetHostedZone GetHostedZoneCount ListHealthChecks ListHostedZones
        ListResourceRecordSets ListTagsForResource;
};

/// The services that each run of all comparisons calls.
const SAMPLE: [&str; 4] = ["dynamodb", "sts", "s3", "route53"];

/// How many operations and errors a program must call at least.
const LEAST: (usize, usize) = (8, 3);

/// moto has seven operations of STS, and one error of its own.
const LEAST_OF_STS: (usize, usize) = (7, 3);

/// Calls the services of [`SAMPLE`].
///
/// # Errors
/// As [`run`].
pub(in super::super) fn sample(outside: &Outside) -> Result<bool> {
    let data = differential::installed(&outside.workspace, &outside.environment)?;
    let (_, failed) = run(&outside.workspace, &SAMPLE.map(str::to_owned), Some(&data))?;
    Ok(!failed)
}

/// Calls the services that are named, or all; returns the table and whether anything failed.
///
/// # Errors
/// Python or data that is not available, a service without a program.
pub(in super::super) fn run(
    workspace: &Path,
    names: &[String],
    data: Option<&PathBuf>,
) -> Result<(String, bool)> {
    for name in names {
        ensure!(
            SERVICES.iter().any(|service| service.name == name),
            "no program calls {name}: xtask/src/outside/moto/programs has {}",
            SERVICES
                .iter()
                .map(|service| service.name)
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    let chosen =
        |service: &&Service| names.is_empty() || names.iter().any(|name| name == service.name);
    let services: Vec<&Service> = SERVICES.iter().filter(chosen).collect();
    let environment = Environment::set_up(workspace)?;
    let names: Vec<String> = services
        .iter()
        .map(|service| service.name.to_owned())
        .collect();
    let data = differential::data(workspace, &environment, data, &names)?;
    let scratch = Scratch::make(workspace, "moto")?;
    let mut table = format!("\n{:<16} {:>10} {:>7}\n", "moto", "operations", "errors");
    let mut failed = false;
    for service in services {
        let called = service
            .write(&scratch, &data)
            .and_then(|()| scratch.build(&format!("moto-{}", service.name)))
            .and_then(|program| call(workspace, &environment, &program));
        let row = match called {
            Ok((operations, errors)) => {
                let least = if service.name == "sts" {
                    LEAST_OF_STS
                } else {
                    LEAST
                };
                let enough = operations >= least.0 && errors >= least.1;
                failed |= !enough;
                let note = if enough { "" } else { "  too few" };
                format!("{:<16} {operations:>10} {errors:>7}{note}\n", service.name)
            }
            Err(error) => {
                failed = true;
                format!("{:<16} FAILED: {error:#}\n", service.name)
            }
        };
        print!("{row}");
        let _ = write!(table, "{row}");
    }
    Ok((table, failed))
}

impl Service {
    /// Generates the slice and writes its program.
    fn write(&self, scratch: &Scratch, data: &Path) -> Result<()> {
        let name = self.name;
        let options = Options {
            choices: Choices {
                operations: Some(
                    self.operations
                        .iter()
                        .map(|name| (*name).to_owned())
                        .collect(),
                ),
                ..Default::default()
            },
            drop_endpoint_tests: true,
            ..Default::default()
        };
        add_model(
            &scratch.folder,
            &Incoming::of_path(name, &data.join(name))?,
            &options,
        )?;
        let folder = format!("crates/moto-{name}");
        let source = scratch.folder.join(&folder).join("src");
        fs::create_dir_all(&source)
            .with_context(|| format!("could not create {}", source.display()))?;
        let manifest = format!(
            r#"[package]
name = "moto-{name}"
version.workspace = true
edition.workspace = true
publish = false

[dependencies]
anyhow.workspace = true
attache-runtime = {{ workspace = true, default-features = false }}
http-body.workspace = true
attache-{name} = {{ path = "../{name}", default-features = false, features = ["blocking", "hyper"] }}
"#
        );
        scratch.write(&format!("{folder}/Cargo.toml"), &manifest)?;
        scratch.write(&format!("{folder}/src/main.rs"), self.program)?;
        for (module, text) in self.modules {
            scratch.write(&format!("{folder}/src/{module}"), text)?;
        }
        scratch.write(&format!("{folder}/src/steps.rs"), STEPS)
    }
}

/// Runs a program against a server of its own; returns how many operations and errors agreed.
fn call(workspace: &Path, environment: &Environment, program: &Path) -> Result<(usize, usize)> {
    let server = Server::start(
        &environment.python(),
        &workspace.join("xtask/outside/moto_server.py"),
    )?;
    let output = Command::new(program)
        .arg(&server.url)
        // Presigned URLs are used by another program.
        .arg(environment.python())
        .arg(workspace.join("xtask/outside/presigned.py"))
        // A proxy of the environment is not for loopback addresses.
        .env("NO_PROXY", "127.0.0.1")
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not run {}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        bail!(
            "it stopped after `{}`, see above",
            text.lines().last().unwrap_or("nothing")
        );
    }
    let lines: BTreeSet<&str> = text.lines().collect();
    let errors = lines
        .iter()
        .filter(|line| line.contains(" refused: "))
        .count();
    Ok((lines.len() - errors, errors))
}
