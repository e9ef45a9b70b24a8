//! Waiters of the generated clients. Time is Tokio's paused clock, so that nothing waits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use attache_runtime::waiter::{Observation, Schedule, State};
use attache_runtime::{ErrorKind, RandomSource};
use attache_support::operation::DescribeCasesRequest;
use attache_tests::transport::Answers;
use serde_json::{Value, json};

use crate::pages::{pages, support};

/// Always the same fraction.
#[derive(Debug)]
struct Fixed(f64);

impl RandomSource for Fixed {
    fn next(&self) -> u64 {
        (self.0 * 2_f64.powi(53)) as u64 * (1 << 11)
    }
}

fn uploads(answers: &Answers) -> attache_support::Client {
    let config = answers
        .builder()
        .max_attempts(1)
        .random_source(Fixed(0.5))
        .build();
    attache_support::Client::new(&config.expect("nothing is missing"))
}

fn status(status: &str) -> String {
    json!({"fileName": "log.txt", "uploadStatus": status}).to_string()
}

#[tokio::test(start_paused = true)]
async fn a_waiter_asks_until_the_state_has_come_and_tells_each_answer() {
    let answers = Answers::with(200, &status("attachment-not-ready"))
        .then(200, &[], &status("attachment-not-ready"))
        .then(200, &[], &status("attachment-not-ready"))
        .then(200, &[], &status("attachment-ready"));
    let seen: Arc<Mutex<Vec<(u32, u128, State)>>> = Arc::default();
    let keep = Arc::clone(&seen);
    let waited = uploads(&answers)
        .describe_attachment_upload_status()
        .upload_id("upload")
        .until_attachment_ready()
        .on_progress(move |observation: Observation<'_, _, _>| {
            assert!(observation.answer.is_ok());
            let millis = observation.elapsed.as_millis();
            keep.lock()
                .expect("no panic")
                .push((observation.calls, millis, observation.state));
        })
        .await
        .expect("it is ready");
    assert_eq!(waited.calls, 4);
    let response = waited.response.expect("a response");
    assert_eq!(response.upload_status.as_str(), "attachment-ready");
    // Pauses of 2, between 2 and 4, between 2 and 8 seconds.
    assert_eq!(
        *seen.lock().expect("no panic"),
        [
            (1, 0, State::Retry),
            (2, 2000, State::Retry),
            (3, 5000, State::Retry),
            (4, 10_000, State::Success)
        ]
    );
    assert!(answers.sent()[0].header("user-agent").contains(" m/B,e,E"));
}

#[tokio::test(start_paused = true)]
async fn a_waiter_stops_at_a_failure_and_says_so() {
    let answers = Answers::with(200, &status("failed"));
    let error = uploads(&answers)
        .describe_attachment_upload_status()
        .upload_id("upload")
        .until_attachment_ready()
        .await
        .expect_err("it failed");
    assert_eq!(error.kind(), ErrorKind::WaitFailed);
    assert_eq!(
        format!("{error:#}"),
        "DescribeAttachmentUploadStatus: the state that was waited for can no longer be reached: `AttachmentReady` called the operation 1 time, and the last response is a state from which the expected one cannot be reached"
    );
}

#[tokio::test(start_paused = true)]
async fn a_waiter_ends_at_its_deadline_after_a_last_call() {
    let answers = (0..100).fold(Answers::default(), |answers, _| {
        answers.then(200, &[], &status("attachment-not-ready"))
    });
    let began = tokio::time::Instant::now();
    let error = uploads(&answers)
        .describe_attachment_upload_status()
        .upload_id("upload")
        .until_attachment_ready()
        .deadline(Duration::from_secs(10))
        .await
        .expect_err("it never is");
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    assert!(error.is_timeout());
    // 2, then 3, then 3 instead of 5, so that 2 are left.
    assert_eq!(began.elapsed(), Duration::from_secs(8));
    assert_eq!(answers.sent().len(), 4);
    assert!(
        format!("{error:#}").ends_with(
            "`AttachmentReady` called the operation 4 times in 10s, which is its deadline"
        )
    );
}

#[tokio::test(start_paused = true)]
async fn a_waiter_passes_on_the_errors_it_has_no_use_for() {
    let answers = Answers::with(
        400,
        r#"{"__type": "UploadIdNotFound", "message": "which?"}"#,
    );
    let error = uploads(&answers)
        .describe_attachment_upload_status()
        .upload_id("upload")
        .until_attachment_ready()
        .await
        .expect_err("there is none");
    assert!(matches!(
        error.service(),
        Some(attache_support::ServiceError::UploadIdNotFound(_))
    ));
}

#[tokio::test(start_paused = true)]
async fn the_scan_of_attachments_is_waited_for() {
    let attachments = |states: &[&str]| {
        let list: Vec<Value> = states
            .iter()
            .map(|state| {
                json!({"attachmentId": "a", "attachmentStatus": state, "createdDate": 0, "creator": "c",
                       "fileName": "f"})
            })
            .collect();
        json!({"caseAttachments": list}).to_string()
    };
    let run = async |states: &[&[&str]]| {
        let answers = states.iter().fold(Answers::default(), |answers, states| {
            answers.then(200, &[], &attachments(states))
        });
        let client = attache_security_ir::Client::new(&answers.config());
        client
            .get_case()
            .case_id("1234567890")
            .until_attachments_verified()
            .await
            .map(|waited| waited.calls)
            .map_err(|error| error.kind())
    };
    assert_eq!(run(&[&["Verified", "Verified"]]).await, Ok(1));
    // A case without attachments has none to wait for.
    assert_eq!(run(&[&[], &["Pending"]]).await, Ok(1));
    assert_eq!(
        run(&[
            &["Pending"],
            &["Verified", "Pending"],
            &["Verified", "Verified"]
        ])
        .await,
        Ok(3)
    );
    assert_eq!(
        run(&[&["Pending"], &["Verified", "Failed"]]).await,
        Err(ErrorKind::WaitFailed)
    );
}

#[tokio::test(start_paused = true)]
async fn anything_can_be_waited_for_with_a_function() {
    let answers = pages(&[(&[], None), (&["a"], None)]);
    let waited = support(&answers)
        .waiter(DescribeCasesRequest::default(), |answer| {
            let cases = answer.ok()?.cases.as_ref()?;
            (!cases.is_empty()).then_some(State::Success)
        })
        .schedule(Schedule {
            least_delay: Duration::from_millis(10),
            ..Schedule::default()
        })
        .await
        .expect("a case");
    assert_eq!(waited.calls, 2);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_does_not_outlive_the_deadline() {
    #[derive(Debug)]
    struct Silence;
    impl attache_runtime::transport::Transport for Silence {
        fn send(
            &self,
            _: http::Request<attache_runtime::Body>,
        ) -> attache_runtime::BoxFuture<
            '_,
            Result<
                http::Response<attache_runtime::ByteStream>,
                attache_runtime::transport::TransportError,
            >,
        > {
            Box::pin(std::future::pending())
        }
    }
    let config = Answers::default().builder().transport(Silence).build();
    let client = attache_support::Client::new(&config.expect("nothing is missing"));
    let began = tokio::time::Instant::now();
    let error = client
        .describe_attachment_upload_status()
        .upload_id("upload")
        .until_attachment_ready()
        .deadline(Duration::from_secs(3))
        .await
        .expect_err("no answer comes");
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    assert_eq!(began.elapsed(), Duration::from_secs(3));
}
