//! The folders of the benchmark, and how programs are built and run.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::contestant::{Contestant, Program};
use crate::outside::environment::Environment;
use crate::tools;

/// How a program is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Check,
    Dev,
    Release,
}

impl Mode {
    pub(super) const ALL: [Self; 3] = [Self::Check, Self::Dev, Self::Release];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// The cost of a command, with all processes that it started.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    /// Processor time in seconds, of the user and of the system.
    pub(super) cpu: f64,
    /// Seconds from start to end.
    pub(super) wall: f64,
    /// The peak memory of its largest process, in bytes.
    pub(super) memory: f64,
}

/// The result of a build by cargo.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) cost: Cost,
    /// How many crates were compiled, those of the harness left out.
    pub(super) crates: usize,
    /// Processor seconds of each crate; one that is compiled twice is there twice.
    pub(super) units: Vec<(String, f64)>,
}

/// The name of the scratch workspace.
pub(super) const SCRATCH: &str = "bench";

/// Crates that belong to the benchmark and not to a contestant.
const HARNESS: [&str; 2] = ["bench-measure", "cpu-time"];

/// The folders, and the tools that are built once.
#[derive(Debug)]
pub(super) struct Workshop {
    pub(super) workspace: PathBuf,
    pub(super) benches: PathBuf,
    /// The scratch workspace of the clients that are generated for the benchmark.
    pub(super) generated: PathBuf,
    /// The folder of all builds.
    pub(super) folder: PathBuf,
}

impl Workshop {
    /// Fetches the crates and builds the tools.
    pub(super) fn set_up(workspace: &Path) -> Result<Self> {
        let workshop = Self {
            workspace: workspace.to_owned(),
            benches: workspace.join("benches"),
            generated: workspace.join("target/outside").join(SCRATCH),
            folder: workspace.join("target/bench"),
        };
        fs::create_dir_all(&workshop.folder)
            .with_context(|| format!("could not create {}", workshop.folder.display()))?;
        // From here on no build needs the network.
        let benches = &workshop.benches;
        workshop.cargo(benches, ["fetch", "--locked", "--quiet"], &[])?;
        workshop.cargo(
            benches,
            ["build", "--release", "--offline", "--quiet"],
            &[
                "--package=bench-meter",
                "--package=bench-server",
                "--package=bench-validate",
                "--target-dir",
                &workshop.folder.join("tools").to_string_lossy(),
            ],
        )?;
        Ok(workshop)
    }

    /// Runs cargo in a workspace.
    pub(super) fn cargo<const N: usize>(
        &self,
        workspace: &Path,
        command: [&str; N],
        arguments: &[&str],
    ) -> Result<()> {
        let mut cargo = Command::new(tools::cargo());
        cargo
            .current_dir(workspace)
            .args(command)
            .args(arguments)
            .env_remove("RUSTFLAGS");
        // Build scripts of C code depend on the wrapper: without it, their results would be built again.
        let wrapper = self.tool("bench-meter");
        if wrapper.exists() {
            cargo.env("RUSTC_WRAPPER", wrapper);
        }
        let status = cargo.status().context("could not run cargo")?;
        ensure!(
            status.success(),
            "`cargo {}` failed in {}, see above",
            command.join(" "),
            workspace.display()
        );
        Ok(())
    }

    /// The path of a tool.
    pub(super) fn tool(&self, name: &str) -> PathBuf {
        self.folder.join("tools/release").join(executable(name))
    }

    /// The folder in which a contestant is built.
    pub(super) fn target_folder(&self, folder: &str, mode: Mode) -> PathBuf {
        self.folder.join(format!("{folder}-{}", mode.name()))
    }

    /// Deletes such a folder, so that the next build is one from nothing.
    pub(super) fn clean(&self, folder: &str, mode: Mode) -> Result<()> {
        let folder = self.target_folder(folder, mode);
        if folder.exists() {
            fs::remove_dir_all(&folder)
                .with_context(|| format!("could not delete {}", folder.display()))?;
        }
        Ok(())
    }

