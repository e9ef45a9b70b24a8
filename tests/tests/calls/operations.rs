//! Each of the 45 operations: its request as the model says, and its response with every member.

use std::collections::BTreeSet;
use std::path::Path;

use attache_runtime::Body;
use attache_runtime::plumbing::message::{HttpRequest, HttpResponse};
use attache_tests::operations::{Operation, services, support};
use attache_tests::sample::{Member, Model, PLAIN, serde, wire};
use attache_tests::wire::table::names;
use http::HeaderMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Calls `check` with each operation and its shape in the model.
fn each(check: impl Fn(&Operation, &Model, &Value)) {
    let mut count = 0;
    for service in services() {
        let model = Model::of(service.name);
        for (name, shape) in model.shapes_of_type("operation") {
            let operation = service
                .operations
                .iter()
                .find(|operation| operation.name == name)
                .unwrap_or_else(|| panic!("{name} is missing"));
            check(operation, &model, shape);
            count += 1;
        }
    }
    assert_eq!(count, 45);
}

fn body(request: &HttpRequest) -> Option<Value> {
    match request.body() {
        Body::Bytes(bytes) if bytes.is_empty() => None,
        Body::Bytes(bytes) => Some(serde_json::from_slice(bytes).expect("the body is JSON")),
        other => panic!("no operation sends a stream: {other:?}"),
    }
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

#[test]
fn every_operation_of_the_models_is_there_and_no_other() {
    each(|_, _, _| {});
    for service in services() {
        let model = Model::of(service.name);
        let mut modelled: Vec<&str> = model
            .shapes_of_type("operation")
            .iter()
            .map(|(name, _)| *name)
            .collect();
        let mut written: Vec<&str> = service
            .operations
            .iter()
            .map(|operation| operation.name)
            .collect();
        modelled.sort_unstable();
        written.sort_unstable();
        assert_eq!(written, modelled);
    }
}

#[test]
fn requests_of_support_are_aws_json() {
    let model = Model::of("support");
    let (service, _) = model.shapes_of_type("service")[0];
    for operation in support().operations {
        let name = operation.name;
        let id = format!("com.amazonaws.support#{name}");
        let members = model.members(model.shape(&id), "input");
        let request = (operation.encode)(serde(&members)).expect(name);
        assert_eq!(request.method(), "POST", "{name}");
        assert_eq!(
            (request.uri_path(), request.uri_query()),
            ("/", ""),
            "{name}"
        );
        assert_eq!(
            header(&request, "content-type"),
            Some("application/x-amz-json-1.1")
        );
        assert_eq!(
            header(&request, "x-amz-target"),
            Some(format!("{service}.{name}").as_str())
        );
        assert_eq!(body(&request), Some(wire(&members)), "{name}");

        let empty = (operation.encode)(json!({})).expect(name);
        assert_eq!(body(&empty), Some(json!({})), "{name}");
    }
}

/// What the HTTP traits of an operation say of its request: the path, the parameters of the query, the body.
fn expected(shape: &Value, members: &[Member]) -> (String, Vec<String>, Option<Value>) {
    let mut path = shape["traits"]["smithy.api#http"]["uri"]
        .as_str()
        .expect("it has a URI")
        .to_owned();
    let mut query = Vec::new();
    let mut rest = Vec::new();
    for member in members {
        if member.has("httpLabel") {
            path = path.replace(&format!("{{{}}}", member.name), &escaped(&member.plain()));
        } else if let Some(key) = member.text("httpQuery") {
            let values = match (&member.wire, &member.serde) {
                (Value::Array(values), _) => values.clone(),
                (Value::Number(_), Value::String(time)) => vec![json!(time)],
                (value, _) => vec![value.clone()],
            };
            query.extend(values.iter().map(|value| {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                format!("{}={}", escaped(key), escaped(&text))
            }));
        } else {
            rest.push(member);
        }
    }
    query.sort();
    (path, query, (!rest.is_empty()).then(|| wire(rest)))
}

#[test]
fn requests_of_security_ir_are_rest_json() {
    each(|operation, model, shape| {
        let http = &shape["traits"]["smithy.api#http"];
        let name = operation.name;
        if http.is_null() {
            return;
        }
        let members = model.members(shape, "input");
        let request = (operation.encode)(serde(&members)).expect(name);
        let (path, query, expected_body) = expected(shape, &members);
        assert_eq!(
            request.method().as_str(),
            http["method"].as_str().expect("it has a method")
        );
        assert_eq!(request.uri_path(), path, "{name}");
        assert!(!path.contains('{'), "{name}");
        let mut parameters: Vec<&str> = request
            .uri_query()
            .split('&')
            .filter(|part| !part.is_empty())
            .collect();
        parameters.sort_unstable();
        assert_eq!(parameters, query, "{name}");
        assert_eq!(
            body(&request).unwrap_or(json!({})),
            expected_body.clone().unwrap_or(json!({})),
            "{name}"
        );
        let content_type = expected_body.map(|_| "application/json");
        if content_type.is_some() {
            assert_eq!(header(&request, "content-type"), content_type, "{name}");
        }
    });
}

#[test]
fn labels_that_are_missing_or_change_the_path_are_refused() {
    let mut labels = 0;
    each(|operation, model, shape| {
        let members = model.members(shape, "input");
        for label in members.iter().filter(|member| member.has("httpLabel")) {
            for bad in [Value::Null, json!(""), json!("."), json!("..")] {
                let mut request = serde(&members);
                request[&label.name] = bad.clone();
                let error = (operation.encode)(request).expect_err("it would be another path");
                assert!(
                    error.contains(&format!("`{}`", label.name)),
                    "{bad}: {error}"
                );
            }
            assert_eq!(label.wire, PLAIN, "this is what was escaped");
        }
    });
    for service in services() {
        let model = Model::of(service.name);
        for (_, shape) in model.shapes_of_type("operation") {
            labels += model
                .members(shape, "input")
                .iter()
                .filter(|member| member.has("httpLabel"))
                .count();
        }
    }
    assert_eq!(labels, 24);
}

#[test]
fn responses_keep_every_member() {
    each(|operation, model, shape| {
        let members = model.members(shape, "output");
        let mut sent = wire(&members);
        let decode = |body: &Value| {
            (operation.decode)(HttpResponse::new(200, HeaderMap::new(), body.to_string()))
        };
        let name = operation.name;
        assert_eq!(decode(&sent).expect(name), serde(&members), "{name}");

        sent["an unknown member"] = json!({ "deep": [1, null, { "deeper": "x" }] });
        assert_eq!(decode(&sent).expect(name), serde(&members), "{name}");
    });
}

#[test]
fn responses_without_members_and_with_nulls_are_read() {
    each(|operation, model, shape| {
        let name = operation.name;
        let decode =
            |body: String| (operation.decode)(HttpResponse::new(200, HeaderMap::new(), body));
        let empty = decode(String::new()).expect(name);
        assert_eq!(decode("{}".to_owned()).expect(name), empty, "{name}");
        let mut nulls = wire(&model.members(shape, "output"));
        for value in nulls.as_object_mut().expect("it is an object").values_mut() {
            *value = Value::Null;
        }
        assert_eq!(decode(nulls.to_string()).expect(name), empty, "{name}");
    });
}

#[test]
fn responses_that_are_no_object_are_refused() {
    each(|operation, model, shape| {
        // An operation without members has nothing to read.
        if model.members(shape, "output").is_empty() {
            return;
        }
        for body in ["[]", "1", "\"text\"", "{", "{} {}", "<html>", "\u{feff}{}"] {
            let response = HttpResponse::new(200, HeaderMap::new(), body);
            (operation.decode)(response).expect_err(body);
        }
    });
}

#[test]
fn requests_are_the_same_behind_serde() {
    each(|operation, model, shape| {
        let members = serde(&model.members(shape, "input"));
        assert_eq!(
            (operation.request_again)(members.clone()),
            members,
            "{}",
            operation.name
        );
        assert_eq!(
            (operation.request_again)(json!({})),
            json!({}),
            "{}",
            operation.name
        );
    });
}

/// The table by which `cargo xtask outside` calls operations.
#[test]
fn every_service_that_has_a_model_is_in_the_table() {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    let folders = std::fs::read_dir(models)
        .expect("there are models")
        .map(|entry| entry.expect("an entry of the folder can be read").path())
        .filter(|path| path.join("model.json").exists())
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .collect::<BTreeSet<String>>();
    let services: BTreeSet<String> = names().map(|(name, ..)| name.to_owned()).collect();
    assert_eq!(services, folders);
}

/// The names of the shapes of a model, without its overlay, that a predicate picks.
fn names_of_shapes(service: &str, pick: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    let path = models.join(service).join("model.json");
    let text = std::fs::read_to_string(&path).expect("the model can be read");
    let model: Value = serde_json::from_str(&text).expect("the model is JSON");
    let shapes = model["shapes"].as_object().expect("a model has shapes");
    shapes
        .iter()
        .filter(|(_, shape)| pick(shape))
        .filter_map(|(id, _)| Some(id.split_once('#')?.1.to_owned()))
        .collect()
}

#[test]
fn every_operation_and_error_of_the_models_is_in_the_table() {
    for (name, operations, errors) in names() {
        assert_eq!(
            operations
                .into_iter()
                .map(str::to_owned)
                .collect::<BTreeSet<_>>(),
            names_of_shapes(name, |shape| shape["type"] == "operation"),
            "operations of {name}"
        );
        assert_eq!(
            errors
                .iter()
                .copied()
                .map(str::to_owned)
                .collect::<BTreeSet<_>>(),
            names_of_shapes(name, |shape| !shape["traits"]["smithy.api#error"].is_null()),
            "errors of {name}"
        );
    }
}
