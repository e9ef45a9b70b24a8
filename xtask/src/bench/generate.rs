//! The cost of generating, without the build.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::Plan;
use super::contestant::ATTACHE;
use super::figures::Figures;
use super::table::{Table, figure};
use super::workshop::{Workshop, executable};
use crate::outside::environment::Environment;
use crate::tools;

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let program = built(workshop)?;
    let rounds = plan.rounds(3);
    // A single run covers hundreds of services, which evens out noise.
    let corpus_rounds = plan.rounds(1);
    let mut run = |what: &str, rounds: usize, arguments: &[&str]| -> Result<String> {
        let mut output = String::new();
        for _ in 0..rounds {
            let (cost, text) = workshop.metered(Command::new(&program).args(arguments))?;
            figures.add(format!("generate {what} cpu"), ATTACHE, cost.cpu);
            figures.add(format!("generate {what} wall"), ATTACHE, cost.wall);
            figures.add(format!("generate {what} memory"), ATTACHE, cost.memory);
            output = text;
        }
        Ok(output)
    };
    run("services", rounds, &["generate", "--check"])?;
    let notes = if knows_corpus(&program)? {
        let data = corpus_folder(workshop)?;
        let output = run("corpus", corpus_rounds, &["corpus", &data])?;
        let sum = output.lines().next().unwrap_or_default();
        let largest = largest(&output).context("`cargo xtask corpus` named no service")?;
        let alone = alone(workshop, Path::new(&data), &largest)?;
        run("largest", rounds, &["corpus", &alone])?;
        format!("\nThe corpus is botocore's data: {sum}. The largest service in it is {largest}.\n")
    } else {
        "\nSkipped: the corpus and its largest service, for there is no `cargo xtask corpus`.\n"
            .to_owned()
    };
    Ok(format!(
        "## Generating\n\n`xtask` in release, after its build, medians of {rounds} rounds; the corpus: {corpus_rounds}.\n\n{}{notes}",
        table(figures)
    ))
}

/// Builds `xtask` in release; gives the program.
fn built(workshop: &Workshop) -> Result<PathBuf> {
    let target = workshop.folder.join("xtask");
    let status = Command::new(tools::cargo())
        .current_dir(&workshop.workspace)
        .args([
            "build",
            "--release",
            "--quiet",
            "--package",
            "xtask",
            "--target-dir",
        ])
        .arg(&target)
        .status()
        .context("could not run cargo")?;
    ensure!(status.success(), "xtask does not build, see above");
    Ok(target.join("release").join(executable("xtask")))
}

/// A row for each thing that was generated.
fn table(figures: &Figures) -> String {
    let mut table = Table::new(&["what", "CPU s", "wall s", "peak MB"]);
    for (what, title) in [
        ("services", "both services, compared with what is there"),
        (
            "largest",
            "the largest service of the corpus, imported and generated",
        ),
        ("corpus", "the corpus, imported and generated"),
    ] {
        let cell = |figure_of: &str, unit: f64| {
            figure(
                figures.median(&format!("generate {what} {figure_of}"), ATTACHE),
                unit,
            )
        };
        table.row([
            title.to_owned(),
            cell("cpu", 1.0),
            cell("wall", 1.0),
            cell("memory", 1e6),
        ]);
    }
    table.text()
}

fn knows_corpus(program: &Path) -> Result<bool> {
    let output = Command::new(program)
        .args(["corpus", "--help"])
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .context("could not run xtask")?;
    Ok(output.success())
}

/// The data folder of the botocore that `cargo xtask outside` compares with.
fn corpus_folder(workshop: &Workshop) -> Result<String> {
    let environment = Environment::set_up(&workshop.workspace)?;
    let output = Command::new(environment.python())
        .args([
            "-c",
            "import botocore, os; print(os.path.join(os.path.dirname(botocore.__file__), 'data'))",
        ])
        .stderr(Stdio::inherit())
        .output()
        .context("could not run Python")?;
    ensure!(
        output.status.success(),
        "botocore cannot be found, see above"
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The service that the table of the corpus begins with: it is sorted by size.
fn largest(output: &str) -> Option<String> {
    let mut lines = output
        .lines()
        .skip_while(|line| !line.starts_with("service "));
    Some(lines.nth(1)?.split_whitespace().next()?.to_owned())
}

/// A folder that holds a copy of one service of the corpus.
fn alone(workshop: &Workshop, data: &Path, service: &str) -> Result<String> {
    let folder = workshop.folder.join("largest");
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("could not delete {}", folder.display()))?;
    }
    copy(&data.join(service), &folder.join(service))?;
    Ok(folder.to_string_lossy().into_owned())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let failed = || format!("could not copy {} to {}", from.display(), to.display());
    if !from.is_dir() {
        fs::copy(from, to).map(drop).with_context(failed)?;
        return Ok(());
    }
    fs::create_dir_all(to).with_context(failed)?;
    for entry in fs::read_dir(from).with_context(failed)? {
        let name = entry.with_context(failed)?.file_name();
        copy(&from.join(&name), &to.join(&name))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::largest;

    #[test]
    fn the_first_row_of_the_corpus_is_its_largest_service() {
        let output = "\
439 services: 414 generated

service                              operations   types     lines       ms
sagemaker                                   400    2000    200000    900.0
glue                                        300    1000    100000    500.0
";
        assert_eq!(largest(output).as_deref(), Some("sagemaker"));
        assert_eq!(largest("nothing"), None);
    }
}
