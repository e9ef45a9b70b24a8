//! Tools with which this repository is checked. They are installed below `target/tools`, in a given version, when they
//! are needed for the first time.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

/// A program that is a package of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tool {
    /// The package, and the program.
    pub(crate) name: &'static str,
    /// The name of the subcommand, if the program is one of cargo.
    pub(crate) subcommand: Option<&'static str>,
    /// The version.
    pub(crate) version: &'static str,
    /// `opt-level` of the build.
    pub(crate) optimisation: &'static str,
}

/// Compares the public APIs of two versions of a crate. Another version may have other lints, and other verdicts.
pub(crate) const SEMVER_CHECKS: Tool = Tool {
    name: "cargo-semver-checks",
    subcommand: Some("semver-checks"),
    version: "0.51.0",
    // The compared crates are small, so a short build of the tool matters more than its speed.
    optimisation: "1",
};

impl Tool {
    /// The path of the program: below `target/tools`, where it is installed if necessary, or where cargo installs
    /// programs.
    ///
    /// # Errors
    /// A program that does not exist and cannot be installed.
    pub(crate) fn installed(&self, workspace: &Path) -> Result<PathBuf> {
        let Self {
            name,
            subcommand,
            version,
            optimisation,
        } = self;
        let place = target(workspace).join("tools");
        let own = place.join("bin").join(name);
        for candidate in [&own, Path::new(name)] {
            let found = Command::new(candidate)
                .args(*subcommand)
                .arg("--version")
                .output();
            if found.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(version)) {
                return Ok(candidate.to_owned());
            }
        }
        let status = Command::new(cargo())
            .args(["install", name, "--locked", "--force", "--quiet"])
            .args(["--version", version, "--root"])
            .arg(&place)
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", optimisation)
            .status()
            .context("could not run cargo")?;
        ensure!(
            status.success(),
            "{name} {version} could not be installed, see above; this needs the network"
        );
        Ok(own)
    }
}

/// The cargo that runs this program, or the first one in `PATH`.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The folder of the reference data: what `ATTACHE_REFERENCE_DATA` names, or `shared/data` beside the repository.
pub(crate) fn reference_data(workspace: &Path) -> PathBuf {
    match env::var_os("ATTACHE_REFERENCE_DATA") {
        Some(folder) => folder.into(),
        None => workspace.join("../shared/data"),
    }
}

/// The folder of all that is built.
pub(crate) fn target(workspace: &Path) -> PathBuf {
    env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| workspace.join("target"), |folder| workspace.join(folder))
}

/// The SHA-256 of a text, whatever ends its lines, in hexadecimal digits.
pub(crate) fn text_hash(text: &str) -> String {
    let hash = Sha256::digest(text.replace("\r\n", "\n"));
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
