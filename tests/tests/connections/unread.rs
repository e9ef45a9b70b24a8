//! Servers that answer and close before they have read the request.

use std::io::{BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};

use attache_runtime::Body;
use attache_support::types::Attachment;
use attache_support::{Client, Error, ErrorKind};

use super::server::{read_head, serve};
use super::{Over, TRANSPORTS, config, current_thread};

/// Enough that no socket takes it all before somebody reads.
const LENGTH: usize = 4_000_000;

/// A call with a long body, which is not repeated.
pub(crate) fn upload(client: &Client) -> Result<(), Error> {
    let attachment = Attachment::new()
        .data(vec![7; LENGTH])
        .file_name("memory.dump");
    let call = client.add_attachments_to_set().attachments([attachment]);
    current_thread().block_on(call.send()).map(|_| ())
}

#[derive(Clone, Copy, Debug)]
enum End {
    /// The socket closes with bytes unread, which resets the connection.
    Reset,
    /// The server ends what it sends, and reads on until the client ends, too.
    Drain,
}

/// Answers after the head and a piece of the body.
fn refuse(mut stream: TcpStream, answer: &[u8], end: End) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    if read_head(&mut reader).is_none() {
        return;
    }
    let _ = stream.write_all(answer);
    match end {
        End::Reset => drop(reader),
        End::Drain => {
            let _ = stream.shutdown(Shutdown::Write);
            let _ = std::io::copy(&mut reader, &mut std::io::sink());
        }
    }
}

fn outcome(over: Over, answer: &'static [u8], end: End) -> Error {
    let server = serve(move |stream| refuse(stream, answer, end));
    let client = over.client(config(&server.url()));
    let error = upload(&client).expect_err("it is refused");
    assert_eq!(server.connections(), 1, "one attempt");
    error
}

#[test]
fn what_the_server_said_decides_although_the_body_could_not_be_written() {
    let answers: [&[u8]; 4] = [
        b"HTTP/1.1 403 No\r\ncontent-length: 21\r\n\r\n{\"__type\":\"TooLarge\"}",
        b"HTTP/1.1 403 No\r\nconnection: close\r\ncontent-length: 21\r\n\r\n{\"__type\":\"TooLarge\"}",
        b"HTTP/1.1 403 No\r\nconnection: close\r\n\r\n{\"__type\":\"TooLarge\"}",
        b"HTTP/1.1 403 No\r\ntransfer-encoding: chunked\r\n\r\n15\r\n{\"__type\":\"TooLarge\"}\r\n0\r\n\r\n",
    ];
    for answer in answers {
        let text = String::from_utf8_lossy(answer);
        for end in [End::Reset, End::Drain] {
            for _ in 0..2 {
                let error = outcome(Over::Hyper, answer, end);
                assert_eq!(error.status(), Some(403), "{end:?}, {text}: {error}");
                // Without a length, a reset leaves open whether the body was whole.
                if error.kind() != ErrorKind::Io {
                    assert_eq!(error.code(), Some("TooLarge"), "{end:?}, {text}: {error}");
                } else {
                    assert!(text.contains("close\r\n\r\n"), "{end:?}, {text}: {error}");
                }
                assert!(!error.may_have_taken_effect(), "{error}");
            }
        }
    }
}

#[test]
fn an_answer_that_is_cut_is_judged_by_its_status() {
    for (answer, acted) in [
        (
            &b"HTTP/1.1 403 No\r\ncontent-length: 20\r\n\r\n{\"__type\""[..],
            false,
        ),
        (
            &b"HTTP/1.1 500 No\r\ncontent-length: 20\r\n\r\n{\"__type\""[..],
            true,
        ),
    ] {
        for end in [End::Reset, End::Drain] {
            let error = outcome(Over::Hyper, answer, end);
            assert_eq!(error.kind(), ErrorKind::Io, "{error}");
            assert_eq!(error.may_have_taken_effect(), acted, "{error}");
            assert!(error.status().is_some(), "{error}");
        }
    }
}

#[test]
fn a_connection_that_closes_without_an_answer_is_broken() {
    for over in TRANSPORTS {
        for answer in [&b""[..], b"HTTP/1.1 403 N"] {
            for end in [End::Reset, End::Drain] {
                let error = outcome(over, answer, end);
                assert_eq!(error.kind(), ErrorKind::Io, "{over:?}, {end:?}: {error}");
                assert!(error.may_have_taken_effect() && error.status().is_none());
            }
        }
    }
}

/// As files are uploaded: the storage refuses a URL that has expired without a look at what is sent.
#[test]
fn storage_that_refuses_an_upload_is_heard_over_the_transport_of_a_configuration() {
    let answer =
        b"HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 9\r\n\r\n<expired>";
    for end in [End::Reset, End::Drain] {
        let server = serve(move |stream| refuse(stream, answer, end));
        let config = config(&server.url()).build().expect("nothing is missing");
        for _ in 0..2 {
            let body = Body::Bytes(vec![7; LENGTH].into());
            let request = http::Request::put(server.url()).body(body);
            let sending = config.transport().send(request.expect("a request"));
            let text = current_thread().block_on(async {
                let response = sending.await.expect("it is answered");
                assert_eq!(response.status(), 403);
                response.into_body().collect().await.expect("it is whole")
            });
            assert_eq!(text, "<expired>");
        }
    }
}

/// An answer before the body is whole may also come from a server that goes on reading.
#[test]
fn an_early_answer_of_a_server_that_reads_on_is_an_answer() {
    for over in TRANSPORTS {
        let server = serve(|mut stream: TcpStream| {
            let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
            while let Some((_, length)) = read_head(&mut reader) {
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                stream.write_all(answer).expect("it is read");
                let mut body = Read::by_ref(&mut reader).take(length as u64);
                let _ = std::io::copy(&mut body, &mut std::io::sink());
            }
        });
        let client = over.client(config(&server.url()));
        for _ in 0..3 {
            upload(&client).expect("it is answered");
        }
    }
}
