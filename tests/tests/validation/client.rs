//! Validation as a client does it: before any I/O, at the level of the client or of the call.

use attache_runtime::validation::{Constraint, Level};
use attache_runtime::{CallOptions, ErrorKind};
use attache_support::operation::CreateCaseRequest;
use attache_support::{Client, Error, ServiceError};
use attache_tests::transport::Answers;

use crate::dispatch::LEVELS;

fn client(answers: &Answers, level: Option<Level>) -> Client {
    let mut builder = answers.builder().max_attempts(1);
    if let Some(level) = level {
        builder = builder.validation(level);
    }
    Client::new(&builder.build().expect("nothing is missing"))
}

fn valid() -> CreateCaseRequest {
    CreateCaseRequest {
        subject: Some("Printer on fire".to_owned()),
        communication_body: Some("It burns.".to_owned()),
        severity_code: Some("urgent".to_owned()),
        ..Default::default()
    }
}

/// Requests with the least level that refuses them.
fn requests() -> [(CreateCaseRequest, Option<Level>); 4] {
    let without_subject = CreateCaseRequest {
        subject: None,
        ..valid()
    };
    let too_long = CreateCaseRequest {
        communication_body: Some("x".repeat(8_001)),
        ..valid()
    };
    let of_a_new_severity = CreateCaseRequest {
        severity_code: Some("apocalyptic".to_owned()),
        ..valid()
    };
    [
        (valid(), None),
        (without_subject, Some(Level::Structural)),
        (too_long, Some(Level::Documented)),
        (of_a_new_severity, Some(Level::Strict)),
    ]
}

/// Whether the request was sent; if not, that nothing at all was.
#[track_caller]
fn is_sent<T>(answers: &Answers, outcome: Result<T, Error>) -> bool {
    match outcome {
        Ok(_) => {
            assert_eq!(answers.sent().len(), 1);
            true
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Validation, "{error}");
            let violations = error.violations().expect("it says what is wrong");
            assert_eq!(violations.count(), 1, "{error}");
            assert!(!error.may_have_taken_effect());
            assert_eq!(error.attempts(), 0);
            assert!(answers.sent().is_empty());
            false
        }
    }
}

#[test]
fn a_client_checks_at_its_level_before_it_sends_anything() {
    for configured in [None].into_iter().chain(LEVELS.map(Some)) {
        let level = configured.unwrap_or(Level::Documented);
        for (request, refused_from) in requests() {
            let answers = Answers::with(200, "{}");
            let outcome = client(&answers, configured).send(request).wait();
            let expected = refused_from.is_none_or(|refused_from| level < refused_from);
            assert_eq!(
                is_sent(&answers, outcome),
                expected,
                "{configured:?}, {refused_from:?}"
            );
        }
    }
}

#[test]
fn a_call_goes_before_its_client() {
    for of_client in LEVELS {
        for of_call in LEVELS {
            for (request, refused_from) in requests() {
                let expected = refused_from.is_none_or(|refused_from| of_call < refused_from);
                let about = format!("{of_client}, {of_call}, {refused_from:?}");

                let answers = Answers::with(200, "{}");
                let options = CallOptions::default().validation(of_call);
                let client = client(&answers, Some(of_client));
                let outcome = client.send_with(request.clone(), options).wait();
                assert_eq!(is_sent(&answers, outcome), expected, "{about}");

                let answers = Answers::with(200, "{}");
                let client = self::client(&answers, Some(of_client)).with_validation(of_call);
                let outcome = client.send(request).wait();
                assert_eq!(is_sent(&answers, outcome), expected, "{about}");
            }
        }
    }
}

#[test]
fn the_builder_of_a_call_sets_its_level() {
    for (level, expected) in [(Level::Off, true), (Level::Structural, false)] {
        let answers = Answers::with(200, "{}");
        let call = client(&answers, None)
            .create_case()
            .communication_body("No subject.");
        assert_eq!(
            is_sent(&answers, call.validation(level).send().wait()),
            expected
        );
    }
    // The options of a call are about that call only.
    let answers = Answers::with(200, "{}");
    let client = client(&answers, None);
    let options = CallOptions::default().validation(Level::Off);
    let call = client.create_case().options(options).send();
    call.wait().expect("it is not checked");
    let error = client
        .create_case()
        .send()
        .wait()
        .expect_err("it is checked again");
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert_eq!(answers.sent().len(), 1);
}

