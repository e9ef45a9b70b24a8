//! The size of the application.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::Plan;
use super::contestant::{LEAN, Program};
use super::figures::Figures;
use super::table::{Table, figure, ratio};
use super::workshop::{Mode, Workshop, executable};

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let mut table = Table::new(&["contestant", "release", &format!("of {LEAN}"), "dev"]);
    let contestants = plan
        .contestants
        .iter()
        .filter(|contestant| contestant.builds);
    for contestant in contestants.clone() {
        let Program::Package {
            package, folder, ..
        } = contestant.program
        else {
            bail!("{} is not built", contestant.name);
        };
        for (mode, profile) in [(Mode::Dev, "debug"), (Mode::Release, "release")] {
            workshop.build(contestant, mode, None)?;
            let program = workshop.target_folder(folder, mode).join(profile);
            let size = stripped(&program.join(executable(package)))?;
            figures.set(
                format!("size {}", mode.name()),
                contestant.name,
                size as f64,
            );
        }
    }
    for contestant in contestants {
        let name = contestant.name;
        table.row([
            name.to_owned(),
            figure(figures.median("size release", name), 1e6),
            ratio(figures.ratio("size release", name, LEAN)),
            figure(figures.median("size dev", name), 1e6),
        ]);
    }
    Ok(format!(
        "## Size\n\nThe application's program, stripped, in MB; the ratio is to `{LEAN}`.\n\n{}",
        table.text()
    ))
}

/// The size of a program without debug information.
pub(super) fn stripped(program: &Path) -> Result<u64> {
    let stripped = program.with_file_name("stripped");
    fs::copy(program, &stripped)
        .with_context(|| format!("could not write {}", stripped.display()))?;
    let status = Command::new("strip")
        .arg(&stripped)
        .status()
        .context("could not run `strip`, which comes with the linker")?;
    ensure!(status.success(), "`strip` failed, see above");
    let metadata = fs::metadata(&stripped)
        .with_context(|| format!("could not read {}", stripped.display()))?;
    Ok(metadata.len())
}
