//! The effects of changes of operations and of the service.

use attache_codegen::diff::{RustLevel, Validation, Wire};
use serde_json::{Value, json};

use super::{at, check, compared, service, string, structure, with_protocol};

#[test]
fn the_place_of_a_member_matters_only_in_protocols_with_places() {
    let with = |traits: Value| json!({"a#In": structure(json!({"name": {"target": "a#Name", "traits": traits}, "part": {"target": "a#Part"}}))});
    let header = json!({"smithy.api#httpHeader": "X-Name"});
    for (protocol, wire) in [
        ("aws.protocols#restJson1", Wire::Breaking),
        ("aws.protocols#awsJson1_1", Wire::None),
    ] {
        let old = with_protocol(protocol, json!({}));
        let new = with_protocol(protocol, with(header.clone()));
        assert_eq!(
            at(&compared(&old, &new), "a#In$name").wire,
            wire,
            "{protocol}"
        );
    }
}

#[test]
fn adding_removing_and_moving_operations() {
    let two = json!({
        "a#Service": {
            "type": "service", "version": "1", "operations": [{"target": "a#Act"}, {"target": "a#Two"}],
            "traits": {
                "aws.protocols#restJson1": {}, "aws.api#service": {"sdkId": "A", "endpointPrefix": "a"},
                "aws.auth#sigv4": {"name": "a"}
            }
        },
        "a#Two": {"type": "operation", "traits": {"smithy.api#http": {"method": "GET", "uri": "/two", "code": 200}}}
    });
    let moved = json!({"a#Act": {
        "type": "operation", "input": {"target": "a#In"}, "output": {"target": "a#Out"},
        "traits": {"smithy.api#http": {"method": "PUT", "uri": "/act", "code": 200}}
    }});
    check(vec![
        ("a#Two", json!({}), two.clone(), "minor, compatible, none"),
        ("a#Two", two, json!({}), "major, breaking, none"),
        ("a#Act", json!({}), moved, "patch, breaking, none"),
    ]);
}

#[test]
fn an_error_that_moves_to_the_service_changes_nothing_for_users() {
    let error =
        json!({"type": "structure", "members": {}, "traits": {"smithy.api#error": "client"}});
    let mut on_operation = service(json!({"a#Bad": error}));
    let mut on_service = on_operation.clone();
    let list = json!([{"target": "a#Bad"}]);
    on_operation["shapes"]["a#Act"]["errors"] = list.clone();
    on_service["shapes"]["a#Service"]["errors"] = list;
    let report = compared(&on_operation, &on_service);
    assert_eq!(report.changes.len(), 2);
    assert_eq!(report.verdict.rust, RustLevel::Patch);
    assert_eq!(report.verdict.wire, Wire::None);
}

#[test]
fn another_namespace_is_one_change() {
    let old = service(json!({}));
    let text = old.to_string().replace("\"a#", "\"b#");
    let new: Value = serde_json::from_str(&text).expect("still JSON");
    let report = compared(&old, &new);
    let kinds: Vec<&str> = report
        .changes
        .iter()
        .map(|change| change.kind.as_str())
        .collect();
    assert_eq!(kinds, ["service-renamed"]);
    assert_eq!(report.verdict.wire, Wire::None);
}

#[test]
fn a_model_that_cannot_be_generated_is_compared() {
    let old = with_protocol("smithy.protocols#rpcv2Json", json!({}));
    let new = with_protocol(
        "smithy.protocols#rpcv2Json",
        json!({"a#Name": string(json!({"smithy.api#length": {"max": 9}}))}),
    );
    let report = compared(&old, &new);
    assert_eq!(at(&report, "a#Name").validation, Validation::Tightened);
    assert!(
        at(&report, "").sentence.contains("unsupported protocol"),
        "{report:#?}"
    );
}

#[test]
fn a_change_to_bearer_tokens_only_is_breaking() {
    let schemes = |schemes: Value| {
        let mut model = service(json!({}));
        model["shapes"]["a#Service"]["traits"]["smithy.api#auth"] = schemes;
        model["shapes"]["a#Service"]["traits"]["smithy.api#httpBearerAuth"] = json!({});
        model
    };
    let both = schemes(json!(["aws.auth#sigv4", "smithy.api#httpBearerAuth"]));
    let bearer = schemes(json!(["smithy.api#httpBearerAuth"]));
    let report = compared(&both, &bearer);
    assert_eq!(report.verdict.wire, Wire::Breaking, "{report:#?}");
    assert_eq!(report.bump(), RustLevel::Major);
    assert_eq!(compared(&bearer, &both).verdict.wire, Wire::Compatible);
}

/// Incompatible messages break a program as much as code that does not compile.
#[test]
fn a_break_of_the_messages_raises_the_version_like_one_of_the_api() {
    let moved = |uri: &str| {
        json!({"a#Act": {
            "type": "operation", "input": {"target": "a#In"}, "output": {"target": "a#Out"},
            "traits": {"smithy.api#http": {"method": "POST", "uri": uri, "code": 200}}
        }})
    };
    let report = compared(&service(moved("/act")), &service(moved("/v2/act")));
    assert_eq!(report.verdict.rust, RustLevel::Patch);
    assert_eq!(report.verdict.wire, Wire::Breaking);
    assert_eq!(report.bump(), RustLevel::Major);
}
