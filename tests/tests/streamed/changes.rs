//! Sources that change between the reading for the signature and the one that is sent: the end of the body is not sent.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use attache_runtime::transport::{HyperTransport, Transport, TransportError};
use attache_runtime::{Body, BoxFuture, ByteStream, ErrorKind};
use attache_tests::server::Server;

use super::{File, PIECE, client, config, content, set, set_of};

/// Does something between signing and sending.
struct Between<F>(HyperTransport, F);

impl<F> std::fmt::Debug for Between<F> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Between")
    }
}

impl<F: Fn() + Send + Sync> Transport for Between<F> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        (self.1)();
        self.0.send(request)
    }
}

fn append(path: &Path) {
    let file = std::fs::OpenOptions::new().append(true).open(path);
    let mut file = file.expect("the file can be opened");
    std::io::Write::write_all(&mut file, b"one more line").expect("it can be written");
}

fn cut(path: &Path) {
    let file = std::fs::OpenOptions::new().write(true).open(path);
    let file = file.expect("the file can be opened");
    file.set_len(1).expect("it can be cut");
}

/// Writes other bytes, and as many.
fn replace(path: &Path) {
    let length = std::fs::metadata(path).expect("it is there").len();
    let mut other = content(length as usize);
    *other.last_mut().expect("it is not empty") ^= 1;
    std::fs::write(path, other).expect("it can be written");
}

fn remove(path: &Path) {
    std::fs::remove_file(path).expect("it can be removed");
}

#[test]
fn a_file_that_changes_after_it_was_hashed_ends_the_call_and_is_not_sent_to_its_end() {
    const LENGTH: usize = 3 * PIECE;
    type Change = fn(&Path);
    let changes: [(Change, &str); 4] = [
        (append, "it has 589837 bytes now and had 589824"),
        (cut, "it has 1 bytes now and had 589824"),
        (replace, "has other bytes than when the request was signed"),
        (remove, "No such file"),
    ];
    for (change, expected) in changes {
        let server = Server::start([]);
        let (steady, file) = (File::new(b"steady"), File::new(&content(LENGTH)));
        let path = file.path.clone();
        let transport = HyperTransport::new().expect("a transport");
        let transport = Between(transport, move || change(&path));
        let client = client(config(&server.url()).transport(transport));
        let request = set([
            ("steady.log".to_owned(), steady.stream()),
            ("a.log".to_owned(), file.stream()),
        ]);
        let error = client.send(request).wait().expect_err("the file changed");
        let text = format!("{error:#}");
        assert_eq!(error.kind(), ErrorKind::Request, "{text}");
        assert!(
            text.contains(expected) && text.contains("evidence.log"),
            "{text}"
        );
        assert!(!error.may_have_taken_effect(), "{text}");
        assert!(server.received().is_empty(), "no whole request arrived");
        // The body may fail before the server has accepted the connection.
        assert!(server.connections() <= 1, "it is not repeated: {text}");
    }
}

#[test]
fn a_file_that_changes_before_it_is_hashed_is_an_error_before_anything_is_sent() {
    for (change, expected) in [
        (append as fn(&Path), "it has 21 bytes now"),
        (cut, "it has 1 bytes now"),
    ] {
        let server = Server::start([]);
        let file = File::new(b"evidence");
        let request = set_of(file.stream());
        change(&file.path);
        let client = client(config(&server.url()));
        let error = client.send(request).wait().expect_err("the file changed");
        let text = format!("{error:#}");
        assert_eq!(error.kind(), ErrorKind::Request, "{text}");
        assert!(text.contains(expected), "{text}");
        assert_eq!(server.connections(), 0, "{text}");
    }
}

/// A source whose second reading has another content.
fn changing(first: &'static [u8], second: &'static [u8]) -> ByteStream {
    let opened = Arc::new(AtomicUsize::new(0));
    ByteStream::from_source(first.len() as u64, move || {
        let content = match opened.fetch_add(1, Ordering::Relaxed) {
            0 => first,
            _ => second,
        };
        Ok(ByteStream::from(content))
    })
}

#[test]
fn a_source_that_is_no_file_is_named_by_its_place() {
    for (second, expected) in [
        (&b"evidencf"[..], "source 2 of the request has other bytes"),
        (b"evidenc", "ended after 7 of 8 bytes"),
        (b"evidence.", "more than 8 bytes"),
    ] {
        let server = Server::start([]);
        let client = client(config(&server.url()));
        let request = set([
            ("steady.log".to_owned(), ByteStream::from("steady")),
            ("a.log".to_owned(), changing(b"evidence", second)),
        ]);
        let error = client.send(request).wait().expect_err("it changed");
        let text = format!("{error:#}");
        assert_eq!(error.kind(), ErrorKind::Request, "{text}");
        assert!(text.contains(expected), "{text}");
        assert!(server.received().is_empty(), "{text}");
    }
}
