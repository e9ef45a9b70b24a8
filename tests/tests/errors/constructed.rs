//! Errors that a test makes itself are those that the service and the network cause.

use std::time::Duration;

use attache_runtime::validation::Level;
use attache_security_ir::error::{ConflictException, ThrottlingException};
use attache_support::error::{CaseIdNotFound, InternalServerError};
use attache_support::{Error, ErrorKind, ServiceError};
use attache_tests::transport::Answers;

#[test]
fn a_modelled_error_has_the_facts_of_the_one_that_the_service_returns() {
    let answers = Answers::default().then(
        409,
        &[
            ("x-amzn-errortype", "ConflictException"),
            ("x-amzn-requestid", "4f1c"),
        ],
        r#"{"message":"too late","resourceId":"1","resourceType":"case"}"#,
    );
    let client = attache_security_ir::Client::new(&answers.config());
    let real = client.list_cases().send().wait().expect_err("it failed");
    let made = attache_security_ir::Error::from_service(
        attache_security_ir::ServiceError::ConflictException(
            ConflictException::default()
                .message("too late")
                .resource_id("1")
                .resource_type("case"),
        ),
    )
    .with_operation("ListCases")
    .with_request_id("4f1c");
    assert_eq!(made.to_string(), real.to_string());
    assert_eq!(made.service(), real.service());
    assert_eq!(made.kind(), real.kind());
    assert_eq!(made.code(), Some("ConflictException"));
    assert_eq!(made.status(), Some(409));
    assert_eq!(made.message(), Some("too late"));
    assert_eq!(made.attempts(), real.attempts());
    assert!(!made.is_throttled() && !made.may_have_taken_effect());
}

#[test]
fn throttling_and_the_server_at_fault_follow_from_the_model() {
    let throttled = attache_security_ir::Error::from(
        attache_security_ir::ServiceError::ThrottlingException(ThrottlingException::default()),
    );
    assert!(throttled.is_throttled() && !throttled.may_have_taken_effect());
    assert_eq!(
        (throttled.status(), throttled.retry_after()),
        (Some(429), None)
    );
    let pause = Duration::from_millis(1_500);
    assert_eq!(throttled.with_retry_after(pause).retry_after(), Some(pause));

    let broken = ServiceError::InternalServerError(InternalServerError::default());
    let broken = Error::from_service(broken);
    assert!(!broken.is_throttled() && broken.may_have_taken_effect());

    let missing = ServiceError::CaseIdNotFound(CaseIdNotFound::default().message("gone"));
    let missing = Error::from_service(missing)
        .with_code("CaseIdNotFoundFault")
        .with_status(404)
        .with_throttling(true);
    assert_eq!(missing.code(), Some("CaseIdNotFoundFault"));
    assert_eq!(missing.status(), Some(404));
    let response = missing.response().expect("there is one");
    assert_eq!(response.status(), 404);
    assert!(missing.is_throttled());
}

#[test]
fn the_pause_of_a_real_response_is_that_of_the_error() {
    let pauses = [
        (&[("retry-after", "30")][..], Some(30_000)),
        (
            &[("x-amz-retry-after", "250"), ("retry-after", "30")],
            Some(250),
        ),
        (&[("retry-after", "later")], None),
        (&[], None),
    ];
    for (headers, expected) in pauses {
        let answers = Answers::default().then(400, headers, r#"{"__type":"CaseIdNotFound"}"#);
        let client = attache_support::Client::new(&answers.config());
        let error = client.describe_services().send().wait();
        let error = error.expect_err("it failed");
        let expected = expected.map(Duration::from_millis);
        assert_eq!(error.retry_after(), expected, "{headers:?}");
    }
}

#[test]
fn every_kind_that_no_service_causes_can_be_made() {
    let timeout = Error::timeout();
    assert!(timeout.is_timeout() && timeout.may_have_taken_effect());
    assert_eq!(timeout.attempts(), 1);
    let broken = Error::io(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
    assert_eq!(broken.kind(), ErrorKind::Io);
    assert!(broken.may_have_taken_effect());
    let unreachable = Error::connect("refused");
    assert!(unreachable.is_connect() && !unreachable.may_have_taken_effect());
    assert_eq!(unreachable.attempts(), 0);
    assert_eq!(Error::credentials("none").kind(), ErrorKind::Credentials);
    let unknown = Error::from_code("NewException", "unheard of");
    assert_eq!(unknown.code(), Some("NewException"));
    assert!(unknown.is_service() && unknown.service().is_none());
    let request = attache_support::operation::DescribeAttachmentRequest::default();
    let violations = request.validate(Level::Documented).expect_err("no id");
    let invalid = Error::validation(violations.clone());
    assert_eq!(invalid.violations(), Some(&violations));
    for kind in [
        ErrorKind::Configuration,
        ErrorKind::Decode,
        ErrorKind::Pagination,
        ErrorKind::WaitFailed,
        ErrorKind::WaitTimeout,
    ] {
        assert_eq!(Error::new(kind, "a cause").kind(), kind);
    }
}

#[test]
fn a_configuration_that_cannot_be_used_becomes_the_error_of_a_call() {
    fn call() -> Result<(), Error> {
        let config = attache_support::Config::builder()
            .region("not a region")
            .build()?;
        let _ = attache_support::Client::new(&config);
        Ok(())
    }
    let error = call().expect_err("the region has blanks");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(format!("{error:#}").contains("not a region"), "{error:#}");
}
