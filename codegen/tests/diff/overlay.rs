//! Statements of overlays that no longer fit one of the two models.

use attache_codegen::diff::{Version, compare};
use serde_json::json;

use super::{service, string, structure};

#[test]
fn overlay_statements_that_no_longer_fit_are_reported() {
    let overlay = json!({"smithy": "2.0", "shapes": {
        "a#Name": {"type": "apply", "traits": {"smithy.api#length": {"max": 5}}},
        "a#In$name": {"type": "apply", "traits": {"smithy.api#sensitive": {}}}
    }})
    .to_string();
    let version = |name, model| Version {
        name,
        model,
        overlay: Some(("overlay.json", overlay.as_str())),
        operations: None,
        names: None,
    };
    let old = service(json!({}));
    let new = service(json!({
        "a#Name": string(json!({"smithy.api#length": {"max": 9}})),
        "a#In": structure(json!({"part": {"target": "a#Part"}}))
    }));
    let report = compare(&version("old", &old), &version("new", &new)).expect("both are sound");
    let misfits: Vec<&str> = report
        .changes
        .iter()
        .filter(|change| change.kind == "overlay-statement-misfit")
        .map(|change| change.sentence.as_str())
        .collect();
    assert_eq!(
        misfits,
        [
            "`In$name`: the overlay has a statement about it, but the model no longer contains it: remove the statement.",
            "`Name`: the overlay states `smithy.api#length`, and the model now states it with another value: compare the two."
        ]
    );
}

/// An overlay can refer to the shapes that it adds, in any order of its statements.
#[test]
fn a_statement_about_a_shape_that_the_overlay_adds_fits() {
    let overlay = json!({"smithy": "2.0", "shapes": {
        "a#Act": {"type": "apply", "traits": {"attache#errors": [{"target": "a#Lost"}]}},
        "a#Lost": {
            "type": "structure", "members": {},
            "traits": {"smithy.api#error": "client", "smithy.api#httpError": 404}
        }
    }})
    .to_string();
    let model = service(json!({}));
    let version = |name, overlay| Version {
        name,
        model: &model,
        overlay,
        operations: None,
        names: None,
    };
    let with = Some(("overlay.json", overlay.as_str()));
    let report = compare(&version("old", None), &version("new", with)).expect("both are sound");
    let kinds: Vec<&str> = report
        .changes
        .iter()
        .map(|change| change.kind.as_str())
        .collect();
    assert_eq!(kinds, ["errors-added", "error-added"], "{report:#?}");
}
