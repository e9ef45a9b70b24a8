//! Judging what was sent (Smithy specification, "HTTP protocol compliance tests", section "httpRequestTests").

use anyhow::{Context, Result};
use base64_simd::STANDARD;
use serde_json::Value;

use super::{cbor, xml};

/// What a request must be.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The method.
    pub method: String,
    /// The path, encoded.
    pub path: String,
    /// The whole query, in any order; `None` where the suite says no more than what follows.
    pub query: Option<Vec<String>>,
    /// `name=value` that must be there, encoded.
    pub query_params: Vec<String>,
    /// Names that must not be there.
    pub forbid_query_params: Vec<String>,
    /// Names that must be there.
    pub require_query_params: Vec<String>,
    /// Headers that must be there, with these values.
    pub headers: Vec<(String, String)>,
    /// Headers that must not be there.
    pub forbid_headers: Vec<String>,
    /// Headers that must be there, with any value.
    pub require_headers: Vec<String>,
    /// The body.
    pub body: Option<Body>,
    /// The host that the request goes to.
    pub host: Option<String>,
    /// How it is signed.
    pub auth_scheme: Option<String>,
}

/// What a body must be.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// This JSON value, however it is written.
    Json(Value),
    /// This CBOR value, however it is written.
    Cbor(ciborium::Value),
    /// Exactly this text.
    Text(String),
    /// This document of XML, however it is written.
    Xml(String),
    /// A form with these pairs, encoded, in any order.
    Form(String),
}

impl Body {
    /// The body of a suite whose bodies are CBOR in base64.
    ///
    /// # Errors
    /// A text that is no base64, or bytes that are no CBOR.
    pub fn cbor(base64: &str) -> Result<Self> {
        let bytes = STANDARD.decode_to_vec(base64);
        let bytes = bytes.context("a body of CBOR is base64")?;
        Ok(match bytes.is_empty() {
            true => Self::Text(String::new()),
            false => Self::Cbor(cbor::read(&bytes)?),
        })
    }

    /// The body of a suite of XML; a text that is empty or no XML must be the same.
    pub fn xml(text: String) -> Self {
        match text.trim_start().starts_with('<') {
            true => Self::Xml(text),
            false => Self::Text(text),
        }
    }

    /// The body of a suite that compares JSON on its structure.
    pub fn json(text: String) -> Self {
        match serde_json::from_str(&text) {
            Ok(value) => Self::Json(value),
            Err(_) => Self::Text(text),
        }
    }
}

/// A request as it arrived at the transport.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// The host.
    pub host: String,
    /// The path, encoded.
    pub path: String,
    /// The parts of the query, encoded.
    pub query: Vec<String>,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Sent {
    /// Reads what the driver wrote.
    pub fn from_value(value: &Value) -> Self {
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let list = |key: &str| value[key].as_array().into_iter().flatten();
        let headers = list("headers").filter_map(|pair| {
            let name = pair.get(0)?.as_str()?.to_ascii_lowercase();
            Some((name, pair.get(1)?.as_str()?.to_owned()))
        });
        let query = text("query");
        let query = query.split('&').filter(|part| !part.is_empty());
        Self {
            method: text("method"),
            host: text("host"),
            path: text("path"),
            query: query.map(str::to_owned).collect(),
            headers: headers.collect(),
            body: list("body")
                .filter_map(|byte| u8::try_from(byte.as_u64()?).ok())
                .collect(),
        }
    }

    /// The values of a header as one list.
    fn header(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    fn has_query(&self, name: &str) -> bool {
        self.query
            .iter()
            .any(|part| part.split('=').next() == Some(name))
    }
}

/// What is wrong with a request; nothing if it is as wanted.
pub fn judge(wanted: &Wanted, sent: &Sent) -> Vec<String> {
    let mut problems = Vec::new();
    let mut compare = |what: &str, wanted: &str, came: &str| {
        if wanted != came {
            problems.push(format!("{what}: wanted `{wanted}`, came `{came}`"));
        }
    };
    compare("method", &wanted.method, &sent.method);
    compare("path", &wanted.path, &sent.path);
    if let Some(host) = &wanted.host {
        let host = host.split('/').next().unwrap_or(host);
        compare("host", host, &sent.host);
    }
    problems.extend(judge_query(wanted, sent));
    problems.extend(judge_headers(wanted, sent));
    problems.extend(
        wanted
            .body
            .as_ref()
            .and_then(|body| judge_body(body, &sent.body)),
    );
    problems
}

fn judge_query(wanted: &Wanted, sent: &Sent) -> Vec<String> {
    let mut problems = Vec::new();
    if let Some(query) = &wanted.query {
        let (mut one, mut two) = (query.clone(), sent.query.clone());
        one.sort();
        two.sort();
        if one != two {
            let (one, two) = (one.join("&"), two.join("&"));
            problems.push(format!("query: wanted `{one}`, came `{two}`"));
        }
    }
    let mut left = sent.query.clone();
    for part in &wanted.query_params {
        match left.iter().position(|sent| sent == part) {
            Some(index) => {
                left.remove(index);
            }
            None => problems.push(format!(
                "query: wanted `{part}` in it, came `{}`",
                sent.query.join("&")
            )),
        }
    }
    for name in &wanted.forbid_query_params {
        if sent.has_query(name) {
            problems.push(format!("query: `{name}` must not be in it"));
        }
    }
    for name in &wanted.require_query_params {
        if !sent.has_query(name) {
            problems.push(format!("query: `{name}` must be in it"));
        }
    }
    problems
}

fn judge_headers(wanted: &Wanted, sent: &Sent) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, value) in &wanted.headers {
        let came = sent.header(name);
        if came.as_deref() != Some(value) {
            let came = came.map_or("none".to_owned(), |came| format!("`{came}`"));
            problems.push(format!("header {name}: wanted `{value}`, came {came}"));
        }
    }
    for name in &wanted.forbid_headers {
        if let Some(came) = sent.header(name) {
            problems.push(format!("header {name}: wanted none, came `{came}`"));
        }
    }
    for name in &wanted.require_headers {
        if sent.header(name).is_none() {
            problems.push(format!("header {name}: wanted any value, came none"));
        }
    }
    if let Some(scheme) = &wanted.auth_scheme {
        let signed = sent
            .header("authorization")
            .is_some_and(|value| value.starts_with("AWS4-HMAC-SHA256 "));
        if signed != scheme.ends_with("sigv4") {
            problems.push(format!("authentication: wanted {scheme}, signed: {signed}"));
        }
    }
    problems
}

