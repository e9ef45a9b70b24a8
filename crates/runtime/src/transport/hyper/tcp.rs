//! Opens a socket to a host: looks up its addresses, and tries them until one accepts.
//!
//! A host often has addresses of IPv4 and IPv6, and one of the two may lead nowhere. The addresses of the family that the
//! resolver prefers are tried first, and those of the other after a short time beside them (Happy Eyeballs, RFC 8305).

use std::fmt;
use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use http::Uri;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpSocket, TcpStream};

use super::socket::{Announcement, Socket};
use crate::body::BoxError;
use crate::plumbing::uri::scheme;
use crate::texts::{ToText as _, without_brackets};

/// TCP keepalive: the idle time before the first probe, and the interval.
const KEEPALIVE: Duration = Duration::from_secs(15);
/// The number of probes without an answer after which a connection is broken.
const KEEPALIVE_PROBES: u32 = 3;
/// How long the addresses of the preferred family are tried alone. hyper-util and the official SDK wait as long.
const HEAD_START: Duration = Duration::from_millis(300);

/// Opens a socket to the host and port of a URL. The caller sets the time limit; it is divided between the addresses of a
/// name, so that none uses all of it.
///
/// # Errors
/// [`NotConnected`], or that of the system if the host is an address.
pub(super) async fn connect(
    url: &Uri,
    limit: Duration,
    announcement: &Announcement,
) -> Result<Socket, BoxError> {
    let host = host(url);
    let port = url.port_u16().unwrap_or(match scheme(url) {
        Some("http") => 80,
        _ => 443,
    });
    let stream = match host.parse::<IpAddr>() {
        Ok(address) => open((address, port).into()).await?,
        Err(_) => race(look_up(host, port).await?, limit).await?,
    };
    // A connection without these works, too.
    let _ = stream.set_nodelay(true);
    let keepalive = TcpKeepalive::new()
        .with_time(KEEPALIVE)
        .with_interval(KEEPALIVE)
        .with_retries(KEEPALIVE_PROBES);
    let _ = SockRef::from(&stream).set_tcp_keepalive(&keepalive);
    Ok(Socket::new(stream, announcement.clone()))
}

/// A socket of an address. `TcpStream::connect` is compiled for each kind of addresses, and tries all that it is given.
async fn open(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = match address.is_ipv6() {
        true => TcpSocket::new_v6(),
        false => TcpSocket::new_v4(),
    };
    socket?.connect(address).await
}

/// The addresses of a name, in the order of the resolver.
async fn look_up(name: &str, port: u16) -> Result<Vec<SocketAddr>, NotConnected> {
    let failed = |source| NotConnected {
        what: format!("the name `{name}` was not resolved"),
        source,
    };
    let found = tokio::net::lookup_host((name, port)).await;
    let mut addresses = Vec::new();
    for address in found.map_err(failed)? {
        addresses.push(address);
    }
    if addresses.is_empty() {
        let none = io::Error::new(io::ErrorKind::NotFound, "it has no address");
        return Err(failed(none));
    }
    Ok(addresses)
}

/// The host of a URL, without the brackets of an IPv6 address.
pub(super) fn host(url: &Uri) -> &str {
    without_brackets(url.host().unwrap_or_default())
}

/// The first socket that either family of addresses gives.
async fn race(addresses: Vec<SocketAddr>, limit: Duration) -> Result<TcpStream, NotConnected> {
    let is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (mut preferred, mut others) = (Vec::new(), Vec::new());
    for address in &addresses {
        match address.is_ipv6() == is_v6 {
            true => preferred.push(*address),
            false => others.push(*address),
        }
    }
    if others.is_empty() {
        return in_turn(preferred, limit).await;
    }
    let mut first = pin!(in_turn(preferred, limit));
    let mut delay = pin!(tokio::time::sleep(HEAD_START));
    let mut second = pin!(in_turn(others, limit));
    let (mut first_error, mut second_error) = (None, None);
    let mut is_alone = true;
    poll_fn(|context| {
        if first_error.is_none()
            && let Poll::Ready(result) = first.as_mut().poll(context)
        {
            match result {
                Ok(stream) => return Poll::Ready(Ok(stream)),
                Err(error) => first_error = Some(error),
            }
        }
        if is_alone && (first_error.is_some() || delay.as_mut().poll(context).is_ready()) {
            is_alone = false;
        }
        if !is_alone
            && second_error.is_none()
            && let Poll::Ready(result) = second.as_mut().poll(context)
        {
            match result {
                Ok(stream) => return Poll::Ready(Ok(stream)),
                Err(error) => second_error = Some(error),
            }
        }
        match (&second_error, first_error.take()) {
            (Some(_), Some(error)) => Poll::Ready(Err(error)),
            (_, error) => {
                first_error = error;
                Poll::Pending
            }
        }
    })
    .await
}

