//! The text of an error: always one safe line, whatever the service and the network sent.

use std::error::Error as StdError;
use std::fmt;

use super::{Error, ErrorKind, Facts};
use crate::plumbing::safe_line::{SafeLine, safe_line, safe_name};

impl Facts {
    pub(super) fn describe(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.operation.is_empty() {
            write!(formatter, "{}: ", self.operation)?;
        }
        match &self.code {
            Some(code) if self.kind == ErrorKind::Service => {
                write!(formatter, "{}", safe_name(code))?
            }
            _ => formatter.write_str(what_happened(self.kind))?,
        }
        if let Some(message) = &self.message {
            write!(formatter, ": {}", safe_line(message))?;
        }
        if let Some(description) = &self.description {
            write!(formatter, ": {description}")?;
        }
        let mut source = self.source.as_deref().map(|source| source as &dyn StdError);
        while let Some(error) = source {
            write!(formatter, ": {}", safe_line(&error.to_string()))?;
            source = error.source();
        }
        let request_id = self.request_id.as_deref().map(safe_name);
        match (self.status, request_id) {
            (Some(status), Some(id)) => write!(formatter, " (status {status}, request id {id})")?,
            (Some(status), None) => write!(formatter, " (status {status})")?,
            (None, Some(id)) => write!(formatter, " (request id {id})")?,
            (None, None) => {}
        }
        if self.may_have_taken_effect {
            formatter.write_str("; the request may have taken effect")?;
        }
        Ok(())
    }

    /// The fields that `Debug` shows, texts of others as safe lines.
    fn debug_fields<'a, 'b: 'a>(&self, shown: &mut fmt::DebugStruct<'a, 'b>) {
        fn line(text: &Option<String>) -> Option<SafeLine<'_>> {
            text.as_deref().map(safe_line)
        }
        shown
            .field("kind", &self.kind)
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("code", &line(&self.code))
            .field("message", &line(&self.message))
            .field("description", &line(&self.description))
            .field("request_id", &line(&self.request_id))
            .field("attempts", &self.attempts)
            .field("may_have_taken_effect", &self.may_have_taken_effect)
            // It comes from any library, and may contain a URL.
            .field("source", &Shown(&self.source));
    }
}

/// The `Debug` output of a foreign value, in one safe line.
struct Shown<'a, T>(&'a Option<T>);

impl<T: fmt::Debug> fmt::Debug for Shown<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&safe_line(&format!("{:?}", self.0)), formatter)
    }
}

fn what_happened(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Validation => "the request is not valid",
        ErrorKind::Request => "the request cannot be sent",
        ErrorKind::Configuration => "the client is not configured for this call",
        ErrorKind::Credentials => "no usable credentials",
        ErrorKind::Connect => "no connection to the service",
        ErrorKind::Timeout => "no response in time",
        ErrorKind::Io => "the connection broke",
        ErrorKind::Decode => "the response does not match the service model",
        ErrorKind::Pagination => "the service repeats a token of its pages",
        ErrorKind::WaitFailed => "the state that was waited for can no longer be reached",
        ErrorKind::WaitTimeout => "the state that was waited for was not reached in time",
        ErrorKind::Service => "the service responded with an error",
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Facts");
        self.debug_fields(&mut shown);
        shown.finish()
    }
}

impl<S: fmt::Debug> fmt::Debug for Error<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Error");
        self.0.facts.debug_fields(&mut shown);
        shown.field("service", &Shown(&self.0.service)).finish()
    }
}
