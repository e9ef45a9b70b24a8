//! Names in XML and in forms, which only some protocols have.

use attache_codegen::diff::Wire;
use serde_json::{Value, json};

use super::{at, compared, structure, with_protocol};

const MEMBER: &str = "a#In$name";

/// What a change of the traits of a member means for the messages of a protocol.
fn wire(protocol: &str, old: &Value, new: &Value) -> Wire {
    let model = |traits: &Value| {
        let members = json!({"name": {"target": "a#Name", "traits": traits}});
        with_protocol(
            &format!("aws.protocols#{protocol}"),
            json!({"a#In": structure(members)}),
        )
    };
    at(&compared(&model(old), &model(new)), MEMBER).wire
}

#[test]
fn names_in_xml_and_forms_matter_to_the_protocols_that_have_them() {
    let renamed = json!({"smithy.api#xmlName": "other"});
    for protocol in ["awsQuery", "ec2Query"] {
        assert_eq!(wire(protocol, &json!({}), &renamed), Wire::Breaking);
    }
    for protocol in ["awsJson1_0", "restJson1"] {
        assert_eq!(wire(protocol, &json!({}), &renamed), Wire::None);
    }
}

#[test]
fn a_trait_that_says_the_default_changes_no_message() {
    let traits = [
        (json!({"smithy.api#xmlName": "name"}), Wire::None),
        (json!({"smithy.api#xmlFlattened": {}}), Wire::Breaking),
        (json!({"smithy.api#xmlAttribute": {}}), Wire::Breaking),
        (
            json!({"smithy.api#xmlNamespace": {"uri": "http://toys/"}}),
            Wire::Compatible,
        ),
        (
            json!({"aws.protocols#ec2QueryName": "Other"}),
            Wire::Breaking,
        ),
    ];
    for (new, expected) in traits {
        assert_eq!(wire("ec2Query", &json!({}), &new), expected, "{new}");
    }
}

#[test]
fn the_version_of_a_service_is_sent_in_forms() {
    for (protocol, expected) in [("awsQuery", Wire::Breaking), ("awsJson1_0", Wire::None)] {
        let old = with_protocol(&format!("aws.protocols#{protocol}"), json!({}));
        let mut new = old.clone();
        new["shapes"]["a#Service"]["version"] = json!("2");
        let report = compared(&old, &new);
        assert_eq!(at(&report, "a#Service").wire, expected, "{report:#?}");
    }
}
