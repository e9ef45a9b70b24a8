//! Bodies that are sent again: a server breaks off or refuses an attempt, and the next one sends the same bytes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use attache_runtime::transport::HyperTransport;
use attache_runtime::{
    BoxFuture, ByteStream, Bytes, Config, ConfigBuilder, Credentials, Error, ErrorKind, TimeSource,
    Timer, Timestamp,
};

use crate::stage::{NoError, Put, pieces_of, send};

/// Long enough for `Expect: 100-continue` and for three chunks.
const LENGTH: usize = 2 * 1024 * 1024 + 12_345;

/// What the server does with a connection.
enum Script {
    /// Closes it before it reads the body.
    BreakBefore,
    /// Closes it after so many bytes of the body.
    BreakWithin(usize),
    /// Reads the body, and closes it without a response.
    BreakAfter,
    /// Reads the body, does something, and responds with the status 503.
    Refuse(Box<dyn FnOnce() + Send>),
    /// Responds with the status 503 by the head alone.
    RefuseHead,
    /// Reads the body and responds with the status 200.
    Take,
}

/// A request as it arrived: its head in lower case, and what was read of its body.
struct Arrived {
    head: Vec<String>,
    body: Vec<u8>,
}

impl Arrived {
    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.iter();
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// The data of the chunks, the signature of the first one, and the trailers.
    fn decoded(&self) -> (Vec<u8>, String, String) {
        let (mut rest, mut data, mut signature) = (&self.body[..], Vec::new(), None);
        loop {
            let end = rest.windows(2).position(|pair| pair == b"\r\n");
            let end = end.expect("a chunk begins with a line");
            let line = std::str::from_utf8(&rest[..end]).expect("it is text");
            let (length, signed) = line.split_once(";chunk-signature=").expect("it is signed");
            signature.get_or_insert(signed.to_owned());
            let length = usize::from_str_radix(length, 16).expect("a length");
            rest = &rest[end + 2..];
            if length == 0 {
                let trailers = String::from_utf8(rest.to_vec()).expect("they are text");
                return (data, signature.expect("there is a chunk"), trailers);
            }
            data.extend_from_slice(&rest[..length]);
            rest = &rest[length + 2..];
        }
    }
}

fn serve(scripts: Vec<Script>) -> (SocketAddr, JoinHandle<Vec<Arrived>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    let play = move |script| {
        let (stream, _) = listener.accept().expect("somebody connects");
        follow(stream, script)
    };
    let thread = std::thread::spawn(move || scripts.into_iter().map(play).collect());
    (address, thread)
}

fn follow(stream: TcpStream, script: Script) -> Arrived {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a head is text");
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_ascii_lowercase()),
        }
    }
    let mut arrived = Arrived {
        head,
        body: Vec::new(),
    };
    let length = arrived.header("content-length");
    let length: usize = length.map_or(0, |length| length.parse().expect("a number"));
    let read = match script {
        Script::BreakBefore => return arrived,
        Script::RefuseHead => 0,
        Script::BreakWithin(bytes) => bytes,
        _ => length,
    };
    if read > 0 && arrived.header("expect").is_some() {
        let answer = b"HTTP/1.1 100 Continue\r\n\r\n";
        reader.get_mut().write_all(answer).expect("it is read");
    }
    let body = &mut Read::take(&mut reader, read as u64);
    // What breaks is the client's to report.
    let _ = body.read_to_end(&mut arrived.body);
    let status = match script {
        Script::Take => "200 OK",
        Script::Refuse(act) => {
            act();
            "503 Slow Down"
        }
        Script::RefuseHead => "503 Slow Down",
        _ => return arrived,
    };
    let answer = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{{}}");
    let _ = reader.get_mut().write_all(answer.as_bytes());
    arrived
}

/// Pauses between attempts take no time; other times do not pass.
#[derive(Debug)]
struct Impatient;

impl Timer for Impatient {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        match duration <= Duration::from_secs(20) {
            true => Box::pin(std::future::ready(())),
            false => Box::pin(std::future::pending()),
        }
    }
}

/// A second passes whenever somebody asks for the time.
#[derive(Debug, Default)]
struct Passing(AtomicI64);

impl TimeSource for Passing {
    fn now(&self) -> Timestamp {
        let seconds = 1_790_000_000 + self.0.fetch_add(1, Ordering::Relaxed);
        Timestamp::from_epoch_seconds(seconds).expect("it is in range")
    }
}

fn client(address: SocketAddr) -> ConfigBuilder {
    Config::builder()
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .endpoint_url(format!("http://{address}"))
        .transport(HyperTransport::new().expect("a transport"))
        .time_source(Passing::default())
        .timer(Impatient)
        .max_attempts(4)
}

