//! What the importer does not know.

use attache_codegen::import::Sources;
use serde_json::{Value, json};

use super::{import, service};

const NAMESPACE: &str = "com.amazonaws.toyshop";

/// Parts of a service, the place that the message names and a piece of the message.
fn refused<const N: usize>(cases: [(Value, String, &str); N]) {
    for (parts, place, message) in cases {
        let error = import(&service(parts), &Sources::default()).expect_err(message);
        assert!(
            error.starts_with(&format!("service-2.json: {place}: ")),
            "{error}"
        );
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn what_is_not_known_of_shapes_stops_the_import_with_its_place() {
    refused([
        (
            json!({"shapes": {"String": {"colour": 1}}}),
            format!("{NAMESPACE}#String"),
            "unknown key `colour`",
        ),
        (
            json!({"shapes": {"String": {"sparse": true}}}),
            format!("{NAMESPACE}#String"),
            "unknown key `sparse`",
        ),
        (
            json!({"shapes": {"In": {"members": {"m": {"shape": "String", "hue": 1}}}}}),
            format!("{NAMESPACE}#In: member `m`"),
            "unknown key `hue`",
        ),
        (
            json!({"shapes": {"In": {"members": {"m": {"shape": "Gone"}}}}}),
            format!("{NAMESPACE}#In: member `m`"),
            "the shape `Gone`",
        ),
        (
            json!({"shapes": {"In": {"required": ["m"]}}}),
            format!("{NAMESPACE}#In"),
            "the member `m`",
        ),
        (
            json!({"shapes": {"String": {"type": "tuple"}}}),
            format!("{NAMESPACE}#String"),
            "the type `tuple`",
        ),
        (
            json!({"shapes": {"In": {"members": {"m": {"shape": "String", "location": "trailer"}}}}}),
            format!("{NAMESPACE}#In: member `m`"),
            "`trailer`",
        ),
        (
            json!({"shapes": {"Number": {"type": "integer"},
                "In": {"members": {"m": {"shape": "Number", "pattern": "1"}}}}}),
            format!("{NAMESPACE}#In: member `m`"),
            "unknown key `pattern`",
        ),
    ]);
}

#[test]
fn what_is_not_known_of_operations_and_metadata_stops_the_import_with_its_place() {
    refused([
        (
            json!({"operations": {"Do": {"streaming": true}}}),
            format!("{NAMESPACE}#Do"),
            "unknown key `streaming`",
        ),
        (
            json!({"operations": {"Do": {"http": {"requestUri": "/{x}"}}}}),
            format!("{NAMESPACE}#Do"),
            "the label `x`",
        ),
        (
            json!({"operations": {"Do": {"authtype": "magic"}}}),
            format!("{NAMESPACE}#Do"),
            "`magic`",
        ),
        (
            json!({"metadata": {"moon": "full"}}),
            "metadata".to_owned(),
            "unknown key `moon`",
        ),
        (
            json!({"metadata": {"protocols": ["rest-soap"]}}),
            "metadata".to_owned(),
            "the service uses rest-soap",
        ),
        (
            json!({"metadata": {"signatureVersion": "v2"}}),
            "metadata".to_owned(),
            "the service requires signatures of version 2",
        ),
        (
            json!({"colour": 1}),
            "service".to_owned(),
            "unknown key `colour`",
        ),
    ]);
}

#[test]
fn a_neighbouring_file_is_named_when_it_is_wrong() {
    let text = r#"{"pagination": {"Gone": {"input_token": "t", "output_token": "n"}}}"#;
    let waiters = r#"{"waiters": {"W": {"delay": 1, "maxAttempts": 1, "operation": "Do", "acceptors": [], "x": 1}}}"#;
    let extras = r#"{"merge": {}, "x": 1}"#;
    for (neighbours, expected) in [
        (
            Sources {
                paginators: Some(text),
                ..Sources::default()
            },
            "paginators-1.json: `pagination`: there is no operation `Gone`",
        ),
        (
            Sources {
                paginators: Some("{"),
                ..Sources::default()
            },
            "paginators-1.json: not valid JSON",
        ),
        (
            Sources {
                waiters: Some(waiters),
                ..Sources::default()
            },
            "waiters-2.json: W: unknown key `x`",
        ),
        (
            Sources {
                service_2_extras: Some(extras),
                ..Sources::default()
            },
            "service-2.sdk-extras.json: unknown key `x`",
        ),
    ] {
        let error = import(&service(json!({})), &neighbours).expect_err(expected);
        assert!(error.starts_with(expected), "{error}");
    }
}
