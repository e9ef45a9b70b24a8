//! Decision diagrams (`smithy.rules#endpointBdd`): they become the same code as the rules that they stand for.

use std::collections::BTreeSet;

use attache_codegen::endpoint::{endpoint_bdd_module, endpoint_module};
use attache_codegen::print;
use serde_json::{Value, json};

use crate::{is_set, to, use_fips};

const TERMINAL: [i32; 3] = [-1, 1, -1];

/// References to the endpoint, its FIPS sibling, and the error.
const PLAIN: i32 = 100_000_001;
const FIPS: i32 = 100_000_002;
const NO_REGION: i32 = 100_000_003;

fn parameters() -> Value {
    json!({
        "Region": {"type": "string", "builtIn": "AWS::Region"},
        "UseFIPS": {"type": "boolean", "builtIn": "AWS::UseFIPS"},
        "Bucket": {"type": "string"},
    })
}

/// A diagram on whether a region is set (0), FIPS is asked for (1), and a bucket is set (2), which is never the case.
fn diagram(nodes: &[[i32; 3]], root: i32) -> Value {
    let numbers = nodes.iter().flatten();
    let bytes: Vec<u8> = numbers.flat_map(|number| number.to_be_bytes()).collect();
    json!({
        "version": "1.1",
        "parameters": parameters(),
        "conditions": [is_set("Region"), use_fips(), is_set("Bucket")],
        "results": [
            to("https://{Region}.example.com", json!([])),
            to("https://fips.{Region}.example.com", json!([])),
            {"type": "error", "conditions": [], "error": "no region"},
        ],
        "root": root,
        "nodeCount": nodes.len(),
        "nodes": base64_simd::STANDARD.encode_to_string(bytes),
    })
}

#[track_caller]
fn text(diagram: &Value) -> String {
    let tokens = endpoint_bdd_module(diagram, None, &BTreeSet::new())
        .unwrap_or_else(|error| panic!("{error}"));
    print::items(tokens).unwrap_or_else(|error| panic!("{error}"))
}

/// What rules become, under the name of the other trait.
#[track_caller]
fn text_of_rules(rules: &Value) -> String {
    let rule_set = json!({"version": "1.0", "parameters": parameters(), "rules": rules});
    let tokens = endpoint_module(&rule_set, None, &BTreeSet::new())
        .unwrap_or_else(|error| panic!("{error}"));
    let text = print::items(tokens).unwrap_or_else(|error| panic!("{error}"));
    text.replace("endpointRuleSet", "endpointBdd")
}

#[track_caller]
fn assert_refused(diagram: &Value, expected: &str) {
    let error = match endpoint_bdd_module(diagram, None, &BTreeSet::new()) {
        Ok(tokens) => panic!("accepted: {tokens}"),
        Err(error) => error.to_string(),
    };
    assert!(
        error.starts_with("smithy.rules#endpointBdd: ") && error.contains(expected),
        "{error}\ndoes not say: {expected}"
    );
}

#[test]
fn a_diagram_becomes_rules() {
    let nodes = [TERMINAL, [1, FIPS, PLAIN], [2, 1, 2], [0, 3, NO_REGION]];
    let rules = json!([
        {"type": "tree", "conditions": [is_set("Region")], "rules": [
            to("https://fips.{Region}.example.com", json!([use_fips()])),
            to("https://{Region}.example.com", json!([])),
        ]},
        {"type": "error", "conditions": [], "error": "no region"},
    ]);
    assert_eq!(text(&diagram(&nodes, 4)), text_of_rules(&rules));
}

#[test]
fn a_complement_swaps_the_branches() {
    let plain = [TERMINAL, [1, PLAIN, FIPS], [0, 2, NO_REGION]];
    let complement = [TERMINAL, [1, FIPS, PLAIN], [0, -2, NO_REGION]];
    assert_eq!(text(&diagram(&plain, 3)), text(&diagram(&complement, 3)));
}

