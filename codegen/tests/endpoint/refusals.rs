//! Rule sets that are refused, and their errors.

use std::collections::BTreeSet;

use attache_codegen::endpoint::endpoint_module;
use serde_json::{Value, json};

use crate::{assign_partition, is_set, rule_set, to, with_conditions};

#[track_caller]
fn assert_refused(rule_set: &Value, expected: &str) {
    let error = match endpoint_module(rule_set, None, &BTreeSet::new()) {
        Ok(tokens) => panic!("accepted: {tokens}"),
        Err(error) => error.to_string(),
    };
    assert!(
        error.starts_with("smithy.rules#endpointRuleSet: ") && error.contains(expected),
        "{error}\ndoes not say: {expected}"
    );
}

#[test]
fn wrong_types_are_refused() {
    for (condition, expected) in [
        (
            json!({"fn": "booleanEquals", "argv": [{"ref": "Region"}, true]}),
            "rules[0]: conditions[0]: booleanEquals: \
             an argument must be of type boolean, not option<string>",
        ),
        (
            json!({"fn": "aws.partition", "argv": [{"fn": "substring", "argv": ["{UseFIPS}", 0, 1, false]}]}),
            "template `{UseFIPS}`: `UseFIPS` is of type boolean",
        ),
        (
            json!({"fn": "stringEquals", "argv": ["{UseFIPS}", "x"]}),
            "template `{UseFIPS}`: `UseFIPS` is of type boolean, and only a string can be filled in",
        ),
        (
            json!({"fn": "stringEquals", "argv": ["{Region}", "x"]}),
            "template `{Region}`: `Region` may be absent (type option<string>)",
        ),
        (
            json!({"fn": "not", "argv": []}),
            "not: an argument is missing",
        ),
        (
            json!({"fn": "not", "argv": [true, true]}),
            "not: there are too many arguments",
        ),
        (
            json!({"fn": "getAttr", "argv": [{"fn": "aws.partition", "argv": ["x"]}, "sufix"]}),
            "getAttr: Partition has no attribute `sufix`",
        ),
        (
            json!({"fn": "getAttr", "argv": [{"fn": "parseURL", "argv": ["x"]}, "scheme"]}),
            "`scheme` is read from a value that may be absent (type option<URL>)",
        ),
        (
            json!({"fn": "ite", "argv": [{"ref": "UseFIPS"}, "x", true]}),
            "ite: the values to choose from must have one type, not string and boolean",
        ),
        (
            json!({"fn": "ite", "argv": [
                {"ref": "UseFIPS"}, "x", {"fn": "uriEncode", "argv": ["y"]},
            ]}),
            "ite: a computed value to choose from is not supported",
        ),
        (
            json!({"fn": "substring", "argv": ["x", -1, 2, false]}),
            "an index or limit must not be negative",
        ),
    ] {
        assert_refused(&with_conditions(json!([condition])), expected);
    }
    let rules = json!([{"type": "error", "conditions": [], "error": {"ref": "UseFIPS"}}]);
    assert_refused(
        &rule_set(rules),
        "rules[0]: error: a string is needed, not boolean",
    );
}

#[test]
fn unknown_names_are_refused() {
    for (condition, expected) in [
        (
            json!({"fn": "aws.region", "argv": []}),
            "rules[0]: conditions[0]: aws.region: unknown function",
        ),
        (
            is_set("Regio"),
            "conditions[0]: isSet argv[0]: `Regio` is neither a parameter nor a variable in scope \
             (in scope: Bucket, Endpoint, Region, UseFIPS)",
        ),
        (
            json!({"fn": "uriEncode", "argv": ["x"], "assign": "Region"}),
            "assign Region: the name `Region` is already taken",
        ),
        (
            json!({"fn": "parseURL", "argv": ["https://x"], "assign": "a b"}),
            "`a b` is not an identifier",
        ),
        (
            json!({"fn": "isSet", "argv": [{"ref": "Region", "or": 1}]}),
            "unknown field `or`",
        ),
        (
            json!({"fn": "isSet", "argv": [null]}),
            "null is neither a literal",
        ),
    ] {
        assert_refused(&with_conditions(json!([condition])), expected);
    }
}

#[test]
fn a_variable_ends_with_its_rule() {
    let rules = json!([
        to(
            "https://{Partition#dnsSuffix}",
            json!([is_set("Region"), assign_partition()])
        ),
        to("https://{Partition#dnsSuffix}", json!([])),
    ]);
    assert_refused(
        &rule_set(rules),
        "rules[1]: endpoint: url: template `https://{Partition#dnsSuffix}`: `Partition` is neither",
    );
}

#[test]
fn wrong_templates_are_refused() {
    for (url, expected) in [
        ("https://{Region", "`{` without `}`"),
        ("https://Region}", "`}` without `{`"),
        ("https://{}", "`{}` names no value"),
        ("https://{#name}", "`{#name}` names no value"),
        ("https://{Region#}", "`{Region#}` names no value"),
    ] {
        let rules = json!([to(url, json!([is_set("Region")]))]);
        let expected = format!("rules[0]: endpoint: url: template `{url}`: {expected}");
        assert_refused(&rule_set(rules), &expected);
    }
}

#[test]
fn wrong_documents_are_refused() {
    let endpoint = |properties: Value| {
        let endpoint = json!({"url": "https://x", "properties": properties});
        rule_set(json!([{"type": "endpoint", "conditions": [], "endpoint": endpoint}]))
    };
    for (document, expected) in [
        (rule_set(json!([])), "a list of rules must not be empty"),
        (
            rule_set(json!([{"type": "switch"}])),
            "rules[0]: unknown variant `switch`",
        ),
        (
            rule_set(json!([{"type": "tree", "conditions": [], "rules": [
                {"type": "error", "conditions": [], "error": "x", "retry": true},
            ]}])),
            "rules[0]: rules[0]: unknown field `retry`",
        ),
        (
            endpoint(json!({"proxy": "y"})),
            "endpoint: properties: property `proxy` is not known",
        ),
        (
            endpoint(json!({"authSchemes": [{"name": "sigv4", "signingKey": "x"}]})),
            "endpoint: properties: authSchemes: unknown field `signingKey`",
        ),
        (
            json!({"version": "2.0", "parameters": {}, "rules": []}),
            "version 2.0 of the rules engine is not supported; supported are 1.0 and 1.1",
        ),
    ] {
        assert_refused(&document, expected);
    }
}

#[test]
fn wrong_parameters_are_refused() {
    for (parameter, expected) in [
        (
            json!({"type": "number"}),
            "type `number` is none of `string`, `boolean`, `stringArray`",
        ),
        (
            json!({"type": "boolean", "builtIn": "AWS::Region"}),
            "a built-in of type string has the type boolean here",
        ),
        (
            json!({"type": "string", "required": true}),
            "the parameter is required, has no default",
        ),
        (
            json!({"type": "string", "required": true, "default": true}),
            "the default true is not of type string",
        ),
        (
            json!({"type": "boolean", "builtIn": "AWS::UseFIPS", "default": true}),
            "a default of `true` is not supported",
        ),
        (
            json!({"type": "string", "deflt": "x"}),
            "unknown field `deflt`",
        ),
    ] {
        let rule_set = json!({
            "version": "1.0",
            "parameters": {"Name": parameter},
            "rules": [to("https://example.com", json!([]))],
        });
        assert_refused(&rule_set, expected);
    }
}
