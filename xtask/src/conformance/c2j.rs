//! Suites in C2J form: lists of small models with their cases.
//!
//! A file contains many suites, each with only the shapes that it needs. They are parts of one model, so suites that
//! agree are merged again, and one client is generated instead of dozens. A shape or an operation that two suites
//! describe differently begins another model.

use std::path::PathBuf;

use anyhow::{Context, Result};
use attache_codegen::import::{Sources, from_c2j};
use attache_codegen::protocol_tests::{Answer, Case, Exchange, Failure};
use serde_json::{Map, Value, json};

use super::members::{CBOR, body_bytes, list, stem, text, texts};
use super::request::{Body, Wanted};
use super::suite::{Kind, Suite, SuiteCase, Suites};

/// A model that is being merged.
struct Group {
    metadata: Value,
    shapes: Map<String, Value>,
    operations: Map<String, Value>,
    cases: Vec<SuiteCase>,
}

/// Reads the files of both directions.
///
/// # Errors
/// A file that is no list of suites, a case without an id or an operation.
pub(super) fn read(
    inputs: &[(PathBuf, Value)],
    outputs: &[(PathBuf, Value)],
    suites: &mut Suites,
) -> Result<()> {
    let mut groups = Vec::new();
    for (kind, files) in [(Kind::C2jInput, inputs), (Kind::C2jOutput, outputs)] {
        for (path, file) in files {
            let entries = file.as_array().context("a file of suites is a list");
            for suite in entries.with_context(|| path.display().to_string())? {
                add(&mut groups, kind, &stem(path), suite)
                    .with_context(|| path.display().to_string())?;
            }
        }
    }
    for group in groups {
        suites.suites.push(group.finish());
    }
    Ok(())
}

fn add(groups: &mut Vec<Group>, kind: Kind, file: &str, suite: &Value) -> Result<()> {
    let metadata = &suite["metadata"];
    let empty = Map::new();
    let shapes = suite["shapes"].as_object().unwrap_or(&empty);
    let given: Vec<Value> = cases(suite).map(|case| case["given"].clone()).collect();
    let found = groups
        .iter()
        .position(|group| group.takes(metadata, shapes, &given));
    let group = match found {
        Some(index) => &mut groups[index],
        None => {
            groups.push(Group {
                metadata: metadata.clone(),
                shapes: Map::new(),
                operations: Map::new(),
                cases: Vec::new(),
            });
            let last = groups.len() - 1;
            &mut groups[last]
        }
    };
    for (name, shape) in shapes {
        group.shapes.insert(name.clone(), shape.clone());
    }
    for operation in &given {
        let name = text(operation, "name").context("a case has no `given.name`")?;
        let before = group.operations.get(&name).cloned();
        let merged = match before {
            None => operation.clone(),
            Some(before) => merged(&before, operation).unwrap_or(before),
        };
        group.operations.insert(name, merged);
    }
    let protocol = protocol(metadata);
    for case in cases(suite) {
        let (wanted, case) = match kind {
            Kind::C2jInput => request(suite, case, protocol)?,
            _ => (None, response(case, protocol)?),
        };
        group.cases.push(SuiteCase {
            protocol: protocol.to_owned(),
            file: file.to_owned(),
            kind,
            case,
            wanted,
        });
    }
    Ok(())
}

fn cases(suite: &Value) -> impl Iterator<Item = &Value> {
    suite["cases"].as_array().into_iter().flatten()
}

fn protocol(metadata: &Value) -> &'static str {
    match (
        metadata["protocol"].as_str(),
        metadata["jsonVersion"].as_str(),
    ) {
        (Some("json"), Some("1.0")) => "awsJson1_0",
        (Some("json"), _) => "awsJson1_1",
        (Some("rest-json"), _) => "restJson1",
        (Some("rest-xml"), _) => "restXml",
        (Some("query"), _) => "awsQuery",
        (Some("ec2"), _) => "ec2Query",
        (Some("smithy-rpc-v2-cbor"), _) => CBOR,
        _ => "another protocol",
    }
}

impl Group {
    fn takes(&self, metadata: &Value, shapes: &Map<String, Value>, given: &[Value]) -> bool {
        self.metadata == *metadata
            && shapes
                .iter()
                .all(|(name, shape)| self.shapes.get(name).is_none_or(|known| known == shape))
            && given.iter().all(|operation| {
                let name = operation["name"].as_str().unwrap_or_default();
                let known = self.operations.get(name);
                known.is_none_or(|known| merged(known, operation).is_some())
            })
    }

