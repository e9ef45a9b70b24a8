//! Exchanges in rpcv2Cbor between the halves.

use attache_local::wire::Request;
use attache_runtime::plumbing::cbor::{Reader, Writer};
use attache_runtime::{Bytes, Document};
use golden_rpcv2_cbor::{Client, ServiceError};
use http::{HeaderMap, HeaderValue, Method};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::Value;

use super::exchange::{config, serve};
use super::{Served, converted, rpcv2_cbor, wire};

impl rpcv2_cbor::Handler for Served<rpcv2_cbor::Operation> {
    fn pack(
        &mut self,
        mut request: rpcv2_cbor::operation::PackRequest,
    ) -> Result<rpcv2_cbor::operation::PackResponse, wire::Refusal> {
        if request.title.as_deref() == Some("old") {
            return Err(rpcv2_cbor::error::TooMuch {
                message: Some("there is one".to_owned()),
                most: 3,
                secret: request.title,
                when: "2026-01-02T03:04:05.5Z".parse().ok(),
            }
            .into());
        }
        // A response must have one.
        request.parcel.get_or_insert_default();
        Ok(converted(&request))
    }

    fn rest(
        &mut self,
        _: rpcv2_cbor::operation::RestRequest,
    ) -> Result<rpcv2_cbor::operation::RestResponse, wire::Refusal> {
        Ok(rpcv2_cbor::operation::RestResponse {})
    }
}

/// The serde form, with decimal numbers in the form that CBOR gives them: `1.50` is `150e-2`.
fn json(value: &impl Serialize) -> Value {
    fn decimals(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match value {
                        Value::String(text) if ["bigDecimal", "price"].contains(&name.as_str()) => {
                            *text = scaled(text);
                        }
                        value => decimals(value),
                    }
                }
            }
            Value::Array(elements) => elements.iter_mut().for_each(decimals),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(value).expect("it has a form in JSON");
    decimals(&mut value);
    value
}

/// A decimal number as an integer and a power of ten.
fn scaled(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let (digits, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let exponent: i64 = exponent.parse().expect("it is a number");
    let all = format!("{whole}{fraction}");
    let (sign, all) = match all.strip_prefix('-') {
        Some(all) => ("-", all),
        None => ("", all.as_str()),
    };
    match all.trim_start_matches('0') {
        "" => format!("0e{}", exponent - fraction.len() as i64),
        digits => format!("{sign}{digits}e{}", exponent - fraction.len() as i64),
    }
}

fn blocking<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(21),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_server_reads_what_a_client_writes_and_answers_what_the_client_reads(
        request in any::<golden_rpcv2_cbor::operation::PackRequest>()
    ) {
        prop_assume!(request.title.as_deref() != Some("old"));
        let mut sent = json(&request);
        let client = Client::new(&config(serve!(rpcv2_cbor)));
        let came = blocking(client.send(request)).expect("the halves understand each other");
        let mut came = json(&came);
        let members = sent.as_object_mut().expect("an object");
        members.remove("token");
        if members.get("parcel").is_none() {
            came.as_object_mut().expect("an object").remove("parcel");
        }
        prop_assert_eq!(sent, came);
    }

    #[test]
    fn a_client_reads_what_its_mock_writes(
        response in any::<golden_rpcv2_cbor::operation::PackResponse>()
    ) {
        let wanted = json(&response);
        let mock = attache_runtime::test::Mock::new().rule(
            attache_runtime::test::when::<golden_rpcv2_cbor::operation::PackRequest>(|_| true)
                .then(Ok(response)),
        );
        let client = Client::new(&mock.config().build().expect("the configuration is complete"));
        let came = blocking(client.pack().title("new").send()).expect("the mock responds");
        prop_assert_eq!(wanted, json(&came));
    }

    #[test]
    fn a_client_reads_the_errors_that_its_mock_writes(error in any::<ServiceError>()) {
        let mock = attache_runtime::test::Mock::new().rule(
            attache_runtime::test::when::<golden_rpcv2_cbor::operation::PackRequest>(|_| true)
                .then(Err(golden_rpcv2_cbor::Error::from_service(error.clone()))),
        );
        let config = mock.config().max_attempts(1).build();
        let client = Client::new(&config.expect("the configuration is complete"));
        let came = blocking(client.pack().title("new").send()).expect_err("it is an error");
        prop_assert_eq!(came.status(), Some(413));
        prop_assert_eq!(came.code(), Some("TooMuch"));
        prop_assert_eq!(came.service(), Some(&error));
    }
}

