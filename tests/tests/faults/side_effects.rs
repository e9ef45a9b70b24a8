//! A server that acts on a request and then fails, and clients that must not make it act twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use attache_support::runtime::CallOptions;

use super::server::{Server, answer, hang_up, write};
use super::{client, config};

const TASKS: u32 = 16;

/// How often each subject was acted upon, and each read.
type Ledger = Arc<Mutex<HashMap<String, u32>>>;

/// A scrambled number that only depends on another: faults are spread without chance.
fn scramble(number: u32) -> u32 {
    let mixed = u64::from(number)
        .wrapping_add(1)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 40) as u32
}

/// Opens cases and remembers them. Two requests of five get an answer; the others are acted upon too, unless they are
/// throttled.
fn unreliable_desk(ledger: Ledger) -> Server {
    Server::start(move |received, stream| {
        let body: serde_json::Value = serde_json::from_slice(&received.body).unwrap_or_default();
        let throttled = r#"{"__type":"ThrottlingException","message":"slow down"}"#;
        let fault = scramble(received.number) % 10;
        if fault == 0 {
            return answer(stream, "400 Bad Request", "", throttled);
        }
        let subject = body["subject"].as_str().unwrap_or("read");
        *ledger
            .lock()
            .unwrap()
            .entry(subject.to_owned())
            .or_default() += 1;
        match fault {
            1 => hang_up(stream),
            2 => answer(stream, "500 Internal Server Error", "", "{}"),
            3 => answer(stream, "502 Bad Gateway", "", "<html>"),
            4 => answer(stream, "503 Service Unavailable", "", ""),
            5 => {
                write(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{") && hang_up(stream)
            }
            _ => answer(stream, "200 OK", "", r#"{"caseId":"1","services":[]}"#),
        }
    })
}

struct Count {
    intents: u32,
    /// What the server did, all in all.
    acts: u32,
    /// What it did more than once.
    duplicates: u32,
    succeeded: u32,
    /// Errors that say the call may have had its effect.
    doubtful: u32,
    /// Errors that deny an effect that was there, and successes without one.
    lies: u32,
}

async fn open_cases(calls: u32, allow_ambiguous: bool) -> Count {
    let ledger = Ledger::default();
    let server = unreliable_desk(ledger.clone());
    let client = client(config(&server.url()).retry_policy(Always));
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let client = client.clone();
            tokio::spawn(async move {
                let mut outcomes = Vec::new();
                for call in 0..calls {
                    let subject = format!("case {task}/{call}");
                    let options = CallOptions::default().retry_ambiguous(allow_ambiguous);
                    let request = client
                        .create_case()
                        .subject(subject.clone())
                        .communication_body("it broke");
                    let result = request.options(options).send().await;
                    outcomes.push((
                        subject,
                        result.map_err(|error| error.may_have_taken_effect()).err(),
                    ));
                }
                outcomes
            })
        })
        .collect();
    let mut count = Count {
        intents: TASKS * calls,
        acts: 0,
        duplicates: 0,
        succeeded: 0,
        doubtful: 0,
        lies: 0,
    };
    for task in tasks {
        for (subject, failure) in task.await.expect("no task panics") {
            let acts = ledger.lock().unwrap().get(&subject).copied().unwrap_or(0);
            count.acts += acts;
            count.duplicates += acts.saturating_sub(1);
            count.succeeded += u32::from(failure.is_none());
            count.doubtful += u32::from(failure == Some(true));
            count.lies +=
                u32::from(failure == Some(false) && acts > 0 || failure.is_none() && acts == 0);
        }
    }
    count
}

/// Retries at once and for ever, so that no quota hides what the rules do.
#[derive(Debug)]
struct Always;

impl attache_runtime::retry::RetryPolicy for Always {
    fn max_attempts(&self) -> u32 {
        100
    }

    fn retry(
        &self,
        failed: &attache_runtime::retry::FailedAttempt<'_>,
    ) -> Option<attache_runtime::retry::Retry> {
        let permanent = failed.reason == attache_runtime::retry::RetryReason::Permanent;
        (!permanent).then_some(attache_runtime::retry::Retry {
            delay: std::time::Duration::ZERO,
            cost: 0,
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_cases_are_opened_once_each() {
    let count = open_cases(625, false).await;
    assert_eq!(count.duplicates, 0);
    assert_eq!(
        count.acts, count.intents,
        "throttled requests are sent again"
    );
    assert_eq!(count.lies, 0);
    assert_eq!(count.succeeded + count.doubtful, count.intents);
    assert!(count.doubtful > count.intents / 3, "the faults did happen");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_calls_open_cases_twice_where_that_is_allowed() {
    // What the AWS SDKs do by default. It also shows that the test above can fail.
    let count = open_cases(50, true).await;
    assert_eq!(count.succeeded, count.intents);
    assert!(count.duplicates > count.intents / 3, "{}", count.duplicates);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_only_read_are_repeated_until_they_succeed() {
    let server = unreliable_desk(Ledger::default());
    let client = client(config(&server.url()).retry_policy(Always));
    for _ in 0..200 {
        client
            .describe_services()
            .send()
            .await
            .expect("one attempt of a hundred succeeds");
    }
    assert!(server.received() > 300, "{}", server.received());
}
