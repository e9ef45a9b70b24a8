//! What rules become in Rust.

use std::collections::BTreeSet;

use attache_codegen::endpoint::{endpoint_module, fallback_module};
use attache_codegen::print;
use serde_json::{Value, json};

use crate::{assign_partition, is_set, region_is, rule_set, to, use_fips, with_conditions};

#[track_caller]
fn text(rule_set: &Value) -> String {
    let tokens =
        endpoint_module(rule_set, None, &BTreeSet::new()).unwrap_or_else(|error| panic!("{error}"));
    print::items(tokens).unwrap_or_else(|error| panic!("{error}"))
}

/// The body of `resolve`, without the lines that read parameters.
#[track_caller]
fn body(rule_set: &Value) -> String {
    let text = text(rule_set);
    let start = text.find("fn resolve(").expect("a function `resolve`");
    let lines = text[start..].lines().skip(1);
    let lines = lines.take_while(|line| *line != "}");
    let lines = lines.filter(|line| !line.contains("= parameters."));
    lines.map(|line| format!("{line}\n")).collect()
}

/// These statements as they are printed in a function.
fn printed(statements: &str) -> String {
    let function = format!("fn f() {{ {statements} }}");
    let tokens = function.parse().expect("tokens");
    let text = print::items(tokens).unwrap_or_else(|error| panic!("{error}"));
    let body = text
        .strip_prefix("fn f() {\n")
        .and_then(|rest| rest.strip_suffix("}\n"));
    body.expect("a function of several lines").to_owned()
}

#[test]
fn rules_become_plain_rust() {
    let rules = json!([
        {"type": "tree", "conditions": [is_set("Endpoint")], "rules": [
            {"type": "error", "conditions": [use_fips()], "error": "no FIPS at {Endpoint}"},
            {"type": "endpoint", "conditions": [], "endpoint": {"url": {"ref": "Endpoint"}}},
        ]},
        {"type": "endpoint", "conditions": [is_set("Region"), assign_partition(), use_fips()],
         "endpoint": {
            "url": "https://example-fips.{Region}.{Partition#dnsSuffix}",
            "properties": {"authSchemes": [
                {"name": "sigv4a", "signingName": "other"},
                {"name": "sigv4", "signingName": "example", "signingRegion": "{Region}"},
            ]},
            "headers": {"X-Partition": ["{Partition#name}", "constant"]},
         }},
    ]);
    assert_eq!(
        body(&rule_set(rules)),
        printed(
            r#"if let Some(endpoint) = endpoint {
    if use_fips {
        return Err(EndpointError::new(format!("no FIPS at {endpoint}")));
    }
    return Ok(Endpoint::new(endpoint));
}
if let Some(region) = region {
    let partition_value = partition(region);
    if use_fips {
        return Ok(Endpoint::new(format!(
            "https://example-fips.{region}.{}",
            partition_value.dns_suffix
        ))
        .with_auth_scheme(AuthScheme::new("sigv4a").with_signing_name("other"))
        .with_auth_scheme(
            AuthScheme::new("sigv4")
                .with_signing_name("example")
                .with_signing_region(region.to_owned()),
        )
        .with_header("x-partition", partition_value.name.to_owned())
        .with_header("x-partition", "constant"));
    }
}
Err(EndpointError::no_rule_matched())
"#
        )
    );
}

#[test]
fn rules_that_cannot_be_reached_are_left_out() {
    let rules = json!([
        to("https://{Bucket}.example.com", json!([is_set("Bucket")])),
        to("https://fips.example.com", json!([is_set("UseFIPS"), use_fips()])),
        // UseFIPS is known to be off here.
        {"type": "error", "conditions": [use_fips()], "error": "cannot happen"},
        to("https://example.com", json!([{"fn": "not", "argv": [is_set("Bucket")]}])),
        {"type": "error", "conditions": [], "error": "cannot happen either"},
    ]);
    let rule_set = rule_set(rules);
    assert_eq!(
        body(&rule_set),
        printed(
            r#"if use_fips {
    return Ok(Endpoint::new("https://fips.example.com"));
}
Ok(Endpoint::new("https://example.com"))
"#
        )
    );
    let text = text(&rule_set);
    assert!(
        text.contains("than the default of `Bucket` are left out"),
        "{text}"
    );
    assert_eq!(
        body(&with_conditions(json!([is_set("Bucket")]))),
        "    Err(EndpointError::no_rule_matched())\n"
    );
}

