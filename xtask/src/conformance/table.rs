//! The report of a run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::suite::{Kind, SuiteCase, Suites};

/// How a case ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All is as wanted.
    Passed,
    /// What is not.
    Failed(Vec<String>),
    /// Why it was not run.
    Skipped(String),
}

/// A case and how it ended.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// The suite.
    pub(super) suite: &'a str,
    /// The case.
    pub(super) case: &'a SuiteCase,
    /// How it ended.
    pub(super) verdict: Verdict,
}

#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Count {
    fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed(_) => self.failed += 1,
            Verdict::Skipped(_) => self.skipped += 1,
        }
    }
}

/// The failures, the skipped cases and the table.
pub(super) fn report(entries: &[Entry<'_>], suites: &Suites) -> String {
    let mut text = String::new();
    let mut skipped: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut counts: BTreeMap<(&str, Kind), Count> = BTreeMap::new();
    for Entry {
        suite,
        case,
        verdict,
    } in entries
    {
        let id = &case.case.id;
        counts
            .entry((&case.protocol, case.kind))
            .or_default()
            .add(verdict);
        match verdict {
            Verdict::Passed => {}
            Verdict::Skipped(reason) => skipped.entry(reason).or_default().push(id),
            Verdict::Failed(problems) => {
                let _ = writeln!(text, "FAILED {id} ({}, {suite})", case.kind.name());
                for problem in problems {
                    let _ = writeln!(text, "    {problem}");
                }
            }
        }
    }
    for (reason, cases) in skipped {
        let _ = writeln!(text, "skipped {}:\n    {}", cases.join(", "), reason.trim());
    }
    text.push_str(&table(&counts));
    text.push_str(&remarks(suites));
    text
}

/// A row for each protocol and part of the suites.
fn table(counts: &BTreeMap<(&str, Kind), Count>) -> String {
    let mut text = String::new();
    let mut row = |columns: [&str; 5]| {
        let [protocol, suite, passed, failed, skipped] = columns;
        let _ = writeln!(
            text,
            "{protocol:<12} {suite:<16} {passed:>7} {failed:>7} {skipped:>8}"
        );
    };
    row(["protocol", "suite", "passed", "failed", "skipped"]);
    for ((protocol, kind), count) in counts {
        let Count {
            passed,
            failed,
            skipped,
        } = count;
        let [passed, failed, skipped] = [passed, failed, skipped].map(ToString::to_string);
        row([protocol, kind.name(), &passed, &failed, &skipped]);
    }
    text
}

/// What was left out or changed before the cases ran.
fn remarks(suites: &Suites) -> String {
    let mut text = String::new();
    let Suites {
        for_servers,
        mended,
        ..
    } = suites;
    if *for_servers > 0 {
        let _ = writeln!(
            text,
            "{for_servers} cases apply to servers only and are not counted"
        );
    }
    if !mended.is_empty() {
        let _ = writeln!(
            text,
            "mended in the models, because their own cases say otherwise: {}",
            mended.join(", ")
        );
    }
    text
}

/// `N passed, N failed, N skipped`
pub(super) fn summary(entries: &[Entry<'_>]) -> String {
    let mut all = Count::default();
    for entry in entries {
        all.add(&entry.verdict);
    }
    let Count {
        passed,
        failed,
        skipped,
    } = all;
    format!("{passed} passed, {failed} failed, {skipped} skipped")
}
