//! `cargo xtask conformance --validation FILE`: runs a suite of malformed requests through a generated client.
//!
//! The file is a Smithy JSON AST with the trait `smithy.test#httpMalformedRequestTests` on its operations: requests
//! that violate a constraint, with the response of a validating server. A client is generated from its model below
//! `target/`, each request is converted to our request type, and validation must report exactly the message and the
//! paths of the server.

mod case;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use attache_codegen::emit::{self, Manifest};
use attache_codegen::import::from_smithy;
use attache_codegen::plan::{End, Plan, plan};
use attache_codegen::{Input, analyse};
use serde_json::{Value, json};

use self::case::Case;
use super::program;
use super::report::Report;
use crate::tools;

/// The program that judges the requests, but for its table of operations.
const DRIVER: &str = include_str!("driver.rs");

/// Runs the cases of a file.
///
/// # Errors
/// A file that cannot be read or holds no case, a model that cannot be generated, code that does not compile.
pub fn run(workspace: &Path, file: &Path) -> Result<Report> {
    let text =
        fs::read_to_string(file).with_context(|| format!("could not read {}", file.display()))?;
    let ast: Value =
        serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))?;
    let cases = case::read(&ast)?;
    ensure!(
        !cases.is_empty(),
        "{} holds no case of smithy.test#httpMalformedRequestTests",
        file.display()
    );
    let root = write_client(workspace, &text)?;
    let verdicts = build_and_run(&root, &cases)?;
    Ok(report(&cases, &verdicts))
}

fn report(cases: &[Case], verdicts: &[Value]) -> Report {
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    let mut text = String::new();
    for (case, verdict) in cases.iter().zip(verdicts) {
        if let Some(reason) = verdict["inexpressible"].as_str() {
            skipped += 1;
            text.push_str(&format!(
                "skipped {}: the request type cannot hold it: {reason}\n",
                case.name
            ));
        } else if *verdict == case.expected {
            passed += 1;
        } else {
            failed += 1;
            text.push_str(&format!(
                "FAILED {}\n    wanted {}\n    came   {verdict}\n",
                case.name, case.expected
            ));
        }
    }
    text.push_str(&format!(
        "{passed} passed, {failed} failed, {skipped} skipped\n"
    ));
    Report {
        text,
        failed: failed > 0,
    }
}

/// Writes the client and the program; returns their folder.
fn write_client(workspace: &Path, text: &str) -> Result<PathBuf> {
    let root = tools::target(workspace).join("validation-suite");
    let model = from_smithy(text)
        .map_err(|error| error.in_file("the suite"))?
        .model_json;
    let runtime = Value::from(workspace.join("crates/runtime").to_string_lossy());
    let manifest = Manifest {
        crate_name: "validation-suite".to_owned(),
        runtime: format!("path = {runtime}"),
        in_workspace: false,
        package: String::new(),
        has_extension: false,
        has_arbitrary: false,
        has_test_util: false,
        additions: Default::default(),
    };
    let service = analyse(&Input {
        model_file: "the suite",
        model: &model,
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest,
        header: "the suite",
    })?;
    let plan = plan(&service, End::Client)?;
    for file in emit::client_crate(&plan, &manifest, "the suite")? {
        program::write(&root.join("client").join(&file.path), &file.text)?;
    }
    let cargo = "[package]\nname = \"driver\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
                 [dependencies]\n\
                 validation-suite = { path = \"client\", default-features = false, features = [\"serde\"] }\n\
                 serde = \"1\"\nserde_json = \"1\"\n\n\
                 [profile.dev]\ndebug = false\n\n[workspace]\n";
    program::write(&root.join("Cargo.toml"), cargo)?;
    program::write(
        &root.join("src/main.rs"),
        &DRIVER.replace("/* operations */", &operations(&plan)),
    )?;
    program::lock(workspace, &root)?;
    Ok(root)
}

/// The arms of the program's table: the request type of each operation.
fn operations(plan: &Plan<'_>) -> String {
    plan.operations
        .iter()
        .map(|operation| {
            let request = &plan.type_definition(operation.model.request).name;
            let name = &operation.model.name;
            format!("{name:?} => judge::<operation::{request}>(request),\n")
        })
        .collect()
}

fn build_and_run(root: &Path, cases: &[Case]) -> Result<Vec<Value>> {
    let mut driver = program::build(root, "driver")?;
    let lines: String = cases
        .iter()
        .map(|case| format!("{}\n", json!([case.operation, case.request])))
        .collect();
    let input = root.join("cases.jsonl");
    program::write(&input, &lines)?;
    let verdicts = program::verdicts(driver.arg(&input))?;
    ensure!(
        verdicts.len() == cases.len(),
        "the program of the cases ended after {} of {} cases",
        verdicts.len(),
        cases.len()
    );
    Ok(verdicts)
}
