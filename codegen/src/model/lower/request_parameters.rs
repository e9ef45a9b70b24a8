//! Members of requests that the endpoint rules read.
//!
//! Generated rules do not see requests. If a member decides the host of a request (`smithy.rules#contextParam`,
//! `smithy.rules#operationContextParams`), the client would send the request to a host that the rules did not choose.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::ast::{Shape, Traits, trait_id};
use crate::endpoint::Rules;

/// The parameters that an operation sets itself, as text, and those that its requests set.
type Question = (String, BTreeSet<String>);

/// The rules of a service, and cached results, because many operations have the same parameters.
pub(super) struct RequestParameters<'a> {
    rules: Option<Rules<'a>>,
    known: BTreeMap<Question, BTreeSet<String>>,
}

impl<'a> RequestParameters<'a> {
    /// The rules that a client is generated from.
    pub(super) fn of(service: &'a Traits) -> Self {
        let rules = service.get(trait_id::ENDPOINT_RULE_SET);
        let diagram = service.get(trait_id::ENDPOINT_BDD);
        Self {
            rules: rules.map(Rules::RuleSet).or(diagram.map(Rules::Diagram)),
            known: BTreeMap::new(),
        }
    }

    /// Why an operation must not be generated, if its input has members that the rules need.
    pub(super) fn refusal(&mut self, operation: &Traits, input: Option<&Shape>) -> Option<String> {
        let rules = self.rules?;
        let members = members(operation, input);
        if members.is_empty() {
            return None;
        }
        let of_operation = static_values(operation);
        let of_request: BTreeSet<String> = members.keys().cloned().collect();
        let question = (format!("{of_operation:?}"), of_request);
        let needed = self
            .known
            .entry(question)
            .or_insert_with_key(|(_, of_request)| rules.needed(&of_operation, of_request));
        let (parameter, member) = members.iter().find(|(name, _)| needed.contains(*name))?;
        Some(format!(
            "the endpoint rules read `{member}` of its request (their parameter `{parameter}`), and rules that see \
             requests are not supported"
        ))
    }
}

/// The parameters that the operation sets itself.
fn static_values(operation: &Traits) -> BTreeMap<String, Value> {
    let parameters = operation.get(trait_id::STATIC_CONTEXT_PARAMS);
    let parameters = parameters.and_then(Value::as_object).into_iter().flatten();
    parameters
        .filter_map(|(name, parameter)| Some((name.clone(), parameter.get("value")?.clone())))
        .collect()
}

/// The members of a request, or the paths below it, by the parameters that they set.
fn members(operation: &Traits, input: Option<&Shape>) -> BTreeMap<String, String> {
    let paths = operation.get(trait_id::OPERATION_CONTEXT_PARAMS);
    let paths = paths.and_then(Value::as_object).into_iter().flatten();
    let paths = paths.filter_map(|(parameter, value)| {
        Some((parameter.clone(), value.get("path")?.as_str()?.to_owned()))
    });
    let members = input.map(Shape::members).unwrap_or_default();
    let members = members.into_iter().filter_map(|(name, member)| {
        let parameter = member.traits.get(trait_id::CONTEXT_PARAM)?.get("name")?;
        Some((parameter.as_str()?.to_owned(), name.to_owned()))
    });
    // A member takes precedence over a path (Smithy specification, "Rules engine parameters").
    paths.chain(members).collect()
}
