//! Structures, unions, enums and errors.

use super::budget;
use super::constraint::{recommendation, rules};
use super::http::binding_of;
use super::operations::deprecation;
use super::presigned_copy;
use super::token::token_form;
use super::{Lowering, TypeId};
use crate::ast::traits::{QueryError, Retryable};
use crate::ast::{self, Aggregate, Shape, ShapeId, ShapeKind, Traits, trait_id};
use crate::error::{Context, Error, Result};
use crate::model::{
    Binding, Definition, EnumValue, ErrorFacts, Member, Protocol, Role, TokenForm, Type,
    TypeDefinition, TypeKind, Usage,
};

impl Lowering<'_> {
    /// The type of a structure, union or enum that something targets.
    pub(super) fn lower_named(&mut self, id: &ShapeId, shape: &Shape) -> Result<TypeId> {
        if let Some(existing) = self.types.get(id) {
            return Ok(*existing);
        }
        let mut name = self.wire_name(id).to_owned();
        // An error that is a part of something is a structure like any other: its HTTP bindings have no meaning there, and
        // it is written and checked where it is sent.
        if shape.traits.error()?.is_some() {
            name.push_str("Value");
        }
        let type_id = self.declare(id, shape, name, Role::Nested)?;
        // The type is registered before its members, because these may refer to it.
        self.types.insert(id.clone(), type_id);
        Ok(type_id)
    }

    /// The service's name for a shape.
    fn wire_name<'a>(&'a self, id: &'a ShapeId) -> &'a str {
        let renamed = self.service_shape.rename.get(id);
        renamed.map_or_else(|| id.name(), String::as_str)
    }

    /// A type that gets its definition later.
    fn declare(&mut self, id: &ShapeId, shape: &Shape, name: String, role: Role) -> Result<TypeId> {
        let type_id = self.add_type(TypeDefinition {
            id: id.clone(),
            name,
            definition: Definition::Structure(Vec::new()),
            role,
            usage: Usage::default(),
            sensitive: shape.traits.sensitive(),
            xml_name: shape.traits.string(trait_id::XML_NAME)?,
            xml_namespace: shape.traits.parse(trait_id::XML_NAMESPACE)?,
            deprecated: deprecation(&shape.traits),
            rules: rules(&shape.traits)?,
            event_stream: None,
        });
        self.pending.push((id.clone(), type_id));
        Ok(type_id)
    }

    /// Gives the types that something targets their definitions, and those that these target. This uses a list, because
    /// models may nest deeper than a thread's stack permits.
    pub(super) fn define_pending(&mut self) -> Result<()> {
        while let Some((id, type_id)) = self.pending.pop() {
            let shape = self.model.shape(&id)?;
            let role = self.service.types[type_id.0].role.clone();
            let definition = self.definition(&id, shape, &role).at(&id)?;
            self.service.types[type_id.0].definition = definition;
        }
        Ok(())
    }

    fn definition(&mut self, id: &ShapeId, shape: &Shape, role: &Role) -> Result<Definition> {
        let definition = match &shape.kind {
            ShapeKind::Structure(structure) => {
                Definition::Structure(self.lower_members(id, structure, &shape.traits, role)?)
            }
            ShapeKind::Union(union) if shape.traits.has(trait_id::STREAMING) => {
                self.lower_stream(id, union)?
            }
            ShapeKind::Union(union) => {
                Definition::Union(self.lower_members(id, union, &shape.traits, role)?)
            }
            ShapeKind::Enum(values) => Definition::Enum(enum_values(id, values)?),
            ShapeKind::IntEnum(values) => Definition::IntEnum(int_enum_values(id, values)?),
            _ => Definition::Enum(old_enum_values(&shape.traits)?),
        };
        let empty = match &definition {
            Definition::Structure(_) => false,
            Definition::Union(members) => members.is_empty(),
            Definition::Enum(values) => values.is_empty(),
            Definition::IntEnum(values) => values.is_empty(),
        };
        if empty {
            return Err(Error::new(format!(
                "the {} has no members, so it has no values",
                shape.type_name()
            )));
        }
        Ok(definition)
    }

    /// The type of union members without a value: a structure without members, which is how they are sent (Smithy
    /// specification, "Unit type").
    pub(super) fn lower_unit(&mut self, id: &ShapeId) -> TypeId {
        if let Some(existing) = self.types.get(id) {
            return *existing;
        }
        let type_id = self.add_type(TypeDefinition {
            id: id.clone(),
            name: id.name().to_owned(),
            definition: Definition::Structure(Vec::new()),
            role: Role::Nested,
            usage: Usage::default(),
            sensitive: false,
            xml_name: None,
            xml_namespace: None,
            deprecated: None,
            rules: Vec::new(),
            event_stream: None,
        });
        self.types.insert(id.clone(), type_id);
        type_id
    }

    /// The type of an error.
    pub(super) fn lower_error(&mut self, id: &ShapeId) -> Result<TypeId> {
        let model = self.model;
        if let Some(existing) = self.errors.get(id) {
            return Ok(*existing);
        }
        let shape = model.shape(id)?;
        let is_structure = matches!(shape.kind, ShapeKind::Structure(_));
        let Some(fault) = shape.traits.error()?.filter(|_| is_structure) else {
            return Err(Error::new(format!(
                "is listed as an error, but is not a structure with the trait `{}`",
                trait_id::ERROR
            ))
            .at(id));
        };
        let facts = error_facts(&fault, &shape.traits, self.service.protocol);
        let role = Role::Error(facts.at(id)?);
        let name = self.wire_name(id).to_owned();
        let type_id = self.declare(id, shape, name, role).at(id)?;
        self.errors.insert(id.clone(), type_id);
        Ok(type_id)
    }

    /// The members of a structure or union.
    pub(super) fn lower_members(
        &mut self,
        id: &ShapeId,
        aggregate: &Aggregate,
        traits: &Traits,
        role: &Role,
    ) -> Result<Vec<Member>> {
        let Aggregate { members } = aggregate;
        let input = matches!(role, Role::Request(_)) || traits.has(trait_id::INPUT);
        self.budget.take(members.len())?;
        let mut lowered = Vec::with_capacity(members.len());
        for (name, member) in members {
            let mut member_of = self
                .lower_member(id, name, member, role, input)
                .at(format!("${name}"))?;
            let beside = self.text_beside(id, &member.traits, &member_of, role);
            let beside = beside.at(format!("${name}"))?;
            member_of.is_tolerant = beside.is_some();
            lowered.push(member_of);
            lowered.extend(beside);
        }
        presigned_copy::validate(&lowered, role, self.service.protocol)?;
        Ok(lowered)
    }

    /// The member with the text of a header whose value may be of another type than its member (`attache#textBeside`).
    fn text_beside(
        &mut self,
        id: &ShapeId,
        traits: &Traits,
        member: &Member,
        role: &Role,
    ) -> Result<Option<Member>> {
        let Some(name) = traits.string(trait_id::attache::TEXT_BESIDE)? else {
            return Ok(None);
        };
        let is_simple = matches!(
            member.ty.kind,
            TypeKind::Timestamp(_) | TypeKind::Boolean | TypeKind::Integer | TypeKind::Long
        );
        let is_header = matches!(member.binding, Binding::Header(_));
        if !matches!(role, Role::Response(_)) || !is_header || !is_simple || traits.required() {
            return Err(Error::new(format!(
                "trait `{}` belongs on an optional member of an output that is a time, a number or a Boolean in a header",
                trait_id::attache::TEXT_BESIDE
            )));
        }
        let string = ShapeId::parse("smithy.api#String")?;
        let ty = self.lower_target(&string, &Traits::default())?;
        Ok(Some(Member {
            id: id.with_member(&name),
            json_name: name.clone(),
            name,
            ty,
            required: false,
            default: None,
            deprecated: None,
            ..member.clone()
        }))
    }

    fn lower_member(
        &mut self,
        id: &ShapeId,
        name: &str,
        member: &ast::Member,
        role: &Role,
        input: bool,
    ) -> Result<Member> {
        let ast::Member { target, traits } = member;
        let ty = self.lower_target(target, traits)?;
        let binding = match ty.kind {
            TypeKind::EventStream(_) => Binding::Payload,
            _ => binding_of(self.service.protocol, role, traits)?,
        };
        let json_name = match self.service.protocol.uses_json_names() {
            true => traits.string(trait_id::JSON_NAME)?,
            false => None,
        };
        let default = traits
            .get(trait_id::DEFAULT)
            .filter(|value| !value.is_null())
            .cloned();
        if let Some(default) = &default {
            budget::validate_document(default)?;
        }
        let last_segment = matches!(role, Role::Request(_)) && self.last_segment(target, &ty)?;
        let is_token = traits.has(trait_id::IDEMPOTENCY_TOKEN) && matches!(role, Role::Request(_));
        // The client has a value where the caller gives none.
        let label_default = traits.string(trait_id::attache::LABEL_DEFAULT)?;
        let idempotency_token = is_token.then(|| self.token(id, name, &ty)).flatten();
        Ok(Member {
            id: id.with_member(name),
            name: name.to_owned(),
            json_name: json_name.unwrap_or_else(|| name.to_owned()),
            ty,
            binding,
            required: traits.required() && label_default.is_none(),
            input,
            client_optional: traits.client_optional(),
            default,
            idempotency_token,
            host_label: traits.has(trait_id::HOST_LABEL),
            endpoint: traits.has(trait_id::attache::ENDPOINT),
            last_segment,
            label_default,
            presigned_copy: traits.parse(trait_id::attache::PRESIGNED_COPY)?,
            is_tolerant: false,
            recommended: recommendation(traits),
            deprecated: deprecation(traits),
        })
    }
}

