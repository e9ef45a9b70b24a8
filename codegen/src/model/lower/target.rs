//! The type of a member or an element: its target combined with its own traits.

use super::Lowering;
use super::budget::COLLECTION_DEPTH;
use super::constraint::constraints;
use crate::ast::{Member, Shape, ShapeId, ShapeKind, Simple, Traits, UNIT, trait_id};
use crate::error::{Context, Error, Result};
use crate::model::{Constraints, Type, TypeKind, Xml};

impl Lowering<'_> {
    /// The type of a target; traits of the member take precedence over those of the shape.
    pub(super) fn lower_target(&mut self, target: &ShapeId, member: &Traits) -> Result<Type> {
        if target.as_str() == UNIT {
            return Ok(Type {
                kind: TypeKind::Named(self.lower_unit(target)),
                shape: target.clone(),
                constraints: Constraints::default(),
                sensitive: member.sensitive(),
                xml: xml(member)?,
            });
        }
        if target.namespace() == "smithy.api" && !self.model.shapes.contains_key(target) {
            let simple = prelude(target)?;
            let kind = simple_kind(simple, member, &Traits::default())?;
            return Ok(Type {
                constraints: self.constraints(target, &kind, member, &Traits::default())?,
                kind,
                shape: target.clone(),
                sensitive: member.sensitive(),
                xml: xml(member)?,
            });
        }
        let model = self.model;
        let shape = model.shape(target)?;
        let traits = &shape.traits;
        let kind = self.kind_of(target, shape, member)?;
        let protocol = self.service.protocol;
        let lacking = match kind {
            TypeKind::Document if !protocol.has_documents() => Some("documents"),
            TypeKind::StreamingBlob { .. } | TypeKind::EventStream(_)
                if !protocol.has_streams() =>
            {
                Some("streams")
            }
            _ => None,
        };
        if let Some(lacking) = lacking {
            let message = format!("the protocol of the service has no {lacking}");
            return Err(Error::new(message).at(target));
        }
        Ok(Type {
            constraints: self.constraints(target, &kind, member, traits)?,
            kind,
            shape: target.clone(),
            sensitive: member.sensitive() || traits.sensitive(),
            xml: xml(member)?,
        })
    }

    /// The constraints of a target. Numbers of any length are texts, which are not compared with a range.
    fn constraints(
        &mut self,
        target: &ShapeId,
        kind: &TypeKind,
        member: &Traits,
        shape: &Traits,
    ) -> Result<Constraints> {
        let mut constraints = constraints(member, shape)?;
        if matches!(kind, TypeKind::BigInteger | TypeKind::BigDecimal)
            && constraints.range.take().is_some()
        {
            let warning = format!("{target}: the range of a number of any length is not validated");
            if !self.service.warnings.contains(&warning) {
                self.service.warnings.push(warning);
            }
        }
        Ok(constraints)
    }

    /// What a shape is as the target of a member.
    fn kind_of(&mut self, target: &ShapeId, shape: &Shape, member: &Traits) -> Result<TypeKind> {
        let traits = &shape.traits;
        Ok(match &shape.kind {
            ShapeKind::Simple(Simple::String) if traits.has(trait_id::ENUM) => {
                TypeKind::Named(self.lower_named(target, shape).at(target)?)
            }
            ShapeKind::Simple(simple) => simple_kind(*simple, member, traits).at(target)?,
            ShapeKind::Union(_) if traits.has(trait_id::STREAMING) => {
                TypeKind::EventStream(self.lower_named(target, shape).at(target)?)
            }
            ShapeKind::Structure(_)
            | ShapeKind::Union(_)
            | ShapeKind::Enum(_)
            | ShapeKind::IntEnum(_) => TypeKind::Named(self.lower_named(target, shape).at(target)?),
            ShapeKind::List(list) => TypeKind::List {
                element: self.lower_element(target, &list.member)?,
                sparse: traits.sparse(),
            },
            ShapeKind::Map(map) if !self.is_string_shape(&map.key.target)? => {
                return Err(Error::new("the keys of a map are strings").at(target));
            }
            ShapeKind::Map(map) => TypeKind::Map {
                key: self.lower_element(target, &map.key)?,
                value: self.lower_element(target, &map.value)?,
                sparse: traits.sparse(),
            },
            ShapeKind::Operation(_)
            | ShapeKind::Resource(_)
            | ShapeKind::Service(_)
            | ShapeKind::Apply(_) => {
                return Err(Error::new(format!(
                    "targets the {} `{target}`, which is not data",
                    shape.type_name()
                )));
            }
        })
    }

    /// Whether a shape is a string or an enum of strings, as keys of maps are.
    fn is_string_shape(&self, id: &ShapeId) -> Result<bool> {
        if id.namespace() == "smithy.api" && !self.model.shapes.contains_key(id) {
            return Ok(prelude(id)? == Simple::String);
        }
        let kind = &self.model.shape(id)?.kind;
        Ok(matches!(
            kind,
            ShapeKind::Simple(Simple::String) | ShapeKind::Enum(_)
        ))
    }

    /// The type of the elements, keys or values of a collection. Collections have no named type in Rust, so a recursive
    /// one must contain a structure or a union.
    fn lower_element(&mut self, collection: &ShapeId, member: &Member) -> Result<Box<Type>> {
        if self.collections.len() >= COLLECTION_DEPTH {
            return Err(Error::new(format!(
                "lists and maps nest more than {COLLECTION_DEPTH} deep without a structure or a union in between"
            ))
            .at(collection));
        }
        if self.collections.contains(collection) {
            return Err(Error::new(
                "the list or map holds itself without a structure or a union in between, which no Rust type can",
            )
            .at(collection));
        }
        self.collections.push(collection.clone());
        let element = self.lower_target(&member.target, &member.traits);
        self.collections.pop();
        element.at(collection).map(Box::new)
    }
}

