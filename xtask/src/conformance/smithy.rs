//! Suites as Smithy JSON AST: cases in the traits of `smithy.test` on operations and errors.

use anyhow::{Context, Result, bail};
use attache_codegen::protocol_tests::{Answer, Case, Exchange, Failure};
use serde_json::{Map, Value, json};

use super::members::{CBOR, body_bytes, list, text, texts};
use super::mend::mend;
use super::request::{Body, Wanted};
use super::suite::{Kind, Suite, SuiteCase, Suites};

const REQUESTS: &str = "smithy.test#httpRequestTests";
const RESPONSES: &str = "smithy.test#httpResponseTests";

/// Reads the suite of one model.
///
/// # Errors
/// A model without shapes or without a service, a case without an id.
pub(super) fn read(file: &str, model: &Value, suites: &mut Suites) -> Result<()> {
    let mut model = model.clone();
    let shapes = model
        .get_mut("shapes")
        .and_then(Value::as_object_mut)
        .context("a Smithy JSON AST has the key `shapes`")?;
    suites.mended.extend(mend(shapes));
    let shapes = &*shapes;
    let Some((service, _)) = shapes.iter().find(|(_, shape)| shape["type"] == "service") else {
        bail!("the model holds no service shape");
    };
    let mut cases = Vec::new();
    for (id, shape) in shapes {
        let tests = |name: &str| {
            let tests = shape["traits"].get(name).and_then(Value::as_array);
            tests.into_iter().flatten()
        };
        for test in tests(REQUESTS) {
            add(test, suites, &mut cases, || request(file, id, test))?;
        }
        for test in tests(RESPONSES) {
            add(test, suites, &mut cases, || {
                response(file, shapes, (id, shape), test)
            })?;
        }
    }
    suites.suites.push(Suite {
        name: service.clone(),
        model: Ok(model.to_string()),
        cases,
    });
    Ok(())
}

fn add(
    test: &Value,
    suites: &mut Suites,
    cases: &mut Vec<SuiteCase>,
    read: impl FnOnce() -> Result<SuiteCase>,
) -> Result<()> {
    if test["appliesTo"] == "server" {
        suites.for_servers += 1;
    } else {
        cases.push(read()?);
    }
    Ok(())
}

fn common(test: &Value) -> Result<(String, String)> {
    let id = text(test, "id").context("a case has no `id`")?;
    let protocol = text(test, "protocol").unwrap_or_default();
    let protocol = protocol.rsplit_once('#').map_or("", |(_, name)| name);
    Ok((id, protocol.to_owned()))
}

fn name(id: &str) -> String {
    id.rsplit_once('#').map_or(id, |(_, name)| name).to_owned()
}

fn params(test: &Value) -> Value {
    test.get("params").cloned().unwrap_or_else(|| json!({}))
}

fn request(file: &str, operation: &str, test: &Value) -> Result<SuiteCase> {
    let (id, protocol) = common(test)?;
    // The host of the client; any host if the case has none.
    let host = text(test, "host").unwrap_or_else(|| "example.com".to_owned());
    let body = text(test, "body").map(|body| match test["bodyMediaType"].as_str() {
        Some(media_type) if media_type.ends_with("json") => Ok(Body::json(body)),
        Some("application/x-www-form-urlencoded") => Ok(Body::Form(body)),
        Some("application/xml") => Ok(Body::xml(body)),
        _ if protocol == CBOR => Body::cbor(&body),
        _ => Ok(Body::Text(body)),
    });
    let body = body.transpose().with_context(|| id.clone())?;
    let wanted = Wanted {
        method: text(test, "method").unwrap_or_default(),
        path: text(test, "uri").unwrap_or_default(),
        query: None,
        query_params: list(test, "queryParams"),
        forbid_query_params: list(test, "forbidQueryParams"),
        require_query_params: list(test, "requireQueryParams"),
        headers: texts(test, "headers"),
        forbid_headers: list(test, "forbidHeaders"),
        require_headers: list(test, "requireHeaders"),
        body,
        host: text(test, "resolvedHost"),
        auth_scheme: text(test, "authScheme"),
    };
    Ok(SuiteCase {
        protocol,
        file: file.to_owned(),
        kind: Kind::SmithyRequests,
        case: Case {
            id,
            operation: name(operation),
            endpoint: settings(test).unwrap_or_else(|| format!("https://{host}")),
            exchange: Exchange::Request(params(test)),
        },
        wanted: Some(wanted),
    })
}

/// The settings of the client, where the case has some: the endpoint rules choose the host then. Those of `s3` have the
/// names that they have in a profile; the one for dual-stack is a setting of all services here.
fn settings(test: &Value) -> Option<String> {
    let client = &test["vendorParams"]["scopedConfig"]["client"];
    let region = client["region"].as_str()?;
    let mut settings = format!("settings\nregion {region}\n");
    for (name, value) in client["s3"].as_object().into_iter().flatten() {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        settings.push_str(&match name.as_str() {
            "use_dualstack_endpoint" => format!("dual-stack {value}\n"),
            name => format!("profile s3.{name} {value}\n"),
        });
    }
    Some(settings)
}

fn response(
    file: &str,
    shapes: &Map<String, Value>,
    (id, shape): (&str, &Value),
    test: &Value,
) -> Result<SuiteCase> {
    let (case, protocol) = common(test)?;
    let status = test["code"]
        .as_u64()
        .and_then(|code| u16::try_from(code).ok());
    let answer = Answer {
        status: status.with_context(|| format!("{case}: the key `code` is no status"))?,
        headers: texts(test, "headers"),
        body: body_bytes(&protocol, test).with_context(|| case.clone())?,
    };
    let (operation, exchange) = if shape["type"] == "operation" {
        (name(id), Exchange::Response(answer, params(test)))
    } else {
        let operation = operation_with_error(shapes, id)
            .with_context(|| format!("{case}: no operation has the error `{id}`"))?;
        let failure = Failure {
            shape: name(id),
            params: params(test),
            code: text(&test["vendorParams"], "code").or_else(|| Some(name(id))),
            message: None,
        };
        (operation, Exchange::Failure(answer, failure))
    };
    Ok(SuiteCase {
        protocol,
        file: file.to_owned(),
        kind: Kind::SmithyResponses,
        case: Case {
            id: case,
            operation,
            endpoint: "https://example.com".to_owned(),
            exchange,
        },
        wanted: None,
    })
}

/// An operation that may fail with the error; all of them, where it is an error of the service.
fn operation_with_error(shapes: &Map<String, Value>, error: &str) -> Option<String> {
    let lists = |shape: &Value| {
        let errors = shape.get("errors").and_then(Value::as_array);
        errors
            .into_iter()
            .flatten()
            .any(|listed| listed["target"] == error)
    };
    let of_service = shapes
        .values()
        .any(|shape| shape["type"] == "service" && lists(shape));
    shapes
        .iter()
        .find(|(_, shape)| shape["type"] == "operation" && (of_service || lists(shape)))
        .map(|(id, _)| name(id))
}
