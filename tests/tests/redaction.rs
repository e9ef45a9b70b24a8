//! `Debug` and `Display` show no sensitive value, no secret and no presigned URL.

use std::sync::{Arc, Mutex};

use attache_runtime::operation::ServiceError;
use attache_runtime::plumbing::message::HttpResponse;
use attache_runtime::{Attempt, Config, Credentials, Error, Interceptor, Outcome};
use attache_tests::operations::services;
use attache_tests::sample::{Model, PLAIN, SECRET, serde, wire};
use attache_tests::transport::Answers;
use http::HeaderMap;

/// What `Debug` makes of the plain text, which shows that it shows anything.
fn shown(text: &str) -> bool {
    text.contains(PLAIN)
}

#[test]
fn requests_and_responses_hide_what_the_model_says() {
    let (mut secrets, mut plain) = (0, 0);
    for service in services() {
        let model = Model::of(service.name);
        for operation in &service.operations {
            let (_, shape) = model
                .shapes_of_type("operation")
                .into_iter()
                .find(|(name, _)| *name == operation.name)
                .expect("it is in the model");
            let request = serde(&model.members(shape, "input"));
            let response = wire(&model.members(shape, "output"));
            let texts = [
                (request.to_string(), (operation.debug_request)(request)),
                (
                    response.to_string(),
                    (operation.debug_response)(HttpResponse::new(
                        200,
                        HeaderMap::new(),
                        response.to_string(),
                    )),
                ),
            ];
            for (value, debug) in texts {
                assert!(!debug.contains(SECRET), "{}: {debug}", operation.name);
                secrets += usize::from(value.contains(SECRET));
                plain += usize::from(shown(&debug));
            }
        }
    }
    // Otherwise nothing was proved.
    assert!(secrets >= 15, "{secrets} messages hold secrets");
    assert!(plain >= 50, "{plain} messages show other texts");
}

#[test]
fn presigned_urls_are_hidden_although_not_every_model_says_so() {
    for (name, members) in [
        ("support", ["DownloadUrl", "UploadUrl"]),
        (
            "security-ir",
            [
                "GetCaseAttachmentDownloadUrlResponse",
                "GetCaseAttachmentUploadUrlResponse",
            ],
        ),
    ] {
        let model = Model::of(name);
        for structure in members {
            let (_, shape) = model
                .shapes_of_type("structure")
                .into_iter()
                .find(|(name, _)| *name == structure)
                .expect("it is in the model");
            let urls: Vec<_> = model
                .structure(shape)
                .into_iter()
                .filter(|member| member.name.to_lowercase().ends_with("url"))
                .collect();
            assert_eq!(urls.len(), 1, "{structure}");
            assert_eq!(
                urls[0].wire, SECRET,
                "{structure}${} is not sensitive",
                urls[0].name
            );
        }
    }
}

#[test]
fn builders_and_calls_hide_what_requests_hide() {
    let config = Answers::default().config();
    let client = attache_security_ir::Client::new(&config);
    let call = client
        .create_case()
        .title(SECRET)
        .description(SECRET)
        .client_token("visible");
    let text = format!("{call:?}");
    assert!(text.contains("visible") && !text.contains(SECRET), "{text}");
    let text = format!("{:?}", call.send());
    assert_eq!(text, "Call(CreateCase)");
}

#[test]
fn credentials_configurations_and_clients_hide_secrets() {
    let credentials = Credentials::new("AKIDEXAMPLE", SECRET).session_token(SECRET);
    let builder = Config::builder()
        .region("eu-central-1")
        .credentials(credentials.clone())
        .transport(Answers::default());
    let config = builder.clone().build().expect("nothing is missing");
    let client = attache_support::Client::new(&config);
    for text in [
        format!("{credentials:?}"),
        format!("{builder:?}"),
        format!("{config:?}"),
        format!("{client:?}"),
        format!("{:#?}", client.create_case()),
    ] {
        assert!(
            text.contains("AKIDEXAMPLE") && !text.contains(SECRET),
            "{text}"
        );
    }
}

