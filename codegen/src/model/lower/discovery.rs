//! Endpoint discovery: `aws.api#clientEndpointDiscovery` of the service, `aws.api#clientDiscoveredEndpoint` of operations,
//! and `aws.api#clientEndpointDiscoveryId` of the members that choose an endpoint.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Lowering;
use crate::ast::{ShapeId, Traits, trait_id};
use crate::error::{Context, Error, Result};
use crate::model::{
    Definition, Discovery, EndpointFinder, Member, MemberId, Operation, Path, Step, Type, TypeId,
    TypeKind,
};

/// The error that means that an endpoint is not valid any more, where the model names none, as in botocore.
const INVALID_ENDPOINT: &str = "InvalidEndpointException";

/// The trait of a service.
#[derive(Deserialize)]
struct FinderTrait {
    operation: String,
    error: Option<String>,
}

impl Lowering<'_> {
    /// The operation that names endpoints.
    ///
    /// # Errors
    /// A trait that is not as the specification describes it.
    pub(super) fn finder_id(&self) -> Result<Option<ShapeId>> {
        let of_service: Option<FinderTrait> = self
            .service_traits
            .parse(trait_id::CLIENT_ENDPOINT_DISCOVERY)?;
        let id = of_service.map(|finder| ShapeId::parse(&finder.operation));
        id.transpose().at(trait_id::CLIENT_ENDPOINT_DISCOVERY)
    }

    /// Adds the operation that names endpoints to a selection, if an operation of it has no other endpoint.
    pub(super) fn add_finder(
        &self,
        selected: &mut BTreeMap<String, ShapeId>,
        all: &BTreeMap<String, ShapeId>,
    ) -> Result<()> {
        let Some(finder) = self.finder_id()? else {
            return Ok(());
        };
        let mut needs_it = false;
        for id in selected.values() {
            needs_it |= requires(&self.model.shape(id)?.traits);
        }
        if needs_it && let Some(id) = all.get(finder.name()) {
            selected.insert(finder.name().to_owned(), id.clone());
        }
        Ok(())
    }

    /// Sets how the operations use the endpoints that the service names. Without the operation that names them, which is
    /// not part of the selection then, operations use the endpoint of the rules.
    pub(super) fn lower_discovery(&mut self) -> Result<()> {
        let Some(id) = self.finder_id()? else {
            return Ok(());
        };
        let mut operations = self.service.operations.iter();
        let Some(operation) = operations.find(|operation| operation.id == id) else {
            return Ok(());
        };
        let finder = self.finder(operation).map_err(Error::new).at(&id)?;
        for index in 0..self.service.operations.len() {
            let operation = &self.service.operations[index];
            let traits = &self.model.shape(&operation.id)?.traits;
            if !traits.has(trait_id::CLIENT_DISCOVERED_ENDPOINT) {
                continue;
            }
            let mut identifiers = Vec::new();
            let mut seen = BTreeSet::new();
            self.identifiers(operation.request, &[], &mut seen, &mut identifiers)
                .at(&operation.id)?;
            self.service.operations[index].discovery = Some(Discovery {
                required: requires(traits),
                identifiers,
            });
        }
        self.service.endpoint_finder = Some(finder);
        Ok(())
    }

    /// The members of the operation that names endpoints (Smithy specification, "aws.api#clientEndpointDiscovery trait").
    fn finder(&self, operation: &Operation) -> std::result::Result<EndpointFinder, String> {
        let of_service: Option<FinderTrait> = self
            .service_traits
            .parse(trait_id::CLIENT_ENDPOINT_DISCOVERY)
            .map_err(|error| error.to_string())?;
        let error = of_service.and_then(|finder| finder.error);
        let error = error.as_deref().and_then(|id| id.rsplit('#').next());
        let member = |owner: TypeId, name: &str, fits: &dyn Fn(&TypeKind) -> bool| {
            let found = self.service.types[owner.0].member(name);
            let (index, member) = found?;
            fits(&member.ty.kind).then_some((MemberId { owner, index }, member))
        };
        let missing = |what: &str| {
            format!("it finds endpoints, and its response has no {what}, as the specification says")
        };
        let is_text = |kind: &TypeKind| matches!(kind, TypeKind::String { .. });
        let is_texts = |kind: &TypeKind| match kind {
            TypeKind::Map {
                key,
                value,
                sparse: false,
            } => is_text(&key.kind) && is_text(&value.kind),
            _ => false,
        };
        let (endpoints, list) = member(operation.response, "Endpoints", &|kind| {
            matches!(kind, TypeKind::List { sparse: false, .. })
        })
        .ok_or_else(|| missing("list `Endpoints`"))?;
        let endpoint = element(list).ok_or_else(|| missing("structures in `Endpoints`"))?;
        let (address, _) =
            member(endpoint, "Address", &is_text).ok_or_else(|| missing("string `Address`"))?;
        let is_long = |kind: &TypeKind| matches!(kind, TypeKind::Long);
        let (minutes, _) = member(endpoint, "CachePeriodInMinutes", &is_long)
            .ok_or_else(|| missing("long `CachePeriodInMinutes`"))?;
        let of_request = |name: &str, fits: &dyn Fn(&TypeKind) -> bool| {
            member(operation.request, name, fits).map(|(id, _)| id)
        };
        Ok(EndpointFinder {
            operation: operation.name.clone(),
            error: error.unwrap_or(INVALID_ENDPOINT).to_owned(),
            operation_name: of_request("Operation", &is_text),
            identifiers: of_request("Identifiers", &is_texts),
            endpoints,
            address,
            minutes,
        })
    }

    /// The members that choose the endpoint, in structures of the request, too.
    fn identifiers(
        &self,
        owner: TypeId,
        steps: &[Step],
        seen: &mut BTreeSet<TypeId>,
        found: &mut Vec<(String, Path)>,
    ) -> Result<()> {
        let Definition::Structure(members) = &self.service.types[owner.0].definition else {
            return Ok(());
        };
        if !seen.insert(owner) {
            return Ok(());
        }
        for (index, member) in members.iter().enumerate() {
            let mut steps = steps.to_vec();
            steps.push(Step {
                member: MemberId { owner, index },
                each: false,
            });
            if self.is_identifier(member)? {
                if !self.is_text(&member.ty) {
                    return Err(
                        Error::new("it chooses an endpoint, and is no string").at(&member.id)
                    );
                }
                found.push((member.name.clone(), Path(steps)));
            } else if let TypeKind::Named(id) = member.ty.kind {
                self.identifiers(id, &steps, seen, found)?;
            }
        }
        Ok(())
    }

    fn is_identifier(&self, member: &Member) -> Result<bool> {
        let Some((shape, name)) = member.id.as_str().split_once('$') else {
            return Ok(false);
        };
        // Members of overlays and of messages without a shape have no trait.
        let Ok(shape) = self.model.shape(&ShapeId::parse(shape)?) else {
            return Ok(false);
        };
        let mut members = shape.members().into_iter();
        Ok(members.any(|(known, member)| {
            known == name && member.traits.has(trait_id::CLIENT_ENDPOINT_DISCOVERY_ID)
        }))
    }
}

/// The structure in a list.
fn element(member: &Member) -> Option<TypeId> {
    match &member.ty.kind {
        TypeKind::List { element, .. } => match element.as_ref() {
            Type {
                kind: TypeKind::Named(id),
                ..
            } => Some(*id),
            _ => None,
        },
        _ => None,
    }
}

/// Whether no endpoint but a discovered one has an operation.
pub(super) fn requires(traits: &Traits) -> bool {
    let discovery = traits.get(trait_id::CLIENT_DISCOVERED_ENDPOINT);
    discovery.is_some_and(|value| value["required"] == serde_json::Value::Bool(true))
}
