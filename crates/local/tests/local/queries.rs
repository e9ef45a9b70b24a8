//! What a client writes into a path and a query, the server half reads as it was: both are generated from one model.

use std::sync::{Arc, Mutex};

use attache_local::api::security_ir::operation as server;
use attache_local::wire::{self, Input};
use attache_runtime::transport::{Transport, TransportError};
use attache_runtime::{Body, BoxFuture, ByteStream, Bytes, Config, Credentials, Timestamp};
use attache_security_ir::Client;
use attache_security_ir::validation::Level;

/// Texts with whatever has a meaning in a URL, in a form or in a list.
const TEXTS: [&str; 14] = [
    "",
    " ",
    "a b",
    "a+b",
    "%41",
    "100%",
    "a&b=c",
    "&&==",
    "a/b/../c?d#e",
    "\"quoted\", and more",
    "\r\nx: y\r\n\r\n",
    "\0\u{7f}",
    "-._~",
    "\u{e9}\u{1f44d}\u{202e}",
];

/// Keeps the last request, and answers each with an empty object.
#[derive(Clone, Debug, Default)]
struct Captured(Arc<Mutex<Option<wire::Request>>>);

impl Transport for Captured {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let (head, _) = request.into_parts();
        let request = wire::Request {
            method: head.method,
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            headers: head.headers,
            body: Bytes::new(),
        };
        *self.0.lock().expect("no test panics with the lock") = Some(request);
        Box::pin(async { Ok(http::Response::new(ByteStream::from("{}".to_owned()))) })
    }
}

impl Captured {
    /// A client that does not validate, so that texts are sent that the service would refuse.
    fn client(&self) -> Client {
        let config = Config::builder()
            .region("us-east-1")
            .credentials(Credentials::new("AKID", "secret"))
            .time_source(Timestamp::UNIX_EPOCH)
            .transport(self.clone())
            .build();
        Client::new(&config.expect("nothing is missing")).with_validation(Level::Off)
    }

    /// The last request, as the server half reads it.
    fn read<T: Input>(&self) -> T {
        let request = self.0.lock().expect("no test panics with the lock").take();
        T::decode(&request.expect("a request was sent")).expect("the server can read it")
    }
}

#[test]
fn texts_of_a_query_are_read_as_they_were_given() {
    let captured = Captured::default();
    let client = captured.client();
    for text in TEXTS {
        let call = client.list_investigations().case_id("1234567890");
        let call = call.next_token(text).max_results(25);
        call.send().wait().expect("it is answered");
        let read: server::ListInvestigationsRequest = captured.read();
        assert_eq!(read.next_token.as_deref(), Some(text));
        assert_eq!(read.max_results, Some(25), "{text:?}");
    }
}

#[test]
fn lists_of_a_query_keep_their_elements_and_their_order() {
    let captured = Captured::default();
    let client = captured.client();
    for arn in ["arn:aws:security-ir:us-east-1:1:case/1", "a/b %2F+?"] {
        let call = client.untag_resource().resource_arn(arn);
        call.tag_keys(TEXTS).send().wait().expect("it is answered");
        let read: server::UntagResourceRequest = captured.read();
        assert_eq!(read.resource_arn.as_deref(), Some(arn));
        assert_eq!(read.tag_keys.expect("there are some"), TEXTS);
    }
}

#[test]
fn times_of_a_query_are_read_as_they_were_given() {
    let captured = Captured::default();
    let client = captured.client();
    for time in [
        "1969-12-31T23:59:59Z",
        "2024-02-29T00:00:00Z",
        "2026-01-01T12:34:56.789Z",
    ] {
        let time: Timestamp = time.parse().expect("it is a time");
        let call = client.get_finding_metrics().membership_id("m-1");
        let call = call.start_date(time).end_date(time);
        call.send().wait().expect("it is answered");
        let read: server::GetFindingMetricsRequest = captured.read();
        assert_eq!((read.start_date, read.end_date), (Some(time), Some(time)));
    }
}

#[test]
fn what_is_not_given_is_absent() {
    let captured = Captured::default();
    let client = captured.client();
    let call = client.list_investigations().case_id("1234567890");
    call.send().wait().expect("it is answered");
    let read: server::ListInvestigationsRequest = captured.read();
    assert_eq!((read.next_token, read.max_results), (None, None));

    let call = client.untag_resource().resource_arn("arn");
    call.send().wait().expect("it is answered");
    assert_eq!(
        captured.read::<server::UntagResourceRequest>().tag_keys,
        None
    );
}
