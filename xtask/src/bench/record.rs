//! `benches/RESULTS.md`: the record of a whole run, with all that is needed to judge and to repeat it.
//!
//! A run of some parts replaces their sections and their rows of the targets, and leaves the others as they are. Such a
//! section says when and with what it was measured.

use std::fs;

use anyhow::{Context, Result};

use super::contestant::{self, CONTESTANTS};
use super::figures::Figures;
use super::table::LEGEND;
use super::workshop::Workshop;
use super::{Plan, machine, targets};
use crate::lock::WriteLock;
use crate::write::Staged;

/// The heading of the targets.
const TARGETS: &str = "## Targets";

/// The beginning of the note of a section that is not of a whole run.
const APART: &str = "Measured apart from the rest.";

/// Writes the record of a whole run. The sections of parts that it left out stay, and say when they were measured.
pub(super) fn write(
    workshop: &Workshop,
    plan: &Plan,
    sections: &[String],
    figures: &Figures,
    leaves_out: bool,
) -> Result<()> {
    let mut text = String::from(
        "# Results\n\nA run of `cargo xtask bench --record`, which writes this file. `cargo xtask bench --help` says how to do \
         parts of it; `benches/` holds the programs.\n\n",
    );
    text.push_str(&machine::describe(workshop)?);
    text.push_str(&format!("* rounds: {}\n\n", plan.repetitions()));
    text.push_str(&contestant::list(&CONTESTANTS));
    text.push_str(&format!("\n{LEGEND}\n"));
    let recorded = fs::read_to_string(workshop.benches.join("RESULTS.md")).unwrap_or_default();
    let sections = with_others(sections, &recorded, leaves_out);
    let targets = targets::merged(figures, &section_of(&recorded, TARGETS).unwrap_or_default());
    store(
        workshop,
        &format!("{text}\n{targets}\n{}\n", sections.join("\n\n")),
    )
}

/// The sections, and those recorded ones that say of themselves that they were measured apart. If the run left parts out, the
/// other recorded ones stay, too, with the conditions of their run.
fn with_others(sections: &[String], recorded: &str, leaves_out: bool) -> Vec<String> {
    let is_new = |old: &String| {
        sections
            .iter()
            .any(|new| heading(new.trim()) == heading(old))
    };
    let (head, recorded) = split(recorded);
    let note = note(head.lines());
    let others = recorded
        .into_iter()
        .filter(|old| heading(old) != TARGETS && !is_new(old));
    let others = others.filter_map(|old| match old.contains(APART) {
        true => Some(old),
        false => leaves_out.then(|| with_note(&old, &note)),
    });
    let sections = sections.iter().map(|section| section.trim().to_owned());
    sections.chain(others).collect()
}

/// The note of a section that was measured under these conditions, each of which is an item of a list. Contestants, whose names
/// are bold, and versions of Python are left out.
fn note<'a>(conditions: impl Iterator<Item = &'a str>) -> String {
    let conditions = conditions
        .filter_map(|line| line.strip_prefix("* "))
        .filter(|line| !line.starts_with("Python") && !line.starts_with("**"));
    let conditions: Vec<&str> = conditions.collect();
    format!("{APART} {}.", conditions.join("; "))
}

/// Writes the sections of some parts into the record.
pub(super) fn write_parts(
    workshop: &Workshop,
    plan: &Plan,
    sections: &[String],
    figures: &Figures,
) -> Result<()> {
    let file = workshop.benches.join("RESULTS.md");
    let recorded =
        fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
    let conditions = machine::describe(workshop)?;
    let rounds = format!("* rounds: {}", plan.repetitions());
    let note = note(conditions.lines().chain([rounds.as_str()]));
    let sections: Vec<String> = sections
        .iter()
        .map(|section| with_note(section, &note))
        .collect();
    let rows = targets::merged(figures, &section_of(&recorded, TARGETS).unwrap_or_default());
    store(workshop, &merged(&with_legend(&recorded), &sections, &rows))
}

fn store(workshop: &Workshop, text: &str) -> Result<()> {
    let file = workshop.benches.join("RESULTS.md");
    let lock = WriteLock::acquire(&workshop.benches)?;
    let mut staged = Staged::new(&lock);
    staged.stage(&file, text.as_bytes())?;
    staged.commit()?;
    println!("wrote {}", file.display());
    Ok(())
}

/// How the explanation of the ratios begins.
const LEGEND_BEGINS: &str = "A ratio is taken round by round";

