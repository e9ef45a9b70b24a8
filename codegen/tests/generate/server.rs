//! The server half of small models: which operation a request is for, and what a server cannot have.

use attache_codegen::emit::{File, server_modules};
use attache_codegen::error::Error;
use attache_codegen::plan::{End, plan};
use attache_codegen::{Input, analyse};
use serde_json::{Value, json};

use crate::model::{MODEL, generate_toys, manifest, toys};

fn server(model: &str) -> Result<Vec<File>, Error> {
    let service = analyse(&Input {
        model_file: MODEL,
        model,
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest("attache-toys"),
        header: MODEL,
    })
    .expect("the model is fine");
    let end = End::Server {
        root: vec!["api".to_owned(), "toys".to_owned()],
    };
    server_modules(&plan(&service, end)?, MODEL)
}

fn text<'a>(files: &'a [File], path: &str) -> &'a str {
    let file = files.iter().find(|file| file.path == path);
    &file.expect("the file is there").text
}

fn operation(uri: &str, input: &str) -> Value {
    json!({
        "type": "operation",
        "input": { "target": format!("example.toys#{input}") },
        "traits": { "smithy.api#http": { "method": "GET", "uri": uri, "code": 200 } }
    })
}

fn labelled() -> Value {
    let label = json!({ "smithy.api#required": {}, "smithy.api#httpLabel": {} });
    json!({
        "type": "structure",
        "members": { "name": { "target": "smithy.api#String", "traits": label } }
    })
}

#[test]
fn literals_go_before_labels_and_greedy_labels_last() {
    let mut model = toys();
    let shapes = &mut model["shapes"];
    for (name, uri) in [
        ("AnyPath", "/{name+}"),
        ("EndOfPath", "/{name+}/end"),
        ("OneToy", "/toys/{name}"),
        ("BigToy", "/toys/{name}?size=very%20big&old"),
    ] {
        let input = format!("{name}Input");
        shapes[format!("example.toys#{name}")] = operation(uri, &input);
        shapes[format!("example.toys#{input}")] = labelled();
    }
    shapes["example.toys#AllToys"] = operation("/toys/all", "AllToysInput");
    shapes["example.toys#AllToysInput"] = json!({ "type": "structure", "members": {} });
    let names = [
        "AnyPath",
        "EndOfPath",
        "OneToy",
        "BigToy",
        "AllToys",
        "MakeToy",
    ];
    shapes["example.toys#Toys"]["operations"] = names
        .iter()
        .map(|name| json!({ "target": format!("example.toys#{name}") }))
        .collect();

    let files = server(&model.to_string()).expect("a server can have all of it");
    // In this order, however they are broken into lines.
    let squeezed = |code: &str| {
        let code = code.replace(['{', '}', ' ', '\n'], "");
        code.replace(",]", "]").replace(",)", ")")
    };
    let module = squeezed(text(&files, "mod.rs"));
    assert_eq!(module.matches("])=>Operation::").count(), 5, "{module}");
    let mut rest = module.as_str();
    for arm in [
        "(\"GET\", [\"toys\", \"all\"]) => Operation::AllToys",
        "(\"GET\", [\"toys\", _]) if message.has_query_literal(\"size=very%20big\") && message.has_query_literal(\"old\") => Operation::BigToy",
        "(\"GET\", [\"toys\", _]) => Operation::OneToy",
        "(\"POST\", [\"toys\"]) => Operation::MakeToy",
        "(\"GET\", [_, .., \"end\"]) => Operation::EndOfPath",
        "(\"GET\", [_, ..]) => Operation::AnyPath",
    ] {
        let found = rest.split_once(&squeezed(arm));
        rest = found.unwrap_or_else(|| panic!("{arm} in {rest}")).1;
    }
    let decode = |file: &str, call: &str| {
        let text = text(&files, &format!("operation/{file}.rs"));
        assert!(text.contains(&format!("message.{call}?")), "{text}");
    };
    decode("one_toy", "label(\"name\", 1)");
    decode("any_path", "greedy_label(\"name\", 0, 0)");
    decode("end_of_path", "greedy_label(\"name\", 0, 1)");
}

