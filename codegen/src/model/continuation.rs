//! Pagination and waiters of operations.

use super::id::MemberId;

/// The pagination of an operation (`smithy.api#paginated`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// The member of the request for the token.
    pub input_token: MemberId,
    /// Where the token of the next page is in the response: the first path that leads to a value counts.
    pub output_token: Vec<Path>,
    /// Where the items are: a list or a map.
    pub items: Option<Path>,
    /// Where a Boolean says whether there is a next page, whatever the token is.
    pub more_results: Option<Path>,
    /// The member of the request that bounds a page, by its name.
    pub page_size: Option<String>,
}

/// A waiter (`smithy.waiters#waitable`).
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matcher {
    /// Any response, or any error.
    Success(bool),
    /// The error of this name.
    ErrorType(String),
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
}

/// A path into a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// Whether it leads to many values.
    pub fn has_each(&self) -> bool {
        self.0.iter().any(|step| step.each)
    }

    /// Whether it consists of members only, and not of elements.
    pub fn is_of_members(&self) -> bool {
        self.0.iter().all(|step| !step.each && !step.last)
    }
}

/// One member of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The member.
    pub member: MemberId,
    /// Whether the path continues in each element of the member.
    pub each: bool,
    /// Whether it continues in the last element of the member.
    pub last: bool,
}
