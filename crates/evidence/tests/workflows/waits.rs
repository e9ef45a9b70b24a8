//! Waiting for the scans of attachments that a caller names.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use attache_evidence::security_ir::Attachments;
use attache_evidence::{Error, ErrorKind, Settings};
use attache_runtime::transport::{Transport, TransportError};
use attache_runtime::{Body, BoxFuture, ByteStream};
use serde_json::{Value, json};

use super::desk::Desk;

/// The cases that the service returns, one after the other; the last stays.
#[derive(Clone, Debug)]
struct Cases(Arc<Mutex<VecDeque<Value>>>);

impl Transport for Cases {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let mut cases = self.0.lock().expect("no panic");
        let case = match cases.len() {
            1 => cases[0].clone(),
            _ => cases.pop_front().expect("a case"),
        };
        let response = http::Response::new(ByteStream::from(case.to_string()));
        Box::pin(async move { Ok(response) })
    }
}

/// The attachments of a case: id, name, status, and the second of its creation.
type Case<'a> = &'a [(&'a str, &'a str, &'a str, i64)];

/// Waits for names in a case that changes; returns the ids and how many cases were not read.
async fn wait(names: &[&str], cases: &[Case<'_>]) -> (Result<Vec<String>, Error>, usize) {
    let cases = cases.iter().map(|case| {
        let attachments = case.iter().map(|(id, name, status, created)| {
            json!({"attachmentId": id, "fileName": name, "attachmentStatus": status,
                   "createdDate": created, "creator": "c"})
        });
        json!({"caseAttachments": attachments.collect::<Vec<_>>()})
    });
    let cases = Cases(Arc::new(Mutex::new(cases.collect())));
    let config = Desk::default().config().transport(cases.clone()).build();
    let client = attache_security_ir::Client::new(&config.expect("all is set"));
    let settings = Settings::default().processing(Duration::from_secs(120));
    let waited = Attachments::new(&client)
        .settings(settings)
        .wait_until_verified("1234567890", names.iter().copied())
        .await;
    let left = cases.0.lock().expect("no panic").len() - 1;
    (waited, left)
}

#[tokio::test(start_paused = true)]
async fn only_the_named_uploads_are_waited_for() {
    let old = [
        ("1", "a.log", "Verified", 10),
        ("2", "old.exe", "Failed", 20),
        ("3", "slow.dump", "Pending", 30),
    ];
    let with = |new| {
        let mut case = old.to_vec();
        case.push(new);
        case
    };
    let (ids, left) = wait(
        &["b.log", "1"],
        &[
            // The case does not list it at once.
            &old,
            &with(("4", "b.log", "Pending", 40)),
            &with(("4", "b.log", "Verified", 40)),
        ],
    )
    .await;
    assert_eq!(ids.expect("both are verified"), ["4", "1"]);
    assert_eq!(left, 0);
    // The newest of two decides.
    let (ids, left) = wait(
        &["a.log"],
        &[
            &with(("4", "a.log", "Pending", 40)),
            &with(("4", "a.log", "Verified", 40)),
        ],
    )
    .await;
    assert_eq!(
        (ids.expect("it is verified"), left),
        (vec!["4".to_owned()], 0)
    );
}

#[tokio::test(start_paused = true)]
async fn without_names_all_are_waited_for_and_none_is_at_once_enough() {
    let (ids, _) = wait(&[], &[&[]]).await;
    assert_eq!(ids.expect("there is nothing"), [""; 0]);
    let (ids, left) = wait(
        &[],
        &[&[("1", "a", "Pending", 0)], &[("1", "a", "Verified", 0)]],
    )
    .await;
    assert_eq!(
        (ids.expect("it is verified"), left),
        (vec!["1".to_owned()], 0)
    );
}

#[tokio::test(start_paused = true)]
async fn a_failed_scan_is_named_by_its_id_at_once() {
    let (waited, left) = wait(
        &["a.log", "b.exe", "c.exe"],
        &[
            &[
                ("1", "a.log", "Pending", 0),
                ("2", "b.exe", "Failed", 0),
                ("3", "c.exe", "Failed", 0),
            ],
            &[],
            &[],
        ],
    )
    .await;
    let error = waited.expect_err("two scans failed");
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(
        error.to_string().contains("attachment `2`, `3` failed"),
        "{error}"
    );
    assert_eq!(left, 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_verified_in_time_is_named() {
    let (waited, _) = wait(&["a.log", "lost.log"], &[&[("1", "a.log", "Verified", 0)]]).await;
    let error = waited.expect_err("one is missing");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("`lost.log`"), "{error}");
}
