//! The level of single changes of shapes and members on each axis.

use serde_json::{Value, json};

use super::{check, string, structure};

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
            "patch, none, tightened",
        ),
        (
            "a#Name",
            json!({}),
            name(json!({"min": 0})),
            "patch, none, none",
        ),
        (
            "a#Name",
            name(json!({"min": 0})),
            name(json!({"min": 1})),
            "patch, none, tightened",
        ),
        (
            "a#Name",
            name(json!({"max": 10})),
            name(json!({"max": 100})),
            "patch, none, loosened",
        ),
        (
            "a#Name",
            name(json!({"min": 2, "max": 9})),
            name(json!({"min": 1, "max": 8})),
            "patch, none, mixed",
        ),
        (
            "a#Other",
            json!({}),
            other(json!({"min": 1})),
            "patch, none, none",
        ),
        (
            "a#Lone",
            json!({}),
            lone(json!({"min": 1})),
            "none, none, none",
        ),
    ]);
}

#[test]
fn patterns_are_compared_as_languages() {
    let name = |pattern: &str| json!({"a#Name": string(json!({"smithy.api#pattern": pattern}))});
    let row = |old, new, levels| ("a#Name", old, new, levels);
    check(vec![
        row(json!({}), name("^[a-z]+$"), "patch, none, tightened"),
        row(json!({}), name(""), "patch, none, none"),
        row(
            name("^[a-z]+$"),
            name("^[a-z0-9]+$"),
            "patch, none, loosened",
        ),
        row(
            name("^[a-z0-9]+$"),
            name("^[a-z]+$"),
            "patch, none, tightened",
        ),
        row(name("^[a-z]+$"), name("^[0-9]+$"), "patch, none, mixed"),
        row(name("^(a|b)+$"), name("^[ab]+$"), "patch, none, none"),
        row(name("^[^a]*$"), name("^[^a]*é?[^a]*$"), "patch, none, none"),
        // Anchors inside of anchors have no effect; escaped characters that look like anchors have one.
        row(name("^(?:^a|b$)$"), name("^(?:a|b)$"), "patch, none, none"),
        row(name(r"^(?:^a\$)$"), name(r"^(?:a\$)$"), "patch, none, none"),
        row(name(r"^(?:a\$)$"), name(r"^(?:a)$"), "patch, none, mixed"),
        row(name(r"^(?:a\\$)$"), name(r"^(?:a\\)$"), "patch, none, none"),
        row(name("^(?:a|^b)$"), name("^(?:a|b)$"), "patch, none, none"),
        // A pattern with look-around is not checked, so every text passes.
        row(name("^(?=a)a$"), json!({}), "patch, none, none"),
        row(name("^(?=a)a$"), name("^a$"), "patch, none, tightened"),
    ]);
}

/// A structure with members of the model and one more.
fn with_more(id: &str, member: &Value) -> Value {
    let mut members = match id {
        "a#Part" => json!({"colour": {"target": "a#Colour"}}),
        _ => json!({"name": {"target": "a#Name"}, "part": {"target": "a#Part"}}),
    };
    members["more"] = member.clone();
    json!({id: structure(members)})
}

fn optional() -> Value {
    json!({"target": "a#Name"})
}

fn required() -> Value {
    json!({"target": "a#Name", "traits": {"smithy.api#required": {}}})
}

#[test]
fn adding_and_removing_members_of_requests() {
    let token = json!({"target": "a#Name", "traits": {"smithy.api#required": {}, "smithy.api#idempotencyToken": {}}});
    check(vec![
        (
            "a#In$more",
            json!({}),
            with_more("a#In", &optional()),
            "minor, compatible, none",
        ),
        (
            "a#In$more",
            json!({}),
            with_more("a#In", &required()),
            "minor, compatible, tightened",
        ),
        (
            "a#In$more",
            json!({}),
            with_more("a#In", &token),
            "minor, compatible, none",
        ),
        (
            "a#In$more",
            with_more("a#In", &required()),
            json!({}),
            "major, breaking, loosened",
        ),
    ]);
}

#[test]
fn adding_and_removing_members_of_responses_and_of_both() {
    check(vec![
        (
            "a#Out$more",
            json!({}),
            with_more("a#Out", &optional()),
            "minor, compatible, none",
        ),
        (
            "a#Out$more",
            with_more("a#Out", &optional()),
            json!({}),
            "major, breaking, none",
        ),
        (
            "a#Part$more",
            json!({}),
            with_more("a#Part", &optional()),
            "minor, compatible, none",
        ),
        (
            "a#Part$more",
            json!({}),
            with_more("a#Part", &required()),
            "major, compatible, tightened",
        ),
    ]);
}

#[test]
fn required_has_different_effects_in_requests_and_responses() {
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
            "patch, none, tightened",
        ),
        (
            "a#In$name",
            with("a#In", required.clone()),
            json!({}),
            "patch, none, loosened",
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
            "major, none, none",
        ),
        (
            "a#Out$name",
            out(required),
            json!({}),
            "major, compatible, none",
        ),
    ]);
}

#[test]
fn a_member_with_another_target_is_compared_by_the_shapes_it_reaches() {
    let input = |target: &str| json!({"name": {"target": target}, "part": {"target": "a#Part"}});
    let shapes =
        |target: &str, shape: Value| json!({"a#In": structure(input(target)), "a#New": shape});
    check(vec![
        (
            "a#In$name",
            json!({}),
            shapes("a#New", string(json!({}))),
            "patch, none, none",
        ),
        (
            "a#In$name",
            json!({}),
            shapes("a#New", string(json!({"smithy.api#length": {"max": 3}}))),
            "patch, none, tightened",
        ),
        (
            "a#In$name",
            json!({}),
            shapes("a#New", json!({"type": "integer"})),
            "major, breaking, none",
        ),
        (
            "a#In$name",
            json!({}),
            shapes(
                "a#New",
                json!({"type": "enum", "members": {"A": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": "a"}}}}),
            ),
            "major, none, none",
        ),
    ]);
}

#[test]
fn enum_values_may_be_added_but_not_removed() {
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
            "minor, compatible, none",
        ),
        (
            "a#Colour$BLUE",
            colour(&["RED", "BLUE"]),
            json!({}),
            "major, breaking, none",
        ),
    ]);
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
            "patch, breaking, none",
        ),
        (
            "a#Part$size",
            part(json!({})),
            default(2),
            "major, compatible, none",
        ),
        // The client does not send members that a request leaves out.
        ("a#In$size", request(1), request(2), "patch, none, none"),
    ]);
}
