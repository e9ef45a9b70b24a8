//! Caches the signing key of a client between requests.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::plumbing::sigv4::{self, SigningKey};

/// The key of the last signature. It is valid for a day, and deriving it takes longer than the rest of signing.
#[derive(Default)]
pub(crate) struct LastKey(Mutex<Option<(i64, String, SigningKey)>>);

impl LastKey {
    /// The key for a secret and a scope; the region and the service are always the same.
    pub(crate) fn get(&self, secret: &str, scope: &sigv4::Scope<'_>) -> SigningKey {
        let day = scope.time.epoch_seconds().div_euclid(24 * 60 * 60);
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((of_day, of_secret, key)) if *of_day == day && of_secret == secret => key.clone(),
            _ => {
                let key = sigv4::signing_key(secret, scope);
                *last = Some((day, secret.to_owned(), key.clone()));
                key
            }
        }
    }
}

impl fmt::Debug for LastKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LastKey(..)")
    }
}