    fn finish(self) -> Suite {
        let mut metadata = self.metadata.clone();
        let name = format!("C2J {}", protocol(&metadata));
        // Keys that a suite leaves out of its metadata, because no case depends on them.
        for (key, value) in [
            ("serviceId", "Protocol Tests"),
            ("serviceFullName", "Protocol Tests Service"),
            ("endpointPrefix", "protocol-tests"),
            ("signatureVersion", "v4"),
        ] {
            if metadata.get(key).is_none() {
                metadata[key] = json!(value);
            }
        }
        let model = json!({
            "version": "2.0",
            "metadata": metadata,
            "operations": self.operations,
            "shapes": self.shapes,
        });
        let sources = model.to_string();
        let model = from_c2j(&Sources {
            service_2: &sources,
            ..Sources::default()
        });
        Suite {
            name,
            model: model
                .map(|imported| imported.model_json)
                .map_err(|error| error.to_string()),
            cases: self.cases,
        }
    }
}

/// Merges two operations that agree. Suites of requests omit the output, suites of responses the input.
fn merged(one: &Value, two: &Value) -> Option<Value> {
    let mut merged = one.as_object()?.clone();
    for (key, value) in two.as_object()? {
        match (key.as_str(), merged.get_mut(key)) {
            (_, None) => {
                merged.insert(key.clone(), value.clone());
            }
            ("errors", Some(Value::Array(errors))) => {
                for error in value.as_array()? {
                    if !errors.contains(error) {
                        errors.push(error.clone());
                    }
                }
            }
            (_, Some(known)) if known == value => {}
            _ => return None,
        }
    }
    Some(Value::Object(merged))
}

fn common(case: &Value) -> Result<(String, String)> {
    let id = text(case, "id").or_else(|| text(case, "description"));
    let operation = text(&case["given"], "name").context("a case has no `given.name`")?;
    Ok((id.context("a case has no `id`")?, operation))
}

fn request(suite: &Value, case: &Value, protocol: &str) -> Result<(Option<Wanted>, Case)> {
    let (id, operation) = common(case)?;
    let serialized = &case["serialized"];
    let uri = text(serialized, "uri").unwrap_or_default();
    let (path, query) = uri.split_once('?').unwrap_or((&uri, ""));
    let query = query.split('&').filter(|part| !part.is_empty());
    let wanted = Wanted {
        method: text(serialized, "method").unwrap_or_default(),
        path: path.to_owned(),
        query: Some(query.map(str::to_owned).collect()),
        query_params: Vec::new(),
        forbid_query_params: Vec::new(),
        require_query_params: Vec::new(),
        headers: texts(serialized, "headers"),
        forbid_headers: list(serialized, "forbidHeaders"),
        require_headers: list(serialized, "requireHeaders"),
        body: text(serialized, "body")
            .map(|body| match protocol {
                CBOR => Body::cbor(&body),
                "awsQuery" | "ec2Query" => Ok(Body::Form(body)),
                "restXml" => Ok(Body::xml(body)),
                _ => Ok(Body::json(body)),
            })
            .transpose()
            .with_context(|| id.clone())?,
        host: text(serialized, "host"),
        auth_scheme: text(serialized, "authScheme"),
    };
    let endpoint = text(suite, "clientEndpoint");
    let case = Case {
        id,
        operation,
        endpoint: endpoint.unwrap_or_else(|| "https://example.com".to_owned()),
        exchange: Exchange::Request(case["params"].clone()),
    };
    Ok((Some(wanted), case))
}

fn response(case: &Value, protocol: &str) -> Result<Case> {
    let (id, operation) = common(case)?;
    let response = &case["response"];
    let status = response["status_code"].as_u64();
    let answer = Answer {
        status: status
            .and_then(|status| u16::try_from(status).ok())
            .with_context(|| format!("{id}: the key `status_code` is no status"))?,
        headers: texts(response, "headers"),
        body: body_bytes(protocol, response).with_context(|| id.clone())?,
    };
    let exchange = match text(case, "errorCode") {
        Some(code) => {
            let failure = Failure {
                shape: error_shape(&case["given"], &code),
                params: case["error"].clone(),
                code: Some(code),
                message: text(case, "errorMessage"),
            };
            Exchange::Failure(answer, failure)
        }
        None => Exchange::Response(answer, case["result"].clone()),
    };
    Ok(Case {
        id,
        operation,
        endpoint: "https://example.com".to_owned(),
        exchange,
    })
}

/// The shape of an error. A service that used the query protocol may have another code for it than the shape's name;
/// then it is the only error of the case's operation.
fn error_shape(given: &Value, code: &str) -> String {
    let errors = given["errors"].as_array().into_iter().flatten();
    let names: Vec<&str> = errors.filter_map(|error| error["shape"].as_str()).collect();
    match names.as_slice() {
        [only] if *only != code => (*only).to_owned(),
        _ => code.to_owned(),
    }
}
