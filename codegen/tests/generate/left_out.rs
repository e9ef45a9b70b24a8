//! Operations that a client could only send to the wrong place or with the wrong credentials are left out by name.

use attache_codegen::ast::own_traits::OwnTraits;
use attache_codegen::{analyse, analyse_with};
use serde_json::{Value, json};

use crate::model::{MODEL, generate_selected, input, manifest, toys};

/// The operations of a model that are generated, each with whether it is signed, what is said of the others, and the
/// warnings.
type Outcome = (Vec<(String, bool)>, Vec<String>, Vec<String>);

fn outcome(model: &Value) -> Result<Outcome, String> {
    let manifest = manifest("attache-toys");
    let text = model.to_string();
    let service = analyse(&input(&text, &manifest)).map_err(|error| error.to_string())?;
    let operations = service.operations.into_iter();
    let operations = operations.map(|operation| (operation.name.clone(), operation.is_signed()));
    Ok((operations.collect(), service.left_out, service.warnings))
}

/// `toys` with a second operation, `GetToy`, whose input has the members `id` and `tags`, and with endpoint rules.
fn toys_with_rules(member: Value, operation: Value, rules: Value) -> Value {
    let mut model = toys();
    let mut traits = operation;
    traits["smithy.api#http"] = json!({ "method": "GET", "uri": "/toys" });
    model["shapes"]["example.toys#GetToy"] = json!({
        "type": "operation", "input": { "target": "example.toys#GetToyInput" }, "traits": traits });
    model["shapes"]["example.toys#GetToyInput"] = json!({
        "type": "structure",
        "members": {
            "id": { "target": "smithy.api#String", "traits": member },
            "tags": { "target": "example.toys#Tags" }
        }
    });
    model["shapes"]["example.toys#Tags"] =
        json!({ "type": "list", "member": { "target": "smithy.api#String" } });
    let service = &mut model["shapes"]["example.toys#Toys"];
    service["operations"] =
        json!([{ "target": "example.toys#GetToy" }, { "target": "example.toys#MakeToy" }]);
    service["traits"]["smithy.rules#endpointRuleSet"] = json!({
        "version": "1.0",
        "parameters": {
            "Endpoint": { "type": "string", "builtIn": "SDK::Endpoint" },
            "Mode": { "type": "string" },
            "Kind": { "type": "string" },
            "ToyId": { "type": "string" },
            "Tags": { "type": "stringArray" },
        },
        "rules": rules
    });
    model
}

fn is_set(name: &str) -> Value {
    json!({ "fn": "isSet", "argv": [{ "ref": name }] })
}

fn to(conditions: Value, url: &str) -> Value {
    json!({ "type": "endpoint", "conditions": conditions, "endpoint": { "url": url } })
}

/// The rules that follow send everything elsewhere to one host.
fn rules(first: Value) -> Value {
    json!([first, to(json!([]), "https://toys.example.com")])
}

fn from_member() -> Value {
    json!({ "smithy.rules#contextParam": { "name": "ToyId" } })
}

const BOTH: [(&str, bool); 2] = [("GetToy", true), ("MakeToy", true)];
const ONE: [(&str, bool); 1] = [("MakeToy", true)];

#[track_caller]
fn generated(model: &Value, expected: &[(&str, bool)], reasons: &[&str]) {
    let (operations, left_out, _) = outcome(model).expect("some operations are generated");
    let operations: Vec<(&str, bool)> = operations
        .iter()
        .map(|(name, signed)| (name.as_str(), *signed))
        .collect();
    assert_eq!(operations, expected);
    assert_eq!(left_out, reasons);
}

#[track_caller]
fn assert_encodes(model: &Value, expected: &str) {
    let files = generate_selected(&model.to_string(), None, None).expect("it is generated");
    let operation = files
        .iter()
        .find(|file| file.path == "src/operation/get_toy.rs");
    let text = &operation.expect("the operation has a file").text;
    assert!(text.contains(expected), "{expected} is not in {text}");
}

