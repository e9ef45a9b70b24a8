//! The measured figures: for each quantity and contestant, one figure for each round.
//!
//! A figure of one round says little, because the same code may take a third longer a minute later. So what is shown has
//! its spread, and a ratio is taken round by round: the contestants run in turns, so both figures of a round were taken
//! under similar conditions. Calls take so little time that a round has several turns of each contestant, and their median.

use std::collections::BTreeMap;

/// Figures by quantity and contestant.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures(BTreeMap<(String, String), Series>);

/// The figures of one quantity and contestant.
#[derive(Clone, Debug, Default)]
struct Series {
    values: Vec<f64>,
    /// Whether it is the same in every run.
    exact: bool,
}

/// The figures of several rounds in short.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) low: f64,
    pub(super) median: f64,
    pub(super) high: f64,
    /// The number of rounds; `None` for a figure that is the same in every run.
    pub(super) rounds: Option<usize>,
}

/// The figure of one contestant over that of another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ratio {
    /// The ratios of the rounds.
    pub(super) spread: Spread,
    /// Whether the figures of the two overlap, so that the rounds do not show a difference.
    pub(super) tie: bool,
}

impl Spread {
    /// The spread of some values; `None` without a value.
    pub(super) fn of(values: &[f64]) -> Option<Self> {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        let (low, high) = (*values.first()?, *values.last()?);
        let middle = values.len() / 2;
        let median = match values.len() % 2 {
            1 => values[middle],
            _ => f64::midpoint(values[middle - 1], values[middle]),
        };
        Some(Self {
            low,
            median,
            high,
            rounds: Some(values.len()),
        })
    }

