//! The constraints of a value, which are validated before it is sent.

use serde_json::Value;

use crate::ast::traits::{Length, Range};

/// One constraint of a value.
#[derive(Clone, Debug)]
pub struct Constraint<'m> {
    /// The kind of the constraint.
    pub kind: ConstraintKind<'m>,
    /// The place in the documentation that states it; `None` if it is in the model.
    pub source: Option<&'m str>,
}

/// The kinds of constraints.
#[derive(Clone, Debug)]
pub enum ConstraintKind<'m> {
    /// The length of a text, of bytes, of a list or of a map.
    Length(&'m Length),
    /// The bounds of a number.
    Range(&'m Range),
    /// A pattern, by its table.
    Pattern(String),
    /// That no element of a list occurs twice.
    UniqueItems,
    /// The only value that the service accepts.
    MustEqual(&'m Value),
    /// That a timestamp is midnight in UTC.
    DayAligned,
    /// That the elements of a list differ in a member.
    UniqueMember {
        /// The member.
        member: &'m str,
        /// Its field.
        field: String,
    },
    /// What the documentation lists; strict only.
    AllowedValues(&'m [String]),
    /// A form that the documentation shows, by its table; strict only.
    RecommendedPattern(String),
    /// That the value of an enum is one of the model; strict only.
    KnownValue,
}
