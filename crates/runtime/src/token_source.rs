//! Where idempotency tokens come from.

use std::fmt;

/// Where idempotency tokens come from.
pub trait TokenSource: fmt::Debug + Send + Sync {
    /// A token that was never given before.
    fn token(&self) -> String;
}

/// Random UUIDs (version 4), which is what AWS services expect.
#[derive(Clone, Copy, Debug, Default)]
pub struct UuidTokenSource;

impl TokenSource for UuidTokenSource {
    fn token(&self) -> String {
        uuid::Uuid::new_v4().to_string()
    }
}
