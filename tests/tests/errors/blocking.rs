//! Blocking functions inside of an async runtime return an error that says what to do, and send nothing.

use attache_runtime::ErrorKind;
use attache_support::{Client, Error};
use attache_tests::transport::Answers;

const ADVICE: &str = "the request cannot be sent: a blocking function such as `wait` was called inside of an async \
     runtime, whose thread it would block: use `.await` instead, or call it in `tokio::task::spawn_blocking`";

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(result: Result<T, Error>, operation: &str) {
    let error = result.expect_err("it would block the runtime");
    assert_eq!(error.kind(), ErrorKind::Request);
    assert_eq!((error.operation(), error.attempts()), (operation, 0));
    assert!(!error.may_have_taken_effect());
    let text = format!("{error:#}");
    assert!(text.ends_with(ADVICE), "{text}");
}

#[tokio::test]
async fn waiting_inside_of_a_runtime_is_an_error_and_sends_nothing() {
    let answers = Answers::default();
    let client = Client::new(&answers.config());
    assert_refused(client.describe_services().send().wait(), "DescribeServices");
    let mut items = client.describe_cases().items().wait();
    assert_refused(items.next().expect("an error"), "DescribeCases");
    assert!(items.next().is_none(), "a loop over the items ends");
    let mut pages = client.describe_cases().pages().wait();
    assert_refused(pages.next().expect("an error"), "DescribeCases");
    assert!(pages.next().is_none(), "a loop over the pages ends");
    let waiter = client.describe_attachment_upload_status().upload_id("u");
    assert_refused(
        waiter.until_attachment_ready().wait(),
        "DescribeAttachmentUploadStatus",
    );
    assert_refused(Client::from_env_blocking(), "");
    assert!(answers.sent().is_empty());
}

#[tokio::test]
async fn waiting_in_spawn_blocking_is_permitted() {
    let client = Client::new(&Answers::default().config());
    let call = client.describe_services().send();
    let waited = tokio::task::spawn_blocking(move || call.wait()).await;
    let services = waited.expect("it does not panic");
    assert!(services.is_ok(), "{services:?}");
}
