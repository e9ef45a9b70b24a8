//! Credentials that are kept: when they are replaced, by whom, and what happens when that fails.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use attache_runtime::{
    BoxFuture, CachedCredentials, Credentials, CredentialsError, ProvideCredentials,
};

use crate::stage::{Clock, after};

type Outcome = Result<Credentials, CredentialsError>;

/// Gives what the test puts in, one a question; waits until there is something.
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
async fn credentials_are_kept_until_shortly_before_they_expire() {
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
async fn short_lived_credentials_are_not_asked_for_on_every_call() {
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
async fn credentials_without_an_expiry_are_asked_for_again_after_a_quarter_of_an_hour() {
    let (source, clock, cache) = stage();
    source.put(Ok(Credentials::new("first", "SECRET")));
    source.put(Ok(Credentials::new("second", "SECRET")));
    for (second, wanted) in [(0, "first"), (899, "first"), (900, "second")] {
        clock.set(second);
        assert_eq!(id(&cache).await.unwrap(), wanted);
    }
}

#[tokio::test]
async fn an_error_is_not_kept() {
    let (source, _, cache) = stage();
    source.put(Err(CredentialsError::new("no luck")));
    source.put(until("first", 3600));
    assert_eq!(id(&cache).await.unwrap_err(), "no luck");
    assert_eq!(id(&cache).await.unwrap(), "first");
}

#[tokio::test]
async fn credentials_that_are_still_valid_stand_in_for_an_error_and_never_longer() {
    let (source, clock, cache) = stage();
    source.put(until("first", 3600));
    assert_eq!(id(&cache).await.unwrap(), "first");
    let fail = || source.put(Err(CredentialsError::new("no luck")));
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
    assert_eq!(id(&cache).await.unwrap_err(), "no luck");
}

#[tokio::test]
async fn expired_credentials_are_refused_even_from_the_provider() {
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
fn many_callers_ask_once_and_one_that_gives_up_leaves_the_others_alone() {
    let (source, _, cache) = stage();
    let clones: Vec<_> = (0..50).map(|_| cache.clone()).collect();
    let mut calls: Vec<_> = clones.iter().map(|cache| cache.credentials()).collect();
    for call in &mut calls {
        assert!(poll(call).is_pending());
    }
    assert_eq!(source.asked(), 1);
    // The one that began gives up.
    drop(calls.remove(0));
    source.put(until("first", 3600));
    for mut call in calls {
        let Poll::Ready(Ok(credentials)) = poll(&mut call) else {
            panic!("it has to be there")
        };
        assert_eq!(credentials.access_key_id(), "first");
    }
    assert_eq!((source.asked(), source.given_up()), (1, 0));
}

#[test]
fn work_that_nobody_waits_for_is_dropped_and_begins_anew() {
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
fn an_error_reaches_all_who_waited_for_it() {
    let (source, _, cache) = stage();
    let mut calls: Vec<_> = (0..3).map(|_| cache.credentials()).collect();
    for call in &mut calls {
        assert!(poll(call).is_pending());
    }
    source.put(Err(CredentialsError::new("no luck")));
    for mut call in calls {
        assert!(matches!(poll(&mut call), Poll::Ready(Err(_))));
    }
    assert_eq!(source.asked(), 1);
}

#[test]
fn others_go_on_with_the_old_ones_while_one_fetches_the_new_ones() {
    let (source, clock, cache) = stage();
    source.put(until("first", 3600));
    assert!(poll(&mut cache.credentials()).is_ready());
    clock.set(3600 - 15 * 60);
    let mut fetching = cache.credentials();
    assert!(poll(&mut fetching).is_pending());
    assert!(matches!(poll(&mut cache.credentials()), Poll::Ready(Ok(_))));
    // Ten minutes before the end all wait.
    clock.set(3600 - 10 * 60);
    let mut waiting = cache.credentials();
    assert!(poll(&mut waiting).is_pending());
    source.put(until("second", 7200));
    for call in [&mut waiting, &mut fetching] {
        let Poll::Ready(Ok(credentials)) = poll(call) else {
            panic!("it has to be there")
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
                        // It gives up after one look.
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
