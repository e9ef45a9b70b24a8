//! Mocks: responses by rules, through the real encoding and decoding.

mod values;

use std::time::Duration;

use attache_runtime::test::{Mock, when};
use attache_runtime::{ByteStream, ErrorKind};
use attache_security_ir::operation::{GetCaseRequest, GetCaseResponse};
use attache_security_ir::types::CaseAttachmentAttributes;
use attache_support::error::CaseIdNotFound;
use attache_support::operation::{
    CreateCaseRequest, CreateCaseResponse, DescribeCasesRequest, DescribeCasesResponse,
    ResolveCaseRequest,
};
use attache_support::types::CaseDetails;
use attache_support::{Client, Error, ServiceError};

fn client(mock: &Mock) -> Client {
    Client::new(
        &mock
            .config()
            .build()
            .expect("the configuration is complete"),
    )
}

#[test]
fn the_first_rule_that_matches_responds() {
    let mock = Mock::new()
        .rule(
            when::<CreateCaseRequest>(|request| request.subject.as_deref() == Some("It broke"))
                .then(Ok(CreateCaseResponse::default().case_id("case-1"))),
        )
        .rule(
            when::<CreateCaseRequest>(|_| true)
                .then(Ok(CreateCaseResponse::default().case_id("case-2"))),
        );
    let client = client(&mock);
    let open = |subject: &str| {
        let call = client
            .create_case()
            .subject(subject)
            .communication_body("…");
        call.send().wait().expect("it is mocked").case_id
    };
    assert_eq!(open("It broke").as_deref(), Some("case-1"));
    assert_eq!(open("Another").as_deref(), Some("case-2"));
    assert_eq!(open("It broke").as_deref(), Some("case-1"));
    let subjects = mock.requests::<CreateCaseRequest>();
    let subjects: Vec<_> = subjects.iter().map(|it| it.subject.as_deref()).collect();
    assert_eq!(
        subjects,
        [Some("It broke"), Some("Another"), Some("It broke")]
    );
    assert_eq!(mock.count::<DescribeCasesRequest>(), 0);
    mock.assert_all_used();
}

#[test]
fn responses_follow_each_other_and_retries_count_as_requests() {
    let page = DescribeCasesResponse::default().cases([CaseDetails::default().case_id("case-1")]);
    let mock = Mock::new().rule(
        when::<DescribeCasesRequest>(|_| true)
            .then(Err(Error::from_code("ThrottlingException", "slow down")
                .with_retry_after(Duration::from_secs(4))))
            .times(2)
            .then(Ok(page.clone())),
    );
    let client = client(&mock);
    let read = client
        .describe_cases()
        .send()
        .wait()
        .expect("the third attempt");
    assert_eq!(read, page);
    assert_eq!(mock.count::<DescribeCasesRequest>(), 3);
    // The last response is given again.
    client.describe_cases().send().wait().expect("as before");
    mock.assert_all_used();
}

#[test]
fn an_error_arrives_with_all_its_facts() {
    let denied = ServiceError::CaseIdNotFound(CaseIdNotFound::default().message("no such case"));
    let mock = Mock::new().rule(
        when::<ResolveCaseRequest>(|_| true)
            .then(Err(Error::from_service(denied.clone())
                .with_status(404)
                .with_request_id("4f1c")))
            .then(Err(Error::timeout()))
            .then(Err(Error::io("reset")))
            .then(Err(Error::connect("refused"))),
    );
    let client = client(&mock);
    let resolve = || {
        let call = client.resolve_case().case_id("case-1");
        call.send().wait().expect_err("it is mocked")
    };
    let error = resolve();
    assert_eq!(error.service(), Some(&denied));
    assert_eq!(error.code(), Some("CaseIdNotFound"));
    assert_eq!(
        (error.status(), error.request_id()),
        (Some(404), Some("4f1c"))
    );
    assert_eq!(error.message(), Some("no such case"));
    // A call that acts is not repeated after these, so each is seen.
    assert!(resolve().is_timeout());
    assert_eq!(resolve().kind(), ErrorKind::Io);
    assert!(resolve().is_connect());
    mock.assert_all_used();
}

#[test]
fn a_response_may_depend_on_the_request() {
    let mock = Mock::new().rule(when::<CreateCaseRequest>(|_| true).then_with(|request| {
        let subject = request.subject.as_deref().unwrap_or_default();
        Ok(CreateCaseResponse::default().case_id(format!("case-{subject}")))
    }));
    let client = client(&mock);
    let call = client.create_case().subject("x").communication_body("…");
    let response = call.send().wait().expect("it is mocked");
    assert_eq!(response.case_id.as_deref(), Some("case-x"));
}