impl Lowering<'_> {
    /// Whether only the last segment of a value is sent (`attache#lastSegment`).
    fn last_segment(&self, target: &ShapeId, ty: &Type) -> Result<bool> {
        // The model has no shapes of the prelude, and none of them has the trait.
        let shape = self.model.shapes.get(target);
        if !shape.is_some_and(|shape| shape.traits.has(trait_id::attache::LAST_SEGMENT)) {
            return Ok(false);
        }
        if matches!(ty.kind, TypeKind::String { .. }) {
            return Ok(true);
        }
        let message = format!(
            "trait `{}` belongs on strings",
            trait_id::attache::LAST_SEGMENT
        );
        Err(Error::new(message).at(target))
    }

    /// How a client fills in an idempotency token; a warning where it cannot, because the member accepts no UUID.
    fn token(&mut self, id: &ShapeId, name: &str, ty: &Type) -> Option<TokenForm> {
        token_form(ty)
            .map_err(|reason| {
                self.service.warnings.push(format!(
                    "{}: clients do not fill in this idempotency token, because it accepts no UUID: {reason}",
                    id.with_member(name)
                ));
            })
            .ok()
    }
}

fn error_facts(fault: &str, traits: &Traits, protocol: Protocol) -> Result<ErrorFacts> {
    if !matches!(fault, "client" | "server") {
        return Err(Error::new(format!(
            "trait `{}` is `client` or `server`, not `{fault}`",
            trait_id::ERROR
        )));
    }
    let query: Option<QueryError> = traits.parse(trait_id::AWS_QUERY_ERROR)?;
    let status: Option<u16> = match (&query, protocol) {
        (Some(query), Protocol::AwsQuery) => Some(query.http_response_code),
        _ => traits.parse(trait_id::HTTP_ERROR)?,
    };
    let retryable: Option<Retryable> = traits.parse(trait_id::RETRYABLE)?;
    Ok(ErrorFacts {
        fault: fault.to_owned(),
        status: status.unwrap_or(if fault == "server" { 500 } else { 400 }),
        retryable: retryable.map(|retryable| retryable.throttling),
        query_code: query.map(|query| query.code),
    })
}

