//! The bytes on the connections of the transport, received by a test server.

mod driving;
mod runtimes;

use std::error::Error as _;
use std::io::{BufRead, Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use super::{CONNECT_TIMEOUT, HyperTransport, Proxies, Settings};
use crate::body::{Body, ByteStream};
use crate::transport::{Transport, TransportError, TransportErrorKind};

const EMPTY_ANSWER: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// Accepts one connection. Returns its address, and in the end the received data: the head of the request, and one byte
/// of the data after the response.
fn server(answer: &'static str) -> (String, JoinHandle<(String, Option<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound").to_string();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody connects");
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
            head.push(byte[0]);
        }
        stream.write_all(answer.as_bytes()).expect("it is read");
        let after = stream.read(&mut byte).is_ok_and(|read| read == 1);
        let head = String::from_utf8(head).expect("a head is text");
        (head, after.then_some(byte[0]))
    });
    (address, thread)
}

/// What a server saw. Connections are closed by the runtime, so its thread must not wait here.
async fn seen(server: JoinHandle<(String, Option<u8>)>) -> (String, Option<u8>) {
    let joined = tokio::task::spawn_blocking(|| server.join().expect("it ends"));
    joined.await.expect("it ends")
}

/// The same proxy for all URLs.
fn proxies(proxy: &str) -> Proxies {
    Proxies::of(|name| (name == "all_proxy").then(|| proxy.to_owned()))
}

fn through(proxy: &str) -> HyperTransport {
    HyperTransport::build(CONNECT_TIMEOUT, proxies(proxy), None)
}

fn transport() -> HyperTransport {
    HyperTransport::build(CONNECT_TIMEOUT, Proxies::none(), None)
}

/// Reads the head of a request, and returns whether it is whole.
fn read_head(reader: &mut impl BufRead) -> bool {
    let mut line = String::new();
    while reader.read_line(&mut line).is_ok_and(|length| length > 2) {
        line.clear();
    }
    line == "\r\n"
}

async fn send(
    transport: &HyperTransport,
    method: &str,
    url: &str,
    body: Body,
) -> Result<http::Response<ByteStream>, TransportError> {
    let request = http::Request::builder().method(method).uri(url).body(body);
    transport.send(request.expect("a request")).await
}

/// All messages, from the outside to the cause.
fn messages(error: &TransportError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

#[tokio::test]
async fn methods_with_a_body_send_its_length_even_if_it_is_empty() {
    for (method, expected) in [
        ("POST", true),
        ("PUT", true),
        ("GET", false),
        ("DELETE", false),
    ] {
        let (address, thread) = server(EMPTY_ANSWER);
        let transport = transport();
        let url = format!("http://{address}/cases");
        let answer = send(&transport, method, &url, Body::empty()).await;
        assert_eq!(answer.expect("it is answered").status(), 200);
        drop(transport);
        let (head, _) = seen(thread).await;
        assert!(
            head.starts_with(&format!("{method} /cases HTTP/1.1\r\n")),
            "{head}"
        );
        assert!(head.contains(&format!("host: {address}\r\n")), "{head}");
        assert_eq!(head.contains("content-length: 0\r\n"), expected, "{head}");
        assert!(!head.contains("transfer-encoding"), "{head}");
    }
}

#[tokio::test]
async fn a_plain_request_goes_to_the_proxy_with_its_whole_url() {
    let (address, thread) = server(EMPTY_ANSWER);
    let transport = through(&format!("http://user:word@{address}"));
    let url = "http://support.invalid/cases?a=b";
    let answer = send(&transport, "POST", url, Body::Bytes("{}".into())).await;
    assert_eq!(answer.expect("it is answered").status(), 200);
    drop(transport);
    let (head, _) = seen(thread).await;
    assert!(
        head.starts_with("POST http://support.invalid/cases?a=b HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(head.contains("host: support.invalid\r\n"), "{head}");
    // base64 of `user:word`
    assert!(
        head.contains("proxy-authorization: Basic dXNlcjp3b3Jk\r\n"),
        "{head}"
    );
    assert!(head.contains("content-length: 2\r\n"), "{head}");
}

#[cfg(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc-rs",
    feature = "native-tls"
))]
#[tokio::test]
async fn an_encrypted_request_goes_through_a_tunnel() {
    let (address, thread) = server("HTTP/1.1 200 Connection established\r\n\r\n");
    let transport = through(&format!("http://user:word@{address}"));
    let answer = send(
        &transport,
        "POST",
        "https://support.invalid/",
        Body::empty(),
    )
    .await;
    let error = answer.expect_err("the server does not use TLS");
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    let (head, after) = seen(thread).await;
    assert!(
        head.starts_with("CONNECT support.invalid:443 HTTP/1.1\r\n"),
        "{head}"
    );
    let lower_case = head.to_ascii_lowercase();
    assert!(
        lower_case.contains("proxy-authorization: basic dxnlcjp3b3jk\r\n"),
        "{head}"
    );
    // A TLS handshake record: the request itself is never seen by the proxy.
    assert_eq!(after, Some(0x16));
}

