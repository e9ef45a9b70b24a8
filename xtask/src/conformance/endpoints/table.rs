//! What the command says about endpoint tests.

use std::collections::BTreeMap;

use super::super::report::Report;
use super::answer::Answer;
use super::calls::Calls;
use super::cases::Case;
use super::question::Question;

/// How many failures are shown.
const SHOWN: usize = 40;

/// A test and its verdict.
pub(super) struct Entry<'a> {
    pub(super) question: Question<'a>,
    pub(super) case: &'a Case,
    pub(super) verdict: Verdict,
}

/// The verdict on a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Passed,
    /// The rules gave another answer.
    Failed(Answer),
    /// The rules are right, and a call of a generated client was not as they say.
    Misdirected(String),
    /// It was not judged, for a reason.
    Skipped(String),
}

/// How often each verdict was given.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Count {
    fn add(&mut self, verdict: &Verdict) {
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed(_) | Verdict::Misdirected(_) => self.failed += 1,
            Verdict::Skipped(_) => self.skipped += 1,
        }
    }
}

/// The counts of all services, the failures, and the reasons of what was skipped.
pub(super) fn report(
    entries: &[Entry<'_>],
    calls: &Calls,
    lines: usize,
    (all, built): (f64, f64),
) -> Report {
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut skipped: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    let mut total = Count::default();
    for entry in entries {
        counts
            .entry(entry.question.service)
            .or_default()
            .add(&entry.verdict);
        total.add(&entry.verdict);
        if let Verdict::Skipped(reason) = &entry.verdict {
            let of_reason = skipped.entry((entry.question.service, reason)).or_default();
            of_reason.push(entry.case.index);
        }
    }
    let mut text = per_service(&counts);
    let failures = entries.iter().filter_map(failure);
    text.extend(failures.take(SHOWN));
    if total.failed > SHOWN {
        text.push_str(&format!("and {} more failures\n", total.failed - SHOWN));
    }
    for ((service, reason), indices) in skipped {
        let indices: Vec<String> = indices.iter().map(usize::to_string).collect();
        let indices = indices.join(", ");
        text.push_str(&format!(
            "skipped: {service} testCases {indices}: {reason}\n"
        ));
    }
    text.push_str(&about_calls(calls));
    let Count {
        passed,
        failed,
        skipped,
    } = total;
    text.push_str(&format!(
        "{} services, {lines} lines of rules; {all:.1} s, of which generating and building took {built:.1} s\n\
         {passed} passed, {failed} failed, {skipped} skipped\n",
        counts.len(),
    ));
    Report {
        text,
        failed: failed > 0,
    }
}

/// How many calls were made, and why others were not.
fn about_calls(calls: &Calls) -> String {
    let mut text = String::new();
    text.push_str(&format!(
        "{} calls of generated clients went where their tests say\n",
        calls.passed
    ));
    for (reason, count) in &calls.left_out {
        text.push_str(&format!(
            "{count} calls were not made, only their parameters evaluated: {reason}\n"
        ));
    }
    text
}

/// A line for each service.
fn per_service(counts: &BTreeMap<&str, Count>) -> String {
    let mut text = format!(
        "{:<36} {:>6} {:>6} {:>7}\n",
        "service", "passed", "failed", "skipped"
    );
    for (name, count) in counts {
        let Count {
            passed,
            failed,
            skipped,
        } = count;
        text.push_str(&format!(
            "{name:<36} {passed:>6} {failed:>6} {skipped:>7}\n"
        ));
    }
    text
}

fn failure(entry: &Entry<'_>) -> Option<String> {
    let came = match &entry.verdict {
        Verdict::Failed(answer) => answer.to_string(),
        Verdict::Misdirected(problem) => problem.clone(),
        Verdict::Passed | Verdict::Skipped(_) => return None,
    };
    let parameters = serde_json::to_string(entry.question.parameters).unwrap_or_default();
    Some(format!(
        "{} testCases[{}]: {parameters}\n    wanted {}\n    came   {came}\n",
        entry.question.service, entry.case.index, entry.case.expected
    ))
}
