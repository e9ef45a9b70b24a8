//! The crate with the clients of all suites: written, built and run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use attache_codegen::emit::{self, File, Manifest};
use attache_codegen::import::from_smithy;
use attache_codegen::model::Service;
use attache_codegen::plan::{End, plan};
use attache_codegen::protocol_tests::{Case, suite_module, validate};
use attache_codegen::workspace::shipped;
use attache_codegen::{Input, analyse};
use serde_json::Value;

use super::program;
use super::suite::Suite;
use super::table::Verdict;
use crate::tools;

/// The hand-written part of the crate: the files of its module `driver`.
const DRIVER: [(&str, &str); 8] = [
    ("mod.rs", include_str!("driver/mod.rs")),
    ("comparison.rs", include_str!("driver/comparison.rs")),
    ("events.rs", include_str!("driver/events.rs")),
    ("outcome.rs", include_str!("driver/outcome.rs")),
    ("poll.rs", include_str!("driver/poll.rs")),
    ("report.rs", include_str!("driver/report.rs")),
    ("settings.rs", include_str!("driver/settings.rs")),
    ("transport.rs", include_str!("driver/transport.rs")),
];

/// The overlays that only suites have, because their models lack what the real ones have: service shape, file and text.
const OVERLAYS: [(&str, &str, &str); 1] = [(
    "com.amazonaws.s3#AmazonS3",
    "xtask/src/conformance/overlays/s3.json",
    include_str!("overlays/s3.json"),
)];

/// The client of a suite, as a module.
#[derive(Debug)]
pub(super) struct Module {
    name: String,
    files: Vec<File>,
}

/// Generates the client of a suite and the calls of its cases, which are numbered from `first`. Cases with a verdict
/// are left out; those that cannot be written get one.
///
/// # Errors
/// Only faults of the generator itself.
pub(super) fn generate(
    suite: &Suite,
    first: usize,
    verdicts: &mut BTreeMap<usize, Verdict>,
) -> Result<Option<Module>> {
    let mut cases: Vec<(usize, &Case)> = suite
        .cases
        .iter()
        .enumerate()
        .map(|(index, case)| (first + index, &case.case))
        .filter(|(number, _)| !verdicts.contains_key(number))
        .collect();
    let mut fail = |number: usize, problem: String| {
        verdicts.insert(number, Verdict::Failed(vec![problem]));
    };
    let manifest = Manifest {
        crate_name: format!("conformance-{first}"),
        runtime: String::new(),
        in_workspace: false,
        package: String::new(),
        has_extension: false,
        has_arbitrary: false,
        has_test_util: false,
        additions: Default::default(),
    };
    let service = imported(suite).and_then(|model| {
        let operations = operations(suite, &model, &manifest, &mut cases, &mut fail);
        analysed(suite, &model, &manifest, operations)
    });
    let service = match service {
        Ok(service) => service,
        Err(problem) => {
            for (number, _) in cases {
                fail(number, format!("the client cannot be generated: {problem}"));
            }
            return Ok(None);
        }
    };
    let plan = plan(&service, End::Client)?;
    cases.retain(|(number, case)| match validate(&plan, case) {
        Ok(()) => true,
        Err(error) => {
            fail(*number, format!("the case does not fit the model: {error}"));
            false
        }
    });
    if cases.is_empty() {
        return Ok(None);
    }
    let client = emit::client_crate(&plan, &manifest, &suite.name)
        .with_context(|| format!("{} cannot be generated", suite.name))?;
    let name = format!("suite_{first}");
    let files = suite_module(&plan, client, &name, &cases)?;
    Ok(Some(Module { name, files }))
}

/// The model in the normal form, as `cargo xtask import` would write it.
fn imported(suite: &Suite) -> Result<String, String> {
    let imported = from_smithy(suite.model.as_ref()?).map_err(|error| error.to_string())?;
    Ok(imported.model_json)
}

