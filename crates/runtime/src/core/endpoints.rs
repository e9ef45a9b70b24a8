//! The endpoints that services named, for as long as they may be used.
//!
//! One search is made at a time for each kind of requests, however many calls wait for it. See [`super::discovery`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};

use crate::credentials::flight::{Flight, lock};
use crate::error::Failure;
use crate::plumbing::discovery::Question;

/// How long no search is made after one that failed, in seconds.
const PAUSE: i64 = 60;

/// How long an endpoint is kept at least after its time has ended, in seconds: it is used if a search for another one fails.
const KEPT: i64 = 60 * 60;

/// What an endpoint was found for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    /// The id of the access key, if requests are signed: another account may have other endpoints.
    identity: Option<String>,
    question: Question,
}

impl Key {
    pub(super) fn new(identity: Option<String>, question: Question) -> Self {
        Self { identity, question }
    }

    pub(super) fn question(&self) -> Question {
        self.question.clone()
    }
}

/// The result of a search, for all that wait for it. What was found is in the cache.
pub(super) type Outcome = Result<(), Arc<Failure>>;

/// The endpoints that were found.
#[derive(Default)]
pub(super) struct Endpoints(Mutex<HashMap<Key, Entry>>);

/// Addresses with their ends, in seconds since 1970.
pub(super) type Known = Vec<(String, i64)>;

/// What is known of one kind of requests.
#[derive(Default)]
pub(super) struct Entry {
    /// Addresses, and when they stop being used, in seconds since 1970.
    known: Known,
    /// Until when no search is made.
    failed_until: Option<i64>,
    search: Weak<Flight<Outcome>>,
}

impl Entry {
    fn current(&self, now: i64) -> Option<String> {
        let mut known = self.known.iter();
        let found = known.find(|(_, expires)| now < *expires);
        found.map(|(address, _)| address.clone())
    }

    /// An endpoint that may be used still, or the last known one.
    pub(super) fn best(&self, now: i64) -> Option<String> {
        let first = || self.known.first().map(|(address, _)| address.clone());
        self.current(now).or_else(first)
    }

    /// What a request does: it uses an endpoint, makes a search with `begin`, or joins the one that is made.
    pub(super) fn look(
        &mut self,
        now: i64,
        is_required: bool,
        begin: impl FnOnce() -> Arc<Flight<Outcome>>,
    ) -> Look {
        if let Some(address) = self.current(now) {
            return Look::Use(address);
        }
        if self.failed_until.is_some_and(|end| now < end) {
            match self.best(now) {
                Some(address) => return Look::Use(address),
                None if !is_required => return Look::Rest,
                None => {}
            }
        }
        let running = self.search.upgrade().filter(|search| !search.is_done());
        Look::Search(running.unwrap_or_else(|| {
            let search = begin();
            self.search = Arc::downgrade(&search);
            search
        }))
    }

    /// Keeps the result of a search; `None` if it failed.
    pub(super) fn keep(&mut self, now: i64, found: Option<Known>) {
        self.failed_until = match found {
            Some(found) => {
                self.known = found;
                None
            }
            None => Some(now.saturating_add(PAUSE)),
        };
    }

    fn is_running(&self) -> bool {
        let search = self.search.upgrade();
        search.is_some_and(|search| !search.is_done())
    }

    /// Whether a request may need it.
    fn is_of_use(&self, now: i64) -> bool {
        let mut known = self.known.iter();
        known.any(|(_, expires)| now < expires.saturating_add(KEPT))
            || self.failed_until.is_some_and(|end| now < end)
            || self.is_running()
    }
}

/// What a request does about its endpoint.
pub(super) enum Look {
    /// It is sent to this address.
    Use(String),
    /// It is sent to the endpoint of the rules.
    Rest,
    /// It waits for this search.
    Search(Arc<Flight<Outcome>>),
}

impl Endpoints {
    /// Forgets the endpoints of a request, which the service refused.
    pub(super) fn forget(&self, key: &Key) {
        if let Some(entry) = lock(&self.0).get_mut(key) {
            entry.known.clear();
        }
    }

    /// Changes an entry. Entries of no use any more, such as those of earlier credentials, are removed.
    pub(super) fn change<T>(&self, key: &Key, now: i64, change: impl FnOnce(&mut Entry) -> T) -> T {
        let mut entries = lock(&self.0);
        if !entries.contains_key(key) {
            entries.retain(|_, entry| entry.is_of_use(now));
        }
        change(entries.entry(key.clone()).or_default())
    }
}
