//! Every fault of the table, once for a call that only reads and once for one that must not act twice.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use attache_support::runtime::transport::ReqwestTransport;
use attache_support::{Call, Client, ConfigBuilder, Error};

use super::misbehavior::{FAULTS, FLOODED, Fault, PRESIGNED};
use super::server::{Server, answer};
use super::{SECRET, TOKEN, client, config, tls};

/// The longest that one call of the table may take.
const BOUND: Duration = Duration::from_secs(5);
const HEADER: &str = "# Faults

This table shows how a client handles faults of servers and networks. The test `faults` of `attache-tests` runs every row
and compares this file with the results. `UPDATE_FAULTS=1 cargo test -p attache-tests --test faults` rewrites the file.

Both calls go to AWS Support: `DescribeServices` only reads, `CreateCase` must not be repeated. A cell contains the kind of
the error, the status of the response, how often the request was sent, and whether the error says that the call may have
taken effect. Every call ends within its limits of time and memory, and no error shows a secret. When the server recovers,
the client recovers as well, with the same connection pool. Blocking calls, and calls over `ReqwestTransport`, have the same
results.

The test `connections` covers two further faults:

* **The server closes an idle connection.** The client notices this before it writes, and uses another connection. One race
  remains: the server closes the connection while the request is being sent. Then nobody can tell whether the server acted,
  and the error says so. Calls that only read are sent again. Other calls use connections that were idle for less than
  50 ms, or new ones. For them, the race can occur only if a server closes a connection within 50 ms after its last
  response. With `ReqwestTransport`, the settings of the reqwest client decide how long a connection may be idle.
* **The server responds and closes before it has read the whole request.** The client uses the response, even if the server
  resets the connection. Over `ReqwestTransport`, and on systems that discard received data after a reset, the response can
  be lost. The error then says that the request may have taken effect.

| fault | `DescribeServices` | `CreateCase` |
|---|---|---|
";

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
    /// Over a client of reqwest.
    Reqwest,
}

impl Way {
    fn client(self, builder: ConfigBuilder) -> Client {
        client(match self {
            Self::Awaited | Self::Blocking => builder,
            Self::Reqwest => builder.transport(over_reqwest(reqwest::Client::builder())),
        })
    }
}

fn over_reqwest(builder: reqwest::ClientBuilder) -> ReqwestTransport {
    // reqwest wants a provider of the process, even where nothing is encrypted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = builder
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .pool_idle_timeout(Duration::from_millis(50))
        .build();
    ReqwestTransport::from_client(http.expect("a client"))
}

async fn made<T: Send + 'static>(
    way: Way,
    call: Call<T, attache_support::ServiceError>,
) -> Result<T, Error> {
    match way {
        Way::Awaited | Way::Reqwest => call.await,
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
    let client = way.client(
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
    let client = way.client(config(&server.url()));
    let row = row("reset before the head", way, &client).await;
    server.reset_connections(false);
    assert_usable("reset", way, &client).await;
    row
}

async fn refused(way: Way) -> Row {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let client = way.client(config(&format!("http://{address}")));
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
    let transport = over_reqwest(reqwest::Client::builder().dns_resolver(Arc::new(NoNames)));
    let builder = config("http://support.invalid")
        .allow_plain_http(true)
        .transport(transport);
    row("unknown host", way, &client(builder)).await
}

async fn self_signed(way: Way) -> Row {
    let address = tls::start();
    let client = way.client(config(&format!("https://{address}")));
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
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/FAULTS.md");
    if std::env::var_os("UPDATE_FAULTS").is_some() {
        std::fs::write(path, &table).expect("docs/FAULTS.md can be written");
    }
    assert_eq!(written(), table);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocking_calls_have_the_same_outcomes() {
    let (table, shown) = all_rows(Way::Blocking).await;
    check(&table, &shown);
    assert_eq!(written(), table);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_over_reqwest_have_the_same_outcomes() {
    let (table, shown) = all_rows(Way::Reqwest).await;
    check(&table, &shown);
    assert_eq!(written(), table);
}

fn written() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/FAULTS.md");
    std::fs::read_to_string(path).expect("docs/FAULTS.md is there")
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
