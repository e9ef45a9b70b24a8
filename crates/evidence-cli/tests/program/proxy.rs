//! A proxy between the program and the services that stops at one request: before it reaches the service, or after the
//! service has acted and before its answer reaches the program.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Where the proxy stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    Before,
    After,
}

/// The request at which the proxy stops: a name, and how many of the name come before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    pub(crate) when: When,
    pub(crate) request: &'static str,
    pub(crate) earlier: usize,
}

pub(crate) struct Proxy {
    pub(crate) endpoint: String,
    /// Says that the point was reached.
    reached: Receiver<()>,
}

struct Shared {
    upstream: SocketAddr,
    point: Point,
    seen: Mutex<usize>,
    reached: Mutex<Sender<()>>,
}

impl Proxy {
    pub(crate) fn start(upstream: SocketAddr, point: Point) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let (reached, receiver) = channel();
        let shared = Arc::new(Shared {
            upstream,
            point,
            seen: Mutex::new(0),
            reached: Mutex::new(reached),
        });
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                // A connection that breaks is that of a program that was killed.
                std::thread::spawn(move || serve(connection, &shared));
            }
        });
        Self {
            endpoint: format!("http://{address}"),
            reached: receiver,
        }
    }

    /// Waits a moment for the point, so that the caller can see whether the program has ended before.
    pub(crate) fn is_reached(&self) -> bool {
        self.reached.recv_timeout(Duration::from_millis(50)).is_ok()
    }
}

/// One request for each connection: the answer closes it.
fn serve(mut connection: TcpStream, shared: &Shared) -> Option<()> {
    let mut reader = BufReader::new(connection.try_clone().ok()?);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head).ok()? == 0 {
            return None;
        }
    }
    let text = String::from_utf8_lossy(&head).into_owned();
    let length = header(&text, "content-length").and_then(|text| text.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let stops = is_point(&name(&text), shared);
    if stops && shared.point.when == When::Before {
        return stop(shared);
    }
    let mut service = TcpStream::connect(shared.upstream).ok()?;
    let head = text.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    service.write_all(head.as_bytes()).ok()?;
    service.write_all(&body).ok()?;
    let mut answer = Vec::new();
    service.read_to_end(&mut answer).ok()?;
    if stops {
        return stop(shared);
    }
    connection.write_all(&answer).ok()
}

/// The connection stays open without an answer until the program is gone.
fn stop(shared: &Shared) -> Option<()> {
    let reached = shared.reached.lock().ok()?;
    reached.send(()).ok()?;
    drop(reached);
    loop {
        std::thread::park();
    }
}

fn is_point(name: &str, shared: &Shared) -> bool {
    if name != shared.point.request {
        return false;
    }
    let mut seen = shared.seen.lock().expect("no thread panics with it");
    *seen += 1;
    *seen == shared.point.earlier + 1
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// The operation of Support, the last part of the path of Security IR, or the method at a presigned URL.
fn name(head: &str) -> String {
    if let Some((_, operation)) = header(head, "x-amz-target").and_then(|text| text.split_once('.'))
    {
        return operation.to_owned();
    }
    let mut words = head.split(' ');
    let method = words.next().unwrap_or_default();
    let path = words.next().unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    match path.strip_prefix("/v1/") {
        Some(rest) => {
            let parts: Vec<&str> = rest.split('/').collect();
            let operation = parts.iter().find(|part| {
                part.contains("-case") || part.contains("-url") || part.contains("-comment")
            });
            operation.unwrap_or(&parts[0]).to_string()
        }
        None => method.to_owned(),
    }
}
