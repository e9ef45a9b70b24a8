//! The tests that come with rule sets (`smithy.rules#endpointTests`).

use std::collections::BTreeSet;

use attache_codegen::endpoint::{Rules, contradictions, endpoint_module};
use attache_codegen::error::Error;
use attache_codegen::print;
use serde_json::{Value, json};

use crate::squeezed;

fn with_cases(cases: Value) -> Result<String, Error> {
    let rule_set = json!({
        "version": "1.0",
        "parameters": {
            "Region": {"type": "string", "builtIn": "AWS::Region"},
            "UseFIPS": {"type": "boolean", "builtIn": "AWS::UseFIPS"},
            "Bucket": {"type": "string"},
        },
        "rules": [{"type": "error", "conditions": [], "error": "no"}],
    });
    let tests = json!({"version": "1.0", "testCases": cases});
    let tokens = endpoint_module(&rule_set, Some(&tests), &BTreeSet::new())?;
    Ok(print::items(tokens).unwrap_or_else(|error| panic!("{error}")))
}

#[test]
fn cases_become_tests() {
    let text = with_cases(json!([
        {"params": {"Region": "us-east-1", "UseFIPS": true},
         "expect": {"endpoint": {"url": "https://example.com", "properties": {
             "authSchemes": [{"name": "sigv4", "signingRegion": "us-east-1"}]}}}},
        {"documentation": "No region: it's an error.", "expect": {"error": "no region"}},
        {"params": {"Region": "us-east-1", "UseFIPS": true}, "expect": {"error": "again"}},
    ]))
    .unwrap_or_else(|error| panic!("{error}"));
    for expected in [
        "use attache_runtime::plumbing::endpoint::{Endpoint, EndpointError, Parameters};",
        "fn region_us_east_1_and_use_fips() {",
        "fn region_us_east_1_and_use_fips_2() {",
        "fn no_region_it_s_an_error() {",
        "region: Some(\"us-east-1\".to_owned()),",
        "use_fips: true,",
        "Ok(Endpoint::new(\"https://example.com\").with_signing_region(\"us-east-1\"))",
        "Err(EndpointError::new(\"no region\"))",
    ] {
        assert!(
            squeezed(&text).contains(&squeezed(expected)),
            "{text}\ndoes not hold: {expected}"
        );
    }
}

#[test]
fn cases_that_a_client_cannot_come_into_are_left_out() {
    let text = with_cases(json!([
        {"params": {"Bucket": "example"},
         "expect": {"endpoint": {"url": "https://example.com"}}},
        {"expect": {"error": "no"}},
    ]))
    .unwrap_or_else(|error| panic!("{error}"));
    assert!(!text.contains("https://example.com"), "{text}");
    // What only the case that is left out needs is not imported.
    assert!(
        text.contains("use attache_runtime::plumbing::endpoint::{EndpointError, Parameters};"),
        "{text}"
    );
    let text = with_cases(json!([{"params": {"Bucket": "x"}, "expect": {"error": "no"}}]))
        .unwrap_or_else(|error| panic!("{error}"));
    assert!(!text.contains("mod tests"), "{text}");
}

#[test]
fn wrong_cases_are_refused() {
    for (case, expected) in [
        (
            json!({"params": {"Regio": "x"}, "expect": {"error": ""}}),
            "testCases[0]: the rule set has no parameter `Regio`",
        ),
        (
            json!({"params": {"Region": true}, "expect": {"error": ""}}),
            "testCases[0]: true is not of the type of `Region`",
        ),
        (json!({"expect": {"panic": ""}}), "unknown variant `panic`"),
    ] {
        let error = with_cases(json!([case])).expect_err("refused").to_string();
        assert!(
            error.starts_with("smithy.rules#endpointTests: ") && error.contains(expected),
            "{error}\ndoes not say: {expected}"
        );
    }
}

