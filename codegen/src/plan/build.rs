//! Builds the types of a plan, once all decisions about them are made.

use std::collections::BTreeSet;

use super::assign::AssignedNames;
use super::coded::Coded;
use super::constraint::{Constraint, ConstraintKind};
use super::cycles::Cycles;
use super::default::DefaultValue;
use super::module::Module;
use super::patterns::Patterns;
use super::presence::Demand;
use super::rust_type::RustType;
use super::service::End;
use super::setter::Setter;
use super::types::{DefaultKind, Definition, EnumValue, Field, Presence, Setters, TypeDefinition};
use super::value::{Type, TypeKind};
use crate::ast::trait_id;
use crate::error::{Context, Result};
use crate::model::{self, MemberId, Role, Service, TypeId};

/// The inputs for types.
#[derive(Debug)]
pub(super) struct Builder<'m, 'a> {
    pub(super) model: &'m Service,
    pub(super) end: &'a End,
    pub(super) coded: Coded,
    pub(super) names: &'a AssignedNames,
    pub(super) patterns: &'a Patterns,
    pub(super) boxed: BTreeSet<MemberId>,
    pub(super) cycles: &'a Cycles,
    pub(super) blob_holders: Vec<bool>,
}

impl<'m> Builder<'m, '_> {
    /// The types, in the order of the arena.
    ///
    /// # Errors
    /// A default that is not a value of its type.
    pub(super) fn types(&self) -> Result<Vec<TypeDefinition<'m>>> {
        let ids = (0..self.model.types.len()).map(TypeId);
        let mut types: Vec<_> = ids
            .map(|id| self.type_definition(id))
            .collect::<Result<_>>()?;
        super::validated::mark(&mut types);
        Ok(types)
    }

    fn type_definition(&self, id: TypeId) -> Result<TypeDefinition<'m>> {
        let model = self.model.type_definition(id);
        let names = &self.names.types[id.0];
        let is_written = self.coded.is_written(model.usage);
        let is_read = self.coded.is_read(id, &model.definition, model.usage);
        let is_open_literal = matches!(model.role, Role::Request(_)) && is_written;
        let definition = match &model.definition {
            model::Definition::Structure(members) => {
                Definition::Structure(self.fields(id, members)?)
            }
            model::Definition::Union(members) => Definition::Union(self.fields(id, members)?),
            model::Definition::Enum(values) => Definition::Enum(variants(values, &names.members)),
            model::Definition::IntEnum(values) => {
                Definition::IntEnum(variants(values, &names.members))
            }
        };
        Ok(TypeDefinition {
            id,
            model,
            name: names.name.clone(),
            module: Module::of(model),
            default: default_kind(&definition, self.end, is_read, is_open_literal),
            setters: setters(model, &definition, self.end, is_written),
            is_open_literal,
            definition,
            is_written,
            is_read,
            is_validated: false,
            is_hashed: model.usage.in_unique_lists,
            holds_blob: self.blob_holders[id.0],
            is_recursive: self.cycles.recursive[id.0],
        })
    }

    fn fields(&self, owner: TypeId, members: &'m [model::Member]) -> Result<Vec<Field<'m>>> {
        let fields = members
            .iter()
            .enumerate()
            .map(|(index, member)| self.field(MemberId { owner, index }, member).at(&member.id));
        fields.collect()
    }

    fn field(&self, id: MemberId, model: &'m model::Member) -> Result<Field<'m>> {
        let name = self.names.types[id.owner.0].members[id.index].clone();
        let owner = self.model.type_definition(id.owner);
        let mut ty = self.value(&model.ty, owner.sensitive);
        // Whether it is sent or received depends on the message.
        if let TypeKind::EventStream(_) = ty.kind {
            let event = Box::new(ty.rust);
            ty.rust = match owner.role {
                Role::Request(_) => RustType::EventInput(event),
                _ => RustType::EventStream(event),
            };
        }
        let in_requests = owner.usage.in_requests;
        let presence = match Demand::of(model) {
            // The default is checked anyway.
            Demand::Default(value) => {
                let default = DefaultValue::new(self.model, self.names, &model.ty, value)?;
                Presence::Default(default)
            }
            Demand::Required => Presence::Required,
            Demand::Optional => Presence::Optional,
        };
        let presence = match self.end {
            End::Server { .. } if in_requests => Presence::Optional,
            _ => presence,
        };
        let boxed = self.boxed.contains(&id);
        let mut rust = ty.rust.clone();
        if boxed {
            rust = RustType::Box(Box::new(rust));
        }
        if presence == Presence::Optional {
            rust = rust.optional();
        }
        Ok(Field {
            model,
            setter: Setter::new(&name, &ty),
            name,
            ty,
            rust,
            boxed,
            presence,
        })
    }

    /// `hidden` is whether the value is part of one that must not be shown.
    fn value(&self, model: &'m model::Type, hidden: bool) -> Type<'m> {
        let hidden = hidden || model.sensitive;
        let element = |ty: &'m model::Type, sparse: bool| {
            let ty = self.value(ty, hidden);
            let rust = ty.rust.clone();
            (Box::new(ty), if sparse { rust.optional() } else { rust })
        };
        let (kind, rust) = match &model.kind {
            model::TypeKind::Boolean => (TypeKind::Boolean, RustType::Bool),
            model::TypeKind::Byte => (TypeKind::Byte, RustType::I8),
            model::TypeKind::Short => (TypeKind::Short, RustType::I16),
            model::TypeKind::Integer => (TypeKind::Integer, RustType::I32),
            model::TypeKind::Long => (TypeKind::Long, RustType::I64),
            model::TypeKind::Float => (TypeKind::Float, RustType::F32),
            model::TypeKind::Double => (TypeKind::Double, RustType::F64),
            model::TypeKind::BigInteger => (TypeKind::BigInteger, RustType::BigInteger),
            model::TypeKind::BigDecimal => (TypeKind::BigDecimal, RustType::BigDecimal),
            model::TypeKind::String { media_type } => {
                let media_type = media_type.as_deref();
                (TypeKind::String { media_type }, RustType::String)
            }
            model::TypeKind::Blob { media_type } => {
                let media_type = media_type.as_deref();
                (TypeKind::Blob { media_type }, RustType::Bytes)
            }
            model::TypeKind::StreamingBlob {
                media_type,
                requires_length,
            } => streaming_blob(media_type.as_deref(), *requires_length),
            model::TypeKind::Timestamp(format) => {
                (TypeKind::Timestamp(*format), RustType::Timestamp)
            }
            model::TypeKind::Document => (TypeKind::Document, RustType::Document),
            model::TypeKind::List {
                element: inner,
                sparse,
            } => {
                let sparse = *sparse;
                let (element, rust) = element(inner, sparse);
                let rust = RustType::Vec(Box::new(rust));
                (TypeKind::List { element, sparse }, rust)
            }
            model::TypeKind::Map { key, value, sparse } => {
                let sparse = *sparse;
                let (key, key_rust) = element(key, false);
                let (value, rust) = element(value, sparse);
                let rust = RustType::BTreeMap(Box::new(key_rust), Box::new(rust));
                (TypeKind::Map { key, value, sparse }, rust)
            }
            model::TypeKind::EventStream(id) => (TypeKind::EventStream(*id), self.named(*id).1),
            model::TypeKind::Named(id) => self.named(*id),
        };
        Type {
            model,
            constraints: self.constraints(model, &kind),
            kind,
            rust,
            hidden,
        }
    }

    fn named(&self, id: TypeId) -> (TypeKind<'m>, RustType) {
        let definition = self.model.type_definition(id);
        let kind = match &definition.definition {
            model::Definition::Structure(_) => TypeKind::Structure(id),
            model::Definition::Union(_) => TypeKind::Union(id),
            model::Definition::Enum(_) => TypeKind::Enum(id),
            model::Definition::IntEnum(_) => TypeKind::IntEnum(id),
        };
        let name = self.names.types[id.0].name.clone();
        (kind, RustType::Generated(Module::of(definition), name))
    }

    /// The constraints of a value itself: those of the model first, then those of the overlay.
    fn constraints(&self, ty: &'m model::Type, kind: &TypeKind<'m>) -> Vec<Constraint<'m>> {
        let constraints = &ty.constraints;
        let mut found = Vec::new();
        let mut add = |id: &str, kind: Option<ConstraintKind<'m>>| {
            let source = constraints.sources.get(id).map(String::as_str);
            found.extend(kind.map(|kind| Constraint { kind, source }));
        };
        let length = constraints.length.as_ref().filter(|_| is_measured(kind));
        add(trait_id::LENGTH, length.map(ConstraintKind::Length));
        let range = constraints.range.as_ref();
        add(trait_id::RANGE, range.map(ConstraintKind::Range));
        let table = |pattern: &Option<String>| {
            let table = self.patterns.table(pattern.as_deref()?)?;
            Some(table.to_owned())
        };
        let pattern = table(&constraints.pattern);
        add(trait_id::PATTERN, pattern.map(ConstraintKind::Pattern));
        let is_set = constraints.unique_items && matches!(kind, TypeKind::List { .. });
        let unique_items = is_set.then_some(ConstraintKind::UniqueItems);
        add(trait_id::UNIQUE_ITEMS, unique_items);
        let must_equal = constraints.must_equal.as_ref();
        add(
            trait_id::attache::MUST_EQUAL,
            must_equal.map(ConstraintKind::MustEqual),
        );
        let day_aligned = constraints
            .day_aligned
            .then_some(ConstraintKind::DayAligned);
        add(trait_id::attache::DAY_ALIGNED, day_aligned);
        add(trait_id::attache::UNIQUE_MEMBER, self.unique_member(ty));
        let allowed = &*constraints.allowed_values;
        let allowed = (!allowed.is_empty()).then_some(ConstraintKind::AllowedValues(allowed));
        add(trait_id::attache::ALLOWED_VALUES, allowed);
        let pattern = table(&constraints.recommended_pattern);
        let pattern = pattern.map(ConstraintKind::RecommendedPattern);
        add(trait_id::attache::RECOMMENDED_PATTERN, pattern);
        let is_enum = matches!(kind, TypeKind::Enum(_) | TypeKind::IntEnum(_));
        add("", is_enum.then_some(ConstraintKind::KnownValue));
        found
    }

    fn unique_member(&self, ty: &'m model::Type) -> Option<ConstraintKind<'m>> {
        let member = ty.constraints.unique_member.as_deref()?;
        let model::TypeKind::List { element, .. } = &ty.kind else {
            return None;
        };
        let model::TypeKind::Named(id) = element.kind else {
            return None;
        };
        let mut members = self.model.type_definition(id).members().iter();
        let index = members.position(|known| known.name == member)?;
        let field = self.names.types[id.0].members[index].clone();
        Some(ConstraintKind::UniqueMember { member, field })
    }
}

