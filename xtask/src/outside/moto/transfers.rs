//! Moves files to and from a moto server with `attache-transfer` and a generated client of S3.
//!
//! The implementation of `ObjectStore` is `programs/s3_object.rs`, which the README of `attache-transfer` shows.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use attache_codegen::workspace::add::{Choices, Options, add_model};
use attache_codegen::workspace::incoming::Incoming;

use super::super::environment::Environment;
use super::super::scratch::Scratch;
use super::super::{Outside, differential};
use super::Server;

const PROGRAM: &str = include_str!("programs/transfers.rs");
const OBJECT: &str = include_str!("programs/s3_object.rs");
const PACKAGE: &str = "moto-transfers";

/// What the program and `S3Object` call.
const OPERATIONS: [&str; 8] = [
    "AbortMultipartUpload",
    "CompleteMultipartUpload",
    "CreateBucket",
    "CreateMultipartUpload",
    "GetObject",
    "HeadObject",
    "PutObject",
    "UploadPart",
];

/// How many lines the program prints.
const STEPS: usize = 10;

/// Calls [`run`] with the botocore that is installed.
///
/// # Errors
/// As [`run`].
pub(in super::super) fn sample(outside: &Outside) -> Result<bool> {
    let (_, failed) = run(&outside.workspace)?;
    Ok(!failed)
}

/// Builds the program and runs it against a server; returns what it printed and whether a step is missing.
///
/// # Errors
/// Python that is not available, and a program that does not build or stops.
pub(in super::super) fn run(workspace: &Path) -> Result<(String, bool)> {
    let environment = Environment::set_up(workspace)?;
    let data = differential::installed(workspace, &environment)?;
    let scratch = Scratch::make(workspace, "transfers")?;
    write(workspace, &scratch, &data)?;
    let program = scratch.build(PACKAGE)?;
    let server = Server::start(
        &environment.python(),
        &workspace.join("xtask/outside/moto_server.py"),
    )?;
    let output = Command::new(&program)
        .arg(&server.url)
        // A proxy of the environment is not for loopback addresses.
        .env("NO_PROXY", "127.0.0.1")
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not run {}", program.display()))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    print!("{text}");
    ensure!(
        output.status.success(),
        "it stopped after `{}`, see above",
        text.lines().last().unwrap_or("nothing")
    );
    let failed = text.lines().count() != STEPS;
    Ok((text, failed))
}

/// Generates the client and writes the program.
fn write(workspace: &Path, scratch: &Scratch, data: &Path) -> Result<()> {
    let operations = OPERATIONS.map(str::to_owned).to_vec();
    let options = Options {
        choices: Choices {
            operations: Some(operations),
            ..Default::default()
        },
        drop_endpoint_tests: true,
        ..Default::default()
    };
    let model = Incoming::of_path("s3", &data.join("s3"))?;
    add_model(&scratch.folder, &model, &options)?;
    let transfer: PathBuf = workspace.join("crates/transfer");
    let transfer = fs::canonicalize(&transfer)
        .with_context(|| format!("there is no {}", transfer.display()))?;
    let manifest = format!(
        r#"[package]
name = "{PACKAGE}"
version.workspace = true
edition.workspace = true
publish = false

[dependencies]
anyhow.workspace = true
attache-s3 = {{ path = "../s3", default-features = false, features = ["hyper"] }}
attache-transfer = {{ path = '{}' }}
tempfile.workspace = true
tokio = {{ workspace = true, features = ["macros", "rt-multi-thread", "sync"] }}
"#,
        transfer.display()
    );
    let folder = format!("crates/{PACKAGE}");
    let source = scratch.folder.join(&folder).join("src");
    fs::create_dir_all(&source)
        .with_context(|| format!("could not create {}", source.display()))?;
    scratch.write(&format!("{folder}/Cargo.toml"), &manifest)?;
    scratch.write(&format!("{folder}/src/main.rs"), PROGRAM)?;
    scratch.write(&format!("{folder}/src/s3_object.rs"), OBJECT)
}

#[cfg(test)]
mod tests {
    use super::OBJECT;

    #[test]
    fn the_readme_of_the_crate_shows_what_moto_was_called_with() {
        let readme = include_str!("../../../../crates/transfer/README.md");
        let (_, code) = OBJECT
            .split_once("\n\n")
            .expect("a module begins with what it is");
        assert!(
            readme.contains(code),
            "copy programs/s3_object.rs to crates/transfer/README.md"
        );
    }
}
