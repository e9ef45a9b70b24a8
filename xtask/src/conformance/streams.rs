//! Suites of event streams: Smithy JSON AST with the trait `smithy.test#eventStreamTests` on operations.
//!
//! A case has the messages of both directions as bytes, with their values, and perhaps the request and the response
//! around them. A signed message is judged by what it holds.

use std::path::Path;

use anyhow::{Context, Result, bail};
use attache_codegen::protocol_tests::{Answer, Case, EventExchange, Exchange};
use base64_simd::STANDARD;
use serde_json::{Map, Value, json};

use super::folder::documents;
use super::members::{body_bytes, list, stem, text, texts};
use super::request::Wanted;
use super::suite::{Kind, Suite, SuiteCase, Suites};

const TESTS: &str = "smithy.test#eventStreamTests";
const STREAMING: &str = "smithy.api#streaming";

/// Reads the files of a folder.
///
/// # Errors
/// A folder without cases, and files that cannot be read.
pub(super) fn read(folder: &Path) -> Result<Suites> {
    let mut suites = Suites::default();
    for (path, model) in documents(folder)? {
        read_model(&stem(&path), &model, &mut suites)
            .with_context(|| path.display().to_string())?;
    }
    if suites.suites.iter().all(|suite| suite.cases.is_empty()) {
        bail!("{} holds no case of `{TESTS}`", folder.display());
    }
    Ok(suites)
}

fn read_model(file: &str, model: &Value, suites: &mut Suites) -> Result<()> {
    let shapes = model["shapes"]
        .as_object()
        .context("a Smithy JSON AST has the key `shapes`")?;
    let services = shapes.iter().find(|(_, shape)| shape["type"] == "service");
    let (service, _) = services.context("the model holds no service shape")?;
    let mut cases = Vec::new();
    for (id, shape) in shapes {
        let tests = shape["traits"].get(TESTS).and_then(Value::as_array);
        for test in tests.into_iter().flatten() {
            if test["appliesTo"] == "server" {
                suites.for_servers += 1;
                continue;
            }
            let case = text(test, "id").context("a case has no `id`")?;
            let read = read_case(file, shapes, (id, shape), test);
            cases.push(read.with_context(|| case)?);
        }
    }
    suites.suites.push(Suite {
        name: service.clone(),
        model: Ok(model.to_string()),
        cases,
    });
    Ok(())
}

fn read_case(
    file: &str,
    shapes: &Map<String, Value>,
    (id, shape): (&str, &Value),
    test: &Value,
) -> Result<SuiteCase> {
    let protocol = text(test, "protocol").unwrap_or_default();
    let protocol = protocol.rsplit_once('#').map_or("", |(_, name)| name);
    let name = |id: &str| id.rsplit_once('#').map_or(id, |(_, name)| name).to_owned();
    let failure = test["expectation"]
        .get("failure")
        .map(|failure| text(failure, "errorId").map(|id| name(&id)));
    let (sent, sent_params) = events(test, "request")?;
    let (received, received_params) = events(test, "response")?;
    let mut request = params(test, "initialRequestParams");
    if let Some(stream) = stream_member(shapes, &shape["input"]) {
        request[stream] = Value::Array(sent_params);
    }
    Ok(SuiteCase {
        protocol: protocol.to_owned(),
        file: file.to_owned(),
        kind: Kind::EventStreams,
        wanted: test.get("initialRequest").map(wanted),
        case: Case {
            id: text(test, "id").unwrap_or_default(),
            operation: name(id),
            endpoint: "https://example.com".to_owned(),
            exchange: Exchange::Events(EventExchange {
                request,
                has_request: test.get("initialRequest").is_some(),
                sent,
                answer: answer(protocol, test.get("initialResponse"), received)?,
                response: params(test, "initialResponseParams"),
                received: received_params,
                failure,
            }),
        },
    })
}

fn params(test: &Value, key: &str) -> Value {
    test.get(key).cloned().unwrap_or_else(|| json!({}))
}

/// The messages of a direction: their bytes, and the values of their events.
fn events(test: &Value, direction: &str) -> Result<(Vec<u8>, Vec<Value>)> {
    let events = test.get("events").and_then(Value::as_array);
    let mut bytes = Vec::new();
    let mut params = Vec::new();
    for event in events.into_iter().flatten() {
        if event["type"] != direction {
            continue;
        }
        let encoded = text(event, "bytes").context("an event has no `bytes`")?;
        bytes.extend(
            STANDARD
                .decode_to_vec(encoded)
                .context("`bytes` are base64")?,
        );
        params.extend(event.get("params").filter(|it| !it.is_null()).cloned());
    }
    Ok((bytes, params))
}

/// The name of the member that is an event stream.
fn stream_member<'s>(shapes: &'s Map<String, Value>, message: &Value) -> Option<&'s str> {
    let members = shapes.get(message["target"].as_str()?)?["members"].as_object()?;
    let mut members = members.iter();
    let stream = members.find(|(_, member)| {
        let target = member["target"].as_str().and_then(|id| shapes.get(id));
        target.is_some_and(|shape| {
            shape["type"] == "union" && shape["traits"].get(STREAMING).is_some()
        })
    });
    stream.map(|(name, _)| name.as_str())
}

/// The response around the messages. Without one in the case, it is a success.
fn answer(protocol: &str, initial: Option<&Value>, messages: Vec<u8>) -> Result<Answer> {
    let Some(initial) = initial else {
        return Ok(Answer {
            status: 200,
            headers: Vec::new(),
            body: messages,
        });
    };
    let status = initial["code"].as_u64().unwrap_or(200);
    let mut body = body_bytes(protocol, initial)?;
    body.extend(messages);
    Ok(Answer {
        status: u16::try_from(status).context("`code` is no status")?,
        headers: texts(initial, "headers"),
        body,
    })
}

/// What the request around the messages must be.
fn wanted(initial: &Value) -> Wanted {
    Wanted {
        method: text(initial, "method").unwrap_or_default(),
        path: text(initial, "uri").unwrap_or_default(),
        query: None,
        query_params: list(initial, "queryParams"),
        forbid_query_params: list(initial, "forbidQueryParams"),
        require_query_params: list(initial, "requireQueryParams"),
        headers: texts(initial, "headers"),
        forbid_headers: list(initial, "forbidHeaders"),
        require_headers: list(initial, "requireHeaders"),
        body: None,
        host: None,
        auth_scheme: None,
    }
}
