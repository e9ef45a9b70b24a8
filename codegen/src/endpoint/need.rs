//! Finds the values of a request that the rules need.
//!
//! An operation may set many parameters of the rules, of which only few decide where its requests go. To find them, the
//! rules are evaluated with the parameters unknown. A parameter is needed if a remaining test, URL, header or signature
//! reads it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::rules::RuleSet;
use super::{bdd, decision, typing};
use crate::ast::trait_id;
use crate::error::{Context, Result};

/// The trait with the rules of a service.
#[derive(Clone, Copy, Debug)]
pub enum Rules<'a> {
    /// `smithy.rules#endpointRuleSet`
    RuleSet(&'a Value),
    /// `smithy.rules#endpointBdd`
    Diagram(&'a Value),
}

impl<'a> Rules<'a> {
    fn parameters(self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        let (Self::RuleSet(document) | Self::Diagram(document)) = self;
        let parameters = document.get("parameters").and_then(Value::as_object);
        parameters.into_iter().flatten()
    }

    /// The rules, and the trait that has them. `context` names the parameters that operations set.
    pub(super) fn read(self, context: &BTreeSet<String>) -> Result<(RuleSet, &'static str)> {
        let (rule_set, place) = match self {
            Self::RuleSet(document) => (RuleSet::read(document), trait_id::ENDPOINT_RULE_SET),
            Self::Diagram(document) => (bdd::read(document, context), trait_id::ENDPOINT_BDD),
        };
        Ok((rule_set.at(place)?, place))
    }

    /// The parameters that are bound to a value of the client, each with the `builtIn` that it is bound to. Parameters
    /// that are malformed are left out here: reading the rules refuses them.
    pub fn built_ins(self) -> BTreeMap<String, String> {
        let bound = |(name, parameter): (&String, &Value)| {
            Some((name.clone(), parameter.get("builtIn")?.as_str()?.to_owned()))
        };
        self.parameters().filter_map(bound).collect()
    }

    /// The names of all parameters.
    pub fn names(self) -> BTreeSet<String> {
        self.parameters().map(|(name, _)| name.clone()).collect()
    }

    /// The parameters among `of_request`, which requests of an operation set, that decide the endpoint. `of_operation`
    /// are the values that the operation sets itself (`smithy.rules#staticContextParams`), `others` the parameters that
    /// clients may set.
    ///
    /// Rules that cannot be evaluated need all of them, because their result is unknown.
    pub fn needed(
        self,
        of_operation: &BTreeMap<String, Value>,
        of_request: &BTreeSet<String>,
        others: &BTreeSet<String>,
    ) -> BTreeSet<String> {
        self.read_parameters(of_operation, of_request, others)
            .unwrap_or_else(|_| of_request.clone())
    }

    fn read_parameters(
        self,
        of_operation: &BTreeMap<String, Value>,
        of_request: &BTreeSet<String>,
        others: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>> {
        let unknown: BTreeSet<String> = of_request
            .union(others)
            .filter(|name| !of_operation.contains_key(*name))
            .cloned()
            .collect();
        let (Self::RuleSet(document) | Self::Diagram(document)) = self;
        let mut document = document.clone();
        for (name, value) in of_operation {
            if let Some(parameter) = document["parameters"].get_mut(name) {
                parameter["default"] = value.clone();
            }
        }
        let rule_set = match self {
            Self::RuleSet(_) => RuleSet::read(&document)?,
            Self::Diagram(_) => bdd::read(&document, &unknown)?,
        };
        let mut decision = typing::decision(&rule_set, &unknown)?;
        let read = decision::drop_unused(&mut decision.branches);
        let parameters = decision.parameters.into_iter();
        Ok(parameters
            .filter(|parameter| read.contains(&parameter.ident))
            .map(|parameter| parameter.name)
            .filter(|name| of_request.contains(name))
            .collect())
    }
}
