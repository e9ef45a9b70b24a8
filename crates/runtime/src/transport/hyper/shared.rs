//! Connections of HTTP/2, each of which serves many calls at the same time.

use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::http2::Http2;
use super::pool::{Key, search};
use crate::timer::{TokioTimer, within};

/// The connections with the same idle limit.
pub(super) struct Shared {
    limit: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: Vec<Entry>,
    /// Those that calls wait for.
    turns: Vec<(Key, Weak<Turn>)>,
    /// Whether a task closes what has been idle for too long.
    is_searched: bool,
}

struct Entry {
    key: Key,
    /// When it was opened.
    opened: Instant,
    /// When a call took it last.
    since: Instant,
    connection: Http2,
}

impl Shared {
    pub(super) fn new(limit: Duration) -> Arc<Self> {
        Arc::new(Self {
            limit,
            state: Mutex::default(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection that takes another request.
    pub(super) fn get(&self, key: &Key) -> Option<Http2> {
        self.find(|entry| entry.key == *key)
    }

    /// A connection that takes another request, of those that are wanted.
    fn find(&self, is_wanted: impl Fn(&Entry) -> bool) -> Option<Http2> {
        let mut state = self.state();
        let unusable = self.take_unusable(&mut state);
        let mut open = state.open.iter_mut();
        let entry = open.find(|entry| is_wanted(entry) && entry.connection.calls().has_room());
        let found = entry.map(|entry| {
            entry.since = Instant::now();
            entry.connection.clone()
        });
        drop(state);
        drop(unusable);
        found
    }

    /// Whether there is a connection, which may be used by as many calls as it takes.
    pub(super) fn has(&self, key: &Key) -> bool {
        self.state().open.iter().any(|entry| entry.key == *key)
    }

    /// Who may open a connection.
    pub(super) fn turn(&self, key: &Key) -> Arc<Turn> {
        let mut state = self.state();
        state.turns.retain(|(_, turn)| turn.strong_count() > 0);
        let known = state.turns.iter().find(|(other, _)| other == key);
        if let Some(turn) = known.and_then(|(_, turn)| turn.upgrade()) {
            return turn;
        }
        let turn = Arc::default();
        state.turns.push((key.clone(), Arc::downgrade(&turn)));
        turn
    }

    /// Adds a connection that was begun at this time, and gives the one to use and whether it is this. If several calls have opened
    /// one at the same time, all use the first that takes them.
    pub(super) fn add(
        self: &Arc<Self>,
        key: &Key,
        connection: Http2,
        begun: Instant,
    ) -> (Http2, bool) {
        if let Some(first) = self.find(|entry| entry.key == *key && entry.opened >= begun) {
            return (first, false);
        }
        let now = Instant::now();
        let mut state = self.state();
        for other in &state.open {
            if other.key == *key {
                connection.calls().limit_as(other.connection.calls());
            }
        }
        state.open.push(Entry {
            key: key.clone(),
            opened: now,
            since: now,
            connection: connection.clone(),
        });
        if !state.is_searched {
            state.is_searched = search(self, self.limit, Self::close_old);
        }
        (connection, true)
    }

    /// Removes what cannot be used any more. A connection closes when nothing refers to it and its calls are over. That can
    /// wake tasks and drop bodies, which is code of others, so it must happen after the state is unlocked.
    #[must_use]
    fn take_unusable(&self, state: &mut State) -> Vec<Entry> {
        let limit = self.limit;
        let open = std::mem::take(&mut state.open).into_iter();
        let (usable, unusable) = open.partition(
            |Entry {
                 since, connection, ..
             }| {
                connection.is_open()
                    && (connection.calls().is_any_running() || since.elapsed() <= limit)
            },
        );
        state.open = usable;
        unusable
    }

    /// Removes connections that have closed, when it is called. Tokio's channels can keep a message that is sent while the
    /// receiver is dropped, until the last sender is dropped. Such a request is then given back to its call.
    pub(super) fn remover(self: &Arc<Self>) -> impl FnOnce() + Send + use<> {
        let shared = Arc::downgrade(self);
        move || {
            if let Some(shared) = shared.upgrade() {
                let unusable = shared.take_unusable(&mut shared.state());
                drop(unusable);
            }
        }
    }

    /// Closes what has been idle for too long. Returns whether anything is left.
    fn close_old(&self) -> bool {
        let mut state = self.state();
        let unusable = self.take_unusable(&mut state);
        let is_searched = !state.open.is_empty();
        state.is_searched = is_searched;
        drop(state);
        drop(unusable);
        is_searched
    }
}

/// Lets calls open connections to a host one after the other.
#[derive(Default)]
pub(super) struct Turn {
    failures: AtomicU64,
    lock: tokio::sync::Mutex<()>,
}

impl Turn {
    /// Waits for the turn, or for as long as it takes to open a connection: whose turn it is opens one only while its task is
    /// polled, which may be never.
    pub(super) async fn wait(&self, limit: Duration) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        within(&TokioTimer::default(), limit, pin!(self.lock.lock())).await
    }

    /// How many connections could not be opened.
    pub(super) fn failures(&self) -> u64 {
        self.failures.load(Ordering::Acquire)
    }

    pub(super) fn note_failure(&self) {
        self.failures.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::net::{TcpListener, TcpStream};

    use super::super::connection::Connection;
    use super::super::socket::{Announcement, Socket};
    use super::*;
    use crate::transport::on_background::OnBackground;

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_not_polled_does_not_keep_the_turn() {
        let turn = Turn::default();
        let limit = Duration::from_secs(3);
        let first = turn.wait(limit).await;
        assert!(first.is_some());
        assert!(turn.wait(limit).await.is_none());
        drop(first);
        assert!(turn.wait(limit).await.is_some());
    }

    /// A new connection to this address.
    async fn open(address: SocketAddr, shared: &Arc<Shared>) -> Http2 {
        let opening = pin!(async {
            let stream = TcpStream::connect(address).await.expect("it listens");
            let announcement = Announcement::default();
            let socket = Box::new(Socket::new(stream, announcement.clone()));
            let connection = Connection::new(socket, announcement).with_http2(true);
            let connection = Http2::new(connection, shared.remover()).await;
            connection.ok().expect("it is open")
        });
        OnBackground::new(opening).expect("a thread").await
    }

    fn key() -> Key {
        Key::of(&"http://a.example/".parse().expect("a URL"))
    }

    #[tokio::test]
    async fn a_connection_that_the_server_closes_is_removed_without_another_call() {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let shared = Shared::new(Duration::from_secs(3_600));
        let connection = open(address, &shared).await;
        shared.add(&key(), connection, Instant::now());
        assert!(shared.get(&key()).is_some());
        drop(listener.accept().await.expect("somebody connects"));
        while !shared.state().open.is_empty() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_connection_for_those_that_found_no_room_is_kept() {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        // What is used is not idle, whatever the limit.
        let shared = Shared::new(Duration::ZERO);
        let connection = open(address, &shared).await;
        let (first, _) = shared.add(&key(), connection, Instant::now());
        let mut calls = vec![first];
        while let Some(connection) = shared.get(&key()) {
            calls.push(connection);
        }
        assert_eq!(calls.len(), 100);
        assert!(shared.has(&key()));
        let begun = Instant::now();
        calls.pop();
        let (second, is_new) = shared.add(&key(), open(address, &shared).await, begun);
        assert!(is_new);
        // Another one that was begun at the same time is not needed.
        let third = shared.add(&key(), open(address, &shared).await, begun);
        assert!(!third.1);
        drop((second, third, calls));
        assert!(shared.get(&key()).is_none());
    }
}
