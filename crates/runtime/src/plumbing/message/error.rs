//! Errors of writing and reading messages.

use std::fmt;

use crate::formatting::write;
use crate::plumbing::safe_line::{safe_line, safe_name};
use crate::plumbing::{causes, header, json};

/// A request that cannot be written.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodeError {
    member: String,
    problem: &'static str,
}

impl EncodeError {
    /// Creates an error that names the member of the request and the reason.
    pub fn new(member: impl Into<String>, problem: &'static str) -> Self {
        Self {
            member: member.into(),
            problem,
        }
    }

    /// The wire name of the member.
    pub fn member(&self) -> &str {
        &self.member
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the member `{}` cannot be sent: {}",
            safe_name(&self.member),
            self.problem
        )
    }
}

impl fmt::Debug for EncodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            formatter
                .debug_struct("EncodeError")
                .field("member", &self.member)
                .field("problem", &self.problem)
                .finish()
        })
    }
}

impl std::error::Error for EncodeError {}

/// The error of a response that does not match the model.
pub struct DecodeError(String);

impl DecodeError {
    /// Creates an error. The text must not contain values of the response, which may be secret.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for DecodeError {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", safe_line(&self.0))
    }
}

impl fmt::Debug for DecodeError {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::debug(formatter, self, |formatter| {
            let message = safe_line(&self.0);
            formatter
                .debug_tuple("DecodeError")
                .field(&message)
                .finish()
        })
    }
}

impl std::error::Error for DecodeError {}

impl From<json::Error> for DecodeError {
    fn from(error: json::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<header::HeaderError> for DecodeError {
    fn from(error: header::HeaderError) -> Self {
        Self(error.to_string())
    }
}