fn enum_values(id: &ShapeId, values: &Aggregate) -> Result<Vec<EnumValue<String>>> {
    values
        .members
        .iter()
        .map(|(name, member)| {
            let value = member
                .traits
                .string(trait_id::ENUM_VALUE)
                .at(id.with_member(name))?;
            Ok(enum_value(
                name,
                value.unwrap_or_else(|| name.clone()),
                &member.traits,
            ))
        })
        .collect()
}

fn int_enum_values(id: &ShapeId, values: &Aggregate) -> Result<Vec<EnumValue<i32>>> {
    values
        .members
        .iter()
        .map(|(name, member)| {
            let place = id.with_member(name);
            let value: Option<i32> = member.traits.parse(trait_id::ENUM_VALUE).at(&place)?;
            let value = value.ok_or_else(|| {
                Error::new(format!(
                    "a member of an intEnum needs the trait `{}`",
                    trait_id::ENUM_VALUE
                ))
                .at(place)
            })?;
            Ok(enum_value(name, value, &member.traits))
        })
        .collect()
}

fn enum_value<T>(name: &str, value: T, traits: &Traits) -> EnumValue<T> {
    EnumValue {
        name: name.to_owned(),
        value,
        internal: traits.has(trait_id::INTERNAL),
        deprecated: deprecation(traits),
    }
}

/// The values of the old trait `smithy.api#enum`, sorted by name; where it gives no names, they are made of the
/// values.
fn old_enum_values(traits: &Traits) -> Result<Vec<EnumValue<String>>> {
    #[derive(serde::Deserialize)]
    struct Value {
        value: String,
        name: Option<String>,
        #[serde(default)]
        tags: Vec<String>,
    }
    let values: Vec<Value> = traits.parse(trait_id::ENUM)?.unwrap_or_default();
    let mut values: Vec<_> = values
        .into_iter()
        .map(|Value { value, name, tags }| EnumValue {
            // This tag was the predecessor of `smithy.api#internal`.
            internal: tags.iter().any(|tag| tag == "internal"),
            ..enum_value(
                &name.unwrap_or_else(|| value.clone()),
                value,
                &Traits::default(),
            )
        })
        .collect();
    values.sort_by(|one, two| one.name.cmp(&two.name));
    Ok(values)
}
