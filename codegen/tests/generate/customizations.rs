//! What clients do beyond the traits of Smithy: which models say so, and what is printed for it.

use serde_json::{Value, json};

use crate::model::{generate_toys, toys};

/// The file of `MakeToy` in restXml, or the error, where the members and traits are these.
fn printed(members: Value, traits: Value, of_service: Value) -> Result<String, String> {
    let mut model = toys();
    let shapes = &mut model["shapes"];
    shapes["example.toys#MakeToyInput"]["members"] = members;
    shapes["example.toys#Thing"] = json!({
        "type": "structure",
        "members": { "key": { "target": "smithy.api#String" }, "size": { "target": "smithy.api#Long" } }
    });
    shapes["example.toys#Things"] =
        json!({ "type": "list", "member": { "target": "example.toys#Thing" } });
    shapes["example.toys#MakeToyOutput"]["members"] = json!({
        "id": { "target": "smithy.api#String" },
        "form": { "target": "smithy.api#String" },
        "next": { "target": "smithy.api#String" },
        "things": { "target": "example.toys#Things" }
    });
    let mut merge = |shape: &str, more: Value| {
        let place = shapes[format!("example.toys#{shape}")]["traits"].as_object_mut();
        let more = more.as_object().cloned().unwrap_or_default();
        place.expect("it has traits").extend(more);
    };
    merge("MakeToy", traits);
    merge("Toys", of_service);
    match generate_toys(&model.to_string(), None) {
        Ok(files) => {
            let file = files
                .into_iter()
                .find(|file| file.path.ends_with("make_toy.rs"));
            let text = file.expect("it is printed").text;
            Ok(text.split_whitespace().collect::<Vec<_>>().concat())
        }
        Err(error) => Err(error.to_string()),
    }
}

/// Whether a text without white space has this part.
fn contains(file: &str, part: &str) -> bool {
    let part: Vec<&str> = part.split_whitespace().collect();
    file.contains(&part.concat())
}

fn text(traits: Value) -> Value {
    json!({ "target": "smithy.api#String", "traits": traits })
}

#[test]
fn a_form_is_of_an_optional_text_of_an_input() {
    let source = text(json!({ "attache#percentEncoded": { "except": "?v=" } }));
    let key = text(json!({ "attache#keyWithMd5": "digest" }));
    let members = json!({ "source": source, "key": key, "digest": text(json!({})) });
    let file = printed(members, json!({}), json!({})).expect("the model is fine");
    for expected in [
        "text_forms::percent_encode(&mut self.source, \"?v=\");",
        "text_forms::key_with_md5(&mut self.key, &mut self.digest",
        "fn encode(mut self)",
    ] {
        assert!(contains(&file, expected), "{expected}: {file}");
    }
    for (members, expected) in [
        (
            json!({ "key": text(json!({ "attache#keyWithMd5": "other" })) }),
            "`other` must be a member of the input that is a string",
        ),
        (
            json!({ "size": { "target": "smithy.api#Integer", "traits": { "attache#keyWithMd5": "size" } } }),
            "`size` must be a member of the input that is a string",
        ),
        (
            json!({ "source": text(json!({ "attache#percentEncoded": {} })) }),
            "attache#percentEncoded",
        ),
    ] {
        let refused = printed(members, json!({}), json!({})).expect_err(expected);
        assert!(refused.contains(expected), "{refused}");
    }
}

#[test]
fn a_form_outside_of_an_input_is_refused() {
    let mut model = toys();
    model["shapes"]["example.toys#MakeToyOutput"]["members"]["id"] =
        text(json!({ "attache#percentEncoded": { "except": "" } }));
    let refused = generate_toys(&model.to_string(), None).expect_err("it would be ignored");
    assert!(
        refused
            .to_string()
            .ends_with("trait `attache#percentEncoded` belongs on members of inputs"),
        "{refused}"
    );
}

#[test]
fn encoded_texts_are_texts_of_the_output() {
    let members = json!({ "form": text(json!({})) });
    let texts = |texts: &[&str]| {
        let value = json!({ "member": "form", "value": "url", "texts": texts });
        printed(
            members.clone(),
            json!({ "attache#urlTexts": value }),
            json!({}),
        )
    };
    let file = texts(&["id", "things[].key"]).expect("the model is fine");
    for expected in [
        "let asks_for_encoding = self.form.is_none();",
        "request.decodes_texts();",
        "response.decodes_texts()",
        "text_forms::url_decode(&mut output.id);",
        "text_forms::url_decode(&mut element.key);",
    ] {
        assert!(contains(&file, expected), "{expected}: {file}");
    }
    for (path, expected) in [
        ("other", "has no member `other`"),
        ("things[].size", "`things[].size` must be a text"),
        ("things", "`things` must be a text"),
    ] {
        let refused = texts(&[path]).expect_err(expected);
        assert!(refused.contains(expected), "{refused}");
    }
    let traits = json!({ "attache#urlTexts": { "member": "none", "value": "url", "texts": [] } });
    let refused = printed(members.clone(), traits, json!({})).expect_err("there is no such member");
    assert!(
        refused.contains("the input and the output must have the member `none`"),
        "{refused}"
    );
}

#[test]
fn the_method_says_what_may_be_repeated() {
    for (method, methods, read_only, idempotent) in [
        ("GET", json!([]), true, false),
        ("HEAD", json!([]), true, false),
        ("PUT", json!([]), false, false),
        ("PUT", json!(["PUT", "DELETE"]), false, true),
        ("DELETE", json!(["PUT", "DELETE"]), false, true),
        ("POST", json!(["PUT", "DELETE"]), false, false),
    ] {
        let traits = json!({ "smithy.api#http": { "method": method, "uri": "/toys" } });
        let members = json!({ "name": text(json!({ "smithy.api#httpQuery": "name" })) });
        let service = json!({ "attache#idempotentMethods": methods });
        let file = printed(members, traits, service).expect("the model is fine");
        assert!(
            contains(&file, &format!("read_only: {read_only}")),
            "{method}: {file}"
        );
        assert!(
            contains(&file, &format!("idempotent: {idempotent}")),
            "{method}: {file}"
        );
    }
}

#[test]
fn a_token_may_have_an_alternative_in_the_last_element() {
    let members = json!({ "name": text(json!({})) });
    let pages = |token: &str| {
        let value = json!({ "inputToken": "name", "outputToken": token, "items": ["things"] });
        printed(
            members.clone(),
            json!({ "attache#paginated": value }),
            json!({}),
        )
    };
    let file = pages("next || things[-1].key").expect("the model is fine");
    for expected in [
        "response.next.as_deref(), ||",
        "expression::element(response.things.as_ref(), -1)",
        ".filter(|token| !token.is_empty())",
    ] {
        assert!(contains(&file, expected), "{expected}: {file}");
    }
    // What cannot be followed has no stream of pages.
    for token in ["next || things[].key", "next || things[-1].size"] {
        let file = pages(token).expect("the model is fine");
        assert!(!file.contains("Paginated"), "{token}: {file}");
    }
}
