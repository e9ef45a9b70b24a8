//! The files beside `service-2.json`.

use attache_codegen::import::Sources;
use serde_json::{Value, json};

use super::{import, merge, service};

#[test]
fn paginators() {
    for (paginator, standard, more) in [
        (
            json!({"input_token": "t", "output_token": "n", "limit_key": "max", "result_key": "items"}),
            json!({"inputToken": "t", "outputToken": "n", "pageSize": "max", "items": "items"}),
            json!(null),
        ),
        (
            json!({"input_token": "t", "output_token": "n", "result_key": ["a", "b"], "more_results": "more"}),
            json!({"inputToken": "t", "outputToken": "n"}),
            json!({"items": ["a", "b"], "moreResults": "more"}),
        ),
        (
            json!({"input_token": "t", "output_token": "a[-1].b", "result_key": "a", "non_aggregate_keys": ["total"]}),
            json!(null),
            json!({"inputToken": "t", "outputToken": "a[-1].b", "items": ["a"], "nonAggregateKeys": ["total"]}),
        ),
    ] {
        let text = json!({"pagination": {"Do": paginator}}).to_string();
        let neighbours = Sources {
            paginators: Some(&text),
            ..Sources::default()
        };
        let model = import(&service(json!({})), &neighbours).expect("the paginator is sound");
        let traits = &model["shapes"]["com.amazonaws.toyshop#Do"]["traits"];
        assert_eq!(traits["smithy.api#paginated"], standard, "{text}");
        assert_eq!(traits["attache#paginated"], more, "{text}");
    }
}

#[test]
fn extras_complete_paginators() {
    let paginators = r#"{"pagination": {"Do": {"input_token": "t", "output_token": "n"}}}"#;
    let extras =
        r#"{"version": 1.0, "merge": {"pagination": {"Do": {"non_aggregate_keys": ["total"]}}}}"#;
    let neighbours = Sources {
        paginators: Some(paginators),
        paginators_extras: Some(extras),
        ..Sources::default()
    };
    let model = import(&service(json!({})), &neighbours).expect("the extras are sound");
    let traits = &model["shapes"]["com.amazonaws.toyshop#Do"]["traits"];
    assert_eq!(
        traits["attache#paginated"],
        json!({"nonAggregateKeys": ["total"]})
    );
}

/// A service whose operation `Do` has the error `E` of status 404.
fn failing_service() -> Value {
    service(json!({
        "operations": {"Do": {"errors": [{"shape": "E"}]}},
        "shapes": {"E": {"type": "structure", "members": {}, "exception": true, "error": {"httpStatusCode": 404}}}
    }))
}

#[test]
fn waiters() {
    for (acceptor, matcher) in [
        (
            json!({"matcher": "path", "argument": "a.b", "expected": "X"}),
            json!({"output": {"path": "a.b", "expected": "X", "comparator": "stringEquals"}}),
        ),
        (
            json!({"matcher": "path", "argument": "length(a) > `0`", "expected": true}),
            json!({"output": {"path": "length(a) > `0`", "expected": "true", "comparator": "booleanEquals"}}),
        ),
        (
            json!({"matcher": "pathAll", "argument": "a[].b", "expected": "X"}),
            json!({"output": {"path": "a[].b", "expected": "X", "comparator": "allStringEquals"}}),
        ),
        (
            json!({"matcher": "pathAny", "argument": "a[].b", "expected": "X"}),
            json!({"output": {"path": "a[].b", "expected": "X", "comparator": "anyStringEquals"}}),
        ),
        (
            json!({"matcher": "error", "expected": "E"}),
            json!({"errorType": "E"}),
        ),
        (
            json!({"matcher": "error", "expected": false}),
            json!({"success": true}),
        ),
        (
            json!({"matcher": "status", "expected": 200}),
            json!({"success": true}),
        ),
        // No acceptor for the errors of the model with this status: others have it, too.
        (
            json!({"matcher": "status", "expected": 404}),
            json!({"errorType": "404"}),
        ),
    ] {
        let mut source = json!({"state": "retry"});
        merge(&mut source, acceptor);
        let text = json!({"version": 2, "waiters": {"Done": {
            "delay": 300, "maxAttempts": 9, "operation": "Do", "description": "Waits.", "acceptors": [source]
        }}})
        .to_string();
        let neighbours = Sources {
            waiters: Some(&text),
            ..Sources::default()
        };
        let model = import(&failing_service(), &neighbours).expect("the waiter is sound");
        let traits = &model["shapes"]["com.amazonaws.toyshop#Do"]["traits"];
        assert_eq!(
            traits["smithy.waiters#waitable"],
            json!({"Done": {"acceptors": [{"state": "retry", "matcher": matcher}], "minDelay": 300, "maxDelay": 300}})
        );
        let mut more = json!({"maxAttempts": 9});
        if matcher["errorType"] == "404" {
            more["statuses"] = json!({"0": 404});
        }
        assert_eq!(traits["attache#waiters"], json!({"Done": more}));
    }
}

#[test]
fn endpoint_rules_lose_their_prose() {
    let rules = r#"{"version": "1.0", "parameters": {"Region": {"type": "string", "documentation": "x"}}, "rules": []}"#;
    let neighbours = Sources {
        endpoint_rule_set: Some(rules),
        ..Sources::default()
    };
    let model = import(&service(json!({})), &neighbours).expect("the rules are sound");
    assert_eq!(
        model["shapes"]["com.amazonaws.toyshop#AWSToyShop"]["traits"]["smithy.rules#endpointRuleSet"],
        json!({"version": "1.0", "parameters": {"Region": {"type": "string"}}, "rules": []})
    );
}
