//! What single changes mean on each axis.

use attache_codegen::diff::{RustLevel, Validation, Version, Wire, compare};
use serde_json::{Value, json};

use super::{at, compared, service, version, with_protocol};

/// Shapes before and after, and what the change at a place must say.
type Row = (&'static str, Value, Value, RustLevel, Wire, Validation);

fn check(rows: Vec<Row>) {
    for (place, old, new, rust, wire, validation) in rows {
        let report = compared(&service(old), &service(new));
        let change = at(&report, place);
        let found = (change.rust, change.wire, change.validation);
        assert_eq!(found, (rust, wire, validation), "{place}: {report:#?}");
    }
}

fn string(traits: Value) -> Value {
    json!({"type": "string", "traits": traits})
}

fn structure(members: Value) -> Value {
    json!({"type": "structure", "members": members})
}

#[test]
fn bounds_tighten_and_loosen_where_the_shape_is_sent() {
    let name = |length: Value| json!({"a#Name": string(json!({"smithy.api#length": length}))});
    let other = |length: Value| json!({"a#Other": string(json!({"smithy.api#length": length}))});
    let lone = |length: Value| json!({"a#Lone": string(json!({"smithy.api#length": length}))});
    check(vec![
        (
            "a#Name",
            json!({}),
            name(json!({"min": 1})),
            RustLevel::Patch,
            Wire::None,
            Validation::Tightened,
        ),
        (
            "a#Name",
            json!({}),
            name(json!({"min": 0})),
            RustLevel::Patch,
            Wire::None,
            Validation::None,
        ),
        (
            "a#Name",
            name(json!({"min": 0})),
            name(json!({"min": 1})),
            RustLevel::Patch,
            Wire::None,
            Validation::Tightened,
        ),
        (
            "a#Name",
            name(json!({"max": 10})),
            name(json!({"max": 100})),
            RustLevel::Patch,
            Wire::None,
            Validation::Loosened,
        ),
        (
            "a#Name",
            name(json!({"min": 2, "max": 9})),
            name(json!({"min": 1, "max": 8})),
            RustLevel::Patch,
            Wire::None,
            Validation::Mixed,
        ),
        (
            "a#Other",
            json!({}),
            other(json!({"min": 1})),
            RustLevel::Patch,
            Wire::None,
            Validation::None,
        ),
        (
            "a#Lone",
            json!({}),
            lone(json!({"min": 1})),
            RustLevel::None,
            Wire::None,
            Validation::None,
        ),
    ]);
}

#[test]
fn patterns_are_compared_as_languages() {
    let name = |pattern: &str| json!({"a#Name": string(json!({"smithy.api#pattern": pattern}))});
    let patch =
        |old, new, validation| ("a#Name", old, new, RustLevel::Patch, Wire::None, validation);
    check(vec![
        patch(json!({}), name("^[a-z]+$"), Validation::Tightened),
        patch(json!({}), name(""), Validation::None),
        patch(name("^[a-z]+$"), name("^[a-z0-9]+$"), Validation::Loosened),
        patch(name("^[a-z0-9]+$"), name("^[a-z]+$"), Validation::Tightened),
        patch(name("^[a-z]+$"), name("^[0-9]+$"), Validation::Mixed),
        patch(name("^(a|b)+$"), name("^[ab]+$"), Validation::None),
        patch(name("^[^a]*$"), name("^[^a]*é?[^a]*$"), Validation::None),
        // Anchors inside of anchors say nothing, characters that look like anchors do.
        patch(name("^(?:^a|b$)$"), name("^(?:a|b)$"), Validation::None),
        patch(name(r"^(?:^a\$)$"), name(r"^(?:a\$)$"), Validation::None),
        patch(name(r"^(?:a\$)$"), name(r"^(?:a)$"), Validation::Mixed),
        patch(name(r"^(?:a\\$)$"), name(r"^(?:a\\)$"), Validation::None),
        patch(name("^(?:a|^b)$"), name("^(?:a|b)$"), Validation::None),
        // Look-around is not checked, so that every text passes.
        patch(name("^(?=a)a$"), json!({}), Validation::None),
        patch(name("^(?=a)a$"), name("^a$"), Validation::Tightened),
    ]);
}

#[test]
fn members_come_and_go() {
    let with = |id: &str, members: Value| json!({id: structure(members)});
    let base = json!({"name": {"target": "a#Name"}, "part": {"target": "a#Part"}});
    let more = |member: Value| {
        let mut members = base.clone();
        members["more"] = member;
        members
    };
    let required = json!({"target": "a#Name", "traits": {"smithy.api#required": {}}});
    let token = json!({"target": "a#Name", "traits": {"smithy.api#required": {}, "smithy.api#idempotencyToken": {}}});
    let optional = json!({"target": "a#Name"});
    check(vec![
        (
            "a#In$more",
            json!({}),
            with("a#In", more(optional.clone())),
            RustLevel::Minor,
            Wire::Compatible,
            Validation::None,
        ),
        (
            "a#In$more",
            json!({}),
            with("a#In", more(required.clone())),
            RustLevel::Minor,
            Wire::Compatible,
            Validation::Tightened,
        ),
        (
            "a#In$more",
            json!({}),
            with("a#In", more(token)),
            RustLevel::Minor,
            Wire::Compatible,
            Validation::None,
        ),
        (
            "a#In$more",
            with("a#In", more(required.clone())),
            json!({}),
            RustLevel::Major,
            Wire::Breaking,
            Validation::Loosened,
        ),
        (
            "a#Out$more",
            json!({}),
            with("a#Out", more(optional.clone())),
            RustLevel::Minor,
            Wire::Compatible,
            Validation::None,
        ),
        (
            "a#Out$more",
            with("a#Out", more(optional.clone())),
            json!({}),
            RustLevel::Major,
            Wire::Breaking,
            Validation::None,
        ),
        (
            "a#Part$more",
            json!({}),
            with(
                "a#Part",
                json!({"colour": {"target": "a#Colour"}, "more": optional}),
            ),
            RustLevel::Minor,
            Wire::Compatible,
            Validation::None,
        ),
        (
            "a#Part$more",
            json!({}),
            with(
                "a#Part",
                json!({"colour": {"target": "a#Colour"}, "more": required}),
            ),
            RustLevel::Major,
            Wire::Compatible,
            Validation::Tightened,
        ),
    ]);
}

#[test]
fn required_means_one_thing_in_requests_and_another_in_responses() {
    let with = |id: &str, traits: Value| {
        let mut members = json!({"name": {"target": "a#Name"}, "part": {"target": "a#Part"}});
        members["name"]["traits"] = traits;
        json!({id: structure(members)})
    };
    let required = json!({"smithy.api#required": {}});
    check(vec![
        (
            "a#In$name",
            json!({}),
            with("a#In", required.clone()),
            RustLevel::Patch,
            Wire::None,
            Validation::Tightened,
        ),
        (
            "a#In$name",
            with("a#In", required.clone()),
            json!({}),
            RustLevel::Patch,
            Wire::None,
            Validation::Loosened,
        ),
    ]);
    let out = |traits: Value| {
        let mut shapes = with("a#Out", traits);
        shapes["a#Out"]["members"]["name"]["target"] = json!("a#Other");
        shapes
    };
    check(vec![
        (
            "a#Out$name",
            json!({}),
            out(required.clone()),
            RustLevel::Major,
            Wire::None,
            Validation::None,
        ),
        (
            "a#Out$name",
            out(required),
            json!({}),
            RustLevel::Major,
            Wire::Compatible,
            Validation::None,
        ),
    ]);
}

#[test]
fn a_member_pointed_at_another_shape_is_judged_by_what_it_reaches() {
    let input = |target: &str| json!({"name": {"target": target}, "part": {"target": "a#Part"}});
    let shapes =
        |target: &str, shape: Value| json!({"a#In": structure(input(target)), "a#New": shape});
    check(vec![
        (
            "a#In$name",
            json!({}),
            shapes("a#New", string(json!({}))),
            RustLevel::Patch,
            Wire::None,
            Validation::None,
        ),
        (
            "a#In$name",
            json!({}),
            shapes("a#New", string(json!({"smithy.api#length": {"max": 3}}))),
            RustLevel::Patch,
            Wire::None,
            Validation::Tightened,
        ),
        (
            "a#In$name",
            json!({}),
            shapes("a#New", json!({"type": "integer"})),
            RustLevel::Major,
            Wire::Breaking,
            Validation::None,
        ),
        (
            "a#In$name",
            json!({}),
            shapes(
                "a#New",
                json!({"type": "enum", "members": {"A": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "a"}}}}),
            ),
            RustLevel::Major,
            Wire::None,
            Validation::None,
        ),
    ]);
}

