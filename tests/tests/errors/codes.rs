//! Codes of errors: in every place and spelling that the JSON protocols know.

use std::collections::BTreeMap;

use attache_runtime::ErrorKind;
use attache_tests::sample::{Model, object, serde, wire};
use attache_tests::transport::Answers;
use serde_json::{Value, json};

use super::call;

/// The modelled errors of a service by name.
fn errors(model: &Model) -> BTreeMap<String, Value> {
    let structures = model.shapes_of_type("structure").into_iter();
    structures
        .filter(|(_, shape)| shape["traits"].get("smithy.api#error").is_some())
        .map(|(name, shape)| (name.to_owned(), shape.clone()))
        .collect()
}

/// A spelling of a code: what the header says, and a key of the body with what that says.
struct Spelling {
    header: Option<String>,
    body: Option<(&'static str, String)>,
}

fn spellings(name: &str) -> Vec<Spelling> {
    let url = "http://internal.amazon.com/coral/com.amazon.coral.validate/";
    let in_header = |code: String| Spelling {
        header: Some(code),
        body: None,
    };
    let in_body = |key: &'static str, code: String| Spelling {
        header: None,
        body: Some((key, code)),
    };
    vec![
        in_header(name.to_owned()),
        in_header(format!("{name}:{url}")),
        in_header(format!("com.amazonaws.example#{name}:{url}")),
        in_body("__type", name.to_owned()),
        in_body("__type", format!("com.amazonaws.example#{name}")),
        in_body("__type", format!("com.amazonaws.example#{name}:{url}")),
        in_body("code", name.to_owned()),
        in_body("Code", name.to_owned()),
        in_body("Code", format!("com.amazonaws.example#{name}:{url}")),
        Spelling {
            header: Some(name.to_owned()),
            body: Some(("code", "SomethingElse".to_owned())),
        },
    ]
}

#[test]
fn every_modelled_error_is_read_in_every_spelling() {
    let mut count = 0;
    for service in ["support", "security-ir"] {
        let model = Model::of(service);
        for (name, shape) in errors(&model) {
            let members = model.structure(&shape);
            let in_body = members.iter().filter(|member| !member.has("httpHeader"));
            for Spelling {
                header,
                body: in_code,
            } in spellings(&name)
            {
                let mut body = wire(in_body.clone());
                if let Some((key, code)) = &in_code {
                    body[*key] = json!(code);
                }
                let mut headers = vec![("x-amzn-requestid", "request-1".to_owned())];
                headers.extend(header.map(|code| ("x-amzn-errortype", code)));
                for member in members.iter().filter(|member| member.has("httpHeader")) {
                    assert_eq!(member.text("httpHeader"), Some("Retry-After"));
                    headers.push(("retry-after", member.plain()));
                }
                let headers: Vec<_> = headers
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                let answers = Answers::default().then(418, &headers, &body.to_string());
                let failed = call(service, &answers.config());
                assert_eq!(failed.kind, ErrorKind::Service);
                assert_eq!(failed.code.as_deref(), Some(name.as_str()));
                assert_eq!(failed.status, Some(418));
                assert_eq!(failed.request_id.as_deref(), Some("request-1"));
                assert_eq!(failed.throttled, name == "ThrottlingException", "{name}");
                let variant = failed.service.expect("it is modelled");
                assert!(variant.starts_with(&format!("{name}(")), "{variant}");
                for member in object(&serde(&members)).keys() {
                    assert!(variant.contains(&snake_case(member)), "{member}: {variant}");
                }
                assert!(
                    !variant.contains("None"),
                    "every member was there: {variant}"
                );
                count += 1;
            }
        }
    }
    assert_eq!(count, (14 + 9) * 10);
}

fn snake_case(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, letter| {
        if letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
        text
    })
}

/// Where several codes are there, the one counts that botocore takes in the protocol.
#[test]
fn of_several_codes_the_protocol_says_which_counts() {
    let body = r#"{"__type":"ns#FromType","code":"from#FromCode","Code":"FromCapital"}"#;
    let capital = r#"{"Code":"FromCapital","__type":"FromType"}"#;
    let header = [("x-amzn-errortype", "FromHeader:http://x/")];
    for (service, headers, body, code) in [
        ("support", &header[..], body, "FromType"),
        ("support", &[], r#"{"Code":"FromCapital"}"#, "FromCapital"),
        ("security-ir", &header, body, "FromHeader"),
        ("security-ir", &[], body, "FromCode"),
        ("security-ir", &[], capital, "FromCapital"),
        (
            "security-ir",
            &[],
            r#"{"code":null,"Code":"FromCapital"}"#,
            "FromCapital",
        ),
        (
            "security-ir",
            &[],
            r#"{"code":"","__type":"FromType"}"#,
            "FromType",
        ),
        ("security-ir", &[], r#"{"code":42}"#, "42"),
    ] {
        let answers = Answers::default().then(400, headers, body);
        let failed = call(service, &answers.config());
        assert_eq!(failed.code.as_deref(), Some(code), "{service} {body}");
    }
}

#[test]
fn throttling_with_a_capital_code_is_tried_again() {
    let answers = Answers::default().then(400, &[], r#"{"Code":"ThrottlingException"}"#);
    let config = answers.builder().max_attempts(2);
    let client = attache_security_ir::Client::new(&config.build().expect("nothing is missing"));
    let cases = client.list_cases().send().wait();
    assert!(cases.is_ok(), "{cases:?}");
    assert_eq!(answers.sent().len(), 2);
}
