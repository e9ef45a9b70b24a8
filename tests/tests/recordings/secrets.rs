//! Files are committed, so no secret may be in them.

use attache_runtime::bearer::BearerToken;
use attache_runtime::operation::Request;
use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::message::{DecodeError, EncodeError, HttpRequest, HttpResponse};
use attache_runtime::plumbing::operation::{Operation, Scheme};
use attache_runtime::test::{Recorder, Replayer, config};
use attache_runtime::validation::{Level, Violations};
use attache_runtime::{Attempt, CallOptions, Config, Credentials, ErrorKind, Interceptor};
use attache_security_ir::operation::{GetCaseRequest, GetCaseResponse};
use attache_tests::operations::services;
use attache_tests::sample::{Model, PLAIN, SECRET, serde, wire};
use attache_tests::transport::Answers;
use http::{HeaderMap, HeaderValue};
use serde_json::json;

use super::{path, record, replay};

/// Adds a header with a secret to each request.
#[derive(Debug)]
struct Key;

impl Interceptor for Key {
    fn before_attempt(&self, _: &Attempt<'_>, headers: &mut HeaderMap) {
        headers.insert(
            "x-proxy-key",
            HeaderValue::from_static("s3cret-interceptor"),
        );
    }
}

fn saved(recorder: &Recorder, name: &str) -> String {
    recorder.save(path(name)).expect("it can be written");
    std::fs::read_to_string(path(name)).expect("it was written")
}

fn assert_free_of_secrets(text: &str) {
    for secret in ["s3cret", "AKID"] {
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(secret)).collect();
        assert!(lines.is_empty(), "{lines:#?}");
    }
}

/// Responses with a secret in each place.
fn answers_with_secrets() -> Answers {
    let url = "https://bucket.example.com/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2Fs3cret-1\
               &X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Security-Token=s3cret-2&X-Amz-Signature=s3cret-3";
    Answers::default()
        .then(
            200,
            &[("set-cookie", "session=s3cret-cookie"), ("x-debug", "s3cret-debug")],
            &json!({
                "title": "s3cret-title",
                "description": "s3cret-description",
                "caseStatus": "Submitted",
                "unknownToTheModel": {"password": "s3cret-unknown"},
                "watchers": [{"email": "s3cret-watcher@example.com"}],
                "caseArn": "see https://ann:s3cret-user@example.com/",
            })
            .to_string(),
        )
        .then(200, &[], &json!({"attachmentPresignedUrl": url}).to_string())
        .then(
            403,
            &[],
            &json!({
                "message": "The canonical request was 'POST\n/\nx-amz-security-token:s3cret-token\n'",
                "debug": "s3cret-debug",
            })
            .to_string(),
        )
        .then(502, &[], "<html>s3cret-page</html>")
}

/// Calls that need these responses: a URL, and the statuses of two errors.
fn calls(config: &Config) -> (String, [Option<u16>; 2]) {
    let client = attache_security_ir::Client::new(config);
    let case = client.get_case().case_id("1234567890").send().wait();
    let case = case.expect("it is answered");
    assert_eq!(
        case.case_status.as_ref().map(|it| it.as_str()),
        Some("Submitted")
    );
    let link = client
        .get_case_attachment_download_url()
        .case_id("1234567890");
    let link = link
        .attachment_id("00000000-0000-4000-8000-000000000000")
        .send()
        .wait();
    let link = link.expect("it is answered").attachment_presigned_url;
    let update = || {
        let call = client
            .update_case()
            .case_id("1234567890")
            .title("s3cret-request");
        let call = call.description("s3cret-description");
        call.send().wait().expect_err("it is answered")
    };
    (link, [update().status(), update().status()])
}

