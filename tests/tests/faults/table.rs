//! Every fault of the table, once for a call that only reads and once for one that must not act twice.

use std::fmt::Write as _;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use attache_support::runtime::transport::ReqwestTransport;
use attache_support::{Call, Client, Error};

use super::server::{Received, Server, answer, hang_up, write};
use super::{SECRET, TOKEN, client, config, tls};

/// A URL that gives access to whoever has it.
const PRESIGNED: &str =
    "https://evidence.s3.amazonaws.com/dump?X-Amz-Credential=AKID&X-Amz-Signature=5f2c9d";
/// The longest that one call of the table may take.
const BOUND: Duration = Duration::from_secs(5);
const HEADER: &str = "# Faults

What a client makes of servers and networks that misbehave. The test `faults` of `attache-tests` runs every row and
compares this file with what it saw; `UPDATE_FAULTS=1 cargo test -p attache-tests --test faults` writes it anew.

Both calls go to AWS Support: `DescribeServices` only reads, `CreateCase` must not be made twice. A cell holds the kind
of the error, the status of the answer, how often the request was sent, and whether the error says that the call may
have taken effect. Every call ends within its limits of time and memory, no error shows a secret, and where the server
recovers, so does the client, with the same pool.

| fault | `DescribeServices` | `CreateCase` |
|---|---|---|
";

type Fault = fn(&Received, &mut TcpStream) -> bool;

