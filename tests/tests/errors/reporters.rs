//! What the reporter `anyhow` prints of errors: every level once, in `{:#}` and in `{:?}`.

use std::net::{Ipv4Addr, TcpListener};

use attache_runtime::{Config, Credentials, FixedEnvironment};
use attache_support::{Client, Error};
use attache_tests::transport::Answers;

/// An error as a program with `anyhow` has it, with a level of the program's own above.
struct Reported(anyhow::Error);

impl Reported {
    fn new(error: impl Into<anyhow::Error>) -> Self {
        Self(error.into().context("the report was not made"))
    }

    fn levels(&self) -> Vec<String> {
        self.0.chain().map(ToString::to_string).collect()
    }

    /// `{:?}` without the backtrace, which is there if `RUST_BACKTRACE` is set.
    fn lines(&self) -> String {
        let text = format!("{:?}", self.0);
        let end = text.find("\n\nStack backtrace:").unwrap_or(text.len());
        text[..end].to_owned()
    }

    /// `{:#}` and `{:?}` have each level exactly once, and no level contains another.
    #[track_caller]
    fn assert_each_level_once(&self) {
        let levels = self.levels();
        let (line, lines) = (format!("{:#}", self.0), self.lines());
        assert_eq!(line, levels.join(": "));
        for (index, level) in levels.iter().enumerate() {
            assert_eq!(line.matches(level.as_str()).count(), 1, "{line}");
            assert_eq!(lines.matches(level.as_str()).count(), 1, "{lines}");
            let others = levels.iter().enumerate();
            for (_, other) in others.filter(|(other, _)| *other != index) {
                assert!(!level.contains(other.as_str()), "{levels:?}");
            }
        }
    }
}

/// The error of a call that has no members.
fn call(config: &Config) -> Error {
    let call = Client::new(config).describe_services();
    call.send().wait().expect_err("it failed")
}

#[test]
fn anyhow_shows_a_service_error_as_one_level() {
    let headers = [("x-amzn-requestid", "4f1c")];
    let body = r#"{"__type":"CaseIdNotFound","message":"no such case"}"#;
    let answers = Answers::default().then(400, &headers, body);
    let reported = Reported::new(call(&answers.config()));
    reported.assert_each_level_once();
    assert_eq!(
        format!("{:#}", reported.0),
        "the report was not made: DescribeServices: CaseIdNotFound: no such case (status 400, request id 4f1c)"
    );
    assert_eq!(
        reported.lines(),
        "the report was not made\n\nCaused by:\n    \
         DescribeServices: CaseIdNotFound: no such case (status 400, request id 4f1c)"
    );
}

#[test]
fn anyhow_shows_host_and_port_of_a_failed_connection_once() {
    // The port is free again when the listener is dropped.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let config = Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKID", "secret"))
        .endpoint_url(format!("http://{address}"))
        .max_attempts(1)
        .build()
        .expect("nothing is missing");
    let reported = Reported::new(call(&config));
    reported.assert_each_level_once();
    let levels = reported.levels();
    assert_eq!(
        levels[1],
        format!("DescribeServices: no connection to {address}")
    );
    assert!(levels.len() > 2, "the cause is a level: {levels:?}");
    assert_eq!(reported.lines().matches(&address.to_string()).count(), 1);
}

#[test]
fn anyhow_shows_each_violation_of_an_invalid_request_once() {
    let client = Client::new(&Answers::default().config());
    let call = client.create_case().communication_body("x".repeat(8_001));
    let reported = Reported::new(call.send().wait().expect_err("it is not valid"));
    reported.assert_each_level_once();
    let levels = reported.levels();
    assert_eq!(
        levels[1..],
        [
            "CreateCase: communication_body: 8001 characters, at most 8000; subject: missing (not sent)"
        ]
    );
    for text in [format!("{:#}", reported.0), reported.lines()] {
        assert_eq!(text.matches("subject: missing").count(), 1, "{text}");
        assert_eq!(text.matches("8001 characters").count(), 1, "{text}");
    }
}

#[test]
fn anyhow_shows_the_sources_of_credentials_once() {
    // No variable and no file has credentials, and the sources of other machines are off.
    let environment =
        FixedEnvironment::default().with_variable("AWS_EC2_METADATA_DISABLED", "true");
    let config = Config::builder()
        .region("us-east-1")
        .from_environment(environment)
        .expect("nothing is invalid")
        .build()
        .expect("nothing is missing");
    let reported = Reported::new(call(&config));
    reported.assert_each_level_once();
    let levels = reported.levels();
    assert_eq!(levels[1], "DescribeServices: no usable credentials");
    assert!(levels.len() > 2, "the cause is a level: {levels:?}");
    let line = format!("{:#}", reported.0);
    assert_eq!(line.matches("AWS_ACCESS_KEY_ID").count(), 1, "{line}");
}

#[test]
fn anyhow_shows_the_causes_of_wrong_settings_once() {
    let refused = Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("", "secret"))
        .build();
    let reported = Reported::new(refused.expect_err("no request can be signed"));
    reported.assert_each_level_once();
}
