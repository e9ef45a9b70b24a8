//! What dry runs, mocks, recordings and the view of the wire make of such a request.

use std::path::PathBuf;

use attache_runtime::test::{Mock, Recorder, Replayer, config, when};
use attache_runtime::validation::Level;
use attache_runtime::{ByteStream, Streamed};
use attache_support::Client;
use attache_support::operation::{AddAttachmentsToSetRequest, AddAttachmentsToSetResponse};
use attache_tests::traced::Capture;
use attache_tests::transport::Answers;
use golden_aws_json::operation::EchoRequest;
use tracing_subscriber::fmt::format::FmtSpan;

use super::{content, set_of};

#[test]
fn a_dry_run_succeeds_by_the_error_of_the_service() {
    let answers = Answers::with(400, r#"{"__type":"DryRunOperationException"}"#);
    let request =
        set_of(ByteStream::from("evidence")).blob(ByteStream::from("more"), |request, data| {
            request.dry_run = Some(true);
            let attachment = attache_support::types::Attachment::new()
                .file_name("b.log")
                .data(data);
            request.attachments.get_or_insert_default().push(attachment);
        });
    let call = Client::new(&answers.config()).send(request);
    let response = call.wait().expect("it would succeed");
    assert_eq!(response, AddAttachmentsToSetResponse::default());
    assert_eq!(answers.sent()[0].json()["dryRun"], true);
}

#[test]
fn a_mock_sees_the_request_and_something_in_place_of_the_blob() {
    let mock = Mock::new().rule(
        when::<AddAttachmentsToSetRequest>(|request| {
            let attachments = request.attachments.as_deref().unwrap_or_default();
            attachments
                .iter()
                .all(|it| it.file_name.as_deref() == Some("a.log"))
        })
        .then(Ok(
            AddAttachmentsToSetResponse::default().attachment_set_id("set")
        )),
    );
    let client = Client::new(&mock.config().build().expect("it is complete"));
    let call = client.send(set_of(ByteStream::from("evidence")));
    let response = call.wait().expect("it is mocked");
    assert_eq!(response.attachment_set_id.as_deref(), Some("set"));
    let requests = mock.requests::<AddAttachmentsToSetRequest>();
    let attachments = requests[0].attachments.as_deref().unwrap_or_default();
    assert_eq!(
        attachments[0].data.as_ref().map(|data| data.len()),
        Some(30)
    );
}

#[test]
fn a_recording_is_replayed_by_the_same_lengths() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("streamed-set.json");
    let answers = Answers::with(200, r#"{"attachmentSetId":"set-1"}"#);
    let recorder = Recorder::of(&config(answers).build().expect("nothing is missing"));
    let request = || set_of(ByteStream::from(content(70_000)));
    let call = Client::new(&recorder.config()).send(request());
    call.wait().expect("it is recorded");
    recorder.save(&path).expect("it can be written");
    let text = std::fs::read_to_string(&path).expect("it was written");
    assert!(text.len() < 2_000, "{text}");
    let replayer = Replayer::open(&path).expect("it was written");
    let replayed = replayer.config().build().expect("nothing is missing");
    let response = Client::new(&replayed).send(request()).wait();
    let response = response.expect("it is replayed");
    assert_eq!(response.attachment_set_id.as_deref(), Some("set-1"));
    replayer.assert_finished();
}

/// The line of the request in the view of the wire.
fn line(call: impl FnOnce()) -> String {
    let capture = Capture::begin(tracing::Level::TRACE, FmtSpan::NONE);
    call();
    let lines = capture.end();
    let line = lines
        .lines()
        .find(|line| line.contains("attache::wire: request"));
    line.expect("the request is shown").to_owned()
}

#[test]
fn the_view_of_the_wire_has_the_lengths_of_sources_and_hides_what_is_sensitive() {
    let answers = Answers::default();
    let config = answers.builder().trace_wire(1 << 20).build();
    let config = config.expect("nothing is missing");
    let line_of_echo = line(|| {
        let request = EchoRequest {
            a_string: Some("plain".to_owned()),
            ..Default::default()
        };
        let request = Streamed::new(request).blob(ByteStream::from("evidence"), |request, blob| {
            request.a_blob = Some(blob);
        });
        let client = golden_aws_json::Client::new(&config).with_validation(Level::Off);
        client.send(request).wait().expect("it is taken");
    });
    assert!(line_of_echo.contains("streamed: 8 bytes"), "{line_of_echo}");
    let length = answers.sent()[0].body.len();
    assert!(
        line_of_echo.contains(&format!("body.size={length}")),
        "{line_of_echo}"
    );
    let line_of_set = line(|| {
        let call = Client::new(&config).send(set_of(ByteStream::from("evidence")));
        call.wait().expect("it is taken");
    });
    assert!(line_of_set.contains("** redacted **"), "{line_of_set}");
    assert!(!line_of_set.contains("streamed: "), "{line_of_set}");
    assert!(!line_of_set.contains("a.log"), "{line_of_set}");
}
