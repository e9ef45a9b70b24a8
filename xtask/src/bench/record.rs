//! `benches/RESULTS.md`: the record of a whole run, with all that is needed to judge and to repeat it.

use anyhow::Result;

use super::contestant::{CONTESTANTS, QUERY_CONTESTANTS};
use super::workshop::Workshop;
use super::{Plan, machine};
use crate::lock::WriteLock;
use crate::write::Staged;

pub(super) fn write(workshop: &Workshop, plan: &Plan, sections: &str, targets: &str) -> Result<()> {
    let mut text = String::from(
        "# Results\n\nA run of `cargo xtask bench --record`, which writes this file. `cargo xtask bench --help` says how to do \
         parts of it; `benches/` holds the programs.\n\n",
    );
    text.push_str(&machine::describe(workshop)?);
    let rounds = match plan.rounds {
        Some(rounds) => format!("{rounds} each"),
        None => "1 of builds and the corpus, 3 of the rest".to_owned(),
    };
    text.push_str(&format!("* rounds: {rounds}\n\n"));
    for contestant in &CONTESTANTS {
        text.push_str(&format!(
            "* **{}**: {}\n",
            contestant.name, contestant.description
        ));
    }
    text.push_str("\nFor EC2 and STS:\n\n");
    for contestant in &QUERY_CONTESTANTS {
        text.push_str(&format!(
            "* **{}**: {}\n",
            contestant.name, contestant.description
        ));
    }
    text.push_str(&format!("\n{targets}\n{}\n", sections.trim_end()));
    let file = workshop.benches.join("RESULTS.md");
    let lock = WriteLock::acquire(&workshop.benches)?;
    let mut staged = Staged::new(&lock);
    staged.stage(&file, text.as_bytes())?;
    staged.commit()?;
    println!("wrote {}", file.display());
    Ok(())
}
