//! Tests of endpoint rules that the rules do not pass.
//!
//! A failed test of a client crate does not show the cause. Rules and their tests are therefore compared here, before the
//! crate is written: the tests of an overlay may belong to older rules than those of the model.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value as Json;

use super::cases::{self, Case, Expect};
use super::decision::Decision;
use super::evaluate::{self, Answer, Resolved, Value};
use super::need::Rules;
use super::rules::AuthScheme;
use super::typing;
use crate::ast::trait_id;
use crate::error::{Context, Result};

/// A test whose expectation differs from the result of the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// The index of the test in `testCases`.
    pub index: usize,
    /// The parameters of the test, in words.
    pub given: String,
    /// What the test expects, in words.
    pub expected: String,
    /// The result of the rules, in words.
    pub found: String,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            index,
            given,
            expected,
            found,
        } = self;
        write!(
            formatter,
            "testCases[{index}] ({given}) expects {expected}, and the rules give {found}"
        )
    }
}

/// The tests of `smithy.rules#endpointTests` that the rules of the same service do not pass, as they concern a client:
/// tests with a parameter that a client never sets are left out. `context` as for
/// [`endpoint_module`](super::endpoint_module).
///
/// # Errors
/// As [`endpoint_module`](super::endpoint_module).
pub fn contradictions(
    rules: Rules<'_>,
    tests: &Json,
    context: &BTreeSet<String>,
) -> Result<Vec<Contradiction>> {
    let (rule_set, place) = rules.read(context)?;
    let decision = typing::decision(&rule_set, context).at(place)?;
    let all = cases::read(tests).at(trait_id::ENDPOINT_TESTS)?;
    let mut found = Vec::new();
    for (index, case) in all.iter().enumerate() {
        let at = format_args!("testCases[{index}]");
        let contradiction = contradiction(&decision, index, case);
        found.extend(contradiction.at(at).at(trait_id::ENDPOINT_TESTS)?);
    }
    Ok(found)
}

fn contradiction(decision: &Decision, index: usize, case: &Case) -> Result<Option<Contradiction>> {
    let Some(given) = values(decision, &case.params)? else {
        return Ok(None);
    };
    let expected = expected(&case.expect);
    let found = evaluate::evaluate(decision, &given)?;
    Ok((found != expected).then(|| Contradiction {
        index,
        given: words(&case.params),
        expected: shown(&expected),
        found: shown(&found),
    }))
}

/// The values of the parameters of a test; `None` if a client cannot set them.
fn values(
    decision: &Decision,
    params: &BTreeMap<String, Json>,
) -> Result<Option<BTreeMap<String, Value>>> {
    let mut values = BTreeMap::new();
    for (name, value) in params {
        if decision.never_set.contains(name) {
            return Ok(None);
        }
        let value = match value {
            Json::Bool(flag) => Value::Boolean(*flag),
            Json::String(text) => Value::Text(text.clone()),
            other => Value::Texts(cases::texts(name, other)?),
        };
        values.insert(name.clone(), value);
    }
    Ok(Some(values))
}

fn expected(expect: &Expect) -> Answer {
    let endpoint = match expect {
        Expect::Error(message) => return Err(message.clone()),
        Expect::Endpoint(endpoint) => endpoint,
    };
    let headers = endpoint.headers.iter().flat_map(|(name, values)| {
        let name = name.to_ascii_lowercase();
        values
            .iter()
            .map(move |value| (name.clone(), value.clone()))
    });
    Ok(Resolved {
        url: evaluate::without_slash(endpoint.url.clone()),
        auth_schemes: endpoint.auth_schemes().to_vec(),
        headers: headers.collect(),
        backend: endpoint.backend().map(str::to_owned),
    })
}

/// Parameters in words; flags that are off are left out.
fn words(params: &BTreeMap<String, Json>) -> String {
    let word = |(name, value): (&String, &Json)| match value {
        Json::Bool(false) => None,
        Json::Bool(true) => Some(name.clone()),
        Json::String(text) => Some(format!("{name} {text}")),
        other => Some(format!("{name} {other}")),
    };
    let words: Vec<String> = params.iter().filter_map(word).collect();
    match words.is_empty() {
        true => "no parameters".to_owned(),
        false => words.join(", "),
    }
}

fn shown(answer: &Answer) -> String {
    let endpoint = match answer {
        Err(message) => return format!("the error `{message}`"),
        Ok(endpoint) => endpoint,
    };
    let mut text = endpoint.url.clone();
    let is_only = endpoint.auth_schemes.len() == 1;
    let schemes = endpoint.auth_schemes.iter();
    let schemes = schemes.map(|scheme| shown_scheme(scheme, is_only));
    let schemes: Vec<String> = schemes.filter(|scheme| !scheme.is_empty()).collect();
    if !schemes.is_empty() {
        text.push_str(&format!(" signed {}", schemes.join(" or ")));
    }
    for (name, value) in &endpoint.headers {
        text.push_str(&format!(" with the header {name}: {value}"));
    }
    if let Some(backend) = &endpoint.backend {
        text.push_str(&format!(" of the backend {backend}"));
    }
    text
}

/// An auth scheme in words. The name of `sigv4` is left out if it is the only one.
fn shown_scheme(scheme: &AuthScheme, is_only: bool) -> String {
    let mut words = Vec::new();
    if scheme.name != "sigv4" || !is_only {
        words.push(format!("with {}", scheme.name));
    }
    let service = scheme.signing_name.as_ref();
    let regions = scheme
        .signing_region
        .iter()
        .chain(&scheme.signing_region_set);
    let signed: Vec<String> = service
        .map(|name| format!("the service {name}"))
        .into_iter()
        .chain(regions.map(|region| format!("the region {region}")))
        .collect();
    if !signed.is_empty() {
        words.push(format!("for {}", signed.join(" and ")));
    }
    if scheme.disable_double_encoding {
        words.push("with the path encoded once".to_owned());
    }
    if scheme.disable_normalize_path {
        words.push("with the path not normalised".to_owned());
    }
    words.join(" ")
}
