//! Errors: every modelled exception in every spelling, and everything else that a service may answer with.

mod blocking;
mod classes;
mod codes;
mod constructed;
mod reporters;
mod shown;

use std::error::Error as _;

use attache_runtime::validation::Level;
use attache_runtime::{Config, ErrorKind};
use attache_security_ir::error::ThrottlingException;
use attache_tests::transport::Answers;

/// What both clients' errors are looked at for.
struct Failed {
    /// The `Debug` of the modelled error, which begins with the name of its variant.
    service: Option<String>,
    kind: ErrorKind,
    code: Option<String>,
    status: Option<u16>,
    request_id: Option<String>,
    throttled: bool,
    text: String,
}

macro_rules! failed {
    ($error:expr) => {{
        let error = $error;
        Failed {
            service: error.service().map(|service| format!("{service:?}")),
            kind: error.kind(),
            code: error.code().map(str::to_owned),
            status: error.status(),
            request_id: error.request_id().map(str::to_owned),
            throttled: error.is_throttled(),
            text: format!("{error:#}"),
        }
    }};
}

fn call(service: &str, config: &Config) -> Failed {
    if service == "support" {
        let client = attache_support::Client::new(config);
        failed!(
            client
                .describe_services()
                .send()
                .wait()
                .expect_err("it failed")
        )
    } else {
        let client = attache_security_ir::Client::new(config);
        failed!(client.list_cases().send().wait().expect_err("it failed"))
    }
}

#[test]
fn members_of_errors_are_typed() {
    let answers = Answers::default().then(
        429,
        &[
            ("x-amzn-errortype", "ThrottlingException"),
            ("retry-after", "30"),
        ],
        r#"{"message":"slow down","serviceCode":"security-ir","quotaCode":"L-1"}"#,
    );
    let client = attache_security_ir::Client::new(&answers.config());
    let error = client.list_cases().send().wait().expect_err("it failed");
    let Some(attache_security_ir::ServiceError::ThrottlingException(throttling)) = error.service()
    else {
        panic!("another error: {error:?}");
    };
    let mut expected = ThrottlingException::default();
    expected.message = "slow down".to_owned();
    expected.service_code = Some("security-ir".to_owned());
    expected.quota_code = Some("L-1".to_owned());
    expected.retry_after_seconds = Some(30);
    assert_eq!(*throttling, expected);
    assert_eq!(
        error.service().map(ToString::to_string).as_deref(),
        Some("ThrottlingException: slow down")
    );
    // It is part of `Display`, and a source would repeat it.
    assert!(error.source().is_none());
    assert!(
        error.is_throttled() && error.is_service() && !error.is_timeout() && !error.is_connect()
    );
    assert!(matches!(
        error.into_service(),
        Some(attache_security_ir::ServiceError::ThrottlingException(_))
    ));
}

/// The documentation of Support has two names for one error.
#[test]
fn invalid_parameters_are_one_error_by_both_of_its_names() {
    for code in ["InvalidParameterValue", "InvalidParameterValueException"] {
        let body = format!(
            r#"{{"__type":"com.amazonaws.support#{code}","message":"refreshes by itself"}}"#
        );
        let answers = Answers::with(400, &body);
        let client = attache_support::Client::new(&answers.config());
        let call = client.refresh_trusted_advisor_check().check_id("c");
        let error = call.send().wait().expect_err("it is refused");
        let Some(attache_support::ServiceError::InvalidParameterValueException(typed)) =
            error.service()
        else {
            panic!("{code}: {error}");
        };
        assert_eq!(typed.message.as_deref(), Some("refreshes by itself"));
        assert_eq!(error.code(), Some(code));
    }
}

