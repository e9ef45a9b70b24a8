//! What the sentences of single changes say.

use serde_json::{Value, json};

use super::{at, compared, service, with_protocol};

/// The sentence of the change at a place.
fn sentence(place: &str, old: Value, new: Value) -> String {
    at(&compared(&service(old), &service(new)), place)
        .sentence
        .clone()
}

/// The request with a member that has these traits.
fn member(traits: &Value) -> Value {
    json!({"a#In": {"type": "structure", "members": {
        "name": {"target": "a#Name", "traits": traits},
        "part": {"target": "a#Part"}
    }}})
}

#[test]
fn changes_of_traits_are_described_in_terms_of_the_service() {
    let bounded = |range: Value| json!({"a#Name": {"type": "string", "traits": {"smithy.api#length": range}}});
    for (old, new, expected) in [
        (
            json!({}),
            bounded(json!({"max": 9})),
            "The length of `Name` is now limited: at most 9.",
        ),
        (
            bounded(json!({"min": 1, "max": 9})),
            json!({}),
            "The length of `Name` is no longer limited; it was 1 to 9.",
        ),
        (
            bounded(json!({"min": 1})),
            bounded(json!({"min": 2})),
            "The length of `Name` was at least 1 and is now at least 2.",
        ),
        (
            json!({}),
            json!({"a#Name": {"type": "string", "traits": {"smithy.api#pattern": "^a$"}}}),
            "`Name` now has the pattern `^a$`.",
        ),
        (
            json!({}),
            json!({"a#Name": {"type": "string", "traits": {"smithy.api#sensitive": {}}}}),
            "`Name` is now sensitive: `Debug` hides it.",
        ),
        (
            json!({}),
            json!({"a#Name": {"type": "string", "traits": {
                "smithy.api#deprecated": {"message": "Use the other one.", "since": "2026-01-01"}
            }}}),
            "`Name` is now deprecated since 2026-01-01: “Use the other one”.",
        ),
        (
            json!({}),
            json!({"a#Name": {"type": "string", "traits": {
                "attache#allowedValues": {"values": ["low", "high"], "source": "s"}
            }}}),
            "The documentation lists for `Name`: now `low`, `high`. Only the strict level checks it.",
        ),
    ] {
        assert_eq!(sentence("a#Name", old, new), expected);
    }
}

#[test]
fn changes_of_places_are_described_in_terms_of_the_message() {
    let query = |name: &str| json!({"smithy.api#httpQuery": name});
    for (old, new, expected) in [
        (
            json!({}),
            query("n"),
            "`In.name` is now sent as the query parameter `n`.",
        ),
        (
            query("n"),
            query("m"),
            "`In.name` was sent as the query parameter `n` and is now sent as the query parameter `m`.",
        ),
        (
            json!({"smithy.api#httpHeader": "x-n"}),
            json!({}),
            "`In.name` is no longer sent in the header `x-n`.",
        ),
        (
            json!({}),
            json!({"smithy.api#jsonName": "N"}),
            "In a body `In.name` was called `name` and is now called `N`.",
        ),
        (
            json!({}),
            json!({"smithy.api#idempotencyToken": {}}),
            "`In.name` is now filled in by the client if it is absent.",
        ),
    ] {
        assert_eq!(sentence("a#In$name", member(&old), member(&new)), expected);
    }
}

#[test]
fn changes_of_operations_are_described_by_their_requests() {
    let act = |http: Value| {
        json!({"a#Act": {
            "type": "operation",
            "input": {"target": "a#In"},
            "output": {"target": "a#Out"},
            "traits": {"smithy.api#http": http}
        }})
    };
    let http = |uri: &str, code: u16| act(json!({"method": "POST", "uri": uri, "code": code}));
    assert_eq!(
        sentence("a#Act", http("/act", 200), http("/v2/act", 200)),
        "`Act` was sent as `POST /act` and is now sent as `POST /v2/act`."
    );
    assert_eq!(
        sentence("a#Act", http("/act", 200), http("/act", 201)),
        "The HTTP status of a successful response to `Act` was 200 and is now 201."
    );
}

#[test]
fn changes_of_errors_and_values_are_described_by_the_response() {
    let colour = |value: &str| {
        json!({"a#Colour": {"type": "enum", "members": {
            "RED": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": value}}
        }}})
    };
    assert_eq!(
        sentence("a#Colour$RED", colour("red"), colour("Red")),
        "The value `Colour.RED` was written `red` and is now written `Red`."
    );
    let failing = |traits: Value| {
        json!({
            "a#Act": {
                "type": "operation",
                "input": {"target": "a#In"},
                "output": {"target": "a#Out"},
                "errors": [{"target": "a#Broken"}],
                "traits": {"smithy.api#http": {"method": "POST", "uri": "/act", "code": 200}}
            },
            "a#Broken": {"type": "structure", "members": {}, "traits": traits}
        })
    };
    let client = json!({"smithy.api#error": "client"});
    for (new, expected) in [
        (
            json!({"smithy.api#error": "server"}),
            "`Broken` was a client error and is now a server error.",
        ),
        (
            json!({"smithy.api#error": "client", "smithy.api#httpError": 404}),
            "`Broken` now has the HTTP status 404.",
        ),
        (
            json!({"smithy.api#error": "client", "smithy.api#retryable": {"throttling": true}}),
            "`Broken` is now marked as a throttling error: a call that fails with it is retried after a longer pause.",
        ),
    ] {
        assert_eq!(
            sentence("a#Broken", failing(client.clone()), failing(new)),
            expected
        );
    }
}