fn content() -> Bytes {
    let byte = |at: usize| ((at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as u8;
    (0..LENGTH).map(byte).collect::<Vec<u8>>().into()
}

/// A file of this test, which is removed at the end.
struct File(PathBuf);

impl File {
    fn new(name: &str, bytes: &[u8]) -> Self {
        let name = format!("attache-repeats-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, bytes).expect("it can be written");
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Sends a body to a server that follows these scripts.
async fn put(scripts: Vec<Script>, body: ByteStream) -> (Result<(), Error<NoError>>, Vec<Arrived>) {
    let (address, server) = serve(scripts);
    let put = Put {
        body,
        ..Put::default()
    };
    let sent = send(client(address), put).await;
    // A server that waits for another connection would wait forever.
    let joined = tokio::task::spawn_blocking(|| server.join());
    let arrived = joined.await.expect("it ends").expect("it ends");
    (sent, arrived)
}

fn scripts() -> Vec<Script> {
    vec![
        Script::BreakBefore,
        Script::BreakWithin(1_500_000),
        Script::BreakAfter,
        Script::Take,
    ]
}

#[tokio::test]
async fn bytes_files_and_sources_are_sent_again_from_their_start() {
    let content = content();
    let file = File::new("again", &content);
    let pieces = content.clone();
    let source = move || {
        let (first, second) = (pieces.slice(..700_001), pieces.slice(700_001..));
        Ok(crate::stage::stating(vec![first, second], LENGTH as u64))
    };
    for (what, body) in [
        ("bytes", ByteStream::from(content.clone())),
        (
            "a file",
            ByteStream::from_path(&file.0).expect("it is there"),
        ),
        ("a source", ByteStream::from_source(LENGTH as u64, source)),
    ] {
        // Bytes in memory of a plain connection are signed whole, in a header.
        let is_cut = what != "bytes";
        let (sent, arrived) = put(scripts(), body).await;
        sent.unwrap_or_else(|error| panic!("{what}: {error:#}"));
        let [_, within, after, taken] = &arrived[..] else {
            panic!("{what}: {} attempts", arrived.len());
        };
        assert_eq!(within.body.len(), 1_500_000, "{what}");
        for (number, attempt) in arrived.iter().enumerate() {
            let expected = format!("attempt={}; max=4", number + 1);
            let progress = attempt.header("amz-sdk-request").expect("it is sent");
            assert!(progress.ends_with(&expected), "{what}: {progress}");
            assert_eq!(attempt.header("expect"), Some("100-continue"), "{what}");
        }
        let signatures: Vec<_> = [after, taken].map(|one| one.header("authorization")).into();
        assert_ne!(signatures[0], signatures[1], "{what}: a second has passed");
        if !is_cut {
            assert!(after.body == content && taken.body == content, "{what}");
            let checksums = [after, taken].map(|one| one.header("x-amz-checksum-crc32"));
            assert!(checksums[0].is_some() && checksums[0] == checksums[1]);
            continue;
        }
        let [(first, of_first, trailers), (second, of_second, again)] =
            [after.decoded(), taken.decoded()];
        assert!(first == content && second == content, "{what}");
        assert_ne!(of_first, of_second, "{what}: a second has passed");
        let checksum = |trailers: &str| trailers.lines().next().map(str::to_owned);
        assert_eq!(checksum(&trailers), checksum(&again), "{what}");
        assert!(trailers.starts_with("x-amz-checksum-crc32:"), "{trailers}");
    }
}

#[tokio::test]
async fn a_refusal_by_the_head_or_after_the_body_is_followed_by_the_whole_body() {
    let content = content();
    let file = File::new("refused", &content);
    for first in [Script::RefuseHead, Script::Refuse(Box::new(|| ()))] {
        let body = ByteStream::from_path(&file.0).expect("it is there");
        let (sent, arrived) = put(vec![first, Script::Take], body).await;
        sent.expect("the second attempt succeeds");
        let taken = arrived.last().expect("it was sent twice");
        assert!(taken.decoded().0 == content);
    }
}

#[tokio::test]
async fn a_stream_that_is_read_once_is_sent_once_and_the_error_says_why() {
    for script in [Script::BreakAfter, Script::Refuse(Box::new(|| ()))] {
        let (sent, arrived) = put(vec![script], pieces_of(vec![b"he", b"llo"])).await;
        let text = format!("{:#}", sent.expect_err("it is not sent again"));
        assert_eq!(arrived.len(), 1, "{text}");
        assert!(
            text.contains("was not sent again") && text.contains("read only once"),
            "{text}"
        );
        assert!(text.contains("ByteStream::from_path"), "{text}");
    }
}

#[tokio::test]
async fn a_file_that_changes_between_two_attempts_ends_the_call() {
    let file = File::new("changes", b"evidence");
    let body = ByteStream::from_path(&file.0).expect("it is there");
    let path = file.0.clone();
    let change = move || std::fs::write(path, b"evid").expect("it can be written");
    // The second attempt begins: its head is sent before the file is opened.
    let scripts = vec![Script::Refuse(Box::new(change)), Script::Take];
    let (address, server) = serve(scripts);
    let put = Put {
        body,
        ..Put::default()
    };
    let error = send(client(address), put)
        .await
        .expect_err("the file is another one");
    assert_eq!(error.kind(), ErrorKind::Request, "{error:#}");
    let text = format!("{error:#}");
    assert!(text.contains("it has 4 bytes now and had 8"), "{text}");
    assert!(text.contains("attache-repeats-changes"), "{text}");
    assert!(error.may_have_taken_effect(), "the first attempt: {text}");
    drop(server);
}

#[tokio::test]
async fn a_source_that_is_too_short_or_fails_ends_the_call() {
    for (what, body, expected) in [
        (
            "short",
            ByteStream::from_source(9, || Ok(ByteStream::from("evidence"))),
            "ended after 8 of 9 bytes",
        ),
        (
            "failing",
            ByteStream::from_source(9, || Err("the disk is gone".into())),
            "the disk is gone",
        ),
    ] {
        let (address, server) = serve(vec![Script::Take]);
        let put = Put {
            body,
            ..Put::default()
        };
        let error = send(client(address), put).await.expect_err(what);
        assert_eq!(error.kind(), ErrorKind::Request, "{what}: {error:#}");
        assert!(format!("{error:#}").contains(expected), "{what}: {error:#}");
        assert!(!error.may_have_taken_effect(), "{what}: {error:#}");
        drop(server);
    }
}
