//! Credentials and tokens that are kept until shortly before they expire.

use std::fmt;
use std::sync::{Arc, Mutex, Weak};

use super::flight::{Flight, lock};
use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::telemetry;
use crate::time_source::TimeSource;
use crate::{BoxFuture, Timestamp};

/// When one caller fetches new credentials while the others use the old ones, and when all callers wait for the new
/// ones: seconds before the old ones expire, as in botocore 1.44.5.
const ADVISORY: i64 = 15 * 60;
const MANDATORY: i64 = 10 * 60;
/// How long credentials without an expiry are kept, in seconds. Another program may have written new ones by then.
const UNTIL_ASKED_AGAIN: i64 = 15 * 60;
/// How long valid credentials are used after a failed refresh before the next attempt, in seconds.
const PAUSE: i64 = 60;

type Outcome<T> = Result<T, CredentialsError>;

/// What a cache keeps.
pub(crate) trait Identity: Clone + PartialEq + Send + Sync + 'static {
    /// How an error calls one.
    const WORDS: &str;
    /// What gives one.
    type Provider: fmt::Debug + Send + Sync + ?Sized;

    fn ask(provider: &Self::Provider) -> BoxFuture<'_, Outcome<Self>>;

    fn expiry(&self) -> Option<Timestamp>;

    fn validated(self) -> Outcome<Self>;
}

impl Identity for Credentials {
    const WORDS: &str = "the credentials that were found";
    type Provider = dyn ProvideCredentials;

    fn ask(provider: &Self::Provider) -> BoxFuture<'_, Outcome<Self>> {
        provider.credentials()
    }

    fn expiry(&self) -> Option<Timestamp> {
        self.expiry()
    }

    fn validated(self) -> Outcome<Self> {
        self.validated()
    }
}

/// Caches the credentials of a provider.
///
/// * New credentials are fetched 15 minutes before the old ones expire, or after half of their lifetime if that is
///   later. One caller fetches them; the others use the old ones. From 10 minutes (or a quarter of the lifetime) before
///   the expiry on, all callers wait.
/// * However many callers need credentials, the provider is called once. A caller that is dropped does not cancel the
///   call for the others.
/// * Credentials without an expiry are fetched again after 15 minutes.
/// * An error is returned to the callers that waited, and is not cached. As long as the old credentials are valid they
///   are used instead, and the provider is not called again for a minute. The same happens if a caller that waits is dropped,
///   for example by its time limit.
/// * Expired credentials are never returned, whether they were cached or come from the provider. Neither are
///   credentials with which no request can be signed ([`Credentials::validated`]).
/// * Once the provider has returned credentials, no later error [is missing](CredentialsError::is_missing) ones: a call fails
///   rather than going on without them.
#[derive(Clone)]
pub struct CachedCredentials(Arc<Cache<Credentials>>);

/// The cache of one provider.
pub(crate) struct Cache<T: Identity> {
    provider: Arc<T::Provider>,
    time: Arc<dyn TimeSource>,
    state: Mutex<State<T>>,
}

struct State<T> {
    kept: Option<Kept<T>>,
    flight: Weak<Flight<Outcome<T>>>,
}

struct Kept<T> {
    identity: T,
    /// When they stop being used, in seconds since 1970; those without an expiry never do.
    expires: Option<i64>,
    /// When one caller replaces them.
    advisory: i64,
    /// When all callers wait for new ones.
    mandatory: i64,
}

impl<T: Identity> Kept<T> {
    fn new(identity: T, now: i64) -> Self {
        let expires = identity.expiry().map(Timestamp::epoch_seconds);
        let (advisory, mandatory) = match expires {
            None => (now + UNTIL_ASKED_AGAIN, now + UNTIL_ASKED_AGAIN),
            Some(expires) => {
                let lifetime = expires - now;
                (
                    expires - ADVISORY.min(lifetime / 2),
                    expires - MANDATORY.min(lifetime / 4),
                )
            }
        };
        Self {
            identity,
            expires,
            advisory,
            mandatory,
        }
    }

    fn is_valid(&self, now: i64) -> bool {
        self.expires.is_none_or(|expires| now < expires)
    }
}

impl CachedCredentials {
    /// Caches the credentials of `provider`, with the clock `time`.
    pub fn new(
        provider: impl ProvideCredentials + 'static,
        time: impl TimeSource + 'static,
    ) -> Self {
        Self::over(Arc::new(provider), Arc::new(time))
    }

    #[inline(never)]
    pub(crate) fn over(provider: Arc<dyn ProvideCredentials>, time: Arc<dyn TimeSource>) -> Self {
        Self(Arc::new(Cache::new(provider, time)))
    }
}

