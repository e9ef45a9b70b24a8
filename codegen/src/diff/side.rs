//! One of the two models, ready to be compared: as JSON for the walk, as the mirror for the rules, and lowered.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Version;
use super::overlay;
use super::rename;
use super::validation::Judge;
use crate::ast::own_traits::OwnTraits;
use crate::ast::{self, Member, Model, Shape, ShapeId, Simple, Traits, UNIT, ledger, trait_id};
use crate::error::{Error, Result};
use crate::model::{Service, Usage, lower, reach};

/// A model, ready to be compared.
#[derive(Debug)]
pub(super) struct Side {
    /// The whole model with its overlay, including keys that the mirror does not have.
    pub(super) json: Value,
    /// The same as the mirror, without other keys.
    model: Model,
    /// The id of its service.
    pub(super) service: ShapeId,
    /// Where each shape is sent; a shape that is not in this map is in no message.
    reach: BTreeMap<ShapeId, Usage>,
    /// The model of the crate, or the reason why none can be generated.
    pub(super) generated: Result<Service>,
    /// Statements of the overlay: place and trait.
    pub(super) stated: BTreeSet<(String, String)>,
    /// Statements of the overlay that no longer apply: place and reason.
    pub(super) misfits: Vec<(String, String)>,
    /// Compares the constraints of this version with those of the other one.
    pub(super) judge: Judge,
    none: Traits,
}

impl Side {
    /// Reads a version.
    pub(super) fn new(version: &Version<'_>, own: &OwnTraits) -> Result<Self> {
        let overlay = version
            .overlay
            .map(|(file, text)| ast::read_overlay(file, text))
            .transpose()?;
        Self::read(version, version.model.clone(), overlay, own)
    }

    /// Reads a version as if its service and its namespace had the names of `service`, so that two models of one
    /// service can be compared that name it differently.
    pub(super) fn renamed(
        &self,
        version: &Version<'_>,
        service: &ShapeId,
        own: &OwnTraits,
    ) -> Result<Self> {
        let mut model = version.model.clone();
        rename::rename(&mut model, &self.service, service);
        let overlay = match version.overlay {
            Some((file, text)) => {
                let mut overlay = ast::read_overlay(file, text)?;
                rename::rename(&mut overlay, &self.service, service);
                Some(overlay)
            }
            None => None,
        };
        Self::read(version, model, overlay, own)
    }

    fn read(
        version: &Version<'_>,
        mut json: Value,
        overlay: Option<Value>,
        own: &OwnTraits,
    ) -> Result<Self> {
        let (stated, misfits) = match overlay {
            Some(overlay) => overlay::merge(&mut json, overlay),
            None => Default::default(),
        };
        let (model, errors) = Model::read_what_is_known(json.clone());
        let unread = errors.into_iter().next();
        let service = match (model.service(), &unread) {
            (Ok((id, ..)), _) => id.clone(),
            (Err(_), Some(error)) => return Err(error.clone().in_file(version.name)),
            (Err(error), None) => return Err(error.in_file(version.name)),
        };
        Ok(Self {
            reach: reach(&model, version.operations),
            generated: lowered(&model, unread, version.operations, own),
            json,
            model,
            service,
            stated,
            misfits,
            judge: Judge::default(),
            none: Traits::default(),
        })
    }

    /// The shapes by id.
    pub(super) fn shapes(&self) -> &BTreeMap<ShapeId, Shape> {
        &self.model.shapes
    }

    /// A shape.
    pub(super) fn shape(&self, id: &str) -> Option<&Shape> {
        self.model.shapes.get(id)
    }

    /// The type of a shape, with those of Smithy's prelude.
    pub(super) fn type_of(&self, id: &str) -> &'static str {
        match self.shape(id) {
            Some(shape) => shape.type_name(),
            None if id == UNIT => "unit",
            None => {
                let simple = ShapeId::parse(id).ok();
                let simple = simple.and_then(|id| Simple::of_prelude(&id));
                simple.map_or("missing", Simple::name)
            }
        }
    }

    /// The traits of a shape or one of its members.
    pub(super) fn traits(&self, id: &str, member: Option<&str>) -> &Traits {
        let traits = match member {
            Some(member) => self.member(id, member).map(|member| &member.traits),
            None => self.shape(id).map(|shape| &shape.traits),
        };
        traits.unwrap_or(&self.none)
    }

    /// A member of a shape.
    pub(super) fn member(&self, id: &str, name: &str) -> Option<&Member> {
        self.shape(id)?.member(name)
    }

    /// The members of a shape by name; lists have `member`, maps `key` and `value`.
    pub(super) fn members(&self, id: &str) -> Vec<(&str, &Member)> {
        self.shape(id).map_or_else(Vec::new, Shape::members)
    }

    /// Where a shape is sent.
    pub(super) fn usage(&self, id: &str) -> Usage {
        self.reach.get(id).copied().unwrap_or_default()
    }

    /// The trait of the protocol that clients use; `None` for one that is not supported.
    pub(super) fn protocol(&self) -> Option<&'static str> {
        let traits = self.traits(self.service.as_str(), None);
        PROTOCOLS.into_iter().find(|id| traits.has(id))
    }

    /// Whether messages have more than a body.
    pub(super) fn is_rest(&self) -> bool {
        !matches!(
            self.protocol(),
            Some(
                trait_id::AWS_JSON_1_0
                    | trait_id::AWS_JSON_1_1
                    | trait_id::AWS_QUERY
                    | trait_id::EC2_QUERY
                    | trait_id::RPC_V2_CBOR
            )
        )
    }

    /// Whether requests have the header `X-Amz-Target`.
    pub(super) fn is_aws_json(&self) -> bool {
        matches!(
            self.protocol(),
            Some(trait_id::AWS_JSON_1_0 | trait_id::AWS_JSON_1_1)
        )
    }

    /// Whether requests name the service shape.
    pub(super) fn is_target(&self) -> bool {
        self.is_aws_json() || self.protocol() == Some(trait_id::RPC_V2_CBOR)
    }

    /// Whether messages have XML or forms.
    pub(super) fn is_xml(&self) -> bool {
        matches!(
            self.protocol(),
            Some(trait_id::AWS_QUERY | trait_id::EC2_QUERY)
        )
    }
}

/// The protocols that are supported. Where a service offers several, clients use the first.
pub(super) const PROTOCOLS: [&str; 6] = [
    trait_id::AWS_JSON_1_0,
    trait_id::AWS_JSON_1_1,
    trait_id::REST_JSON_1,
    trait_id::RPC_V2_CBOR,
    trait_id::AWS_QUERY,
    trait_id::EC2_QUERY,
];

/// The input of the plan. A trait that the ledger does not list is a change to report, and does not end the comparison;
/// a refused one ends the generation.
fn lowered(
    model: &Model,
    unread: Option<Error>,
    operations: Option<&[String]>,
    own: &OwnTraits,
) -> Result<Service> {
    if let Some(error) = unread {
        return Err(error);
    }
    ledger::refuse_traits(model, own)?;
    lower(model, operations)
}
