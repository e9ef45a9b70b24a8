//! Hooks of users around each attempt: additional headers, and metrics.

use std::fmt;
use std::time::Duration;

use http::HeaderMap;

use crate::error::Failure;

/// A hook that is called before each attempt of each call, and after it.
///
/// Its methods are called on the task of the call, so they should be quick. They cannot fail, and they cannot change
/// whether a request is sent again.
pub trait Interceptor: fmt::Debug + Send + Sync {
    /// Adds headers. They are signed; headers of the runtime and of the signature take precedence.
    fn before_attempt(&self, _attempt: &Attempt<'_>, _headers: &mut HeaderMap) {}

    /// Called with the result of an attempt, unless the attempt was dropped before it ended.
    fn after_attempt(&self, _attempt: &Attempt<'_>, _outcome: &Outcome<'_>) {}
}

/// One attempt of one call.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The name of the service in SDKs.
    pub service: &'static str,
    /// The name of the operation.
    pub operation: &'static str,
    /// Which attempt it is, counted from 1.
    pub number: u32,
    /// The id that all attempts of one call share; it is sent as `amz-sdk-invocation-id`.
    pub invocation_id: &'a str,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Outcome<'a> {
    /// The status of the response, where there was one.
    pub status: Option<u16>,
    /// The id that AWS gave the request.
    pub request_id: Option<&'a str>,
    /// How long it took, until the body was read, or, for a streaming response, until the head had arrived.
    pub duration: Duration,
    /// What went wrong; `None` for a successful response.
    pub failure: Option<&'a Failure>,
}
