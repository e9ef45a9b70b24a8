//! Expressions over responses, with types: what JMESPath means for the members of a model.

use super::path::Path;
use super::types::Type;
use crate::jmespath::Comparator;

/// An expression with the type of its result, which may be null.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// How it is evaluated.
    pub kind: ExpressionKind,
    /// The type of its result.
    pub ty: ValueType,
}

/// The type of a result.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueType {
    /// A Boolean.
    Boolean,
    /// A whole number.
    Integer,
    /// Another number.
    Real,
    /// A string.
    Text,
    /// A reference to a value of the model.
    Value(Box<Type>),
    /// A list of results.
    List(Box<ValueType>),
    /// An element of a list of results that may be null.
    Nullable(Box<ValueType>),
}

/// How an expression is evaluated.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// Members from the current value on; without any, that value itself.
    Members(Path),
    /// The value of a key of a map.
    Entry(Box<Expression>, String),
    /// An element of a list, from the end if the number is negative.
    Element(Box<Expression>, i64),
    /// The second expression, applied to the result of the first.
    Then(Box<Expression>, Box<Expression>),
    /// What follows for each element of a list for which a condition holds.
    Each {
        /// The list.
        list: Box<Expression>,
        /// The condition.
        condition: Option<Box<Expression>>,
        /// What follows.
        body: Box<Expression>,
    },
    /// The elements of the lists in a list.
    Flatten(Box<Expression>),
    /// The values of a map.
    Values(Box<Expression>),
    /// The keys of a map.
    Keys(Box<Expression>),
    /// A Boolean, a number or a string of the model as such.
    Simple(Box<Expression>),
    /// A whole number as another number.
    Widened(Box<Expression>),
    /// The first, or the second if that is false.
    Or(Box<Expression>, Box<Expression>),
    /// The second, or the first if that is false.
    And(Box<Expression>, Box<Expression>),
    /// Whether it is false.
    Not(Box<Expression>),
    /// Whether it is true.
    Truth(Box<Expression>),
    /// Whether it is null.
    IsNull(Box<Expression>),
    /// A comparison of two results of one type.
    Compare(Comparator, Box<Expression>, Box<Expression>),
    /// A constant Boolean.
    Boolean(bool),
    /// A constant whole number.
    Integer(i64),
    /// Another constant number.
    Real(f64),
    /// A constant string.
    Text(String),
    /// A list of results.
    List(Vec<Expression>),
    /// How many elements or characters it has.
    Length(Box<Expression>),
    /// Whether a list has an element.
    Contains(Box<Expression>, Box<Expression>),
    /// Whether a string has a part.
    ContainsText(TextPart, Box<Expression>, Box<Expression>),
}

/// Where a part of a string is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextPart {
    /// Anywhere.
    Anywhere,
    /// At its start.
    Start,
    /// At its end.
    End,
}

impl Expression {
    /// The expressions that it consists of.
    fn parts(&self) -> Vec<&Self> {
        match &self.kind {
            ExpressionKind::Members(_)
            | ExpressionKind::Boolean(_)
            | ExpressionKind::Integer(_)
            | ExpressionKind::Real(_)
            | ExpressionKind::Text(_) => Vec::new(),
            ExpressionKind::Entry(one, _)
            | ExpressionKind::Element(one, _)
            | ExpressionKind::Flatten(one)
            | ExpressionKind::Values(one)
            | ExpressionKind::Keys(one)
            | ExpressionKind::Simple(one)
            | ExpressionKind::Widened(one)
            | ExpressionKind::Not(one)
            | ExpressionKind::Truth(one)
            | ExpressionKind::IsNull(one)
            | ExpressionKind::Length(one) => vec![one],
            ExpressionKind::Then(one, two)
            | ExpressionKind::Or(one, two)
            | ExpressionKind::And(one, two)
            | ExpressionKind::Compare(_, one, two)
            | ExpressionKind::Contains(one, two)
            | ExpressionKind::ContainsText(_, one, two) => vec![one, two],
            ExpressionKind::Each {
                list,
                condition,
                body,
            } => {
                let condition = condition.iter().map(|condition| &**condition);
                condition.chain([&**list, &**body]).collect()
            }
            ExpressionKind::List(all) => all.iter().collect(),
        }
    }

    /// Whether it has a function, which fails for a value that it cannot be applied to.
    pub fn can_fail(&self) -> bool {
        let is_function = matches!(
            self.kind,
            ExpressionKind::Length(_)
                | ExpressionKind::Keys(_)
                | ExpressionKind::Contains(..)
                | ExpressionKind::ContainsText(..)
        );
        is_function || self.parts().into_iter().any(Self::can_fail)
    }
}
