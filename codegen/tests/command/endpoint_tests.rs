//! Endpoint tests that contradict the endpoint rules: in an overlay, in a model, and in an overlay that ships with attache.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::workspace::{Place, published};

const SERVICE: &str = "example.parcels#Parcels";

/// Endpoint rules with the URL of one host.
fn rules(host: &str) -> Value {
    json!({
        "version": "1.0",
        "parameters": {"Region": {"type": "string", "builtIn": "AWS::Region"}},
        "rules": [
            {"type": "endpoint", "conditions": [{"fn": "isSet", "argv": [{"ref": "Region"}]}],
             "endpoint": {"url": format!("https://{host}.{{Region}}.example.com")}},
            {"type": "error", "conditions": [], "error": "no region"},
        ],
    })
}

/// Two tests, of which the first one fits the rules of `parcels` only, and the second one any of [`rules`].
fn tests() -> Value {
    json!({"version": "1.0", "testCases": [
        {"params": {"Region": "us-east-1"},
         "expect": {"endpoint": {"url": "https://parcels.us-east-1.example.com"}}},
        {"params": {}, "expect": {"error": "no region"}},
    ]})
}

/// Writes the published model with other traits of the service; returns the name of the file.
fn model(place: &Place, name: &str, traits: &[(&str, Value)]) -> String {
    let text = fs::read_to_string(published()).expect("the model is there");
    let mut model: Value = serde_json::from_str(&text).expect("JSON");
    for (id, value) in traits {
        model["shapes"][SERVICE]["traits"][*id] = value.clone();
    }
    let file = format!("{name}.json");
    place.write(&file, &model.to_string());
    file
}

fn with_rules(place: &Place, name: &str, host: &str) -> String {
    model(
        place,
        name,
        &[("smithy.rules#endpointRuleSet", rules(host))],
    )
}

/// A workspace with the service, an overlay with [`tests`], and a newer model whose rules have another host.
fn place_with_tests() -> (Place, String) {
    let place = Place::workspace();
    let first = with_rules(&place, "first", "parcels");
    place.succeeds("", &format!("add parcels --from {first}"));
    let overlay = json!({"smithy": "2.0", "shapes": {
        SERVICE: {"type": "apply", "traits": {"smithy.rules#endpointTests": tests()}},
    }});
    let text = serde_json::to_string_pretty(&overlay).expect("JSON");
    place.write("models/parcels/overlay.json", &format!("{text}\n"));
    place.succeeds("", "generate");
    let newer = with_rules(&place, "newer", "post");
    (place, newer)
}

const CONTRADICTION: &str = "testCases[0] (Region us-east-1) expects https://parcels.us-east-1.example.com, and the rules give \
                             https://post.us-east-1.example.com";

#[test]
fn an_update_refuses_rules_that_tests_of_the_overlay_contradict() {
    let (place, newer) = place_with_tests();
    let before = place.read("models/parcels/model.json");
    let refused = place.fails("", &format!("update parcels --from {newer}"));
    for part in [
        "models/parcels/overlay.json: an endpoint test contradicts the endpoint rules of the model: ",
        CONTRADICTION,
        "with --drop-endpoint-tests, `attache update` and `attache add` remove them from the overlay",
    ] {
        assert!(refused.contains(part), "{part} in {refused}");
    }
    assert_eq!(place.read("models/parcels/model.json"), before);
    assert!(place.succeeds("", "verify").contains("1 service is valid"));
}