#[cfg(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc-rs",
    feature = "native-tls"
))]
#[tokio::test]
async fn a_refusal_of_a_proxy_is_reported() {
    let (address, thread) = server("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    let transport = through(&format!("http://{address}"));
    let answer = send(
        &transport,
        "POST",
        "https://support.invalid/",
        Body::empty(),
    )
    .await;
    let error = answer.expect_err("the proxy refused");
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    assert!(
        messages(&error).contains("the proxy requires authorization"),
        "{}",
        messages(&error)
    );
    let (head, after) = seen(thread).await;
    assert!(
        !head.to_ascii_lowercase().contains("proxy-authorization"),
        "{head}"
    );
    assert_eq!(after, None);
}

#[tokio::test]
async fn a_proxy_of_another_kind_is_refused_by_name() {
    let transport = through("socks5://127.0.0.1:9");
    let answer = send(&transport, "POST", "http://support.invalid/", Body::empty()).await;
    let error = answer.expect_err("that is not supported");
    assert_eq!(error.kind(), TransportErrorKind::Setup);
    assert!(
        messages(&error).contains("is reached over `socks5`"),
        "{}",
        messages(&error)
    );
}

#[cfg(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc-rs",
    feature = "native-tls"
))]
#[tokio::test]
async fn the_connect_timeout_includes_tunnels_and_tls() {
    // It accepts the connection, and sends nothing.
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    let limit = std::time::Duration::from_millis(70);
    let transport = HyperTransport::build(limit, proxies(&format!("http://{address}")), None);
    let before = std::time::Instant::now();
    let answer = send(
        &transport,
        "POST",
        "https://support.invalid/",
        Body::empty(),
    )
    .await;
    let error = answer.expect_err("nobody answers");
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    assert!(
        messages(&error).contains("no connection was opened within 70ms"),
        "{}",
        messages(&error)
    );
    assert!(before.elapsed() >= limit);
}

#[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))]
#[tokio::test]
async fn a_server_without_tls_is_said_to_be_one() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody connects");
        let answer = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
        stream.write_all(answer).expect("it is read");
        stream
    });
    let url = format!("https://{address}/");
    let answer = send(&transport(), "POST", &url, Body::empty()).await;
    let error = answer.expect_err("it is no TLS");
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    let wanted = "the server does not speak TLS, and the URL is one of `https://`";
    let messages = messages(&error);
    assert!(messages.contains(wanted), "{messages}");
    server.join().expect("it ends");
}

#[cfg(not(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc-rs",
    feature = "native-tls"
)))]
#[tokio::test]
async fn without_tls_an_encrypted_url_is_refused() {
    let transport = transport();
    let answer = send(
        &transport,
        "POST",
        "https://support.invalid/",
        Body::empty(),
    )
    .await;
    let error = answer.expect_err("there is no TLS");
    assert!(
        messages(&error).contains("there is no TLS"),
        "{}",
        messages(&error)
    );
}

/// Accepts one connection, reads a head, writes `first`, and reads on until the connection ends or `length` bytes of the
/// body have arrived; then it writes `last`. Returns how many bytes came after the head.
fn asking_server(
    first: &'static str,
    length: usize,
    last: &'static str,
) -> (String, JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it is bound").to_string();
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("somebody connects");
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
            head.push(byte[0]);
        }
        stream.write_all(first.as_bytes()).expect("it is read");
        let (mut received, mut buffer) = (0, vec![0; 1 << 16]);
        while received < length {
            match stream.read(&mut buffer) {
                Ok(read @ 1..) => received += read,
                Ok(0) | Err(_) => break,
            }
        }
        // Nobody reads it where the connection has ended.
        let _ = stream.write_all(last.as_bytes());
        received
    });
    (address, thread)
}

const LENGTH: usize = 3 << 20;

/// The status and the body of a response, and how many bytes of the request's body the server saw.
async fn expecting(
    first: &'static str,
    last: &'static str,
    timeout: std::time::Duration,
) -> (u16, String, usize) {
    let (address, thread) = asking_server(first, LENGTH, last);
    let mut settings = Settings::new(CONNECT_TIMEOUT, Proxies::none(), None);
    settings.expect_timeout = timeout;
    let transport = HyperTransport(settings.into());
    let request = http::Request::builder()
        .method("PUT")
        .uri(format!("http://{address}/"))
        .header("expect", "100-continue")
        .body(Body::Bytes(vec![7; LENGTH].into()))
        .expect("a request");
    let response = transport.send(request).await.expect("it is answered");
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("it is read");
    drop(transport);
    let joined = tokio::task::spawn_blocking(|| thread.join().expect("it ends"));
    let body = String::from_utf8(body.to_vec()).expect("it is text");
    (status, body, joined.await.expect("it ends"))
}

/// Longer than any test takes.
const LONG: std::time::Duration = std::time::Duration::from_secs(3_600);

#[tokio::test]
async fn a_body_waits_until_the_server_asks_for_it() {
    let asked = expecting("HTTP/1.1 100 Continue\r\n\r\n", EMPTY_ANSWER, LONG).await;
    assert_eq!(asked, (200, String::new(), LENGTH));
}

#[tokio::test]
async fn a_refused_body_is_not_sent_and_the_refusal_is_read() {
    let refusal = "HTTP/1.1 403 Forbidden\r\ncontent-length: 7\r\n\r\nrefused";
    assert_eq!(
        expecting(refusal, "", LONG).await,
        (403, "refused".to_owned(), 0)
    );
}

#[tokio::test]
async fn a_server_that_does_not_ask_gets_the_body_after_a_while() {
    let soon = std::time::Duration::from_millis(1);
    assert_eq!(
        expecting("", EMPTY_ANSWER, soon).await,
        (200, String::new(), LENGTH)
    );
}
