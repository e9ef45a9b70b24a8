//! Bad input: each kind gives one message that names the file, the shape and what is wrong, and no files.

use serde_json::{Value, json};

use crate::model::{MODEL, OVERLAY, generate_selected, generate_toys, toys, toys_with};

/// Generates and gives the message, which must be one line.
pub(crate) fn message(model: &str, overlay: Option<&str>) -> String {
    let message = generate_toys(model, overlay)
        .expect_err("the model is refused")
        .to_string();
    assert!(!message.contains('\n'), "{message}");
    message
}

/// `toys` with one value set gives this message behind the file's name.
#[track_caller]
pub(crate) fn refused(pointer: &str, value: Value, expected: &str) {
    assert_eq!(
        message(&toys_with(pointer, value), None),
        format!("{MODEL}: {expected}")
    );
}

pub(crate) fn string() -> Value {
    json!({ "target": "smithy.api#String" })
}

pub(crate) fn bound(target: &str, name: &str, value: Value) -> Value {
    json!({ "target": target, "traits": { name: value } })
}

#[test]
fn the_model_to_start_from_is_fine() {
    generate_toys(&toys().to_string(), None).expect("the model is fine");
}

#[test]
fn broken_json_names_file_line_and_column() {
    assert_eq!(
        message("{\n  \"smithy\": \"2.0\",\n  \"shapes\": {,}\n}", None),
        format!("{MODEL}: not valid JSON: key must be a string at line 3 column 14")
    );
    assert_eq!(
        message(
            "{\n  \"smithy\": \"2.0\",\n  \"smithy\": \"2.0\", \"shapes\": {}}",
            None
        ),
        format!("{MODEL}: the object has the key `/smithy` twice at line 3 column 10")
    );
    let overlay = message(&toys().to_string(), Some("{ \"smithy\": "));
    assert_eq!(
        overlay,
        format!("{OVERLAY}: not valid JSON: EOF while parsing a value at line 1 column 12")
    );
}

#[test]
fn shapes_that_are_missing_or_of_an_unknown_type() {
    refused(
        "MakeToyInput/members/name/target",
        json!("example.toys#Gone"),
        "example.toys#MakeToy: example.toys#MakeToyInput: $name: targets the shape `example.toys#Gone`, which the \
         model lacks",
    );
    refused(
        "Toys/operations",
        json!([{ "target": "example.toys#Gone" }]),
        "example.toys#Gone: targets the shape `example.toys#Gone`, which the model lacks",
    );
    refused(
        "MakeToyInput/members/name/target",
        json!("smithy.api#Gone"),
        "example.toys#MakeToy: example.toys#MakeToyInput: $name: targets the shape `smithy.api#Gone`, which is not \
         in the Smithy prelude",
    );
    refused(
        "MakeToyInput/type",
        json!("struct"),
        "example.toys#MakeToyInput: malformed struct shape: unknown field `members`, there are no fields",
    );
    refused(
        "Lonely",
        json!({ "type": "strnig" }),
        "example.toys#Lonely: unknown shape type `strnig`",
    );
    refused(
        "Toys/operations",
        json!([{ "target": "example.toys#MakeToyInput" }]),
        "example.toys#MakeToyInput: is a structure, not an operation",
    );
    refused(
        "Toys/resources",
        json!([{ "target": "example.toys#MakeToy" }]),
        "example.toys#MakeToy: is a operation, not a resource",
    );
    refused(
        "Toys/errors",
        json!([{ "target": "example.toys#MakeToyOutput" }]),
        "example.toys#MakeToy: example.toys#MakeToyOutput: is listed as an error, but is not a structure with the trait \
         `smithy.api#error`",
    );
    refused(
        "MakeToyInput$gone",
        json!({ "type": "apply", "traits": { "smithy.api#required": {} } }),
        "example.toys#MakeToyInput$gone: this `apply` statement applies to nothing: the model has no such shape or member",
    );
}

#[test]
fn services_that_cannot_be_spoken_to() {
    let aws = json!({ "sdkId": "Toys" });
    refused(
        "Toys/traits",
        json!({ "aws.api#service": aws, "smithy.protocols#rpcv2Json": {} }),
        "example.toys#Toys: unknown trait `smithy.protocols#rpcv2Json`: it could change what is sent; if it does not, \
         add it to `[traits]` in models/attache.toml, such as `\"smithy.protocols#rpcv2Json\" = { ignored = \"why\" }`, \
         or `refused`",
    );
    refused(
        "Toys/traits",
        json!({ "aws.api#service": aws }),
        "example.toys#Toys: the service names no protocol; awsJson1_0, awsJson1_1, restJson1, \
         restXml, awsQuery, ec2Query and rpcv2Cbor can be generated",
    );
    refused(
        "Second",
        json!({ "type": "service", "version": "1" }),
        "the model holds more than one service: `example.toys#Second` and `example.toys#Toys`",
    );
}

