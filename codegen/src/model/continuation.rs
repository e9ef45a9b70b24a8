//! What goes on after one answer: the pages that follow it, and the waiting for another one.

use super::id::MemberId;

/// How an operation answers in pages (`smithy.api#paginated`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// The member of the request that takes the token.
    pub input_token: MemberId,
    /// Where the token of the next page is in the response.
    pub output_token: Path,
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
    /// What answers mean; the first that matches counts.
    pub acceptors: Vec<Acceptor>,
    /// The least pause between two calls, in seconds.
    pub min_delay: u64,
    /// The greatest pause between two calls, in seconds.
    pub max_delay: u64,
    /// How long it waits in all, in seconds, where the model says how often it asks.
    pub deadline: Option<u64>,
    /// Whether it is not recommended any more.
    pub deprecated: bool,
}

/// What an answer means to a waiter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptor {
    /// The meaning.
    pub state: AcceptorState,
    /// The answers that have it.
    pub matcher: Matcher,
}

/// Where a waiter is after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AcceptorState {
    /// At its end.
    Success,
    /// At its end, without what it waited for.
    Failure,
    /// On its way.
    Retry,
}

/// Which answers an acceptor is about.
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
}

/// A way into a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// Whether it leads to many values.
    pub fn has_each(&self) -> bool {
        self.0.iter().any(|step| step.each)
    }
}

/// One member on a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The member.
    pub member: MemberId,
    /// Whether each element of the member is meant.
    pub each: bool,
}