#[test]
fn a_secret_of_each_place_is_not_in_the_file() {
    let config = config(answers_with_secrets())
        .credentials(Credentials::new("AKID", "s3cret-key").session_token("s3cret-session"))
        .endpoint_url("https://proxy.example.com/s3cret-base")
        .interceptor(Key)
        .max_attempts(1)
        .build()
        .expect("nothing is missing");
    let recorder = Recorder::of(&config);
    let (_, statuses) = calls(&recorder.config());
    assert_eq!(statuses, [Some(403), Some(502)]);
    let text = saved(&recorder, "secrets");
    assert_free_of_secrets(&text);
    for kept in [
        "\"SecurityIR.UpdateCase\"",
        "x-amz-security-token:REDACTED",
        "https://bucket.example.com/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=REDACTED&X-Amz-Expires=60\
         &X-Amz-SignedHeaders=host&X-Amz-Security-Token=REDACTED&X-Amz-Signature=REDACTED",
        "see https://REDACTED@example.com/",
        "\"caseStatus\": \"Submitted\"",
    ] {
        assert!(
            text.contains(kept) || kept.starts_with("\"SecurityIR"),
            "{kept} is not in: {text}"
        );
    }
    let replayer = Replayer::open(path("secrets")).expect("it was written");
    let config = replayer
        .config()
        .max_attempts(1)
        .build()
        .expect("nothing is missing");
    let (link, statuses) = calls(&config);
    assert!(link.contains("X-Amz-Expires=60"), "{link}");
    assert_eq!(statuses, [Some(403), Some(502)]);
    replayer.assert_finished();
}

#[test]
fn no_sensitive_member_of_any_operation_is_in_the_file() {
    let (mut secrets, mut plain) = (0, 0);
    for service in services() {
        let model = Model::of(service.name);
        for operation in &service.operations {
            let shapes = model.shapes_of_type("operation").into_iter();
            let shape = shapes.clone().find(|(name, _)| *name == operation.name);
            let (_, shape) = shape.expect("it is in the model");
            let request = serde(&model.members(shape, "input"));
            let response = wire(&model.members(shape, "output"));
            let answers = Answers::with(200, &response.to_string());
            let recorder = Recorder::of(&answers.config());
            (operation.send)(request.clone(), &recorder.config());
            let name = format!("{}-{}", service.name, operation.name);
            let text = saved(&recorder, &name);
            assert!(!text.contains(SECRET), "{}: {text}", operation.name);
            assert_eq!(text.matches("\"request\"").count(), 1, "{text}");
            assert!(!text.contains("\"text\": \"REDACTED\""), "{text}");
            secrets += usize::from(request.to_string().contains(SECRET));
            secrets += usize::from(response.to_string().contains(SECRET));
            plain += usize::from(text.contains(PLAIN));
            let replayer = Replayer::open(path(&name)).expect("it was written");
            let config = replayer.config().build().expect("nothing is missing");
            (operation.send)(request, &config);
            replayer.assert_finished();
        }
    }
    // Otherwise nothing was proved.
    assert!(secrets >= 15, "{secrets} messages hold secrets");
    assert!(plain >= 30, "{plain} files hold other texts");
}

#[test]
fn names_that_the_user_hides_are_hidden_wherever_they_are() {
    let answers = Answers::default().then(
        200,
        &[("x-amzn-requestid", "s3cret-id")],
        r#"{"cases":[{"subject":"s3cret-1","submittedBy":"s3cret-2","caseId":"case-1"}],"nextToken":"s3cret"}"#,
    );
    let base = config(answers).build().expect("nothing is missing");
    let recorder = Recorder::of(&base).hide(["subject", "submittedBy", "nextToken"]);
    let recorder = recorder.hide(["X-Amzn-RequestId"]);
    let list = |config: &Config| {
        let client = attache_support::Client::new(config);
        client.describe_cases().next_token("s3cret").send().wait()
    };
    list(&recorder.config()).expect("it is answered");
    let text = saved(&recorder, "hidden");
    assert!(!text.contains("s3cret"), "{text}");
    let replayer = Replayer::open(path("hidden")).expect("it was written");
    let page = list(&replayer.config().build().expect("nothing is missing"));
    let page = page.expect("it is recorded");
    let (cases, next) = (page.cases.unwrap_or_default(), page.next_token);
    assert_eq!(cases[0].case_id.as_deref(), Some("case-1"));
    let subject = cases[0].subject.as_deref().unwrap_or_default();
    assert!(subject.starts_with("REDACTED"), "{subject}");
    // The program sent this text itself.
    assert_eq!(next.as_deref(), Some("s3cret"));
}

