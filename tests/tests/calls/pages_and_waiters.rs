//! Pages, items and waiters of the generated clients. Time is Tokio's paused clock, so that nothing waits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use attache_runtime::waiter::{Observation, Schedule, State};
use attache_runtime::{ErrorKind, RandomSource};
use attache_support::operation::DescribeCasesRequest;
use attache_tests::transport::Answers;
use serde_json::{Value, json};

fn support(answers: &Answers) -> attache_support::Client {
    attache_support::Client::new(&answers.config())
}

/// A page of cases with these ids.
fn page(ids: &[&str], next: Option<&str>) -> String {
    let cases: Vec<Value> = ids.iter().map(|id| json!({"caseId": id})).collect();
    match next {
        Some(token) => json!({"cases": cases, "nextToken": token}).to_string(),
        None => json!({"cases": cases}).to_string(),
    }
}

fn pages(pages: &[(&[&str], Option<&str>)]) -> Answers {
    pages
        .iter()
        .fold(Answers::default(), |answers, (ids, next)| {
            answers.then(200, &[], &page(ids, *next))
        })
}

/// The tokens that were sent.
fn tokens(answers: &Answers) -> Vec<Option<String>> {
    answers
        .sent()
        .iter()
        .map(|sent| sent.json()["nextToken"].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn items_come_from_all_pages_in_order() {
    let answers = pages(&[(&["a", "b"], Some("1")), (&[], Some("2")), (&["c"], None)]);
    let items = support(&answers)
        .describe_cases()
        .include_resolved_cases(true)
        .items();
    let cases = items.collect().await.expect("three pages");
    let ids: Vec<&str> = cases
        .iter()
        .filter_map(|case| case.case_id.as_deref())
        .collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(
        tokens(&answers),
        [None, Some("1".to_owned()), Some("2".to_owned())]
    );
    for sent in answers.sent() {
        assert_eq!(sent.json()["includeResolvedCases"], true);
        let agent = sent.header("user-agent");
        assert!(agent.contains(" m/C,e,E"), "{agent}");
    }
}

#[tokio::test]
async fn an_empty_token_ends_the_pages() {
    let answers = pages(&[(&["a"], Some(""))]);
    let mut stream = support(&answers).describe_cases().pages();
    assert!(stream.next().await.expect("a page").is_ok());
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none());
    assert_eq!(answers.sent().len(), 1);
}

#[tokio::test]
async fn no_page_is_asked_for_before_it_is_wanted() {
    let answers = pages(&[(&["a", "b"], Some("1")), (&["c"], Some("2"))]);
    let mut items = support(&answers).describe_cases().items().limit(2);
    assert_eq!(answers.sent().len(), 0);
    items.next().await.expect("a").expect("an item");
    items.next().await.expect("b").expect("an item");
    assert!(items.next().await.is_none());
    assert_eq!(answers.sent().len(), 1);
}

#[tokio::test]
async fn pages_go_on_from_a_kept_token() {
    let answers = pages(&[(&["a"], Some("1")), (&["b"], None)]);
    let client = support(&answers);
    let mut first = client.describe_cases().pages();
    first.next().await.expect("a page").expect("a page");
    let token = first.token().cloned().expect("there is more");
    drop(first);
    let request = DescribeCasesRequest {
        next_token: Some(token),
        ..Default::default()
    };
    let mut rest = client.items(request);
    let case = rest.next().await.expect("b").expect("an item");
    assert_eq!(case.case_id.as_deref(), Some("b"));
    assert!(rest.next().await.is_none());
    assert_eq!(tokens(&answers), [None, Some("1".to_owned())]);
}

#[tokio::test]
async fn the_token_of_items_is_that_of_the_page_with_the_next_item() {
    let answers = pages(&[(&["a"], Some("1")), (&["b", "c"], Some("2"))]);
    let mut items = support(&answers).describe_cases().items();
    assert_eq!(items.token(), None);
    items.next().await.expect("a").expect("an item");
    assert_eq!(items.token().map(String::as_str), Some("1"));
    items.next().await.expect("b").expect("an item");
    assert_eq!(items.token().map(String::as_str), Some("1"));
    items.next().await.expect("c").expect("an item");
    assert_eq!(items.token().map(String::as_str), Some("2"));
}

#[tokio::test]
async fn a_repeated_token_is_an_error_after_the_page_that_has_it() {
    let answers = pages(&[(&["a"], Some("1")), (&["b"], Some("1"))]);
    let mut items = support(&answers).describe_cases().items();
    assert!(items.next().await.expect("a").is_ok());
    assert!(items.next().await.expect("b").is_ok());
    let error = items.next().await.expect("an end").expect_err("an error");
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert_eq!(
        format!("{error:#}"),
        "DescribeCases: the service repeats a token of its pages: the service returned the token of a page that it had returned before, so the pages would never end"
    );
    assert!(items.next().await.is_none());
    assert_eq!(answers.sent().len(), 2);
}

#[tokio::test]
async fn a_circle_of_several_tokens_is_found_too() {
    let mut script = Vec::new();
    for _ in 0..20 {
        script.extend([("x", "1"), ("y", "2"), ("z", "3")]);
    }
    let answers = script
        .iter()
        .fold(Answers::default(), |answers, (id, next)| {
            answers.then(200, &[], &page(&[id], Some(next)))
        });
    let error = support(&answers)
        .describe_cases()
        .items()
        .collect()
        .await
        .expect_err("the pages never end");
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(answers.sent().len() <= 9, "{}", answers.sent().len());
}

#[tokio::test]
async fn an_error_ends_the_pages_and_leaves_the_token() {
    let answers = pages(&[(&["a"], Some("1"))]).then(
        400,
        &[],
        r#"{"__type": "InternalServerError", "message": "no"}"#,
    );
    let mut stream = support(&answers).describe_cases().pages();
    assert!(stream.next().await.expect("a page").is_ok());
    let error = stream
        .next()
        .await
        .expect("an error")
        .expect_err("an error");
    assert_eq!(error.code(), Some("InternalServerError"));
    assert!(stream.next().await.is_none());
    assert_eq!(stream.token().map(String::as_str), Some("1"));
}

#[test]
fn iterators_wait_for_items() {
    let answers = pages(&[(&["a"], Some("1")), (&["b"], None)]);
    let ids: Vec<Option<String>> = support(&answers)
        .describe_cases()
        .items()
        .wait()
        .map(|case| case.expect("an item").case_id)
        .collect();
    assert_eq!(ids, [Some("a".to_owned()), Some("b".to_owned())]);
}

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