#[test]
fn values_of_enums_may_come_but_not_go() {
    let colour = |names: &[&str]| {
        let members: serde_json::Map<String, Value> = names
            .iter()
            .map(|name| {
                let traits = json!({"smithy.api#enumValue": name.to_lowercase()});
                (
                    (*name).to_owned(),
                    json!({"target": "smithy.api#Unit", "traits": traits}),
                )
            })
            .collect();
        json!({"a#Colour": {"type": "enum", "members": members}})
    };
    check(vec![
        (
            "a#Colour$BLUE",
            json!({}),
            colour(&["RED", "BLUE"]),
            RustLevel::Minor,
            Wire::Compatible,
            Validation::None,
        ),
        (
            "a#Colour$BLUE",
            colour(&["RED", "BLUE"]),
            json!({}),
            RustLevel::Major,
            Wire::Breaking,
            Validation::None,
        ),
    ]);
}

#[test]
fn the_place_in_the_message_counts_only_where_there_are_places() {
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
fn operations_come_go_and_move_in_http() {
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
        (
            "a#Two",
            json!({}),
            two.clone(),
            RustLevel::Minor,
            Wire::Compatible,
            Validation::None,
        ),
        (
            "a#Two",
            two,
            json!({}),
            RustLevel::Major,
            Wire::Breaking,
            Validation::None,
        ),
        (
            "a#Act",
            json!({}),
            moved,
            RustLevel::Patch,
            Wire::Breaking,
            Validation::None,
        ),
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
fn overlay_statements_that_no_longer_fit_are_reported() {
    let overlay = json!({"smithy": "2.0", "shapes": {
        "a#Name": {"type": "apply", "traits": {"smithy.api#length": {"max": 5}}},
        "a#In$name": {"type": "apply", "traits": {"smithy.api#sensitive": {}}}
    }})
    .to_string();
    let version = |name, model| Version {
        overlay: Some(("overlay.json", overlay.as_str())),
        ..version(name, model)
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
            "`In$name`: the overlay speaks of it, but the model has it no more.",
            "`Name`: the overlay states `smithy.api#length`, and the model now says it otherwise."
        ]
    );
}

#[test]
fn a_model_that_cannot_be_generated_is_compared_all_the_same() {
    let old = with_protocol("aws.protocols#restXml", json!({}));
    let new = with_protocol(
        "aws.protocols#restXml",
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
fn a_default_that_is_sent_is_part_of_the_messages() {
    let part = |traits: Value| {
        json!({
            "a#Size": {"type": "integer"},
            "a#Part": structure(json!({"colour": {"target": "a#Colour"}, "size": {"target": "a#Size", "traits": traits}}))
        })
    };
    let default = |value: i32| part(json!({"smithy.api#default": value}));
    let request = |value: i32| {
        json!({
            "a#Size": {"type": "integer"},
            "a#In": structure(json!({
                "name": {"target": "a#Name"},
                "part": {"target": "a#Part"},
                "size": {"target": "a#Size", "traits": {"smithy.api#default": value}}
            }))
        })
    };
    check(vec![
        (
            "a#Part$size",
            default(1),
            default(2),
            RustLevel::Patch,
            Wire::Breaking,
            Validation::None,
        ),
        (
            "a#Part$size",
            part(json!({})),
            default(2),
            RustLevel::Major,
            Wire::Compatible,
            Validation::None,
        ),
        // The client leaves out what is left out of a request.
        (
            "a#In$size",
            request(1),
            request(2),
            RustLevel::Patch,
            Wire::None,
            Validation::None,
        ),
    ]);
}

#[test]
fn a_service_that_takes_bearer_tokens_only_is_breaking() {
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

/// Messages that the old version does not understand are as bad for a program as code that does not compile.
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
