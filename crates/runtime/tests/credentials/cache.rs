//! The cache of credentials: when it requests new ones, which caller does it, and what happens when that fails.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use attache_runtime::{
    BoxFuture, CachedCredentials, Credentials, CredentialsError, ProvideCredentials,
};

use crate::stage::{Clock, after};

type Outcome = Result<Credentials, CredentialsError>;

/// A provider that returns the results that the test adds, one for each call, and waits while there is none.
#[derive(Clone, Debug, Default)]
struct Source(Arc<Mutex<Questions>>);

#[derive(Debug, Default)]
struct Questions {
    asked: usize,
    given_up: usize,
    answers: Vec<Outcome>,
    waker: Option<Waker>,
}

impl Source {
    fn put(&self, answer: Outcome) {
        let mut questions = self.0.lock().unwrap();
        questions.answers.push(answer);
        if let Some(waker) = questions.waker.take() {
            waker.wake();
        }
    }

    fn asked(&self) -> usize {
        self.0.lock().unwrap().asked
    }

    fn given_up(&self) -> usize {
        self.0.lock().unwrap().given_up
    }
}

struct Question(Source, bool);

impl Future for Question {
    type Output = Outcome;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        let source = self.0.clone();
        let mut questions = source.0.lock().unwrap();
        if questions.answers.is_empty() {
            questions.waker = Some(context.waker().clone());
            return Poll::Pending;
        }
        self.1 = true;
        Poll::Ready(questions.answers.remove(0))
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        if !self.1 {
            self.0.0.lock().unwrap().given_up += 1;
        }
    }
}

impl ProvideCredentials for Source {
    fn credentials(&self) -> BoxFuture<'_, Outcome> {
        self.0.lock().unwrap().asked += 1;
        Box::pin(Question(self.clone(), false))
    }
}

fn stage() -> (Source, Clock, CachedCredentials) {
    let (source, clock) = (Source::default(), Clock::default());
    let cache = CachedCredentials::new(source.clone(), clock.clone());
    (source, clock, cache)
}

fn until(id: &str, seconds: i64) -> Outcome {
    Ok(Credentials::new(id, "SECRET").expires_at(after(seconds)))
}

async fn id(cache: &CachedCredentials) -> Result<String, String> {
    let credentials = cache.credentials().await;
    credentials
        .map(|credentials| credentials.access_key_id().to_owned())
        .map_err(|error| format!("{error:#}"))
}

/// Polls once.
fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn credentials_are_cached_until_shortly_before_they_expire() {
    let (source, clock, cache) = stage();
    source.put(until("first", 3600));
    source.put(until("second", 7200));
    for second in [0, 1, 3600 - 15 * 60 - 1] {
        clock.set(second);
        assert_eq!(id(&cache).await.unwrap(), "first");
    }
    assert_eq!(source.asked(), 1);
    clock.set(3600 - 15 * 60);
    assert_eq!(id(&cache).await.unwrap(), "second");
    assert_eq!(source.asked(), 2);
}

#[tokio::test]
async fn short_lived_credentials_are_not_requested_for_every_call() {
    let (source, clock, cache) = stage();
    source.put(until("first", 600));
    source.put(until("second", 1200));
    for second in [0, 299] {
        clock.set(second);
        assert_eq!(id(&cache).await.unwrap(), "first");
    }
    clock.set(300);
    assert_eq!(id(&cache).await.unwrap(), "second");
}

#[tokio::test]
async fn credentials_without_an_expiry_are_requested_again_after_15_minutes() {
    let (source, clock, cache) = stage();
    source.put(Ok(Credentials::new("first", "SECRET")));
    source.put(Ok(Credentials::new("second", "SECRET")));
    for (second, wanted) in [(0, "first"), (899, "first"), (900, "second")] {
        clock.set(second);
        assert_eq!(id(&cache).await.unwrap(), wanted);
    }
}

#[tokio::test]
async fn an_error_is_not_cached() {
    let (source, _, cache) = stage();
    source.put(Err(CredentialsError::new("no connection")));
    source.put(until("first", 3600));
    assert_eq!(id(&cache).await.unwrap_err(), "no connection");
    assert_eq!(id(&cache).await.unwrap(), "first");
}

#[tokio::test]
async fn after_an_error_the_old_credentials_are_used_until_they_expire() {
    let (source, clock, cache) = stage();
    source.put(until("first", 3600));
    assert_eq!(id(&cache).await.unwrap(), "first");
    let fail = || source.put(Err(CredentialsError::new("no connection")));
    fail();
    clock.set(3500);
    assert_eq!(id(&cache).await.unwrap(), "first");
    clock.set(3559);
    assert_eq!(id(&cache).await.unwrap(), "first");
    assert_eq!(
        source.asked(),
        2,
        "the provider is not called again for a minute"
    );
    fail();
    clock.set(3560);
    assert_eq!(id(&cache).await.unwrap(), "first");
    assert_eq!(source.asked(), 3);
    fail();
    clock.set(3600);
    assert_eq!(id(&cache).await.unwrap_err(), "no connection");
}