/// The operations of the cases. An operation that cannot be generated must not prevent the others: its cases fail and
/// are removed.
fn operations(
    suite: &Suite,
    model: &str,
    manifest: &Manifest,
    cases: &mut Vec<(usize, &Case)>,
    fail: &mut impl FnMut(usize, String),
) -> Vec<String> {
    let mut problems = BTreeMap::new();
    for (_, case) in cases.iter() {
        problems.entry(case.operation.clone()).or_insert_with(|| {
            analysed(suite, model, manifest, vec![case.operation.clone()]).err()
        });
    }
    cases.retain(|(number, case)| match &problems[&case.operation] {
        Some(problem) => {
            fail(
                *number,
                format!("the operation cannot be generated: {problem}"),
            );
            false
        }
        None => true,
    });
    let generated = problems
        .into_iter()
        .filter(|(_, problem)| problem.is_none());
    generated.map(|(operation, _)| operation).collect()
}

fn analysed(
    suite: &Suite,
    model: &str,
    manifest: &Manifest,
    operations: Vec<String>,
) -> Result<Service, String> {
    let overlay = overlay(&suite.name, model).map_err(|error| error.to_string())?;
    analyse(&Input {
        model_file: &suite.name,
        model,
        overlay: overlay.as_ref().map(|(file, text)| (*file, text.as_str())),
        words: None,
        prose: None,
        operations: Some(&operations),
        manifest,
        header: &suite.name,
    })
    .and_then(|model| plan(&model, End::Client).map(drop).map(|()| model))
    .map_err(|error| error.to_string())
}

/// The overlay of a suite's model: the one of the suite, or the one that ships with attache for the service. A model of a
/// suite is an excerpt, so statements about the rest do not apply.
fn overlay(suite: &str, model: &str) -> Result<Option<(&'static str, String)>> {
    let own = OVERLAYS.iter().find(|(service, ..)| *service == suite);
    if let Some((_, file, text)) = own {
        return Ok(Some((file, (*text).to_owned())));
    }
    let shipped = shipped::overlay(suite, model)?;
    Ok(shipped.map(|overlay| ("codegen/shipped.json", overlay.text)))
}

/// Builds the crate and runs it; returns the lines that it prints, one for each case.
///
/// # Errors
/// Files that cannot be written; generated code that does not compile, with what the compiler says.
pub(super) fn build_and_run(workspace: &Path, modules: &[Option<Module>]) -> Result<Vec<Value>> {
    let modules: Vec<&Module> = modules.iter().flatten().collect();
    if modules.is_empty() {
        return Ok(Vec::new());
    }
    let root = tools::target(workspace).join("conformance");
    write(workspace, &root, &modules)?;
    program::verdicts(&mut program::build(&root, "conformance")?)
}

fn write(workspace: &Path, root: &Path, modules: &[&Module]) -> Result<()> {
    let sources = root.join("src");
    if sources.exists() {
        fs::remove_dir_all(&sources)
            .with_context(|| format!("could not remove {}", sources.display()))?;
    }
    let names: Vec<&str> = modules.iter().map(|module| module.name.as_str()).collect();
    let declarations: String = names.iter().map(|name| format!("mod {name};\n")).collect();
    let calls: String = names
        .iter()
        .map(|name| format!("    driver::report({name}::cases::CASES);\n"))
        .collect();
    // Other tests build generated clients with all warnings. Here only a part of each client is called.
    let main = format!(
        "//! The cases of protocol suites.\n#![allow(warnings)]\n\nmod driver;\n{declarations}\nfn main() {{\n{calls}}}\n"
    );
    program::write(&root.join("Cargo.toml"), &manifest(workspace))?;
    program::write(&sources.join("main.rs"), &main)?;
    for (name, text) in DRIVER {
        program::write(&sources.join("driver").join(name), text)?;
    }
    program::lock(workspace, root)?;
    for file in modules.iter().flat_map(|module| &module.files) {
        program::write(&root.join(&file.path), &file.text)?;
    }
    Ok(())
}

fn manifest(workspace: &Path) -> String {
    let runtime = workspace.join("crates/runtime");
    let runtime = Value::from(runtime.to_string_lossy());
    format!(
        "[package]\nname = \"conformance\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\n\
         attache-runtime = {{ path = {runtime}, default-features = false, \
         features = [\"bearer\", \"cbor\", \"content-md5\", \"event-stream\", \"form\", \"http-checksum\", \"request-compression\", \"sigv4a\", \"xml\", \"xml-write\", \"xxhash\"] }}\n\
         http-body = \"1\"\n\n\
         [profile.dev]\ndebug = false\n\n\
         [workspace]\n"
    )
}
