//! The measured figures: for each quantity and contestant, one figure for each round.

use std::collections::BTreeMap;

/// Figures by quantity and contestant.
#[derive(Debug, Default)]
pub(super) struct Figures(BTreeMap<(String, String), Vec<f64>>);

impl Figures {
    /// Adds the figure of a round.
    pub(super) fn add(&mut self, what: impl Into<String>, whose: &str, value: f64) {
        let key = (what.into(), whose.to_owned());
        self.0.entry(key).or_default().push(value);
    }

    /// The median over the rounds.
    pub(super) fn median(&self, what: &str, whose: &str) -> Option<f64> {
        let mut values = self.0.get(&(what.to_owned(), whose.to_owned()))?.clone();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        match values.len() {
            0 => None,
            length if length % 2 == 1 => Some(values[middle]),
            _ => Some(f64::midpoint(values[middle - 1], values[middle])),
        }
    }

    /// One median over another; `None` if one of them was not measured, or if the other is zero.
    pub(super) fn ratio(&self, what: &str, whose: &str, to: &str) -> Option<f64> {
        let other = self.median(what, to).filter(|other| *other > 0.0)?;
        Some(self.median(what, whose)? / other)
    }
}

#[cfg(test)]
mod tests {
    use super::Figures;

    #[test]
    fn one_slow_round_does_not_move_the_median() {
        let mut figures = Figures::default();
        for (ours, theirs) in [(2.0, 4.0), (900.0, 4.0), (2.0, 5.0)] {
            figures.add("cpu", "ours", ours);
            figures.add("cpu", "theirs", theirs);
        }
        assert_eq!(figures.median("cpu", "ours"), Some(2.0));
        assert_eq!(figures.ratio("cpu", "ours", "theirs"), Some(0.5));
    }

    #[test]
    fn the_median_of_two_lies_between_them() {
        let mut figures = Figures::default();
        figures.add("cpu", "ours", 1.0);
        figures.add("cpu", "ours", 2.0);
        assert_eq!(figures.median("cpu", "ours"), Some(1.5));
    }

    #[test]
    fn there_is_no_ratio_to_zero() {
        let mut figures = Figures::default();
        figures.add("allocations", "ours", 3.0);
        figures.add("allocations", "theirs", 0.0);
        assert_eq!(figures.ratio("allocations", "ours", "theirs"), None);
        assert_eq!(figures.ratio("allocations", "ours", "nobody's"), None);
    }
}
