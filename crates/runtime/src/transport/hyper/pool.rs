//! Connections that wait for the next call.
//!
//! A connection of HTTP/1.1 belongs to one call at a time: it is taken out, and put back when the response has been read. A
//! connection that the server closes leaves the pool at once, and any other after the idle limit.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::Wake;
use std::time::{Duration, Instant};

use http::Uri;
use http::uri::Authority;

use crate::background;
use crate::plumbing::uri::scheme;

/// The shortest time between two searches for connections that have been idle for too long. They are not used any more
/// after the idle limit; the search only closes them.
const SEARCH: Duration = Duration::from_secs(1);

/// What a connection leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    is_encrypted: bool,
    authority: Option<Authority>,
}

impl Key {
    #[inline(never)]
    pub(super) fn of(url: &Uri) -> Self {
        Self {
            is_encrypted: scheme(url) == Some("https"),
            authority: url.authority().cloned(),
        }
    }
}

/// A connection for one call at a time.
pub(super) trait Reusable: Send + Sized + 'static {
    fn key(&self) -> &Key;

    fn watch(&self) -> &Watch<Self>;

    /// Begins to watch, reads what has arrived, and lets the watch be woken by what arrives later. Returns whether the
    /// connection can be used.
    fn is_open(&mut self) -> bool;

    /// Tells the server that nothing more is sent, and closes.
    fn close(self: Box<Self>);
}

/// The connections with the same idle limit.
pub(super) struct Pool<C: Reusable> {
    limit: Duration,
    next: AtomicU64,
    state: Mutex<State<C>>,
}

struct State<C> {
    /// In the order in which they were kept.
    kept: Vec<Kept<C>>,
    /// Whether a task closes what has been idle for too long.
    is_searched: bool,
}

struct Kept<C> {
    since: Instant,
    connection: Box<C>,
}

impl<C: Reusable> Pool<C> {
    pub(super) fn new(limit: Duration) -> Arc<Self> {
        Arc::new(Self {
            limit,
            next: AtomicU64::new(0),
            state: Mutex::new(State {
                kept: Vec::new(),
                is_searched: false,
            }),
        })
    }

    fn state(&self) -> MutexGuard<'_, State<C>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection that was used last, which is the least likely to be closed.
    pub(super) fn take(&self, key: &Key) -> Option<Box<C>> {
        loop {
            let kept = {
                let mut state = self.state();
                let mut place = state.kept.len();
                loop {
                    place = place.checked_sub(1)?;
                    if state.kept[place].connection.key() == key {
                        break;
                    }
                }
                state.kept.remove(place)
            };
            kept.connection.watch().end();
            if kept.since.elapsed() <= self.limit {
                return Some(kept.connection);
            }
            kept.connection.close();
        }
    }

    /// Keeps a connection for the next call. It was open a moment ago.
    pub(super) fn keep(self: &Arc<Self>, connection: Box<C>) {
        self.add(Kept {
            since: Instant::now(),
            connection,
        });
    }

    fn add(self: &Arc<Self>, kept: Kept<C>) {
        let number = kept.connection.watch().number;
        let mut state = self.state();
        // What has happened since the connection was seen to be open, when it was not found here.
        let is_quiet = kept.connection.watch().is_idle();
        state.kept.push(kept);
        if !state.is_searched {
            state.is_searched = search(self, self.limit, Self::close_old);
        }
        drop(state);
        if !is_quiet {
            self.check_elsewhere(number);
        }
    }

    /// What is told of events on a connection of this pool while it is kept.
    pub(super) fn watch(self: &Arc<Self>) -> Arc<Watch<C>> {
        Arc::new(Watch {
            pool: Arc::downgrade(self),
            number: self.next.fetch_add(1, Ordering::Relaxed),
            is_idle: AtomicBool::new(false),
        })
    }

    /// Lets the background runtime check a connection.
    fn check_elsewhere(self: &Arc<Self>, number: u64) {
        let pool = Arc::clone(self);
        background::spawn(Box::pin(async move { pool.check(number) }));
    }

    /// Closes the connection with this number if the server has closed it.
    fn check(self: &Arc<Self>, number: u64) {
        let mut kept = {
            let mut state = self.state();
            let mut place = 0;
            loop {
                match state.kept.get(place) {
                    None => return,
                    Some(kept) if kept.connection.watch().number == number => break,
                    Some(_) => place += 1,
                }
            }
            state.kept.remove(place)
        };
        if kept.connection.is_open() {
            self.add(kept);
        }
    }

    /// Closes what has been idle for too long. Returns whether anything is left.
    fn close_old(&self) -> bool {
        let (old, is_searched) = {
            let mut state = self.state();
            let kept = std::mem::take(&mut state.kept).into_iter();
            let (old, kept): (Vec<_>, _) = kept.partition(|kept| kept.since.elapsed() > self.limit);
            state.kept = kept;
            state.is_searched = !state.kept.is_empty();
            (old, state.is_searched)
        };
        for kept in old {
            kept.connection.close();
        }
        is_searched
    }
}

impl<C: Reusable> Drop for Pool<C> {
    #[inline(never)]
    fn drop(&mut self) {
        let state = self.state.get_mut();
        for kept in state.unwrap_or_else(PoisonError::into_inner).kept.drain(..) {
            kept.connection.close();
        }
    }
}

