//! Idempotency tokens. They differ from run to run, so a recording has one token in place of all that its client made, and
//! a replay makes that one.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::token_source::TokenSource;

/// The token of recordings, which has the form that services expect.
pub(super) const TOKEN: &str = "00000000-0000-4000-8000-000000000000";

/// A source of tokens that keeps those that it made.
#[derive(Clone, Debug)]
pub(super) struct KeptTokens {
    source: Arc<dyn TokenSource>,
    made: Arc<Mutex<BTreeSet<String>>>,
}

impl KeptTokens {
    pub(super) fn new(source: Arc<dyn TokenSource>) -> Self {
        Self {
            source,
            made: Arc::default(),
        }
    }

    /// The tokens so far.
    pub(super) fn made(&self) -> BTreeSet<String> {
        let made = self.made.lock();
        made.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl TokenSource for KeptTokens {
    fn token(&self) -> String {
        let token = self.source.token();
        let made = self.made.lock();
        made.unwrap_or_else(PoisonError::into_inner)
            .insert(token.clone());
        token
    }
}

/// Makes the token of recordings.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordedToken;

impl TokenSource for RecordedToken {
    fn token(&self) -> String {
        TOKEN.to_owned()
    }
}