const FAULTS: &[(&str, Fault)] = &[
    ("closed before the head", |_, stream| hang_up(stream)),
    ("closed within the head", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\ncontent-le") && hang_up(stream)
    }),
    ("closed after the head", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n") && hang_up(stream)
    }),
    ("half a body", |_, stream| {
        write(
            stream,
            b"HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\n{\"caseId\":",
        ) && hang_up(stream)
    }),
    ("half a chunked body", |_, stream| {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n";
        write(stream, head) && hang_up(stream)
    }),
    ("content length too long", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}");
        wait(stream)
    }),
    ("content length too short", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n{}") && hang_up(stream)
    }),
    ("content length is no number", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}") && hang_up(stream)
    }),
    ("no answer", |_, stream| wait(stream)),
    ("head, then silence", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n");
        wait(stream)
    }),
    ("slow drip", |_, stream| {
        let mut flows = write(
            stream,
            b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n",
        );
        while flows {
            std::thread::sleep(Duration::from_millis(20));
            flows = write(stream, b" ");
        }
        false
    }),
    ("not HTTP", |_, stream| {
        write(stream, b"220 mail.example.com ESMTP\r\n") && hang_up(stream)
    }),
    ("garbage instead of JSON", |_, stream| {
        answer(stream, "200 OK", "", &format!("\u{1}\u{2} {PRESIGNED}"))
    }),
    ("cut JSON", |_, stream| {
        answer(stream, "200 OK", "", r#"{"caseId":"#)
    }),
    ("deeply nested JSON", |_, stream| {
        answer(
            stream,
            "200 OK",
            "",
            &format!("{{\"x\":{}", "[".repeat(1_000_000)),
        )
    }),
    ("list of empty structures", |_, stream| {
        let body = format!(
            r#"{{"services":[{{}}{}],"caseId":[{{}}]}}"#,
            ",{}".repeat(200_000)
        );
        answer(stream, "200 OK", "", &body)
    }),
    ("gzip that nobody asked for", |_, stream| {
        let head = "content-encoding: gzip\r\n";
        answer(stream, "200 OK", head, "\u{1f}\u{8b}\u{8}")
    }),
    ("text with controls of a terminal", |_, stream| {
        let body =
            r#"{"__type":"Odd\u001b[2J","message":"\u001b]0;x\u0007\r\nforged: line\u202e"}"#;
        answer(stream, "400 Bad Request", "", body)
    }),
    ("HTML of a proxy, 200", |_, stream| {
        answer(
            stream,
            "200 OK",
            "content-type: text/html\r\n",
            &format!("<a href=\"{PRESIGNED}\">"),
        )
    }),
    ("HTML of a proxy, 502", |_, stream| {
        answer(
            stream,
            "502 Bad Gateway",
            "content-type: text/html\r\n",
            &format!("<a href=\"{PRESIGNED}\">"),
        )
    }),
    ("HTML of a proxy, 407", |_, stream| {
        answer(
            stream,
            "407 Proxy Authentication Required",
            "content-type: text/html\r\n",
            "<html>",
        )
    }),
    ("1 GB, announced", |_, stream| {
        write(
            stream,
            b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n",
        ) && flood(stream)
    }),
    ("1 GB, unannounced", |_, stream| {
        write(stream, b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n") && flood(stream)
    }),
    ("1 GB with 500", |_, stream| {
        write(stream, b"HTTP/1.1 500 Oh\r\nconnection: close\r\n\r\n") && flood(stream)
    }),
    ("unknown error code", |_, stream| {
        answer(
            stream,
            "400 Bad Request",
            "",
            r#"{"__type":"NeverHeardOf","message":"no"}"#,
        )
    }),
    ("error without code", |_, stream| {
        answer(stream, "400 Bad Request", "", "")
    }),
    ("redirect", |_, stream| {
        let location = format!("location: {PRESIGNED}\r\n");
        answer(stream, "307 Temporary Redirect", &location, "")
    }),
    ("storm of 503", |_, stream| {
        answer(stream, "503 Service Unavailable", "", "")
    }),
    ("storm of throttling", |_, stream| {
        answer(
            stream,
            "400 Bad Request",
            "",
            r#"{"__type":"ThrottlingException"}"#,
        )
    }),
    ("wrong clock, refused signature", |received, stream| {
        let body = r#"{"__type":"InvalidSignatureException"}"#;
        let date = "date: Mon, 01 Jan 2035 00:00:00 GMT\r\n";
        if received.number == 0 {
            answer(stream, "403 Forbidden", date, body)
        } else {
            answer(stream, "200 OK", date, "{}")
        }
    }),
    ("wrong `Date` alone", |_, stream| {
        answer(
            stream,
            "200 OK",
            "date: Thu, 99 Foo 2035 00:00:00 GMT\r\n",
            "{}",
        )
    }),
];

/// Keeps the connection and says nothing until the client leaves.
fn wait(stream: &mut TcpStream) -> bool {
    let _ = stream.peek(&mut [0]);
    false
}

static FLOODED: AtomicU64 = AtomicU64::new(0);

/// Sends up to 1 GB.
fn flood(stream: &mut TcpStream) -> bool {
    let piece = vec![b' '; 1 << 16];
    for _ in 0..(1 << 14) {
        if !write(stream, &piece) {
            break;
        }
        FLOODED.fetch_add(piece.len() as u64, Ordering::Relaxed);
    }
    false
}

/// What a call came to, and its error in all forms that a program may print.
fn outcome<T>(result: Result<T, Error>, shown: &mut String) -> String {
    let error = match result {
        Ok(_) => return "success".to_owned(),
        Err(error) => error,
    };
    let _ = write!(
        shown,
        "{error}\n{error:?}\n{error:#?}\n{:?}\n",
        error.response()
    );
    let mut cause = std::error::Error::source(&error);
    while let Some(next) = cause {
        let _ = write!(shown, "{next}\n{next:?}\n");
        cause = next.source();
    }
    let status = error
        .status()
        .map(|status| format!(" {status}"))
        .unwrap_or_default();
    let times = match error.attempts() {
        1 => "once".to_owned(),
        attempts => format!("{attempts} times"),
    };
    let effect = if error.may_have_taken_effect() {
        ", may have taken effect"
    } else {
        ""
    };
    format!("{:?}{status}, {times}{effect}", error.kind())
}

/// A line of the table, and what a program may print of the errors in it.
struct Row {
    cells: String,
    shown: String,
}

/// How the calls are made.
#[derive(Clone, Copy, Debug)]
enum Way {
    Awaited,
    /// With `Call::wait`, on a thread of its own.
    Blocking,
}

async fn made<T: Send + 'static>(
    way: Way,
    call: Call<T, attache_support::ServiceError>,
) -> Result<T, Error> {
    match way {
        Way::Awaited => call.await,
        Way::Blocking => tokio::task::spawn_blocking(|| call.wait())
            .await
            .expect("no call panics"),
    }
}

/// Makes both calls and gives the row of the table.
async fn row(name: &str, way: Way, client: &Client) -> Row {
    let start = Instant::now();
    let mut shown = String::new();
    let read = made(way, client.describe_services().send()).await;
    let read = outcome(read, &mut shown);
    let create = client
        .create_case()
        .subject("broken")
        .communication_body("it broke");
    let create = outcome(made(way, create.send()).await, &mut shown);
    let elapsed = start.elapsed();
    assert!(elapsed < 2 * BOUND, "{name} took {elapsed:?}");
    let cells = format!("| {name} | {read} | {create} |\n");
    Row { cells, shown }
}

