//! Reading protocol suites: the models and cases of the files of a folder. Nothing is built here.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use xtask::conformance::folder::read;
use xtask::conformance::select;
use xtask::conformance::suite::{Kind, Suites};

fn suites(files: &[(&str, Value)]) -> anyhow::Result<Suites> {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    for (name, value) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("there is room");
        fs::write(path, value.to_string()).expect("there is room for a file");
    }
    read(folder.path())
}

/// A suite of C2J with one case; `text` is the shape of the only member.
fn c2j(operation: &str, text: &Value, case: &Value) -> Value {
    let mut case = case.clone();
    case["given"] = json!({
        "name": operation,
        "http": {"method": "POST", "requestUri": "/"},
        "input": {"shape": "Input"},
    });
    json!({
        "metadata": {
            "apiVersion": "1",
            "protocol": "json",
            "jsonVersion": "1.1",
            "targetPrefix": "Target",
        },
        "shapes": {
            "Input": {"type": "structure", "members": {"text": {"shape": "Text"}}},
            "Text": text,
        },
        "cases": [case],
    })
}

fn input_case(id: &str) -> Value {
    json!({"id": id, "params": {}, "serialized": {"method": "POST", "uri": "/?a=b", "body": "{}"}})
}

#[test]
fn suites_that_agree_share_a_model() {
    let string = json!({"type": "string"});
    let boolean = json!({"type": "boolean"});
    let input = json!([
        c2j("One", &string, &input_case("first")),
        c2j("Two", &string, &input_case("second")),
        c2j("Two", &boolean, &input_case("third")),
    ]);
    let suites = suites(&[("input/json.json", input)]).expect("they are suites");
    let ids: Vec<Vec<&str>> = suites
        .suites
        .iter()
        .map(|suite| {
            suite
                .cases
                .iter()
                .map(|case| case.case.id.as_str())
                .collect()
        })
        .collect();
    assert_eq!(ids, [vec!["first", "second"], vec!["third"]]);
    assert!(suites.suites.iter().all(|suite| suite.model.is_ok()));
    let case = &suites.suites[0].cases[0];
    let wanted = case.wanted.as_ref().expect("it is a case of a request");
    assert_eq!(
        (case.kind, case.protocol.as_str()),
        (Kind::C2jInput, "awsJson1_1")
    );
    assert_eq!(
        (wanted.path.as_str(), wanted.query.as_deref()),
        ("/", Some(["a=b".to_owned()].as_slice()))
    );
}

#[test]
fn cases_are_selected_by_protocol_and_by_file() {
    let string = json!({"type": "string"});
    let suite = |operation, id, protocol: &str| {
        let mut suite = c2j(operation, &string, &input_case(id));
        suite["metadata"]["protocol"] = json!(protocol);
        json!([suite])
    };
    let files = [
        ("input/ec2.json", suite("One", "first", "ec2")),
        ("input/json.json", suite("Two", "second", "json")),
        ("input/json-more.json", suite("Three", "third", "json")),
    ];
    for (names, expected) in [
        (vec![], vec!["first", "second", "third"]),
        (vec!["ec2"], vec!["first"]),
        (vec!["ec2Query"], vec!["first"]),
        (vec!["json"], vec!["second", "third"]),
        (vec!["json-more", "ec2"], vec!["first", "third"]),
    ] {
        let mut suites = suites(&files).expect("they are suites");
        select(&mut suites, &names).expect("there are such cases");
        let cases = suites.suites.iter().flat_map(|suite| &suite.cases);
        let mut ids: Vec<&str> = cases.map(|case| case.case.id.as_str()).collect();
        ids.sort_unstable();
        assert_eq!(ids, expected, "{names:?}");
    }
    let mut suites = suites(&files).expect("they are suites");
    let error = select(&mut suites, &["query"]).expect_err("there is no such case");
    assert_eq!(
        error.to_string(),
        "`--protocol query` selects no case: the folder has awsJson1_1, ec2, ec2Query, json, json-more"
    );
}

#[test]
fn cases_for_servers_are_counted_apart() {
    let test = |id: &str, applies_to: &str| {
        json!({
            "id": id,
            "protocol": "aws.protocols#awsJson1_1",
            "method": "POST",
            "uri": "/",
            "appliesTo": applies_to,
        })
    };
    let model = json!({"smithy": "2.0", "shapes": {
        "a#Service": {
            "type": "service",
            "version": "1",
            "operations": [{"target": "a#Get"}],
            "traits": {"aws.protocols#awsJson1_1": {}},
        },
        "a#Get": {"type": "operation", "traits": {
            "smithy.test#httpRequestTests": [test("ours", "client"), test("theirs", "server")],
        }},
    }});
    let suites = suites(&[("smithy/a.json", model)]).expect("it is a suite");
    assert_eq!(suites.for_servers, 1);
    assert_eq!(suites.suites[0].cases.len(), 1);
    assert_eq!(suites.suites[0].cases[0].case.id, "ours");
}

#[test]
fn what_is_no_suite_is_named() {
    for (files, problem) in [
        (vec![], "holds no suites"),
        (
            vec![("input/a.json", json!({}))],
            "a file of suites is a list",
        ),
        (
            vec![("smithy/a.json", json!({"shapes": {}}))],
            "the model holds no service shape",
        ),
    ] {
        let error = suites(&files).expect_err(problem);
        assert!(format!("{error:#}").contains(problem), "{error:#}");
    }
}