#[test]
fn errors_keep_what_the_model_does_not_call_sensitive() {
    let error = r#"{"__type":"CaseIdNotFound","message":"no case-1","detail":"s3cret"}"#;
    let unknown = r#"{"__type":"NewError","message":"no case-1","detail":"s3cret"}"#;
    let answers = Answers::with(400, error).then(400, &[], unknown);
    let resolve = |client: &attache_support::Client| {
        let call = client.resolve_case().case_id("case-1");
        call.send().wait().expect_err("it is an error")
    };
    let text = record("errors", answers, |client| {
        resolve(client);
        resolve(client);
    });
    assert!(!text.contains("s3cret"), "{text}");
    replay("errors", |client| {
        for code in ["CaseIdNotFound", "NewError"] {
            let error = resolve(client);
            assert_eq!(
                (error.code(), error.message()),
                (Some(code), Some("no case-1"))
            );
        }
    })
    .assert_finished();
}

/// A request that is authenticated by a token.
struct WithToken(GetCaseRequest);

impl Request for WithToken {
    type Response = GetCaseResponse;
    type ServiceError = attache_security_ir::ServiceError;
    const OPERATION: &'static Operation = GetCaseRequest::OPERATION;
    const SCHEMES: &'static [Scheme] = &[Scheme::Bearer];

    fn validate(&self, level: Level) -> Result<(), Violations> {
        Request::validate(&self.0, level)
    }

    fn copied(&self) -> Option<attache_runtime::test::Copied> {
        self.0.copied()
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        self.0.encode()
    }

    fn decode(response: HttpResponse) -> Result<GetCaseResponse, DecodeError> {
        GetCaseRequest::decode(response)
    }
}

#[test]
fn a_bearer_token_is_sent_and_is_not_in_the_file() {
    let answers = Answers::default()
        .then(200, &[], r#"{"caseStatus": "Submitted"}"#)
        .then(
            403,
            &[],
            r#"{"message": "Bearer s3cret-token is not known", "token": "s3cret-token"}"#,
        )
        .then(
            403,
            &[],
            r#"{"message": "it was Authorization: Bearer s3cret-token"}"#,
        );
    let config = config(answers.clone())
        .bearer_token(BearerToken::new("s3cret-token"))
        .endpoint_url("https://proxy.example.com")
        .max_attempts(1)
        .build()
        .expect("nothing is missing");
    let recorder = Recorder::of(&config);
    let core = Core::new(GetCaseRequest::OPERATION.service, &recorder.config());
    let call = || {
        let request = GetCaseRequest {
            case_id: "1234567890".to_owned().into(),
            ..Default::default()
        };
        core.send(WithToken(request), CallOptions::default()).wait()
    };
    call().expect("it is answered");
    for _ in 0..2 {
        assert_eq!(call().expect_err("it is refused").status(), Some(403));
    }
    for sent in answers.sent() {
        assert_eq!(sent.header("authorization"), "Bearer s3cret-token");
    }
    assert_free_of_secrets(&saved(&recorder, "bearer"));
}

/// What a client reads of it is not known, so it must not be in a file.
#[test]
fn a_client_that_does_not_say_what_is_sensitive_is_not_recorded() {
    let recorder = Recorder::of(&Answers::default().config());
    let client = generated_by_0_2_rest_json::Client::new(&recorder.config());
    let error = client.ping().send().wait().expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    let text = format!("{error:#}");
    assert!(
        text.contains("Ping: the client crate was generated by an earlier version"),
        "{text}"
    );
}

#[test]
fn requests_for_credentials_are_not_recorded_and_cannot_be_replayed() {
    let recorder = Recorder::of(&Answers::default().config());
    let request = || {
        let mut request = http::Request::new(attache_runtime::Body::empty());
        *request.uri_mut() = "http://169.254.169.254/latest/api/token"
            .parse()
            .expect("a URL");
        request
    };
    use attache_runtime::transport::Transport;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    runtime
        .block_on(recorder.send(request()))
        .expect("it is answered");
    let text = saved(&recorder, "credentials");
    assert!(text.contains("\"exchanges\": []"), "{text}");
    let replayer = Replayer::open(path("credentials")).expect("it was written");
    let error = runtime
        .block_on(replayer.send(request()))
        .expect_err("it was not recorded");
    assert!(
        error.to_string().contains("configure credentials"),
        "{error}"
    );
}
