//! Chooses few services that together have everything that any service has.

use std::collections::BTreeSet;

/// A service that can be chosen.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) name: String,
    /// What it costs.
    pub(super) size: usize,
    pub(super) constructs: BTreeSet<String>,
}

/// Again and again the candidate that has the most constructs, for its size, which no chosen one has; once all are covered,
/// those that have them a second time. The smaller one among equals.
pub(super) fn cover(mut left: Vec<Candidate>, count: usize) -> Vec<String> {
    left.sort_by_key(|one| one.size);
    let mut names = Vec::new();
    let mut covered: BTreeSet<String> = BTreeSet::new();
    while names.len() < count {
        let gain = |one: &Candidate| {
            let new = one
                .constructs
                .iter()
                .filter(|name| !covered.contains(*name));
            // For each byte, in parts.
            ((new.count() as u128) << 40) / one.size.max(1) as u128
        };
        // The first of the largest.
        let best = (0..left.len()).rev().max_by_key(|at| gain(&left[*at]));
        let Some(best) = best.filter(|at| gain(&left[*at]) > 0) else {
            if covered.is_empty() {
                break;
            }
            covered.clear();
            continue;
        };
        let one = left.remove(best);
        covered.extend(one.constructs);
        names.push(one.name);
    }
    names
}