#[test]
fn event_streams() {
    let mut model = toys();
    model["shapes"]["example.toys#Events"] = json!({
        "type": "union",
        "members": { "one": string() },
        "traits": { "smithy.api#streaming": {} }
    });
    model["shapes"]["example.toys#MakeToyOutput"]["members"]["events"] =
        json!({ "target": "example.toys#Events" });
    model["shapes"]["example.toys#MakeToyOutput"]["members"]["others"] =
        json!({ "target": "example.toys#Others" });
    model["shapes"]["example.toys#Others"] = model["shapes"]["example.toys#Events"].clone();
    assert_eq!(
        message(&model.to_string(), None),
        format!(
            "{MODEL}: none of the operations can be generated; `MakeToy`: `Events` and `Others` are both event streams, and \
             a message has one"
        )
    );
    model["shapes"]["example.toys#Events"]["members"]["one"] =
        json!({ "target": "example.toys#Others" });
    let members = &mut model["shapes"]["example.toys#MakeToyOutput"]["members"];
    members["others"] = string();
    assert_eq!(
        message(&model.to_string(), None),
        format!(
            "{MODEL}: none of the operations can be generated; `MakeToy`: `Others` is an event stream, and it is a part of \
             another member than the input and the output"
        )
    );
}

#[test]
fn names_that_are_one_on_the_wire() {
    refused(
        "MakeToyInput/members",
        json!({
            "one": bound("smithy.api#String", "smithy.api#jsonName", json!("same")),
            "same": string()
        }),
        "example.toys#MakeToyInput$same: the members `one` and `same` are both called `same` in JSON",
    );
    let value = |value: &str| bound("smithy.api#Unit", "smithy.api#enumValue", json!(value));
    let mut model = toys();
    model["shapes"]["example.toys#Colour"] =
        json!({ "type": "enum", "members": { "RED": value("red"), "ROUGE": value("red") } });
    model["shapes"]["example.toys#MakeToyInput"]["members"]["colour"] =
        json!({ "target": "example.toys#Colour" });
    assert_eq!(
        message(&model.to_string(), None),
        format!(
            "{MODEL}: example.toys#Colour: the members `RED` and `ROUGE` of the enum are both `red` on the wire"
        )
    );
}

#[test]
fn operations_of_one_name() {
    let mut model = toys();
    let operation = model["shapes"]["example.toys#MakeToy"].clone();
    model["shapes"]["other.toys#MakeToy"] = operation;
    model["shapes"]["example.toys#Toys"]["operations"] =
        json!([{ "target": "example.toys#MakeToy" }, { "target": "other.toys#MakeToy" }]);
    assert_eq!(
        message(&model.to_string(), None),
        format!(
            "{MODEL}: other.toys#MakeToy: the service has another operation of this name, `example.toys#MakeToy`"
        )
    );
}

#[test]
fn types_that_no_value_can_have() {
    let list = json!({ "type": "list", "member": { "target": "example.toys#Loop" } });
    let map = json!({ "type": "map", "key": string(), "value": { "target": "example.toys#Loop" } });
    for shape in [list, map] {
        let mut model: Value =
            serde_json::from_str(&toys_with("Loop", shape)).expect("the model is JSON");
        model["shapes"]["example.toys#MakeToyInput"]["members"]["name"]["target"] =
            json!("example.toys#Loop");
        assert_eq!(
            message(&model.to_string(), None),
            format!(
                "{MODEL}: example.toys#MakeToy: example.toys#MakeToyInput: $name: example.toys#Loop: \
                 example.toys#Loop: the list or map holds itself without a structure or a union in between, which no \
                 Rust type can"
            )
        );
    }
    let required = |target: &str| bound(target, "smithy.api#required", json!({}));
    let mut model = toys();
    model["shapes"]["example.toys#One"] =
        json!({ "type": "structure", "members": { "two": required("example.toys#Two") } });
    model["shapes"]["example.toys#Two"] =
        json!({ "type": "structure", "members": { "one": required("example.toys#One") } });
    model["shapes"]["example.toys#MakeToyInput"]["members"]["one"] = required("example.toys#One");
    assert_eq!(
        message(&model.to_string(), None),
        format!(
            "{MODEL}: example.toys#Two$one: the structure requires itself through this member, so that no value of \
             it can be built"
        )
    );
    for (shape, kind) in [
        (json!({ "type": "enum", "members": {} }), "enum"),
        (json!({ "type": "intEnum", "members": {} }), "intEnum"),
        (json!({ "type": "union", "members": {} }), "union"),
        (
            json!({ "type": "string", "traits": { "smithy.api#enum": [] } }),
            "string",
        ),
    ] {
        let mut model: Value =
            serde_json::from_str(&toys_with("None", shape)).expect("the model is JSON");
        model["shapes"]["example.toys#MakeToyInput"]["members"]["name"]["target"] =
            json!("example.toys#None");
        assert_eq!(
            message(&model.to_string(), None),
            format!(
                "{MODEL}: example.toys#MakeToy: example.toys#None: the {kind} has no members, so it has no values"
            )
        );
    }
}