/// How XML and forms hold a member or an element. Only its own traits matter.
fn xml(member: &Traits) -> Result<Xml> {
    Ok(Xml {
        name: member.string(trait_id::XML_NAME)?,
        ec2_name: member.string(trait_id::EC2_QUERY_NAME)?,
        attribute: member.has(trait_id::XML_ATTRIBUTE),
        flattened: member.has(trait_id::XML_FLATTENED),
        namespace: member.parse(trait_id::XML_NAMESPACE)?,
    })
}

fn simple_kind(simple: Simple, member: &Traits, shape: &Traits) -> Result<TypeKind> {
    let media_type = || match member.string(trait_id::MEDIA_TYPE)? {
        Some(media_type) => Ok(Some(media_type)),
        None => shape.string(trait_id::MEDIA_TYPE),
    };
    Ok(match simple {
        Simple::Blob if shape.has(trait_id::STREAMING) => TypeKind::StreamingBlob {
            media_type: media_type()?,
            requires_length: shape.has(trait_id::REQUIRES_LENGTH)
                || member.has(trait_id::REQUIRES_LENGTH),
        },
        Simple::Blob => TypeKind::Blob {
            media_type: media_type()?,
        },
        Simple::Boolean => TypeKind::Boolean,
        Simple::String => TypeKind::String {
            media_type: media_type()?,
        },
        Simple::Byte => TypeKind::Byte,
        Simple::Short => TypeKind::Short,
        Simple::Integer => TypeKind::Integer,
        Simple::Long => TypeKind::Long,
        Simple::Float => TypeKind::Float,
        Simple::Double => TypeKind::Double,
        Simple::Timestamp => TypeKind::Timestamp(match member.timestamp_format()? {
            Some(format) => Some(format),
            None => shape.timestamp_format()?,
        }),
        Simple::Document => TypeKind::Document,
        Simple::BigInteger => TypeKind::BigInteger,
        Simple::BigDecimal => TypeKind::BigDecimal,
    })
}

fn prelude(id: &ShapeId) -> Result<Simple> {
    Simple::of_prelude(id).ok_or_else(|| {
        Error::new(format!(
            "targets the shape `{id}`, which is not in the Smithy prelude"
        ))
    })
}