#[test]
fn functions_become_their_counterparts() {
    for (condition, expected) in [
        (
            json!({"fn": "isValidHostLabel", "argv": [{"ref": "Endpoint"}, false]}),
            "is_valid_host_label(endpoint, false)",
        ),
        (
            json!({"fn": "not", "argv": [
                {"fn": "stringEquals", "argv": ["a", {"ref": "Endpoint"}]},
            ]}),
            "endpoint != \"a\"",
        ),
        (
            json!({"fn": "not", "argv": [
                {"fn": "stringEquals", "argv": [{"ref": "Endpoint"}, ""]},
            ]}),
            "!endpoint.is_empty()",
        ),
        (
            json!({"fn": "substring", "argv": [{"ref": "Endpoint"}, 0, 4, true]}),
            "substring(endpoint, 0, 4, true).is_some()",
        ),
        (
            json!({"fn": "aws.parseArn", "argv": [{"ref": "Endpoint"}]}),
            "parse_arn(endpoint).is_some()",
        ),
        (
            json!({"fn": "stringEquals", "argv": [
                {"fn": "ite", "argv": [{"ref": "UseFIPS"}, "-fips", ""]}, {"ref": "Endpoint"},
            ]}),
            "(if use_fips { \"-fips\" } else { \"\" }) == endpoint",
        ),
        (
            json!({"fn": "stringEquals", "argv": [
                {"fn": "coalesce", "argv": [{"ref": "Bucket"}, {"ref": "Region"}, "us-east-1"]},
                "x",
            ]}),
            "region.unwrap_or(\"us-east-1\") == \"x\"",
        ),
        (
            json!({"fn": "getAttr", "argv": [
                {"fn": "split", "argv": [{"ref": "Endpoint"}, "--", 0]}, "[-2]",
            ]}),
            "split(endpoint, \"--\", 0).iter().nth_back(1).copied().is_some()",
        ),
        (
            json!({"fn": "stringEquals", "argv": [
                {"fn": "uriEncode", "argv": ["{Endpoint}/x"]}, "y",
            ]}),
            "uri_encode(&format!(\"{endpoint}/x\")) == \"y\"",
        ),
    ] {
        let text = text(&with_conditions(json!([is_set("Endpoint"), condition])));
        let words: Vec<&str> = text.split_whitespace().collect();
        let line = words.join(" ").replace(" .", ".");
        assert!(line.contains(expected), "{text}\ndoes not hold: {expected}");
    }
}

#[test]
fn variables_of_computed_values_borrow_them() {
    let conditions = json!([
        is_set("Endpoint"),
        {"fn": "parseURL", "argv": [{"ref": "Endpoint"}], "assign": "url"},
        {"fn": "getAttr", "argv": [{"ref": "url"}, "isIp"]},
        {"fn": "uriEncode", "argv": [{"ref": "Endpoint"}], "assign": "Encoded"},
        {"fn": "split", "argv": [{"ref": "Encoded"}, "-", 0], "assign": "Parts"},
        {"fn": "getAttr", "argv": [{"ref": "Parts"}, "[1]"], "assign": "Second"},
    ]);
    let url = "https://{Second}.{Encoded}{url#normalizedPath}";
    assert_eq!(
        body(&rule_set(json!([to(url, conditions)]))),
        printed(
            r#"if let Some(endpoint) = endpoint
    && let Some(url) = parse_url(endpoint)
    && url.is_ip
{
    let encoded: &str = &uri_encode(endpoint);
    let parts: &[&str] = &split(encoded, "-", 0);
    if let Some(second) = parts.get(1).copied() {
        return Ok(Endpoint::new(format!(
            "https://{second}.{encoded}{}",
            url.normalized_path()
        )));
    }
}
Err(EndpointError::no_rule_matched())
"#
        )
    );
}

#[test]
fn parameters_are_taken_as_they_are_declared() {
    for (declared, expected) in [
        (
            json!({"required": false}),
            "let region = parameters.region.as_deref();",
        ),
        (
            json!({"required": true, "default": "us-east-1"}),
            "let region = parameters.region.as_deref().unwrap_or(\"us-east-1\");",
        ),
        (
            json!({"required": true}),
            "return Err(EndpointError::missing_parameter(\"Region\"));",
        ),
    ] {
        let mut parameter = declared;
        parameter["type"] = json!("String");
        parameter["builtIn"] = json!("AWS::Region");
        let rule_set = json!({
            "version": "1.1",
            "parameters": {"Region": parameter},
            "rules": [to("https://{Region}.example.com", json!([is_set("Region")]))],
        });
        let text = text(&rule_set);
        assert!(text.contains(expected), "{text}\ndoes not hold: {expected}");
    }
}

#[test]
fn doubled_braces_are_braces() {
    let rules = json!([to("https://{{literal}}", json!([]))]);
    assert_eq!(
        body(&rule_set(rules)),
        "    Ok(Endpoint::new(\"https://{literal}\"))\n"
    );
}

#[test]
fn long_rule_trees_are_split_into_functions() {
    let leaf = |index: usize| {
        let condition = region_is(&format!("value-{index}"));
        to("https://{Region}.example.com", json!([condition]))
    };
    let leaves: Vec<Value> = (0..6).map(leaf).collect();
    let tree = |index: usize| {
        let conditions = json!([is_set("Region"), region_is(&format!("tree-{index}"))]);
        json!({"type": "tree", "conditions": conditions, "rules": leaves})
    };
    let trees: Vec<Value> = (0..5).map(tree).collect();
    let text = text(&rule_set(json!(trees)));
    let functions = text.split("\n}\n");
    let longest = functions.map(|function| function.lines().count()).max();
    assert!(longest < Some(70), "{text}");
    let signature = "fn with_region_and_tree_4(region: &str) -> Result<Endpoint, EndpointError> {";
    assert!(text.contains(signature), "{text}");
}

#[test]
fn the_same_rules_give_the_same_text() {
    let conditions = json!([is_set("Region"), assign_partition(), use_fips()]);
    let rules = rule_set(json!([to("https://{Partition#name}", conditions)]));
    let first = text(&rules);
    for _ in 0..10 {
        assert_eq!(text(&rules), first);
    }
}

#[test]
fn the_fallback_has_the_prefix() {
    let text = print::items(fallback_module("example")).expect("Rust");
    assert!(
        text.contains("\"https://example{fips}.{region}.{suffix}\""),
        "{text}"
    );
}
