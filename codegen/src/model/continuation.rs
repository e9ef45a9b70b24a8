//! Pagination and waiters of operations.

use super::expression::Expression;
use super::id::MemberId;
use super::path::Path;

/// The pagination of an operation (`smithy.api#paginated`).
#[derive(Clone, Debug, PartialEq)]
pub struct Pagination {
    /// The tokens: one, or several that belong together.
    pub tokens: Vec<PageToken>,
    /// Where the items are: a list or a map.
    pub items: Option<Path>,
    /// Where a Boolean says whether there is a next page, whatever the token is.
    pub more_results: Option<Path>,
    /// The member of the request that bounds a page, by its name.
    pub page_size: Option<String>,
}

/// A token of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageToken {
    /// The member of the request for it.
    pub input: MemberId,
    /// Where that of the next page is in the response.
    pub output: TokenPlace,
}

/// Where a token is in a response.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenPlace {
    /// A member, for which the request has a member of the same type.
    Member(Path),
    /// An expression that gives a string.
    Expression(Expression),
}

/// A waiter (`smithy.waiters#waitable`).
#[derive(Clone, Debug, PartialEq)]
pub struct Waiter {
    /// Its name.
    pub name: String,
    /// The acceptors; the first one that matches is used.
    pub acceptors: Vec<Acceptor>,
    /// The least pause between two calls, in seconds.
    pub min_delay: u64,
    /// The greatest pause between two calls, in seconds.
    pub max_delay: u64,
    /// The total time in seconds, if the model limits the number of calls.
    pub deadline: Option<u64>,
    /// Whether it is deprecated.
    pub deprecated: bool,
}

/// The meaning of a response for a waiter.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptor {
    /// The meaning.
    pub state: AcceptorState,
    /// The responses with this meaning.
    pub matcher: Matcher,
}

/// The state of a waiter after a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AcceptorState {
    /// It succeeded.
    Success,
    /// It failed.
    Failure,
    /// It continues.
    Retry,
}

/// The responses to which an acceptor applies.
#[derive(Clone, Debug, PartialEq)]
pub enum Matcher {
    /// Any response, or any error.
    Success(bool),
    /// The error of this name.
    ErrorType(String),
    /// Any error with this HTTP status.
    Status(u16),
    /// A response with this Boolean.
    Boolean(Path, bool),
    /// A response with this string.
    Text(Path, String),
    /// A response with strings, all of them this one.
    AllText(Path, String),
    /// A response with strings, one of them this one.
    AnyText(Path, String),
    /// A response without elements in a list, or without the list.
    Empty(Path),
    /// A response of which an expression gives what is expected.
    Expression {
        /// As the model writes it.
        text: String,
        /// The expression.
        value: Expression,
        /// The expected result.
        expected: Expected,
    },
}

/// The result that an acceptor expects of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// This Boolean.
    Boolean(bool),
    /// This string.
    Text(String),
    /// Strings, all of them this one.
    All(String),
    /// Strings, one of them this one.
    Any(String),
}