async fn assert_usable(name: &str, way: Way, client: &Client) {
    // A connection of the pool may just have been closed; a call that only reads survives that.
    let result = made(way, client.describe_services().send()).await;
    assert!(result.is_ok(), "after `{name}`: {result:?}");
}

async fn served(name: &str, way: Way, fault: Fault) -> Row {
    let healthy = Arc::new(AtomicBool::new(false));
    let flag = healthy.clone();
    let server = Server::start(move |received, stream| {
        if flag.load(Ordering::SeqCst) {
            answer(stream, "200 OK", "", "{}")
        } else {
            fault(received, stream)
        }
    });
    let client = client(
        config(&server.url())
            .response_limit(1 << 20)
            .value_limit(1 << 22),
    );
    let row = row(name, way, &client).await;
    healthy.store(true, Ordering::SeqCst);
    assert_usable(name, way, &client).await;
    row
}

async fn reset(way: Way) -> Row {
    let server = Server::start(|_, stream| answer(stream, "200 OK", "", "{}"));
    server.reset_connections(true);
    let client = client(config(&server.url()));
    let row = row("reset before the head", way, &client).await;
    server.reset_connections(false);
    assert_usable("reset", way, &client).await;
    row
}

async fn refused(way: Way) -> Row {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let client = client(config(&format!("http://{address}")));
    row("connection refused", way, &client).await
}

/// Knows no name.
#[derive(Debug)]
struct NoNames;

impl reqwest::dns::Resolve for NoNames {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let message = format!("no address for {}", name.as_str());
        Box::pin(async move { Err(message.into()) })
    }
}

async fn no_name(way: Way) -> Row {
    // reqwest wants a provider of the process, even where nothing is encrypted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = reqwest::Client::builder()
        .dns_resolver(Arc::new(NoNames))
        .no_proxy()
        .build();
    let transport = ReqwestTransport::from_client(http.expect("a client"));
    let builder = config("http://support.invalid")
        .allow_plain_http(true)
        .transport(transport);
    row("unknown host", way, &client(builder)).await
}

async fn self_signed(way: Way) -> Row {
    let address = tls::start();
    let client = client(config(&format!("https://{address}")));
    row("self-signed certificate", way, &client).await
}

/// One row after the other: a machine that is busy with all of them would add timeouts of its own.
async fn all_rows(way: Way) -> (String, String) {
    let mut rows = vec![
        refused(way).await,
        no_name(way).await,
        self_signed(way).await,
        reset(way).await,
    ];
    for (name, fault) in FAULTS {
        rows.push(served(name, way, *fault).await);
    }
    let (mut table, mut shown) = (HEADER.to_owned(), String::new());
    for row in rows {
        table.push_str(&row.cells);
        shown.push_str(&row.shown);
    }
    (table, shown)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_has_the_outcome_that_the_table_says_and_shows_no_secret() {
    let (table, shown) = all_rows(Way::Awaited).await;
    check(&table, &shown);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../FAULTS.md");
    if std::env::var_os("UPDATE_FAULTS").is_some() {
        std::fs::write(path, &table).expect("FAULTS.md can be written");
    }
    assert_eq!(written(), table);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocking_calls_have_the_same_outcomes() {
    let (table, shown) = all_rows(Way::Blocking).await;
    check(&table, &shown);
    assert_eq!(written(), table);
}

fn written() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../FAULTS.md");
    std::fs::read_to_string(path).expect("FAULTS.md is there")
}

/// No flood, and no secret.
fn check(table: &str, shown: &str) {
    assert!(table.len() > HEADER.len(), "there are rows");
    assert!(
        FLOODED.load(Ordering::Relaxed) < 512 << 20,
        "the limit is 1 MiB a response"
    );
    for secret in [
        SECRET,
        TOKEN,
        PRESIGNED,
        "X-Amz-Signature=5f2c9d",
        "AWS4-HMAC",
    ] {
        assert!(!shown.contains(secret), "{secret} in\n{shown}");
    }
    assert!(shown.contains("NeverHeardOf"), "errors are shown at all");
    let acts = |character: char| character.is_control() && character != '\n';
    assert!(
        !shown.contains(acts) && !shown.contains("\nforged"),
        "{shown}"
    );
}
