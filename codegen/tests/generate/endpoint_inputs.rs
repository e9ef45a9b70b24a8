//! What endpoint rules get from the configuration, and endpoints that clients refuse.

use attache_codegen::emit::File;
use serde_json::{Value, json};

use crate::model::{generate_toys, toys};

/// `toys` with rules that read one parameter.
fn toys_with_parameter(name: &str, parameter: Value) -> Value {
    let mut model = toys();
    let is_on = json!({ "fn": "booleanEquals", "argv": [{ "ref": name }, true] });
    model["shapes"]["example.toys#Toys"]["traits"]["smithy.rules#endpointRuleSet"] = json!({
        "version": "1.0",
        "parameters": { name: parameter },
        "rules": [
            to(json!([{ "fn": "isSet", "argv": [{ "ref": name }] }, is_on]), "https://on.example.com", json!({})),
            to(json!([]), "https://off.example.com", json!({})),
        ],
    });
    model
}

fn to(conditions: Value, url: &str, properties: Value) -> Value {
    let endpoint = json!({ "url": url, "properties": properties });
    json!({ "type": "endpoint", "conditions": conditions, "endpoint": endpoint })
}

fn bound(built_in: &str) -> Value {
    json!({ "type": "boolean", "builtIn": built_in, "required": true, "default": false })
}

/// The text of a file without white space.
fn text(files: &[File], path: &str) -> String {
    let file = files.iter().find(|file| file.path == path);
    file.expect("the file").text.split_whitespace().collect()
}

#[test]
fn a_built_in_of_some_services_is_read_from_the_environment() {
    let model = toys_with_parameter("Global", bound("AWS::STS::UseGlobalEndpoint"));
    let files = generate_toys(&model.to_string(), None).expect("it is generated");
    let client = text(&files, "src/client.rs");
    for part in [
        "parameter:\"Global\"",
        "variable:Some(\"AWS_STS_REGIONAL_ENDPOINTS\")",
        "settings:&[\"sts_regional_endpoints\"]",
        "words:&[(\"legacy\",true),(\"regional\",false)]",
    ] {
        assert!(client.contains(part), "{part} in {client}");
    }
    let rules = text(&files, "src/endpoint.rs");
    assert!(
        rules.contains("context_boolean(\"Global\").unwrap_or(false)"),
        "{rules}"
    );
}

/// Only where the rules have one of the built-ins that the table names beside it.
#[test]
fn a_service_may_have_its_own_setting_of_what_all_services_have() {
    for (beside, has_setting) in [
        ("AWS::S3::UseArnRegion", true),
        ("AWS::S3::Accelerate", false),
    ] {
        let mut model = toys_with_parameter("Dual", bound("AWS::UseDualStack"));
        let rules =
            &mut model["shapes"]["example.toys#Toys"]["traits"]["smithy.rules#endpointRuleSet"];
        rules["parameters"]["Other"] = bound(beside);
        let files = generate_toys(&model.to_string(), None).expect("it is generated");
        let client = text(&files, "src/client.rs");
        let setting = "parameter:\"AWS::UseDualStack\",";
        assert_eq!(client.contains(setting), has_setting, "{client}");
        let setting = "settings:&[\"s3.use_dualstack_endpoint\"]";
        assert_eq!(client.contains(setting), has_setting, "{client}");
    }
}

#[test]
fn a_setting_of_a_client_is_read_from_the_environment_if_the_table_has_it() {
    let name = "DisableS3ExpressSessionAuth";
    let mut model = toys_with_parameter(name, json!({ "type": "boolean" }));
    let traits = &mut model["shapes"]["example.toys#Toys"]["traits"];
    traits["smithy.rules#clientContextParams"] = json!({ name: { "type": "boolean" } });
    let files = generate_toys(&model.to_string(), None).expect("it is generated");
    let client = text(&files, "src/client.rs");
    let variable = "variable:Some(\"AWS_S3_DISABLE_EXPRESS_SESSION_AUTH\")";
    assert!(client.contains(variable), "{client}");
    assert!(client.contains("with_endpoint_settings"), "{client}");
}

