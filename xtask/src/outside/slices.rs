//! Slices of services with a program that calls them, for comparisons with botocore.
//!
//! A slice is generated into a scratch workspace. The program has an arm for each case of an operation, which is made from the
//! plan of the slice, because only that knows the names of functions.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use attache_codegen::emit::Manifest;
use attache_codegen::model::Binding;
use attache_codegen::plan::{End, Operation, Plan, plan};
use attache_codegen::workspace::add::{Choices, Options, add_model};
use attache_codegen::workspace::incoming::Incoming;
use attache_codegen::{Input, analyse};

use super::scratch::Scratch;
use super::services::with_all_features;

/// Generates the slice of a service with these operations, and calls a function for each with the name of the crate.
///
/// # Errors
/// A model that is not there or not sound.
pub(super) fn generate(
    scratch: &Scratch,
    name: &str,
    from: &Path,
    operations: &[String],
    mut each: impl FnMut(&Plan<'_>, &Operation<'_>, &str),
) -> Result<()> {
    let options = Options {
        choices: Choices {
            operations: Some(operations.to_owned()),
            ..Default::default()
        },
        drop_endpoint_tests: true,
        ..Default::default()
    };
    add_model(&scratch.folder, &Incoming::of_path(name, from)?, &options)?;
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
        operations: Some(operations),
        manifest: &manifest,
        header: name,
    })?;
    let module = package.replace('-', "_");
    let plan = plan(&analysed, End::Client)?;
    for operation in &plan.operations {
        each(&plan, operation, &module);
    }
    Ok(())
}

/// The functions that set the parts of the path of an operation, without which nothing is sent, separated by commas.
pub(super) fn labels(plan: &Plan<'_>, operation: &Operation<'_>) -> String {
    let request = plan.type_definition(operation.model.request);
    let fields = request.fields().iter();
    let labels = fields.filter(|field| field.model.binding == Binding::Label);
    let names: Vec<&str> = labels.map(|field| field.name.as_str()).collect();
    names.join(", ")
}

/// What a program does that is asked for something it has not.
pub(super) const UNKNOWN: &str = "anyhow::bail!(\"there is no {other}\")";

/// The program of a comparison, with the slices that it calls.
#[derive(Debug)]
pub(super) struct Program<'a> {
    /// Its name and that of its package.
    pub(super) name: &'a str,
    /// Its own part, which calls `chosen`.
    pub(super) text: &'a str,
    /// The parameters and the result of that function.
    pub(super) signature: &'a str,
    /// Its arms: a pattern and an expression each.
    pub(super) arms: String,
    /// The expression for what has no arm.
    pub(super) otherwise: &'a str,
}

impl Program<'_> {
    /// Writes the package.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub(super) fn write<'s>(
        &self,
        scratch: &Scratch,
        services: impl IntoIterator<Item = &'s str>,
    ) -> Result<()> {
        let mut dependencies = String::new();
        for name in services {
            let _ = writeln!(
                dependencies,
                "attache-{name} = {{ path = \"../{name}\", default-features = false, features = [\"blocking\", \"serde\", \
                 \"test-util\"] }}"
            );
        }
        let folder = format!("crates/{}", self.name);
        let source = scratch.folder.join(&folder).join("src");
        fs::create_dir_all(&source)
            .with_context(|| format!("could not create {}", source.display()))?;
        let manifest = format!(
            r#"[package]
name = "{}"
version.workspace = true
edition.workspace = true
publish = false

[dependencies]
anyhow.workspace = true
attache-runtime = {{ workspace = true, default-features = false, features = ["test-util"] }}
serde = {{ workspace = true, features = ["derive"] }}
serde_json.workspace = true
{dependencies}"#,
            self.name
        );
        scratch.write(&format!("{folder}/Cargo.toml"), &manifest)?;
        let program = format!(
            "{}
fn chosen{} {{
    match case.name.as_str() {{
{}        other => {},
    }}
}}
",
            self.text, self.signature, self.arms, self.otherwise
        );
        scratch.write(&format!("{folder}/src/main.rs"), &program)
    }
}
