//! Members of requests that the endpoint rules read.
//!
//! A member sets a parameter of the rules (`smithy.rules#contextParam`), or a path below a request does
//! (`smithy.rules#operationContextParams`). A request sets only the parameters that the rules need for its operation:
//! the endpoint of the others is evaluated once for each client.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::request_values::Expression;
use crate::ast::{Shape, Traits, trait_id};
use crate::endpoint::Rules;
use crate::error::{Context, Error, Result};
use crate::model::{
    ClientParameter, ClientParameterType, EndpointInput, EndpointInputSource, EndpointSetting,
};

/// The parameters that an operation sets itself, as text, and those that its requests set.
type Question = (String, BTreeSet<String>);

/// The rules of a service, and cached results, because many operations have the same parameters.
pub(super) struct RequestParameters<'a> {
    rules: Option<Rules<'a>>,
    client: Vec<ClientParameter>,
    inputs: Vec<EndpointInput>,
    known: BTreeMap<Question, BTreeSet<String>>,
}

impl<'a> RequestParameters<'a> {
    /// The rules that a client is generated from.
    ///
    /// # Errors
    /// A setting of the client that is not as the specification describes it; a built-in that is not known.
    pub(super) fn of(service: &'a Traits) -> Result<Self> {
        let rules = service.get(trait_id::ENDPOINT_RULE_SET);
        let diagram = service.get(trait_id::ENDPOINT_BDD);
        let rules = rules.map(Rules::RuleSet).or(diagram.map(Rules::Diagram));
        let client = client_parameters(rules, service).at(trait_id::CLIENT_CONTEXT_PARAMS)?;
        Ok(Self {
            inputs: inputs(rules, &client)?,
            client,
            rules,
            known: BTreeMap::new(),
        })
    }

    pub(super) fn client_parameters(&self) -> &[ClientParameter] {
        &self.client
    }

    pub(super) fn inputs(&self) -> &[EndpointInput] {
        &self.inputs
    }

    /// The expressions for the parameters that the requests of an operation must set, by the names of the parameters.
    pub(super) fn needed(
        &mut self,
        operation: &Traits,
        input: Option<&Shape>,
    ) -> BTreeMap<String, String> {
        let mut members = members(operation, input);
        let Some(rules) = self.rules.filter(|_| !members.is_empty()) else {
            return BTreeMap::new();
        };
        let of_operation = static_values(operation);
        let of_request: BTreeSet<String> = members.keys().cloned().collect();
        let of_client = self.client.iter().map(|parameter| &parameter.name);
        let inputs = self.inputs.iter().map(|input| &input.parameter);
        let others = of_client.chain(inputs).cloned().collect();
        let question = (format!("{of_operation:?}"), of_request);
        let needed = self
            .known
            .entry(question)
            .or_insert_with_key(|(_, of_request)| rules.needed(&of_operation, of_request, &others));
        members.retain(|name, _| needed.contains(name));
        members
    }

    /// Why an operation must not be generated, if its requests cannot set a parameter that the rules need.
    pub(super) fn refusal(&mut self, operation: &Traits, input: Option<&Shape>) -> Option<String> {
        let needed = self.needed(operation, input);
        needed.iter().find_map(|(parameter, path)| {
            let problem = Expression::parse(path).err()?;
            Some(format!(
                "the endpoint rules read `{path}` of its request (their parameter `{parameter}`), and {problem}"
            ))
        })
    }
}

/// The parameters that come from the configuration: those that are bound to a built-in, and those that only a trait
/// names.
fn inputs(rules: Option<Rules<'_>>, client: &[ClientParameter]) -> Result<Vec<EndpointInput>> {
    let built_ins = rules.map(Rules::built_ins).unwrap_or_default();
    let mut inputs = Vec::new();
    for ClientParameter { name, .. } in client {
        if built_ins.contains_key(name) {
            continue;
        }
        if let Some(setting) = EndpointSetting::of_client_parameter(name)? {
            inputs.push(EndpointInput {
                parameter: name.clone(),
                source: EndpointInputSource::Setting(setting),
            });
        }
    }
    let names: Vec<&str> = built_ins.values().map(String::as_str).collect();
    for (parameter, setting) in EndpointSetting::beside(&names)? {
        inputs.push(EndpointInput {
            parameter,
            source: EndpointInputSource::Setting(setting),
        });
    }
    for (parameter, built_in) in built_ins {
        let source = EndpointInputSource::of(&built_in);
        let source = source.at(format_args!("parameters.{parameter}"));
        if let Some(source) = source.at("the endpoint rules")? {
            inputs.push(EndpointInput { parameter, source });
        }
    }
    Ok(inputs)
}

/// The trait `smithy.rules#clientContextParams`, as far as the rules have its parameters.
fn client_parameters(rules: Option<Rules<'_>>, service: &Traits) -> Result<Vec<ClientParameter>> {
    #[derive(Deserialize)]
    struct Setting {
        r#type: ClientParameterType,
    }
    let settings: Option<BTreeMap<String, Setting>> =
        service.parse(trait_id::CLIENT_CONTEXT_PARAMS)?;
    let names = rules.map(Rules::names).unwrap_or_default();
    let settings = settings.unwrap_or_default().into_iter();
    let known = settings.filter(|(name, _)| names.contains(name));
    known
        .map(|(name, setting)| {
            let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            if !name.bytes().all(is_word) {
                return Err(Error::new(format!("`{name}` is not an identifier")));
            }
            let ty = setting.r#type;
            Ok(ClientParameter { name, ty })
        })
        .collect()
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
