//! The ways to authenticate requests: which a client gets, and which features it needs for them.

use attache_codegen::analyse;
use attache_codegen::model::{Scheme, SignatureVersion};
use serde_json::{Value, json};

use crate::model::{generate_selected, input, manifest, toys};

/// `toys` with these traits of the service and of its operation.
fn model(service: &Value, operation: &Value) -> Value {
    let mut model = toys();
    let shapes = [("Toys", service), ("MakeToy", operation)];
    for (shape, traits) in shapes {
        let of_shape = &mut model["shapes"][format!("example.toys#{shape}")]["traits"];
        if shape == "Toys" {
            let of_service = of_shape.as_object_mut().expect("traits");
            of_service.remove("aws.auth#sigv4");
        }
        for (id, value) in traits.as_object().expect("traits") {
            of_shape[id] = value.clone();
        }
    }
    model
}

fn schemes(service: &Value, operation: &Value) -> Result<Vec<Scheme>, String> {
    let manifest = manifest("attache-toys");
    let text = model(service, operation).to_string();
    let service = analyse(&input(&text, &manifest)).map_err(|error| error.to_string())?;
    Ok(service.operations[0].schemes.clone())
}

#[test]
fn the_order_is_that_of_the_operation_then_of_the_service_then_of_the_alphabet() {
    use Scheme::{Bearer, NoAuth, SigV4, SigV4a};

    let none = json!({});
    let all = json!({
        "smithy.api#httpBearerAuth": {}, "aws.auth#sigv4a": { "name": "t" }, "aws.auth#sigv4": { "name": "t" },
        "smithy.api#httpBasicAuth": {},
    });
    let mut listed = all.clone();
    listed["smithy.api#auth"] = json!([
        "aws.auth#sigv4a",
        "smithy.api#httpBasicAuth",
        "aws.auth#sigv4"
    ]);
    let own = json!({ "smithy.api#auth": ["smithy.api#httpBearerAuth", "aws.auth#sigv4"] });
    let optional = json!({ "smithy.api#optionalAuth": {} });
    let cases = [
        (&none, &none, vec![SigV4]),
        (&all, &none, vec![SigV4, SigV4a, Bearer]),
        (&listed, &none, vec![SigV4a, SigV4]),
        (&listed, &own, vec![Bearer, SigV4]),
        (&listed, &json!({ "smithy.api#auth": [] }), vec![NoAuth]),
        (&listed, &optional, vec![SigV4a, SigV4, NoAuth]),
        (
            &json!({ "smithy.api#httpBearerAuth": {} }),
            &none,
            vec![Bearer],
        ),
        (
            &listed,
            &json!({ "smithy.api#auth": ["smithy.api#noAuth", "aws.auth#sigv4"] }),
            vec![NoAuth, SigV4],
        ),
    ];
    for (service, operation, expected) in cases {
        assert_eq!(
            schemes(service, operation),
            Ok(expected),
            "{service} {operation}"
        );
    }
}

#[test]
fn one_service_has_one_name_in_signatures() {
    let service =
        json!({ "aws.auth#sigv4": { "name": "one" }, "aws.auth#sigv4a": { "name": "two" } });
    let error = schemes(&service, &json!({})).expect_err("two names");
    assert!(error.contains("differently, `one` and `two`"), "{error}");
}

/// The manifest of the crate, and its code of the operation.
fn files(service: &Value, operation: &Value, rules: Option<Value>) -> (String, String) {
    let mut model = model(service, operation);
    if let Some(rules) = rules {
        model["shapes"]["example.toys#Toys"]["traits"]["smithy.rules#endpointRuleSet"] = rules;
    }
    let files = generate_selected(&model.to_string(), None, None).expect("it is generated");
    let file = |end: &str| {
        let found = files.iter().find(|file| file.path.ends_with(end));
        found.expect("there is such a file").text.clone()
    };
    (file("Cargo.toml"), file("make_toy.rs"))
}

#[test]
fn a_client_has_the_features_of_its_schemes_and_no_others() {
    let both = json!({ "aws.auth#sigv4": { "name": "t" }, "smithy.api#httpBearerAuth": {} });
    let (manifest, code) = files(&both, &json!({}), None);
    assert!(manifest.contains("features = [\"bearer\"]"), "{manifest}");
    assert!(code.contains("const SCHEMES"), "{code}");
    assert!(
        code.contains("Scheme::SigV4") && code.contains("Scheme::Bearer"),
        "{code}"
    );
    let asymmetric = json!({ "aws.auth#sigv4a": { "name": "t" } });
    let (manifest, _) = files(&asymmetric, &json!({}), None);
    assert!(manifest.contains("features = [\"sigv4a\"]"), "{manifest}");
    // Nearly all services: nothing is written that the metadata says already.
    for operation in [json!({}), json!({ "smithy.api#auth": [] })] {
        let (manifest, code) = files(
            &json!({ "aws.auth#sigv4": { "name": "t" } }),
            &operation,
            None,
        );
        assert!(
            !manifest.contains("sigv4a") && !manifest.contains("bearer"),
            "{manifest}"
        );
        assert!(!code.contains("SCHEMES"), "{code}");
    }
}

#[test]
fn rules_that_name_a_scheme_switch_its_feature_on() {
    let rules = |scheme: &str| {
        json!({
            "version": "1.0",
            "parameters": {},
            "rules": [{ "type": "endpoint", "conditions": [], "endpoint": {
                "url": "https://toys.example.com",
                "properties": { "authSchemes": [{ "name": scheme }, { "name": "sigv4" }] },
            } }]
        })
    };
    let signed = json!({ "aws.auth#sigv4": { "name": "t" } });
    let with = |scheme| files(&signed, &json!({}), Some(rules(scheme))).0;
    assert!(with("sigv4a").contains("features = [\"sigv4a\"]"));
    assert!(!with("sigv4-other").contains("sigv4a"));
}

#[test]
fn a_service_may_want_the_signature_of_s3_and_no_other_form() {
    let generated = |version: Value| {
        let service = json!({
            "aws.auth#sigv4": { "name": "t" }, "attache#signatureVersion": version,
        });
        let manifest = manifest("attache-toys");
        let text = model(&service, &json!({})).to_string();
        let service = analyse(&input(&text, &manifest)).map_err(|error| error.to_string())?;
        Ok::<_, String>(service.signature_version)
    };
    assert_eq!(generated(json!("s3v4")), Ok(SignatureVersion::S3V4));
    let error = generated(json!("v2")).expect_err("it is not known");
    assert!(
        error.contains("`v2` is not known, only `s3v4` is"),
        "{error}"
    );
    let signed = json!({ "aws.auth#sigv4": { "name": "t" }, "attache#signatureVersion": "s3v4" });
    let (_, code) = files(&signed, &json!({}), None);
    assert!(code.contains("SignatureVersion::S3V4"), "{code}");
    // Smithy states it in the endpoint rules only.
    let usual = json!({ "aws.auth#sigv4": { "name": "t" } });
    for (encodes_once, is_s3) in [(true, true), (false, false)] {
        let rules = json!({
            "version": "1.0",
            "parameters": {},
            "rules": [{ "type": "endpoint", "conditions": [], "endpoint": {
                "url": "https://toys.example.com",
                "properties": { "authSchemes": [{ "name": "sigv4", "disableDoubleEncoding": encodes_once }] },
            } }]
        });
        let (_, code) = files(&usual, &json!({}), Some(rules));
        assert_eq!(code.contains("SignatureVersion::S3V4"), is_s3, "{code}");
    }
}
