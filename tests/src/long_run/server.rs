//! A loopback server that misbehaves at fixed intervals, and opens a case before it does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::Outcomes;

/// Every so many requests there is a fault of a kind; primes, so that they fall on all kinds of calls.
const THROTTLED_EVERY: u64 = 997;
const DROPPED_EVERY: u64 = 1_499;
const FAILED_EVERY: u64 = 2_003;
const BROKEN_EVERY: u64 = 2_999;
/// Every so many answers end their connection, as they may.
const CLOSED_EVERY: u64 = 101;
const SUBJECT: &[u8] = b"\"subject\":\"case ";

/// A server in a thread of its own. Clones are the same server.
#[derive(Clone, Debug)]
pub(super) struct Server {
    address: std::net::SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    trouble: u64,
    requests: AtomicU64,
    connections: AtomicU64,
    faults: AtomicU64,
    /// How often each case was opened, by the number in its subject.
    opened: Vec<AtomicU8>,
}

impl Server {
    pub(super) fn start(calls: u64, trouble: u64) -> Result<Self> {
        let shared = Arc::new(Shared {
            trouble,
            requests: AtomicU64::new(0),
            connections: AtomicU64::new(0),
            faults: AtomicU64::new(0),
            opened: (0..calls).map(|_| AtomicU8::new(0)).collect(),
        });
        // Memory is taken when it is written to: now, and not page by page while the calls are made.
        for count in &shared.opened {
            count.store(0, Ordering::SeqCst);
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0").context("no loopback port")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let serving = shared.clone();
        // It ends with the process.
        std::thread::Builder::new()
            .name("long-run-server".to_owned())
            .spawn(move || runtime.block_on(accept(listener, serving)))?;
        Ok(Self { address, shared })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How often a case was opened.
    pub(super) fn opened(&self, number: u64) -> u8 {
        self.shared.opened[number as usize].load(Ordering::SeqCst)
    }

    pub(super) fn seen(&self) -> Outcomes {
        let of = |count: &AtomicU64| count.load(Ordering::SeqCst);
        let opened = || {
            self.shared
                .opened
                .iter()
                .map(|count| count.load(Ordering::SeqCst))
        };
        Outcomes {
            requests: of(&self.shared.requests),
            connections: of(&self.shared.connections),
            faults: of(&self.shared.faults),
            cases: opened().filter(|count| *count > 0).count() as u64,
            twice: opened().filter(|count| *count > 1).count() as u64,
            ..Outcomes::default()
        }
    }
}

async fn accept(listener: std::net::TcpListener, shared: Arc<Shared>) {
    let listener = TcpListener::from_std(listener).expect("it does not block");
    while let Ok((stream, _)) = listener.accept().await {
        shared.connections.fetch_add(1, Ordering::SeqCst);
        let shared = shared.clone();
        tokio::spawn(async move {
            // The client goes away at the end, and that is no failure.
            let _ = serve(stream, &shared).await;
        });
    }
}

/// Answers the requests of a connection until one of both ends it.
async fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut received = Vec::with_capacity(16 * 1024);
    loop {
        let end = loop {
            if let Some(end) = end_of_request(&received) {
                break end;
            }
            if stream.read_buf(&mut received).await? == 0 {
                return Ok(());
            }
        };
        let (answer, goes_on) = shared.answer(&received[..end]);
        stream.write_all(&answer).await?;
        if !goes_on {
            return Ok(());
        }
        received.drain(..end);
    }
}

/// Where the first request ends, if it is there.
fn end_of_request(received: &[u8]) -> Option<usize> {
    let head = find(received, b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&received[..head]).to_ascii_lowercase();
    let length = text.split("\r\ncontent-length: ").nth(1)?;
    let length: usize = length.split("\r\n").next()?.parse().ok()?;
    (received.len() >= head + length).then_some(head + length)
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

impl Shared {
    /// What to send, and whether the connection goes on.
    fn answer(&self, request: &[u8]) -> (Vec<u8>, bool) {
        let number = self.requests.fetch_add(1, Ordering::SeqCst) + 1;
        let is_turn_of = |every: u64| number.is_multiple_of((every / self.trouble).max(2));
        let fault = |answer| {
            self.faults.fetch_add(1, Ordering::SeqCst);
            answer
        };
        if is_turn_of(THROTTLED_EVERY) {
            let body = r#"{"__type":"ThrottlingException","message":"Rate exceeded"}"#;
            return fault((response("400 Bad Request", "", body), true));
        }
        let head = &request[..request.len().min(2048)];
        let body = if find(head, b".CreateCase").is_some() {
            self.open(request);
            r#"{"caseId":"case-123456789012-muen-2026-0000000000000001"}"#
        } else if find(head, b".AddAttachmentsToSet").is_some() {
            r#"{"attachmentSetId":"as-1","expiryTime":"2026-03-01T12:00:00.000Z"}"#
        } else {
            r#"{"cases":[{"caseId":"case-1","subject":"It broke","timeCreated":"2026-02-28T12:34:56.789Z"}]}"#
        };
        if is_turn_of(DROPPED_EVERY) {
            return fault((Vec::new(), false));
        }
        if is_turn_of(FAILED_EVERY) {
            let body = r#"{"__type":"InternalServerError","message":"It failed."}"#;
            return fault((response("500 Internal Server Error", "", body), true));
        }
        let mut answer = response("200 OK", "", body);
        if is_turn_of(BROKEN_EVERY) {
            answer.truncate(answer.len() - 10);
            return fault((answer, false));
        }
        if is_turn_of(CLOSED_EVERY) {
            return (response("200 OK", "connection: close\r\n", body), false);
        }
        (answer, true)
    }

    /// Notes that the case of a request was opened.
    fn open(&self, request: &[u8]) {
        let digits = find(request, SUBJECT).map(|at| &request[at + SUBJECT.len()..]);
        let digits = digits
            .unwrap_or_default()
            .split(|byte| !byte.is_ascii_digit());
        let number = digits.into_iter().next().and_then(|digits| {
            let text = std::str::from_utf8(digits).ok()?;
            text.parse::<usize>().ok()
        });
        let number = number.expect("the client sends what it was given");
        self.opened[number].fetch_add(1, Ordering::SeqCst);
    }
}

fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/x-amz-json-1.1\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
