//! The cost of building an application with both clients.

use anyhow::Result;

use super::contestant::{Contestant, OFFICIAL};
use super::figures::Figures;
use super::table::{Table, figure, ratio};
use super::workshop::{Built, Mode, Workshop};
use super::{Plan, workshop};

/// How many of the most expensive crates are listed.
const DEAREST: usize = 8;

/// The most expensive crates of a mode, for each contestant.
type Dearest = Vec<(&'static str, Vec<(String, f64)>)>;

pub(super) fn measure(workshop: &Workshop, plan: &Plan, figures: &mut Figures) -> Result<String> {
    let contestants: Vec<&Contestant> = plan
        .contestants
        .iter()
        .copied()
        .filter(|contestant| contestant.builds)
        .collect();
    let mut dearest = Dearest::new();
    for round in 0..plan.rounds(1) {
        for mode in Mode::ALL {
            for contestant in &contestants {
                eprintln!(
                    "bench: {} {}, round {}",
                    contestant.name,
                    mode.name(),
                    round + 1
                );
                let built = clean_build(workshop, contestant, mode)?;
                keep(figures, contestant, mode, &built);
                if mode == Mode::Release && round == 0 {
                    dearest.push((contestant.name, top(built.units)));
                }
                if mode == Mode::Dev {
                    let change = format!("change-{round}");
                    let rebuilt = workshop.build(contestant, mode, Some(&change))?;
                    figures.add("build again cpu", contestant.name, rebuilt.cost.cpu);
                    figures.add("build again wall", contestant.name, rebuilt.cost.wall);
                }
            }
        }
    }
    let mut text = format!(
        "## Builds\n\nClean builds of an application with both clients, offline, {} at a time by cargo. CPU of cargo and all that it \
         starts, in seconds; the ratios are to `official`. The rebuild is one in dev after a line of the application changed. \
         All crates but the application are compiled without incremental compilation, as crates of a registry are.\n\n",
        workshop::processors(),
    );
    text.push_str(&totals(figures, &contestants));
    text.push_str("\nCPU seconds of the crates that only this contestant brings:\n\n");
    text.push_str(&own_crates(figures, &contestants));
    text.push_str("\nThe most expensive crates of the release builds, in CPU seconds:\n\n");
    for (name, crates) in dearest {
        let crates: Vec<String> = crates
            .iter()
            .map(|(name, cpu)| format!("{name} {cpu:.1}"))
            .collect();
        text.push_str(&format!("* {name}: {}\n", crates.join(", ")));
    }
    Ok(text)
}

fn clean_build(workshop: &Workshop, contestant: &Contestant, mode: Mode) -> Result<Built> {
    workshop.clean(contestant.name, mode)?;
    workshop.build(contestant, mode, None)
}

fn keep(figures: &mut Figures, contestant: &Contestant, mode: Mode, built: &Built) {
    let (name, mode) = (contestant.name, mode.name());
    figures.add(format!("build {mode} cpu"), name, built.cost.cpu);
    figures.add(format!("build {mode} wall"), name, built.cost.wall);
    figures.set("build crates", name, built.crates as f64);
    let mut all = 0.0;
    for own in contestant.own_crates {
        let cpu = built.units.iter().filter(|(unit, _)| unit == own);
        let cpu: f64 = cpu.map(|(_, cpu)| cpu).sum();
        figures.add(format!("build {mode} {own}"), name, cpu);
        all += cpu;
    }
    if !contestant.own_crates.is_empty() {
        figures.add(format!("build {mode} own"), name, all);
    }
}

/// The most expensive crates. The costs of a crate that is compiled more than once, such as a build script, are added
/// up.
fn top(units: Vec<(String, f64)>) -> Vec<(String, f64)> {
    let mut sums: std::collections::BTreeMap<String, f64> = std::collections::BTreeMap::new();
    for (name, cpu) in units {
        *sums.entry(name).or_default() += cpu;
    }
    let mut sums: Vec<(String, f64)> = sums.into_iter().collect();
    sums.sort_by(|one, two| two.1.total_cmp(&one.1));
    sums.truncate(DEAREST);
    sums
}

fn totals(figures: &Figures, contestants: &[&Contestant]) -> String {
    let ratio_to = format!("of {OFFICIAL}");
    let mut table = Table::new(&[
        "contestant",
        "crates",
        "check CPU",
        &ratio_to,
        "wall",
        "dev CPU",
        &ratio_to,
        "wall",
        "rebuild CPU",
        "wall",
        "release CPU",
        &ratio_to,
        "wall",
    ]);
    for contestant in contestants {
        let name = contestant.name;
        let median = |what: &str| figure(figures.median(what, name), 1.0);
        let mut cells = vec![name.to_owned()];
        // The number of crates is the same in every mode.
        cells.push(
            figures
                .median("build crates", name)
                .map_or_else(String::new, |crates| crates.to_string()),
        );
        for mode in Mode::ALL {
            let cpu = format!("build {} cpu", mode.name());
            cells.push(median(&cpu));
            cells.push(ratio(figures.ratio(&cpu, name, OFFICIAL)));
            cells.push(median(&format!("build {} wall", mode.name())));
            if mode == Mode::Dev {
                cells.push(median("build again cpu"));
                cells.push(median("build again wall"));
            }
        }
        table.row(cells);
    }
    table.text()
}

fn own_crates(figures: &Figures, contestants: &[&Contestant]) -> String {
    let mut table = Table::new(&["crate", "check", "dev", "release"]);
    for contestant in contestants {
        for own in contestant.own_crates {
            let cells = Mode::ALL.map(|mode| {
                let what = format!("build {} {own}", mode.name());
                figure(figures.median(&what, contestant.name), 1.0)
            });
            table.row(std::iter::once(format!("`{own}`")).chain(cells));
        }
    }
    table.text()
}
