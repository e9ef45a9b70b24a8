//! The verbs of generated checks, and what they collect.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::hash::{BuildHasher, Hash, RandomState};

use super::unique::has_duplicate;
use super::{
    Constraint, DEPTH_LIMIT, Found, LIMIT, Level, Path, Pattern, Provenance, Violation, Violations,
};
use crate::{Bytes, Timestamp};

/// Collects violations while generated code walks a request.
#[derive(Debug)]
pub struct Checker {
    level: Level,
    found: Vec<Violation>,
    omitted: u64,
}

/// Inclusive bounds of a length (`smithy.api#length`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Length(pub Option<u64>, pub Option<u64>);

/// Inclusive bounds of a number (`smithy.api#range`). A number is given back in [`Found`] unless it is sensitive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range<T>(pub Option<T>, pub Option<T>);

/// What has a length in the sense of `smithy.api#length`.
pub trait Measure {
    /// Unicode scalar values of a string, bytes of a blob, elements of a list, entries of a map.
    fn measure(&self) -> u64;

    /// Whether the length is within the bounds. A string is only counted where its bytes do not decide.
    fn is_within(&self, least: u64, most: u64) -> bool {
        (least..=most).contains(&self.measure())
    }
}

impl Measure for str {
    fn measure(&self) -> u64 {
        self.chars().count() as u64
    }

    fn is_within(&self, least: u64, most: u64) -> bool {
        // A scalar value takes one to four bytes.
        let bytes = self.len() as u64;
        if bytes.div_ceil(4) >= least && bytes <= most {
            return true;
        }
        bytes >= least && bytes.div_ceil(4) <= most && (least..=most).contains(&self.measure())
    }
}

impl Measure for String {
    fn measure(&self) -> u64 {
        self.as_str().measure()
    }

    fn is_within(&self, least: u64, most: u64) -> bool {
        self.as_str().is_within(least, most)
    }
}

impl Measure for Bytes {
    fn measure(&self) -> u64 {
        self.len() as u64
    }
}

impl<T> Measure for [T] {
    fn measure(&self) -> u64 {
        self.len() as u64
    }
}

impl<T> Measure for Vec<T> {
    fn measure(&self) -> u64 {
        self.len() as u64
    }
}

impl<K, V> Measure for BTreeMap<K, V> {
    fn measure(&self) -> u64 {
        self.len() as u64
    }
}

impl Checker {
    pub(super) fn new(level: Level) -> Self {
        Self {
            level,
            found: Vec::new(),
            omitted: 0,
        }
    }

    pub(super) fn finish(self) -> Result<(), Violations> {
        if self.found.is_empty() {
            return Ok(());
        }
        Err(Violations {
            found: self.found,
            omitted: self.omitted,
        })
    }

    /// Whether lengths, ranges, patterns and the rules of the documentation are checked.
    pub fn is_documented(&self) -> bool {
        self.level >= Level::Documented
    }

    /// Whether closed enums and recommendations are checked.
    pub fn is_strict(&self) -> bool {
        self.level >= Level::Strict
    }

    /// Whether to go on into a type that can hold itself; too deep a path is a violation.
    pub fn enter(&mut self, path: Path<'_>) -> bool {
        if path.depth() < DEPTH_LIMIT {
            return true;
        }
        self.record(
            path,
            Constraint::Depth,
            Found::Hidden,
            Provenance::Client,
            || format!("not nest more than {DEPTH_LIMIT} values deep"),
        );
        false
    }

    /// A required member.
    pub fn required(&mut self, path: Path<'_>, is_there: bool, provenance: Provenance) {
        if !is_there {
            self.record(
                path,
                Constraint::Required,
                Found::Absent,
                provenance,
                || "not be null".to_owned(),
            );
        }
    }

    /// A member that the documentation asks for.
    pub fn recommended(&mut self, path: Path<'_>, is_there: bool, provenance: Provenance) {
        if self.is_strict() && !is_there {
            self.record(
                path,
                Constraint::Recommended,
                Found::Absent,
                provenance,
                || "not be null".to_owned(),
            );
        }
    }

    /// A length.
    pub fn length<T: Measure + ?Sized>(
        &mut self,
        path: Path<'_>,
        value: &T,
        Length(least, most): Length,
        provenance: Provenance,
    ) {
        if self.is_documented() && !value.is_within(least.unwrap_or(0), most.unwrap_or(u64::MAX)) {
            let found = Found::Length(value.measure());
            self.record(path, Constraint::Length, found, provenance, || {
                match (least, most) {
                    (Some(least), Some(most)) => {
                        format!("have length between {least} and {most}, inclusive")
                    }
                    (Some(least), None) => {
                        format!("have length greater than or equal to {least}")
                    }
                    (None, Some(most)) => format!("have length less than or equal to {most}"),
                    (None, None) => "have any length".to_owned(),
                }
            });
        }
    }

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

