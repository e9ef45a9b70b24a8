//! A comparison as text for a terminal, as JSON, and as the Markdown of a changelog.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::level::{Documentation, RustLevel, Validation, Wire};
use super::prose::WORDS;
use super::{Change, Report, rule};
use crate::escape::{self, line, markdown};

/// The comparison as JSON: `verdict`, then `changes`.
pub fn json(report: &Report) -> String {
    // The value has only strings and enums, so this cannot fail.
    let mut text = escape::json(&serde_json::to_string_pretty(report).unwrap_or_default());
    text.push('\n');
    text
}

/// The comparison for a terminal.
pub fn text(report: &Report) -> String {
    let mut text = format!("{}\n", summary(report));
    for (title, changes) in groups(report) {
        let _ = write!(text, "\n{title}\n");
        for change in changes {
            let _ = writeln!(text, "  {}", line(&change.sentence));
            for api in &change.api {
                let _ = writeln!(text, "      {}", line(api));
            }
            if let Some(axes) = axes(change) {
                let _ = writeln!(text, "      [{axes}]");
            }
        }
    }
    text
}

/// The comparison as the part of a changelog. Changes without an effect for users are counted, not listed.
pub fn markdown(report: &Report) -> String {
    let mut text = String::new();
    for (title, changes) in groups(report) {
        let (told, silent): (Vec<&Change>, Vec<&Change>) =
            changes.into_iter().partition(|change| is_told(change));
        if told.is_empty() {
            if !silent.is_empty() {
                let _ = write!(text, "### {title}\n\n{}\n\n", count(silent.len()));
            }
            continue;
        }
        let _ = write!(text, "### {title}\n\n");
        for alike in alike(&told) {
            text.push_str(&entry(&alike));
        }
        if !silent.is_empty() {
            let _ = writeln!(text, "* {}", count(silent.len()));
        }
        text.push('\n');
    }
    text
}

/// The minimum number of shapes for which the same change of their members is reported once.
const MANY: usize = 3;

/// Groups of changes that differ only in the shape of their member, in the order of their first ones. Every other
/// change is a group of its own.
fn alike<'a>(changes: &[&'a Change]) -> Vec<Vec<&'a Change>> {
    let mut groups: Vec<Vec<&Change>> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for &change in changes {
        let fresh = groups.len();
        let index = match member(change) {
            Some((_, sentence)) => *known.entry(sentence).or_insert(fresh),
            None => fresh,
        };
        match groups.get_mut(index) {
            Some(group) => group.push(change),
            None => groups.push(vec![change]),
        }
    }
    let parts = |group: Vec<&'a Change>| {
        if group.len() < MANY {
            group.into_iter().map(|change| vec![change]).collect()
        } else {
            vec![group]
        }
    };
    groups.into_iter().flat_map(parts).collect()
}

/// The name of the shape, and the sentence without it, if a change is about a member and names it.
fn member(change: &Change) -> Option<(&str, String)> {
    let (shape, member) = change.shape.split_once('$')?;
    let shape = shape.rsplit_once('#').map_or(shape, |(_, name)| name);
    let full = format!("`{shape}.{member}`");
    (change.sentence.matches(&full).count() == 1).then(|| {
        (
            shape,
            change.sentence.replace(&full, &format!("`{member}`")),
        )
    })
}

/// One line of the changelog.
fn entry(changes: &[&Change]) -> String {
    let first = changes[0];
    let lines = first.api.as_slice();
    let (sentence, language) = match (changes, member(first)) {
        ([_, _, ..], Some((_, sentence))) => {
            let shapes: Vec<String> = changes
                .iter()
                .filter_map(|change| Some(format!("`{}`", member(change)?.0)))
                .collect();
            let sentence = format!(
                "{sentence} This applies to {} shapes: {}.",
                shapes.len(),
                shapes.join(", ")
            );
            (sentence, "In Rust, for the first of them")
        }
        _ => (first.sentence.clone(), "In Rust"),
    };
    let api = match lines {
        [] => String::new(),
        lines if lines.len() <= 4 => format!(" {language}: {}.", lines.join("; ")),
        lines => format!(
            " {language}: {}; and {} more.",
            lines[..3].join("; "),
            lines.len() - 3
        ),
    };
    // Both contain names and values of the models.
    format!("* {}\n", markdown::sentence(&format!("{sentence}{api}")))
}

fn count(changes: usize) -> String {
    match changes {
        1 => "1 change of the model does not affect clients.".to_owned(),
        many => format!("{many} changes of the model do not affect clients."),
    }
}

/// One line: the verdict, and the level that the version must rise by.
pub fn summary(report: &Report) -> String {
    let verdict = report.verdict;
    let count = match report.changes.len() {
        0 => return "nothing changed".to_owned(),
        1 => "1 change".to_owned(),
        many => format!("{many} changes"),
    };
    format!(
        "{count}; Rust API: {}, wire: {}, validation: {}; the version must rise by: {}",
        verdict.rust.name(),
        verdict.wire.name(),
        verdict.validation.name(),
        report.bump().name()
    )
}

fn is_told(change: &Change) -> bool {
    // Types without a Rust name; the types that contain them are reported.
    if change.api.is_empty() && ["shape-added", "shape-removed"].contains(&change.kind.as_str()) {
        return false;
    }
    change.rust != RustLevel::None
        || change.wire != Wire::None
        || change.validation != Validation::None
        || change.documentation == Documentation::Overlay
        || change.kind == "documented-limit-changed"
        || change.kind == WORDS
        || change.kind == "not-generated"
}

/// The changes by the necessary action of users; the most severe first.
fn groups(report: &Report) -> Vec<(&'static str, Vec<&Change>)> {
    const TITLES: [&str; 8] = [
        "Not classified",
        "Code may have to change",
        "Messages changed",
        "Requests that passed are refused",
        "Requests that were refused pass",
        "Added",
        "Overlay and documentation",
        "Other",
    ];
    let mut groups: Vec<(&'static str, Vec<&Change>)> = TITLES
        .into_iter()
        .map(|title| (title, Vec::new()))
        .collect();
    for change in &report.changes {
        let index = match change {
            change if change.kind == rule::UNCLASSIFIED => 0,
            change if change.rust == RustLevel::Major => 1,
            change if change.wire == Wire::Breaking => 2,
            change if matches!(change.validation, Validation::Tightened | Validation::Mixed) => 3,
            change if change.validation == Validation::Loosened => 4,
            change if change.rust == RustLevel::Minor => 5,
            change if change.documentation == Documentation::Overlay => 6,
            change if change.kind.starts_with("document") || change.kind == WORDS => 6,
            _ => 7,
        };
        groups[index].1.push(change);
    }
    groups.retain(|(_, changes)| !changes.is_empty());
    groups
}

/// The axes with a level.
fn axes(change: &Change) -> Option<String> {
    let parts: Vec<String> = [
        ("Rust", change.rust.name()),
        ("wire", change.wire.name()),
        ("validation", change.validation.name()),
    ]
    .into_iter()
    .filter(|(_, level)| *level != "none")
    .map(|(axis, level)| format!("{axis}: {level}"))
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