/// A socket of the first address that accepts.
async fn in_turn(addresses: Vec<SocketAddr>, limit: Duration) -> Result<TcpStream, NotConnected> {
    let part = limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
    let mut first_error = None;
    for &address in &addresses {
        let source = match tokio::time::timeout(part, open(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => error,
            Err(_) => io::ErrorKind::TimedOut.into(),
        };
        if first_error.is_none() {
            first_error = Some(NotConnected {
                what: format!("no TCP connection to {address}"),
                source,
            });
        }
    }
    Err(first_error.unwrap_or_else(|| NotConnected {
        what: "no TCP connection".to_text(),
        source: io::ErrorKind::AddrNotAvailable.into(),
    }))
}

/// There is no connection: the name has no address, no address accepts, or the server is of another kind.
#[derive(Debug)]
pub(super) struct NotConnected {
    what: String,
    source: io::Error,
}

impl NotConnected {
    #[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))]
    pub(super) fn new(what: String, source: io::Error) -> Self {
        Self { what, source }
    }
}

impl fmt::Display for NotConnected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)
    }
}

impl std::error::Error for NotConnected {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv6Addr, TcpListener};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(60);

    /// An address on which nobody listens.
    fn refusing() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("it is bound")
    }

    #[tokio::test]
    async fn an_address_that_refuses_is_followed_by_the_next_and_the_first_error_is_reported() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let listening = listener.local_addr().expect("it is bound");
        let stream = race(vec![refusing(), listening], LIMIT).await;
        let stream = stream.expect("one of them accepts");
        assert_eq!(stream.peer_addr().expect("it is connected"), listening);
        let (one, other) = (refusing(), refusing());
        let error = race(vec![one, other], LIMIT)
            .await
            .expect_err("both refuse");
        assert_eq!(error.to_string(), format!("no TCP connection to {one}"));
        assert_eq!(error.source.kind(), io::ErrorKind::ConnectionRefused);
    }

    #[tokio::test]
    async fn a_family_that_fails_at_once_does_not_delay_the_other() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let v4 = listener.local_addr().expect("it is bound");
        // Nobody listens there, or there is no IPv6 at all.
        let v6 = SocketAddr::from((Ipv6Addr::LOCALHOST, 1));
        let before = std::time::Instant::now();
        race(vec![v6, v4], LIMIT).await.expect("IPv4 works");
        assert!(before.elapsed() < HEAD_START);
        let error = race(vec![v6, refusing()], LIMIT).await;
        let error = error.expect_err("neither works");
        assert_eq!(error.to_string(), format!("no TCP connection to {v6}"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_family_that_is_silent_is_overtaken_by_the_other() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let v4 = listener.local_addr().expect("it is bound");
        // Addresses for documentation (RFC 3849): there is no answer, or no route.
        let silent = SocketAddr::from((Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), 1));
        let stream = race(vec![silent, v4], LIMIT).await.expect("IPv4 works");
        assert_eq!(stream.peer_addr().expect("it is connected"), v4);
    }

    #[tokio::test]
    async fn a_name_without_an_address_is_named() {
        let error = look_up("support.invalid", 443).await;
        let error = error.expect_err("RFC 6761 reserves it");
        assert_eq!(
            error.to_string(),
            "the name `support.invalid` was not resolved"
        );
    }

    #[tokio::test]
    async fn an_address_is_not_looked_up_and_its_error_is_that_of_the_system() {
        let url = format!("http://{}/", refusing()).parse().expect("a URL");
        let refused = connect(&url, LIMIT, &Announcement::default()).await;
        let error = refused.err().expect("nobody listens");
        let error = error.downcast::<io::Error>().expect("no error of ours");
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    }
}
