//! What is written is read as the same value: for whole responses and errors, rendered as the model says, for whole
//! requests, and for every type that goes both ways.
//!
//! The values are the arbitrary ones that the feature `proptest` gives to users.

mod bodies;
mod forms;
mod recorded;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use attache_runtime::operation::ServiceError as _;
use attache_runtime::plumbing::message::{HttpRequest, HttpResponse};
use attache_runtime::validation::Level;
use attache_runtime::{Body, Timestamp, TimestampFormat};
use attache_tests::operations::{Operation, Service, services};
use attache_tests::sample::{Model, object};
use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    })
}

/// The traits that put a member somewhere else than into the body.
const BINDINGS: [&str; 6] = [
    "smithy.api#httpHeader",
    "smithy.api#httpLabel",
    "smithy.api#httpPayload",
    "smithy.api#httpPrefixHeaders",
    "smithy.api#httpQuery",
    "smithy.api#httpResponseCode",
];

fn is_in_body(member: &Value) -> bool {
    BINDINGS.iter().all(|id| member["traits"].get(id).is_none())
}

/// A value in its serde form, as it is in a JSON body.
fn wire(model: &Model, member: &Value, value: &Value) -> Value {
    let id = member["target"].as_str().expect("a target");
    let shape = model.shape(id);
    if value.is_null() {
        return Value::Null;
    }
    match shape["type"].as_str().unwrap_or(id) {
        "timestamp" | "smithy.api#Timestamp" => {
            let format = [member, shape]
                .iter()
                .find_map(|it| it["traits"]["smithy.api#timestampFormat"].as_str());
            match format {
                None | Some("epoch-seconds") => {
                    let text = value.as_str().expect("a moment");
                    let moment: Timestamp = text.parse().expect("a moment");
                    serde_json::from_str(&moment.format(TimestampFormat::EpochSeconds))
                        .expect("a number")
                }
                Some("date-time") => value.clone(),
                other => panic!("a format of a new kind: {other:?}"),
            }
        }
        "structure" => body(model, id, value),
        "list" => {
            let elements = value.as_array().expect("a list").iter();
            elements
                .map(|it| wire(model, &shape["member"], it))
                .collect()
        }
        "map" => {
            let entries = object(value).iter();
            let entries = entries.map(|(key, it)| (key.clone(), wire(model, &shape["value"], it)));
            entries.collect::<Map<_, _>>().into()
        }
        _ => value.clone(),
    }
}

/// The members of a structure that are in the body, as they are sent.
fn body(model: &Model, id: &str, value: &Value) -> Value {
    let members = &model.shape(id)["members"];
    let members = object(value)
        .iter()
        .filter(|(name, _)| is_in_body(&members[*name]));
    members
        .map(|(name, it)| {
            (
                name.clone(),
                wire(model, &model.shape(id)["members"][name], it),
            )
        })
        .collect::<Map<_, _>>()
        .into()
}

/// Calls `check` with each operation, and with the ids of its input and output.
fn each(check: impl Fn(&Service, &Operation, &Model, [&str; 2])) {
    let mut count = 0;
    for service in services() {
        let model = Model::of(service.name);
        for (name, shape) in model.shapes_of_type("operation") {
            let operation = service.operations.iter().find(|it| it.name == name);
            let sides = ["input", "output"]
                .map(|side| shape[side]["target"].as_str().unwrap_or("smithy.api#Unit"));
            check(
                &service,
                operation.expect("it is in the list"),
                &model,
                sides,
            );
            count += 1;
        }
    }
    assert_eq!(count, 45);
}

fn json_of(request: &HttpRequest) -> Value {
    match request.body() {
        Body::Bytes(bytes) if bytes.is_empty() => json!({}),
        Body::Bytes(bytes) => serde_json::from_slice(bytes).expect("the body is JSON"),
        other => panic!("no operation sends a stream: {other:?}"),
    }
}

