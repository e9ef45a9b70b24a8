//! The report of an update: the text of a pull request.

use std::fmt::Write as _;

use super::step::Updated;
use crate::diff::report;
use crate::escape::markdown;
use crate::workspace::crate_version;
use crate::workspace::table::Table;

/// The verdicts of all services in a table; then, for each one that changed, what changed, what breaks first.
pub(super) fn markdown(updated: &[Updated]) -> String {
    let rows = updated.iter().map(|one| {
        let verdict = one.changes.verdict;
        [
            one.service.clone(),
            one.from.clone().unwrap_or_else(|| "-".to_owned()),
            one.source.clone(),
            verdict.rust.name().to_owned(),
            verdict.wire.name().to_owned(),
            verdict.validation.name().to_owned(),
            one.changes.changes.len().to_string(),
            crate_version::step(&one.old_version, &one.new_version),
        ]
    });
    let titles = [
        "service",
        "model before",
        "model",
        "Rust API",
        "wire",
        "validation",
        "changes",
        "crate",
    ];
    let changed = updated.iter().filter(|one| !one.changes.changes.is_empty());
    let mut text = match changed.clone().count() {
        0 => "No model changed.\n\n".to_owned(),
        1 => "One model changed.\n\n".to_owned(),
        count => format!("{count} models changed.\n\n"),
    };
    text.push_str(&Table::new(titles, rows).markdown());
    for one in updated {
        let has_changes = !one.changes.changes.is_empty();
        if !has_changes && one.to_read().next().is_none() {
            continue;
        }
        let crate_name = markdown::text(&one.crate_name);
        let _ = write!(text, "\n## {crate_name} {}\n\n", one.new_version);
        if has_changes {
            text.push_str(&report::markdown(&one.changes));
        }
        let mut to_read = one.to_read().peekable();
        if to_read.peek().is_some() {
            text.push_str("### To review\n\n");
        }
        for sentence in to_read {
            let _ = writeln!(text, "- [ ] {}", markdown::sentence(sentence));
        }
    }
    text
}