#[test]
fn errors_have_their_code_their_message_and_their_members() {
    let client = Client::new(&config(serve!(rpcv2_cbor)));
    let error = blocking(client.pack().title("old").send()).expect_err("there is one");
    assert_eq!((error.status(), error.code()), (Some(413), Some("TooMuch")));
    assert_eq!(error.message(), Some("there is one"));
    let Some(ServiceError::TooMuch(error)) = error.service() else {
        panic!("another error: {error:?}");
    };
    assert_eq!((error.most, error.secret.as_deref()), (3, Some("old")));
    let when = error.when.map(|when| when.to_string());
    assert_eq!(when.as_deref(), Some("2026-01-02T03:04:05.5Z"));
    blocking(client.rest().send()).expect("it has no members");
}

/// A request as the protocol describes it (Smithy 2.0, "Smithy RPC v2 CBOR protocol").
fn message(path: &str, body: &'static [u8]) -> Request {
    let mut headers = HeaderMap::new();
    headers.insert("smithy-protocol", HeaderValue::from_static("rpc-v2-cbor"));
    headers.insert("content-type", HeaderValue::from_static("application/cbor"));
    Request {
        method: Method::POST,
        path: path.to_owned(),
        query: String::new(),
        headers,
        body: Bytes::from_static(body),
    }
}

const PACK: &str = "/service/Packed/operation/Pack";

#[test]
fn a_route_has_both_names_behind_any_prefix_and_the_header() {
    let route = |path: &str| rpcv2_cbor::route(&message(path, b""));
    assert_eq!(route(PACK), Some(rpcv2_cbor::Operation::Pack));
    let prefixed = format!("/a/b{PACK}");
    assert_eq!(route(&prefixed), Some(rpcv2_cbor::Operation::Pack));
    for path in [
        "/service/Other/operation/Pack",
        "/service/Packed/operation/X",
        "/",
        &format!("{PACK}/x"),
    ] {
        assert_eq!(route(path), None, "{path}");
    }
    let mut without = message(PACK, b"");
    without.headers.remove("smithy-protocol");
    assert_eq!(rpcv2_cbor::route(&without), None);
}

/// What the server answers to a body: its status, and its body as a document.
fn answered(body: &'static [u8]) -> (wire::Response, Document) {
    let response = serve!(rpcv2_cbor)(&message(PACK, body));
    let mut reader = Reader::new(&response.body);
    let document = reader.readable().expect("the body is CBOR");
    assert_eq!(response.headers["smithy-protocol"], "rpc-v2-cbor");
    assert_eq!(response.headers["content-type"], "application/cbor");
    (response, document)
}

#[test]
fn a_server_reads_any_form_of_cbor_and_refuses_what_is_none() {
    // {_ "title": (_ "a", "b"), "parcel": {"float": half 1.5, "when": 1(1)}}
    let (response, document) =
        answered(b"\xbfetitle\x7faaab\xfffparcel\xa2efloat\xf9\x3e\x00dwhen\xc1\x01\xff");
    assert_eq!(response.status, 200, "{document:?}");
    assert_eq!(document.get("title").and_then(Document::as_str), Some("ab"));
    let parcel = document.get("parcel").expect("it is there");
    assert_eq!(parcel.get("float").and_then(Document::as_f64), Some(1.5));
    for body in [&b"\xa1etitle\x01"[..], b"\xa1", b"{}", b"\xa0\xa0"] {
        let (response, document) = answered(body);
        assert_eq!(response.status, 400, "{body:?}");
        let code = document.get("__type").and_then(Document::as_str);
        assert_eq!(code, Some("SerializationException"), "{body:?}");
        assert!(document.get("message").is_some(), "{body:?}");
    }
}

#[test]
fn an_error_has_the_id_of_its_shape() {
    let (response, document) = answered(b"\xa1etitlecold");
    assert_eq!(response.status, 413);
    let code = document.get("__type").and_then(Document::as_str);
    assert_eq!(code, Some("example.packed#TooMuch"));
}

#[test]
fn an_error_without_facts_has_the_members_that_a_client_needs() {
    let refusal = wire::Refusal::without_facts(&rpcv2_cbor::SERVICE, "TooMuch", None, "no");
    assert_eq!(refusal.code(), "TooMuch");
    let response = refusal.into_response();
    let mut expected = Writer::default();
    expected.begin_object();
    expected.key("__type");
    expected.string("example.packed#TooMuch");
    expected.key("message");
    expected.string("no");
    expected.key("most");
    expected.integer(0);
    expected.end_object();
    assert_eq!(response.body, expected.into_bytes());
}
