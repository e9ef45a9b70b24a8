//! The cases of a file: templates filled in, HTTP bindings undone.
//!
//! A case holds an HTTP request, a client takes members. So the body is taken as it is, and headers and query
//! parameters become the members that are bound to them.

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

const TESTS: &str = "smithy.test#httpMalformedRequestTests";

/// A malformed request, and what a server says about it.
#[derive(Debug)]
pub(super) struct Case {
    /// The id in the suite, with the column of the parameters where there are several.
    pub(super) name: String,
    /// The operation.
    pub(super) operation: String,
    /// The members of the request.
    pub(super) request: Value,
    /// The body of the answer: `message` and `fieldList`.
    pub(super) expected: Value,
}

/// Reads the cases of every operation.
pub(super) fn read(ast: &Value) -> Result<Vec<Case>> {
    let shapes = ast["shapes"]
        .as_object()
        .context("the file has no shapes")?;
    let mut cases = Vec::new();
    for (id, shape) in shapes {
        let tests = shape["traits"][TESTS].as_array();
        let input = shape["input"]["target"].as_str().unwrap_or_default();
        let members = &ast["shapes"][input]["members"];
        for test in tests.into_iter().flatten() {
            read_test(id, members, test, &mut cases)
                .with_context(|| format!("in the case {}", test["id"]))?;
        }
    }
    Ok(cases)
}

fn read_test(id: &str, members: &Value, test: &Value, cases: &mut Vec<Case>) -> Result<()> {
    let parameters = test["testParameters"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let columns = parameters
        .values()
        .filter_map(|values| Some(values.as_array()?.len()))
        .max()
        .unwrap_or(1);
    for column in 0..columns {
        let fill = |text: &str| fill(text, &parameters, column);
        let name = test["id"].as_str().context("no id")?;
        let body = test["request"]["body"].as_str().unwrap_or("{}");
        let mut request: Value =
            serde_json::from_str(&fill(body)).context("the body is not JSON")?;
        unbind(members, &test["request"], &mut request)?;
        let contents = test["response"]["body"]["assertion"]["contents"]
            .as_str()
            .context("the answer has no contents")?;
        cases.push(Case {
            name: if columns > 1 {
                format!("{name}[{column}]")
            } else {
                name.to_owned()
            },
            operation: id.split_once('#').map_or(id, |(_, name)| name).to_owned(),
            request: dates(request),
            expected: serde_json::from_str(&fill(contents)).context("the contents are not JSON")?,
        });
    }
    Ok(())
}

/// Fills in a template: `$name:L` as it is, `$name:S` as a JSON string, `$$` is a dollar sign.
fn fill(text: &str, parameters: &Map<String, Value>, column: usize) -> String {
    let mut text = text.to_owned();
    for (name, values) in parameters {
        let value = values[column].as_str().unwrap_or_default();
        text = text
            .replace(&format!("${name}:L"), value)
            .replace(&format!("${name}:S"), &Value::from(value).to_string());
    }
    text.replace("$$", "$")
}

/// Puts headers and query parameters where their members are.
fn unbind(members: &Value, http: &Value, request: &mut Value) -> Result<()> {
    for (name, member) in members.as_object().into_iter().flatten() {
        let traits = &member["traits"];
        let header = traits["smithy.api#httpHeader"].as_str();
        let query = traits["smithy.api#httpQuery"].as_str();
        let value = match (header, query) {
            (Some(header), _) => http["headers"][header].as_str().map(str::to_owned),
            (_, Some(query)) => query_value(&http["queryParams"], query),
            _ => None,
        };
        if let Some(value) = value {
            let request = request.as_object_mut().context("the body is no object")?;
            request.insert(name.clone(), json!(value));
        }
    }
    Ok(())
}

fn query_value(parameters: &Value, name: &str) -> Option<String> {
    let texts = parameters.as_array()?.iter().filter_map(Value::as_str);
    texts
        .map(|text| text.split_once('=').unwrap_or((text, "")))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// IMF-fixdates as the `date-time` that our types read from JSON.
fn dates(value: Value) -> Value {
    match value {
        Value::String(text) => date_time(&text).map_or(Value::String(text), Value::from),
        Value::Array(values) => values.into_iter().map(dates).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (name, dates(value)))
            .collect::<Map<_, _>>()
            .into(),
        other => other,
    }
}

fn date_time(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let parts: Vec<&str> = text.strip_suffix(" GMT")?.split(' ').collect();
    let [_, day, month, year, time] = parts.as_slice() else {
        return None;
    };
    let month = MONTHS.iter().position(|name| name == month)? + 1;
    Some(format!("{year}-{month:02}-{day}T{time}Z"))
}