#[test]
fn what_operations_say_of_themselves_decides_and_is_tested() {
    let is = |name: &str, value: Value| {
        let function = if value.is_boolean() {
            "booleanEquals"
        } else {
            "stringEquals"
        };
        json!({"fn": function, "argv": [{"ref": name}, value]})
    };
    let set = |name: &str| json!({"fn": "isSet", "argv": [{"ref": name}]});
    let rule_set = json!({
        "version": "1.0",
        "parameters": {
            "Region": {"type": "string", "builtIn": "AWS::Region"},
            "Plane": {"type": "string", "required": true},
            "IsOAuth": {"type": "boolean"},
        },
        "rules": [
            {"type": "endpoint", "conditions": [set("IsOAuth"), is("IsOAuth", json!(true))],
             "endpoint": {"url": "https://oauth.example.com"}},
            {"type": "endpoint", "conditions": [is("Plane", json!("data"))],
             "endpoint": {"url": "https://data.example.com"}},
            {"type": "error", "conditions": [], "error": "no"},
        ],
    });
    let tests = json!({"version": "1.0", "testCases": [
        {"params": {"Plane": "data", "IsOAuth": false},
         "expect": {"endpoint": {"url": "https://data.example.com"}}},
    ]});
    let context = BTreeSet::from(["Plane".to_owned(), "IsOAuth".to_owned()]);
    let tokens = endpoint_module(&rule_set, Some(&tests), &context)
        .unwrap_or_else(|error| panic!("{error}"));
    let text = print::items(tokens).unwrap_or_else(|error| panic!("{error}"));
    for expected in [
        "let is_o_auth = parameters.context_boolean(\"IsOAuth\");",
        "let Some(plane) = parameters.context_string(\"Plane\") else {",
        "missing_parameter(\"Plane\")",
        "if plane == \"data\" {",
        "(\"IsOAuth\", ParameterValue::Boolean(false)),",
        "(\"Plane\", ParameterValue::String(\"data\".to_owned()))",
        "use attache_runtime::plumbing::endpoint::{Endpoint, ParameterValue, Parameters};",
    ] {
        assert!(
            squeezed(&text).contains(&squeezed(expected)),
            "{text}\ndoes not hold: {expected}"
        );
    }
    // A parameter that neither the client nor any operation sets would make every call fail.
    let error = endpoint_module(&rule_set, None, &BTreeSet::new())
        .expect_err("nobody sets `Plane`")
        .to_string();
    assert!(error.contains("parameters.Plane"), "{error}");
    assert!(error.contains("neither set by operations"), "{error}");
}

/// Lists, defaults, names that differ only in their case, and all that an endpoint says about signatures.
#[test]
fn rules_of_the_larger_services() {
    let arn = json!({"fn": "aws.parseArn", "argv": [{"ref": "resource"}], "assign": "resourceArn"});
    let first = json!({"fn": "getAttr", "argv": [{"ref": "Names"}, "[0]"], "assign": "resource"});
    let global = json!({"fn": "booleanEquals", "argv": [{"ref": "Global"}, true]});
    let host = json!({
        "fn": "aws.isVirtualHostableS3Bucket", "argv": [{"ref": "ResourceArn"}, true]
    });
    let schemes = json!([
        {"name": "sigv4a", "signingName": "toys", "signingRegionSet": ["*"]},
        {"name": "sigv4", "signingRegion": "{resourceArn#region}", "disableDoubleEncoding": true},
    ]);
    let rule_set = json!({
        "version": "1.0",
        "parameters": {
            "Names": {"type": "stringArray"},
            "Global": {"type": "boolean", "required": true, "default": false},
            "ResourceArn": {"type": "string", "required": true, "default": "toys"},
        },
        "rules": [
            {"type": "endpoint", "conditions": [global],
             "endpoint": {"url": "https://global.example.com"}},
            {"type": "endpoint",
             "conditions": [{"fn": "isSet", "argv": [{"ref": "Names"}]}, first, arn, host],
             "endpoint": {"url": "https://{ResourceArn}", "properties": {"authSchemes": schemes}}},
            {"type": "error", "conditions": [], "error": "no"},
        ],
    });
    let expected = json!({"endpoint": {"url": "https://toys/", "properties": {"authSchemes": [
        {"name": "sigv4a", "signingName": "toys", "signingRegionSet": ["*"]},
        {"name": "sigv4", "signingRegion": "eu-north-1", "disableDoubleEncoding": true},
    ]}}});
    let tests = json!({"version": "1.0", "testCases": [
        {"params": {"Names": ["arn:aws:toys:eu-north-1::a"]}, "expect": expected},
        {"params": {"Names": []}, "expect": {"error": "no"}},
        {"params": {"Global": true},
         "expect": {"endpoint": {"url": "https://global.example.com"}}},
    ]});
    let context = ["Names", "Global", "ResourceArn"].map(str::to_owned);
    let context = BTreeSet::from(context);
    let found = contradictions(Rules::RuleSet(&rule_set), &tests, &context);
    assert_eq!(found.unwrap_or_else(|error| panic!("{error}")), []);
    let tokens = endpoint_module(&rule_set, Some(&tests), &context)
        .unwrap_or_else(|error| panic!("{error}"));
    let text = print::items(tokens).unwrap_or_else(|error| panic!("{error}"));
    for expected in [
        "let names = parameters.context_strings(\"Names\"); let names = names.as_deref();",
        "let global = parameters.context_boolean(\"Global\").unwrap_or(false);",
        "let Some(resource_arn_2) = parse_arn(resource)",
        "is_virtual_hostable_s3_bucket(resource_arn, true)",
        "AuthScheme::new(\"sigv4a\").with_signing_name(\"toys\").with_region_of_set(\"*\")",
        ".with_signing_region(resource_arn_2.region.to_owned()).without_double_encoding()",
        "(\"Names\", ParameterValue::Strings(vec![\"arn:aws:toys:eu-north-1::a\".to_owned()]))",
    ] {
        assert!(
            squeezed(&text).contains(&squeezed(expected)),
            "{text}\ndoes not hold: {expected}"
        );
    }
}
