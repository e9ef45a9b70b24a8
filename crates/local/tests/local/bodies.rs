//! Bodies that would fill memory: which are read, and how many at once.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use attache_local::Local;

use crate::stage::{Stage, send, support_case};

const TARGET: &str = "AWSSupport_20130415.CreateCase";

/// A call whose body is announced and not sent: the server requests it when there is space.
fn announce(local: &Local, length: usize) -> TcpStream {
    let mut stream = TcpStream::connect(local.address()).expect("somebody listens");
    let head = format!(
        "POST / HTTP/1.1\r\nhost: {}\r\nx-amz-target: {TARGET}\r\nexpect: 100-continue\r\ncontent-length: {length}\r\n\r\n",
        local.address()
    );
    stream.write_all(head.as_bytes()).expect("it is sent");
    stream
}

/// The first line that arrives within the time, or `None`.
fn first_line(stream: &mut TcpStream, time: Duration) -> String {
    stream.set_read_timeout(Some(time)).expect("it can be set");
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n")
        && let Ok(1) = stream.read(&mut byte)
    {
        bytes.push(byte[0]);
    }
    String::from_utf8_lossy(&bytes).trim_end().to_owned()
}

const SOON: Duration = Duration::from_secs(30);

#[tokio::test]
async fn large_bodies_wait_for_each_other_and_small_ones_for_none() {
    let stage = Stage::with(|builder| builder.accept_any_signature(true)).await;
    let mut waiting: Vec<TcpStream> = (0..24)
        .map(|_| announce(&stage.local, 60_000_000))
        .collect();
    // There is space for two; a small call completes meanwhile, and shows that the others wait.
    let asked = |streams: &mut Vec<TcpStream>, time| {
        let lines = streams.iter_mut().map(|stream| first_line(stream, time));
        lines.filter(|line| line == "HTTP/1.1 100 Continue").count()
    };
    let mut first_two: Vec<TcpStream> = waiting.drain(..2).collect();
    assert_eq!(asked(&mut first_two, SOON), 2);
    support_case(&stage).await;
    assert_eq!(asked(&mut waiting, Duration::from_millis(1)), 0);
    // Released space goes to the next ones.
    drop(first_two);
    let mut next_two: Vec<TcpStream> = waiting.drain(..2).collect();
    assert_eq!(asked(&mut next_two, SOON), 2);
}

#[tokio::test]
async fn no_body_is_requested_from_a_refused_sender() {
    let stage = Stage::new().await;
    for _ in 0..24 {
        let mut stream = announce(&stage.local, 59_000_000);
        assert_eq!(first_line(&mut stream, SOON), "HTTP/1.1 403 Forbidden");
    }
}

/// Four megabytes of text that would be a hundred times as many in memory.
#[tokio::test]
async fn a_list_of_empty_structures_is_not_built() {
    let stage = Stage::with(|builder| builder.accept_any_signature(true)).await;
    let target = ("x-amz-target", "AWSSupport_20130415.AddAttachmentsToSet");
    let elements = vec!["{}"; 3 << 19].join(",");
    let body = format!("{{\"attachments\": [{elements}]}}").into_bytes();
    let answer = send("POST", stage.local.endpoint(), &[target], body).await;
    let answer = answer.expect("it is answered");
    let text = String::from_utf8_lossy(answer.body());
    let is_limit = text.contains("SerializationException") && text.contains("the value limit");
    assert!(is_limit, "{text}");
}

#[tokio::test]
async fn a_refused_sender_gets_the_response_after_the_body_is_sent() {
    let stage = Stage::new().await;
    let headers = [("x-amz-target", TARGET)];
    let body = vec![b' '; 8 << 20];
    let answer = send("POST", stage.local.endpoint(), &headers, body).await;
    assert_eq!(answer.expect("it is answered").status(), 403);
}
