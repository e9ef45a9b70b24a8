//! Events of transfers. They contain neither URLs nor names of files.

use attache_evidence::{Settings, Source, support};
use attache_tests::transport::Answers;
use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

use super::{assert_parts, builder, lines_at, one_line};

const EXPIRES: &str = "2100-01-01T00:00:00Z";

fn attachments(answers: &Answers) -> support::Attachments {
    let config = builder(answers).max_attempts(1).trace_wire(10_000).build();
    let client = attache_support::Client::new(&config.expect("nothing is missing"));
    let settings = Settings::default().attempts(2).parallel_parts(1);
    support::Attachments::new(&client).settings(settings)
}

fn url(name: &str) -> String {
    format!("https://storage.example.com/confidential/{name}?X-Amz-Signature=confidential")
}

/// The service that gives the links of two parts of three bytes.
fn links() -> Answers {
    let link = |part: u32| {
        format!(
            r#"{{"partIndex": {part}, "expiryDate": "{EXPIRES}", "url": "{}"}}"#,
            url(&part.to_string())
        )
    };
    let links = format!(
        r#"{{"uploadId": "u", "partSizeBytes": 3, "totalParts": 2, "uploadUrls": [{}, {}]}}"#,
        link(1),
        link(2)
    );
    Answers::with(200, &links)
}

const ETAG: [(&str, &str); 1] = [("etag", "\"1\"")];
const SLOW: &str = "<Error><Code>SlowDown</Code><Resource>confidential</Resource></Error>";

async fn upload(answers: &Answers) {
    let source = Source::bytes("confidential.log", "abcdef");
    let upload = attachments(answers).begin(source).await;
    drop(upload.expect("it begins").run().await);
}

/// An upload in two parts, of which the second is sent twice.
async fn upload_twice() {
    let ready = r#"{"uploadStatus": "attachment-ready", "fileName": "confidential.log"}"#;
    let answers = links()
        .then(200, &ETAG, "")
        .then(200, &[], "{}")
        .then(503, &[], SLOW)
        .then(200, &ETAG, "")
        .then(200, &[], "{}")
        .then(200, &[], ready);
    upload(&answers).await;
}

/// An upload whose first part is refused.
pub(super) async fn failed_upload() {
    upload(&links().then(404, &[], SLOW)).await;
}

/// A download that succeeds at the second attempt.
pub(super) async fn download_twice() {
    let link = format!(
        r#"{{"fileName": "confidential.log", "downloadUrl": {{"expiryDate": "{EXPIRES}", "url": "{}"}}}}"#,
        url("d")
    );
    let answers = Answers::with(200, &link).then(503, &[], "").then(
        200,
        &[("content-length", "6")],
        "abcdef",
    );
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("confidential.log");
    let downloaded = attachments(&answers).download("attachment", &target).await;
    downloaded.expect("the second attempt succeeds");
}

#[tokio::test]
async fn an_upload_shows_its_beginning_a_repeated_part_and_its_end() {
    let lines = lines_at(Level::TRACE, FmtSpan::NONE, upload_twice()).await;
    assert_parts(
        one_line(&lines, "attache::transfer: upload begins"),
        &[
            "DEBUG",
            "direction=\"upload\" file_index=0 files=1 total_bytes=6",
        ],
    );
    assert_parts(
        one_line(&lines, "attache::transfer: retrying"),
        &[
            "INFO",
            "retrying the upload of 3 bytes at 3 in 162 ms after SlowDown, attempt 2 of 2 direction=\"upload\"",
            "offset=3 bytes=3 attempt=2 max_attempts=2 delay_ms=162 error.type=SlowDown",
        ],
    );
    assert_parts(
        one_line(&lines, "is complete"),
        &[
            "INFO",
            "attache::transfer: upload of 6 bytes is complete after 162 ms",
            "bytes=6 parts=2 duration_ms=162",
        ],
    );
    assert!(!lines.contains("confidential"), "{lines}");
}

#[tokio::test]
async fn a_failed_upload_is_a_warning_with_what_was_moved() {
    let lines = lines_at(Level::TRACE, FmtSpan::NONE, failed_upload()).await;
    assert_parts(
        one_line(&lines, "attache::transfer: upload failed"),
        &[
            "WARN",
            "upload failed (transfer) after 0 of 6 bytes",
            "parts=0 total_parts=2",
            "error.type=transfer",
        ],
    );
    assert!(!lines.contains("confidential"), "{lines}");
}

#[tokio::test]
async fn a_repeated_download_has_the_status_of_the_storage() {
    let lines = lines_at(Level::TRACE, FmtSpan::NONE, download_twice()).await;
    assert_parts(
        one_line(&lines, "attache::transfer: retrying"),
        &[
            "after 503, attempt 2 of 2 direction=\"download\"",
            "error.type=503",
        ],
    );
    assert_parts(
        one_line(&lines, "is complete"),
        &["download of 6 bytes is complete", "parts=1"],
    );
    assert!(!lines.contains("confidential"), "{lines}");
}
