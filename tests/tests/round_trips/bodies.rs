//! A body is a fixture: serde reads it as the client does, whatever it holds.

use attache_runtime::operation::Request;
use attache_runtime::plumbing::json::FromJson;
use attache_runtime::plumbing::message::HttpResponse;
use attache_runtime::test::from_json_deny_unknown;
use attache_runtime::validation::Level;
use attache_runtime::{Body, Document, Timestamp};
use golden_aws_json::operation::{EchoRequest, EchoResponse};
use golden_rest_json::operation::{LocalRequest, PutEverythingRequest, PutEverythingResponse};
use http::HeaderMap;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{body, each, is_in_body, json_of, runner};
use attache_tests::sample::object;

#[test]
fn serde_reads_the_body_of_a_response_as_the_client_does() {
    each(|_, operation, model, [_, output]| {
        let outcome = runner(32).run(&(operation.arbitrary_responses)(), |response| {
            let sent = body(model, output, &response).to_string();
            let decoded =
                (operation.decode)(HttpResponse::new(200, HeaderMap::new(), sent.clone()));
            prop_assert_eq!((operation.read)(&sent), decoded.clone());
            prop_assert_eq!((operation.read_known)(&sent), decoded);
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{}: {error}", operation.name));
    });
}

#[test]
fn serde_reads_the_body_of_a_request_as_its_members() {
    each(|_, operation, model, [input, _]| {
        let requests = (operation.arbitrary_requests)(Level::Documented);
        let outcome = runner(32).run(&requests, |request| {
            let encoded = (operation.encode)(request.clone()).map_err(TestCaseError::fail)?;
            let members = &model.shape(input)["members"];
            let sent = object(&request).iter();
            let sent: Map<_, _> = sent
                .filter(|(name, _)| is_in_body(&members[*name]))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            let read = (operation.request_again)(json_of(&encoded));
            prop_assert_eq!(read, Value::from(sent));
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{}: {error}", operation.name));
    });
}

/// The form that serde writes, of which the same value is read in each way.
fn written<T>(value: &T) -> Result<Value, TestCaseError>
where
    T: Serialize + DeserializeOwned + FromJson + PartialEq + std::fmt::Debug,
{
    let text = serde_json::to_string(value).expect("every type can be written");
    let form: Value = serde_json::from_str(&text).expect("it is JSON");
    let read: T = serde_json::from_str(&text).map_err(fail)?;
    prop_assert_eq!(&read, value);
    let read: T = serde_json::from_value(form.clone()).map_err(fail)?;
    prop_assert_eq!(&read, value);
    let read: T = serde_json::from_reader(text.as_bytes()).map_err(fail)?;
    prop_assert_eq!(&read, value);
    known(text.as_bytes(), value)?;
    Ok(form)
}

/// Reads a value as a fixture. Nothing in it is unknown but what a union holds.
fn known<T: FromJson + PartialEq + std::fmt::Debug>(
    text: &[u8],
    value: &T,
) -> Result<(), TestCaseError> {
    match from_json_deny_unknown::<T>(text) {
        Ok(read) => prop_assert_eq!(&read, value),
        Err(error) => {
            prop_assert!(!error.unknown_members().is_empty(), "{:#}", error);
            prop_assert!(format!("{value:?}").contains("Unknown("), "{}", error);
        }
    }
    Ok(())
}

fn fail(error: impl std::fmt::Display) -> TestCaseError {
    TestCaseError::fail(format!("{error:#}"))
}

fn bytes_of(body: Body) -> Vec<u8> {
    match body {
        Body::Bytes(bytes) => bytes.to_vec(),
        other => panic!("no stream is sent: {other:?}"),
    }
}

/// The model has every kind of shape, and a body of the request is one of the response, too.
#[test]
fn serde_reads_every_kind_of_shape_as_it_is_sent() {
    let requests = any_with::<EchoRequest>(Level::Documented);
    let outcome = runner(100).run(&requests, |mut request| {
        written(&request)?;
        // A response has no token, and an http-date no fraction.
        request.token = None;
        let second = |it: Timestamp| Timestamp::from_epoch_seconds(it.epoch_seconds());
        request.an_http_date = request.an_http_date.map(second).transpose().map_err(fail)?;
        let encoded = request.clone().encode().map_err(fail)?;
        let sent = bytes_of(encoded.into_body());
        let again: EchoRequest = serde_json::from_slice(&sent).map_err(fail)?;
        prop_assert_eq!(again, request);
        let read: EchoResponse = serde_json::from_slice(&sent).map_err(fail)?;
        let response = HttpResponse::new(200, HeaderMap::new(), sent.clone());
        let decoded = EchoRequest::decode(response).map_err(fail)?;
        prop_assert_eq!(&read, &decoded);
        known(&sent, &decoded)?;
        written(&decoded)?;
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn serde_reads_members_of_headers_and_urls_by_their_names() {
    let values = (
        any_with::<PutEverythingRequest>(Level::Documented),
        any::<PutEverythingResponse>(),
        any_with::<LocalRequest>(Level::Documented),
    );
    let outcome = runner(32).run(&values, |(request, response, local)| {
        let form = written(&request)?;
        prop_assert_eq!(form["id"].as_str(), request.id.as_deref());
        written(&response)?;
        written(&local)?;
        let encoded = request.clone().encode().map_err(fail)?;
        let sent: Value = serde_json::from_slice(&bytes_of(encoded.into_body())).map_err(fail)?;
        let again: PutEverythingRequest = serde_json::from_value(sent.clone()).map_err(fail)?;
        // The body has `re-named` for `renamed`, and lacks what is sent elsewhere.
        prop_assert_eq!(sent["re-named"].as_str(), request.renamed.as_deref());
        prop_assert_eq!(&again.renamed, &request.renamed);
        prop_assert_eq!(&again.a_choice, &request.a_choice);
        prop_assert_eq!(again.id, None);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-5.0..3e9).prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
        "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:00:00(Z|\\+02:00)?".prop_map(Value::from),
        Just(Value::from("-Infinity")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let names = prop_oneof![
            Just("text"),
            Just("part"),
            Just("Unknown"),
            Just("__type"),
            Just("name"),
            Just("new")
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names.prop_map(str::to_owned), inner, 0..4)
                .prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// Replaces the value that comes `steps` values after the outermost one.
fn replace(value: &mut Value, steps: &mut usize, with: &Value) {
    if *steps == 0 {
        *value = with.clone();
    }
    *steps = steps.wrapping_sub(1);
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(|it| replace(it, steps, with)),
        Value::Object(members) => members.values_mut().for_each(|it| replace(it, steps, with)),
        _ => {}
    }
}

#[test]
fn serde_refuses_what_the_client_refuses_and_reads_the_rest_the_same() {
    let values = (
        any::<EchoResponse>(),
        any_json(),
        prop_oneof![0..4_usize, 0..60_usize],
    );
    let (read, refused) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    let outcome = runner(1000).run(&values, |(response, with, mut steps)| {
        let mut form = serde_json::to_value(&response).expect("it can be written");
        replace(&mut form, &mut steps, &with);
        let text = form.to_string();
        let decoded =
            EchoRequest::decode(HttpResponse::new(200, HeaderMap::new(), text.clone())).ok();
        let count = if decoded.is_some() { &read } else { &refused };
        count.set(count.get() + 1);
        let from_text: Option<EchoResponse> = serde_json::from_str(&text).ok();
        prop_assert_eq!(&from_text, &decoded, "{}", text);
        let from_value: Option<EchoResponse> = serde_json::from_value(form).ok();
        prop_assert_eq!(&from_value, &decoded, "{}", text);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(read.get() > 100 && refused.get() > 100);
}

#[test]
fn documents_in_a_message_are_those_of_serde() {
    let outcome = runner(500).run(&any_json(), |value| {
        let text = serde_json::json!({ "aDocument": value }).to_string();
        let read: EchoResponse = serde_json::from_str(&text).map_err(fail)?;
        let document: Document = serde_json::from_value(value.clone()).map_err(fail)?;
        prop_assert_eq!(read.a_document, (!value.is_null()).then_some(document));
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}
