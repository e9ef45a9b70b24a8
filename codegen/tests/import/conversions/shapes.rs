//! Shapes and members.

use serde_json::{Value, json};

use super::{merge, shapes};

/// A shape of C2J and the shape of Smithy that it becomes.
fn shape_becomes<const N: usize>(cases: [(Value, Value); N]) {
    for (source, expected) in cases {
        let shape = shapes(json!({"shapes": {"S": source.clone()}}));
        assert_eq!(shape("S"), expected, "{source}");
    }
}

#[test]
fn simple_shapes_and_their_constraints() {
    shape_becomes([
        (
            json!({"type": "string", "min": 1, "max": 3}),
            json!({"type": "string", "traits": {"smithy.api#length": {"min": 1, "max": 3}}}),
        ),
        (
            json!({"type": "string", "pattern": "a|b"}),
            json!({"type": "string", "traits": {"smithy.api#pattern": "^(?:a|b)$"}}),
        ),
        (
            json!({"type": "string", "sensitive": true, "box": true}),
            json!({"type": "string", "traits": {"smithy.api#sensitive": {}}}),
        ),
        (
            json!({"type": "integer", "min": 1, "max": 3, "box": true}),
            json!({"type": "integer", "traits": {"smithy.api#box": {}, "smithy.api#range": {"min": 1, "max": 3}}}),
        ),
        (
            json!({"type": "double", "min": 0.001}),
            json!({"type": "double", "traits": {"smithy.api#range": {"min": 0.001}}}),
        ),
        (json!({"type": "long"}), json!({"type": "long"})),
        (
            json!({"type": "blob", "max": 9, "streaming": true, "requiresLength": true}),
            json!({"type": "blob", "traits": {"smithy.api#length": {"max": 9}, "smithy.api#requiresLength": {},
                "smithy.api#streaming": {}}}),
        ),
        (
            json!({"type": "timestamp", "timestampFormat": "iso8601"}),
            json!({"type": "timestamp", "traits": {"smithy.api#timestampFormat": "date-time"}}),
        ),
        (
            json!({"type": "timestamp", "timestampFormat": "rfc822"}),
            json!({"type": "timestamp", "traits": {"smithy.api#timestampFormat": "http-date"}}),
        ),
        (
            json!({"type": "timestamp", "timestampFormat": "unixTimestamp"}),
            json!({"type": "timestamp", "traits": {"smithy.api#timestampFormat": "epoch-seconds"}}),
        ),
        (
            json!({"type": "string", "enum": ["on", "not yet"]}),
            json!({"type": "enum", "members": {
                "ON": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "on"}},
                "NOT_YET": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "not yet"}}}}),
        ),
    ]);
}

#[test]
fn aggregate_shapes_and_their_constraints() {
    shape_becomes([
        (
            json!({"type": "list", "member": {"shape": "String", "documentation": "x"}, "max": 2, "sparse": true}),
            json!({"type": "list", "member": {"target": "com.amazonaws.toyshop#String"},
                "traits": {"smithy.api#length": {"max": 2}, "smithy.api#sparse": {}}}),
        ),
        (
            json!({"type": "map", "key": {"shape": "String", "locationName": "k"}, "value": {"shape": "String"}}),
            json!({"type": "map",
                "key": {"target": "com.amazonaws.toyshop#String", "traits": {"smithy.api#xmlName": "k"}},
                "value": {"target": "com.amazonaws.toyshop#String"}}),
        ),
        (
            json!({"type": "structure", "members": {}, "document": true}),
            json!({"type": "document"}),
        ),
        (
            json!({"type": "structure", "members": {"a": {"shape": "String"}}, "union": true}),
            json!({"type": "union", "members": {"a": {"target": "com.amazonaws.toyshop#String"}}}),
        ),
        (
            json!({"type": "structure", "members": {"a": {"shape": "String"}}, "eventstream": true}),
            json!({"type": "union", "members": {"a": {"target": "com.amazonaws.toyshop#String"}},
                "traits": {"smithy.api#streaming": {}}}),
        ),
        (
            json!({"type": "structure", "members": {}, "deprecated": true, "deprecatedMessage": "m", "deprecatedSince": "s"}),
            json!({"type": "structure", "members": {},
                "traits": {"smithy.api#deprecated": {"message": "m", "since": "s"}}}),
        ),
    ]);
}

