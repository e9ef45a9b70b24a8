//! The functions that generated validation calls.
//!
//! Generated code walks a request and calls a [`Validator`] for each constraint. The types of the results are in
//! [`validation`](crate::validation), which is for users.

mod forms;
mod hash;
mod measure;
mod name;
mod numbers;
mod path;
mod pattern;
mod rules;
mod unique;
mod words;

use crate::plumbing::json;
use crate::texts::ToText as _;
use crate::validation::{Constraint, Found, LIMIT, Level, Provenance, Violation, Violations};

pub use self::forms::{Expected, Form};
pub use self::hash::hash_document;
pub use self::measure::{Length, Measure, Range};
pub use self::name::{Name, field_name};
pub use self::path::Path;
pub use self::pattern::{Pattern, byte_classes};
pub use self::words::{Comparison, Unit};

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

/// A violation in words.
pub(super) struct Wording {
    /// What the member must do, as the service writes it.
    limit: String,
    /// The whole text, with the name of the field.
    text: String,
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

    #[inline]
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
    #[inline]
    pub fn enter(&mut self, path: Path<'_>) -> bool {
        if path.depth() < DEPTH_LIMIT {
            return true;
        }
        self.record(
            path,
            Constraint::Depth,
            Found::Hidden,
            Provenance::Client,
            &|field| Wording {
                limit: format!("not nest more than {DEPTH_LIMIT} values deep"),
                text: format!("{field}: more than {DEPTH_LIMIT} values deep"),
            },
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
                &|field| Wording {
                    limit: "not be null".to_text(),
                    text: format!("{field}: missing"),
                },
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
                &|field| Wording {
                    limit: "not be null".to_text(),
                    text: format!("{field}: missing, though the documentation requires it"),
                },
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
            let found = (value.measure(), T::UNIT);
            self.wrong_length(path, found, Length(least, most), provenance);
        }
    }

    /// This is separate from [`length`](Self::length), which clients compile for every type.
    #[inline(never)]
    fn wrong_length(
        &mut self,
        path: Path<'_>,
        (length, unit): (u64, Unit),
        Length(least, most): Length,
        provenance: Provenance,
    ) {
        let found = Found::Length(length);
        self.record(path, Constraint::Length, found, provenance, &|field| {
            Wording {
                limit: match (least, most) {
                    (Some(least), Some(most)) => {
                        format!("have length between {least} and {most}, inclusive")
                    }
                    (Some(least), None) => format!("have length greater than or equal to {least}"),
                    (None, Some(most)) => format!("have length less than or equal to {most}"),
                    (None, None) => "have any length".to_text(),
                },
                text: format!(
                    "{field}: {}, {}",
                    unit.count(length),
                    words::bound(length, least, most)
                ),
            }
        });
    }

    pub(super) fn record(
        &mut self,
        path: Path<'_>,
        constraint: Constraint,
        found: Found,
        provenance: Provenance,
        wording: &dyn Fn(&str) -> Wording,
    ) {
        if self.found.len() == LIMIT {
            self.omitted += 1;
            return;
        }
        let field = path.to_field();
        let Wording { limit, text } = wording(&field);
        self.found.push(Violation {
            path: path.to_pointer(),
            field,
            constraint,
            limit,
            text,
            found,
            provenance,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Length, MODEL, Range, validate};
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

    /// Nor does the text say which of the bounds is broken.
    #[test]
    fn a_sensitive_number_is_not_shown() {
        let violations = validate(Level::Documented, |checker, root| {
            let path = root.member("accessPin");
            checker.hidden_integer(path, 5, Range(Some(10), Some(99)), MODEL);
            checker.integer(path, 5, Range(Some(10), Some(99)), MODEL);
        });
        assert_eq!(
            violations.expect_err("it is too small").to_string(),
            "access_pin: expected 10 to 99; access_pin: 5, at least 10"
        );
    }
}
