//! Checks of numbers.

use std::fmt::Display;

use super::{Path, Range, Validator, Wording, words};
use crate::texts::ToText as _;
use crate::validation::{Constraint, Found, Provenance};

impl Validator {
    /// The range of an integer.
    pub fn integer(
        &mut self,
        path: Path<'_>,
        value: impl Into<i64>,
        range: Range<i64>,
        provenance: Provenance,
    ) {
        let value = value.into();
        self.range(path, value, range, provenance, Found::Integer(value));
    }

    /// The range of a float, in its own precision. NaN is in no range.
    pub fn float<T: PartialOrd + Display + Copy + Into<f64>>(
        &mut self,
        path: Path<'_>,
        value: T,
        range: Range<T>,
        provenance: Provenance,
    ) {
        self.range(path, value, range, provenance, Found::Number(value.into()));
    }

    /// The range of an integer that must not be shown.
    pub fn hidden_integer(
        &mut self,
        path: Path<'_>,
        value: impl Into<i64>,
        range: Range<i64>,
        provenance: Provenance,
    ) {
        self.range(path, value.into(), range, provenance, Found::Hidden);
    }

    /// The range of a float that must not be shown.
    pub fn hidden_float<T: PartialOrd + Display + Copy>(
        &mut self,
        path: Path<'_>,
        value: T,
        range: Range<T>,
        provenance: Provenance,
    ) {
        self.range(path, value, range, provenance, Found::Hidden);
    }

    fn range<T: PartialOrd + Display + Copy>(
        &mut self,
        path: Path<'_>,
        value: T,
        Range(least, most): Range<T>,
        provenance: Provenance,
        found: Found,
    ) {
        let fits =
            least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most);
        if self.is_documented() && !fits {
            self.record(path, Constraint::Range, found, provenance, &|field| {
                Wording {
                    limit: match (least, most) {
                        (Some(least), Some(most)) => {
                            format!("be between {least} and {most}, inclusive")
                        }
                        (Some(least), None) => format!("be greater than or equal to {least}"),
                        (None, Some(most)) => format!("be less than or equal to {most}"),
                        (None, None) => "be any number".to_text(),
                    },
                    text: match found {
                        // Also which of the bounds it breaks is not shown.
                        Found::Hidden => format!("{field}: {}", words::range(least, most)),
                        _ => format!("{field}: {value}, {}", words::bound(value, least, most)),
                    },
                }
            });
        }
    }
}
