//! Responses that break off: the error says whose they were, how far they came, and how to get the rest.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

use attache_runtime::transport::HyperTransport;
use attache_runtime::{
    BoxError, ByteStream, Config, ConfigBuilder, Credentials, ErrorKind, Timestamp,
};

use crate::stage::{Get, NOW, send};

const SENT: usize = 4096;

/// A server that sends so many bytes of a body to one request, and closes the connection.
fn serve(headers: &'static str, sent: Vec<u8>) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("somebody connects");
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        while reader.read_line(&mut line).expect("a head is text") > 2 {
            line.clear();
        }
        let head = format!("HTTP/1.1 200 OK\r\n{headers}\r\n");
        let stream = reader.get_mut();
        stream.write_all(head.as_bytes()).expect("it is read");
        stream.write_all(&sent).expect("it is read");
    });
    (address, thread)
}

fn client(address: SocketAddr) -> ConfigBuilder {
    Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .endpoint_url(format!("http://{address}"))
        .transport(HyperTransport::new().expect("a transport"))
        .time_source(NOW.parse::<Timestamp>().expect("a time"))
        .max_attempts(1)
}

/// A chunk of the transfer, and the beginning of another one.
fn chunk() -> Vec<u8> {
    let data = vec![7; SENT];
    [&b"1000\r\n"[..], &data, b"\r\n1000\r\n"].concat()
}

/// How many bytes a stream has before its error.
async fn until_error(mut stream: ByteStream) -> (usize, BoxError) {
    let mut received = 0;
    loop {
        match stream.next().await.expect("the end is an error") {
            Ok(piece) => received += piece.len(),
            Err(error) => return (received, error),
        }
    }
}

#[tokio::test]
async fn a_stream_says_whose_it_was_and_how_far_it_came() {
    for (headers, sent, progress, advice) in [
        (
            "content-length: 10000\r\naccept-ranges: bytes\r\n",
            vec![7; SENT],
            "after 4096 of 10000 bytes",
            "ask for the rest with the range `bytes=4096-`",
        ),
        (
            "content-length: 10000\r\ncontent-range: bytes 500-10499/20000\r\n",
            vec![7; SENT],
            "after 4096 of 10000 bytes",
            "ask for the rest with the range `bytes=4596-10499`",
        ),
        (
            "content-length: 10000\r\ncontent-range: bytes 18446744073709551615-0/*\r\n",
            vec![7; SENT],
            "after 4096 of 10000 bytes",
            "; repeat the call",
        ),
        (
            "content-length: 10000\r\naccept-ranges: bytes\r\ncontent-type: multipart/byteranges; boundary=x\r\n",
            vec![7; SENT],
            "after 4096 of 10000 bytes",
            "; repeat the call",
        ),
        (
            "content-length: 10000\r\naccept-ranges: none\r\n",
            vec![7; SENT],
            "after 4096 of 10000 bytes",
            "; repeat the call",
        ),
        (
            "transfer-encoding: chunked\r\n",
            chunk(),
            "after 4096 bytes of a body of unknown length",
            "; repeat the call",
        ),
    ] {
        let (address, server) = serve(headers, sent);
        let stream = send(client(address), Get::<true>::default()).await;
        let (received, error) = until_error(stream.expect("the head arrives")).await;
        assert_eq!(received, SENT, "{headers}");
        let text = error.to_string();
        assert!(text.starts_with("Get: the response broke off"), "{text}");
        assert!(text.contains(progress), "{text}");
        assert!(text.contains(&format!(" from {address}")), "{text}");
        assert!(text.contains(advice), "{text}");
        assert!(
            error.source().is_some(),
            "the transport has a cause: {text}"
        );
        server.join().expect("it ends");
    }
}

#[tokio::test]
async fn a_body_that_is_read_whole_says_how_far_it_came() {
    let (address, server) = serve("content-length: 10000\r\n", vec![7; SENT]);
    let read = send(client(address), Get::<false>::default()).await;
    let error = read.expect_err("the rest is missing");
    assert_eq!(error.kind(), ErrorKind::Io, "{error:#}");
    let text = format!("{error:#}");
    assert!(text.contains(&address.to_string()), "{text}");
    let progress = "the response broke off after 4096 of 10000 bytes";
    assert_eq!(text.matches(progress).count(), 1, "{text}");
    server.join().expect("it ends");
}
