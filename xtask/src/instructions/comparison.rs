//! Compares counts with the recorded ones.
//!
//! Counts of one program are the same in each run, but another compiler or another version of a dependency changes all of
//! them. So they are compared only where nothing but the code of this repository can have changed them.

use super::record::{Conditions, Counts, Record};

/// A path that takes so much more than recorded, in percent, is named in a warning; one that takes so much less makes the
/// record too generous.
const WARNING: u64 = 3;
/// So much more, in percent, is a failure.
const FAILURE: u64 = 15;

/// The result of comparing a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Change {
    /// As recorded, or nearly so.
    Same(f64),
    /// More than recorded, by percent.
    More(f64),
    /// So much more that the check fails.
    TooMuch(f64),
    /// Less than recorded, by percent (negative).
    Less(f64),
    /// It is not recorded.
    New,
    /// It is recorded, and the program does not have it.
    Gone,
}

impl Change {
    fn of(recorded: Option<u64>, counted: Option<u64>) -> Self {
        let (recorded, counted) = match (recorded, counted) {
            (Some(recorded), Some(counted)) => (recorded, counted),
            (None, _) => return Self::New,
            (_, None) => return Self::Gone,
        };
        // In hundredths and in integers, so that exactly 3 % is not more than 3 %.
        let (least, most) = (recorded * (100 - WARNING), recorded * (100 + WARNING));
        let percent = (counted as f64 / recorded.max(1) as f64 - 1.0) * 100.0;
        match counted * 100 {
            counted if counted > recorded * (100 + FAILURE) => Self::TooMuch(percent),
            counted if counted > most => Self::More(percent),
            counted if counted < least => Self::Less(percent),
            _ => Self::Same(percent),
        }
    }

    /// Whether the check fails. A path that is not recorded is not guarded, and recording it is one command.
    pub(super) fn fails(self) -> bool {
        matches!(self, Self::TooMuch(_) | Self::New | Self::Gone)
    }

    /// The cells of the table: the change, and what it means.
    pub(super) fn cells(self) -> (String, &'static str) {
        match self {
            Self::Same(percent) => (format!("{percent:+.2} %"), ""),
            Self::More(percent) => (format!("{percent:+.2} %"), "warning: more than 3 % more"),
            Self::TooMuch(percent) => (format!("{percent:+.2} %"), "FAILED: more than 15 % more"),
            Self::Less(percent) => (format!("{percent:+.2} %"), "less: record again"),
            Self::New => (String::new(), "FAILED: not recorded, record again"),
            Self::Gone => (String::new(), "FAILED: recorded, but gone; record again"),
        }
    }
}

/// The comparison of all paths.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Comparison {
    /// By path, in the order of their names.
    Compared(Vec<(String, Change)>),
    /// Why the counts say nothing about the code: each condition that differs.
    NotCompared(Vec<String>),
}

/// Compares what was counted with the record. `chosen` is what was to be counted; all paths if it is empty.
pub(super) fn compare(
    record: Option<&Record>,
    conditions: &Conditions,
    counts: &Counts,
    chosen: &[String],
) -> Comparison {
    let Some(record) = record else {
        return Comparison::NotCompared(vec!["no counts are recorded".to_owned()]);
    };
    let differences = differences(&record.conditions, conditions);
    if !differences.is_empty() {
        return Comparison::NotCompared(differences);
    }
    let mut names: Vec<&String> = record.instructions.keys().chain(counts.keys()).collect();
    names.sort();
    names.dedup();
    names.retain(|name| chosen.is_empty() || chosen.contains(name));
    let change = |name: &String| {
        let (recorded, counted) = (record.instructions.get(name), counts.get(name));
        Change::of(recorded.copied(), counted.copied())
    };
    let changes = names.into_iter().map(|name| (name.clone(), change(name)));
    Comparison::Compared(changes.collect())
}

