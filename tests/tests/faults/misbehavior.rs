//! What servers do wrong: the rows of the table that a request is answered in.

use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::server::{Received, answer, hang_up, write};

/// A URL that gives access to whoever has it.
pub(crate) const PRESIGNED: &str =
    "https://evidence.s3.amazonaws.com/dump?X-Amz-Credential=AKID&X-Amz-Signature=5f2c9d";

pub(crate) type Fault = fn(&Received, &mut TcpStream) -> bool;

pub(crate) const FAULTS: &[(&str, Fault)] = &[
    ("closed before the head", |_, stream| hang_up(stream)),
    ("closed within the head", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\ncontent-le") && hang_up(stream)
    }),
    ("closed after the head", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n") && hang_up(stream)
    }),
    ("half a body", |_, stream| {
        write(
            stream,
            b"HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\n{\"caseId\":",
        ) && hang_up(stream)
    }),
    ("half a chunked body", |_, stream| {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n";
        write(stream, head) && hang_up(stream)
    }),
    ("content length too long", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}");
        wait(stream)
    }),
    ("content length too short", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{}") && hang_up(stream)
    }),
    ("content length is not a number", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}") && hang_up(stream)
    }),
    ("no response", |_, stream| wait(stream)),
    ("no body after the head", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n");
        wait(stream)
    }),
    ("one byte at a time", |_, stream| {
        let mut flows = write(
            stream,
            b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n",
        );
        while flows {
            std::thread::sleep(Duration::from_millis(20));
            flows = write(stream, b" ");
        }
        false
    }),
    ("not HTTP", |_, stream| {
        write(stream, b"220 mail.example.com ESMTP\r\n") && hang_up(stream)
    }),
    ("not JSON", |_, stream| {
        answer(stream, "200 OK", "", &format!("\u{1}\u{2} {PRESIGNED}"))
    }),
    ("incomplete JSON", |_, stream| {
        answer(stream, "200 OK", "", r#"{"caseId":"#)
    }),
    ("deeply nested JSON", |_, stream| {
        answer(
            stream,
            "200 OK",
            "",
            &format!("{{\"x\":{}", "[".repeat(1_000_000)),
        )
    }),
    ("list of empty structures", |_, stream| {
        let body = format!(
            r#"{{"services":[{{}}{}],"caseId":[{{}}]}}"#,
            ",{}".repeat(200_000)
        );
        answer(stream, "200 OK", "", &body)
    }),
    ("unrequested gzip", |_, stream| {
        let head = "content-encoding: gzip\r\n";
        answer(stream, "200 OK", head, "\u{1f}\u{8b}\u{8}")
    }),
    ("text with terminal control characters", |_, stream| {
        let body =
            r#"{"__type":"Odd\u001b[2J","message":"\u001b]0;x\u0007\r\nforged: line\u202e"}"#;
        answer(stream, "400 Bad Request", "", body)
    }),
    ("HTML of a proxy, 200", |_, stream| {
        answer(
            stream,
            "200 OK",
            "content-type: text/html\r\n",
            &format!("<a href=\"{PRESIGNED}\">"),
        )
    }),
    ("HTML of a proxy, 502", |_, stream| {
        answer(
            stream,
            "502 Bad Gateway",
            "content-type: text/html\r\n",
            &format!("<a href=\"{PRESIGNED}\">"),
        )
    }),
    ("HTML of a proxy, 407", |_, stream| {
        answer(
            stream,
            "407 Proxy Authentication Required",
            "content-type: text/html\r\n",
            "<html>",
        )
    }),
    ("closed after a complete response", |_, stream| {
        answer(stream, "200 OK", "", "{}") && hang_up(stream)
    }),
    ("incomplete body with status 403", |_, stream| {
        write(stream, b"HTTP/1.1 403 No\r\ncontent-length: 30\r\n\r\n{") && hang_up(stream)
    }),
    ("303, possibly after acting", |_, stream| {
        answer(stream, "303 See Other", "", "")
    }),
    ("408, possibly after acting", |_, stream| {
        answer(stream, "408 Request Timeout", "connection: close\r\n", "") && hang_up(stream)
    }),
    ("421, possibly after acting", |_, stream| {
        answer(stream, "421 Misdirected Request", "", "")
    }),
    ("internal error with status 400", |_, stream| {
        answer(
            stream,
            "400 Bad Request",
            "",
            r#"{"__type":"InternalFailure"}"#,
        )
    }),
    ("1 GB with a content length", |_, stream| {
        write(
            stream,
            b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n",
        ) && flood(stream)
    }),
    ("1 GB without a content length", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n") && flood(stream)
    }),
    ("1 GB with status 500", |_, stream| {
        write(stream, b"HTTP/1.1 500 Oh\r\nconnection: close\r\n\r\n") && flood(stream)
    }),
    ("unknown error code", |_, stream| {
        answer(
            stream,
            "400 Bad Request",
            "",
            r#"{"__type":"NeverHeardOf","message":"no"}"#,
        )
    }),
    ("error without code", |_, stream| {
        answer(stream, "400 Bad Request", "", "")
    }),
    ("redirect", |_, stream| {
        let location = format!("location: {PRESIGNED}\r\n");
        answer(stream, "307 Temporary Redirect", &location, "")
    }),
    ("503 to every request", |_, stream| {
        answer(stream, "503 Service Unavailable", "", "")
    }),
    ("throttling of every request", |_, stream| {
        answer(
            stream,
            "400 Bad Request",
            "",
            r#"{"__type":"ThrottlingException"}"#,
        )
    }),
    ("wrong clock, signature refused", |received, stream| {
        let body = r#"{"__type":"InvalidSignatureException"}"#;
        let date = "date: Mon, 01 Jan 2035 00:00:00 GMT\r\n";
        if received.number == 0 {
            answer(stream, "403 Forbidden", date, body)
        } else {
            answer(stream, "200 OK", date, "{}")
        }
    }),
    ("only the `Date` header is wrong", |_, stream| {
        answer(
            stream,
            "200 OK",
            "date: Thu, 99 Foo 2035 00:00:00 GMT\r\n",
            "{}",
        )
    }),
];

/// Keeps the connection and sends nothing until the client closes it.
fn wait(stream: &mut TcpStream) -> bool {
    let _ = stream.peek(&mut [0]);
    false
}

pub(crate) static FLOODED: AtomicU64 = AtomicU64::new(0);

/// Sends up to 1 GB.
fn flood(stream: &mut TcpStream) -> bool {
    let piece = vec![b' '; 1 << 16];
    for _ in 0..(1 << 14) {
        if !write(stream, &piece) {
            break;
        }
        FLOODED.fetch_add(piece.len() as u64, Ordering::Relaxed);
    }
    false
}