#[test]
fn errors() {
    for (source, traits) in [
        (
            json!({"exception": true}),
            json!({"smithy.api#error": "client"}),
        ),
        (
            json!({"exception": true, "fault": true}),
            json!({"smithy.api#error": "server"}),
        ),
        (
            json!({"exception": true, "error": {"httpStatusCode": 404, "senderFault": true}}),
            json!({"smithy.api#error": "client", "smithy.api#httpError": 404}),
        ),
        (
            json!({"exception": true, "error": {"httpStatusCode": 503}}),
            json!({"smithy.api#error": "server", "smithy.api#httpError": 503}),
        ),
        (
            json!({"exception": true, "retryable": {"throttling": true}}),
            json!({"smithy.api#error": "client", "smithy.api#retryable": {"throttling": true}}),
        ),
        (
            json!({"exception": true, "retryable": {"throttling": false}}),
            json!({"smithy.api#error": "client", "smithy.api#retryable": {}}),
        ),
        (
            json!({"exception": true, "error": {"code": "E", "httpStatusCode": 400, "senderFault": true}}),
            json!({"smithy.api#error": "client", "smithy.api#httpError": 400}),
        ),
        (
            json!({"exception": true, "error": {"code": "Other", "httpStatusCode": 400, "senderFault": true}}),
            json!({"smithy.api#error": "client", "smithy.api#httpError": 400,
                "aws.protocols#awsQueryError": {"code": "Other", "httpResponseCode": 400}}),
        ),
        (
            json!({"exception": true, "synthetic": true}),
            json!({"smithy.api#error": "client", "attache#synthetic": {}}),
        ),
    ] {
        let mut error = json!({"type": "structure", "members": {}});
        merge(&mut error, source.clone());
        let shape = shapes(json!({
            "operations": {"Do": {"errors": [{"shape": "E", "exception": true}]}},
            "shapes": {"E": error}
        }));
        assert_eq!(shape("E")["traits"], traits, "{source}");
        assert_eq!(
            shape("Do")["errors"],
            json!([{"target": "com.amazonaws.toyshop#E"}])
        );
    }
}

/// A member of C2J and the traits that it gets.
fn member_gets<const N: usize>(cases: [(Value, Value); N]) {
    for (member, traits) in cases {
        let mut source = json!({"shape": "String"});
        merge(&mut source, member.clone());
        let shape = shapes(json!({"shapes": {
            "Flat": {"type": "list", "member": {"shape": "String"}, "flattened": true},
            "In": {"members": {"m": source}},
            "Map": {"type": "map", "key": {"shape": "String"}, "value": {"shape": "String"}},
            "Number": {"type": "integer"},
            "Time": {"type": "timestamp"}
        }}));
        assert_eq!(shape("In$m")["traits"], traits, "{member}");
    }
}

#[test]
fn names_and_places_of_members() {
    member_gets([
        (json!({}), json!(null)),
        (
            json!({"location": "querystring", "locationName": "q"}),
            json!({"smithy.api#httpQuery": "q"}),
        ),
        (
            json!({"location": "querystring"}),
            json!({"smithy.api#httpQuery": "m"}),
        ),
        (
            json!({"shape": "Map", "location": "querystring"}),
            json!({"smithy.api#httpQueryParams": {}}),
        ),
        (
            json!({"location": "header", "locationName": "X-M"}),
            json!({"smithy.api#httpHeader": "X-M"}),
        ),
        (
            json!({"shape": "Map", "location": "headers", "locationName": "X-"}),
            json!({"smithy.api#httpPrefixHeaders": "X-"}),
        ),
        (
            json!({"shape": "Number", "location": "statusCode"}),
            json!({"smithy.api#httpResponseCode": {}}),
        ),
        (
            json!({"locationName": "other"}),
            json!({"smithy.api#jsonName": "other"}),
        ),
        (json!({"locationName": "m"}), json!(null)),
        (
            json!({"idempotencyToken": true}),
            json!({"smithy.api#idempotencyToken": {}}),
        ),
        (
            json!({"hostLabel": true}),
            json!({"smithy.api#hostLabel": {}}),
        ),
    ]);
}

#[test]
fn types_events_and_constraints_of_members() {
    member_gets([
        (
            json!({"contextParam": {"name": "P"}}),
            json!({"smithy.rules#contextParam": {"name": "P"}}),
        ),
        (
            json!({"shape": "Number", "box": true}),
            json!({"smithy.api#box": {}}),
        ),
        (json!({"box": true}), json!(null)),
        (
            json!({"shape": "Time", "timestampFormat": "iso8601"}),
            json!({"smithy.api#timestampFormat": "date-time"}),
        ),
        (
            json!({"deprecated": true}),
            json!({"smithy.api#deprecated": {}}),
        ),
        (
            json!({"flattened": true}),
            json!({"smithy.api#xmlFlattened": {}}),
        ),
        (
            json!({"shape": "Flat"}),
            json!({"smithy.api#xmlFlattened": {}}),
        ),
        (
            json!({"eventpayload": true}),
            json!({"smithy.api#eventPayload": {}}),
        ),
        (
            json!({"eventheader": true}),
            json!({"smithy.api#eventHeader": {}}),
        ),
        (
            json!({"xmlAttribute": true}),
            json!({"smithy.api#xmlAttribute": {}}),
        ),
        (
            json!({"pattern": "a|b"}),
            json!({"smithy.api#pattern": "^(?:a|b)$"}),
        ),
    ]);
}