fn differences(recorded: &Conditions, here: &Conditions) -> Vec<String> {
    let all = [
        (
            "compiler",
            recorded.compiler.join(", "),
            here.compiler.join(", "),
        ),
        (
            "SHA-256 of benches/Cargo.lock",
            recorded.lock_file.clone(),
            here.lock_file.clone(),
        ),
        ("target", recorded.target.clone(), here.target.clone()),
        ("profile", recorded.profile.clone(), here.profile.clone()),
        (
            "features of the processor",
            recorded.features.join(" "),
            here.features.join(" "),
        ),
        (
            "C library",
            recorded.c_library.clone(),
            here.c_library.clone(),
        ),
    ];
    all.into_iter()
        .filter(|(_, recorded, here)| recorded != here)
        .map(|(what, recorded, here)| {
            format!("{what}: recorded with `{recorded}`, counted with `{here}`")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Change, Comparison, Conditions, Counts, Record, compare};

    fn conditions() -> Conditions {
        Conditions {
            compiler: vec!["rustc 1.95.0".to_owned(), "LLVM version: 22.1.2".to_owned()],
            lock_file: "00ff".to_owned(),
            target: "x86_64-unknown-linux-gnu".to_owned(),
            profile: "opt-level 3".to_owned(),
            features: vec!["avx".to_owned(), "avx2".to_owned()],
            c_library: "glibc 2.36".to_owned(),
        }
    }

    fn record(counts: &[(&str, u64)]) -> Record {
        Record {
            conditions: conditions(),
            instructions: these(counts),
        }
    }

    fn these(counts: &[(&str, u64)]) -> Counts {
        let counts = counts.iter();
        counts
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    }

    fn only_change(recorded: &[(&str, u64)], counted: &[(&str, u64)]) -> Change {
        let record = record(recorded);
        match compare(Some(&record), &conditions(), &these(counted), &[]) {
            Comparison::Compared(changes) => {
                assert_eq!(changes.len(), 1, "{changes:?}");
                changes[0].1
            }
            not_compared => panic!("{not_compared:?}"),
        }
    }

    fn from_10_000_to(counted: u64) -> Change {
        only_change(&[("sign", 10_000)], &[("sign", counted)])
    }

    #[test]
    fn two_percent_more_or_less_is_the_same() {
        for counted in [9_800, 10_000, 10_200, 10_300, 9_700] {
            let change = from_10_000_to(counted);
            assert!(matches!(change, Change::Same(_)), "{counted}: {change:?}");
            assert!(!change.fails());
            assert_eq!(change.cells().1, "");
        }
    }

    #[test]
    fn four_percent_more_is_a_warning() {
        let change = from_10_000_to(10_400);
        assert!(matches!(change, Change::More(_)), "{change:?}");
        assert!(!change.fails());
        let (percent, meaning) = change.cells();
        assert_eq!(percent, "+4.00 %");
        assert!(meaning.contains("warning"), "{meaning}");
    }

    #[test]
    fn sixteen_percent_more_fails_and_fifteen_do_not() {
        let change = from_10_000_to(11_600);
        assert!(change.fails(), "{change:?}");
        assert!(change.cells().1.contains("FAILED"));
        assert!(!from_10_000_to(11_500).fails());
    }

    #[test]
    fn a_path_that_became_cheaper_asks_for_a_new_record() {
        let change = from_10_000_to(9_600);
        assert!(matches!(change, Change::Less(_)), "{change:?}");
        assert!(!change.fails());
        let (percent, meaning) = change.cells();
        assert_eq!(percent, "-4.00 %");
        assert!(meaning.contains("record again"), "{meaning}");
    }

    #[test]
    fn a_path_that_is_new_or_gone_fails_because_it_is_not_guarded() {
        let new = only_change(&[], &[("call", 5)]);
        let gone = only_change(&[("call", 5)], &[]);
        assert_eq!((new, gone), (Change::New, Change::Gone));
        assert!(new.fails() && gone.fails());
        assert!(new.cells().1.contains("record again"));
        assert!(gone.cells().1.contains("record again"));
    }

    #[test]
    fn a_path_that_was_not_asked_for_is_not_gone() {
        let record = record(&[("call", 5), ("sign", 6)]);
        let counted = these(&[("sign", 6)]);
        let comparison = compare(Some(&record), &conditions(), &counted, &["sign".to_owned()]);
        let expected = vec![("sign".to_owned(), Change::Same(0.0))];
        assert_eq!(comparison, Comparison::Compared(expected));
    }

    #[test]
    fn another_condition_is_named_and_nothing_is_compared() {
        type Alteration = fn(&mut Conditions);
        let changes: [(&str, Alteration); 6] = [
            ("compiler", |here| here.compiler[0] = "rustc 1.96.0".into()),
            ("benches/Cargo.lock", |here| here.lock_file = "11ff".into()),
            ("target", |here| here.target = "aarch64-apple-darwin".into()),
            ("profile", |here| here.profile = "opt-level 2".into()),
            ("features", |here| here.features.truncate(1)),
            ("C library", |here| here.c_library = "glibc 2.41".into()),
        ];
        let record = record(&[("sign", 10_000)]);
        for (what, change) in changes {
            let mut here = conditions();
            change(&mut here);
            // Far more, which would fail if it were compared.
            match compare(Some(&record), &here, &these(&[("sign", 99_000)]), &[]) {
                Comparison::NotCompared(reasons) => {
                    assert_eq!(reasons.len(), 1, "{reasons:?}");
                    assert!(reasons[0].contains(what), "{reasons:?}");
                }
                compared => panic!("{what}: {compared:?}"),
            }
        }
    }

    #[test]
    fn without_a_record_nothing_is_compared() {
        let comparison = compare(None, &conditions(), &these(&[("sign", 1)]), &[]);
        let Comparison::NotCompared(reasons) = comparison else {
            panic!("{comparison:?}");
        };
        assert_eq!(reasons, ["no counts are recorded"]);
    }
}