fn variants<'m, T>(values: &'m [model::EnumValue<T>], names: &[String]) -> Vec<EnumValue<'m, T>> {
    let values = values.iter().zip(names);
    let values = values.map(|(model, name)| EnumValue {
        model,
        name: name.clone(),
    });
    values.collect()
}

fn is_measured(kind: &TypeKind<'_>) -> bool {
    matches!(
        kind,
        TypeKind::String { .. }
            | TypeKind::Blob { .. }
            | TypeKind::List { .. }
            | TypeKind::Map { .. }
            | TypeKind::Enum(_)
    )
}

/// Users of a client construct every value except requests with setters. Users of a server construct its responses.
fn setters(
    model: &model::TypeDefinition,
    definition: &Definition<'_>,
    end: &End,
    is_written: bool,
) -> Setters {
    let is_structure = matches!(definition, Definition::Structure(_));
    match (end, &model.role) {
        _ if !is_structure => Setters::None,
        (End::Client, Role::Request(_)) => Setters::None,
        (End::Client, _) => Setters::All,
        (End::Server { .. }, Role::Nested) if is_written => Setters::NotRequired,
        (End::Server { .. }, _) => Setters::None,
    }
}

fn default_kind(
    definition: &Definition<'_>,
    end: &End,
    is_read: bool,
    is_open: bool,
) -> DefaultKind {
    let Definition::Structure(fields) = definition else {
        return DefaultKind::Written;
    };
    let is_required = |field: &Field<'_>| field.presence == Presence::Required;
    if *end != End::Client && !is_read && fields.iter().any(is_required) {
        return DefaultKind::None;
    }
    let has_value =
        |field: &Field<'_>| matches!(&field.presence, Presence::Default(value) if !value.is_zero());
    match is_open || fields.iter().any(has_value) {
        true => DefaultKind::Written,
        false => DefaultKind::Derived,
    }
}

fn streaming_blob(media_type: Option<&str>, requires_length: bool) -> (TypeKind<'_>, RustType) {
    let kind = TypeKind::StreamingBlob {
        media_type,
        requires_length,
    };
    (kind, RustType::ByteStream)
}