#[test]
fn errors_do_not_show_the_body_they_were_read_from() {
    let body = format!(r#"{{"__type":"Surprise","message":"visible","other":"{SECRET}"}}"#);
    let client = attache_support::Client::new(&Answers::with(400, &body).config());
    let error = client
        .describe_services()
        .send()
        .wait()
        .expect_err("the status is 400");
    for text in [
        format!("{error:?}"),
        format!("{error}"),
        format!("{:?}", error.response()),
    ] {
        assert!(!text.contains(SECRET), "{text}");
    }
    assert!(format!("{error:#}").contains("visible"));
    let bytes = error.response().expect("there was one").bytes();
    assert_eq!(bytes.as_ref(), body.as_bytes(), "it is there for who asks");
}

#[test]
fn signed_requests_hide_signature_and_token() {
    let answers = Answers::default();
    let config = answers
        .builder()
        .credentials(Credentials::new("AKIDEXAMPLE", SECRET).session_token(SECRET))
        .build()
        .expect("nothing is missing");
    attache_support::Client::new(&config)
        .describe_services()
        .send()
        .wait()
        .expect("it is answered");
    let sent = answers.sent();
    let text = format!("{:?}", sent[0].headers);
    assert!(
        !text.contains(SECRET) && !text.contains("Signature="),
        "{text}"
    );
    assert!(sent[0].header("authorization").contains("Signature="));
    assert_eq!(sent[0].header("x-amz-security-token"), SECRET);
}

/// Everything that a program can print of the errors of one call: what interceptors see, and what the call ends with.
fn shown_of_error<S: ServiceError>(
    answers: &Answers,
    call: impl FnOnce(Config) -> Result<(), Error<S>>,
) -> Vec<String> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let config = answers.builder().interceptor(Seen(seen.clone())).build();
    let error = call(config.expect("it is complete")).expect_err("the service refuses");
    let mut shown = std::mem::take(&mut *seen.lock().expect("no test panicked"));
    shown.extend([
        format!("{error}"),
        format!("{error:#}"),
        format!("{error:?}"),
        format!("{error:#?}"),
    ]);
    shown.extend(error.message().map(str::to_owned));
    let service = error.service().expect("the model knows it");
    shown.extend([format!("{service}"), format!("{service:?}")]);
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        shown.extend([format!("{error}"), format!("{error:?}")]);
        source = error.source();
    }
    shown
}

/// Keeps what failed attempts show of themselves.
#[derive(Debug)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Interceptor for Seen {
    fn after_attempt(&self, _: &Attempt<'_>, outcome: &Outcome<'_>) {
        let failure = outcome.failure.expect("the service refuses");
        let shown = [
            format!("{failure}"),
            format!("{failure:#}"),
            format!("{failure:?}"),
            format!("{failure:#?}"),
        ];
        self.0.lock().expect("no test panicked").extend(shown);
    }
}

#[test]
fn errors_hide_messages_that_the_model_calls_sensitive() {
    let body = |code: &str| {
        format!(r#"{{"__type": "{code}", "message": "{SECRET}", "name": "{SECRET}"}}"#)
    };
    // The whole structure is sensitive, or the message alone, also under the code of the query protocol.
    for code in ["Private", "Quiet", "Example.Quiet"] {
        let answers = Answers::with(403, &body(code));
        let shown = shown_of_error(&answers, |config| {
            let client = golden_rest_json::Client::new(&config);
            client.aux().send().wait().map(drop)
        });
        assert_no_secret(code, &shown);
    }
    let answers = Answers::with(400, &body("example.calls#Quiet"));
    let shown = shown_of_error(&answers, |config| {
        let client = golden_aws_json::Client::new(&config);
        client.nothing().send().wait().map(drop)
    });
    assert_no_secret("Quiet", &shown);
    // What is not sensitive is shown, which shows that anything is.
    let answers = Answers::with(403, &body("Gone"));
    let shown = shown_of_error(&answers, |config| {
        let client = golden_rest_json::Client::new(&config);
        client.aux().send().wait().map(drop)
    });
    assert!(shown.iter().any(|text| text.contains(SECRET)), "{shown:?}");
}

fn assert_no_secret(code: &str, shown: &[String]) {
    assert!(shown.len() >= 8, "{code}: {shown:?}");
    for text in shown {
        assert!(!text.contains(SECRET), "{code}: {text}");
    }
}