/// Even with a default: a client cannot say whether its user set another value.
#[test]
fn a_built_in_that_is_not_known_is_refused() {
    for parameter in [
        bound("AWS::Toys::UseRobots"),
        json!({ "type": "boolean", "builtIn": "AWS::Toys::UseRobots" }),
    ] {
        let model = toys_with_parameter("Robots", parameter);
        let error = generate_toys(&model.to_string(), None).expect_err("it is not known");
        let wanted = "the endpoint rules: parameters.Robots: the built-in `AWS::Toys::UseRobots` is not known";
        assert!(error.to_string().contains(wanted), "{error}");
    }
}

/// `toys` whose only endpoint has these properties, and a test that expects them.
fn toys_with_properties(properties: &Value) -> Value {
    let mut model = toys();
    let traits = &mut model["shapes"]["example.toys#Toys"]["traits"];
    let url = "https://toys.example.com";
    traits["smithy.rules#endpointRuleSet"] = json!({
        "version": "1.0",
        "parameters": {},
        "rules": [to(json!([]), url, properties.clone())],
    });
    let endpoint = json!({ "url": url, "properties": properties });
    traits["smithy.rules#endpointTests"] =
        json!({ "version": "1.0", "testCases": [{ "expect": { "endpoint": endpoint } }] });
    model
}

#[test]
fn a_backend_of_the_rules_is_part_of_the_endpoint_and_of_its_test() {
    let model = toys_with_properties(&json!({ "backend": "Robots", "metricValues": ["O"] }));
    let files = generate_toys(&model.to_string(), None).expect("it is generated");
    let rules = text(&files, "src/endpoint.rs");
    assert_eq!(
        rules.matches(".with_backend(\"Robots\")").count(),
        2,
        "{rules}"
    );
    let model = toys_with_properties(&json!({ "backend": true }));
    let error = generate_toys(&model.to_string(), None).expect_err("it is no text");
    assert!(
        error.to_string().contains("properties: backend: "),
        "{error}"
    );
}

#[test]
fn an_overlay_names_the_backend_of_a_signing_name() {
    let schemes = json!([{ "name": "sigv4a" }, { "name": "sigv4", "signingName": "robots" }]);
    let model = toys_with_properties(&json!({ "authSchemes": schemes })).to_string();
    let overlay = |signing_name: &str| {
        let traits =
            json!({ "attache#endpointBackends": { signing_name: "Robots for the workshop" } });
        let apply = json!({ "type": "apply", "traits": traits });
        json!({ "smithy": "2.0", "shapes": { "example.toys#Toys": apply } }).to_string()
    };
    let files = generate_toys(&model, Some(&overlay("robots"))).expect("it is generated");
    let rules = text(&files, "src/endpoint.rs");
    let call = ".with_backend(\"Robotsfortheworkshop\")";
    assert_eq!(rules.matches(call).count(), 2, "{rules}");
    let error = generate_toys(&model, Some(&overlay("dolls"))).expect_err("nothing has the name");
    let wanted = "attache#endpointBackends: no endpoint of the rules is signed for `dolls`";
    assert!(error.to_string().contains(wanted), "{error}");
}

#[test]
fn a_prefix_that_the_rules_write_themselves_is_dropped() {
    for (required, prefixed) in [(true, false), (false, true)] {
        let mut model = toys();
        let shapes = &mut model["shapes"];
        shapes["example.toys#MakeToyInput"]["members"]["owner"] = json!({
            "target": "smithy.api#String",
            "traits": { "smithy.api#required": {}, "smithy.api#hostLabel": {} },
        });
        let traits = &mut shapes["example.toys#MakeToy"]["traits"];
        traits["smithy.api#endpoint"] = json!({ "hostPrefix": "{owner}." });
        traits["smithy.rules#staticContextParams"] =
            json!({ "Requiresowner": { "value": required } });
        let files = generate_toys(&model.to_string(), None).expect("it is generated");
        let operation = text(&files, "src/operation/make_toy.rs");
        assert_eq!(operation.contains("host_prefix"), prefixed, "{operation}");
    }
}