#[test]
fn arbitrary_requests_are_written_as_the_model_says() {
    each(|_, operation, model, [input, _]| {
        let requests = (operation.arbitrary_requests)(Level::Documented);
        let outcome = runner(48).run(&requests, |request| {
            let encoded = (operation.encode)(request.clone()).map_err(TestCaseError::fail)?;
            prop_assert_eq!(json_of(&encoded), body(model, input, &request));
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{}: {error}", operation.name));
    });
}

#[test]
fn arbitrary_responses_are_read_as_they_were() {
    each(|_, operation, model, [_, output]| {
        let outcome = runner(48).run(&(operation.arbitrary_responses)(), |response| {
            let sent = body(model, output, &response).to_string();
            let read = (operation.decode)(HttpResponse::new(200, HeaderMap::new(), sent));
            prop_assert_eq!(read, Ok(response));
            Ok(())
        });
        outcome.unwrap_or_else(|error| panic!("{}: {error}", operation.name));
    });
}

/// A way through a message: the names of members, `[]` for an element of a list, `{}` for a value of a map.
type Way = Vec<String>;

/// One way to each type below a structure.
fn ways(model: &Model, id: &str, way: &mut Way, found: &mut BTreeMap<String, Way>) {
    let shape = model.shape(id);
    let is_new = !found.contains_key(id);
    if shape.is_null() || !is_new && !way.is_empty() {
        return;
    }
    if !way.is_empty() {
        found.insert(id.to_owned(), way.clone());
    }
    let mut follow = |step: &str, member: &Value| {
        way.push(step.to_owned());
        ways(
            model,
            member["target"].as_str().expect("a target"),
            way,
            found,
        );
        way.pop();
    };
    match shape["type"].as_str() {
        Some("list") => follow("[]", &shape["member"]),
        Some("map") => follow("{}", &shape["value"]),
        Some("structure") => {
            for (name, member) in object(&shape["members"]) {
                if is_in_body(member) {
                    follow(name, member);
                }
            }
        }
        _ => {}
    }
}

/// The value at the end of a way, if it is there.
fn at<'a>(value: &'a Value, way: &[String]) -> Option<&'a Value> {
    let value = Some(value).filter(|it| !it.is_null());
    way.iter().fold(value, |value, step| {
        match step.as_str() {
            "[]" => value?.get(0),
            "{}" => object(value?).values().next(),
            name => value?.get(name),
        }
        .filter(|it| !it.is_null())
    })
}

/// A message that holds nothing but the value at the end of a way.
fn around(value: Value, way: &[String]) -> Value {
    way.iter()
        .rev()
        .fold(value, |value, step| match step.as_str() {
            "[]" => json!([value]),
            "{}" => json!({ "key": value }),
            name => json!({ name: value }),
        })
}

#[test]
fn every_type_that_goes_both_ways_is_read_as_it_was_written() {
    let mut both = BTreeSet::new();
    for service in services() {
        let model = Model::of(service.name);
        let mut sides = [BTreeMap::new(), BTreeMap::new()];
        for (index, side) in ["input", "output"].iter().enumerate() {
            for (name, shape) in model.shapes_of_type("operation") {
                let mut found = BTreeMap::new();
                if let Some(id) = shape[side]["target"].as_str() {
                    ways(&model, id, &mut Vec::new(), &mut found);
                }
                for (id, way) in found {
                    sides[index].entry(id).or_insert((name.to_owned(), way));
                }
            }
        }
        let [sent, received] = &sides;
        for (id, (request, way)) in sent {
            let Some((response, way_back)) = received.get(id) else {
                continue;
            };
            goes_both_ways(&service, id, (request, way), (response, way_back));
            both.insert(id.clone());
        }
    }
    let generated = both.iter().filter(|id| {
        let names = [
            "Attachment",
            "CaseMetadataEntry",
            "CommunicationType",
            "EngagementType",
            "ImpactedAwsRegion",
            "IncidentResponder",
            "OptInFeature",
            "OptInFeatureName",
            "ResolverType",
            "SelfManagedCaseStatus",
            "ThreatActorIp",
            "UsefulnessRating",
            "Watcher",
        ];
        names.contains(&id.split('#').next_back().expect("a name"))
    });
    assert_eq!(generated.count(), 13, "{both:?}");
}

