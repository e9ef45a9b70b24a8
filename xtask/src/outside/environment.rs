//! The virtual environment with botocore, boto3, moto and the AWS CLI, under `target/outside`.
//!
//! Every package is pinned in `xtask/outside/requirements.txt`, the transitive ones as well. There is a second environment for
//! `requirements-signatures.txt`. A stamp beside the
//! environment holds the digest of that list, so that a second run installs nothing and a changed list creates a new
//! environment.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};

use crate::tools;

/// The oldest Python that the scripts and botocore run on.
const OLDEST_PYTHON: (u32, u32) = (3, 11);

/// A virtual environment in which every required package is installed.
#[derive(Debug)]
pub(crate) struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Creates the environment if it does not exist.
    pub(crate) fn set_up(workspace: &Path) -> Result<Self> {
        Self::set_up_of(workspace, "requirements.txt", "venv")
    }

    /// The one with awscrt, which botocore would use for its own signatures if both were in one environment.
    pub(crate) fn of_signatures(workspace: &Path) -> Result<Self> {
        Self::set_up_of(workspace, "requirements-signatures.txt", "venv-signatures")
    }

    fn set_up_of(workspace: &Path, list: &str, name: &str) -> Result<Self> {
        let requirements = workspace.join("xtask/outside").join(list);
        let pins = fs::read(&requirements)
            .with_context(|| format!("could not read {}", requirements.display()))?;
        let python = system_python();
        let version = version_of(&python)?;
        let base = tools::target(workspace).join("outside");
        let environment = Self {
            folder: base.join(name),
        };
        let stamp_file = base.join(format!("{name}.stamp"));
        let stamp = format!("Python {version}, requirements {}\n", digest(&pins));
        let stamped = fs::read_to_string(&stamp_file).is_ok_and(|text| text == stamp);
        if stamped && environment.python().exists() {
            return Ok(environment);
        }
        println!(
            "installing the packages of {list} into {}",
            environment.folder.display()
        );
        // The existing environment is of another list, or incomplete.
        if environment.folder.exists() {
            fs::remove_dir_all(&environment.folder)
                .with_context(|| format!("could not delete {}", environment.folder.display()))?;
        }
        fs::create_dir_all(&base)
            .with_context(|| format!("could not create {}", base.display()))?;
        environment.create(&python)?;
        environment.install(&requirements)?;
        fs::write(&stamp_file, stamp)
            .with_context(|| format!("could not write {}", stamp_file.display()))?;
        Ok(environment)
    }

    /// The Python of the environment.
    pub(crate) fn python(&self) -> PathBuf {
        self.program("python")
    }

    /// A program that a package of the environment brings.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        if cfg!(windows) {
            self.folder.join("Scripts").join(format!("{name}.exe"))
        } else {
            self.folder.join("bin").join(name)
        }
    }

    fn create(&self, python: &str) -> Result<()> {
        let status = Command::new(python)
            .args(["-m", "venv"])
            .arg(&self.folder)
            .status()
            .with_context(|| format!("could not run {python}"))?;
        ensure!(
            status.success(),
            "`{python} -m venv` failed, see above; some systems have it in a separate package, python3-venv"
        );
        Ok(())
    }

    fn install(&self, requirements: &Path) -> Result<()> {
        let pip = |arguments: &[&str]| -> Result<bool> {
            let status = Command::new(self.python())
                .args(["-m", "pip", "--disable-pip-version-check", "--quiet"])
                .args(arguments)
                .status()
                .context("could not run pip")?;
            Ok(status.success())
        };
        let list = requirements.display().to_string();
        // The list is complete, so pip resolves nothing; `pip check` verifies that it is complete.
        if !pip(&["install", "--no-deps", "--requirement", &list])? {
            bail!(
                "pip could not install the packages of {list}, see above; this needs the network, \
                 or a folder of wheels in PIP_FIND_LINKS"
            );
        }
        ensure!(
            pip(&["check"])?,
            "the packages of {list} do not fit each other, see above"
        );
        Ok(())
    }
}

/// The Python that the variable `PYTHON` names, or `python3`.
pub(crate) fn system_python() -> String {
    std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

/// The version of a Python; an error where there is none, or one that is too old.
fn version_of(python: &str) -> Result<String> {
    let output = Command::new(python)
        .args([
            "-c",
            "import sys; print(sys.version_info[0], sys.version_info[1], sys.version.split()[0])",
        ])
        .stderr(Stdio::inherit())
        .output();
    let oldest = format!("Python {}.{} or newer", OLDEST_PYTHON.0, OLDEST_PYTHON.1);
    let output = match output {
        Ok(output) if output.status.success() => output.stdout,
        Ok(output) => bail!(
            "`{python}` does not work ({}): {oldest} is needed",
            output.status
        ),
        Err(error) => bail!(
            "`{python}` cannot be run ({error}): {oldest} is needed; the environment variable PYTHON can name it"
        ),
    };
    let text = String::from_utf8_lossy(&output);
    let mut words = text.split_whitespace();
    let mut number = || words.next().and_then(|word| word.parse::<u32>().ok());
    let (Some(major), Some(minor)) = (number(), number()) else {
        bail!("`{python}` printed no version: {oldest} is needed");
    };
    let version = words.next().unwrap_or_default().to_owned();
    ensure!(
        (major, minor) >= OLDEST_PYTHON,
        "`{python}` is Python {version}: {oldest} is needed; the environment variable PYTHON can name another"
    );
    Ok(version)
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn a_missing_python_is_named_with_the_required_version() {
        let error = version_of("no-such-python").expect_err("there is no such program");
        let text = error.to_string();
        assert!(
            text.contains("`no-such-python` cannot be run")
                && text.contains("Python 3.11 or newer")
                && text.contains("PYTHON"),
            "{text}"
        );
    }

    #[test]
    fn a_python_that_fails_is_named() {
        let error = version_of("false").expect_err("false fails");
        assert!(
            error.to_string().contains("`false` does not work"),
            "{error}"
        );
    }
}