#[test]
fn lists_that_hold_themselves_through_a_structure_are_fine() {
    let mut model = toys();
    model["shapes"]["example.toys#Tree"] = json!({
        "type": "structure",
        "members": { "children": bound("example.toys#Trees", "smithy.api#required", json!({})) }
    });
    model["shapes"]["example.toys#Trees"] =
        json!({ "type": "list", "member": { "target": "example.toys#Tree" } });
    for root in ["example.toys#Tree", "example.toys#Trees"] {
        model["shapes"]["example.toys#MakeToyInput"]["members"]["name"]["target"] = json!(root);
        generate_toys(&model.to_string(), None).expect("the model is fine");
    }
}

#[test]
fn overlays_that_say_nothing_new() {
    let mut model = toys();
    model["shapes"]["example.toys#MakeToyInput"]["members"]["name"]["traits"] =
        json!({ "smithy.api#required": {}, "smithy.api#length": { "min": 1 } });
    let statement = |place: &str, name: &str, value: Value| {
        json!({ "smithy": "2.0", "shapes": { place: { "type": "apply", "traits": { name: value } } } })
            .to_string()
    };
    let nothing =
        "this overlay statement applies to nothing: the model has no such shape or member";
    for (place, name, value, expected) in [
        (
            "example.toys#Gone",
            "smithy.api#required",
            json!({}),
            nothing,
        ),
        (
            "example.toys#MakeToyInput$gone",
            "smithy.api#required",
            json!({}),
            nothing,
        ),
        (
            "example.toys#MakeToyInput$name",
            "smithy.api#required",
            json!({}),
            "the model has the trait `smithy.api#required` itself: remove it from the overlay",
        ),
        (
            "example.toys#MakeToyInput$name",
            "smithy.api#length",
            json!({ "min": 2 }),
            "the trait `smithy.api#length` is {\"min\":1} in the model and {\"min\":2} in the overlay: \
             remove one of them",
        ),
    ] {
        let overlay = statement(place, name, value);
        assert_eq!(
            message(&model.to_string(), Some(&overlay)),
            format!("{OVERLAY}: {place}: {expected}")
        );
    }
    let again = json!({
        "smithy": "2.0",
        "shapes": { "example.toys#MakeToyInput": { "type": "structure", "members": {} } }
    });
    assert_eq!(
        message(&model.to_string(), Some(&again.to_string())),
        format!(
            "{OVERLAY}: example.toys#MakeToyInput: the overlay adds this shape, but the model has it already: use \
             `apply`"
        )
    );
}

#[test]
fn a_filter_that_names_no_operation() {
    let select =
        |name: &str| generate_selected(&toys().to_string(), None, Some(&[name.to_owned()]));
    select("MakeToy").expect("it is there");
    let error = select("BreakToy").expect_err("it is not there").to_string();
    let said = "the service has no operation `BreakToy` to select; did you mean MakeToy?";
    assert_eq!(error, format!("{MODEL}: {said}"));
}

#[test]
fn defaults_that_are_no_value_of_their_type() {
    let mut model = toys();
    model["shapes"]["example.toys#MakeToyOutput"]["members"]["size"] =
        bound("smithy.api#Byte", "smithy.api#default", json!(128));
    assert_eq!(
        message(&model.to_string(), None),
        format!(
            "{MODEL}: example.toys#MakeToyOutput$size: trait `smithy.api#default`: 128 is not a value of this type"
        )
    );
}
