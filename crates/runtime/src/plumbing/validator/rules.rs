//! Checks of constraints that only the documentation states: traits in the namespace `attache`.

use super::{Path, Validator};
use crate::Timestamp;
use crate::validation::{Constraint, Found, Provenance};

impl Validator {
    /// A value that the documentation lists.
    pub fn allowed_values(
        &mut self,
        path: Path<'_>,
        value: &str,
        values: &'static [&'static str],
        provenance: Provenance,
    ) {
        if self.is_strict() && !values.contains(&value) {
            self.record(
                path,
                Constraint::AllowedValues,
                Found::Hidden,
                provenance,
                &|| format!("satisfy enum value set: [{}]", values.join(", ")),
            );
        }
    }

    /// At least one of several members.
    pub fn at_least_one_of(
        &mut self,
        path: Path<'_>,
        is_there: bool,
        members: &'static str,
        provenance: Provenance,
    ) {
        if self.is_documented() && !is_there {
            self.record(
                path,
                Constraint::AtLeastOneOf,
                Found::Absent,
                provenance,
                &|| format!("have at least one of the members {members}"),
            );
        }
    }

    /// At least one of several members, as the documentation recommends.
    pub fn recommended_one_of(
        &mut self,
        path: Path<'_>,
        is_there: bool,
        members: &'static str,
        provenance: Provenance,
    ) {
        if self.is_strict() {
            self.at_least_one_of(path, is_there, members, provenance);
        }
    }

    /// The order of two members: `second` is at the path, `first` is a member of the same structure.
    pub fn ordered<T: PartialOrd>(
        &mut self,
        path: Path<'_>,
        (first, second): (T, T),
        may_be_equal: bool,
        name: &'static str,
        provenance: Provenance,
    ) {
        let fits = first < second || may_be_equal && first == second;
        if self.is_documented() && !fits {
            self.record(
                path,
                Constraint::Ordered,
                Found::Hidden,
                provenance,
                &|| {
                    let equal = if may_be_equal { "or equal to " } else { "" };
                    format!("be greater than {equal}the member {name}")
                },
            );
        }
    }

    /// How far apart two integers may be: `second` is at the path, `first` is a member of the same structure.
    pub fn span(
        &mut self,
        path: Path<'_>,
        (first, second): (impl Into<i64>, impl Into<i64>),
        most: i64,
        name: &'static str,
        provenance: Provenance,
    ) {
        let span = i128::from(second.into()) - i128::from(first.into());
        if self.is_documented() && span > i128::from(most) {
            self.record(path, Constraint::Span, Found::Hidden, provenance, &|| {
                format!("exceed the member {name} by at most {most}")
            });
        }
    }

    /// The only value that the service accepts.
    pub fn must_equal(
        &mut self,
        path: Path<'_>,
        is_equal: bool,
        value: &'static str,
        provenance: Provenance,
    ) {
        if self.is_documented() && !is_equal {
            self.record(
                path,
                Constraint::MustEqual,
                Found::Hidden,
                provenance,
                &|| format!("be equal to {value}"),
            );
        }
    }

    /// Midnight in UTC.
    pub fn day_aligned(&mut self, path: Path<'_>, value: Timestamp, provenance: Provenance) {
        let is_midnight =
            value.subsecond_nanoseconds() == 0 && value.epoch_seconds().rem_euclid(86_400) == 0;
        if self.is_documented() && !is_midnight {
            self.record(
                path,
                Constraint::DayAligned,
                Found::Hidden,
                provenance,
                &|| "be midnight in UTC".to_owned(),
            );
        }
    }
}