#[test]
fn a_changed_number_of_an_enum_is_described_with_the_old_number() {
    let level = |value: i32| {
        json!({
            "a#Part": {"type": "structure", "members": {"level": {"target": "a#Level"}}},
            "a#Level": {"type": "intEnum", "members": {
                "HIGH": {"target": "smithy.api#Unit", "traits": {"smithy.api#enumValue": value}}
            }}
        })
    };
    assert_eq!(
        sentence("a#Level$HIGH", level(1), level(2)),
        "The value `Level.HIGH` was written `1` and is now written `2`."
    );
}

#[test]
fn a_changed_token_is_described_as_the_one_that_pages_follows() {
    let listing = |paginated: Value| {
        json!({
            "a#In": {"type": "structure", "members": {"marker": {"target": "a#Name"}, "next": {"target": "a#Name"}}},
            "a#Out": {"type": "structure", "members": {"marker": {"target": "a#Name"}, "next": {"target": "a#Name"}}},
            "a#Act": {
                "type": "operation",
                "input": {"target": "a#In"},
                "output": {"target": "a#Out"},
                "traits": {
                    "smithy.api#http": {"method": "POST", "uri": "/act", "code": 200},
                    "smithy.api#paginated": paginated
                }
            }
        })
    };
    let token = |request: &str, response: &str| {
        listing(json!({"inputToken": request, "outputToken": response}))
    };
    assert_eq!(
        sentence("a#Act", token("marker", "marker"), token("next", "next")),
        "`pages()` of `Act` followed `marker` and now follows `next`."
    );
    assert_eq!(
        sentence("a#Act", token("marker", "marker"), token("marker", "next")),
        "`pages()` of `Act` followed `marker` and now follows `next` of the response, as `marker` of the request."
    );
}

#[test]
fn unsupported_authentication_is_described() {
    let act = |schemes: Value| {
        json!({"a#Act": {
            "type": "operation",
            "input": {"target": "a#In"},
            "output": {"target": "a#Out"},
            "traits": {
                "smithy.api#http": {"method": "POST", "uri": "/act", "code": 200},
                "smithy.api#auth": schemes
            }
        }})
    };
    let signed = json!(["aws.auth#sigv4"]);
    let password = json!(["smithy.api#httpBasicAuth"]);
    let both = json!(["aws.auth#sigv4a", "smithy.api#httpBearerAuth"]);
    for (old, new, expected) in [
        (
            &signed,
            &password,
            "Requests of `Act` now need a password, which the client does not support.",
        ),
        (
            &signed,
            &both,
            "Requests of `Act` are now signed with an asymmetric key or sent with a bearer token.",
        ),
        (
            &password,
            &signed,
            "Requests of `Act` needed a password and are now signed.",
        ),
        (
            &signed,
            &json!([]),
            "Requests of `Act` are no longer signed.",
        ),
    ] {
        assert_eq!(
            sentence("a#Act", act(old.clone()), act(new.clone())),
            expected
        );
    }
}

#[test]
fn a_changed_target_prefix_breaks_requests_that_have_it() {
    let side = |protocol: &str, prefix: Value| {
        let mut model = with_protocol(protocol, json!({}));
        if !prefix.is_null() {
            model["shapes"]["a#Service"]["traits"]["attache#targetPrefix"] = prefix;
        }
        model
    };
    let json = "aws.protocols#awsJson1_1";
    let whole = || json!("com.a.Service");
    for (protocol, old, new, expected) in [
        (
            json,
            whole(),
            json!("com.b.Service"),
            "breaking: The target of requests began with `com.a.Service` and now begins with `com.b.Service`.",
        ),
        (
            json,
            json!(null),
            whole(),
            "compatible: The target of requests began with the name of the service shape and now begins with \
             `com.a.Service`.",
        ),
        (
            "smithy.protocols#rpcv2Cbor",
            json!(null),
            whole(),
            "none: The target of requests began with the name of the service shape and now begins with `com.a.Service`.",
        ),
    ] {
        let report = compared(&side(protocol, old), &side(protocol, new));
        let change = at(&report, "a#Service");
        let wire = format!("{:?}", change.wire).to_lowercase();
        let found = format!("{wire}: {}", change.sentence);
        assert_eq!(found, expected, "{protocol}");
    }
}
