//! Expressions of waiters and pages that are more than paths.

use attache_codegen::analyse;
use serde_json::{Value, json};

use crate::model::{generate_toys, input, manifest, toys};

/// `toys` whose response has members of many types, with a waiter that compares an expression with `true`.
fn toys_that_wait_for(expression: &str) -> Value {
    let mut model = toys();
    let shapes = &mut model["shapes"];
    let more = json!({
        "Part": {
            "type": "structure",
            "members": {
                "state": { "target": "smithy.api#String" },
                "count": { "target": "smithy.api#Integer" },
                "weight": { "target": "smithy.api#Double" },
                "parts": { "target": "example.toys#Parts" }
            }
        },
        "Parts": { "type": "list", "member": { "target": "example.toys#Part" } },
        "Sparse": {
            "type": "list",
            "member": { "target": "example.toys#Part" },
            "traits": { "smithy.api#sparse": {} }
        },
        "Named": {
            "type": "map",
            "key": { "target": "smithy.api#String" },
            "value": { "target": "example.toys#Part" }
        }
    });
    for (name, shape) in more.as_object().into_iter().flatten() {
        shapes[format!("example.toys#{name}")] = shape.clone();
    }
    shapes["example.toys#MakeToyOutput"]["members"] = json!({
        "id": { "target": "smithy.api#String" },
        "isDone": { "target": "smithy.api#Boolean" },
        "made": { "target": "smithy.api#Timestamp" },
        "part": { "target": "example.toys#Part" },
        "parts": { "target": "example.toys#Parts" },
        "sparse": { "target": "example.toys#Sparse" },
        "named": { "target": "example.toys#Named" }
    });
    let matcher = json!({
        "output": { "path": expression, "expected": "true", "comparator": "booleanEquals" }
    });
    shapes["example.toys#MakeToy"]["traits"]["smithy.waiters#waitable"] = json!({
        "Made": { "acceptors": [{ "state": "success", "matcher": matcher }] }
    });
    model
}

/// What is said about the waiter if it is left out.
fn problem(expression: &str) -> Option<String> {
    let manifest = manifest("attache-toys");
    let model = toys_that_wait_for(expression).to_string();
    let service = analyse(&input(&model, &manifest)).expect("the model is fine");
    assert_eq!(
        service.operations[0].waiters.len(),
        1 - service.warnings.len()
    );
    service.warnings.into_iter().next()
}

#[test]
fn operators_and_functions_are_compiled() {
    for expression in [
        "length(parts) > `0`",
        "length(parts[]) == `0`",
        "length(parts || `[]`) == `0`",
        "length(parts[?state == 'A' || !(count > `1`)]) == length(parts)",
        "length(parts[].parts[].state) >= `2`",
        "contains(parts[].state, 'A')",
        "contains(keys(named), id)",
        "contains(id, 'x') || starts_with(id, 'y')",
        "length(named.*.state) == `1`",
        "named.one.state == 'A'",
        "parts[-1].state != id",
        "parts[0].weight < `1.5` && part.weight <= `2`",
        "parts[*].[state, part_state][] | length(@) == `3`",
        "(parts | [0]).state == `null`",
        "!isDone",
        "length(sparse) == `0`",
    ] {
        // One of them names a member that there is not.
        let fits = !expression.contains("part_state");
        let found = problem(expression);
        assert_eq!(found.is_none(), fits, "{expression}: {found:?}");
    }
}

#[test]
fn what_has_no_type_is_refused_with_its_reason() {
    for (expression, reason) in [
        ("length(nothing) == `0`", "no member `nothing`"),
        ("length(isDone) == `0`", "`length` cannot be applied"),
        ("id == `1`", "different types"),
        ("part && isDone", "different types"),
        ("!part", "a structure is used as a condition"),
        ("parts == parts", "only simple values"),
        ("made == made", "only simple values"),
        ("length(sparse[]) == `0`", "no list without nulls"),
        (
            "max(parts[].count) == `1`",
            "the function `max` is not supported",
        ),
        ("length(parts, id) == `0`", "another number of arguments"),
        ("id[0] == 'a'", "it is no list"),
        ("length(parts[0:1]) == `0`", "slices"),
        ("id || 'a'", "not what `BooleanEquals` compares"),
    ] {
        let found = problem(expression).unwrap_or_default();
        assert!(found.contains(reason), "{expression}: {found}");
    }
}

#[test]
fn the_page_of_a_waiter_shows_the_expression_as_the_model_has_it() {
    let model = toys_that_wait_for("length(parts) > `0`").to_string();
    let files = generate_toys(&model, None).expect("the model is fine");
    let mut files = files.iter();
    let file = files.find(|file| file.path == "src/operation/make_toy.rs");
    let text = &file.expect("the operation has a file").text;
    assert!(
        text.contains("* done: `` length(parts) > `0` `` is true"),
        "{text}"
    );
    assert!(text.contains("expression::evaluate(|failure|"), "{text}");
}

#[test]
fn an_expression_of_constants_leaves_the_response_unnamed() {
    for (expression, expected) in [
        ("'a' == 'b'", "Ok(_response)"),
        ("id == 'b'", "Ok(response)"),
    ] {
        let model = toys_that_wait_for(expression).to_string();
        let files = generate_toys(&model, None).expect("the model is fine");
        let mut files = files.iter();
        let file = files.find(|file| file.path == "src/operation/make_toy.rs");
        let text = &file.expect("the operation has a file").text;
        assert!(text.contains(expected), "{expression}: {text}");
    }
}

#[test]
fn tokens_may_be_several_or_an_expression() {
    let mut model = toys_that_wait_for("isDone");
    let input = &mut model["shapes"]["example.toys#MakeToyInput"]["members"];
    input["start"] = json!({ "target": "smithy.api#String" });
    let mut with = |value: Value| {
        model["shapes"]["example.toys#MakeToy"]["traits"]["attache#paginated"] = value;
        let files = generate_toys(&model.to_string(), None).expect("the model is fine");
        let mut files = files.into_iter();
        let file = files.find(|file| file.path == "src/operation/make_toy.rs");
        file.expect("the operation has a file").text
    };
    let text = with(json!({
        "inputToken": ["name", "start"], "outputToken": ["id", "part.state"], "items": ["parts"]
    }));
    assert!(
        text.contains("type Token = (Option<String>, Option<String>);"),
        "{text}"
    );
    let text = with(json!({
        "inputToken": "start", "outputToken": "id || parts[-1].state", "items": ["id"]
    }));
    assert!(text.contains("type Token = String;"), "{text}");
    assert!(text.contains("expression::or("), "{text}");
    assert!(
        !text.contains("PaginatedItems for"),
        "a string is no list: {text}"
    );
    // As many of the request as of the response.
    let text = with(json!({ "inputToken": ["name", "start"], "outputToken": ["id"] }));
    assert!(!text.contains("type Token"), "{text}");
}
