//! Values of a suite as Rust expressions.
//!
//! Suites write values in JSON after the type of their shape: timestamps as epoch seconds, blobs as text, and numbers
//! that JSON lacks as strings (Smithy specification, "HTTP protocol compliance tests", section "Parameter format").

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::emit::{Module, default_expression, document, ident};
use crate::error::{Context, Error, Result};
use crate::model::{
    Binding, Definition, Field, Presence, Role, Service, Type, TypeDefinition, TypeId, TypeKind,
};

/// What stands in for members that a value leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    /// Nothing: the value is exactly what is said.
    Nothing,
    /// Any value for members without which nothing could be sent.
    Placeholder,
}

/// A literal of a structure with these members.
pub(super) fn structure(
    service: &Service,
    definition: &TypeDefinition,
    members: &Value,
    absent: Absent,
) -> Result<TokenStream> {
    let empty = serde_json::Map::new();
    let members = match members {
        Value::Null => &empty,
        Value::Object(members) => members,
        other => return Err(Error::new(format!("{other} is no structure"))),
    };
    let fields = definition.fields();
    if let Some(unknown) = members
        .keys()
        .find(|name| fields.iter().all(|field| field.name.wire != **name))
    {
        return Err(Error::new(format!(
            "the structure `{}` has no member `{unknown}`",
            definition.id.name()
        )));
    }
    let path = path(definition);
    let values = fields
        .iter()
        .map(|field| {
            let name = ident(&field.name.rust);
            let value = members.get(&field.name.wire);
            let value = member(service, field, value, absent).at(&field.id)?;
            Ok(quote!(#name: #value))
        })
        .collect::<Result<Vec<_>>>()?;
    let rest = matches!(definition.role, Role::Request(_)).then(|| quote!(..Default::default()));
    Ok(quote!(#path { #(#values,)* #rest }))
}

fn member(
    service: &Service,
    field: &Field,
    value: Option<&Value>,
    absent: Absent,
) -> Result<TokenStream> {
    let boxed = |value: TokenStream| {
        if field.boxed {
            quote!(Box::new(#value))
        } else {
            value
        }
    };
    let is_placed = field.binding == Binding::Label || field.host_label;
    match (value.filter(|value| !value.is_null()), &field.presence) {
        (Some(value), Presence::Optional) => {
            let value = boxed(expression(service, &field.ty, value)?);
            Ok(quote!(Some(#value)))
        }
        (Some(value), _) => Ok(boxed(expression(service, &field.ty, value)?)),
        (None, Presence::Optional)
            if absent == Absent::Placeholder && (is_placed || field.required) =>
        {
            let value = boxed(placeholder(service, &field.ty)?);
            Ok(quote!(Some(#value)))
        }
        (None, Presence::Optional) => Ok(quote!(None)),
        (None, Presence::Default(value)) => default(service, &field.ty, value).map(boxed),
        (None, Presence::Required) => placeholder_or_zero(service, &field.ty).map(boxed),
    }
}

/// A default of the model; the expression for one names types of the module `enums` only.
fn default(service: &Service, ty: &Type, value: &Value) -> Result<TokenStream> {
    match &ty.kind {
        TypeKind::Named(_) => expression(service, ty, value),
        _ => default_expression(service, ty, value),
    }
}

/// What a client puts where a service leaves out a member that it must send.
fn placeholder_or_zero(service: &Service, ty: &Type) -> Result<TokenStream> {
    match &ty.kind {
        TypeKind::Named(id) if !service.type_definition(*id).usage.received => {
            placeholder(service, ty)
        }
        _ => Ok(quote!(Default::default())),
    }
}

/// Any value of the type that can be sent.
fn placeholder(service: &Service, ty: &Type) -> Result<TokenStream> {
    match &ty.kind {
        TypeKind::String { .. } => Ok(quote!(String::from("placeholder"))),
        TypeKind::Named(id) => {
            let definition = service.type_definition(*id);
            let path = path(definition);
            match &definition.definition {
                Definition::Enum(_) => Ok(quote!(#path::from("placeholder"))),
                Definition::IntEnum(_) => Ok(quote!(#path::from(1))),
                Definition::Structure(_) => {
                    structure(service, definition, &Value::Null, Absent::Placeholder)
                }
                Definition::Union(_) => Ok(quote!(#path::Unknown(String::new(), Document::Null))),
            }
        }
        _ => Ok(quote!(Default::default())),
    }
}

/// The expression for a value.
pub(super) fn expression(service: &Service, ty: &Type, value: &Value) -> Result<TokenStream> {
    let mismatch = || Error::new(format!("{value} is no value of the shape `{}`", ty.shape));
    Ok(match &ty.kind {
        TypeKind::Boolean => {
            let value = value.as_bool().ok_or_else(mismatch)?;
            quote!(#value)
        }
        TypeKind::Byte | TypeKind::Short | TypeKind::Integer | TypeKind::Long => {
            let literal = Literal::i64_unsuffixed(value.as_i64().ok_or_else(mismatch)?);
            quote!(#literal)
        }
        TypeKind::Float => floating_point(value, "f32").ok_or_else(mismatch)?,
        TypeKind::Double => floating_point(value, "f64").ok_or_else(mismatch)?,
        TypeKind::String { media_type } => match value {
            Value::String(text) => quote!(String::from(#text)),
            // A string that holds JSON may be written as what it holds.
            other if media_type.is_some() => {
                let text = other.to_string();
                quote!(String::from(#text))
            }
            _ => return Err(mismatch()),
        },
        TypeKind::Blob { .. } => bytes(value.as_str().ok_or_else(mismatch)?),
        TypeKind::StreamingBlob { .. } => {
            let bytes = bytes(value.as_str().ok_or_else(mismatch)?);
            quote!(ByteStream::from(#bytes))
        }
        TypeKind::Timestamp(_) => timestamp(value).ok_or_else(mismatch)?,
        TypeKind::Document => document(value),
        TypeKind::List { element, sparse } => {
            let elements = value.as_array().ok_or_else(mismatch)?;
            let elements = elements
                .iter()
                .filter_map(|value| self::element(service, element, *sparse, value).transpose())
                .collect::<Result<Vec<_>>>()?;
            quote!(Vec::from([#(#elements),*]))
        }
        TypeKind::Map {
            key,
            value: element,
            sparse,
        } => {
            let mut entries = Vec::new();
            for (name, value) in value.as_object().ok_or_else(mismatch)? {
                if let Some(value) = self::element(service, element, *sparse, value)? {
                    let key = expression(service, key, &Value::String(name.clone()))?;
                    entries.push(quote!((#key, #value)));
                }
            }
            quote!(BTreeMap::from([#(#entries),*]))
        }
        TypeKind::Named(id) => named(service, *id, value)?,
    })
}

/// An element of a list or map: only sparse ones hold nulls, others leave them out.
fn element(
    service: &Service,
    ty: &Type,
    sparse: bool,
    value: &Value,
) -> Result<Option<TokenStream>> {
    Ok(match (value.is_null(), sparse) {
        (true, true) => Some(quote!(None)),
        (true, false) => None,
        (false, true) => {
            let value = expression(service, ty, value)?;
            Some(quote!(Some(#value)))
        }
        (false, false) => Some(expression(service, ty, value)?),
    })
}

fn named(service: &Service, id: TypeId, value: &Value) -> Result<TokenStream> {
    let definition = service.type_definition(id);
    let path = path(definition);
    let mismatch = || {
        Error::new(format!(
            "{value} is no value of the shape `{}`",
            definition.id
        ))
    };
    match &definition.definition {
        Definition::Structure(_) => structure(service, definition, value, Absent::Nothing),
        Definition::Enum(_) => {
            let value = value.as_str().ok_or_else(mismatch)?;
            Ok(quote!(#path::from(#value)))
        }
        Definition::IntEnum(_) => {
            let value = Literal::i64_unsuffixed(value.as_i64().ok_or_else(mismatch)?);
            Ok(quote!(#path::from(#value)))
        }
        Definition::Union(fields) => {
            let members = value.as_object().ok_or_else(mismatch)?;
            let mut set = members.iter().filter(|(_, value)| !value.is_null());
            let (Some((name, value)), None) = (set.next(), set.next()) else {
                return Err(Error::new("a union has exactly one member").at(&definition.id));
            };
            let field = fields
                .iter()
                .find(|field| field.name.wire == *name)
                .ok_or_else(|| Error::new(format!("has no member `{name}`")).at(&definition.id))?;
            let variant = ident(&field.name.rust);
            let value = expression(service, &field.ty, value).at(&field.id)?;
            let value = if field.boxed {
                quote!(Box::new(#value))
            } else {
                value
            };
            Ok(quote!(#path::#variant(#value)))
        }
    }
}

/// Where a type stands, from the module of the cases.
pub(super) fn path(definition: &TypeDefinition) -> TokenStream {
    let module = ident(Module::of(definition).path());
    let name = ident(&definition.name.rust);
    quote!(super::#module::#name)
}

fn bytes(text: &str) -> TokenStream {
    let literal = Literal::byte_string(text.as_bytes());
    quote!(Bytes::from_static(#literal))
}

fn floating_point(value: &Value, ty: &str) -> Option<TokenStream> {
    let ty = ident(ty);
    Some(match value {
        Value::String(text) => match text.as_str() {
            "NaN" => quote!(#ty::NAN),
            "Infinity" => quote!(#ty::INFINITY),
            "-Infinity" => quote!(#ty::NEG_INFINITY),
            _ => return None,
        },
        _ => {
            let literal = Literal::f64_unsuffixed(value.as_f64()?);
            quote!(#literal)
        }
    })
}

/// Epoch seconds, with a fraction perhaps.
fn timestamp(value: &Value) -> Option<TokenStream> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let (seconds, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let seconds: i64 = seconds.parse().ok()?;
    let nanoseconds: u32 = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    // A fraction of a time before 1970 would count the other way.
    if seconds < 0 && nanoseconds > 0 {
        return None;
    }
    let seconds = Literal::i64_unsuffixed(seconds);
    let nanoseconds = Literal::u32_unsuffixed(nanoseconds);
    Some(quote!(driver::time(#seconds, #nanoseconds)))
}