#[test]
fn refined_targets_get_shapes_of_their_own() {
    let shape = shapes(json!({"shapes": {
        "In": {"members": {
            "policy": {"shape": "String", "jsonvalue": true},
            "format": {"shape": "String", "enum": ["yaml"]}
        }}
    }}));
    assert_eq!(
        shape("In$policy")["target"],
        "com.amazonaws.toyshop#SynthesizedJsonString"
    );
    assert_eq!(
        shape("SynthesizedJsonString"),
        json!({"type": "string", "traits": {"smithy.api#mediaType": "application/json"}})
    );
    assert_eq!(
        shape("In$format")["target"],
        "com.amazonaws.toyshop#InFormatEnum"
    );
    assert_eq!(shape("InFormatEnum")["type"], "enum");
}

#[test]
fn a_shape_with_the_name_of_an_operation_gives_way() {
    let shape = shapes(json!({"shapes": {
        "Do": {"type": "string"},
        "In": {"members": {"m": {"shape": "Do"}}}
    }}));
    assert_eq!(shape("Do")["type"], "operation");
    assert_eq!(shape("Do_")["type"], "string");
    assert_eq!(shape("In$m")["target"], "com.amazonaws.toyshop#Do_");
}

/// A member of a query or ec2 service, and its traits.
fn in_forms(protocol: &str, member: Value) -> Value {
    let shapes = shapes(json!({
        "metadata": {"protocol": protocol, "protocols": [protocol]},
        "operations": {"Do": {"http": {"requestUri": "/"}}},
        "shapes": {
            "In": {"members": {"m": merged(json!({"shape": "String"}), member)}},
            "Flat": {"type": "list", "member": {"shape": "String", "locationName": "item"}, "flattened": true},
            "Plain": {"type": "list", "member": {"shape": "String", "locationName": "item"}},
            "Named": {"type": "list", "member": {"shape": "String"}, "locationName": "whole"}
        }
    }));
    shapes("In$m")["traits"].clone()
}

/// C2J declares the namespace of a structure wherever it is used, Smithy only that of a root.
#[test]
fn a_namespace_of_a_structure_is_that_of_the_members_and_elements_with_it() {
    let namespace = json!({"prefix": "xsi", "uri": "http://instance/"});
    for (protocol, expected) in [
        ("rest-xml", json!({"smithy.api#xmlNamespace": namespace})),
        ("rest-json", json!(null)),
    ] {
        let shapes = shapes(json!({
            "metadata": {"protocol": protocol, "protocols": [protocol]},
            "operations": {"Do": {"http": {"requestUri": "/"}}},
            "shapes": {
                "In": {"members": {"one": {"shape": "Grantee"}, "many": {"shape": "Grantees"}}},
                "Grantees": {"type": "list", "member": {"shape": "Grantee"}},
                "Grantee": {"type": "structure", "members": {}, "xmlNamespace": namespace}
            }
        }));
        assert_eq!(shapes("In$one")["traits"], expected, "{protocol}");
        assert_eq!(
            shapes("Grantees")["member"]["traits"],
            expected,
            "{protocol}"
        );
    }
}

fn merged(mut base: Value, part: Value) -> Value {
    merge(&mut base, part);
    base
}

#[test]
fn names_in_xml_and_forms() {
    let named = |name: &str| json!({"smithy.api#xmlName": name});
    let cases = [
        ("query", json!({"locationName": "other"}), named("other")),
        ("query", json!({"locationName": "m"}), json!(null)),
        ("query", json!({"shape": "Plain"}), json!(null)),
        // C2J names the elements of a flattened list, Smithy the member.
        (
            "query",
            json!({"shape": "Flat"}),
            json!({"smithy.api#xmlFlattened": {}, "smithy.api#xmlName": "item"}),
        ),
        (
            "query",
            json!({"shape": "Flat", "locationName": "other"}),
            json!({"smithy.api#xmlFlattened": {}, "smithy.api#xmlName": "other"}),
        ),
        // Where only a reference flattens the list, its elements keep their name for other references.
        (
            "query",
            json!({"shape": "Plain", "flattened": true}),
            json!({"smithy.api#xmlFlattened": {}}),
        ),
        ("query", json!({"shape": "Named"}), named("whole")),
        (
            "query",
            json!({"shape": "Named", "locationName": "own"}),
            named("own"),
        ),
        (
            "query",
            json!({"xmlNamespace": "http://toys/"}),
            json!({"smithy.api#xmlNamespace": {"uri": "http://toys/"}}),
        ),
        (
            "ec2",
            json!({"queryName": "Other", "locationName": "another"}),
            json!({"aws.protocols#ec2QueryName": "Other", "smithy.api#xmlName": "another"}),
        ),
        // The default is the capitalised name of the member.
        ("ec2", json!({}), json!(null)),
    ];
    for (protocol, member, expected) in cases {
        assert_eq!(
            in_forms(protocol, member.clone()),
            expected,
            "{protocol}: {member}"
        );
    }
}
