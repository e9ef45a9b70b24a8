//! Examples for documentation: an expression for a value of a type, as a reader would write it.

use crate::model::{Definition, Field, Presence, Service, Type, TypeKind};

/// An expression for a setter of this type; `None` where an example would say nothing.
pub(super) fn argument(service: &Service, crate_name: &str, field: &Field) -> Option<String> {
    expression(service, crate_name, &field.ty, 0)
}

fn expression(service: &Service, crate_name: &str, ty: &Type, depth: usize) -> Option<String> {
    // Deep examples help nobody.
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
            format!("[{}]", expression(service, crate_name, element, depth + 1)?)
        }
        TypeKind::Map {
            value,
            sparse: false,
            ..
        } => {
            format!(
                "[(\"…\", {})]",
                expression(service, crate_name, value, depth + 1)?
            )
        }
        TypeKind::List { .. } | TypeKind::Map { .. } => return None,
        TypeKind::Named(id) => {
            let definition = service.type_definition(*id);
            let name = &definition.name.rust;
            match &definition.definition {
                Definition::Enum(values) => {
                    format!("{crate_name}::enums::{name}::{}", values.first()?.name.rust)
                }
                Definition::IntEnum(values) => {
                    format!("{crate_name}::enums::{name}::{}", values.first()?.name.rust)
                }
                Definition::Union(fields) => {
                    let field = fields.first().filter(|field| !field.boxed)?;
                    let value = expression(service, crate_name, &field.ty, depth + 1)?;
                    let value = if value.starts_with('"') {
                        format!("{value}.into()")
                    } else {
                        value
                    };
                    if value.starts_with('[') {
                        return None;
                    }
                    format!("{crate_name}::types::{name}::{}({value})", field.name.rust)
                }
                Definition::Structure(fields) => {
                    let arguments: Option<Vec<String>> = fields
                        .iter()
                        .filter(|field| field.presence == Presence::Required)
                        .map(|field| {
                            expression(service, crate_name, &field.ty, depth + 1)
                                .filter(|_| !field.boxed)
                        })
                        .collect();
                    format!(
                        "{crate_name}::types::{name}::new({})",
                        arguments?.join(", ")
                    )
                }
            }
        }
    })
}

/// The least value that the model allows, or one.
fn integer(ty: &Type) -> String {
    let minimum = ty
        .constraints
        .range
        .as_ref()
        .and_then(|range| range.min.as_ref())
        .and_then(|min| min.as_i64());
    minimum.unwrap_or(1).to_string()
}
