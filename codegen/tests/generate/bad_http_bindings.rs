//! Bad HTTP bindings: each kind gives one message that names the file, the shape and what is wrong.

use serde_json::json;

use crate::bad_input::{bound, message, refused, string};
use crate::model::{MODEL, toys};

const NAME: &str = "MakeToyInput/members/name/traits";

#[test]
fn uris_methods_and_header_names_that_are_wrong() {
    refused(
        NAME,
        json!({ "smithy.api#httpLabel": {}, "smithy.api#required": {} }),
        "example.toys#MakeToy: example.toys#MakeToyInput$name: the member is bound to a label that the URI lacks",
    );
    refused(
        "MakeToy/traits/smithy.api#http/uri",
        json!("/toys/{shape}"),
        "example.toys#MakeToy: the URI has the label `shape`, but no member is bound to it",
    );
    refused(
        "MakeToy/traits/smithy.api#http/uri",
        json!("/toys/{shape"),
        "example.toys#MakeToy: `/toys/{shape` has an unbalanced brace",
    );
    refused(
        "MakeToy/traits/smithy.api#http/method",
        json!("get it"),
        "example.toys#MakeToy: `get it` is not an HTTP method",
    );
    for (name, shown) in [
        ("X Name", "x name"),
        ("", ""),
        ("X:", "x:"),
        ("Größe", "größe"),
    ] {
        refused(
            NAME,
            json!({ "smithy.api#httpHeader": name }),
            &format!("example.toys#MakeToyInput$name: `{shown}` is not an HTTP header name"),
        );
    }
}

#[test]
fn http_bindings_that_do_not_fit() {
    refused(
        NAME,
        json!({ "smithy.api#httpHeader": "X-Name", "smithy.api#httpQuery": "name" }),
        "example.toys#MakeToy: example.toys#MakeToyInput: $name: the member has more than one HTTP binding",
    );
    let header = |name: &str| bound("smithy.api#String", "smithy.api#httpHeader", json!(name));
    refused(
        "MakeToyOutput/members",
        json!({ "one": header("X-Name"), "two": header("x-name") }),
        "example.toys#MakeToyOutput$two: the members `one` and `two` are both bound to the header `x-name`",
    );
    let payload = || bound("smithy.api#Blob", "smithy.api#httpPayload", json!({}));
    refused(
        "MakeToyInput/members",
        json!({ "one": payload(), "two": payload() }),
        "example.toys#MakeToyInput$two: a message has one payload, this member is a second",
    );
    refused(
        "MakeToyInput/members",
        json!({ "one": payload(), "two": string() }),
        "example.toys#MakeToyInput$two: the member has no HTTP binding, but `one` is the whole payload",
    );
    refused(
        "MakeToyInput/members/name",
        bound("smithy.api#Document", "smithy.api#httpQuery", json!("name")),
        "example.toys#MakeToyInput$name: a value of this type does not fit where the trait puts it",
    );
}

#[test]
fn the_members_of_errors_are_checked_as_well() {
    let mut model = toys();
    model["shapes"]["example.toys#Broken"] = json!({
        "type": "structure",
        "members": { "wait": bound("smithy.api#Integer", "smithy.api#httpHeader", json!("Retry After")) },
        "traits": { "smithy.api#error": "client" }
    });
    model["shapes"]["example.toys#Toys"]["errors"] = json!([{ "target": "example.toys#Broken" }]);
    assert_eq!(
        message(&model.to_string(), None),
        format!("{MODEL}: example.toys#Broken$wait: `retry after` is not an HTTP header name")
    );
}
