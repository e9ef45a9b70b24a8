//! Finds the values of a request that the rules need.
//!
//! Generated rules have the client's settings and the parameters that an operation sets, but no request. A parameter
//! that a request would set has its default there. To find out whether that changes the endpoint, the rules are
//! evaluated with the parameter unknown. The parameter is needed if a remaining test or URL reads it.

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

impl Rules<'_> {
    /// The rules, and the trait that has them. `context` names the parameters that operations set.
    pub(super) fn read(self, context: &BTreeSet<String>) -> Result<(RuleSet, &'static str)> {
        let (rule_set, place) = match self {
            Self::RuleSet(document) => (RuleSet::read(document), trait_id::ENDPOINT_RULE_SET),
            Self::Diagram(document) => (bdd::read(document, context), trait_id::ENDPOINT_BDD),
        };
        Ok((rule_set.at(place)?, place))
    }

    /// The parameters among `of_request`, which requests of an operation set, that decide the endpoint. `of_operation`
    /// are the values that the operation sets itself (`smithy.rules#staticContextParams`).
    ///
    /// Rules that cannot be evaluated need all of them, because their result is unknown.
    pub fn needed(
        self,
        of_operation: &BTreeMap<String, Value>,
        of_request: &BTreeSet<String>,
    ) -> BTreeSet<String> {
        self.read_parameters(of_operation, of_request)
            .unwrap_or_else(|_| of_request.clone())
    }

    fn read_parameters(
        self,
        of_operation: &BTreeMap<String, Value>,
        of_request: &BTreeSet<String>,
    ) -> Result<BTreeSet<String>> {
        let (Self::RuleSet(document) | Self::Diagram(document)) = self;
        let mut document = document.clone();
        for (name, value) in of_operation {
            if let Some(parameter) = document["parameters"].get_mut(name) {
                parameter["default"] = value.clone();
            }
        }
        let rule_set = match self {
            Self::RuleSet(_) => RuleSet::read(&document)?,
            Self::Diagram(_) => bdd::read(&document, of_request)?,
        };
        let mut decision = typing::decision(&rule_set, of_request)?;
        let read = decision::drop_unused(&mut decision.branches);
        let parameters = decision.parameters.into_iter();
        Ok(parameters
            .filter(|parameter| read.contains(&parameter.ident))
            .map(|parameter| parameter.name)
            .filter(|name| of_request.contains(name))
            .collect())
    }
}
