//! Every fault of the table, once for a call that only reads and once for one that must not act twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::calls::{Connect, Service, Way, over_reqwest};
use super::misbehavior::{FAULTS, FLOODED, Fault, PRESIGNED};
use super::server::{Server, answer};
use super::{SECRET, TOKEN, config, tls, xml};

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

/// The head of the second table.
const XML_HEADER: &str = "
The next table is about bodies of XML. Both calls go to a service of awsQuery: `ListToys` only reads; `MakeToy` acts, and has an
idempotency token, with which it may be sent again. What happens below the body, such as a connection that is reset, is as
in the first table.

| fault | `ListToys` | `MakeToy` |
|---|---|---|
";

/// A line of the table, and what a program may print of the errors in it.
struct Row {
    cells: String,
    shown: String,
}

/// Makes both calls and gives the row of the table.
async fn row(name: &str, way: Way, service: &Service) -> Row {
    let start = Instant::now();
    let mut shown = String::new();
    let read = service.read(way, &mut shown).await;
    let create = service.act(way, &mut shown).await;
    let elapsed = start.elapsed();
    assert!(elapsed < 2 * BOUND, "{name} took {elapsed:?}");
    let cells = format!("| {name} | {read} | {create} |\n");
    Row { cells, shown }
}

async fn assert_usable(name: &str, way: Way, service: &Service) {
    // A connection of the pool may just have been closed; a call that only reads survives that.
    let mut shown = String::new();
    let outcome = service.read(way, &mut shown).await;
    assert_eq!(outcome, "success", "after `{name}`: {shown}");
}

async fn served(name: &str, way: Way, fault: Fault, connect: Connect) -> Row {
    let healthy = Arc::new(AtomicBool::new(false));
    let flag = healthy.clone();
    let server = Server::start(move |received, stream| {
        if flag.load(Ordering::SeqCst) {
            // No body is a response without members in both formats.
            answer(stream, "200 OK", "", "")
        } else {
            fault(received, stream)
        }
    });
    let limited = config(&server.url())
        .response_limit(1 << 20)
        .value_limit(1 << 22);
    let client = connect(way, limited);
    let row = row(name, way, &client).await;
    healthy.store(true, Ordering::SeqCst);
    assert_usable(name, way, &client).await;
    row
}

async fn reset(way: Way) -> Row {
    let server = Server::start(|_, stream| answer(stream, "200 OK", "", "{}"));
    server.reset_connections(true);
    let client = Service::json(way, config(&server.url()));
    let row = row("reset before the head", way, &client).await;
    server.reset_connections(false);
    assert_usable("reset", way, &client).await;
    row
}

async fn refused(way: Way) -> Row {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let client = Service::json(way, config(&format!("http://{address}")));
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
    row("unknown host", way, &Service::json(Way::Awaited, builder)).await
}

async fn self_signed(way: Way) -> Row {
    let address = tls::start();
    let client = Service::json(way, config(&format!("https://{address}")));
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
        rows.push(served(name, way, *fault, Service::json).await);
    }
    let mut of_xml = Vec::new();
    for (name, fault) in xml::FAULTS {
        of_xml.push(served(name, way, *fault, Service::xml).await);
    }
    let (mut table, mut shown) = (HEADER.to_owned(), String::new());
    let mut append = |rows: Vec<Row>, table: &mut String| {
        for row in rows {
            table.push_str(&row.cells);
            shown.push_str(&row.shown);
        }
    };
    append(rows, &mut table);
    table.push_str(XML_HEADER);
    append(of_xml, &mut table);
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
        "s3cr",
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