#[test]
fn members_that_decide_where_a_request_goes_are_passed_to_the_rules() {
    let in_url = to(json!([is_set("ToyId")]), "https://{ToyId}.toys.example.com");
    let model = toys_with_rules(from_member(), json!({}), rules(in_url));
    generated(&model, &BOTH, &[]);
    assert_encodes(
        &model,
        "request.endpoint_string(\"ToyId\", self.id.as_deref());",
    );
    // Even where only a test reads it.
    let in_test = to(json!([is_set("ToyId")]), "https://other.example.com");
    let model = toys_with_rules(from_member(), json!({}), rules(in_test));
    assert_encodes(
        &model,
        "request.endpoint_string(\"ToyId\", self.id.as_deref());",
    );
    let model = toys_with_rules(json!({}), tags("tags"), rules(by_tag()));
    generated(&model, &BOTH, &[]);
    assert_encodes(&model, "request.endpoint_strings(\"Tags\", texts);");
}

/// The rules need an expression that cannot be read.
#[test]
fn operations_whose_paths_cannot_be_read() {
    let model = toys_with_rules(json!({}), tags("tags[0]"), rules(by_tag()));
    generated(
        &model,
        &ONE,
        &[
            "the operation `GetToy` is left out: the endpoint rules read `tags[0]` of its request (their parameter \
             `Tags`), and this expression is not supported: names with dots, `keys(…)`, and `list[*]` with paths below \
             it are",
        ],
    );
    let model = toys_with_rules(json!({}), tags("tag"), rules(by_tag()));
    let error = outcome(&model).expect_err("there is no such member");
    assert!(error.contains("there is no member `tag`"), "{error}");
}

fn tags(path: &str) -> Value {
    json!({ "smithy.rules#operationContextParams": { "Tags": { "path": path } } })
}

fn by_tag() -> Value {
    let first = json!({ "fn": "getAttr", "argv": [{ "ref": "Tags" }, "[0]"], "assign": "tag" });
    to(
        json!([is_set("Tags"), first]),
        "https://{tag}.toys.example.com",
    )
}

/// A setting of the client is a parameter of the rules, and a request is not asked for what only it decides.
#[test]
fn settings_of_a_client_become_a_type() {
    let of_setting = to(json!([is_set("Mode")]), "https://{Mode}.example.com");
    let mut model = toys_with_rules(json!({}), json!({}), rules(of_setting));
    model["shapes"]["example.toys#Toys"]["traits"]["smithy.rules#clientContextParams"] =
        json!({ "Mode": { "type": "string", "documentation": "" } });
    let files = generate_selected(&model.to_string(), None, None).expect("it is generated");
    let text = |path: &str| {
        let file = files.iter().find(|file| file.path == path);
        &file.expect("the file").text
    };
    let rules = text("src/endpoint.rs");
    assert!(
        rules.contains("pub fn mode(mut self, value: impl Into<String>) -> Self"),
        "{rules}"
    );
    assert!(
        rules.contains("parameters.context_string(\"Mode\")"),
        "{rules}"
    );
    assert!(text("src/client.rs").contains("settings: endpoint::Settings"));
}

#[test]
fn members_that_the_rules_do_not_ask_about_decide_nothing() {
    // No rule names the parameter.
    let plain = to(json!([is_set("Endpoint")]), "{Endpoint}");
    generated(
        &toys_with_rules(from_member(), json!({}), rules(plain)),
        &BOTH,
        &[],
    );
    // The rule needs a setting that a client never has.
    let of_setting = to(
        json!([is_set("Mode"), is_set("ToyId")]),
        "https://{ToyId}.example.com",
    );
    generated(
        &toys_with_rules(from_member(), json!({}), rules(of_setting)),
        &BOTH,
        &[],
    );
    // The rule is about operations of another kind, which this one says itself.
    let kind = json!({ "fn": "stringEquals", "argv": [{ "ref": "Kind" }, "data"] });
    let of_kind = || {
        to(
            json!([is_set("Kind"), kind, is_set("ToyId")]),
            "https://{ToyId}.example.com",
        )
    };
    let says =
        |kind: &str| json!({ "smithy.rules#staticContextParams": { "Kind": { "value": kind } } });
    generated(
        &toys_with_rules(from_member(), says("control"), rules(of_kind())),
        &BOTH,
        &[],
    );
    let model = toys_with_rules(from_member(), says("data"), rules(of_kind()));
    assert_encodes(&model, "request.endpoint_string(");
}

#[test]
fn an_operation_that_was_asked_for_is_an_error_instead() {
    let model = toys_with_rules(json!({}), tags("tags[0]"), rules(by_tag())).to_string();
    let asked = ["GetToy".to_owned()];
    let error = generate_selected(&model, None, Some(&asked)).expect_err("it was asked for");
    let expected =
        format!("{MODEL}: example.toys#GetToy: the endpoint rules read `tags[0]` of its request");
    assert!(error.to_string().starts_with(&expected), "{error}");
}

