//! `cargo xtask bench`: what attache costs beside the official SDK, code by hand, and boto3.
//!
//! The programs are in `benches/`, a workspace of its own, so that what they need weighs on nobody else; this is only
//! the conductor. Contestants take turns and figures are medians over rounds, because the same code may take a third
//! longer a minute later. Nothing here fails because something is slow: targets are reported, never asserted.

mod build;
mod contestant;
mod duplicates;
mod figures;
mod generate;
mod load;
mod machine;
mod record;
mod server;
mod size;
mod slices;
mod table;
mod targets;
mod validate;
mod workshop;

use std::path::Path;

use anyhow::{Context, Result, bail};

use self::contestant::{CONTESTANTS, Contestant};
use self::figures::Figures;
use self::workshop::Workshop;
use crate::arguments::Arguments;

const HELP: &str = "\
cargo xtask bench [PART…] [--rounds N] [--contestant NAME[,NAME…]] [--quick] [--record]

Measures attache beside others and prints tables in Markdown. Without a PART it does all of them:

  build        clean builds of an application with both clients: CPU, wall, crates; a rebuild after a change
  size         its program, stripped
  slices       both clients with one operation each, beside the whole ones
  run          calls against a local server: rate, latency, CPU, allocations, memory
  validate     checking a request
  generate     `cargo xtask generate`, the corpus of botocore, and its largest service
  duplicates   how many support cases are opened twice when a server acts and then fails

  --rounds N         how often each contestant gets its turn (without it: 1 for builds and the corpus, 3 for the rest)
  --contestant NAME  only these: attache, official, plain, lean, one-pass, boto3
  --quick            a tenth of the calls: shows that everything works, but the figures are worth little
  --record           all parts and all contestants, written to benches/RESULTS.md

The official SDK takes minutes to build. boto3 needs Python and, the first time, the network.
";

/// What the command is asked for.
#[derive(Debug)]
struct Plan {
    rounds: Option<usize>,
    contestants: Vec<&'static Contestant>,
    quick: bool,
}

impl Plan {
    fn rounds(&self, default: usize) -> usize {
        self.rounds.unwrap_or(default)
    }

    /// How many calls to make where `calls` would be enough on a quiet machine.
    fn calls(&self, calls: usize) -> usize {
        if self.quick {
            calls.div_ceil(10)
        } else {
            calls
        }
    }
}

/// A part measures, keeps its figures and gives its tables.
type Part = fn(&Workshop, &Plan, &mut Figures) -> Result<String>;

const PARTS: [(&str, Part); 7] = [
    ("build", build::measure),
    ("size", size::measure),
    ("slices", slices::measure),
    ("run", load::measure),
    ("validate", validate::measure),
    ("generate", generate::measure),
    ("duplicates", duplicates::measure),
];

/// Runs the command with its arguments.
///
/// # Errors
/// Arguments that it does not understand, programs that do not build, and calls that fail.
pub fn command(workspace: &Path, mut arguments: Arguments) -> Result<String> {
    if arguments.flag("--help") || arguments.flag("-h") {
        return Ok(HELP.to_owned());
    }
    let record = arguments.flag("--record");
    let plan = Plan {
        quick: arguments.flag("--quick"),
        rounds: match arguments.option("--rounds")? {
            Some(text) => Some(whole_number(&text)?),
            None => None,
        },
        contestants: contestants(arguments.option("--contestant")?.as_deref())?,
    };
    let names = arguments.finish()?;
    if let Some(unknown) = names
        .iter()
        .find(|name| PARTS.iter().all(|(part, _)| part != name))
    {
        let known: Vec<&str> = PARTS.iter().map(|(part, _)| *part).collect();
        bail!(
            "`bench` has no part `{unknown}`; it has {}",
            known.join(", ")
        );
    }
    if record && (!names.is_empty() || plan.quick || plan.contestants.len() < CONTESTANTS.len()) {
        bail!("--record writes a whole run: it goes with no part, no --contestant and no --quick");
    }
    let workshop = Workshop::set_up(workspace)?;
    let mut figures = Figures::default();
    let mut sections = String::new();
    for (name, part) in PARTS {
        if names.is_empty() || names.iter().any(|wanted| wanted == name) {
            eprintln!("bench: {name}");
            let section = part(&workshop, &plan, &mut figures)
                .with_context(|| format!("the part `{name}` could not be measured"))?;
            // Printed at once: what comes later may fail, and took long.
            println!("{section}");
            sections.push_str(&section);
            sections.push('\n');
        }
    }
    let targets = targets::table(&figures);
    if record {
        record::write(&workshop, &plan, &sections, &targets)?;
    }
    Ok(targets)
}

fn whole_number(text: &str) -> Result<usize> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.with_context(|| format!("--rounds takes a whole number of at least 1, not `{text}`"))
}

fn contestants(names: Option<&str>) -> Result<Vec<&'static Contestant>> {
    let Some(names) = names else {
        return Ok(CONTESTANTS.iter().collect());
    };
    names
        .split(',')
        .map(|name| {
            let found = CONTESTANTS
                .iter()
                .find(|contestant| contestant.name == name);
            let known: Vec<&str> = CONTESTANTS.iter().map(|known| known.name).collect();
            found.with_context(|| {
                format!(
                    "there is no contestant `{name}`; there are {}",
                    known.join(", ")
                )
            })
        })
        .collect()
}
