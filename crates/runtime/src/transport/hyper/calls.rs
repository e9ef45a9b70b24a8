//! How many calls use a connection of HTTP/2 at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What counts a call on its connection, as long as there is a copy of it. The body of the request and that of the response have one
/// each: the stream of a call is open until both are over.
pub(super) type Call = Arc<Arc<()>>;

/// How many calls at the same time use a connection at most. A call beyond the limit of the server would wait until another one
/// ends, and a stream of events may take hours. Servers should permit 100 streams at least (RFC 9113, section 6.5.2).
const MOST_CALLS: usize = 100;

/// The calls of a connection. Each call has a copy, from the moment in which it takes the connection.
#[derive(Clone)]
pub(super) struct Calls {
    running: Arc<()>,
    limit: Limit,
}

/// How many calls there may be.
#[derive(Clone)]
pub(super) struct Limit(Arc<AtomicUsize>);

impl Limit {
    /// Permits so many calls at most, as the server says. It says 0 for a while only.
    pub(super) fn lower(&self, most: usize) {
        if most > 0 {
            self.0.fetch_min(most, Ordering::Relaxed);
        }
    }

    fn most(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Default for Calls {
    fn default() -> Self {
        Self {
            running: Arc::default(),
            limit: Limit(Arc::new(AtomicUsize::new(MOST_CALLS))),
        }
    }
}

impl Calls {
    /// The call for which this copy was made.
    pub(super) fn call(self) -> Call {
        Arc::new(self.running)
    }

    /// Their limit.
    pub(super) fn limit(&self) -> &Limit {
        &self.limit
    }

    /// Takes over what is known of the server.
    pub(super) fn limit_as(&self, other: &Self) {
        self.limit.lower(other.limit.most());
    }

    pub(super) fn is_any_running(&self) -> bool {
        Arc::strong_count(&self.running) > 1
    }

    /// Whether there may be another one.
    pub(super) fn has_room(&self) -> bool {
        Arc::strong_count(&self.running) <= self.limit.most()
    }
}

#[cfg(test)]
mod tests {
    use super::Calls;

    #[test]
    fn a_place_is_taken_until_both_bodies_are_over() {
        let calls = Calls::default();
        calls.limit().lower(0);
        calls.limit().lower(2);
        calls.limit().lower(50);
        assert!(calls.has_room() && !calls.is_any_running());
        let first = calls.clone().call();
        assert!(calls.has_room() && calls.is_any_running());
        let second = calls.clone();
        assert!(!calls.has_room());
        let other = Calls::default();
        other.limit_as(&calls);
        let body = first.clone();
        drop(first);
        assert!(!calls.has_room());
        drop(body);
        assert!(calls.has_room());
        drop(second);
        assert!(!calls.is_any_running());
        let both = (other.clone(), other.clone());
        assert!(!other.has_room());
        drop(both);
    }
}
