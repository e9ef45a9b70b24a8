//! Traits of ours that do not fit what an overlay applies them to: each is refused, with its shape and its name.

use serde_json::{Value, json};

use crate::model::{MODEL, generate_toys, toys};

/// A model whose `MakeToy` takes a member of each kind, with an overlay of one statement.
fn message(place: &str, name: &str, value: Value) -> String {
    let mut model = toys();
    let member = |target: &str| json!({ "target": target });
    let shapes = model["shapes"]
        .as_object_mut()
        .expect("the model has shapes");
    shapes["example.toys#MakeToyInput"]["members"] = json!({
        "name": member("smithy.api#String"),
        "needed": { "target": "smithy.api#String", "traits": { "smithy.api#required": {} } },
        "count": member("smithy.api#Integer"),
        "most": member("smithy.api#Long"),
        "weight": member("smithy.api#Double"),
        "made": member("smithy.api#Timestamp"),
        "parts": member("example.toys#Parts"),
        "names": member("example.toys#Names"),
    });
    for (id, shape) in [
        (
            "Names",
            json!({ "type": "list", "member": member("smithy.api#String") }),
        ),
        (
            "Parts",
            json!({ "type": "list", "member": member("example.toys#Part") }),
        ),
        (
            "Part",
            json!({
                "type": "structure",
                "members": { "id": member("smithy.api#String"), "weight": member("smithy.api#Double") }
            }),
        ),
    ] {
        shapes.insert(format!("example.toys#{id}"), shape);
    }
    let overlay = json!({
        "smithy": "2.0",
        "shapes": { format!("example.toys#{place}"): { "type": "apply", "traits": { name: value } } }
    });
    match generate_toys(&model.to_string(), Some(&overlay.to_string())) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn refused(place: &str, name: &str, value: Value, expected: &str) {
    assert_eq!(
        message(place, name, value),
        format!("{MODEL}: example.toys#{place}: {expected}")
    );
}

#[test]
fn traits_that_fit_are_taken() {
    let said = |mut value: Value| {
        value["source"] = json!("the documentation");
        value
    };
    for (place, name, value) in [
        (
            "MakeToyInput",
            "attache#atLeastOneOf",
            json!([said(json!({ "members": ["name", "count"] }))]),
        ),
        (
            "Part",
            "attache#atLeastOneOf",
            json!([said(json!({ "members": ["id", "weight"], "strict": true }))]),
        ),
        (
            "MakeToyInput$count",
            "attache#mustEqual",
            said(json!({ "value": 3 })),
        ),
        (
            "MakeToyInput$name",
            "attache#mustEqual",
            said(json!({ "value": "bear" })),
        ),
        ("MakeToyInput$made", "attache#dayAligned", said(json!({}))),
        (
            "MakeToyInput$name",
            "attache#allowedValues",
            said(json!({ "values": ["bear"] })),
        ),
        (
            "MakeToyInput$name",
            "attache#recommendedPattern",
            said(json!({ "pattern": "^b" })),
        ),
        (
            "Parts",
            "attache#uniqueMember",
            said(json!({ "member": "id" })),
        ),
    ] {
        assert_eq!(message(place, name, value), "", "{name} on {place}");
    }
}

#[test]
fn rules_about_members_name_members_that_can_break_them() {
    let rule = |members: Value| json!([{ "members": members, "source": "x" }]);
    let id = "attache#atLeastOneOf";
    for (value, expected) in [
        (
            rule(json!([])),
            "trait `attache#atLeastOneOf` names no member",
        ),
        (
            rule(json!(["name", "gone"])),
            "trait `attache#atLeastOneOf` names the member `gone`, which the structure lacks",
        ),
        (
            rule(json!(["name", "name"])),
            "trait `attache#atLeastOneOf` names `name` twice",
        ),
        (
            rule(json!(["name", "needed"])),
            "trait `attache#atLeastOneOf` names the member `needed`, which is always present",
        ),
    ] {
        refused("MakeToyInput", id, value, expected);
    }
}

#[test]
fn ordered_members_can_be_compared() {
    let rule =
        |first: &str, second: &str| json!([{ "first": first, "second": second, "source": "x" }]);
    let id = "attache#ordered";
    let alike = |first: &str, second: &str| {
        format!(
            "trait `attache#ordered` compares `{first}` with `{second}`: both must be integers of the same type, or timestamps"
        )
    };
    for (first, second) in [
        ("count", "name"),
        ("count", "most"),
        ("name", "needed"),
        ("made", "count"),
    ] {
        refused(
            "MakeToyInput",
            id,
            rule(first, second),
            &alike(first, second),
        );
    }
    refused(
        "MakeToyInput",
        id,
        rule("gone", "count"),
        "trait `attache#ordered` names the member `gone`, which the structure lacks",
    );
    refused(
        "MakeToyInput",
        id,
        rule("count", "count"),
        "trait `attache#ordered` compares the member `count` with itself",
    );
}

#[test]
fn constraints_of_ours_are_on_values_that_can_keep_them() {
    for (place, name, value, expected) in [
        (
            "MakeToyInput$name",
            "attache#dayAligned",
            json!({ "source": "x" }),
            "trait `attache#dayAligned` is for timestamps, and `smithy.api#String` is not one of them",
        ),
        (
            "MakeToyInput$count",
            "attache#allowedValues",
            json!({ "values": ["1"], "source": "x" }),
            "trait `attache#allowedValues` is for strings, and `smithy.api#Integer` is not one of them",
        ),
        (
            "MakeToyInput$name",
            "attache#allowedValues",
            json!({ "values": ["a", "a"], "source": "x" }),
            "trait `attache#allowedValues` names `a` twice",
        ),
        (
            "MakeToyInput$made",
            "attache#recommendedPattern",
            json!({ "pattern": "^1", "source": "x" }),
            "trait `attache#recommendedPattern` is for strings, and `smithy.api#Timestamp` is not one of them",
        ),
        (
            "MakeToyInput$weight",
            "attache#mustEqual",
            json!({ "value": 1, "source": "x" }),
            "trait `attache#mustEqual` is for Booleans, integers and strings, and `smithy.api#Double` is not one of them",
        ),
        (
            "MakeToyInput$count",
            "attache#mustEqual",
            json!({ "value": 4_294_967_296_i64, "source": "x" }),
            "trait `attache#mustEqual`: 4294967296 is not a value of this type",
        ),
    ] {
        refused(place, name, value, expected);
    }
    let empty = message(
        "MakeToyInput$name",
        "attache#allowedValues",
        json!({ "values": [], "source": "x" }),
    );
    assert!(
        empty.ends_with("trait `attache#allowedValues` allows no value"),
        "{empty}"
    );
}

#[test]
fn unique_members_are_of_lists_of_structures_and_can_be_distinguished() {
    for (place, name, value, expected) in [
        (
            "MakeToyInput$names",
            "attache#uniqueMember",
            json!({ "member": "id", "source": "x" }),
            "trait `attache#uniqueMember` is for lists of structures, and `example.toys#Names` is not one of them",
        ),
        (
            "MakeToyInput$parts",
            "attache#uniqueMember",
            json!({ "member": "gone", "source": "x" }),
            "trait `attache#uniqueMember` names the member `gone`, which `example.toys#Part` lacks",
        ),
        (
            "MakeToyInput$parts",
            "attache#uniqueMember",
            json!({ "member": "weight", "source": "x" }),
            "trait `attache#uniqueMember` names the member `weight`, whose values cannot be distinguished: strings, blobs, \
             Booleans, integers, enums and timestamps can",
        ),
    ] {
        refused(place, name, value, expected);
    }
}

#[test]
fn traits_of_ours_stand_where_they_are_read() {
    let source = || json!({ "source": "x" });
    let copy = || json!({ "url": "a", "destination": "b", "namesRegions": true });
    for (place, name, value, places) in [
        ("Parts", "attache#atLeastOneOf", json!([]), "structures"),
        (
            "MakeToyInput$name",
            "attache#ordered",
            json!([]),
            "structures",
        ),
        ("MakeToyInput", "attache#mustEqual", source(), "members"),
        ("MakeToyInput", "attache#endpoint", json!({}), "members"),
        ("MakeToy", "attache#labelDefault", json!("-"), "members"),
        ("MakeToy", "attache#dryRun", json!({}), "services"),
        ("MakeToy", "attache#defaultRegion", json!("x"), "services"),
        ("MakeToy", "attache#endpointBackends", json!({}), "services"),
        (
            "MakeToyInput",
            "attache#requestHeaders",
            json!({}),
            "services",
        ),
        (
            "MakeToyInput",
            "attache#errors",
            json!([]),
            "services or operations",
        ),
        ("Toys", "attache#treeHash", json!({}), "operations"),
        ("MakeToy", "attache#targetPrefix", json!("a.B"), "services"),
        ("Toys", "attache#queryAsForm", json!({}), "operations"),
        ("MakeToy", "attache#presignedCopy", copy(), "members"),
    ] {
        refused(
            place,
            name,
            value,
            &format!("trait `{name}` belongs on {places}"),
        );
    }
}

#[test]
fn only_strings_have_a_last_segment() {
    let generated = |kind: &str| {
        let mut model = toys();
        let shapes = &mut model["shapes"];
        shapes["example.toys#MakeToyInput"]["members"]["place"] =
            json!({ "target": "example.toys#Place" });
        shapes["example.toys#Place"] =
            json!({ "type": kind, "traits": { "attache#lastSegment": {} } });
        generate_toys(&model.to_string(), None)
    };
    let files = generated("string").expect("a string has a last segment");
    let request = files
        .iter()
        .find(|file| file.path == "src/operation/make_toy.rs")
        .expect("the operation has a file");
    let expected =
        "fn prepare(&mut self) {\n        message::keep_last_segment(&mut self.place);\n    }";
    assert!(request.text.contains(expected), "{}", request.text);
    let error = generated("integer").expect_err("an integer has none");
    assert!(
        error
            .to_string()
            .contains("trait `attache#lastSegment` belongs on strings"),
        "{error}"
    );
}

#[test]
fn a_target_prefix_is_names_with_dots_between_them() {
    for prefix in ["", "a..B", ".B", "a.B.", "a b", "a.B:", "ü"] {
        refused(
            "Toys",
            "attache#targetPrefix",
            json!(prefix),
            &format!(
                "trait `attache#targetPrefix`: `{prefix}` must be names with dots between them"
            ),
        );
    }
}

#[test]
fn a_dry_run_succeeds_with_an_error() {
    let found = message(
        "Toys",
        "attache#dryRun",
        json!({ "member": "name", "error": "example.toys#Part" }),
    );
    assert!(
        found.ends_with("trait `attache#dryRun` names `example.toys#Part`, which is not an error"),
        "{found}"
    );
}

#[test]
fn only_forms_carry_a_url_of_themselves() {
    let found = message(
        "MakeToyInput$name",
        "attache#presignedCopy",
        json!({ "url": "needed", "destination": "Region", "namesRegions": false }),
    );
    assert!(
        found.ends_with(
            "$name: trait `attache#presignedCopy` belongs on a string of an input, in awsQuery and ec2Query"
        ),
        "{found}"
    );
}

#[test]
fn a_member_gets_another_target_which_must_exist() {
    let found = message(
        "MakeToyInput$name",
        "attache#memberTarget",
        json!("smithy.api#Blob"),
    );
    assert_eq!(found, "");
    let found = message(
        "MakeToyInput$name",
        "attache#memberTarget",
        json!("a.b#Gone"),
    );
    assert!(
        found.ends_with("targets the shape `a.b#Gone`, which the model lacks"),
        "{found}"
    );
}
