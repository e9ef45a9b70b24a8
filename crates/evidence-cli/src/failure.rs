//! Failures, and the exit status of each kind.

use std::fmt;

use attache_evidence::ErrorKind;
use attache_runtime::plumbing::safe_line::safe_line;
use serde_json::{Value, json};

/// The kind of a failure. The number is the exit status; `evidence --help` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Other = 1,
    Usage = 2,
    File = 3,
    State = 4,
    Access = 5,
    Service = 6,
    Network = 7,
    Unknown = 8,
    Rejected = 9,
    Different = 10,
}

impl Kind {
    fn name(self) -> String {
        format!("{self:?}").to_ascii_lowercase()
    }
}

/// A failure: its kind, a sentence for the person, and what was found.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    message: String,
    found: Option<Value>,
}

pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    pub(crate) fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            found: None,
        }
    }

    pub(crate) fn with_found(mut self, found: Value) -> Self {
        self.found = Some(found);
        self
    }

    /// A file or a folder that cannot be used.
    pub(crate) fn of_file(what: impl fmt::Display, error: impl fmt::Display) -> Self {
        Self::new(Kind::File, format!("{what}: {error}"))
    }

    /// The failure as JSON.
    pub(crate) fn value(&self) -> Value {
        let mut error = json!({
            "kind": self.kind.name(),
            "exit_status": self.kind as u8,
            "message": self.to_string(),
        });
        if let (Some(found), Some(error)) = (&self.found, error.as_object_mut()) {
            error.insert("found".to_owned(), found.clone());
        }
        json!({ "error": error })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Each line is made safe by itself, because some messages list what was found.
        for (index, line) in self.message.lines().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(formatter, "{separator}{}", safe_line(line))?;
        }
        Ok(())
    }
}

impl From<attache_evidence::Error> for Failure {
    fn from(error: attache_evidence::Error) -> Self {
        let kind = match error.kind() {
            ErrorKind::Source | ErrorKind::Changed | ErrorKind::Target => Kind::File,
            ErrorKind::State => Kind::State,
            ErrorKind::Settings => Kind::Access,
            ErrorKind::Service => Kind::Service,
            ErrorKind::Transfer | ErrorKind::Timeout => Kind::Network,
            ErrorKind::Conflict | ErrorKind::Rejected => Kind::Rejected,
            _ => Kind::Other,
        };
        Self::new(kind, format!("{error:#}"))
    }
}

impl<S: attache_runtime::operation::ServiceError> From<attache_runtime::Error<S>> for Failure {
    fn from(error: attache_runtime::Error<S>) -> Self {
        use attache_runtime::ErrorKind as Call;
        let kind = match error.kind() {
            Call::Validation | Call::Request => Kind::Usage,
            Call::Configuration | Call::Credentials => Kind::Access,
            Call::Connect | Call::Timeout | Call::Io => Kind::Network,
            _ if error.is_access_denied() => Kind::Access,
            _ => Kind::Service,
        };
        Self::new(kind, format!("{error:#}"))
    }
}

impl From<attache_runtime::ConfigError> for Failure {
    fn from(error: attache_runtime::ConfigError) -> Self {
        Self::new(Kind::Access, format!("{error:#}"))
    }
}
