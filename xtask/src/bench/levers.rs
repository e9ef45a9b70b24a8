//! What users can change about their builds: the settings of cargo, and the features of the clients.
//!
//! Each row is a clean release build of the application of `attache` with one change. How fast the program is then is told by
//! the instructions of one small call, because they hardly vary.

use std::process::Command;

use anyhow::{Result, bail};

use super::Plan;
use super::contestant::{ATTACHE, CONTESTANTS, Program};
use super::figures::Figures;
use super::run_instructions::{self, LIST_CASES};
use super::size::stripped;
use super::table::{Table, figure};
use super::workshop::{Mode, Workshop, executable};

/// A change of a build.
struct Lever {
    name: &'static str,
    environment: &'static [(&'static str, &'static str)],
    arguments: &'static [&'static str],
}

/// The build that the others are compared with.
const AS_IT_IS: &str = "as it is";

const LEVERS: [Lever; 9] = [
    Lever::of_cargo(AS_IT_IS, &[]),
    Lever::of_cargo("`codegen-units = 1`", &[("CODEGEN_UNITS", "1")]),
    Lever::of_cargo("`lto = \"off\"`", &[("LTO", "off")]),
    Lever::of_cargo("`lto = \"thin\"`", &[("LTO", "thin")]),
    Lever::of_cargo(
        "`lto = true`, `codegen-units = 1`",
        &[("LTO", "true"), ("CODEGEN_UNITS", "1")],
    ),
    Lever::of_cargo("`opt-level = \"s\"`", &[("OPT_LEVEL", "s")]),
    Lever::of_cargo("`opt-level = 1`", &[("OPT_LEVEL", "1")]),
    Lever::of_cargo("`panic = \"abort\"`", &[("PANIC", "abort")]),
    Lever {
        name: "without the features `credential-chain` and `tracing`",
        environment: &[],
        arguments: &["--no-default-features"],
    },
];

impl Lever {
    /// Settings of the profile `release`, by the names of cargo's environment variables.
    const fn of_cargo(
        name: &'static str,
        environment: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            name,
            environment,
            arguments: &[],
        }
    }
}

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    for round in 0..plan.rounds(1) {
        for lever in &LEVERS {
            eprintln!("bench: {}, round {}", lever.name, round + 1);
            build(workshop, plan, lever, figures)?;
        }
    }
    let mut table = Table::new(&[
        "release build",
        "CPU s",
        "wall s",
        "crates",
        "stripped MB",
        "thousands of instructions of `ListCases`",
    ]);
    for lever in &LEVERS {
        let of = |what: &str, unit: f64| figure(figures.median(&key(what), lever.name), unit);
        table.row([
            lever.name.to_owned(),
            of("cpu", 1.0),
            of("wall", 1.0),
            of("crates", 1.0),
            of("size", 1e6),
            of("instructions", 1e3),
        ]);
    }
    Ok(format!(
        "## Levers of builds\n\nClean release builds of the application of `{ATTACHE}` with one change each, as in the section \
         Builds, the program, and the instructions of one call, counted by callgrind.\n\n{}",
        table.text()
    ))
}

fn key(what: &str) -> String {
    format!("levers {what}")
}

fn build(workshop: &Workshop, plan: &Plan, lever: &Lever, figures: &mut Figures) -> Result<()> {
    let attache = CONTESTANTS.iter().find(|one| one.name == ATTACHE);
    let Some(Program::Package { package, .. }) = attache.map(|attache| &attache.program) else {
        bail!("{ATTACHE} is not built");
    };
    let folder = "levers";
    workshop.clean(folder, Mode::Release)?;
    let mut command = workshop.build_command(&workshop.benches, package, Mode::Release, folder);
    command.args(["--bin", package]).args(lever.arguments);
    for (name, value) in lever.environment {
        command.env(format!("CARGO_PROFILE_RELEASE_{name}"), value);
    }
    let built = workshop.measured_build(command, None)?;
    let program = workshop
        .target_folder(folder, Mode::Release)
        .join("release")
        .join(executable(package));
    let instructions =
        run_instructions::per_call(workshop, plan, &Command::new(&program), &LIST_CASES)?;
    figures.add(key("cpu"), lever.name, built.cost.cpu);
    figures.add(key("wall"), lever.name, built.cost.wall);
    figures.add(key("crates"), lever.name, built.crates as f64);
    figures.add(key("size"), lever.name, stripped(&program)? as f64);
    figures.add(key("instructions"), lever.name, instructions);
    Ok(())
}
