//! What `names.json` may say, and what is refused with its place.

use attache_codegen::plan::Names;
use serde_json::{Value, json};

fn message(file: &Value) -> String {
    let refused = Names::parse(&file.to_string());
    let refused = refused.expect_err("it is wrong");
    refused.to_string()
}

#[test]
fn names_are_written_as_they_are_read() {
    let file = json!({
        "members": {
            "example.toys#Level": { "1.10": "V110_2", "110": "V110", "a#b$c": "ABC" },
            "example.toys#MakeToy$input": { "UserID": "user_id_2", "userId": "user_id" }
        },
        "operations": { "example.toys#Send": "send_operation" },
        "types": {
            "example.toys#Broken$error": "Broken",
            "example.toys#MakeToy": "MakeToyCall",
            "example.toys#MakeToy$output": "MakeToyCallResponse"
        },
        "waiters": { "example.toys#MakeToy": { "DBReady": "until_db_ready_2" } }
    });
    let names = Names::parse(&file.to_string()).expect("it is right");
    let text = names.text();
    assert!(
        text.starts_with(
            "{\n  \"members\": {\n    \"example.toys#Level\": {\n      \"1.10\": \"V110_2\",\n"
        ),
        "{text}"
    );
    assert!(text.ends_with("}\n"));
    assert_eq!(Names::parse(&text), Ok(names));
    assert_eq!(Names::parse("{}"), Ok(Names::default()));
}

#[test]
fn a_wrong_file_is_refused_with_the_place() {
    let types = |key: &str, name: &str| json!({ "types": { key: name } });
    for (file, expected) in [
        (json!([]), "is not a JSON object"),
        (
            json!({ "shapes": {} }),
            "shapes: unknown key; there are `members`, `operations`, `types`, `waiters`",
        ),
        (json!({ "types": 1 }), "types: is not a JSON object"),
        (
            json!({ "types": { "a#B": 1 } }),
            "types: a#B: the name is not a string",
        ),
        (
            types("Level", "Level"),
            "types: Level: `Level` is not an absolute shape id (`namespace#Shape`)",
        ),
        (
            types("a#Level$member", "Level"),
            "types: a#Level$member: is not a type: these are `namespace#Shape`, `namespace#Operation$input`, \
             `namespace#Operation$output` and `namespace#Shape$error`",
        ),
        (
            json!({ "operations": { "a#Get$input": "get" } }),
            "operations: a#Get$input: is a member where an operation is expected",
        ),
    ] {
        assert_eq!(message(&file), expected);
    }
    let twice = Names::parse(r#"{"types": {"a#B": "B", "a#B": "C"}}"#);
    let twice = twice.expect_err("the key is there twice").to_string();
    assert!(
        twice.contains("the object has the key `/types/a#B` twice"),
        "{twice}"
    );
}

#[test]
fn a_wrong_name_is_refused_with_the_place() {
    let types = |key: &str, name: &str| json!({ "types": { key: name } });
    let operation = |name: &str| json!({ "operations": { "a#Get": name } });
    let level = |names: Value| json!({ "members": { "a#Level": names } });
    for (file, expected) in [
        (
            types("a#Level", "Le-vel"),
            "types: a#Level: `Le-vel` is not a valid name: use ASCII letters, digits and underscores, a letter \
             first",
        ),
        (
            types("a#Level", "level"),
            "types: a#Level: `level` is not in upper camel case",
        ),
        (
            types("a#Level", "Client"),
            "types: a#Level: generated code uses the name `Client` for something else",
        ),
        (
            operation("move"),
            "operations: a#Get: `move` is a keyword of Rust",
        ),
        (
            operation("send"),
            "operations: a#Get: generated code uses the name `send` for something else",
        ),
        (
            json!({ "operations": { "a#Get": "aux", "a#Set": "aux_" } }),
            "operations: a#Set: `a#Get` has the name `aux_` already",
        ),
        (
            json!({ "types": { "a#Box": "Same", "a#Get$input": "Same" } }),
            "types: a#Get$input: `a#Box` has the name `Same` already",
        ),
        (
            level(json!({ "1.10": "V110", "110": "V110" })),
            "members: a#Level: 110: `1.10` has the name `V110` already",
        ),
        (
            level(json!({ "UNKNOWN": "Unknown" })),
            "members: a#Level: UNKNOWN: generated code uses the name `Unknown` for something else",
        ),
        (
            level(json!({ "one": "set_clone", "two": "clone" })),
            "members: a#Level: two: `one` has the name `set_clone` already, which `clone` occupies as well",
        ),
        (
            level(json!({ "one": "userId" })),
            "members: a#Level: one: `userId` is not in snake case",
        ),
        (
            json!({ "waiters": { "a#Get": { "Ready": "ready" } } }),
            "waiters: a#Get: Ready: `ready` does not begin with `until_`, as the functions of waiters do",
        ),
    ] {
        assert_eq!(message(&file), expected);
    }
}
