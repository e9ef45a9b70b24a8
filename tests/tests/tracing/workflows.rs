//! Events of waiters and pages.

use attache_runtime::waiter::Schedule;
use attache_tests::transport::Answers;
use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

use super::{assert_parts, builder, lines_at, one_line};

fn client(answers: &Answers) -> attache_support::Client {
    let config = builder(answers).max_attempts(1).build();
    attache_support::Client::new(&config.expect("nothing is missing"))
}

fn status(status: &str) -> String {
    format!(r#"{{"uploadStatus": "{status}", "fileName": "confidential"}}"#)
}

fn in_progress() -> Answers {
    Answers::with(200, &status("attachment-not-ready"))
}

async fn wait(answers: &Answers) {
    let waiter = client(answers)
        .describe_attachment_upload_status()
        .upload_id("confidential")
        .until_attachment_ready();
    drop(waiter.schedule(Schedule::default()).await);
}

/// A waiter that calls twice.
pub(super) async fn waiter() {
    wait(&in_progress().then(200, &[], &status("attachment-ready"))).await;
}

/// Two pages.
pub(super) async fn pages() {
    let answers = Answers::with(
        200,
        r#"{"cases": [{"subject": "confidential"}], "nextToken": "t"}"#,
    )
    .then(200, &[], r#"{"cases": []}"#);
    let mut pages = client(&answers).describe_cases().pages();
    while let Some(page) = pages.next().await {
        page.expect("a page");
    }
}

#[tokio::test]
async fn each_call_of_a_waiter_and_its_end_are_events() {
    let lines = lines_at(Level::DEBUG, FmtSpan::NONE, waiter()).await;
    assert_parts(
        one_line(&lines, "attache::waiter: AttachmentReady calls again"),
        &[
            "DEBUG",
            "calls again in 2000 ms after 1 call ",
            "rpc.method=Support/DescribeAttachmentUploadStatus waiter=\"AttachmentReady\" state=\"retry\" calls=1 delay_ms=2000",
        ],
    );
    assert_parts(
        one_line(&lines, "reached its state"),
        &[
            "INFO",
            "attache::waiter: AttachmentReady reached its state after 2 calls in 2000 ms",
            "state=\"success\" calls=2 duration_ms=2000",
        ],
    );
    assert!(!lines.contains("confidential"), "{lines}");
}

#[tokio::test]
async fn the_failure_of_a_waiter_has_its_kind() {
    for (answers, parts) in [
        (
            Answers::with(200, &status("failed")),
            [
                "ended with an unfinished wait after 1 call",
                "error.type=wait_failed",
            ],
        ),
        (
            Answers::with(400, r#"{"__type": "Denied", "message": "confidential"}"#),
            ["ended with Denied after 1 call", "error.type=Denied"],
        ),
    ] {
        let lines = lines_at(Level::INFO, FmtSpan::NONE, wait(&answers)).await;
        let line = one_line(&lines, "attache::waiter");
        assert_parts(line, &["INFO", "state=\"failure\""]);
        assert_parts(line, &parts);
        assert!(!lines.contains("confidential"), "{lines}");
    }
}

#[tokio::test]
async fn each_page_is_an_event_with_its_number() {
    let lines = lines_at(Level::DEBUG, FmtSpan::NONE, pages()).await;
    assert_parts(
        one_line(&lines, "attache::page: page 1 received "),
        &[
            "DEBUG",
            "rpc.method=Support/DescribeCases page=1 is_last=false",
        ],
    );
    assert_parts(
        one_line(&lines, "attache::page: page 2 received, the last one"),
        &["page=2 is_last=true"],
    );
    assert!(!lines.contains("confidential"), "{lines}");
}
