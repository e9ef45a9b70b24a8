//! What is refused before anything is sent.

use attache_runtime::validation::Level;
use attache_runtime::{ByteStream, ErrorKind, Streamed};
use attache_support::operation::AddAttachmentsToSetRequest;
use attache_support::types::Attachment;
use attache_tests::transport::Answers;

use super::{content, set, set_of};

/// The error of a call of which nothing was sent.
fn refused(request: Streamed<AddAttachmentsToSetRequest>) -> String {
    let answers = Answers::default();
    let client = attache_support::Client::new(&answers.config());
    let error = client.send(request).wait().expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::Request, "{error:#}");
    assert!(answers.sent().is_empty());
    format!("{error:#}")
}

#[test]
fn a_stream_that_is_read_once_cannot_be_a_source() {
    let text = refused(set_of(ByteStream::new(String::from("evidence"))));
    assert!(
        text.contains("source 1") && text.contains("can be read only once"),
        "{text}"
    );
}

#[test]
fn a_blob_that_is_not_set_or_set_twice_is_an_error() {
    let request = Streamed::new(AddAttachmentsToSetRequest {
        attachments: Some(vec![Attachment::new().file_name("a.log")]),
        ..Default::default()
    });
    let text = refused(request.blob(ByteStream::from("evidence"), |_, _| ()));
    assert!(text.contains("does not have its blob"), "{text}");
    let request = set_of(ByteStream::from("first"));
    let text = refused(request.blob(ByteStream::from("second"), |request, data| {
        let attachment = Attachment::new().file_name("b.log").data(data);
        request.attachments = Some(vec![attachment.clone(), attachment]);
    }));
    // The second source has replaced the first one.
    assert!(
        text.contains("source 1") && text.contains("does not have"),
        "{text}"
    );
    let request = Streamed::new(AddAttachmentsToSetRequest::default());
    let text = refused(request.blob(ByteStream::from("twice"), |request, data| {
        let attachment = Attachment::new().file_name("b.log").data(data);
        request.attachments = Some(vec![attachment.clone(), attachment]);
    }));
    assert!(text.contains("in two places"), "{text}");
}

#[test]
fn the_length_of_a_source_is_validated_as_that_of_bytes() {
    const LIMIT: u64 = 5 * 1024 * 1024;
    let answers = Answers::default();
    let client = attache_support::Client::new(&answers.config());
    let source = |length| ByteStream::from_source(length, || Err("it is not read".into()));
    let error = client.send(set_of(source(LIMIT + 1))).wait();
    let error = error.expect_err("it is too long");
    let bytes = Attachment::new()
        .file_name("a.log")
        .data(content(LIMIT as usize + 1));
    let call = client.add_attachments_to_set().attachments([bytes]).send();
    let expected = call.wait().expect_err("it is too long");
    assert_eq!(format!("{error:#}"), format!("{expected:#}"));
    assert!(error.violations().is_some(), "{error:#}");
    // Four files are as many as in memory.
    let files = (0..4).map(|at| (format!("{at}.log"), source(LIMIT)));
    let error = client
        .send(set(files))
        .wait()
        .expect_err("they are too many");
    assert!(format!("{error:#}").contains("at most 3"), "{error:#}");
    assert!(answers.sent().is_empty());
    // At a level without limits, it is read.
    let unlimited = client.with_validation(Level::Off);
    let error = unlimited.send(set_of(source(LIMIT + 1))).wait();
    let text = format!("{:#}", error.expect_err("it cannot be read"));
    assert!(text.contains("it is not read"), "{text}");
}

#[test]
fn what_is_no_base64_in_json_is_refused() {
    let answers = Answers::default();
    let request = golden_rpcv2_cbor::operation::PackRequest::default();
    let request = Streamed::new(request).blob(ByteStream::from("evidence"), |request, blob| {
        request.content = Some(blob);
    });
    let client = golden_rpcv2_cbor::Client::new(&answers.config());
    let error = client.with_validation(Level::Off).send(request).wait();
    let text = format!("{:#}", error.expect_err("it is CBOR"));
    assert!(text.contains("in a body of JSON"), "{text}");
    let request = golden_rest_json::operation::EchoBlobRequest::default();
    let request = Streamed::new(request).blob(ByteStream::from("evidence"), |request, blob| {
        request.payload = Some(blob);
    });
    let client = golden_rest_json::Client::new(&answers.config());
    let error = client.with_validation(Level::Off).send(request).wait();
    let text = format!("{:#}", error.expect_err("it is the whole body"));
    assert!(text.contains("in a body of JSON"), "{text}");
    assert!(answers.sent().is_empty());
}
