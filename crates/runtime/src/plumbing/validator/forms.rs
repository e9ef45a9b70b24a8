//! Checks of texts: patterns, and lists of values.

use super::{Path, Pattern, Validator, Wording, words};
use crate::texts::join;
use crate::validation::{Constraint, Found, Level, Provenance};

/// What a text must match: a pattern, and what that is in words. Generated code creates it.
#[derive(Debug)]
pub struct Form {
    /// What the pattern expects, such as `12 digits`; `None` if there are no short words for it.
    pub words: Option<&'static str>,
    /// The pattern.
    pub pattern: Pattern,
}

/// A [`Form`], or a [`Pattern`] without words, as crates of earlier generators have it.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    pattern: &'static Pattern,
    words: Option<&'static str>,
}

impl From<&'static Pattern> for Expected {
    fn from(pattern: &'static Pattern) -> Self {
        Self {
            pattern,
            words: None,
        }
    }
}

impl From<&'static Form> for Expected {
    fn from(form: &'static Form) -> Self {
        Self {
            pattern: &form.pattern,
            words: form.words,
        }
    }
}

impl Validator {
    /// The form of a string.
    pub fn pattern(
        &mut self,
        path: Path<'_>,
        value: &str,
        expected: impl Into<Expected>,
        provenance: Provenance,
    ) {
        let check = (Level::Documented, Constraint::Pattern);
        self.form(path, value, expected.into(), check, provenance);
    }

    /// A form that the documentation shows.
    pub fn recommended_pattern(
        &mut self,
        path: Path<'_>,
        value: &str,
        expected: impl Into<Expected>,
        provenance: Provenance,
    ) {
        let check = (Level::Strict, Constraint::RecommendedPattern);
        self.form(path, value, expected.into(), check, provenance);
    }

    fn form(
        &mut self,
        path: Path<'_>,
        value: &str,
        Expected { pattern, words }: Expected,
        (level, constraint): (Level, Constraint),
        provenance: Provenance,
    ) {
        if self.level < level || pattern.is_match(value) {
            return;
        }
        self.record(path, constraint, Found::Hidden, provenance, &|field| {
            Wording {
                limit: format!("satisfy regular expression pattern: {}", pattern.source),
                text: match words {
                    Some(words) => format!("{field}: expected {words}"),
                    None => {
                        let pattern = words::shortened(pattern.source);
                        format!("{field}: expected the pattern {pattern}")
                    }
                },
            }
        });
    }

    /// A value of an enum, which must be one of the model.
    pub fn enum_value(&mut self, path: Path<'_>, is_known: bool, values: &'static str) {
        if self.is_strict() && !is_known {
            self.record(
                path,
                Constraint::Enum,
                Found::Hidden,
                Provenance::Model,
                &|field| not_one_of(field, values),
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
                &|field| not_one_of(field, &join(values, ", ")),
            );
        }
    }
}

fn not_one_of(field: &str, values: &str) -> Wording {
    Wording {
        limit: format!("satisfy enum value set: [{values}]"),
        text: format!(
            "{field}: expected {}",
            words::shortened(&words::alternatives(values))
        ),
    }
}
