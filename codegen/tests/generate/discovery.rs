//! Operations whose endpoint the service names.

use serde_json::{Value, json};

use crate::model::{generate_selected, generate_toys, toys};

/// `toys`, whose operation needs a discovered endpoint; `DescribeEndpoints` names it, for the member `name`.
fn toys_with_finder(required: bool) -> Value {
    let mut model = toys();
    let shapes = &mut model["shapes"];
    let service = &mut shapes["example.toys#Toys"];
    service["operations"] = json!([
        { "target": "example.toys#DescribeEndpoints" },
        { "target": "example.toys#MakeToy" }
    ]);
    service["traits"]["aws.api#clientEndpointDiscovery"] = json!({
        "operation": "example.toys#DescribeEndpoints",
        "error": "example.toys#EndpointGone"
    });
    let make = &mut shapes["example.toys#MakeToy"]["traits"];
    make["aws.api#clientDiscoveredEndpoint"] = json!({ "required": required });
    let name = &mut shapes["example.toys#MakeToyInput"]["members"]["name"];
    name["traits"] = json!({ "smithy.api#required": {}, "aws.api#clientEndpointDiscoveryId": {} });
    let more = json!({
        "DescribeEndpoints": {
            "type": "operation",
            "input": { "target": "example.toys#DescribeEndpointsInput" },
            "output": { "target": "example.toys#DescribeEndpointsOutput" },
            "traits": { "smithy.api#http": { "method": "POST", "uri": "/endpoints", "code": 200 } }
        },
        "DescribeEndpointsInput": {
            "type": "structure",
            "members": {
                "Operation": { "target": "smithy.api#String" },
                "Identifiers": { "target": "example.toys#Identifiers" }
            }
        },
        "Identifiers": {
            "type": "map",
            "key": { "target": "smithy.api#String" },
            "value": { "target": "smithy.api#String" }
        },
        "DescribeEndpointsOutput": {
            "type": "structure",
            "members": { "Endpoints": { "target": "example.toys#Endpoints" } }
        },
        "Endpoints": { "type": "list", "member": { "target": "example.toys#Endpoint" } },
        "Endpoint": {
            "type": "structure",
            "members": {
                "Address": { "target": "smithy.api#String" },
                "CachePeriodInMinutes": { "target": "smithy.api#Long" }
            }
        }
    });
    for (name, shape) in more.as_object().into_iter().flatten() {
        shapes[format!("example.toys#{name}")] = shape.clone();
    }
    model
}

/// The text of a generated file.
fn file(model: &Value, path: &str) -> String {
    let files = generate_toys(&model.to_string(), None).expect("the model is fine");
    let file = files.into_iter().find(|file| file.path == path);
    file.expect("the operation has a file").text
}

#[test]
fn the_trait_decides_whether_another_endpoint_would_do() {
    for required in [true, false] {
        let text = file(&toys_with_finder(required), "src/operation/make_toy.rs");
        assert!(text.contains(&format!("required: {required}")), "{text}");
        assert!(text.contains("finder: &crate::operation::describe_endpoints::FINDER"));
        assert!(text.contains(r#"endpoint_identifier("name", "#), "{text}");
    }
}

#[test]
fn a_service_that_names_endpoints_switches_the_feature_on() {
    let with = file(&toys_with_finder(false), "Cargo.toml");
    assert!(
        with.contains(r#"features = ["endpoint-discovery"]"#),
        "{with}"
    );
    let without = file(&toys(), "Cargo.toml");
    assert!(!without.contains("endpoint-discovery"), "{without}");
}

#[test]
fn the_operation_that_names_endpoints_is_asked_for_the_operation_and_its_identifiers() {
    let path = "src/operation/describe_endpoints.rs";
    let text = file(&toys_with_finder(true), path);
    for part in [
        r#"error: "EndpointGone""#,
        "operation: question.operation.map(str::to_owned)",
        "identifiers: question.into_map()",
        r#"constant_header("x-amz-api-version", "2026-01-01")"#,
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let mut model = toys_with_finder(true);
    let make = &mut model["shapes"]["example.toys#MakeToy"]["traits"];
    let traits = make.as_object_mut().expect("traits are an object");
    traits.remove("aws.api#clientDiscoveredEndpoint");
    let text = file(&model, path);
    assert!(!text.contains("FINDER"), "nothing uses it: {text}");
}

#[test]
fn a_slice_has_the_operation_that_names_endpoints_if_it_needs_it() {
    for required in [true, false] {
        let model = toys_with_finder(required).to_string();
        let files = generate_selected(&model, None, Some(&["MakeToy".to_owned()]))
            .expect("the model is fine");
        let mut paths = files.iter().map(|file| file.path.as_str());
        let has_finder = paths.any(|path| path == "src/operation/describe_endpoints.rs");
        assert_eq!(has_finder, required);
        let mut texts = files
            .iter()
            .filter(|file| file.path.ends_with("make_toy.rs"));
        let text = &texts.next().expect("the operation has a file").text;
        assert_eq!(text.contains("DISCOVERY"), required, "{text}");
    }
}

#[test]
fn an_operation_whose_endpoint_nothing_names_is_refused() {
    let mut model = toys_with_finder(true);
    let service = &mut model["shapes"]["example.toys#Toys"]["traits"];
    let traits = service.as_object_mut().expect("traits are an object");
    traits.remove("aws.api#clientEndpointDiscovery");
    let error = generate_selected(&model.to_string(), None, Some(&["MakeToy".to_owned()]))
        .expect_err("it is refused");
    let text = error.to_string();
    assert!(text.contains("no operation that names endpoints"), "{text}");
}

#[test]
fn a_response_without_addresses_is_refused() {
    let mut model = toys_with_finder(true);
    model["shapes"]["example.toys#Endpoint"]["members"]["Address"]["target"] =
        json!("smithy.api#Long");
    let error = generate_toys(&model.to_string(), None).expect_err("it is refused");
    let text = error.to_string();
    assert!(
        text.contains("DescribeEndpoints") && text.contains("`Address`"),
        "{text}"
    );
}