/// Encodes requests, takes a value out of each body, puts it into a response, and reads that.
fn goes_both_ways(
    service: &Service,
    id: &str,
    (request, way): (&str, &Way),
    (response, way_back): (&str, &Way),
) {
    let operation = |name: &str| {
        let mut operations = service.operations.iter();
        *operations
            .find(|it| it.name == name)
            .expect("it is in the list")
    };
    let (request, response) = (operation(request), operation(response));
    let count = Cell::new(0);
    let requests = (request.arbitrary_requests)(Level::Documented);
    let outcome = runner(96).run(&requests, |value| {
        let encoded = (request.encode)(value.clone()).map_err(TestCaseError::fail)?;
        let (Some(was), Some(written)) = (at(&value, way), at(&json_of(&encoded), way).cloned())
        else {
            return Ok(());
        };
        count.set(count.get() + 1);
        let sent = around(written, way_back).to_string();
        let read = (response.decode)(HttpResponse::new(200, HeaderMap::new(), sent));
        let read = read.map_err(TestCaseError::fail)?;
        prop_assert_eq!(at(&read, way_back), Some(was), "{}", id);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{id}: {error}"));
    assert!(count.get() > 0, "{id} never came up in {}", request.name);
}

/// The errors of a client: what one is called, its members, and how it is read.
macro_rules! errors {
    ($test:ident, $service:literal, $client:ident: $($error:ident)*) => {
        #[test]
        fn $test() {
            use $client::ServiceError;

            let model = Model::of($service);
            let seen = std::cell::RefCell::new(BTreeSet::new());
            let outcome = runner(400).run(&any::<ServiceError>(), |error| {
                let (name, members) = match &error {
                    $(ServiceError::$error(error) => {
                        (stringify!($error), serde_json::to_value(error).expect("it can be written"))
                    })*
                    other => panic!("the test lacks the error {other}"),
                };
                seen.borrow_mut().insert(name);
                let response = error_response(&model, name, &members);
                let read = ServiceError::decode(name, &response).expect("the error is known");
                prop_assert_eq!(read.ok(), Some(error));
                Ok(())
            });
            outcome.unwrap_or_else(|error| panic!("{error}"));
            let all: BTreeSet<&str> = [$(stringify!($error)),*].into();
            assert_eq!(*seen.borrow(), all);
        }
    };
}

/// The response that carries an error: its members in the body, or in headers where the model puts them.
fn error_response(model: &Model, name: &str, members: &Value) -> HttpResponse {
    let structures = model.shapes_of_type("structure");
    let found = structures.iter().find(|(other, _)| *other == name);
    let (_, shape) = found.expect("the error is in the model");
    let mut headers = HeaderMap::new();
    let mut in_body = Map::new();
    for (member, value) in object(members) {
        let traits = &shape["members"][member];
        match traits["traits"]["smithy.api#httpHeader"].as_str() {
            Some(header) => {
                let header: HeaderName = header.to_lowercase().parse().expect("a header");
                let value = HeaderValue::from_str(&value.to_string()).expect("a value");
                headers.insert(header, value);
            }
            None => {
                in_body.insert(member.clone(), wire(model, traits, value));
            }
        }
    }
    HttpResponse::new(400, headers, Value::from(in_body).to_string())
}

errors!(errors_of_support_are_read_as_they_were, "support", attache_support:
    AttachmentIdNotFound AttachmentLimitExceeded AttachmentSetExpired AttachmentSetIdNotFound
    AttachmentSetSizeLimitExceeded CaseCreationLimitExceeded CaseIdNotFound DescribeAttachmentLimitExceeded
    DryRunOperationException InternalServerError InvalidParameterValueException SubscriptionRequiredException
    ThrottlingException UploadIdNotFound
);

errors!(errors_of_security_ir_are_read_as_they_were, "security-ir", attache_security_ir:
    AccessDeniedException ConflictException InternalServerException InvalidTokenException ResourceNotFoundException
    SecurityIncidentResponseNotActiveException ServiceQuotaExceededException ThrottlingException ValidationException
);
