//! Examples for documentation: an expression for a value of a type, as a user would write it.

use crate::model::TypeId;
use crate::plan::{Definition, Field, Plan, Presence, Type, TypeKind};

/// An expression for a setter of this type; `None` if an example would not be useful.
pub(super) fn argument(plan: &Plan<'_>, crate_name: &str, field: &Field<'_>) -> Option<String> {
    expression(plan, crate_name, &field.ty, 0)
}

fn expression(plan: &Plan<'_>, crate_name: &str, ty: &Type<'_>, depth: usize) -> Option<String> {
    // Deep examples are not useful.
    if depth > 3 {
        return None;
    }
    Some(match &ty.kind {
        TypeKind::Boolean => "true".to_owned(),
        TypeKind::Byte | TypeKind::Short | TypeKind::Integer | TypeKind::Long => integer(ty),
        TypeKind::Float | TypeKind::Double => "1.0".to_owned(),
        TypeKind::String { .. } => "\"…\"".to_owned(),
        TypeKind::Blob { .. } | TypeKind::StreamingBlob { .. } => "\"…\"".to_owned(),
        TypeKind::Timestamp(_) => format!("{crate_name}::Timestamp::now()"),
        TypeKind::Document => "\"…\"".to_owned(),
        TypeKind::List {
            element,
            sparse: false,
        } => {
            format!("[{}]", expression(plan, crate_name, element, depth + 1)?)
        }
        TypeKind::Map {
            value,
            sparse: false,
            ..
        } => {
            format!(
                "[(\"…\", {})]",
                expression(plan, crate_name, value, depth + 1)?
            )
        }
        TypeKind::List { .. } | TypeKind::Map { .. } => return None,
        TypeKind::Enum(id)
        | TypeKind::IntEnum(id)
        | TypeKind::Structure(id)
        | TypeKind::Union(id) => return named(plan, crate_name, *id, depth),
    })
}

/// A value of a generated type.
fn named(plan: &Plan<'_>, crate_name: &str, id: TypeId, depth: usize) -> Option<String> {
    let definition = plan.type_definition(id);
    let name = &definition.name;
    Some(match &definition.definition {
        Definition::Enum(values) => {
            format!("{crate_name}::enums::{name}::{}", values.first()?.name)
        }
        Definition::IntEnum(values) => {
            format!("{crate_name}::enums::{name}::{}", values.first()?.name)
        }
        Definition::Union(fields) => {
            let field = fields.first().filter(|field| !field.boxed)?;
            let value = expression(plan, crate_name, &field.ty, depth + 1)?;
            let value = if value.starts_with('"') {
                format!("{value}.into()")
            } else {
                value
            };
            if value.starts_with('[') {
                return None;
            }
            format!("{crate_name}::types::{name}::{}({value})", field.name)
        }
        Definition::Structure(fields) => {
            let arguments: Option<Vec<String>> = fields
                .iter()
                .filter(|field| field.presence == Presence::Required)
                .map(|field| {
                    expression(plan, crate_name, &field.ty, depth + 1).filter(|_| !field.boxed)
                })
                .collect();
            format!(
                "{crate_name}::types::{name}::new({})",
                arguments?.join(", ")
            )
        }
    })
}

/// The minimum that the model permits, or one.
fn integer(ty: &Type<'_>) -> String {
    let minimum = ty
        .model
        .constraints
        .range
        .as_ref()
        .and_then(|range| range.min.as_ref())
        .and_then(|min| min.as_i64());
    minimum.unwrap_or(1).to_string()
}