#[test]
fn conditions_that_fail_to_the_same_place_are_one_rule() {
    let nodes = [TERMINAL, [1, FIPS, NO_REGION], [0, 2, NO_REGION]];
    let rules = json!([
        to("https://fips.{Region}.example.com", json!([is_set("Region"), use_fips()])),
        {"type": "error", "conditions": [], "error": "no region"},
    ]);
    assert_eq!(text(&diagram(&nodes, 3)), text_of_rules(&rules));
}

#[test]
fn all_ways_to_say_that_nothing_matches() {
    for nothing in [1, -1, 100_000_000] {
        let nodes = [TERMINAL, [0, PLAIN, nothing]];
        let rules = json!([to(
            "https://{Region}.example.com",
            json!([is_set("Region")])
        )]);
        assert_eq!(text(&diagram(&nodes, 2)), text_of_rules(&rules));
    }
}

#[test]
fn a_variable_is_there_where_its_condition_held() {
    let mut diagram = diagram(&[TERMINAL, [0, PLAIN, 1]], 2);
    diagram["conditions"] =
        json!([{"fn": "ite", "argv": [{"ref": "UseFIPS"}, "-fips", ""], "assign": "Suffix"}]);
    diagram["results"] = json!([to("https://example{Suffix}.com", json!([]))]);
    let text = text(&diagram);
    let expected = "    let suffix = if use_fips { \"-fips\" } else { \"\" };\n    \
                    Ok(Endpoint::new(format!(\"https://example{suffix}.com\")))\n";
    assert!(text.contains(expected), "{text}");
}

#[test]
fn wrong_diagrams_are_refused() {
    for (nodes, root, expected) in [
        (
            vec![TERMINAL, [1, 0, 1]],
            2,
            "reference 0: 0 is not allowed",
        ),
        (
            vec![TERMINAL, [1, 9, 1]],
            2,
            "reference 9: there are 2 nodes",
        ),
        (
            vec![TERMINAL, [1, 100_000_004, 1]],
            2,
            "reference 100000004: there are 3 results",
        ),
        (
            vec![TERMINAL, [3, 1, 1]],
            2,
            "reference 2: condition 3 does not exist",
        ),
        (
            vec![TERMINAL, [0, 2, 1]],
            2,
            "a path tests condition 0 twice",
        ),
        (
            vec![TERMINAL, [1, 1, 1]],
            -2,
            "root: it must not be a complement",
        ),
        (
            vec![[1, 1, 1]],
            1,
            "nodes: the first node must be [-1, 1, -1]",
        ),
    ] {
        assert_refused(&diagram(&nodes, root), expected);
    }
}

#[test]
fn wrong_documents_are_refused() {
    let mut short = diagram(&[TERMINAL], 1);
    short["nodeCount"] = json!(2);
    assert_refused(&short, "nodes: 12 bytes are not the 2 nodes of 12 bytes");

    let mut encoded = diagram(&[TERMINAL], 1);
    encoded["nodes"] = json!("?");
    assert_refused(&encoded, "nodes: not base64");

    let mut conditional = diagram(&[TERMINAL], 1);
    conditional["results"][0]["conditions"] = json!([use_fips()]);
    assert_refused(
        &conditional,
        "results[0]: a result must not have conditions",
    );

    let mut unknown = diagram(&[TERMINAL], 1);
    unknown["cache"] = json!(true);
    assert_refused(&unknown, "unknown field `cache`");
}

#[test]
fn a_diagram_that_becomes_too_much_code_is_refused() {
    let conditions: Vec<Value> = (0..24)
        .map(|index| json!({"fn": "isValidHostLabel", "argv": [format!("{index}"), false]}))
        .collect();
    // A lattice: each node leads to both nodes of the next row, so the paths double with each row.
    let mut nodes = vec![TERMINAL];
    for row in 0..24 {
        let next = 2 + 2 * (row + 1);
        let (left, right) = if row == 23 {
            (PLAIN, FIPS)
        } else {
            (next, next + 1)
        };
        nodes.push([row, left, right]);
        nodes.push([row, right, left]);
    }
    let mut diagram = diagram(&nodes, 2);
    diagram["conditions"] = json!(conditions);
    assert_refused(&diagram, "the diagram unfolds into more than 1000 rules");
}
