//! A target: a figure that must not exceed a limit, and whether it does.
//!
//! A figure with a spread is judged by its whole range, so that noise is not taken for a result.

use super::figures::{Ratio, Spread};
use super::table;

/// A figure that must not exceed a limit.
#[derive(Debug)]
pub(super) struct Target {
    what: String,
    limit: f64,
    /// In the unit of the limit.
    value: Option<Ratio>,
}

impl Target {
    /// A ratio that is at most `limit`; `value` is `None` if it was not measured.
    pub(super) fn ratio(what: impl Into<String>, limit: f64, value: Option<Ratio>) -> Self {
        Self {
            what: what.into(),
            limit,
            value,
        }
    }

    /// A figure that is at most `limit`; `value` is `None` if it was not measured. `unit` is how many units of the value
    /// are one unit of the limit.
    pub(super) fn figure(
        what: impl Into<String>,
        limit: f64,
        value: Option<Spread>,
        unit: f64,
    ) -> Self {
        let in_unit = |spread: Spread| Ratio {
            spread: Spread {
                low: spread.low / unit,
                median: spread.median / unit,
                high: spread.high / unit,
                ..spread
            },
            tie: false,
        };
        Self::ratio(what, limit, value.map(in_unit))
    }

    /// What the row begins with.
    pub(super) fn what(&self) -> &str {
        &self.what
    }

    /// The limit as the table shows it.
    pub(super) fn limit(&self) -> String {
        self.limit.to_string()
    }

    /// The row of the table; `None` if it was not measured.
    pub(super) fn row(&self) -> Option<[String; 4]> {
        let value = self.value?;
        Some(self.row_of(table::ratio(Some(value)), value))
    }

    /// The row of a figure that was measured before, judged again, because the limit may have changed. `None` if the cell
    /// is none of [`Target::row`].
    pub(super) fn row_again(&self, measured: &str) -> Option<[String; 4]> {
        Some(self.row_of(measured.to_owned(), read(measured)?))
    }

    fn row_of(&self, measured: String, value: Ratio) -> [String; 4] {
        [
            self.what.clone(),
            self.limit(),
            measured,
            self.verdict(value).to_owned(),
        ]
    }

    fn verdict(&self, value: Ratio) -> &'static str {
        if value.spread.high <= self.limit {
            "yes"
        } else if value.spread.low > self.limit {
            "**no**"
        } else if value.tie {
            "tie, no verdict"
        } else {
            "no verdict"
        }
    }
}

/// Reads a cell that [`table::ratio`] wrote.
fn read(cell: &str) -> Option<Ratio> {
    let number = |text: &str| -> Option<f64> { text.trim().replace(',', "").parse().ok() };
    let (tie, cell) = match cell.strip_prefix("tie ") {
        Some(rest) => (true, rest),
        None => (false, cell),
    };
    let (median, range) = match cell.split_once(" (") {
        Some((median, range)) => (number(median)?, Some(range.strip_suffix(')')?)),
        None => (number(cell)?, None),
    };
    let (low, high, rounds) = match range {
        None => (median, median, None),
        Some("1 round") => (median, median, Some(1)),
        Some(range) => {
            let (low, high) = range.split_once('–')?;
            // How many rounds there were is not in the cell, and does not change the verdict.
            (number(low)?, number(high)?, Some(2))
        }
    };
    Some(Ratio {
        spread: Spread {
            low,
            median,
            high,
            rounds,
        },
        tie,
    })
}

#[cfg(test)]
mod tests {
    use super::super::figures::{Ratio, Spread};
    use super::Target;

    fn met(low: f64, high: f64, tie: bool) -> String {
        let spread = Spread {
            low,
            median: f64::midpoint(low, high),
            high,
            rounds: Some(3),
        };
        let target = Target::ratio("CPU", 0.9, Some(Ratio { spread, tie }));
        target.row().expect("it was measured")[3].clone()
    }

    #[test]
    fn a_target_is_met_by_the_whole_range() {
        assert_eq!(met(0.7, 0.8, false), "yes");
        assert_eq!(met(0.7, 0.9, true), "yes");
        assert_eq!(met(0.91, 1.1, true), "**no**");
        assert_eq!(met(1.2, 1.3, false), "**no**");
    }

    #[test]
    fn a_range_across_the_limit_allows_no_verdict() {
        assert_eq!(met(0.8, 0.95, false), "no verdict");
        assert_eq!(met(0.8, 1.1, true), "tie, no verdict");
        assert_eq!(met(0.9, 0.95, false), "no verdict");
    }

    #[test]
    fn a_figure_is_shown_in_the_unit_of_its_limit() {
        let spread = Spread {
            low: 0.2,
            median: 0.22,
            high: 0.24,
            rounds: Some(3),
        };
        let row = Target::figure("ms", 250.0, Some(spread), 1e-3).row();
        assert_eq!(
            row.as_ref().map(|row| row[2].as_str()),
            Some("220 (200–240)")
        );
        assert_eq!(row.as_ref().map(|row| row[3].as_str()), Some("yes"));
        assert!(Target::figure("ms", 250.0, None, 1e-3).row().is_none());
    }

    #[test]
    fn a_recorded_figure_is_judged_with_the_present_limit() {
        let met = |cell: &str, limit: f64| {
            let row = Target::ratio("CPU", limit, None).row_again(cell);
            row.map(|[_, shown, measured, met]| (shown, measured == cell, met))
        };
        let expected = |limit: &str, met: &str| Some((limit.to_owned(), true, met.to_owned()));
        assert_eq!(met("0.91", 0.95), expected("0.95", "yes"));
        assert_eq!(met("0.91 (1 round)", 0.9), expected("0.9", "**no**"));
        assert_eq!(
            met("0.91 (0.80–0.96)", 0.95),
            expected("0.95", "no verdict")
        );
        assert_eq!(
            met("tie 0.91 (0.80–1.10)", 1.0),
            expected("1", "tie, no verdict")
        );
        assert_eq!(met("1,391 (1,200–1,400)", 1400.0), expected("1400", "yes"));
        assert_eq!(met("–", 1.0), None);
    }
}
