//! A server that checks the signature of a presigned URL, and another client that sends to it.

use aws_sigv4::http_request::SignableBody;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::payload::{Content, Put};
use super::presigned::{HOUR, official, presigned};
use crate::stage::{Network, config};

/// Reads one request, checks its signature, and answers. Returns the status.
async fn serve(listener: &TcpListener, body_is_signed: bool) -> u16 {
    let (mut stream, _) = listener.accept().await.expect("a connection");
    let mut bytes = Vec::new();
    let head = loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.expect("readable");
        bytes.extend_from_slice(&buffer[..count]);
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
    };
    let text = String::from_utf8(bytes[..head].to_vec()).expect("text");
    let mut lines = text.split("\r\n");
    let mut first = lines.next().expect("a line").split(' ');
    let (method, target) = (
        first.next().expect("a method"),
        first.next().expect("a target"),
    );
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let find = |wanted: &str| {
        headers
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str())
    };
    let length: usize =
        find("content-length").map_or(0, |length| length.parse().expect("a number"));
    while bytes.len() < head + 4 + length {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.expect("readable");
        bytes.extend_from_slice(&buffer[..count]);
    }
    let url = format!("http://{}{target}", find("host").expect("a host"));
    let body = match body_is_signed {
        true => SignableBody::Bytes(&bytes[head + 4..]),
        false => SignableBody::UnsignedPayload,
    };
    let wanted = official(method, &url, &headers, body, !body_is_signed);
    let is_valid = target.ends_with(&format!("&X-Amz-Signature={wanted}"));
    let status = if is_valid { 200 } else { 403 };
    let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.expect("writable");
    status
}

#[tokio::test]
async fn a_server_that_checks_the_signature_accepts_what_another_client_sends() {
    let network = Network::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let builder = || config(&network).endpoint_url(&url);
    // A client for web pages would send another path than one with `.`.
    let path = "/logs//a%20b/c%2Fd";
    let mut of_s3 = Put::<true>::new(Content::Bytes);
    let mut usual = Put::<false>::new(Content::Bytes);
    (of_s3.path, usual.path) = (path, path);
    let of_s3 = presigned(builder(), of_s3, HOUR).await.expect("a URL");
    let usual = presigned(builder(), usual, HOUR).await.expect("a URL");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    for (made, body, status) in [
        (&of_s3, "anything", 200),
        (&usual, "evidence", 200),
        (&usual, "anything", 403),
    ] {
        let request = client
            .request(made.method().clone(), made.url())
            .headers(made.headers().clone());
        let sent = request.body(body).send();
        let (answer, _) = tokio::join!(sent, serve(&listener, made.body().is_some()));
        assert_eq!(
            answer.expect("an answer").status().as_u16(),
            status,
            "{body}"
        );
    }
    // Without a header that is signed, it is refused.
    let sent = client
        .request(of_s3.method().clone(), of_s3.url())
        .body("anything")
        .send();
    let (answer, _) = tokio::join!(sent, serve(&listener, false));
    assert_eq!(answer.expect("an answer").status().as_u16(), 403);
}
