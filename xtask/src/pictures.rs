//! `cargo xtask pictures`: makes the drawings of the guide from the texts in `docs/guide/pictures`, with svgbob.
//!
//! A drawing is a text that a reader of the source understands too, and a change of it is a readable difference. A
//! drawing names its source and the hash of it, so that a test can tell whether it is current without the tool.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::bench;
use crate::lock::WriteLock;
use crate::tools::{self, Tool};
use crate::write::Staged;

const TOOL: Tool = Tool {
    name: "svgbob_cli",
    subcommand: None,
    version: "0.7.6",
    // It draws for milliseconds.
    optimisation: "0",
};

const SOURCES: &str = "docs/guide/pictures";
const DRAWINGS: &str = "docs/guide/src/pictures";

/// Colours for both kinds of pages. A drawing has its own background: a book can be dark while the system is not.
const COLOURS: &str = ".svgbob { --ink: #1f2328; --paper: #ffffff; }
@media (prefers-color-scheme: dark) { .svgbob { --ink: #e6edf3; --paper: #0d1117; } }
";

/// The declaration of this command for clap.
pub fn declaration() -> clap::Command {
    clap::Command::new("pictures")
        .about("Make the drawings of the guide from their texts")
        .long_about(
            "Draws each text of docs/guide/pictures as SVG, into docs/guide/src/pictures. The first time\n\
             it installs svgbob_cli below target/tools. `cargo test` finds drawings that are not current.",
        )
}

/// Runs the command.
///
/// # Errors
/// A tool that cannot be installed or fails; files that cannot be read or written.
pub fn command(workspace: &Path) -> Result<String> {
    let tool = TOOL.installed(workspace)?;
    let lock = WriteLock::acquire(workspace)?;
    let mut staged = Staged::new(&lock);
    let mut text = String::new();
    for name in names(workspace)? {
        let source = source(workspace, &name);
        let output = Command::new(&tool)
            .args(["--stroke-color", "var(--ink)", "--fill-color", "var(--ink)"])
            .args(["--background", "var(--paper)", "--stroke-width", "1.5"])
            .arg(&source)
            .output()
            .with_context(|| format!("could not run {}", tool.display()))?;
        ensure!(
            output.status.success(),
            "svgbob does not draw {}: {}",
            source.display(),
            String::from_utf8_lossy(&output.stderr)
        );
        let svg = finished(&name, &read(&source)?, &String::from_utf8(output.stdout)?)?;
        let path = drawing(workspace, &name);
        staged.stage(&path, svg.as_bytes())?;
        writeln!(text, "{}", path.display())?;
    }
    staged.commit()?;
    Ok(text)
}

/// Fails if a drawing is not made from its present text, if one of the two is missing, or if a picture is no XML.
///
/// # Errors
/// A message that names the drawing and says what to do; files that cannot be read.
pub fn check(workspace: &Path) -> Result<()> {
    let names = names(workspace)?;
    ensure!(!names.is_empty(), "there are no texts in {SOURCES}");
    for name in &names {
        let path = drawing(workspace, name);
        let first = read(&path)?;
        if !first.starts_with(&head(name, &read(&source(workspace, name))?)) {
            bail!(
                "{} is not made from the present {SOURCES}/{name}.bob; run `cargo xtask pictures`",
                path.display()
            );
        }
    }
    for entry in fs::read_dir(workspace.join(DRAWINGS)).context(DRAWINGS)? {
        let path = entry?.path();
        roxmltree::Document::parse(&read(&path)?)
            .with_context(|| format!("{} is not well-formed", path.display()))?;
    }
    let outdated = bench::outdated_pictures(workspace)?;
    ensure!(outdated.is_empty(), "{}", outdated.join("\n"));
    Ok(())
}

/// The names of all texts, sorted.
fn names(workspace: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(workspace.join(SOURCES)).context(SOURCES)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".bob").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

fn source(workspace: &Path, name: &str) -> PathBuf {
    workspace.join(SOURCES).join(format!("{name}.bob"))
}

fn drawing(workspace: &Path, name: &str) -> PathBuf {
    workspace.join(DRAWINGS).join(format!("{name}.svg"))
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// The first line of a drawing.
fn head(name: &str, source: &str) -> String {
    let hash = tools::text_hash(source);
    format!("<!-- Made by `cargo xtask pictures` from {SOURCES}/{name}.bob, SHA-256 {hash}. -->\n")
}

/// What svgbob draws, with its source, with colours, and with a box that lets it become smaller than its size.
fn finished(name: &str, source: &str, drawn: &str) -> Result<String> {
    let size = |key: &str| -> Option<&str> { drawn.split(key).nth(1)?.split('"').next() };
    let (Some(width), Some(height)) = (size("width=\""), size("height=\"")) else {
        bail!(
            "svgbob {} no longer writes the size of {name} first",
            TOOL.version
        );
    };
    let whole = format!(" viewBox=\"0 0 {width} {height}\" role=\"img\" class=\"svgbob\"");
    let drawn = drawn.replacen(" class=\"svgbob\"", &whole, 1);
    let drawn = drawn.replacen("<style>", &format!("<style>{COLOURS}"), 1);
    Ok(head(name, source) + &drawn)
}
