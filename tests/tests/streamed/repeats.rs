//! A request whose connection breaks is sent again with the same bytes, where a request in memory would be.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread::JoinHandle;

use attache_runtime::{ByteStream, CallOptions, RandomSource};
use attache_support::operation::AddAttachmentsToSetRequest;
use attache_support::types::Attachment;
use attache_tests::transport::Answers;

use super::{File, PIECE, client, config, content, set};

/// No pause between attempts.
#[derive(Debug)]
struct NoPause;

impl RandomSource for NoPause {
    fn next(&self) -> u64 {
        0
    }
}

/// Reads a request up to so many bytes of its body, and answers if that is all of it.
fn serve(stream: TcpStream, most: usize) -> Vec<u8> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a head is text");
        let line = line.to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
        if line.trim_end().is_empty() {
            break;
        }
    }
    let mut body = vec![0; length.min(most)];
    reader.read_exact(&mut body).expect("it arrives");
    if body.len() == length {
        let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";
        reader.get_mut().write_all(answer).expect("it is read");
    }
    body
}

/// A server that breaks off after so many bytes of each body.
fn breaking(most: [usize; 3]) -> (SocketAddr, JoinHandle<Vec<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    let thread = std::thread::spawn(move || {
        let connection = |most| serve(listener.accept().expect("somebody connects").0, most);
        most.map(connection).into()
    });
    (address, thread)
}

#[test]
fn after_a_broken_connection_the_same_bytes_are_sent_from_the_first_on() {
    let contents = [content(2 * PIECE + 5), content(700_000), content(3)];
    let files = contents.each_ref().map(|content| File::new(content));
    let (address, server) = breaking([0, 500_000, usize::MAX]);
    let config = config(&format!("http://{address}")).random_source(NoPause);
    let streams = files
        .each_ref()
        .map(|file| ("a.log".to_owned(), file.stream()));
    let options = CallOptions::default().retry_ambiguous(true);
    client(config)
        .send_with(set(streams), options)
        .wait()
        .expect("the third attempt is taken");
    let arrived = server.join().expect("it ends");
    let attachments = contents.map(|content| Attachment::new().file_name("a.log").data(content));
    let answers = Answers::default();
    let in_memory = AddAttachmentsToSetRequest {
        attachments: Some(attachments.into()),
        ..Default::default()
    };
    let call = attache_support::Client::new(&answers.config()).send(in_memory);
    call.wait().expect("it is taken");
    let expected = &answers.sent()[0].body;
    assert!(arrived[1] == expected[..500_000]);
    assert!(arrived[2] == expected[..]);
}

#[test]
fn a_request_that_may_have_taken_effect_is_not_sent_again() {
    let (address, server) = breaking([10_000, 0, 0]);
    let config = config(&format!("http://{address}")).random_source(NoPause);
    let stream = ByteStream::from(content(1_000_000));
    let call = client(config).send(set([("a.log".to_owned(), stream)]));
    let error = call.wait().expect_err("the connection broke");
    assert!(error.may_have_taken_effect(), "{error:#}");
    // It still waits for two connections.
    assert!(!server.is_finished(), "{error:#}");
}