fn judge_body(wanted: &Body, sent: &[u8]) -> Option<String> {
    let came = String::from_utf8_lossy(sent);
    let same = match wanted {
        Body::Text(text) => text.as_bytes() == sent,
        Body::Cbor(value) => cbor::read(sent).is_ok_and(|came| cbor::same(value, &came)),
        Body::Form(text) => pairs(text) == pairs(&came),
        Body::Xml(text) => xml::same(text, &came),
        Body::Json(value) => {
            serde_json::from_slice::<Value>(sent).is_ok_and(|came| same_json(value, &came))
        }
    };
    let came = match wanted {
        Body::Cbor(_) => cbor::read(sent).map_or(format!("{sent:?}"), |came| format!("{came:?}")),
        _ => came.into_owned(),
    };
    let wanted = match wanted {
        Body::Text(text) | Body::Form(text) | Body::Xml(text) => text.clone(),
        Body::Cbor(value) => format!("{value:?}"),
        Body::Json(value) => value.to_string(),
    };
    (!same).then(|| format!("body: wanted `{wanted}`, came `{came}`"))
}

/// The pairs of a form, in an order of their own. A space has two encodings.
fn pairs(form: &str) -> Vec<String> {
    let mut pairs: Vec<String> = form
        .split('&')
        .map(|pair| pair.replace('+', "%20"))
        .collect();
    pairs.sort();
    pairs
}

/// Equality in which 1 is 1.0.
fn same_json(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => one == two || one.as_f64() == two.as_f64(),
        (Value::Array(one), Value::Array(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same_json(one, two))
        }
        (Value::Object(one), Value::Object(two)) => {
            one.len() == two.len()
                && one
                    .iter()
                    .all(|(key, one)| two.get(key).is_some_and(|two| same_json(one, two)))
        }
        _ => one == two,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Body, Sent, Wanted, judge};

    fn wanted() -> Wanted {
        Wanted {
            method: "PUT".to_owned(),
            path: "/a%20b".to_owned(),
            query_params: vec!["q=1".to_owned()],
            headers: vec![("X-List".to_owned(), "a, b".to_owned())],
            body: Some(Body::json("{\"a\": 1}".to_owned())),
            host: Some("foo.example.com".to_owned()),
            auth_scheme: Some("aws.auth#sigv4".to_owned()),
            ..Wanted::default()
        }
    }

    fn sent() -> Sent {
        Sent::from_value(&json!({
            "method": "PUT",
            "host": "foo.example.com",
            "path": "/a%20b",
            "query": "q=1&r",
            "headers": [["x-list", "a"], ["X-List", "b"], ["authorization", "AWS4-HMAC-SHA256 x"]],
            "body": b"{\"a\":1.0}".to_vec(),
        }))
    }

    #[test]
    fn a_request_as_wanted_has_no_problems() {
        assert_eq!(judge(&wanted(), &sent()), Vec::<String>::new());
    }

    #[test]
    fn every_part_of_a_request_is_looked_at() {
        type Spoil = fn(&mut Wanted);
        let spoil: [(&str, Spoil); 11] = [
            ("method", |wanted| wanted.method = "GET".to_owned()),
            ("path", |wanted| wanted.path = "/".to_owned()),
            ("host", |wanted| {
                wanted.host = Some("example.com".to_owned())
            }),
            ("query", |wanted| {
                wanted.query = Some(vec!["q=1".to_owned()])
            }),
            ("query", |wanted| wanted.query_params.push("q=1".to_owned())),
            ("query", |wanted| {
                wanted.forbid_query_params.push("r".to_owned())
            }),
            ("query", |wanted| {
                wanted.require_query_params.push("s".to_owned())
            }),
            ("header", |wanted| wanted.headers[0].1 = "a,b".to_owned()),
            ("header", |wanted| {
                wanted.forbid_headers.push("x-list".to_owned())
            }),
            ("header", |wanted| {
                wanted.require_headers.push("Host".to_owned())
            }),
            ("body", |wanted| {
                wanted.body = Some(Body::Text("{\"a\":1}".to_owned()))
            }),
        ];
        for (part, spoil) in spoil {
            let mut wanted = wanted();
            spoil(&mut wanted);
            let problems = judge(&wanted, &sent());
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].starts_with(part), "{problems:?}");
        }
    }
}
