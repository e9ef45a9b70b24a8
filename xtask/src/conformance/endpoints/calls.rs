//! The calls that endpoint tests describe (`operationInputs`): made with generated clients, whose requests must go where the
//! test says, with its headers and its signature.
//!
//! The clients are those of the protocol suites: a call is a case of a suite, and its settings stand in place of the URL
//! that these cases have.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use attache_codegen::model::EndpointSetting;
use attache_codegen::protocol_tests::{Case, Exchange};
use serde_json::Value;

use super::super::client;
use super::super::request::Sent;
use super::super::suite::{Kind, Suite, SuiteCase};
use super::super::table;
use super::answer::{Answer, Endpoint};
use super::cases::Service;
use crate::import::source;

/// The settings that clients of all services have.
const SETTINGS: [(&str, &str); 6] = [
    ("AWS::Region", "region"),
    ("AWS::UseFIPS", "fips"),
    ("AWS::UseDualStack", "dual-stack"),
    ("SDK::Endpoint", "url"),
    ("AWS::Auth::AccountId", "account"),
    ("AWS::Auth::AccountIdEndpointMode", "mode"),
];

/// How a client says that it cannot authenticate requests as the rules want.
const UNSIGNABLE: &str = "requests to this endpoint are authenticated by";

/// The results of the calls.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// What is wrong with the calls of a test: by service, and the index of the test.
    pub(super) problems: BTreeMap<(String, usize), String>,
    /// How many calls were as the tests say.
    pub(super) passed: usize,
    /// How many could not be made, by reason.
    pub(super) left_out: BTreeMap<String, usize>,
}

/// Makes all calls of the tests.
///
/// # Errors
/// Models that cannot be read, and generated code that does not compile.
pub(super) fn run(workspace: &Path, services: &[Service]) -> Result<Calls> {
    let mut calls = Calls::default();
    let mut wanted = Vec::new();
    let mut modules = Vec::new();
    let mut verdicts = BTreeMap::new();
    for service in services {
        let mut cases = Vec::new();
        for case in &service.cases {
            for input in &case.inputs {
                match call(input) {
                    Ok(call) => cases.push((case, call)),
                    Err(reason) => *calls.left_out.entry(reason).or_default() += 1,
                }
            }
        }
        let Some(model) = service.model.as_ref().filter(|_| !cases.is_empty()) else {
            continue;
        };
        let first = wanted.len();
        let suite = suite(model, cases.iter().map(|(_, call)| call.clone()));
        modules.push(client::generate(&suite, first, &mut verdicts)?);
        wanted.extend(cases.into_iter().map(|(case, _)| (&service.name, case)));
    }
    for (number, verdict) in verdicts {
        if let (table::Verdict::Failed(problems), Some((name, _))) = (verdict, wanted.get(number)) {
            let reason = format!("{name}: {}", problems.join(", "));
            *calls.left_out.entry(reason).or_default() += 1;
        }
    }
    for line in client::build_and_run(workspace, &modules)? {
        let number = line["case"]
            .as_u64()
            .and_then(|number| usize::try_from(number).ok());
        let Some((name, case)) = number.and_then(|number| wanted.get(number)) else {
            continue;
        };
        match judge(&line, &case.expected) {
            None => calls.passed += 1,
            // The client refuses by name what it cannot sign.
            Some(problem) if problem.contains(UNSIGNABLE) => {
                *calls
                    .left_out
                    .entry(format!("{name}: {problem}"))
                    .or_default() += 1;
            }
            Some(problem) => {
                let place = ((*name).clone(), case.index);
                calls.problems.insert(place, problem);
            }
        }
    }
    Ok(calls)
}

fn suite(path: &Path, calls: impl Iterator<Item = Case>) -> Suite {
    let model = source::load(path).and_then(|(_, texts)| texts.normal_form());
    Suite {
        name: path.display().to_string(),
        model: model
            .map(|model| model.to_string())
            .map_err(|error| format!("{error:#}")),
        cases: calls
            .map(|case| SuiteCase {
                file: String::new(),
                protocol: String::new(),
                kind: Kind::C2jInput,
                case,
                wanted: None,
            })
            .collect(),
    }
}

