//! Judges requests that are given as JSON, a line each, by the validation of a generated client.

use std::io::BufRead;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use validation_suite::operation;
use validation_suite::runtime::operation::Request;
use validation_suite::validation::Level;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).ok_or("the file is missing")?;
    for line in std::io::BufReader::new(std::fs::File::open(path)?).lines() {
        let (operation, request): (String, Value) = serde_json::from_str(&line?)?;
        println!("{}", dispatch(&operation, request));
    }
    Ok(())
}

fn dispatch(operation: &str, request: Value) -> Value {
    match operation {
        /* operations */
        _ => json!({"inexpressible": "the client lacks the operation"}),
    }
}

fn judge<R: Request + DeserializeOwned>(request: Value) -> Value {
    let request: R = match serde_json::from_value(request) {
        Ok(request) => request,
        Err(error) => return json!({"inexpressible": error.to_string()}),
    };
    let Err(violations) = request.validate(Level::Strict) else {
        return json!({"valid": true});
    };
    let fields: Vec<Value> = violations
        .iter()
        .map(|violation| json!({"path": violation.path(), "message": violation.message()}))
        .collect();
    json!({"message": violations.message(), "fieldList": fields})
}
