//! The text of an error: safe lines, whatever the service and the network sent.

use std::error::Error as StdError;
use std::fmt;

use super::Error;
use super::failure::{Facts, Failure};
use super::kind::ErrorKind;
use crate::formatting::write;
use crate::plumbing::causes;
use crate::plumbing::safe_line::{SafeLine, safe_line, safe_name};

/// What is said of a request that validation refused.
const NOT_SENT: &str = " (not sent)";

/// The text of a failure without its causes.
struct Level<'a>(&'a Facts);

impl fmt::Display for Level<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = self.0;
        facts.write_operation(formatter)?;
        if let Some(violations) = facts.violations() {
            return write!(formatter, "{violations}{NOT_SENT}");
        }
        match (&facts.code, &facts.peer) {
            (Some(code), _) if facts.kind == ErrorKind::Service => {
                write!(formatter, "{}", safe_name(code))?
            }
            (_, Some(peer)) => at_peer(formatter, facts, peer)?,
            _ => formatter.write_str(what_happened(facts.kind))?,
        }
        if let Some(message) = &facts.message {
            write!(formatter, ": {}", safe_line(message))?;
        }
        if let Some(description) = &facts.description {
            write!(formatter, ": {description}")?;
        }
        self.details(formatter)?;
        if facts.may_have_taken_effect {
            formatter.write_str("; the request may have taken effect")?;
        }
        Ok(())
    }
}

impl Level<'_> {
    /// What to tell AWS, and how often the request was sent, in parentheses.
    fn details(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = self.0;
        let mut before = " (";
        let mut separate = || std::mem::replace(&mut before, ", ");
        if let Some(status) = facts.status {
            write!(formatter, "{}status {status}", separate())?;
        }
        if let Some(id) = &facts.request_id {
            write!(formatter, "{}request id {}", separate(), safe_name(id))?;
        }
        if facts.attempts > 1 {
            write!(formatter, "{}after {} attempts", separate(), facts.attempts)?;
        }
        formatter.write_str(if before == ", " { ")" } else { "" })
    }
}

impl Facts {
    #[inline(never)]
    fn write_operation(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.operation {
            "" => Ok(()),
            operation => write!(formatter, "{operation}: "),
        }
    }

    /// The fields that `Debug` shows, texts of others as safe lines.
    fn debug_fields<'a, 'b: 'a>(&self, shown: &mut fmt::DebugStruct<'a, 'b>) {
        #[inline(never)]
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
            .field("peer", &self.peer)
            .field("proxy", &line(&self.proxy))
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

/// What happened to a connection, with its host and port. The cause says on which side of a proxy it happened.
fn at_peer(formatter: &mut fmt::Formatter<'_>, facts: &Facts, peer: &str) -> fmt::Result {
    let peer = safe_name(peer);
    match facts.kind {
        ErrorKind::Connect => {
            write!(formatter, "no connection to {peer}")?;
            match &facts.proxy {
                Some(proxy) => write!(formatter, " through the proxy {}", safe_name(proxy)),
                None => Ok(()),
            }
        }
        ErrorKind::Timeout => write!(formatter, "no response from {peer} in time"),
        ErrorKind::Io => write!(formatter, "the connection to {peer} broke"),
        kind => formatter.write_str(what_happened(kind)),
    }
}

#[inline(never)]
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

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        causes::display(formatter, Level(&self.0), self.source())
    }
}

impl<S> fmt::Display for Error<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = &self.0.facts;
        causes::display(formatter, Level(facts), facts.source())
    }
}

/// The text and a line for each cause. Each of several violations has its own line.
fn debug_lines(formatter: &mut fmt::Formatter<'_>, facts: &Facts) -> fmt::Result {
    match facts.violations() {
        Some(violations) if violations.count() > 1 => {
            facts.write_operation(formatter)?;
            let what = what_happened(facts.kind);
            write!(formatter, "{what}{NOT_SENT}")?;
            for line in &violations.lines() {
                write!(formatter, "\n  {line}")?;
            }
            Ok(())
        }
        _ => {
            write!(formatter, "{}", Level(facts))?;
            causes::debug_causes(formatter, causes::causes(facts.source()))
        }
    }
}

impl fmt::Debug for Failure {
    #[inline]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !formatter.alternate() {
            return debug_lines(formatter, &self.0);
        }
        let mut shown = formatter.debug_struct("Failure");
        self.0.debug_fields(&mut shown);
        shown.finish()
    }
}

impl<S: fmt::Debug> fmt::Debug for Error<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let facts = &self.0.facts;
        if !formatter.alternate() {
            return debug_lines(formatter, facts);
        }
        let mut shown = formatter.debug_struct("Error");
        facts.debug_fields(&mut shown);
        shown.field("service", &Shown(&self.0.service)).finish()
    }
}
