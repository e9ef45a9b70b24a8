//! The savings of slices: both clients with one operation each, compared with the whole ones.
//!
//! The same application is built with either. The difference is in the client crates, so only their processor time
//! counts, and in the application's program, from which the linker removes code that is not called.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::Plan;
use super::figures::Figures;
use super::size::stripped;
use super::table::{Table, figure};
use super::workshop::{Mode, Workshop, executable, read_units};
use crate::add;
use crate::config;
use crate::generate::{crate_folder, generate};
use crate::outside::scratch::{Scratch, lines};
use crate::reconcile::Mode as Reconcile;
use crate::tools;

/// The services, and the operation that the slice of each has.
const SLICES: [(&str, &str); 2] = [
    ("support", "AddAttachmentsToSet"),
    ("security-ir", "GetCaseAttachmentUploadUrl"),
];

const KINDS: [&str; 2] = ["whole", "slice"];

const APPLICATION: &str = "application";

const MANIFEST: &str = r#"[package]
name = "application"
edition.workspace = true
version.workspace = true

[dependencies]
attache-support = { path = "../support", default-features = false, features = ["blocking", "hyper"] }
attache-security-ir = { path = "../security-ir", default-features = false, features = ["blocking", "hyper"] }
"#;

const PROGRAM: &str = r#"//! Calls the operations that the slices have.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let support = attache_support::Client::from_env_blocking()?;
    let file = attache_support::types::Attachment::new().file_name("a.txt").data("text");
    let set = support.add_attachments_to_set().attachments([file]).send().wait()?;
    let incidents = attache_security_ir::Client::from_env_blocking()?;
    let upload = incidents.get_case_attachment_upload_url();
    let upload = upload.case_id("1234567890").file_name("a.txt").content_length(4);
    println!("{set:?} {:?}", upload.send().wait()?);
    Ok(())
}
"#;

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let scratch = Scratch::make(&workshop.workspace, "slices")?;
    let whole = set_up(workshop, &scratch)?;
    for round in 0..plan.rounds(1) {
        for kind in KINDS {
            eprintln!("bench: {kind} clients, round {}", round + 1);
            let config = match kind {
                "slice" => sliced(&whole)?,
                _ => whole.clone(),
            };
            scratch.write("models/attache.toml", &config)?;
            generate(&scratch.folder, &[], Reconcile::Write)?;
            let config = config::read(&scratch.folder.join("models"))?;
            for service in &config.services {
                let folder = crate_folder(&scratch.folder, &config.crates, service);
                let lines = lines(&folder.join("src"))?;
                figures.add(
                    format!("slices lines {}", service.crate_name),
                    kind,
                    lines as f64,
                );
            }
            for mode in Mode::ALL {
                build(workshop, &scratch, kind, mode, figures)?;
            }
        }
    }
    Ok(format!(
        "## Slices\n\nBoth clients with one operation each (`{}`) beside the whole ones: lines, CPU seconds of the client crate \
         alone in check, dev and release, the library that release makes in MB, and the stripped program of an application \
         that calls both operations over plain HTTP in MB.\n\n{}",
        SLICES.map(|(_, operation)| operation).join("`, `"),
        table(&scratch, figures)?
    ))
}

/// Adds the services with their overlays, and the application. Returns the configuration.
fn set_up(workshop: &Workshop, scratch: &Scratch) -> Result<String> {
    for (service, _) in SLICES {
        let model = workshop.workspace.join("models").join(service);
        add::add(&scratch.folder, service, &model.join("model.json"))?;
        let overlay = model.join("overlay.json");
        let text = fs::read_to_string(&overlay)
            .with_context(|| format!("could not read {}", overlay.display()))?;
        scratch.write(&format!("models/{service}/overlay.json"), &text)?;
    }
    let source = scratch.folder.join("crates").join(APPLICATION).join("src");
    fs::create_dir_all(&source)
        .with_context(|| format!("could not create {}", source.display()))?;
    scratch.write("crates/application/Cargo.toml", MANIFEST)?;
    scratch.write("crates/application/src/main.rs", PROGRAM)?;
    scratch.read("models/attache.toml")
}

/// The configuration with one operation a service.
fn sliced(config: &str) -> Result<String> {
    let mut document: toml_edit::DocumentMut = config.parse()?;
    for (service, operation) in SLICES {
        document["service"][service]["operations"] =
            toml_edit::value(toml_edit::Array::from_iter([operation]));
    }
    Ok(document.to_string())
}

fn build(
    workshop: &Workshop,
    scratch: &Scratch,
    kind: &'static str,
    mode: Mode,
    figures: &mut Figures,
) -> Result<()> {
    let units = workshop.folder.join("slices.jsonl");
    if units.exists() {
        fs::remove_file(&units).with_context(|| format!("could not delete {}", units.display()))?;
    }
    let target = workshop.target_folder("slices", mode);
    let mut command = Command::new(tools::cargo());
    command
        .current_dir(&scratch.folder)
        .arg(if mode == Mode::Check {
            "check"
        } else {
            "build"
        })
        .args(["--quiet", "--package", APPLICATION, "--target-dir"])
        .arg(&target)
        .env("RUSTC_WRAPPER", workshop.tool("bench-meter"))
        .env("BENCH_UNITS", &units)
        .env_remove("RUSTFLAGS");
    if mode == Mode::Release {
        command.arg("--release");
    }
    let status = command.status().context("could not run cargo")?;
    ensure!(
        status.success(),
        "the {kind} clients do not build, see above"
    );
    for service in config::services(&scratch.folder.join("models"))? {
        let name = service.crate_name.replace('-', "_");
        let cpu: f64 = read_units(&units)?
            .iter()
            .filter(|(unit, _)| *unit == name)
            .map(|(_, cpu)| cpu)
            .sum();
        let what = format!("slices {} {}", mode.name(), service.crate_name);
        figures.add(what, kind, cpu);
        if mode == Mode::Release {
            let size = library(&target.join("release/deps"), &name)?;
            figures.add(
                format!("slices library {}", service.crate_name),
                kind,
                size as f64,
            );
        }
    }
    if mode == Mode::Release {
        let size = stripped(&target.join("release").join(executable(APPLICATION)))?;
        figures.add("slices program", kind, size as f64);
    }
    Ok(())
}

/// The size of a library, which has a digest in its name.
fn library(folder: &Path, name: &str) -> Result<u64> {
    let mut newest = None;
    for entry in
        fs::read_dir(folder).with_context(|| format!("could not read {}", folder.display()))?
    {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        if file.starts_with(&format!("lib{name}-")) && file.ends_with(".rlib") {
            let metadata = entry.metadata()?;
            newest = newest.max(Some((metadata.modified()?, metadata.len())));
        }
    }
    let (_, size) = newest.with_context(|| format!("{} has no {name}", folder.display()))?;
    Ok(size)
}

fn table(scratch: &Scratch, figures: &Figures) -> Result<String> {
    let mut table = Table::new(&[
        "client", "what", "lines", "check", "dev", "release", "library", "program",
    ]);
    for service in config::services(&scratch.folder.join("models"))? {
        for kind in KINDS {
            let of =
                |what: &str| figures.median(&format!("slices {what} {}", service.crate_name), kind);
            table.row([
                format!("`{}`", service.crate_name),
                kind.to_owned(),
                of("lines").map_or_else(String::new, |lines| lines.to_string()),
                figure(of("check"), 1.0),
                figure(of("dev"), 1.0),
                figure(of("release"), 1.0),
                figure(of("library"), 1e6),
                figure(figures.median("slices program", kind), 1e6),
            ]);
        }
    }
    Ok(table.text())
}
