//! Calls that are given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::server::{Server, answer};
use super::{client, config};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_are_dropped_leave_no_connection_and_a_usable_pool() {
    let silent = Arc::new(AtomicBool::new(true));
    let flag = silent.clone();
    let server = Server::start(move |_, stream| {
        if flag.load(Ordering::SeqCst) {
            let _ = stream.peek(&mut [0]);
            return false;
        }
        answer(stream, "200 OK", "connection: close\r\n", "{}")
    });
    let client = client(config(&server.url()).attempt_timeout(Duration::MAX));
    for _ in 0..50 {
        let call = client
            .create_case()
            .subject("x")
            .communication_body("y")
            .send();
        assert!(
            tokio::time::timeout(Duration::from_millis(2), call)
                .await
                .is_err()
        );
    }
    silent.store(false, Ordering::SeqCst);
    assert!(client.describe_services().send().await.is_ok());
    // Connections end when their calls do; the server needs a moment to notice.
    let start = Instant::now();
    while server.open() > 0 && start.elapsed() < Duration::from_secs(5) {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.open(), 0);
}
