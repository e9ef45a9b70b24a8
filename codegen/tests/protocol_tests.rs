//! Cases of protocol suites as Rust: what is written for a case, and which cases are refused.

use attache_codegen::emit::{File, Manifest};
use attache_codegen::model::Service;
use attache_codegen::plan::{End, Plan};
use attache_codegen::protocol_tests::{Answer, Case, Exchange, Failure, suite_module, validate};
use attache_codegen::{Input, analyse};
use serde_json::{Value, json};

/// A service with one operation that has a member of every kind that suites write in their own way.
fn service() -> Service {
    let target = |name: &str| json!({"target": format!("smithy.api#{name}")});
    let model = json!({"smithy": "2.0", "shapes": {
        "a#Service": {
            "type": "service",
            "version": "1",
            "operations": [{"target": "a#Put"}],
            "traits": {"aws.protocols#awsJson1_0": {}},
        },
        "a#Put": {
            "type": "operation",
            "input": {"target": "a#Members"},
            "output": {"target": "a#Members"},
            "errors": [{"target": "a#Broken"}],
        },
        "a#Members": {"type": "structure", "members": {
            "blob": target("Blob"),
            "float": target("Float"),
            "long": target("Long"),
            "sparse": {"target": "a#Sparse"},
            "dense": {"target": "a#Dense"},
            "time": target("Timestamp"),
            "union": {"target": "a#Choice"},
        }},
        "a#Sparse": {"type": "list", "member": target("String"), "traits": {"smithy.api#sparse": {}}},
        "a#Dense": {"type": "map", "key": target("String"), "value": target("String")},
        "a#Choice": {"type": "union", "members": {"none": target("Unit"), "text": target("String")}},
        "a#Broken": {
            "type": "structure",
            "members": {"message": target("String")},
            "traits": {"smithy.api#error": "client"},
        },
    }});
    let manifest = manifest();
    analyse(&Input {
        model_file: "model.json",
        model: &model.to_string(),
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest,
        header: "a test",
    })
    .expect("the model is right")
}

fn plan(service: &Service) -> Plan<'_> {
    attache_codegen::plan::plan(service, End::Client).expect("the model is right")
}

fn manifest() -> Manifest {
    Manifest {
        crate_name: "a".to_owned(),
        runtime: String::new(),
        in_workspace: false,
        package: String::new(),
        has_extension: false,
        has_arbitrary: false,
        has_test_util: false,
        additions: Default::default(),
    }
}

fn case(exchange: Exchange) -> Case {
    Case {
        id: "TheCase".to_owned(),
        operation: "Put".to_owned(),
        endpoint: "https://example.com".to_owned(),
        exchange,
    }
}

fn request(params: Value) -> Case {
    case(Exchange::Request(params))
}

fn answer() -> Answer {
    Answer {
        status: 400,
        headers: vec![("x-a".to_owned(), "b".to_owned())],
        body: b"{}".to_vec(),
    }
}

/// The text of the cases without white space, in which formatting does not matter.
fn written(case: &Case) -> String {
    let client = vec![File {
        path: "src/lib.rs".to_owned(),
        text: "pub use crate::client::Client;\n".to_owned(),
    }];
    let files = suite_module(&plan(&service()), client, "suite_7", &[(7, case)]).expect("it fits");
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "src/suite_7/mod.rs",
            "src/suite_7/cases.rs",
            "src/suite_7/same.rs"
        ]
    );
    assert!(
        files[0]
            .text
            .starts_with("pub use crate::suite_7::client::Client;")
    );
    files[1].text.split_whitespace().collect()
}

#[test]
fn values_are_written_after_the_type_of_their_shape() {
    for (params, wanted) in [
        (
            json!({"blob": "text"}),
            "blob:Some(Bytes::from_static(b\"text\"))",
        ),
        (json!({"float": "NaN"}), "float:Some(f32::NAN)"),
        (
            json!({"float": "-Infinity"}),
            "float:Some(f32::NEG_INFINITY)",
        ),
        (json!({"float": 1.5}), "float:Some(1.5)"),
        (json!({"long": -3}), "long:Some(-3)"),
        (json!({"long": null}), "long:None"),
        (
            json!({"time": 1.25}),
            "time:Some(driver::time(1,250000000))",
        ),
        (
            json!({"sparse": [null, "a"]}),
            "Vec::from([None,Some(String::from(\"a\"))])",
        ),
        (
            json!({"dense": {"a": null}}),
            "dense:Some(BTreeMap::from([]))",
        ),
        (
            json!({"union": {"text": "a"}}),
            "Choice::Text(String::from(\"a\"))",
        ),
        (
            json!({"union": {"none": {}}}),
            "Choice::None(super::types::Unit{})",
        ),
    ] {
        let text = written(&request(params.clone()));
        assert!(text.contains(wanted), "{params}: {text}");
    }
}

#[test]
fn responses_and_errors_are_compared_whole() {
    let response = written(&case(Exchange::Response(answer(), json!({"long": 1}))));
    for wanted in [
        "Answer{status:400,headers:&[(\"x-a\",\"b\")],body:b\"{}\"",
        "long:Some(1)",
        "driver::compare(&wanted,&came)",
    ] {
        assert!(response.contains(wanted), "{response}");
    }
    let failure = written(&case(Exchange::Failure(
        answer(),
        Failure {
            shape: "Broken".to_owned(),
            params: json!({"message": "Hi"}),
            code: Some("Code".to_owned()),
            message: None,
        },
    )));
    for wanted in [
        "driver::fact(\"status\",Some(400),came.status())",
        "driver::fact(\"code\",Some(\"Code\"),came.code())",
        "ServiceError::Broken(came)",
        "message:Some(String::from(\"Hi\"))",
    ] {
        assert!(failure.contains(wanted), "{failure}");
    }
}

#[test]
fn cases_that_do_not_fit_their_model_are_refused() {
    let mut unknown = request(json!({}));
    unknown.operation = "Get".to_owned();
    let no_such_error = case(Exchange::Failure(
        answer(),
        Failure {
            shape: "Other".to_owned(),
            params: json!({}),
            code: None,
            message: None,
        },
    ));
    for (case, problem) in [
        (request(json!({"other": 1})), "has no member `other`"),
        (
            request(json!({"long": "1"})),
            "\"1\" is not a value of the shape",
        ),
        (request(json!({"union": {}})), "exactly one member"),
        (
            request(json!({"time": "today"})),
            "is not a value of the shape",
        ),
        (unknown, "no operation `Get`"),
        (no_such_error, "no error `Other`"),
    ] {
        let error = validate(&plan(&service()), &case)
            .expect_err(problem)
            .to_string();
        assert!(error.contains(problem), "{error}");
        assert!(error.contains("TheCase"), "{error}");
    }
}