/// A record whose head explains the ratios.
fn with_legend(recorded: &str) -> String {
    match recorded.split_once("\n## ") {
        Some((head, rest)) => {
            // An older record has an older explanation.
            let others = head.split("\n\n");
            let others = others.filter(|paragraph| !paragraph.starts_with(LEGEND_BEGINS));
            let head: Vec<&str> = others.map(str::trim_end).chain([LEGEND]).collect();
            format!("{}\n\n## {rest}", head.join("\n\n"))
        }
        _ => recorded.to_owned(),
    }
}

/// A section with a paragraph behind its heading.
fn with_note(section: &str, note: &str) -> String {
    let section = section.trim();
    match section.split_once('\n') {
        Some((heading, rest)) => format!("{heading}\n\n{note}\n\n{}", rest.trim()),
        None => format!("{section}\n\n{note}"),
    }
}

/// The record with some of its sections replaced; new ones come last.
fn merged(recorded: &str, sections: &[String], targets: &str) -> String {
    let (head, mut all) = split(recorded);
    for section in sections.iter().map(String::as_str).chain([targets]) {
        let section = section.trim();
        if section.is_empty() {
            continue;
        }
        match all
            .iter_mut()
            .find(|old| heading(old.as_str()) == heading(section))
        {
            Some(old) => section.clone_into(old),
            None => all.push(section.to_owned()),
        }
    }
    format!("{head}\n\n{}\n", all.join("\n\n"))
}

/// What is before the first section, and the sections with their headings.
fn split(text: &str) -> (&str, Vec<String>) {
    let mut parts = text.split("\n## ");
    let head = parts.next().unwrap_or_default().trim();
    (
        head,
        parts.map(|part| format!("## {}", part.trim())).collect(),
    )
}

fn heading(section: &str) -> &str {
    section.lines().next().unwrap_or_default()
}

fn section_of(text: &str, wanted: &str) -> Option<String> {
    let (_, sections) = split(text);
    sections
        .into_iter()
        .find(|section| heading(section) == wanted)
}

#[cfg(test)]
mod tests {
    use super::{APART, LEGEND, merged, section_of, with_legend, with_note, with_others};

    const RECORD: &str =
        "# Results\n\n* date: 1\n\n## Targets\n\nt\n\n## A\n\none\n\n### part\n\n## B\n\ntwo\n";

    #[test]
    fn a_section_is_replaced_and_the_others_stay() {
        let text = merged(RECORD, &["## A\n\nthree\n".to_owned()], "## Targets\n\nu\n");
        let expected =
            "# Results\n\n* date: 1\n\n## Targets\n\nu\n\n## A\n\nthree\n\n## B\n\ntwo\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_new_section_comes_last_and_no_targets_change_nothing() {
        let text = merged(RECORD, &["## C\n\nthree\n".to_owned()], "");
        assert_eq!(text, format!("{RECORD}\n## C\n\nthree\n"));
    }

    #[test]
    fn a_whole_run_keeps_the_parts_that_were_measured_apart() {
        let recorded = format!("# R\n\n## A\n\n{APART} 1\n\n## B\n\nold\n\n## C\n\n{APART} 2\n");
        let sections = with_others(&["## A\n\nnew\n".to_owned()], &recorded, false);
        assert_eq!(
            sections,
            ["## A\n\nnew".to_owned(), format!("## C\n\n{APART} 2")]
        );
    }

    #[test]
    fn a_run_that_leaves_parts_out_keeps_them_with_their_conditions() {
        let recorded = format!("{RECORD}\n## C\n\n{APART} 2\n");
        let recorded = recorded.replace("* date: 1", "* date: 1\n* commit: x\n\n* **a**: b");
        let sections = with_others(&["## A\n\nnew\n".to_owned()], &recorded, true);
        let expected = [
            "## A\n\nnew".to_owned(),
            format!("## B\n\n{APART} date: 1; commit: x.\n\ntwo"),
            format!("## C\n\n{APART} 2"),
        ];
        assert_eq!(sections, expected);
    }

    #[test]
    fn a_note_stands_behind_the_heading() {
        let text = with_note("## A\n\none\n\ntwo\n", "measured today");
        assert_eq!(text, "## A\n\nmeasured today\n\none\n\ntwo");
        let found = section_of(&format!("# R\n\n{text}\n"), "## A");
        assert_eq!(found.as_deref(), Some(text.as_str()));
    }

    #[test]
    fn the_head_explains_the_ratios_once() {
        let text = with_legend(RECORD);
        let expected = format!("# Results\n\n* date: 1\n\n{LEGEND}\n\n## Targets\n");
        assert!(text.starts_with(&expected), "{text}");
        assert!(text.ends_with("## B\n\ntwo\n"), "{text}");
        assert_eq!(with_legend(&text), text);
        let older = RECORD.replace("* date", "A ratio is taken round by round, once.\n\n* date");
        assert_eq!(with_legend(&older), text);
    }
}