#[test]
fn a_request_may_lack_what_a_response_must_have() {
    let mut model = toys();
    let required = json!({ "smithy.api#required": {} });
    model["shapes"]["example.toys#MakeToyInput"]["members"]["name"]["traits"] = required.clone();
    model["shapes"]["example.toys#MakeToyOutput"]["members"]["id"]["traits"] = required;
    let files = server(&model.to_string()).expect("the model is fine");
    let operation = text(&files, "operation/make_toy.rs");
    assert!(
        operation.contains("pub name: Option<String>,"),
        "{operation}"
    );
    assert!(operation.contains("pub id: String,"), "{operation}");
    assert!(operation.contains("validator.required(path, self.name.is_some(), validator::MODEL);"));
    // Serialization is no feature of a server.
    assert!(!operation.contains("feature"), "{operation}");
}

#[test]
fn an_error_is_described_with_the_members_that_it_must_have() {
    let mut model = toys();
    let shapes = &mut model["shapes"];
    let required = json!({ "smithy.api#required": {} });
    let member = |target: &str| json!({ "target": target, "traits": required });
    shapes["example.toys#Place"] = json!({
        "type": "structure",
        "members": {
            "shelf": member("smithy.api#Integer"),
            "note": { "target": "smithy.api#String" }
        }
    });
    shapes["example.toys#Reason"] = json!({
        "type": "enum",
        "members": { "LOST": { "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": "lost" } } }
    });
    shapes["example.toys#ToyGone"] = json!({
        "type": "structure",
        "members": {
            "Message": member("smithy.api#String"),
            "since": member("smithy.api#Timestamp"),
            "place": member("example.toys#Place"),
            "reason": member("example.toys#Reason"),
            "note": { "target": "smithy.api#String" }
        },
        "traits": { "smithy.api#error": "client", "smithy.api#httpError": 410 }
    });
    shapes["example.toys#MakeToy"]["errors"] = json!([{ "target": "example.toys#ToyGone" }]);
    let files = server(&model.to_string()).expect("a server can have all of it");
    let module: String = text(&files, "mod.rs").split_whitespace().collect();
    for expected in [
        r#"code:"ToyGone",shape:"example.toys#ToyGone",status:410,is_server_fault:false,query_code:None,message:"Message""#,
        r#"("since","0")"#,
        r#"("place","{\"shelf\":0}")"#,
        r#"("reason","\"lost\"")"#,
        r#"Self::MakeToy=>&["ToyGone"]"#,
    ] {
        assert!(module.contains(expected), "{expected} in {module}");
    }
    assert!(!module.contains("\"note\""), "{module}");
}

#[track_caller]
fn refused(model: &Value, expected: &str) {
    let error = server(&model.to_string()).expect_err("a server cannot have it");
    assert!(error.to_string().ends_with(expected), "{error}");
}

#[test]
fn what_a_server_cannot_have_is_named() {
    let http = json!({ "method": "POST", "uri": "/toy-{name}", "code": 200 });
    let mut model = toys();
    model["shapes"]["example.toys#MakeToy"]["traits"]["smithy.api#http"] = http;
    model["shapes"]["example.toys#MakeToyInput"] = labelled();
    refused(
        &model,
        "example.toys#MakeToy: a server cannot have a path segment that is only partly a label",
    );
    let headers = json!({ "smithy.api#httpQueryParams": {} });
    let mut model = toys();
    let shapes = &mut model["shapes"];
    shapes["example.toys#Texts"] = json!({
        "type": "map",
        "key": { "target": "smithy.api#String" },
        "value": { "target": "smithy.api#String" }
    });
    let member = json!({ "target": "example.toys#Texts", "traits": headers });
    shapes["example.toys#MakeToyInput"]["members"]["more"] = member;
    refused(
        &model,
        "example.toys#MakeToyInput$more: a server cannot have maps in the query yet",
    );
}

#[test]
fn a_target_with_dots_is_sent_whole_and_read_in_both_forms() {
    let mut model = toys();
    let traits = &mut model["shapes"]["example.toys#Toys"]["traits"];
    *traits = json!({
        "aws.api#service": { "sdkId": "Toys" },
        "aws.auth#sigv4": { "name": "toys" },
        "aws.protocols#awsJson1_1": {},
        "attache#targetPrefix": "com.toys.v1.Toys"
    });
    let model = model.to_string();
    let client = generate_toys(&model, None).expect("a client can be generated");
    let sent = text(&client, "src/operation/make_toy.rs");
    assert!(sent.contains("\"com.toys.v1.Toys.MakeToy\""), "{sent}");

    let files = server(&model).expect("a server can be generated");
    let module = text(&files, "mod.rs");
    let words: String = module.split_whitespace().collect();
    let both = "name.strip_prefix(\"com.toys.v1.Toys.\").or_else(||name.strip_prefix(\"Toys.\"))";
    assert!(words.contains(both), "{module}");
}