/// As in botocore 1.44.5, `RefreshableCredentials`: otherwise, a call could go on without a signature while the source is
/// down.
#[tokio::test]
async fn a_source_that_gave_credentials_and_has_none_any_more_has_failed() {
    let (source, clock, cache) = stage();
    let missing = || source.put(Err(CredentialsError::missing("no connection")));
    missing();
    assert!(cache.credentials().await.unwrap_err().is_missing());
    source.put(until("first", 3600));
    assert_eq!(id(&cache).await.unwrap(), "first");
    missing();
    clock.set(3600);
    let error = cache.credentials().await.unwrap_err();
    assert_eq!(error.to_string(), "no connection");
    assert!(!error.is_missing());
}

#[tokio::test]
async fn expired_credentials_of_a_provider_are_refused() {
    let (source, _, cache) = stage();
    source.put(until("old", 0));
    assert_eq!(
        id(&cache).await.unwrap_err(),
        "the credentials that were found expired at 2026-11-22T12:00:00Z; it is 2026-11-22T12:00:00Z by this \
         machine's clock"
    );
    source.put(until("new", 1));
    assert_eq!(id(&cache).await.unwrap(), "new");
}

#[test]
fn concurrent_callers_share_one_request_that_survives_a_dropped_caller() {
    let (source, _, cache) = stage();
    let clones: Vec<_> = (0..50).map(|_| cache.clone()).collect();
    let mut calls: Vec<_> = clones.iter().map(|cache| cache.credentials()).collect();
    for call in &mut calls {
        assert!(poll(call).is_pending());
    }
    assert_eq!(source.asked(), 1);
    // The caller that began the request is dropped.
    drop(calls.remove(0));
    source.put(until("first", 3600));
    for mut call in calls {
        let Poll::Ready(Ok(credentials)) = poll(&mut call) else {
            panic!("it should be ready")
        };
        assert_eq!(credentials.access_key_id(), "first");
    }
    assert_eq!((source.asked(), source.given_up()), (1, 0));
}

#[test]
fn a_request_for_which_no_caller_waits_is_dropped_and_begins_again() {
    let (source, _, cache) = stage();
    let mut call = cache.credentials();
    assert!(poll(&mut call).is_pending());
    drop(call);
    assert_eq!(source.given_up(), 1);
    source.put(until("first", 3600));
    let mut call = cache.credentials();
    assert!(matches!(poll(&mut call), Poll::Ready(Ok(_))));
    assert_eq!(source.asked(), 2);
}

#[test]
fn a_request_that_takes_too_long_is_left_alone_for_a_minute_as_an_error_is() {
    let (source, clock, cache) = stage();
    source.put(until("first", 3600));
    assert!(poll(&mut cache.credentials()).is_ready());
    // In the last ten minutes, all callers wait.
    for (begun, asked) in [(3600 - 9 * 60, 2), (3600 - 8 * 60, 3)] {
        clock.set(begun);
        let mut call = cache.credentials();
        assert!(poll(&mut call).is_pending());
        drop(call);
        assert_eq!(source.asked(), asked);
        clock.set(begun + 59);
        let Poll::Ready(Ok(credentials)) = poll(&mut cache.credentials()) else {
            panic!("it should be ready")
        };
        assert_eq!(credentials.access_key_id(), "first");
    }
    clock.set(3600);
    assert!(poll(&mut cache.credentials()).is_pending());
    assert_eq!(source.given_up(), 3);
}

#[test]
fn an_error_is_returned_to_all_waiting_callers() {
    let (source, _, cache) = stage();
    let mut calls: Vec<_> = (0..3).map(|_| cache.credentials()).collect();
    for call in &mut calls {
        assert!(poll(call).is_pending());
    }
    source.put(Err(CredentialsError::new("no connection")));
    for mut call in calls {
        assert!(matches!(poll(&mut call), Poll::Ready(Err(_))));
    }
    assert_eq!(source.asked(), 1);
}

#[test]
fn while_one_caller_requests_new_credentials_the_others_use_the_old_ones() {
    let (source, clock, cache) = stage();
    source.put(until("first", 3600));
    assert!(poll(&mut cache.credentials()).is_ready());
    clock.set(3600 - 15 * 60);
    let mut fetching = cache.credentials();
    assert!(poll(&mut fetching).is_pending());
    assert!(matches!(poll(&mut cache.credentials()), Poll::Ready(Ok(_))));
    // From ten minutes before the expiry, all callers wait.
    clock.set(3600 - 10 * 60);
    let mut waiting = cache.credentials();
    assert!(poll(&mut waiting).is_pending());
    source.put(until("second", 7200));
    for call in [&mut waiting, &mut fetching] {
        let Poll::Ready(Ok(credentials)) = poll(call) else {
            panic!("it should be ready")
        };
        assert_eq!(credentials.access_key_id(), "second");
    }
    assert_eq!(source.asked(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn callers_on_many_threads_are_all_woken() {
    for _ in 0..50 {
        let (source, _, cache) = stage();
        let tasks: Vec<_> = (0..16)
            .map(|number| {
                let cache = cache.clone();
                tokio::spawn(async move {
                    if number % 4 == 0 {
                        // This caller is dropped after one poll.
                        let _ = poll(&mut cache.credentials());
                        return "first".to_owned();
                    }
                    id(&cache).await.unwrap()
                })
            })
            .collect();
        tokio::task::yield_now().await;
        source.put(until("first", 3600));
        source.put(until("first", 3600));
        source.put(until("first", 3600));
        for task in tasks {
            assert_eq!(task.await.unwrap(), "first");
        }
    }
}