    /// The range of an integer that is not to be shown.
    pub fn hidden_integer(
        &mut self,
        path: Path<'_>,
        value: impl Into<i64>,
        range: Range<i64>,
        provenance: Provenance,
    ) {
        self.range(path, value.into(), range, provenance, Found::Hidden);
    }

    /// The range of a float that is not to be shown.
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
            self.record(path, Constraint::Range, found, provenance, || {
                match (least, most) {
                    (Some(least), Some(most)) => {
                        format!("be between {least} and {most}, inclusive")
                    }
                    (Some(least), None) => format!("be greater than or equal to {least}"),
                    (None, Some(most)) => format!("be less than or equal to {most}"),
                    (None, None) => "be any number".to_owned(),
                }
            });
        }
    }

    /// The form of a string.
    pub fn pattern(
        &mut self,
        path: Path<'_>,
        value: &str,
        pattern: &'static Pattern,
        provenance: Provenance,
    ) {
        if self.is_documented() && !pattern.is_match(value) {
            self.record(path, Constraint::Pattern, Found::Hidden, provenance, || {
                format!("satisfy regular expression pattern: {}", pattern.source)
            });
        }
    }

    /// A form that the documentation shows.
    pub fn recommended_pattern(
        &mut self,
        path: Path<'_>,
        value: &str,
        pattern: &'static Pattern,
        provenance: Provenance,
    ) {
        if self.is_strict() && !pattern.is_match(value) {
            self.record(
                path,
                Constraint::RecommendedPattern,
                Found::Hidden,
                provenance,
                || format!("satisfy regular expression pattern: {}", pattern.source),
            );
        }
    }

    /// A list without equal elements. `hash` feeds an element to a hasher.
    pub fn unique_items<T: PartialEq>(
        &mut self,
        path: Path<'_>,
        items: &[T],
        hash: impl Fn(&T, &mut <RandomState as BuildHasher>::Hasher),
        provenance: Provenance,
    ) {
        if self.is_documented() && has_duplicate(items, PartialEq::eq, hash) {
            self.record(
                path,
                Constraint::UniqueItems,
                Found::Hidden,
                provenance,
                || "have unique values".to_owned(),
            );
        }
    }

    /// A list whose elements differ in one member.
    pub fn unique_member<T, K: PartialEq + Hash>(
        &mut self,
        path: Path<'_>,
        items: &[T],
        key: impl Fn(&T) -> &K,
        member: &'static str,
        provenance: Provenance,
    ) {
        let equal = |one: &T, two: &T| key(one) == key(two);
        if self.is_documented() && has_duplicate(items, equal, |item, state| key(item).hash(state))
        {
            self.record(
                path,
                Constraint::UniqueMember,
                Found::Hidden,
                provenance,
                || format!("have unique values of the member {member}"),
            );
        }
    }

    /// A value of an enum: one that the model knows.
    pub fn enum_value(&mut self, path: Path<'_>, is_known: bool, values: &'static str) {
        if self.is_strict() && !is_known {
            self.record(
                path,
                Constraint::Enum,
                Found::Hidden,
                Provenance::Model,
                || format!("satisfy enum value set: [{values}]"),
            );
        }
    }

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
                || format!("satisfy enum value set: [{}]", values.join(", ")),
            );
        }
    }

    /// One member at least of several.
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
                || format!("have at least one of the members {members}"),
            );
        }
    }

    /// One member at least of several, as the documentation recommends.
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

    /// The order of two members: `second` at the path, `first` a member beside it.
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
            self.record(path, Constraint::Ordered, Found::Hidden, provenance, || {
                let equal = if may_be_equal { "or equal to " } else { "" };
                format!("be greater than {equal}the member {name}")
            });
        }
    }

    /// How far apart two integers may be: `second` at the path, `first` a member beside it.
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
            self.record(path, Constraint::Span, Found::Hidden, provenance, || {
                format!("exceed the member {name} by at most {most}")
            });
        }
    }

    /// The one value that the service takes.
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
                || format!("be equal to {value}"),
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
                || "be midnight in UTC".to_owned(),
            );
        }
    }

    fn record(
        &mut self,
        path: Path<'_>,
        constraint: Constraint,
        found: Found,
        provenance: Provenance,
        limit: impl FnOnce() -> String,
    ) {
        if self.found.len() == LIMIT {
            self.omitted += 1;
            return;
        }
        self.found.push(Violation {
            path: path.to_pointer(),
            constraint,
            limit: limit(),
            found,
            provenance,
        });
    }
}
