//! Requests in requests: messages whose ends can be read in two ways.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use attache_local::Local;

use crate::stage::Stage;

const TARGET: &str = "AWSSupport_20130415.CreateCase";
const BODY: &str = r#"{"subject": "s", "communicationBody": "b"}"#;

/// Sends bytes as they are, and returns all that comes until the server closes or is silent for the time.
fn exchange(local: &Local, bytes: &[u8], silence: Duration) -> String {
    let mut stream = TcpStream::connect(local.address()).expect("somebody listens");
    stream
        .set_read_timeout(Some(silence))
        .expect("it can be set");
    // The server may refuse what it has seen so far.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(length @ 1..) = stream.read(&mut buffer) {
        answer.extend_from_slice(&buffer[..length]);
    }
    String::from_utf8_lossy(&answer).into_owned()
}

async fn cases(stage: &Stage) -> usize {
    let listed = stage.support.describe_cases().max_results(100).send().await;
    let listed = listed.expect("they are listed");
    listed.cases.map_or(0, |cases| cases.len())
}

#[tokio::test]
async fn a_request_in_a_request_opens_no_second_case() {
    let stage = Stage::with(|builder| builder.accept_any_signature(true)).await;
    let host = stage.local.address().to_string();
    let inner = format!(
        "POST / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\nx-amz-target: {TARGET}\r\ncontent-length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let chunked = format!("{:x}\r\n{BODY}\r\n0\r\n\r\n", BODY.len());
    let (length, all) = (BODY.len(), BODY.len() + inner.len());
    let framings = [
        format!("content-length: {length}\r\ncontent-length: {all}\r\n\r\n{BODY}{inner}"),
        format!("content-length: {length}, {all}\r\n\r\n{BODY}{inner}"),
        format!("content-length: +{length}\r\n\r\n{BODY}{inner}"),
        format!("content-length: 0x{length:x}\r\n\r\n{BODY}{inner}"),
        format!("content-length: {length} {all}\r\n\r\n{BODY}{inner}"),
        format!("content-length : {length}\r\n\r\n{BODY}{inner}"),
        format!(" content-length: {length}\r\n\r\n{BODY}{inner}"),
        format!("content-length: {length}\r\n {all}\r\n\r\n{BODY}{inner}"),
        format!("content-length: -1\r\n\r\n{BODY}{inner}"),
        format!("content-length: 99999999999999999999\r\n\r\n{BODY}{inner}"),
        format!("transfer-encoding: chunked\r\ncontent-length: {length}\r\n\r\n{chunked}{inner}"),
        format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n\r\n{chunked}{inner}"),
        format!("transfer-encoding: chunked, identity\r\n\r\n{chunked}{inner}"),
        format!("transfer-encoding: identity\r\ncontent-length: {length}\r\n\r\n{BODY}{inner}"),
        format!("transfer-encoding: xchunked\r\ncontent-length: {length}\r\n\r\n{BODY}{inner}"),
        format!("transfer-encoding : chunked\r\ncontent-length: {length}\r\n\r\n{BODY}{inner}"),
        format!("transfer-encoding:\x0bchunked\r\ncontent-length: {length}\r\n\r\n{BODY}{inner}"),
        format!("transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n{chunked}{inner}"),
        format!("transfer-encoding: chunked\r\n\r\n-1\r\n{BODY}\r\n0\r\n\r\n{inner}"),
        format!("transfer-encoding: chunked\r\n\r\n0x{length:x}\r\n{BODY}\r\n0\r\n\r\n{inner}"),
    ];
    let mut opened = 0;
    for framing in &framings {
        let outer =
            format!("POST / HTTP/1.1\r\nhost: {host}\r\nx-amz-target: {TARGET}\r\n{framing}");
        let answer = exchange(&stage.local, outer.as_bytes(), Duration::from_millis(300));
        let answers = answer.matches("HTTP/1.1 ").count();
        let now = cases(&stage).await;
        let by_this = now - opened;
        opened = now;
        // A second request on a connection is not part of the first, so it gets a response, too. No bytes of one
        // message may be read as another.
        assert!(
            by_this <= answers,
            "{framing:?} opened {by_this} with {answers} answers"
        );
        let head = framing.split("\r\n\r\n").next().unwrap_or_default();
        let is_ambiguous = head.contains("content-length") && head.contains("transfer-encoding");
        assert!(
            !is_ambiguous || by_this <= 1,
            "{framing:?} opened {by_this}: {answer}"
        );
    }
    assert!(framings.len() >= 20);
}