    /// Runs a command, and returns its cost and its output.
    pub(super) fn metered(&self, command: &Command) -> Result<(Cost, String)> {
        let report = self.folder.join("cost.json");
        let mut metered = Command::new(self.tool("bench-meter"));
        metered
            .arg("--report")
            .arg(&report)
            .arg(command.get_program());
        pass_on(command, &mut metered);
        let program = command.get_program().display();
        let output = metered
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("could not run {program}"))?;
        ensure!(
            output.status.success(),
            "{program} failed ({}), see above",
            output.status
        );
        let text = fs::read_to_string(&report)
            .with_context(|| format!("could not read {}", report.display()))?;
        let cost: Value = serde_json::from_str(&text).context("the meter's report is no JSON")?;
        let cost = Cost {
            cpu: number(&cost, "cpu")?,
            wall: number(&cost, "wall")?,
            memory: number(&cost, "peak_memory")?,
        };
        Ok((cost, String::from_utf8_lossy(&output.stdout).into_owned()))
    }

    /// Builds a contestant's program, from nothing if its folder is not there. `change` is what has changed in it.
    pub(super) fn build(
        &self,
        contestant: &Contestant,
        mode: Mode,
        change: Option<&str>,
    ) -> Result<Built> {
        let (workspace, package, features, folder) = self.package(contestant)?;
        let mut command = self.build_command(workspace, package, mode, folder);
        command.args(["--bin", package, "--features", features]);
        self.measured_build(command, change)
    }

    /// Runs cargo, and returns what the build cost.
    pub(super) fn measured_build(
        &self,
        mut command: Command,
        change: Option<&str>,
    ) -> Result<Built> {
        let units = self.folder.join("units.jsonl");
        if let Err(error) = fs::remove_file(&units)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(error).with_context(|| format!("could not delete {}", units.display()));
        }
        command.env("BENCH_UNITS", &units);
        if let Some(change) = change {
            command.env("BENCH_CHANGE", change);
        }
        let (cost, messages) = self.metered(&command)?;
        Ok(Built {
            cost,
            crates: compiled(&messages),
            units: read_units(&units)?,
        })
    }

    /// The workspace, the name, the features and the build folder of a contestant's package.
    fn package(
        &self,
        contestant: &Contestant,
    ) -> Result<(&Path, &'static str, &'static str, &'static str)> {
        match contestant.program {
            Program::Package {
                package,
                features,
                folder,
            } => Ok((&self.benches, package, features, folder)),
            Program::Generated(package) => Ok((&self.generated, package, "", package)),
            Program::Script(_) => bail!("{} is not built", contestant.name),
        }
    }

    /// The command that builds a package of a workspace.
    pub(super) fn build_command(
        &self,
        workspace: &Path,
        package: &str,
        mode: Mode,
        folder: &str,
    ) -> Command {
        let mut command = Command::new(tools::cargo());
        command
            .current_dir(workspace)
            .arg(if mode == Mode::Check {
                "check"
            } else {
                "build"
            })
            .args(["--offline", "--locked", "--quiet", "--package", package])
            .arg("--message-format=json-render-diagnostics")
            .arg("--target-dir")
            .arg(self.target_folder(folder, mode))
            .env("RUSTC_WRAPPER", self.tool("bench-meter"))
            .env_remove("RUSTFLAGS")
            .env_remove("BENCH_CHANGE");
        if mode == Mode::Release {
            command.arg("--release");
        }
        command
    }

    /// The command that starts a contestant, which is built if necessary. `counting` selects the program that counts
    /// allocations; `None` if there is none.
    pub(super) fn program(
        &self,
        contestant: &Contestant,
        counting: bool,
    ) -> Result<Option<Command>> {
        let mut command = match contestant.program {
            Program::Script(_) if counting => return Ok(None),
            Program::Script(path) => {
                let environment = Environment::set_up(&self.workspace)?;
                let mut command = Command::new(environment.python());
                command.arg(self.benches.join(path));
                command
            }
            Program::Package { .. } | Program::Generated(_) => {
                let (workspace, package, features, folder) = self.package(contestant)?;
                let target = self.target_folder(folder, Mode::Release);
                let mut program = package.to_owned();
                if counting {
                    program.push_str("-counting");
                    let features = format!("counting,{features}");
                    self.cargo(
                        workspace,
                        ["build", "--release", "--offline", "--quiet"],
                        &[
                            "--package",
                            package,
                            "--bin",
                            &program,
                            "--features",
                            &features,
                            "--target-dir",
                            &target.to_string_lossy(),
                        ],
                    )?;
                } else {
                    self.build(contestant, Mode::Release, None)?;
                }
                Command::new(target.join("release").join(executable(&program)))
            }
        };
        command.envs(contestant.environment.iter().copied());
        Ok(Some(command))
    }
}

pub(super) fn executable(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

/// A number of a report in JSON.
pub(super) fn number(report: &Value, name: &str) -> Result<f64> {
    let number = report.get(name).and_then(Value::as_f64);
    number.with_context(|| format!("the report has no number `{name}`: {report}"))
}

/// How many packages cargo reports as compiled.
fn compiled(messages: &str) -> usize {
    let packages: BTreeSet<String> = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact" && message["fresh"] == false)
        .filter_map(|message| Some(message["package_id"].as_str()?.to_owned()))
        .filter(|id| HARNESS.iter().all(|own| !id.contains(&format!("#{own}@"))))
        .collect();
    packages.len()
}

pub(super) fn read_units(file: &Path) -> Result<Vec<(String, f64)>> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        // Nothing was compiled.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => {
            return Err(error).with_context(|| format!("could not read {}", file.display()));
        }
    };
    text.lines()
        .map(|line| {
            let unit: Value = serde_json::from_str(line)
                .with_context(|| format!("{} is no list of crates", file.display()))?;
            let name = unit["name"].as_str().context("a crate has no name")?;
            Ok((name.to_owned(), number(&unit, "cpu")?))
        })
        .collect()
}

/// How many processors there are for this process.
pub(super) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// A copy of the command, for further arguments.
pub(super) fn copy(command: &Command) -> Command {
    let mut copy = Command::new(command.get_program());
    pass_on(command, &mut copy);
    copy
}

/// Copies arguments, folder and environment of a command to another one.
fn pass_on(command: &Command, other: &mut Command) {
    other.args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        other.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => other.env(name, value),
            None => other.env_remove(name),
        };
    }
}