#[test]
fn what_cannot_be_sent_is_an_error_at_every_level() {
    for level in LEVELS {
        let answers = Answers::with(200, "{}");
        let builder = answers.builder().max_attempts(1).validation(level);
        let client =
            attache_security_ir::Client::new(&builder.build().expect("nothing is missing"));
        let error = client
            .get_case()
            .case_id("")
            .send()
            .wait()
            .expect_err("no path");
        let kind = match level >= Level::Documented {
            true => ErrorKind::Validation,
            false => ErrorKind::Request,
        };
        assert_eq!(error.kind(), kind, "{level}: {error}");
        assert!(answers.sent().is_empty());
    }
}

#[test]
fn all_violations_come_at_once_and_none_of_them_shows_a_secret() {
    let answers = Answers::default();
    let call = client(&answers, None)
        .create_case()
        .communication_body("never-show-this".repeat(600))
        .upload_ids([""; 11]);
    let error = call.send().wait().expect_err("it is wrong in several ways");
    let violations = error.violations().expect("it says what is wrong");
    let found: Vec<(&str, Constraint)> = violations
        .iter()
        .map(|it| (it.path(), it.constraint()))
        .collect();
    assert_eq!(
        found[..3],
        [
            ("/communicationBody", Constraint::Length),
            ("/subject", Constraint::Required),
            ("/uploadIds", Constraint::Length),
        ]
    );
    assert_eq!(violations.count(), 14);
    for text in [format!("{error:#}"), format!("{error:?}")] {
        assert!(!text.contains("never-show-this"), "{text}");
    }
    assert!(answers.sent().is_empty());
}

const ACCEPTED: &str =
    r#"{"__type": "DryRunOperationException", "message": "It would have succeeded."}"#;

#[test]
fn a_dry_run_that_succeeds_is_ok() {
    let answers = Answers::with(400, ACCEPTED);
    let mut call = client(&answers, None).create_case().subject("s");
    call = call.communication_body("b");
    call.send_dry_run().wait().expect("it would have succeeded");
    assert_eq!(answers.sent()[0].json()["dryRun"], true);

    // The member of a request asks for the same, whoever sends it.
    let answers = Answers::with(400, ACCEPTED);
    let request = CreateCaseRequest {
        dry_run: Some(true),
        ..valid()
    };
    let response = client(&answers, None).send(request).wait();
    assert_eq!(response.expect("it would have succeeded").case_id, None);
    assert_eq!(answers.sent().len(), 1);
}

#[test]
fn a_dry_run_that_fails_is_an_error() {
    let answers = Answers::with(400, r#"{"__type": "CaseCreationLimitExceeded"}"#);
    let error = client(&answers, None)
        .create_case()
        .subject("s")
        .communication_body("b")
        .send_dry_run()
        .wait()
        .expect_err("it would have failed");
    assert!(matches!(
        error.service(),
        Some(ServiceError::CaseCreationLimitExceeded(_))
    ));

    // What is wrong with the request is found without the service.
    let answers = Answers::with(400, ACCEPTED);
    let outcome = client(&answers, None)
        .create_case()
        .communication_body("b")
        .send_dry_run();
    assert!(!is_sent(&answers, outcome.wait()));
}

/// Without the question, the answer is none.
#[test]
fn the_error_of_dry_runs_is_an_error_of_other_calls() {
    for dry_run in [None, Some(false)] {
        let answers = Answers::with(400, ACCEPTED);
        let request = CreateCaseRequest { dry_run, ..valid() };
        let error = client(&answers, None)
            .send(request)
            .wait()
            .expect_err("nobody asked");
        assert!(matches!(
            error.service(),
            Some(ServiceError::DryRunOperationException(_))
        ));
    }
}