/// Starts a task that calls `close_old` now and then until it returns false. Returns whether there is such a task.
pub(super) fn search<T: Send + Sync + 'static>(
    connections: &Arc<T>,
    limit: Duration,
    close_old: fn(&T) -> bool,
) -> bool {
    let connections = Arc::downgrade(connections);
    let pause = (limit / 2).max(SEARCH);
    background::spawn(Box::pin(async move {
        loop {
            tokio::time::sleep(pause).await;
            if !connections
                .upgrade()
                .is_some_and(|connections| close_old(&connections))
            {
                return;
            }
        }
    }))
}

/// Is woken by events on a connection that is kept. Other events are those of a call, which drives the connection itself.
pub(super) struct Watch<C: Reusable> {
    pool: Weak<Pool<C>>,
    number: u64,
    is_idle: AtomicBool,
}

impl<C: Reusable> Watch<C> {
    /// Begins to tell the pool of events.
    pub(super) fn begin(&self) {
        self.is_idle.store(true, Ordering::Release);
    }

    fn end(&self) {
        self.is_idle.store(false, Ordering::Release);
    }

    /// Whether there was no event since it began.
    fn is_idle(&self) -> bool {
        self.is_idle.load(Ordering::Acquire)
    }
}

impl<C: Reusable> Wake for Watch<C> {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    #[inline(never)]
    fn wake_by_ref(self: &Arc<Self>) {
        if !self.is_idle.swap(false, Ordering::AcqRel) {
            return;
        }
        if let Some(pool) = self.pool.upgrade() {
            pool.check_elsewhere(self.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    struct Connection {
        key: Key,
        number: u32,
        open: Arc<AtomicBool>,
        watch: Arc<Watch<Self>>,
    }

    impl Reusable for Connection {
        fn key(&self) -> &Key {
            &self.key
        }

        fn watch(&self) -> &Watch<Self> {
            &self.watch
        }

        fn is_open(&mut self) -> bool {
            self.watch.begin();
            self.open.load(Ordering::SeqCst)
        }

        fn close(self: Box<Self>) {}
    }

    fn key(url: &str) -> Key {
        Key::of(&url.parse().expect("a URL"))
    }

    /// Keeps a connection. Returns what closes it, and the waker of its events.
    fn keep(pool: &Arc<Pool<Connection>>, url: &str, number: u32) -> (Arc<AtomicBool>, Waker) {
        let open = Arc::new(AtomicBool::new(true));
        let watch = pool.watch();
        let waker = Waker::from(Arc::clone(&watch));
        watch.begin();
        pool.keep(Box::new(Connection {
            key: key(url),
            number,
            open: Arc::clone(&open),
            watch,
        }));
        (open, waker)
    }

    fn take(pool: &Pool<Connection>, url: &str) -> Option<u32> {
        pool.take(&key(url)).map(|connection| connection.number)
    }

    const LONG: Duration = Duration::from_secs(3_600);

    #[test]
    fn the_connection_that_was_used_last_is_taken_and_only_by_its_host_port_and_scheme() {
        let pool = Pool::new(LONG);
        keep(&pool, "https://a.example/x", 1);
        keep(&pool, "https://a.example/y", 2);
        keep(&pool, "https://a.example:444/", 3);
        keep(&pool, "http://a.example/", 4);
        assert_eq!(take(&pool, "https://b.example/"), None);
        assert_eq!(take(&pool, "https://A.example/"), Some(2));
        assert_eq!(take(&pool, "https://a.example/"), Some(1));
        assert_eq!(take(&pool, "https://a.example/"), None);
        assert_eq!(take(&pool, "http://a.example/"), Some(4));
    }

    #[test]
    fn nothing_is_used_after_the_idle_limit() {
        let pool = Pool::new(Duration::ZERO);
        keep(&pool, "https://a.example/", 1);
        while pool.state().kept[0].since.elapsed().is_zero() {}
        assert_eq!(take(&pool, "https://a.example/"), None);
        keep(&pool, "https://a.example/", 1);
        while pool.state().kept[0].since.elapsed().is_zero() {}
        assert!(!pool.close_old());
        assert!(pool.state().kept.is_empty());
    }

    #[test]
    fn an_event_between_the_last_look_at_a_connection_and_its_place_in_the_pool_is_not_lost() {
        let pool = Pool::new(LONG);
        let watch = pool.watch();
        let connection = Box::new(Connection {
            key: key("https://a.example/"),
            number: 1,
            open: Arc::default(),
            watch: Arc::clone(&watch),
        });
        watch.begin();
        Waker::from(Arc::clone(&watch)).wake();
        // The event has been handled when a later task of the background thread runs.
        let (sender, receiver) = std::sync::mpsc::channel();
        let handle = background::handle().expect("a thread");
        handle.spawn(async move { sender.send(()).expect("the test waits") });
        receiver.recv().expect("it runs");
        pool.keep(connection);
        while !pool.state().kept.is_empty() {
            std::thread::yield_now();
        }
    }

    #[test]
    fn an_event_on_a_kept_connection_closes_it_if_the_server_has() {
        let pool = Pool::new(LONG);
        let (_, first) = keep(&pool, "https://a.example/", 1);
        let (open, second) = keep(&pool, "https://a.example/", 2);
        open.store(false, Ordering::SeqCst);
        // Wakes a task of the background thread.
        first.wake_by_ref();
        second.wake_by_ref();
        while pool.state().kept.len() != 1 || !pool.state().kept[0].connection.watch.is_idle() {
            std::thread::yield_now();
        }
        assert_eq!(take(&pool, "https://a.example/"), Some(1));
        // Events of a connection in use, and of one whose pool is gone, are not those of the pool.
        first.wake();
        drop(pool);
        second.wake();
    }
}