#[test]
fn any_http_response_can_be_given() {
    let mock = Mock::new().rule(
        when::<DescribeCasesRequest>(|_| true)
            .then_http(http::Response::new(r#"{"cases":7}"#))
            .once(),
    );
    let client = client(&mock);
    let error = client
        .describe_cases()
        .send()
        .wait()
        .expect_err("7 is no list");
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[test]
fn a_request_without_a_rule_fails_once_and_the_message_says_why() {
    let mock = Mock::new()
        .rule(
            when::<DescribeCasesRequest>(|request| request.max_results == Some(10))
                .then(Ok(DescribeCasesResponse::default())),
        )
        .rule(when::<CreateCaseRequest>(|_| true).then(Ok(CreateCaseResponse::default())));
    let client = client(&mock);
    let call = client.describe_cases().max_results(20);
    let error = call.send().wait().expect_err("no rule matches");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(mock.count::<DescribeCasesRequest>(), 1);
    let text = format!("{error:#}");
    for part in [
        "DescribeCases",
        "max_results: Some(20)",
        "rules for DescribeCases: DescribeCases (tests/tests/mocks/main.rs:",
        "other rules: CreateCase (tests/tests/mocks/main.rs:",
    ] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    let unused = std::panic::catch_unwind(|| mock.assert_all_used()).expect_err("both are unused");
    let unused = unused.downcast_ref::<String>().expect("a text");
    assert!(
        unused.contains("response 1 of 1 was given 0 times of 1"),
        "{unused}"
    );
    assert!(unused.contains("no rule of the mock matches"), "{unused}");
    assert_eq!(unused.lines().count(), 3, "{unused}");
}

#[test]
fn a_rule_is_used_up_after_the_times_that_it_states() {
    let mock = Mock::new().rule(
        when::<DescribeCasesRequest>(|_| true)
            .then(Ok(DescribeCasesResponse::default()))
            .times(2),
    );
    let client = client(&mock);
    client.describe_cases().send().wait().expect("the first");
    let unused = std::panic::catch_unwind(|| mock.assert_all_used()).expect_err("one is left");
    let unused = unused.downcast_ref::<String>().expect("a text");
    assert!(unused.contains("was given 1 times of 2"), "{unused}");
    client.describe_cases().send().wait().expect("the second");
    mock.assert_all_used();
    client
        .describe_cases()
        .send()
        .wait()
        .expect_err("the third");
}

#[test]
fn a_request_that_breaks_a_constraint_does_not_reach_the_mock() {
    let mock = Mock::new()
        .rule(when::<CreateCaseRequest>(|_| true).then(Ok(CreateCaseResponse::default())));
    let error = client(&mock).create_case().send().wait();
    assert!(error.expect_err("members are missing").is_validation());
    assert_eq!(mock.count::<CreateCaseRequest>(), 0);
}

#[test]
#[should_panic(
    expected = "the kind Configuration comes neither from the service nor from the network"
)]
fn an_error_that_nothing_outside_causes_cannot_be_mocked() {
    let error = Error::new(ErrorKind::Configuration, "no region");
    let _ = when::<CreateCaseRequest>(|_| true).then(Err(error));
}

#[test]
fn waiters_do_not_wait() {
    let state = |state: &str| {
        let attachment = CaseAttachmentAttributes::default().attachment_status(state);
        Ok(GetCaseResponse::default().case_attachments([attachment]))
    };
    let mock = Mock::new().rule(
        when::<GetCaseRequest>(|_| true)
            .then(state("Pending"))
            .times(3)
            .then(state("Verified")),
    );
    let config = mock
        .config()
        .build()
        .expect("the configuration is complete");
    let client = attache_security_ir::Client::new(&config);
    let case = client.get_case().case_id("1234567890");
    case.until_attachments_verified()
        .wait()
        .expect("it is verified");
    assert_eq!(mock.count::<GetCaseRequest>(), 4);
    mock.assert_all_used();
}

#[test]
fn streams_in_memory_are_given_and_seen() {
    use golden_rest_json::operation::{
        GetStreamRequest, GetStreamResponse, PutStreamRequest, PutStreamResponse,
    };
    let bytes = ByteStream::from("evidence");
    let mock = Mock::new()
        .rule(when::<GetStreamRequest>(|_| true).then(Ok(GetStreamResponse::default().body(bytes))))
        .rule(when::<PutStreamRequest>(|_| true).then(Ok(PutStreamResponse::default())));
    let config = mock
        .config()
        .build()
        .expect("the configuration is complete");
    let client = golden_rest_json::Client::new(&config);
    let read = client.get_stream().send().wait().expect("it is mocked");
    assert_eq!(read.body, ByteStream::from("evidence"));
    let put = client.put_stream().body(ByteStream::from("evidence"));
    put.send().wait().expect("it is mocked");
    let seen = mock.requests::<PutStreamRequest>();
    assert_eq!(seen[0].body, Some(ByteStream::from("evidence")));
}
