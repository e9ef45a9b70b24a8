//! Clients that are generated for the benchmark, the program that calls them, and the cost of building one alone.
//!
//! They are generated from botocore's data into a scratch workspace, so that no model of these services is part of this
//! repository.

use std::fs;

use anyhow::{Context, Result};
use attache_codegen::workspace::add::{Choices, Options, add_model};
use attache_codegen::workspace::incoming::Incoming;

use super::Plan;
use super::contestant::OFFICIAL;
use super::figures::Figures;
use super::table::{Table, figure, ratio};
use super::workshop::{Mode, SCRATCH, Workshop};
use crate::outside::environment::Environment;
use crate::outside::scratch::{Scratch, lines};
use crate::outside::service_data;

/// A client to generate.
pub(super) struct Client {
    /// The name of the client, and of its folder.
    pub(super) name: &'static str,
    /// The service, as botocore's data call it.
    pub(super) service: &'static str,
    /// The operations of a slice; none for the whole service.
    pub(super) operations: &'static [&'static str],
}

/// A client that is built alone, with what it depends on.
pub(super) struct Build {
    /// What it is called in the tables.
    pub(super) name: &'static str,
    pub(super) package: &'static str,
    /// The crate whose cost counts as that of the client.
    pub(super) library: &'static str,
    /// The folder of the generated crate; `None` for one of `benches/`.
    pub(super) folder: Option<&'static str>,
}

/// The modes in which a client is built.
const MODES: [Mode; 2] = [Mode::Dev, Mode::Release];

/// Generates clients.
pub(super) fn clients(workshop: &Workshop, clients: &[Client]) -> Result<Scratch> {
    let environment = Environment::set_up(&workshop.workspace)?;
    let names: Vec<String> = clients
        .iter()
        .map(|client| client.service.to_owned())
        .collect();
    let data = service_data(&workshop.workspace, &environment, &names)?;
    let scratch = Scratch::make(&workshop.workspace, SCRATCH)?;
    for client in clients {
        let operations = client.operations.iter().copied().map(str::to_owned);
        let options = Options {
            choices: Choices {
                operations: (!client.operations.is_empty()).then(|| operations.collect()),
                ..Default::default()
            },
            other_service: true,
            drop_endpoint_tests: true,
            ..Default::default()
        };
        let model = Incoming::of_path(client.name, &data.join(client.service))?;
        add_model(&scratch.folder, &model, &options)?;
    }
    fetch(workshop, &scratch)?;
    Ok(scratch)
}

/// Writes the program that calls the clients, whose source is in a folder of `benches/`, into the scratch workspace.
pub(super) fn program(
    workshop: &Workshop,
    scratch: &Scratch,
    folder: &str,
    clients: &[Client],
) -> Result<()> {
    let source = scratch.folder.join("crates/attache/src");
    fs::create_dir_all(&source)
        .with_context(|| format!("could not create {}", source.display()))?;
    let name = format!("bench-{folder}-attache");
    let mut manifest = format!(
        "[package]\nname = \"{name}\"\nversion.workspace = true\nedition.workspace = true\npublish = false\n\n\
         [[bin]]\nname = \"{name}\"\npath = \"src/main.rs\"\n\n\
         [[bin]]\nname = \"{name}-counting\"\npath = \"src/counting.rs\"\nrequired-features = [\"counting\"]\n\n\
         [features]\ncounting = [\"bench-measure/counting\"]\n\n[dependencies]\nbytes = \"1\"\n"
    );
    for Client { name, .. } in clients {
        manifest.push_str(&format!("attache-{name} = {{ path = \"../{name}\" }}\n"));
    }
    let measure = workshop.benches.join("measure");
    manifest.push_str(&format!(
        "bench-measure = {{ path = \"{}\" }}\n",
        measure.display()
    ));
    scratch.write("crates/attache/Cargo.toml", &manifest)?;
    for (file, from) in [
        ("main.rs", "floor/src/main.rs"),
        ("counting.rs", "floor/src/counting.rs"),
        ("program.rs", "attache/program.rs"),
    ] {
        let from = workshop.benches.join(folder).join(from);
        fs::copy(&from, source.join(file))
            .with_context(|| format!("could not copy {}", from.display()))?;
    }
    fetch(workshop, scratch)
}

/// Adds what the lock file of this workspace lacks.
fn fetch(workshop: &Workshop, scratch: &Scratch) -> Result<()> {
    workshop.cargo(&scratch.folder, ["fetch", "--quiet"], &[])
}

/// Builds each client alone, from nothing, and returns a table. `key` is the beginning of the names of the figures.
pub(super) fn builds(
    workshop: &Workshop,
    plan: &Plan,
    scratch: &Scratch,
    key: &str,
    builds: &[Build],
    figures: &mut Figures,
) -> Result<String> {
    for round in 0..plan.rounds(1) {
        for mode in MODES.into_iter().filter(|mode| plan.builds(*mode)) {
            for build in builds {
                eprintln!("bench: {} {}, round {}", build.name, mode.name(), round + 1);
                measure(workshop, key, build, mode, figures)?;
            }
        }
    }
    for build in builds {
        if let Some(folder) = build.folder {
            let source = scratch.folder.join("crates").join(folder).join("src");
            let count = lines(&source)? as f64;
            figures.set(format!("{key} lines"), build.name, count);
        }
    }
    Ok(table(figures, key, builds))
}

fn measure(
    workshop: &Workshop,
    key: &str,
    build: &Build,
    mode: Mode,
    figures: &mut Figures,
) -> Result<()> {
    let workspace = match build.folder {
        Some(_) => &workshop.generated,
        None => &workshop.benches,
    };
    let folder = format!("{key}-build-{}", build.package);
    let target = workshop.target_folder(&folder, mode);
    if target.exists() {
        fs::remove_dir_all(&target)
            .with_context(|| format!("could not delete {}", target.display()))?;
    }
    let mut command = workshop.build_command(workspace, build.package, mode, &folder);
    command.arg("--lib");
    let built = workshop.measured_build(command, None)?;
    let own = built.units.iter().filter(|(unit, _)| unit == build.library);
    let (name, mode) = (build.name, mode.name());
    figures.add(format!("{key} {mode} cpu"), name, built.cost.cpu);
    figures.add(format!("{key} {mode} memory"), name, built.cost.memory);
    figures.add(
        format!("{key} {mode} own"),
        name,
        own.map(|(_, cpu)| cpu).sum(),
    );
    figures.set(format!("{key} crates"), name, built.crates as f64);
    Ok(())
}

fn table(figures: &Figures, key: &str, builds: &[Build]) -> String {
    let ratio_to = format!("of {OFFICIAL}");
    let mut table = Table::new(&[
        "client",
        "lines",
        "crates",
        "dev CPU",
        &ratio_to,
        "client",
        &ratio_to,
        "MB",
        "release CPU",
        &ratio_to,
        "client",
        &ratio_to,
        "MB",
    ]);
    for Build { name, .. } in builds {
        let median = |what: &str| figures.median(&format!("{key} {what}"), name);
        let mut cells = vec![
            (*name).to_owned(),
            figure(median("lines"), 1.0),
            figure(median("crates"), 1.0),
        ];
        for mode in MODES.map(Mode::name) {
            for what in ["cpu", "own"] {
                let what = format!("{mode} {what}");
                let of_official = figures.ratio(&format!("{key} {what}"), name, OFFICIAL);
                cells.extend([figure(median(&what), 1.0), ratio(of_official)]);
            }
            cells.push(figure(median(&format!("{mode} memory")), 1e6));
        }
        table.row(cells);
    }
    table.text()
}