#[test]
fn an_update_removes_contradicted_tests_from_the_overlay_where_it_may_and_reports_them() {
    let (place, newer) = place_with_tests();
    let overlay = "models/parcels/overlay.json";
    let update = format!("update parcels --from {newer} --drop-endpoint-tests --report report.md");
    let untouched = place.read(overlay);
    place.succeeds("", &format!("{update} --dry-run"));
    assert_eq!(place.read(overlay), untouched);

    let printed = place.succeeds("", &update);
    assert!(
        printed.contains("to review: ") && printed.contains(CONTRADICTION),
        "{printed}"
    );
    assert!(printed.contains(overlay), "{printed}");
    let report = place.read("report.md");
    assert!(
        report.contains("### To review\n\n- [ ] ") && report.contains("post.us-east-1.example.com"),
        "{report}"
    );
    let left = place.read(overlay);
    assert!(
        !left.contains("us-east-1") && left.contains("no region"),
        "{left}"
    );
    assert!(
        left.starts_with("{\n  \"shapes\": {"),
        "the rest stays as it is: {left}"
    );
    let code = place.read("crates/parcels/src/endpoint.rs");
    assert!(
        code.contains("https://post.") && !code.contains("https://parcels."),
        "{code}"
    );
    assert!(place.succeeds("", "verify").contains("1 service is valid"));
}

#[test]
fn a_wrong_test_of_an_overlay_stops_generation_and_verification() {
    let (place, _) = place_with_tests();
    let overlay = "models/parcels/overlay.json";
    let wrong = place
        .read(overlay)
        .replace("https://parcels.", "https://letters.");
    place.write(overlay, &wrong);
    let refused = place.fails("", "generate");
    assert!(
        refused.contains("expects https://letters.us-east-1"),
        "{refused}"
    );
    let (status, printed, _) = place.run("", "verify");
    assert_eq!(status, 1, "{printed}");
    assert!(
        printed.contains("expects https://letters.us-east-1"),
        "{printed}"
    );
}

#[test]
fn a_model_that_contradicts_itself_is_generated_without_those_tests_where_the_user_says_so() {
    let place = Place::workspace();
    let traits = [
        ("smithy.rules#endpointRuleSet", rules("post")),
        ("smithy.rules#endpointTests", tests()),
    ];
    let from = model(&place, "contradiction", &traits);
    let add = format!("add parcels --from {from}");
    let refused = place.fails("", &add);
    assert!(
        refused.contains("contradiction.json: an endpoint test contradicts")
            && refused.contains("--drop-endpoint-tests"),
        "{refused}"
    );
    assert!(!place.path("models").exists());
    let added = place.succeeds("", &format!("{add} --drop-endpoint-tests"));
    for part in [
        "the crate of parcels does not have an endpoint test of its model: testCases[0] (Region us-east-1) expects ",
        "warning: the crate does not have 1 endpoint test of the model, because the model's endpoint rules contradict it\n",
    ] {
        assert!(added.contains(part), "{part} in {added}");
    }
    let again = place.succeeds("", "generate");
    assert!(!again.contains("testCases"), "{again}");
    let code = place.read("crates/parcels/src/endpoint.rs");
    assert!(
        code.contains("\"no region\"") && !code.contains("https://parcels."),
        "{code}"
    );
    assert!(place.succeeds("", "verify").contains("1 service is valid"));
}

#[test]
fn a_shipped_overlay_is_added_without_the_tests_that_belong_to_other_rules() {
    let place = Place::workspace();
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/support/model.json");
    let text = fs::read_to_string(committed).expect("the model is there");
    place.write(
        "support.json",
        &text.replace("https://support-fips.{", "https://support-only-fips.{"),
    );
    let added = place.succeeds("", "add support --from support.json");
    assert!(
        added.contains(
            "of its endpoint tests belong to other endpoint rules than those of this model"
        ),
        "{added}"
    );
    let code = place.read("crates/support/src/endpoint.rs");
    assert!(code.contains("support-only-fips."), "{code}");
    assert!(
        !code.contains("\"https://support-fips.us-east-1.amazonaws.com\""),
        "{code}"
    );
    assert!(
        code.contains("\"https://support.us-east-1.amazonaws.com\""),
        "{code}"
    );
    assert!(place.succeeds("", "verify").contains("1 service is valid"));
}