#[test]
fn a_modelled_error_with_a_broken_member_keeps_its_code() {
    let headers = [
        ("x-amzn-errortype", "ThrottlingException"),
        ("retry-after", "soon"),
    ];
    let answers = Answers::default().then(429, &headers, r#"{"message":"slow down"}"#);
    let failed = call("security-ir", &answers.config());
    assert_eq!(failed.service, None);
    assert_eq!(failed.code.as_deref(), Some("ThrottlingException"));
    assert!(failed.throttled);
}

const ID: (&str, &str) = ("x-amzn-requestid", "id-1");
const UNKNOWN: &str = r#"{"__type":"com.example#Surprise","Message":"boo"}"#;

/// An answer that no model knows.
struct UnknownAnswer {
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
    /// The code that the error has.
    code: Option<&'static str>,
    /// What it says.
    text: &'static str,
}

const UNKNOWN_ANSWERS: [UnknownAnswer; 8] = [
    UnknownAnswer {
        headers: &[ID],
        body: UNKNOWN,
        code: Some("Surprise"),
        text: "DescribeServices: Surprise: boo (status 400, request id id-1)",
    },
    UnknownAnswer {
        headers: &[],
        body: UNKNOWN,
        code: Some("Surprise"),
        text: "DescribeServices: Surprise: boo (status 400)",
    },
    UnknownAnswer {
        headers: &[ID],
        body: "",
        code: None,
        text: "DescribeServices: the service responded with an error (status 400, request id id-1)",
    },
    UnknownAnswer {
        headers: &[],
        body: "<html><body>Bad Gateway</body></html>",
        code: None,
        text: "DescribeServices: the service responded with an error: the body is not JSON: it has no content type and begins \
             with `<html><body>Bad Gateway</body></html>` (status 400)",
    },
    UnknownAnswer {
        headers: &[],
        body: "[1,2]",
        code: None,
        text: "DescribeServices: the service responded with an error (status 400)",
    },
    UnknownAnswer {
        headers: &[],
        body: r#"{"__type":"","message":"no code"}"#,
        code: None,
        text: "DescribeServices: the service responded with an error: no code (status 400)",
    },
    UnknownAnswer {
        headers: &[],
        body: r#"{"__type":null,"code":null,"message":null}"#,
        code: None,
        text: "DescribeServices: the service responded with an error (status 400)",
    },
    UnknownAnswer {
        headers: &[("x-amzn-errortype", "FromHeader")],
        body: "not JSON at all",
        code: Some("FromHeader"),
        text: "DescribeServices: FromHeader: the body is not JSON: it has no content type and begins with `not JSON at all` \
             (status 400)",
    },
];

#[test]
fn what_no_model_knows_is_an_error_with_all_that_is_known() {
    for UnknownAnswer {
        headers,
        body,
        code,
        text,
    } in UNKNOWN_ANSWERS
    {
        let answers = Answers::default().then(400, headers, body);
        let failed = call("support", &answers.config());
        assert_eq!(failed.kind, ErrorKind::Service, "{body}");
        assert_eq!(failed.code.as_deref(), code, "{body}");
        assert_eq!(failed.text, text);
        assert_eq!(failed.service, None, "{body}");
    }
}

#[test]
fn redirects_are_errors_and_not_followed() {
    let answers = Answers::default().then(307, &[("location", "https://example.com/")], "");
    let failed = call("support", &answers.config());
    assert_eq!(
        (failed.kind, failed.status),
        (ErrorKind::Service, Some(307))
    );
    assert_eq!(answers.sent().len(), 1);
}

#[test]
fn a_response_that_cannot_be_read_says_where_and_with_which_status() {
    for body in ["<html>", "{\"services\":1}", "{\"services\":[", "nonsense"] {
        let answers = Answers::default().then(200, &[("x-amzn-requestid", "id-1")], body);
        let failed = call("support", &answers.config());
        assert_eq!(failed.kind, ErrorKind::Decode, "{body}");
        assert_eq!(
            (failed.status, failed.request_id.as_deref()),
            (Some(200), Some("id-1"))
        );
        assert!(
            failed
                .text
                .starts_with("DescribeServices: the response does not match the service model (status 200, request id id-1): "),
            "{}",
            failed.text
        );
    }
}

#[test]
fn requests_that_cannot_be_sent_are_found_before_they_are() {
    let answers = Answers::default();
    // Checks switched off: what is left is what no URL can hold.
    let client = attache_security_ir::Client::new(&answers.config()).with_validation(Level::Off);
    for request in [
        client.get_case(),
        client.get_case().case_id(".."),
        client.get_case().case_id(""),
    ] {
        let error = request
            .send()
            .wait()
            .expect_err("the path would be another");
        assert_eq!(error.kind(), ErrorKind::Request, "{error:?}");
        assert_eq!((error.operation(), error.attempts()), ("GetCase", 0));
        assert!(
            format!("{error:#}").starts_with("GetCase: the request cannot be sent: "),
            "{error}"
        );
        assert!(format!("{error:#}").contains("caseId"), "{error}");
    }
    assert!(answers.sent().is_empty());
}

#[test]
fn an_error_is_one_pointer_and_can_go_anywhere() {
    fn anywhere<T: std::error::Error + Send + Sync + 'static>() {}

    anywhere::<attache_support::Error>();
    anywhere::<attache_security_ir::Error>();
    assert_eq!(size_of::<attache_support::Error>(), size_of::<usize>());
    assert_eq!(
        size_of::<Result<(), attache_security_ir::Error>>(),
        size_of::<usize>()
    );
}
