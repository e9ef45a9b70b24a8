//! Reads questions, one JSON object a line, and prints the answers of generated endpoint rules.
//!
//! This file is not a part of xtask: it is written beside the generated rules and compiled with them.

use std::io::BufRead;

use attache_runtime::plumbing::endpoint::{
    AuthScheme, Endpoint, EndpointError, ParameterValue, Parameters,
};
use serde_json::{Map, Value, json};

type Rules = fn(&Parameters) -> Result<Endpoint, EndpointError>;

/// Answers all questions of the standard input.
pub(crate) fn run(rules: impl Fn(&str) -> Option<Rules>) {
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("the input is text");
        let question: Value = serde_json::from_str(&line).expect("a question is JSON");
        let service = question["service"].as_str().expect("a question names its service");
        let rules = rules(service).expect("the rules of the service are here");
        println!("{}", answer(rules(&parameters(&question))));
    }
}

fn parameters(question: &Value) -> Parameters {
    let text = |name: &str| question[name].as_str().map(str::to_owned);
    let flag = |name: &str| question[name].as_bool().unwrap_or(false);
    let values = question["values"].as_object().into_iter().flatten();
    Parameters {
        region: text("region"),
        use_fips: flag("use_fips"),
        use_dual_stack: flag("use_dual_stack"),
        endpoint: text("endpoint"),
        values: values.map(|(name, given)| (&*name.clone().leak(), value(given))).collect(),
        ..Parameters::default()
    }
}

fn value(given: &Value) -> ParameterValue {
    match given {
        Value::Bool(flag) => ParameterValue::Boolean(*flag),
        Value::String(text) => ParameterValue::String(text.clone()),
        Value::Array(texts) => {
            let texts = texts.iter().map(|text| text.as_str().expect("a text").to_owned());
            ParameterValue::Strings(texts.collect())
        }
        other => panic!("{other} is no value of a parameter"),
    }
}

fn answer(result: Result<Endpoint, EndpointError>) -> Value {
    let endpoint = match result {
        Ok(endpoint) => endpoint,
        Err(error) => return json!({"error": error.message()}),
    };
    let mut headers = Map::new();
    for (name, value) in &endpoint.headers {
        let values = headers.entry(name.to_string()).or_insert_with(|| json!([]));
        values.as_array_mut().expect("it is a list").push(json!(value));
    }
    let schemes: Vec<Value> = endpoint.auth_schemes.iter().map(scheme).collect();
    let backend = endpoint.backend;
    json!({"endpoint": {"url": endpoint.url, "headers": headers, "authSchemes": schemes, "backend": backend}})
}

fn scheme(scheme: &AuthScheme) -> Value {
    json!({
        "name": scheme.name,
        "signingName": scheme.signing_name,
        "signingRegion": scheme.signing_region,
        "signingRegionSet": scheme.signing_region_set,
        "disableDoubleEncoding": scheme.disable_double_encoding,
        "disableNormalizePath": scheme.disable_normalize_path,
    })
}
