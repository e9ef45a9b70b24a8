//! The functions that generated validation calls.
//!
//! Generated code walks a request and calls a [`Validator`] for each constraint. The types of the results are in
//! [`validation`](crate::validation), which is for users.

mod hash;
mod measure;
mod path;
mod pattern;
mod rules;
mod unique;

use std::fmt::Display;
use std::hash::Hash;

use self::unique::{Hasher, has_duplicate};
use crate::plumbing::json;
use crate::validation::{Constraint, Found, LIMIT, Level, Provenance, Violation, Violations};

pub use self::hash::hash_document;
pub use self::measure::{Length, Measure, Range};
pub use self::path::Path;
pub use self::pattern::{Pattern, byte_classes};

/// A short name for [`Provenance::Model`], which most generated calls use.
pub const MODEL: Provenance = Provenance::Model;

/// How deep structures may nest in a request before that is a violation: the same limit as for reading JSON.
pub const DEPTH_LIMIT: usize = json::DEPTH_LIMIT;

/// Validates a request at a level.
///
/// # Errors
/// All violations, in the order of the model.
pub fn validate(
    level: Level,
    walk: impl FnOnce(&mut Validator, Path<'_>),
) -> Result<(), Violations> {
    if level == Level::Off {
        return Ok(());
    }
    let mut validator = Validator::new(level);
    walk(&mut validator, Path::ROOT);
    validator.finish()
}

/// Collects violations while generated code walks a request.
#[derive(Debug)]
pub struct Validator {
    level: Level,
    found: Vec<Violation>,
    omitted: u64,
}

impl Validator {
    fn new(level: Level) -> Self {
        Self {
            level,
            found: Vec::new(),
            omitted: 0,
        }
    }

    fn finish(self) -> Result<(), Violations> {
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

    /// Whether to descend into a recursive type; a path that is too deep is a violation.
    pub fn enter(&mut self, path: Path<'_>) -> bool {
        if path.depth() < DEPTH_LIMIT {
            return true;
        }
        self.record(
            path,
            Constraint::Depth,
            Found::Hidden,
            Provenance::Client,
            &|| format!("not nest more than {DEPTH_LIMIT} values deep"),
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
                &|| "not be null".to_owned(),
            );
        }
    }

    /// A member that the documentation requires.
    pub fn recommended(&mut self, path: Path<'_>, is_there: bool, provenance: Provenance) {
        if self.is_strict() && !is_there {
            self.record(
                path,
                Constraint::Recommended,
                Found::Absent,
                provenance,
                &|| "not be null".to_owned(),
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
            self.wrong_length(path, value.measure(), Length(least, most), provenance);
        }
    }

    /// This is separate from [`length`](Self::length), which clients compile for every type.
    #[inline(never)]
    fn wrong_length(
        &mut self,
        path: Path<'_>,
        length: u64,
        Length(least, most): Length,
        provenance: Provenance,
    ) {
        let found = Found::Length(length);
        self.record(
            path,
            Constraint::Length,
            found,
            provenance,
            &|| match (least, most) {
                (Some(least), Some(most)) => {
                    format!("have length between {least} and {most}, inclusive")
                }
                (Some(least), None) => format!("have length greater than or equal to {least}"),
                (None, Some(most)) => format!("have length less than or equal to {most}"),
                (None, None) => "have any length".to_owned(),
            },
        );
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
            self.record(
                path,
                Constraint::Range,
                found,
                provenance,
                &|| match (least, most) {
                    (Some(least), Some(most)) => {
                        format!("be between {least} and {most}, inclusive")
                    }
                    (Some(least), None) => format!("be greater than or equal to {least}"),
                    (None, Some(most)) => format!("be less than or equal to {most}"),
                    (None, None) => "be any number".to_owned(),
                },
            );
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
            self.record(
                path,
                Constraint::Pattern,
                Found::Hidden,
                provenance,
                &|| format!("satisfy regular expression pattern: {}", pattern.source),
            );
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
                &|| format!("satisfy regular expression pattern: {}", pattern.source),
            );
        }
    }

    /// A list without equal elements. `hash` feeds an element to a hasher.
    pub fn unique_items<T: PartialEq>(
        &mut self,
        path: Path<'_>,
        items: &[T],
        hash: impl Fn(&T, &mut Hasher),
        provenance: Provenance,
    ) {
        let equal = |one: usize, two: usize| items[one] == items[two];
        let hash = |index: usize, state: &mut Hasher| hash(&items[index], state);
        if self.is_documented() && has_duplicate(items.len(), &equal, &hash) {
            self.record(
                path,
                Constraint::UniqueItems,
                Found::Hidden,
                provenance,
                &|| "have unique values".to_owned(),
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
        let equal = |one: usize, two: usize| key(&items[one]) == key(&items[two]);
        let hash = |index: usize, state: &mut Hasher| key(&items[index]).hash(state);
        if self.is_documented() && has_duplicate(items.len(), &equal, &hash) {
            self.record(
                path,
                Constraint::UniqueMember,
                Found::Hidden,
                provenance,
                &|| format!("have unique values of the member {member}"),
            );
        }
    }

    /// A value of an enum, which must be one of the model.
    pub fn enum_value(&mut self, path: Path<'_>, is_known: bool, values: &'static str) {
        if self.is_strict() && !is_known {
            self.record(
                path,
                Constraint::Enum,
                Found::Hidden,
                Provenance::Model,
                &|| format!("satisfy enum value set: [{values}]"),
            );
        }
    }

    pub(super) fn record(
        &mut self,
        path: Path<'_>,
        constraint: Constraint,
        found: Found,
        provenance: Provenance,
        limit: &dyn Fn() -> String,
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

#[cfg(test)]
mod tests {
    use super::{Length, MODEL, validate};
    use crate::validation::{LIMIT, Level};

    /// A list of a million elements that all violate a limit: most violations are only counted and not formatted.
    #[test]
    fn a_million_violations_are_counted_and_a_hundred_kept() {
        let elements = vec![String::new(); 1_000_000];
        let violations = validate(Level::Documented, |checker, root| {
            let path = root.member("names");
            for (index, element) in elements.iter().enumerate() {
                let path = path.element(index);
                checker.length(path, element, Length(Some(1), None), MODEL);
            }
        })
        .expect_err("they are empty");
        assert_eq!(violations.count(), 1_000_000);
        assert_eq!(violations.iter().count(), LIMIT);
        assert_eq!(violations.omitted(), 1_000_000 - LIMIT as u64);
        let last = violations.iter().last().expect("there are some");
        assert_eq!(last.path(), "/names/99");
    }
}