    /// Whether the ranges have a value in common; ranges that touch do.
    fn overlaps(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

impl Figures {
    /// Adds the figure of a round.
    pub(super) fn add(&mut self, what: impl Into<String>, whose: &str, value: f64) {
        self.series(what, whose).values.push(value);
    }

    /// Adds the medians of the turns of a round.
    pub(super) fn add_medians(&mut self, turns: &Self) {
        for ((what, whose), series) in &turns.0 {
            if let Some(spread) = Spread::of(&series.values) {
                self.add(what, whose, spread.median);
            }
        }
    }

    /// Stores a figure that is the same in every run, such as the size of a program: it has no spread.
    pub(super) fn set(&mut self, what: impl Into<String>, whose: &str, value: f64) {
        *self.series(what, whose) = Series {
            values: vec![value],
            exact: true,
        };
    }

    fn series(&mut self, what: impl Into<String>, whose: &str) -> &mut Series {
        self.0.entry((what.into(), whose.to_owned())).or_default()
    }

    fn found(&self, what: &str, whose: &str) -> Option<&Series> {
        self.0.get(&(what.to_owned(), whose.to_owned()))
    }

    /// The figures of all rounds in short; `None` if it was not measured.
    pub(super) fn spread(&self, what: &str, whose: &str) -> Option<Spread> {
        let series = self.found(what, whose)?;
        let mut spread = Spread::of(&series.values)?;
        if series.exact {
            spread.rounds = None;
        }
        Some(spread)
    }

    /// The median over the rounds.
    pub(super) fn median(&self, what: &str, whose: &str) -> Option<f64> {
        Some(self.spread(what, whose)?.median)
    }

    /// One over another, round by round; `None` if one of them was not measured, or if the other is zero.
    pub(super) fn ratio(&self, what: &str, whose: &str, to: &str) -> Option<Ratio> {
        let (ours, theirs) = (self.found(what, whose)?, self.found(what, to)?);
        let pairs = ours.values.iter().zip(&theirs.values);
        let ratios: Option<Vec<f64>> = pairs
            .map(|(our, their)| (*their > 0.0).then(|| our / their))
            .collect();
        let mut spread = Spread::of(&ratios?)?;
        // A contestant is as good as itself in every round.
        if whose == to || (ours.exact && theirs.exact) {
            spread.rounds = None;
        }
        let overlap = Spread::of(&ours.values)?.overlaps(&Spread::of(&theirs.values)?);
        let has_spread = spread.rounds.is_some_and(|rounds| rounds > 1);
        Some(Ratio {
            spread,
            tie: has_spread && overlap,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Figures, Ratio, Spread};

    fn figures(ours: &[f64], theirs: &[f64]) -> Figures {
        let mut figures = Figures::default();
        for value in ours {
            figures.add("cpu", "ours", *value);
        }
        for value in theirs {
            figures.add("cpu", "theirs", *value);
        }
        figures
    }

    fn ratio(ours: &[f64], theirs: &[f64]) -> Option<Ratio> {
        figures(ours, theirs).ratio("cpu", "ours", "theirs")
    }

    fn spread(low: f64, median: f64, high: f64, rounds: Option<usize>) -> Spread {
        Spread {
            low,
            median,
            high,
            rounds,
        }
    }

    #[test]
    fn one_slow_round_does_not_move_the_median() {
        let figures = figures(&[2.0, 900.0, 2.0], &[4.0, 4.0, 5.0]);
        assert_eq!(figures.median("cpu", "ours"), Some(2.0));
        let ratio = figures.ratio("cpu", "ours", "theirs");
        assert_eq!(
            ratio.map(|ratio| ratio.spread),
            Some(spread(0.4, 0.5, 225.0, Some(3)))
        );
    }

    #[test]
    fn the_median_of_two_lies_between_them() {
        assert_eq!(figures(&[1.0, 2.0], &[]).median("cpu", "ours"), Some(1.5));
    }

    #[test]
    fn a_round_has_the_medians_of_its_turns() {
        let mut rounds = Figures::default();
        for (ours, theirs) in [([1.0, 9.0, 2.0], [4.0, 4.0, 0.5]), ([3.0; 3], [6.0; 3])] {
            rounds.add_medians(&figures(&ours, &theirs));
        }
        assert_eq!(
            rounds.spread("cpu", "ours"),
            Some(spread(2.0, 2.5, 3.0, Some(2)))
        );
        let ratio = rounds.ratio("cpu", "ours", "theirs");
        assert_eq!(
            ratio.map(|ratio| ratio.spread),
            Some(spread(0.5, 0.5, 0.5, Some(2)))
        );
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        // The machine became four times slower, and the ratio stayed.
        let ratio = ratio(&[1.0, 2.0, 4.0], &[2.0, 4.0, 8.0]);
        assert_eq!(
            ratio.map(|ratio| ratio.spread),
            Some(spread(0.5, 0.5, 0.5, Some(3)))
        );
    }

    #[test]
    fn figures_that_overlap_are_a_tie() {
        let ratio = ratio(&[8.0, 9.0, 11.0], &[10.0, 10.0, 10.0]);
        let expected = Ratio {
            spread: spread(0.8, 0.9, 1.1, Some(3)),
            tie: true,
        };
        assert_eq!(ratio, Some(expected));
    }

    #[test]
    fn figures_that_do_not_overlap_are_no_tie() {
        let ratio = ratio(&[5.0, 6.0, 7.0], &[10.0, 10.0, 10.0]);
        let expected = Ratio {
            spread: spread(0.5, 0.6, 0.7, Some(3)),
            tie: false,
        };
        assert_eq!(ratio, Some(expected));
    }

    #[test]
    fn ranges_that_touch_are_a_tie() {
        assert!(ratio(&[1.0, 2.0], &[2.0, 3.0]).is_some_and(|ratio| ratio.tie));
        assert!(ratio(&[2.0, 3.0], &[1.0, 2.0]).is_some_and(|ratio| ratio.tie));
        assert!(ratio(&[1.0, 1.9], &[2.0, 3.0]).is_some_and(|ratio| !ratio.tie));
    }

    #[test]
    fn one_round_has_no_spread_and_is_no_tie() {
        let expected = Ratio {
            spread: spread(0.25, 0.25, 0.25, Some(1)),
            tie: false,
        };
        assert_eq!(ratio(&[1.0], &[4.0]), Some(expected));
        let equal = ratio(&[4.0], &[4.0]);
        assert!(equal.is_some_and(|ratio| !ratio.tie));
    }

    #[test]
    fn a_figure_that_is_the_same_in_every_run_has_no_rounds() {
        let mut figures = Figures::default();
        for (whose, value) in [("ours", 3.0), ("ours", 3.0), ("theirs", 4.0)] {
            figures.set("size", whose, value);
        }
        assert_eq!(
            figures.spread("size", "ours"),
            Some(spread(3.0, 3.0, 3.0, None))
        );
        let ratio = figures.ratio("size", "ours", "theirs");
        let expected = Ratio {
            spread: spread(0.75, 0.75, 0.75, None),
            tie: false,
        };
        assert_eq!(ratio, Some(expected));
    }

    #[test]
    fn a_contestant_does_not_tie_with_itself() {
        let figures = figures(&[1.0, 2.0], &[]);
        let expected = Ratio {
            spread: spread(1.0, 1.0, 1.0, None),
            tie: false,
        };
        assert_eq!(figures.ratio("cpu", "ours", "ours"), Some(expected));
    }

    #[test]
    fn there_is_no_ratio_to_zero() {
        assert_eq!(ratio(&[3.0], &[0.0]), None);
        assert_eq!(ratio(&[3.0, 3.0], &[1.0, 0.0]), None);
        assert_eq!(ratio(&[3.0], &[]), None);
        assert_eq!(figures(&[3.0], &[]).ratio("cpu", "ours", "nobody's"), None);
    }
}