impl<T: Identity> Cache<T> {
    pub(crate) fn new(provider: Arc<T::Provider>, time: Arc<dyn TimeSource>) -> Self {
        Self {
            provider,
            time,
            state: Mutex::new(State {
                kept: None,
                flight: Weak::new(),
            }),
        }
    }

    /// What the provider gives, from the cache where that is possible.
    pub(crate) async fn get(self: Arc<Self>) -> Outcome<T> {
        match self.look() {
            Ok(identity) => Ok(identity),
            Err(flight) => {
                let mut waiting = Waiting {
                    cache: &self,
                    flight: Some(Arc::clone(&flight)),
                };
                let outcome = flight.join().await;
                waiting.flight = None;
                outcome
            }
        }
    }

    /// What can be returned at once, or the work to wait for.
    fn look(self: &Arc<Self>) -> Result<T, Arc<Flight<Outcome<T>>>> {
        let now = self.time.now().epoch_seconds();
        let mut state = lock(&self.state);
        let flight = match state.flight.upgrade() {
            Some(flight) if !flight.is_done() => Some(flight),
            _ => None,
        };
        if let Some(kept) = &state.kept
            && kept.is_valid(now)
        {
            let someone_else_does = now < kept.mandatory && flight.is_some();
            if now < kept.advisory || someone_else_does {
                let identity = kept.identity.clone();
                // Then the flight is dropped, which can drop the work of a provider: code of others.
                drop(state);
                return Ok(identity);
            }
        }
        Err(flight.unwrap_or_else(|| {
            let flight = Flight::new(Box::pin(Arc::clone(self).fetch()));
            state.flight = Arc::downgrade(&flight);
            flight
        }))
    }

    /// Calls the provider and caches the result.
    async fn fetch(self: Arc<Self>) -> Outcome<T> {
        let answer = T::ask(&self.provider).await;
        let answer = answer.and_then(T::validated);
        let now = self.time.now();
        let seconds = now.epoch_seconds();
        let mut error = match answer {
            Ok(identity) => match identity.expiry() {
                Some(expiry) if expiry.epoch_seconds() <= seconds => {
                    let words = T::WORDS;
                    CredentialsError::new(format!(
                        "{words} expired at {expiry}; it is {now} by this machine's clock"
                    ))
                }
                _ => {
                    let kept = Kept::new(identity.clone(), seconds);
                    let before = lock(&self.state).kept.replace(kept);
                    // The same credentials again, from a source without an expiry, are no news.
                    if before.as_ref().map(|kept| &kept.identity) != Some(&identity) {
                        telemetry::credentials_fetched(before.is_some(), identity.expiry());
                    }
                    return Ok(identity);
                }
            },
            Err(error) => error,
        };
        let mut state = lock(&self.state);
        // A source that has given one is configured: a call must not go on without it while the source is down.
        error.is_missing &= state.kept.is_none();
        let kept = state.postpone(seconds);
        drop(state);
        match kept {
            Some(identity) => {
                telemetry::credentials_kept(identity.expiry(), &error);
                Ok(identity)
            }
            None => Err(error),
        }
    }
}

impl<T: Identity> State<T> {
    /// Leaves the provider alone for a minute, as long as there is a valid identity, which this returns.
    fn postpone(&mut self, now: i64) -> Option<T> {
        let kept = self.kept.as_mut().filter(|kept| kept.is_valid(now))?;
        kept.advisory = now + PAUSE;
        kept.mandatory = kept.mandatory.max(kept.advisory);
        Some(kept.identity.clone())
    }
}

/// A caller that waits for the provider. If it is dropped before the end, it had no more time, and the next caller would not have it
/// either: the valid identity is used for a while.
struct Waiting<'a, T: Identity> {
    cache: &'a Cache<T>,
    flight: Option<Arc<Flight<Outcome<T>>>>,
}

impl<T: Identity> Drop for Waiting<'_, T> {
    fn drop(&mut self) {
        if let Some(flight) = &self.flight
            && !flight.is_done()
        {
            let now = self.cache.time.now().epoch_seconds();
            lock(&self.cache.state).postpone(now);
        }
    }
}

impl fmt::Debug for CachedCredentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("CachedCredentials")
            .field(&self.0.provider)
            .finish()
    }
}

impl ProvideCredentials for CachedCredentials {
    fn credentials(&self) -> BoxFuture<'_, Outcome<Credentials>> {
        Box::pin(Arc::clone(&self.0).get())
    }
}
