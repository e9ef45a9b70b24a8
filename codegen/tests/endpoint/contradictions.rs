//! Tests of endpoint rules that the rules do not pass: rules are evaluated here as generated code does it.

use std::collections::BTreeSet;

use attache_codegen::endpoint::{Contradiction, Rules, contradictions};
use serde_json::{Value, json};

use crate::{assign_partition, is_set, region_is, rule_set, to, use_fips};

fn check(rules: &Value, cases: Value) -> Vec<Contradiction> {
    let tests = json!({"version": "1.0", "testCases": cases});
    contradictions(Rules::RuleSet(rules), &tests, &BTreeSet::new())
        .unwrap_or_else(|error| panic!("{error}"))
}

/// What rules with one assignment and a template give for a region.
fn found(assign: Value, url: &str, region: &str) -> String {
    let rules = rule_set(json!([
        to(url, json!([is_set("Region"), assign])),
        {"type": "error", "conditions": [], "error": "nothing"},
    ]));
    let case = json!({"params": {"Region": region}, "expect": {"error": "not that"}});
    let found = check(&rules, json!([case]));
    found[0].found.clone()
}

/// The call of a function with the region and more arguments.
fn of_region(function: &str, more: &[Value]) -> Value {
    let mut arguments = vec![json!({"ref": "Region"})];
    arguments.extend_from_slice(more);
    json!({"fn": function, "argv": arguments, "assign": "Result"})
}

#[test]
fn partitions_arns_and_urls_have_the_parts_that_they_have_in_a_client() {
    for (function, url, given, expected) in [
        (
            "aws.partition",
            "{Result#name}|{Result#dnsSuffix}|{Result#dualStackDnsSuffix}|{Result#implicitGlobalRegion}",
            "cn-north-1",
            "aws-cn|amazonaws.com.cn|api.amazonwebservices.com.cn|cn-northwest-1",
        ),
        (
            "aws.parseArn",
            "{Result#partition}|{Result#service}|{Result#region}|{Result#accountId}",
            "arn:aws:s3:us-east-1:1234:a/b",
            "aws|s3|us-east-1|1234",
        ),
        (
            "aws.parseArn",
            "{Result#service}",
            "no",
            "the error `nothing`",
        ),
        (
            "parseURL",
            "{Result#scheme}|{Result#authority}|{Result#path}|{Result#normalizedPath}.",
            "https://a.b:8443/c",
            "https|a.b:8443|/c|/c/.",
        ),
    ] {
        assert_eq!(
            found(of_region(function, &[]), url, given),
            expected,
            "{function}"
        );
    }
}

#[test]
fn texts_are_changed_and_chosen_as_in_a_client() {
    let split = json!({"fn": "split", "argv": [{"ref": "Region"}, ":", 0]});
    let last = json!({"fn": "getAttr", "argv": [split, "[-1]"]});
    let is_label = json!({"fn": "isValidHostLabel", "argv": [{"ref": "Region"}, false]});
    for (assign, given, expected) in [
        (of_region("uriEncode", &[]), "a b/ä", "a%20b%2F%C3%A4"),
        (
            of_region("substring", &[json!(0), json!(3), json!(true)]),
            "abcdef",
            "def",
        ),
        (
            of_region("substring", &[json!(0), json!(30), json!(false)]),
            "abcdef",
            "the error `nothing`",
        ),
        (
            json!({"fn": "coalesce", "argv": [last, "none"], "assign": "Result"}),
            "a:b:c",
            "c",
        ),
        (
            json!({"fn": "ite", "argv": [is_label, "label", "no label"], "assign": "Result"}),
            "a.b",
            "no label",
        ),
    ] {
        assert_eq!(
            found(assign.clone(), "{Result}", given),
            expected,
            "{assign}"
        );
    }
}