#[test]
fn authentication_that_clients_do_not_have() {
    let model = |service: Value, operation: Value| {
        let mut model = toys_with_rules(
            json!({}),
            json!({}),
            rules(to(json!([is_set("Endpoint")]), "{Endpoint}")),
        );
        let traits = &mut model["shapes"]["example.toys#Toys"]["traits"];
        traits
            .as_object_mut()
            .expect("traits")
            .remove("aws.auth#sigv4");
        for (id, value) in service.as_object().expect("traits") {
            traits[id] = value.clone();
        }
        for (id, value) in operation.as_object().expect("traits") {
            model["shapes"]["example.toys#GetToy"]["traits"][id] = value.clone();
        }
        model
    };
    let both = || json!({ "aws.auth#sigv4": { "name": "toys" }, "smithy.api#httpBasicAuth": {} });
    let basic = || json!({ "smithy.api#httpBasicAuth": {} });
    let list = |schemes: Value| json!({ "smithy.api#auth": schemes });
    const REASON: &str = "the operation `GetToy` is left out: it is authenticated by smithy.api#httpBasicAuth only, \
                          which is not supported";
    generated(&model(both(), json!({})), &BOTH, &[]);
    generated(
        &model(both(), list(json!(["smithy.api#httpBasicAuth"]))),
        &ONE,
        &[REASON],
    );
    // An own scheme of the service is none that clients speak either.
    generated(
        &model(both(), list(json!(["toys.auth#seal"]))),
        &ONE,
        &[
            "the operation `GetToy` is left out: it is authenticated by toys.auth#seal only, which is not supported",
        ],
    );
    generated(
        &model(both(), list(json!([]))),
        &[("GetToy", false), ("MakeToy", true)],
        &[],
    );
    // A service of passwords has nothing left but what takes none.
    assert_eq!(
        outcome(&model(basic(), json!({}))),
        Err(format!(
            "{MODEL}: none of the operations can be generated; `GetToy`: it is authenticated by \
             smithy.api#httpBasicAuth only, which is not supported"
        ))
    );
    let (operations, left_out, _) =
        outcome(&model(basic(), json!({ "smithy.api#optionalAuth": {} }))).expect("one is left");
    assert_eq!(operations, [("GetToy".to_owned(), false)]);
    assert_eq!(left_out.len(), 1);
}

#[test]
fn unknown_keys_of_what_only_describes_and_spellings_of_versions_are_warnings() {
    let mut model = toys_with_rules(
        json!({}),
        json!({ "smithy.api#paginated": { "inputToken": "id", "outputToken": "id", "maxResults": 7 } }),
        rules(to(json!([is_set("Endpoint")]), "{Endpoint}")),
    );
    model["smithy"] = json!("2");
    model["shapes"]["example.toys#GetToy"]["output"] =
        json!({ "target": "example.toys#MakeToyOutput" });
    let traits = &mut model["shapes"]["example.toys#Toys"]["traits"];
    traits["smithy.rules#endpointRuleSet"]["version"] = json!("1");
    traits["smithy.rules#endpointTests"] = json!({ "version": "1", "testCases": [] });
    let (_, _, warnings) = outcome(&model).expect("it is generated");
    assert_eq!(
        warnings,
        [
            "example.toys#GetToy: trait `smithy.api#paginated`: the unknown key `maxResults` is ignored",
            "trait `smithy.rules#endpointRuleSet`: the version `1` is an unusual spelling",
            "trait `smithy.rules#endpointTests`: the version `1` is an unusual spelling",
        ]
    );
    let files = generate_selected(&model.to_string(), None, None).expect("the rules are compiled");
    assert!(
        files
            .iter()
            .any(|file| file.text.contains("Paginated for GetToyRequest"))
    );
}

#[test]
fn a_default_of_a_timestamp_may_have_a_fraction() {
    let mut model = toys();
    model["shapes"]["example.toys#MakeToyOutput"]["members"]["made"] = json!({
        "target": "smithy.api#Timestamp", "traits": { "smithy.api#default": 1.5 } });
    let manifest = manifest("attache-toys");
    let text = model.to_string();
    analyse_with(&input(&text, &manifest), &OwnTraits::default()).expect("it is analysed");
    let files = generate_selected(&text, None, None).expect("it is generated");
    let made = "Timestamp::from_epoch(1, 500000000)";
    assert!(files.iter().any(|file| file.text.contains(made)));
}
