//! Compares how generated waiters and those of botocore judge responses and errors: see `xtask/outside/waiters.py`.
//!
//! The services have most kinds of acceptors, and most expressions of botocore 1.44.8 that are more than a path; none has a
//! waiter whose requests need a member, because the requests are empty. Each is a slice with the operations that its waiters
//! call. A mock responds to the waiter, so responses go through the protocol of the
//! service.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use attache_codegen::emit::Manifest;
use attache_codegen::plan::{End, plan};
use attache_codegen::workspace::add::{Choices, Options, add_model};
use attache_codegen::workspace::incoming::Incoming;
use attache_codegen::{Input, analyse};
use serde_json::Value;

use super::scratch::Scratch;
use super::services::with_all_features;
use super::{Outside, differential};

const SERVICES: [&str; 11] = [
    "acm",
    "cloudwatch",
    "codedeploy",
    "dynamodb",
    "ec2",
    "ecs",
    "elbv2",
    "iam",
    "inspector2",
    "rds",
    "ses",
];

/// The program's own part, before the waiters.
const PROGRAM: &str = include_str!("program.rs");

/// The status with which the script says that it found differences; others are failures of its own.
const DIFFERENCES: i32 = 3;

pub(super) fn compare(outside: &Outside) -> Result<bool> {
    let data = differential::installed(&outside.workspace, &outside.environment)?;
    let scratch = Scratch::make(&outside.workspace, "waiters")?;
    let mut arms = String::new();
    let mut dependencies = String::new();
    for name in SERVICES {
        arms.push_str(&slice(&scratch, name, &data)?);
        let _ = writeln!(
            dependencies,
            "attache-{name} = {{ path = \"../{name}\", default-features = false, features = [\"blocking\", \"serde\", \"test-util\"] }}"
        );
    }
    write(&scratch, &arms, &dependencies)?;
    let program = scratch.build("judge-waiters")?;
    run(outside, &data, &program)
}

fn run(outside: &Outside, data: &Path, program: &Path) -> Result<bool> {
    let status = Command::new(outside.environment.python())
        .arg(outside.script("waiters.py"))
        .args(&outside.plan)
        .arg("--data")
        .arg(data)
        .arg(program)
        .args(SERVICES)
        .status()
        .context("could not run waiters.py")?;
    match status.code() {
        Some(0) => Ok(true),
        Some(DIFFERENCES) => Ok(false),
        _ => bail!("waiters.py failed ({status}), see above"),
    }
}

/// Generates the slice of a service; returns the arms of the program for its waiters.
fn slice(scratch: &Scratch, name: &str, data: &Path) -> Result<String> {
    let from = data.join(name);
    let operations = operations(&from)?;
    let options = Options {
        choices: Choices {
            operations: Some(operations.clone()),
            ..Default::default()
        },
        drop_endpoint_tests: true,
        ..Default::default()
    };
    add_model(&scratch.folder, &Incoming::of_path(name, &from)?, &options)?;
    with_all_features(scratch, name)?;
    let path = format!("models/{name}/model.json");
    let model = scratch.read(&path)?;
    let package = format!("attache-{name}");
    let manifest = Manifest {
        crate_name: package.clone(),
        runtime: "workspace = true".to_owned(),
        in_workspace: true,
        has_extension: false,
        has_arbitrary: false,
        has_test_util: true,
        additions: Default::default(),
        package: String::new(),
    };
    let analysed = analyse(&Input {
        model_file: &path,
        model: &model,
        overlay: None,
        words: None,
        prose: None,
        operations: Some(&operations),
        manifest: &manifest,
        header: name,
    })?;
    let module = package.replace('-', "_");
    let mut arms = String::new();
    for operation in &plan(&analysed, End::Client)?.operations {
        for waiter in &operation.waiters {
            let _ = writeln!(
                arms,
                "        \"{name} {}\" => judge!({module}, {}, {}, case),",
                waiter.model.name, operation.function, waiter.function
            );
        }
    }
    Ok(arms)
}

/// The operations that the waiters of a service call.
fn operations(from: &Path) -> Result<Vec<String>> {
    let folder = crate::import::source::version_folder(from)?;
    let file: PathBuf = folder.join("waiters-2.json");
    let text =
        fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let waiters: Value = serde_json::from_str(&text).context("the waiters are no JSON")?;
    let waiters = waiters["waiters"].as_object().into_iter().flatten();
    let names: BTreeMap<&str, ()> = waiters
        .filter_map(|(_, waiter)| Some((waiter["operation"].as_str()?, ())))
        .collect();
    Ok(names.into_keys().map(str::to_owned).collect())
}

fn write(scratch: &Scratch, arms: &str, dependencies: &str) -> Result<()> {
    let folder = "crates/judge-waiters";
    let source = scratch.folder.join(folder).join("src");
    fs::create_dir_all(&source)
        .with_context(|| format!("could not create {}", source.display()))?;
    let manifest = format!(
        r#"[package]
name = "judge-waiters"
version.workspace = true
edition.workspace = true
publish = false

[dependencies]
anyhow.workspace = true
attache-runtime = {{ workspace = true, default-features = false, features = ["test-util"] }}
serde = {{ workspace = true, features = ["derive"] }}
serde_json.workspace = true
{dependencies}"#
    );
    scratch.write(&format!("{folder}/Cargo.toml"), &manifest)?;
    let program = format!(
        "{PROGRAM}
fn judged(case: &Case) -> anyhow::Result<&'static str> {{
    match case.waiter.as_str() {{
{arms}        other => anyhow::bail!(\"there is no waiter {{other}}\"),
    }}
}}
"
    );
    scratch.write(&format!("{folder}/src/main.rs"), &program)
}