#[test]
fn signatures_headers_and_errors_are_compared() {
    let scheme = |region: &str| json!({"authSchemes": [{"name": "sigv4a"}, {"name": "sigv4", "signingRegion": region}]});
    let mut first = to(
        "https://{Partition#name}.example.com",
        json!([is_set("Region"), assign_partition()]),
    );
    first["endpoint"]["properties"] = scheme("{Partition#implicitGlobalRegion}");
    first["endpoint"]["headers"] = json!({"X-Shard": ["1"]});
    let rules = rule_set(json!([first, {"type": "error", "conditions": [], "error": "no region"}]));
    let expect = |region: &str, header: &str| json!({"endpoint": {"url": "https://aws.example.com", "properties": scheme(region), "headers": {"X-Shard": [header]}}});
    let found = check(
        &rules,
        json!([
            {"params": {"Region": "eu-west-1"}, "expect": expect("us-east-1", "1")},
            {"params": {"Region": "eu-west-1", "UseFIPS": true}, "expect": expect("eu-west-1", "1")},
            {"params": {"Region": "eu-west-1", "UseFIPS": false}, "expect": expect("us-east-1", "2")},
            {"expect": {"error": "no region"}},
            {"params": {}, "expect": {"error": "another"}},
            // A client never has this parameter.
            {"params": {"Bucket": "x"}, "expect": {"error": "another"}},
        ]),
    );
    let said: Vec<String> = found.iter().map(Contradiction::to_string).collect();
    assert_eq!(
        said,
        [
            "testCases[1] (Region eu-west-1, UseFIPS) expects https://aws.example.com signed with sigv4a or with sigv4 for \
             the region eu-west-1 with the header x-shard: 1, and the rules give https://aws.example.com signed with \
             sigv4a or with sigv4 for the region us-east-1 with the header x-shard: 1",
            "testCases[2] (Region eu-west-1) expects https://aws.example.com signed with sigv4a or with sigv4 for the \
             region us-east-1 with the header x-shard: 2, and the rules give https://aws.example.com signed with sigv4a \
             or with sigv4 for the region us-east-1 with the header x-shard: 1",
            "testCases[4] (no parameters) expects the error `another`, and the rules give the error `no region`",
        ]
    );
}

#[test]
fn nested_rules_end_where_a_client_ends() {
    let rules = rule_set(json!([
        {"type": "tree", "conditions": [is_set("Region"), use_fips()], "rules": [
            to("https://fips.example.com", json!([region_is("us-east-1")])),
        ]},
        to("https://example.com", json!([])),
    ]));
    let found = check(
        &rules,
        json!([
            {"params": {"Region": "us-east-1", "UseFIPS": true}, "expect": {"endpoint": {"url": "https://fips.example.com"}}},
            {"params": {"Region": "eu-west-1", "UseFIPS": true}, "expect": {"error": "no rule matched"}},
            {"params": {"UseFIPS": true}, "expect": {"endpoint": {"url": "https://example.com"}}},
        ]),
    );
    assert_eq!(found, []);
}

#[test]
fn a_text_that_doubles_with_each_rule_has_a_limit() {
    let mut conditions = vec![is_set("Region")];
    let mut last = "Region".to_owned();
    for step in 0..40 {
        let next = format!("Text{step}");
        conditions.push(
            json!({"fn": "uriEncode", "argv": [format!("{{{last}}}{{{last}}}")], "assign": next}),
        );
        last = next;
    }
    let rules = rule_set(json!([to(
        &format!("https://{{{last}}}"),
        Value::Array(conditions)
    )]));
    let tests = json!({"version": "1.0", "testCases": [
        {"params": {"Region": "x"}, "expect": {"endpoint": {"url": "https://x"}}},
    ]});
    let error = contradictions(Rules::RuleSet(&rules), &tests, &BTreeSet::new())
        .expect_err("the text is too long");
    assert!(
        error
            .to_string()
            .contains("a text of more than 65536 bytes"),
        "{error}"
    );
}

#[test]
fn the_tests_of_our_services_agree_with_their_rules() {
    for service in ["support", "security-ir"] {
        let read = |file: &str| -> Value {
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../models/");
            let text = std::fs::read_to_string(format!("{folder}{service}/{file}"));
            serde_json::from_str(&text.expect("the file is there")).expect("JSON")
        };
        let stated = |document: &Value, id: &str| {
            let shapes = document["shapes"].as_object().expect("shapes");
            let mut traits = shapes.values().map(|shape| shape["traits"][id].clone());
            traits
                .find(|value| !value.is_null())
                .expect("the trait is there")
        };
        let rules = stated(&read("model.json"), "smithy.rules#endpointRuleSet");
        let tests = stated(&read("overlay.json"), "smithy.rules#endpointTests");
        assert!(
            tests["testCases"]
                .as_array()
                .is_some_and(|cases| cases.len() > 8)
        );
        assert_eq!(check(&rules, tests["testCases"].clone()), [], "{service}");
    }
}