/// The call of an input; the error says why it cannot be made.
fn call(input: &Value) -> Result<Case, String> {
    let mut settings = Vec::new();
    let built_ins = input.get("builtInParams").and_then(Value::as_object);
    for (name, value) in built_ins.into_iter().flatten() {
        settings.push(setting(name, value)?);
    }
    let operation = input.get("operationName").and_then(Value::as_str);
    let operation = operation.ok_or_else(|| "it names no operation".to_owned())?;
    let members = input.get("operationParams").cloned();
    let members = members.unwrap_or_else(|| Value::Object(Default::default()));
    let of_client = input.get("clientParams").and_then(Value::as_object);
    Ok(Case {
        id: operation.to_owned(),
        operation: operation.to_owned(),
        endpoint: format!("settings\n{}", settings.join("\n")),
        exchange: match of_client {
            Some(of_client) => Exchange::ConfiguredRequest(of_client.clone(), members),
            None => Exchange::Request(members),
        },
    })
}

/// A built-in as a line for the program: a setting of all clients, else a variable or a setting of the profile.
fn setting(name: &str, value: &Value) -> Result<String, String> {
    if let Some((_, setting)) = SETTINGS.iter().find(|(known, _)| *known == name) {
        let text = value.as_str().map(str::to_owned);
        return Ok(format!(
            "{setting} {}",
            text.unwrap_or_else(|| value.to_string())
        ));
    }
    let setting = EndpointSetting::of_built_in(name).map_err(|error| error.to_string())?;
    let setting = setting.ok_or_else(|| format!("clients have no setting for {name}"))?;
    let mut words = setting.words.iter();
    let (word, _) = words
        .find(|(_, meaning)| value.as_bool() == Some(**meaning))
        .ok_or_else(|| format!("{name} cannot be {value}"))?;
    Ok(match (setting.variable, setting.settings.first()) {
        (Some(variable), _) => format!("variable {variable} {word}"),
        (None, Some(setting)) => format!("profile {setting} {word}"),
        (None, None) => return Err(format!("nothing sets {name}")),
    })
}

/// What is wrong with a call.
fn judge(line: &Value, expected: &Answer) -> Option<String> {
    match (expected, line["failed"].as_str(), line.get("sent")) {
        (Answer::Error(message), Some(failed), _) if failed.contains(message.as_str()) => None,
        (Answer::Error(message), Some(failed), _) => {
            Some(format!("wanted {message}, came {failed}"))
        }
        (Answer::Error(message), None, _) => Some(format!("wanted {message}, and it was sent")),
        (Answer::Endpoint(_), Some(failed), _) => Some(failed.to_owned()),
        (Answer::Endpoint(endpoint), None, Some(sent)) => {
            differences(endpoint, &Sent::from_value(sent))
        }
        _ => Some("the call reported nothing".to_owned()),
    }
}

fn differences(endpoint: &Endpoint, sent: &Sent) -> Option<String> {
    let host = endpoint.url.split("://").nth(1).unwrap_or_default();
    let (host, path) = host.split_once('/').unwrap_or((host, ""));
    if sent.host != host {
        return Some(format!("wanted the host {host}, came {}", sent.host));
    }
    if !sent.path.trim_start_matches('/').starts_with(path) {
        return Some(format!("wanted a path below /{path}, came {}", sent.path));
    }
    let header = |name: &str| {
        let found = sent.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    for (name, values) in &endpoint.headers {
        if !values.iter().any(|value| value == header(name)) {
            return Some(format!("wanted {name}: {values:?}, came {}", header(name)));
        }
    }
    let scope = header("authorization")
        .split("Credential=")
        .nth(1)
        .unwrap_or_default();
    let scope: Vec<&str> = scope.split(['/', ',']).collect();
    let scheme = endpoint.auth_schemes.first()?;
    let region = scheme.signing_region.as_deref();
    let service = scheme.signing_name.as_deref();
    // A scope of `sigv4a` has no region: the set of regions is in a header.
    let set = scheme.signing_region_set.join(",");
    let (region, signed_region, signed_service) = match scheme.name.as_str() {
        "sigv4a" => (Some(set.as_str()), header("x-amz-region-set"), scope.get(2)),
        _ => (region, *scope.get(2).unwrap_or(&""), scope.get(3)),
    };
    let is_right = region.is_none_or(|region| region == signed_region)
        && service.is_none_or(|service| signed_service == Some(&service));
    (!is_right).then(|| format!("wanted a signature as {scheme:?}, came {scope:?}"))
}
