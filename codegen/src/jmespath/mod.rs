//! Reads JMESPath (<https://jmespath.org/specification.html>), in which models describe waiters, pages and endpoints.
//!
//! The tree has the structure in which expressions are evaluated: a projection holds what follows it. What no published
//! model uses is refused by name: slices, multi-select hashes, expression references.

mod parser;
#[cfg(test)]
mod tests;
mod token;

pub use self::parser::parse;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// The value that it is applied to.
    Current,
    /// A member of it.
    Member(String),
    /// An element of it, from the end if the number is negative.
    Element(i64),
    /// The second expression, applied to the result of the first.
    Then(Box<Node>, Box<Node>),
    /// A projection: each element of a list for which a condition holds, and what follows, without nulls.
    Each {
        /// The list.
        list: Box<Node>,
        /// The condition.
        condition: Option<Box<Node>>,
        /// What follows.
        body: Box<Node>,
    },
    /// The elements of a list, and those of the lists in it.
    Flatten(Box<Node>),
    /// The values of an object.
    Values(Box<Node>),
    /// The first, or the second if that is false.
    Or(Box<Node>, Box<Node>),
    /// The second, or the first if that is false.
    And(Box<Node>, Box<Node>),
    /// Whether it is false.
    Not(Box<Node>),
    /// A comparison.
    Compare(Comparator, Box<Node>, Box<Node>),
    /// A constant.
    Literal(serde_json::Value),
    /// A list of results (a multi-select list).
    List(Vec<Node>),
    /// A function.
    Call(String, Vec<Node>),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
