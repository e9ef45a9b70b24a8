//! The violations that validation finds.

use crate::formatting::write;
use crate::texts::join;
use std::error::Error as StdError;
use std::fmt;

/// The constraint that a value violates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Constraint {
    /// The member must be present (`smithy.api#required`).
    Required,
    /// The number of characters, bytes, elements or entries (`smithy.api#length`).
    Length,
    /// The number itself (`smithy.api#range`).
    Range,
    /// The form of a string (`smithy.api#pattern`).
    Pattern,
    /// No element twice (`smithy.api#uniqueItems`).
    UniqueItems,
    /// One of the values of the model; [strict](super::Level::Strict) only.
    Enum,
    /// No two elements with the same value of one member (`attache#uniqueMember`).
    UniqueMember,
    /// At least one of several members (`attache#atLeastOneOf`).
    AtLeastOneOf,
    /// The order of two members (`attache#ordered`).
    Ordered,
    /// How far apart two members may be (`attache#ordered`).
    Span,
    /// The only value that the service accepts (`attache#mustEqual`).
    MustEqual,
    /// Midnight in UTC (`attache#dayAligned`).
    DayAligned,
    /// One of the values that the documentation lists (`attache#allowedValues`); strict only.
    AllowedValues,
    /// A form that the documentation shows (`attache#recommendedPattern`); strict only.
    RecommendedPattern,
    /// A member that the documentation requires (`smithy.api#recommended`); strict only.
    Recommended,
    /// The request nests deeper than the limit for reading JSON.
    Depth,
}

/// What was found, as far as it may be shown: never a value that is sensitive or long.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Found {
    /// Nothing.
    Absent,
    /// A value of this length: characters, bytes, elements or entries.
    Length(u64),
    /// This integer.
    Integer(i64),
    /// This number.
    Number(f64),
    /// A value that is not shown.
    Hidden,
}

/// The source of a constraint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Provenance {
    /// A trait of the model that AWS publishes.
    Model,
    /// The overlay of this client; the text names the place in the documentation of the service.
    Overlay(&'static str),
    /// The client itself.
    Client,
}

impl fmt::Display for Provenance {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Model => formatter.write_str("the model of the service"),
            Self::Overlay(place) => write!(formatter, "the documentation: {place}"),
            Self::Client => formatter.write_str("the client"),
        }
    }
}

/// A value that violates a constraint.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Violation {
    pub(crate) path: String,
    pub(crate) field: String,
    pub(crate) constraint: Constraint,
    pub(crate) limit: String,
    pub(crate) text: String,
    pub(crate) found: Found,
    pub(crate) provenance: Provenance,
}

impl Violation {
    /// Where the value is: a JSON Pointer (RFC 6901) with the member names of the model, such as `/watchers/3/email`.
    /// If the constraint is one on keys, the path means the key of a map. Long keys are truncated, sensitive ones are
    /// `*`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where the value is, in the names of this crate: `watchers[3].email`, `tags["key"]`. It is empty for the request
    /// itself. Keys are shown as in [`path`](Self::path).
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The constraint.
    pub fn constraint(&self) -> Constraint {
        self.constraint
    }

    /// The requirement as the service writes it: `have length between 2 and 8, inclusive`.
    pub fn limit(&self) -> &str {
        &self.limit
    }

    /// What was found.
    pub fn found(&self) -> Found {
        self.found
    }

    /// The source of the constraint.
    pub fn provenance(&self) -> Provenance {
        self.provenance
    }

    /// The message, as the service writes it: ``Value with length 9 at '/caseId' failed to satisfy constraint: Member
    /// must have length less than or equal to 8``.
    #[inline]
    pub fn message(&self) -> String {
        let length = match self.found {
            Found::Length(length) => format!("with length {length} "),
            _ => String::new(),
        };
        format!(
            "Value {length}at '{}' failed to satisfy constraint: Member must {}",
            self.path, self.limit
        )
    }
}

/// A short text in the names and units of this crate: `case_id: 9 characters, at most 8`. [`Violation::message`] is the
/// text of the service.
impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// All violations of a request: at least one.
#[derive(Clone, PartialEq)]
pub struct Violations {
    pub(crate) found: Vec<Violation>,
    pub(crate) omitted: u64,
}

impl Violations {
    /// The violations, in the order of the model; at most [`LIMIT`](super::LIMIT).
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.found.iter()
    }

    /// How many there are, those included that were not kept.
    pub fn count(&self) -> u64 {
        self.found.len() as u64 + self.omitted
    }

    /// How many were not kept.
    pub fn omitted(&self) -> u64 {
        self.omitted
    }

    /// The message, as the service writes it: `1 validation error detected. Value at '/caseId' failed …`.
    #[inline]
    pub fn message(&self) -> String {
        let plural = if self.count() == 1 { "" } else { "s" };
        let mut messages = Vec::with_capacity(self.found.len() + 1);
        for violation in &self.found {
            messages.push(violation.message());
        }
        messages.extend(self.more());
        format!(
            "{} validation error{plural} detected. {}",
            self.count(),
            join(&messages, "; ")
        )
    }

    /// The text of each violation, and how many more there are.
    pub(crate) fn lines(&self) -> Vec<String> {
        let mut lines = Vec::with_capacity(self.found.len() + 1);
        for violation in &self.found {
            lines.push(violation.to_string());
        }
        lines.extend(self.more());
        lines
    }

    fn more(&self) -> Option<String> {
        (self.omitted > 0).then(|| format!("and {} more", self.omitted))
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The short text of each violation: `case_id: missing; subject: 0 characters, at least 1`. [`Violations::message`] is
/// the text of the service.
impl fmt::Display for Violations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&join(&self.lines(), "; "))
    }
}

/// A line for each violation, because `unwrap` prints `{:?}`; `{:#?}` shows the fields.
impl fmt::Debug for Violations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !formatter.alternate() {
            return formatter.write_str(&join(&self.lines(), "\n"));
        }
        formatter
            .debug_struct("Violations")
            .field("found", &self.found)
            .field("omitted", &self.omitted)
            .finish()
    }
}

impl StdError for Violations {}
