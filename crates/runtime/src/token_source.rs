//! The source of idempotency tokens.

use std::fmt;

/// The source of idempotency tokens.
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// A new token, which was never returned before.
    fn token(&self) -> String;
}

/// Random UUIDs (version 4), which is what AWS services expect.
#[derive(Clone, Copy, Debug, Default)]
pub struct UuidTokenSource;

impl TokenSource for UuidTokenSource {
    fn token(&self) -> String {
        crate::random::system_uuid()
    }
}
