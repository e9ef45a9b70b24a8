//! Streams of 100 MB with checksums, both ways over a socket: they arrive whole, and take the memory of a few chunks.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::task::{Context, Poll};

use attache_runtime::{BoxError, ByteStream, Bytes, Config, Credentials};
use golden_rest_json::Client;
use http_body::{Body, Frame, SizeHint};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MB: usize = 1_000_000;
const LENGTH: usize = 100 * MB;
/// Chunks of 1 MiB that are read, signed and written, and the buffers of both ends of the connection.
const LIMIT: usize = 12 * MB;
const PIECE: &[u8] = &[7; 50_000];

/// Pieces of a length that is no part of a chunk.
struct Pieces(usize);

impl Body for Pieces {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.0 == 0 {
            return Poll::Ready(None);
        }
        let length = self.0.min(PIECE.len());
        self.0 -= length;
        // A copy, as of a file.
        let piece = Bytes::copy_from_slice(&PIECE[..length]);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0 as u64)
    }
}

/// The head of a request, in lower case, without its body.
fn head(stream: &mut BufReader<TcpStream>) -> Vec<String> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).expect("a head is text");
        match line.trim_end() {
            "" => return lines,
            line => lines.push(line.to_ascii_lowercase()),
        }
    }
}

fn value<'a>(head: &'a [String], name: &str) -> Option<&'a str> {
    let mut lines = head.iter();
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// Reads an upload, and returns its head and the number of bytes of its body.
fn receive(stream: &mut BufReader<TcpStream>) -> (Vec<String>, usize) {
    let head = head(stream);
    let length = value(&head, "content-length").expect("the length is stated");
    let length = length.parse().expect("it is a number");
    let mut sink = std::io::sink();
    let body = &mut Read::take(&mut *stream, length);
    let read = std::io::copy(body, &mut sink).expect("the body arrives");
    let answer = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";
    stream.get_mut().write_all(answer).expect("it is read");
    (head, read as usize)
}

/// Answers a download with the bytes of [`Pieces`], and with their checksum.
fn serve(stream: &mut BufReader<TcpStream>, checksum: &str) -> Vec<String> {
    let head = head(stream);
    let stream = stream.get_mut();
    let answer = format!(
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {LENGTH}\r\nx-amz-checksum-crc32: {checksum}\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).expect("it is read");
    for _ in 0..LENGTH / PIECE.len() {
        stream.write_all(PIECE).expect("it is read");
    }
    head
}

#[test]
fn a_hundred_megabytes_take_the_memory_of_a_few_chunks() {
    let mut hasher = crc32fast::Hasher::new();
    (0..LENGTH / PIECE.len()).for_each(|_| hasher.update(PIECE));
    let checksum = base64_simd::STANDARD.encode_to_string(hasher.finalize().to_be_bytes());
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let stated = checksum.clone();
    let server = std::thread::spawn(move || {
        let connection = || BufReader::new(listener.accept().expect("somebody connects").0);
        let received = receive(&mut connection());
        let right = serve(&mut connection(), &stated);
        serve(&mut connection(), "AAAAAA==");
        (received, right)
    });
    let config = Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKID", "SECRET"))
        .endpoint_url(url)
        .build()
        .expect("nothing is missing");
    let client = Client::new(&config);
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime can be made").block_on(async {
        let body = ByteStream::new(Pieces(LENGTH));
        client
            .put_checked()
            .body(body)
            .send()
            .await
            .expect("it is stored");
        let response = client.get_checked().send().await.expect("it is read");
        assert_eq!(
            read(response.body).await.expect("it is what was sent"),
            LENGTH
        );
        let response = client.get_checked().send().await.expect("its head is read");
        let error = read(response.body)
            .await
            .expect_err("the checksum is another one");
        assert!(error.to_string().contains(&checksum), "{error}");
    });
    let peak = MEMORY.peak_usage().saturating_sub(before);
    println!("both ways: {peak} bytes");
    assert!(peak < LIMIT, "{peak} bytes");
    let ((upload, length), download) = server.join().expect("it ends");
    let stated = value(&upload, "x-amz-decoded-content-length");
    assert_eq!(stated, Some(LENGTH.to_string().as_str()));
    assert_eq!(
        value(&upload, "x-amz-trailer"),
        Some("x-amz-checksum-crc32")
    );
    // 96 chunks, the last one, and the trailers.
    assert!(length > LENGTH && length < LENGTH + 16_000, "{length}");
    assert_eq!(value(&download, "x-amz-checksum-mode"), Some("enabled"));
}

async fn read(mut stream: ByteStream) -> Result<usize, BoxError> {
    let mut length = 0;
    while let Some(piece) = stream.next().await {
        length += piece?.len();
    }
    Ok(length)
}
