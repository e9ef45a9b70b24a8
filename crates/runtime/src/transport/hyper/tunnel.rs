//! A tunnel through an HTTP proxy: the method `CONNECT` (RFC 9110, section 9.3.6).

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use http::HeaderValue;
use tokio::io::ReadBuf;

use super::stream::Stream;
use crate::body::BoxError;

/// The longest head of a response of a proxy.
const LONGEST_HEAD: usize = 8 << 10;

/// Asks the proxy on `stream` for a tunnel to a host and port. What is written afterwards reaches them.
///
/// # Errors
/// The proxy refuses, responds with something else than HTTP, or the connection breaks.
pub(super) async fn open(
    stream: &mut dyn Stream,
    host_and_port: &str,
    authorization: Option<&HeaderValue>,
) -> Result<(), BoxError> {
    let mut request =
        format!("CONNECT {host_and_port} HTTP/1.1\r\nHost: {host_and_port}\r\n").into_bytes();
    if let Some(authorization) = authorization {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(authorization.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    write_all(stream, &request).await?;
    match status(&read_head(stream).await?) {
        Some(200..=299) => Ok(()),
        Some(407) => Err(
            "the proxy requires authorization, or refuses the one of its URL (status 407)".into(),
        ),
        Some(status) => Err(format!("the proxy refuses the tunnel with status {status}").into()),
        None => Err("the proxy does not respond with HTTP/1.1".into()),
    }
}

async fn write_all(stream: &mut dyn Stream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = poll_fn(|context| Pin::new(&mut *stream).poll_write(context, bytes)).await?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = bytes.get(written..).unwrap_or_default();
    }
    poll_fn(|context| Pin::new(&mut *stream).poll_flush(context)).await
}

/// Reads up to the empty line. Each byte is read alone, because what follows belongs to the tunnel.
async fn read_head(stream: &mut dyn Stream) -> Result<Vec<u8>, BoxError> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        let mut buffer = ReadBuf::new(&mut byte);
        poll_fn(|context| Pin::new(&mut *stream).poll_read(context, &mut buffer)).await?;
        match buffer.filled() {
            [] => return Err("the proxy closed the connection before it responded".into()),
            read if head.len() < LONGEST_HEAD => head.extend_from_slice(read),
            _ => return Err("the head of the proxy's response is too long".into()),
        }
    }
    Ok(head)
}

/// The status of a response: `HTTP/1.1 200 …`.
fn status(head: &[u8]) -> Option<u16> {
    let (b"HTTP/1.0" | b"HTTP/1.1", rest) = head.split_at_checked(8)? else {
        return None;
    };
    let [b' ', digits @ .., b' ' | b'\r'] = rest.get(..5)? else {
        return None;
    };
    let mut status = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        status = status * 10 + u16::from(digit - b'0');
    }
    Some(status)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::{open, status};

    /// Asks a proxy that has already said this, and closed. Gives both ends.
    async fn ask(response: &[u8]) -> (Result<(), String>, DuplexStream, DuplexStream) {
        let (mut near, mut far) = duplex(1 << 16);
        far.write_all(response).await.expect("it is buffered");
        far.shutdown().await.expect("it is open");
        let opened = open(&mut near, "support.invalid:443", None).await;
        (opened.map_err(|error| error.to_string()), near, far)
    }

    #[tokio::test]
    async fn what_follows_the_head_is_left_for_the_tunnel() {
        let response = b"HTTP/1.1 200 OK\r\nvia: x\r\n\r\nhello";
        let (opened, mut near, mut far) = ask(response).await;
        assert_eq!(opened, Ok(()));
        let mut rest = String::new();
        near.read_to_string(&mut rest).await.expect("it is text");
        assert_eq!(rest, "hello");
        drop(near);
        let mut request = String::new();
        far.read_to_string(&mut request).await.expect("it is text");
        assert_eq!(
            request,
            "CONNECT support.invalid:443 HTTP/1.1\r\nHost: support.invalid:443\r\n\r\n"
        );
    }

    #[tokio::test]
    async fn refusals_say_what_the_proxy_did() {
        for (response, message) in [
            ("HTTP/1.1 407 No\r\n\r\n", "requires authorization"),
            (
                "HTTP/1.0 503 No\r\n\r\n",
                "refuses the tunnel with status 503",
            ),
            ("HTTP/1.1 2000 OK\r\n\r\n", "does not respond with HTTP/1.1"),
            ("220 smtp ready\r\n\r\n", "does not respond with HTTP/1.1"),
            ("HTTP/1.1 200 OK\r\n", "closed the connection"),
        ] {
            let error = ask(response.as_bytes()).await.0.expect_err(response);
            assert!(error.contains(message), "{response}: {error}");
        }
        let endless = [b"HTTP/1.1 200 OK\r\nx: ".as_slice(), &[b'x'; 10_000]].concat();
        let error = ask(&endless).await.0.expect_err("it never ends");
        assert!(error.contains("too long"), "{error}");
    }

    #[test]
    fn a_status_has_three_digits() {
        assert_eq!(status(b"HTTP/1.1 200\r\n"), Some(200));
        for not in [
            "HTTP/1.1 20\r\n",
            "HTTP/1.2 200 ",
            "HTTP/1.1  200 ",
            "HTTP/2 200 ",
            "",
        ] {
            assert_eq!(status(not.as_bytes()), None, "{not}");
        }
    }
}
