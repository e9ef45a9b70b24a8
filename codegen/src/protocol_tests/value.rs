//! Values of a suite as Rust expressions.
//!
//! Suites write values in JSON after the type of their shape: timestamps as epoch seconds, blobs as text, and numbers
//! that JSON lacks as strings (Smithy specification, "HTTP protocol compliance tests", section "Parameter format").

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::emit::{default_expression, document, ident};
use crate::error::{Context, Error, Result};
use crate::model::{Binding, TypeId};
use crate::plan::{
    DefaultKind, DefaultValue, Definition, Field, Plan, Presence, Type, TypeDefinition, TypeKind,
};

/// The values of members that a value omits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Absent {
    /// None: the value has only the given members.
    Nothing,
    /// Any value for members that must be present for sending.
    Placeholder,
}

/// A literal of a structure with these members.
pub(super) fn structure(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    members: &Value,
    absent: Absent,
) -> Result<TokenStream> {
    let empty = serde_json::Map::new();
    let members = match members {
        Value::Null => &empty,
        Value::Object(members) => members,
        other => return Err(Error::new(format!("{other} is not a structure"))),
    };
    let fields = definition.fields();
    if let Some(unknown) = members
        .keys()
        .find(|name| fields.iter().all(|field| field.model.name != **name))
    {
        return Err(Error::new(format!(
            "the structure `{}` has no member `{unknown}`",
            definition.model.id.name()
        )));
    }
    let path = path(definition);
    let values = fields
        .iter()
        .map(|field| {
            let name = ident(&field.name);
            let value = members.get(&field.model.name);
            let value = member(plan, field, value, absent).at(&field.model.id)?;
            Ok(quote!(#name: #value))
        })
        .collect::<Result<Vec<_>>>()?;
    let rest = definition
        .is_open_literal
        .then(|| quote!(..Default::default()));
    Ok(quote!(#path { #(#values,)* #rest }))
}

fn member(
    plan: &Plan<'_>,
    field: &Field<'_>,
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
    let is_placed = field.model.binding == Binding::Label || field.model.host_label;
    match (value.filter(|value| !value.is_null()), &field.presence) {
        (Some(value), Presence::Optional) => {
            let value = boxed(expression(plan, &field.ty, value)?);
            Ok(quote!(Some(#value)))
        }
        (Some(value), _) => Ok(boxed(expression(plan, &field.ty, value)?)),
        (None, Presence::Optional)
            if absent == Absent::Placeholder && (is_placed || field.model.required) =>
        {
            let value = boxed(placeholder(plan, &field.ty)?);
            Ok(quote!(Some(#value)))
        }
        (None, Presence::Optional) => Ok(quote!(None)),
        (None, Presence::Default(value)) => default(plan, field, value).map(boxed),
        (None, Presence::Required) => placeholder_or_zero(plan, &field.ty).map(boxed),
    }
}

/// A default of the model; the expression for one names types of the module `enums` only.
fn default(plan: &Plan<'_>, field: &Field<'_>, value: &DefaultValue<'_>) -> Result<TokenStream> {
    match (&field.ty.kind, &field.model.default) {
        (TypeKind::Enum(_) | TypeKind::IntEnum(_), Some(value)) => {
            expression(plan, &field.ty, value)
        }
        _ => Ok(default_expression(&field.ty, value)),
    }
}

/// The default of a client for a required member that a response lacks.
fn placeholder_or_zero(plan: &Plan<'_>, ty: &Type<'_>) -> Result<TokenStream> {
    match &ty.kind {
        TypeKind::Structure(id) if plan.type_definition(*id).default == DefaultKind::None => {
            placeholder(plan, ty)
        }
        _ => Ok(quote!(Default::default())),
    }
}

/// Any value of the type that can be sent.
fn placeholder(plan: &Plan<'_>, ty: &Type<'_>) -> Result<TokenStream> {
    match &ty.kind {
        TypeKind::String { .. } => Ok(quote!(String::from("placeholder"))),
        TypeKind::Enum(id)
        | TypeKind::IntEnum(id)
        | TypeKind::Structure(id)
        | TypeKind::Union(id) => {
            let definition = plan.type_definition(*id);
            let path = path(definition);
            match &definition.definition {
                Definition::Enum(_) => Ok(quote!(#path::from("placeholder"))),
                Definition::IntEnum(_) => Ok(quote!(#path::from(1))),
                Definition::Structure(_) => {
                    structure(plan, definition, &Value::Null, Absent::Placeholder)
                }
                Definition::Union(_) => Ok(quote!(#path::Unknown(String::new(), Document::Null))),
            }
        }
        _ => Ok(quote!(Default::default())),
    }
}

/// The expression for a value.
pub(super) fn expression(plan: &Plan<'_>, ty: &Type<'_>, value: &Value) -> Result<TokenStream> {
    let mismatch = || {
        Error::new(format!(
            "{value} is not a value of the shape `{}`",
            ty.model.shape
        ))
    };
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
        TypeKind::BigInteger | TypeKind::BigDecimal => big_number(value).ok_or_else(mismatch)?,
        TypeKind::String { media_type } => match value {
            Value::String(text) => quote!(String::from(#text)),
            // A string that contains JSON may be written as that JSON.
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
        TypeKind::EventStream(id) => events(plan, *id, value.as_array().ok_or_else(mismatch)?)?,
        TypeKind::Timestamp(_) => timestamp(value).ok_or_else(mismatch)?,
        TypeKind::Document => document(value),
        TypeKind::List { element, sparse } => {
            let elements = value.as_array().ok_or_else(mismatch)?;
            let elements = elements
                .iter()
                .filter_map(|value| self::element(plan, element, *sparse, value).transpose())
                .collect::<Result<Vec<_>>>()?;
            quote!(Vec::from([#(#elements),*]))
        }
        TypeKind::Map {
            key,
            value: element,
            sparse,
        } => {
            let entries = value.as_object().ok_or_else(mismatch)?;
            map(plan, entries, (key, element, *sparse))?
        }
        TypeKind::Enum(id)
        | TypeKind::IntEnum(id)
        | TypeKind::Structure(id)
        | TypeKind::Union(id) => named(plan, *id, value)?,
    })
}

/// The events of a request.
fn events(plan: &Plan<'_>, id: TypeId, events: &[Value]) -> Result<TokenStream> {
    let events = events.iter().map(|event| named(plan, id, event));
    let events = events.collect::<Result<Vec<_>>>()?;
    Ok(quote!(attache_runtime::event_stream::EventInput::from_events([#(#events),*])))
}

/// A number of any length: suites write it as a number or as a text.
fn big_number(value: &Value) -> Option<TokenStream> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => return None,
    };
    Some(quote!(#text.parse().expect("the suite has a number")))
}

/// A map: the types of its keys and values, and whether it holds nulls.
fn map(
    plan: &Plan<'_>,
    entries: &serde_json::Map<String, Value>,
    (key, element, sparse): (&Type<'_>, &Type<'_>, bool),
) -> Result<TokenStream> {
    let mut pairs = Vec::new();
    for (name, value) in entries {
        if let Some(value) = self::element(plan, element, sparse, value)? {
            let key = expression(plan, key, &Value::String(name.clone()))?;
            pairs.push(quote!((#key, #value)));
        }
    }
    Ok(quote!(BTreeMap::from([#(#pairs),*])))
}

/// An element of a list or map: only sparse ones hold nulls, others leave them out.
fn element(
    plan: &Plan<'_>,
    ty: &Type<'_>,
    sparse: bool,
    value: &Value,
) -> Result<Option<TokenStream>> {
    Ok(match (value.is_null(), sparse) {
        (true, true) => Some(quote!(None)),
        (true, false) => None,
        (false, true) => {
            let value = expression(plan, ty, value)?;
            Some(quote!(Some(#value)))
        }
        (false, false) => Some(expression(plan, ty, value)?),
    })
}

pub(super) fn named(plan: &Plan<'_>, id: TypeId, value: &Value) -> Result<TokenStream> {
    let definition = plan.type_definition(id);
    let path = path(definition);
    let mismatch = || {
        Error::new(format!(
            "{value} is not a value of the shape `{}`",
            definition.model.id
        ))
    };
    match &definition.definition {
        Definition::Structure(_) => structure(plan, definition, value, Absent::Nothing),
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
                return Err(Error::new("a union has exactly one member").at(&definition.model.id));
            };
            let field = fields
                .iter()
                .find(|field| field.model.name == *name)
                .ok_or_else(|| {
                    Error::new(format!("has no member `{name}`")).at(&definition.model.id)
                })?;
            let variant = ident(&field.name);
            let value = expression(plan, &field.ty, value).at(&field.model.id)?;
            let value = if field.boxed {
                quote!(Box::new(#value))
            } else {
                value
            };
            Ok(quote!(#path::#variant(#value)))
        }
    }
}

/// The path of a type from the module of the cases.
pub(super) fn path(definition: &TypeDefinition<'_>) -> TokenStream {
    let module = ident(definition.module.path());
    let name = ident(&definition.name);
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
        // A text is a time in one of the forms of the wire, and all of them have digits.
        Value::String(text) => {
            if !text.bytes().any(|byte| byte.is_ascii_digit()) {
                return None;
            }
            return Some(quote!(Timestamp::parse_any(#text).expect("a time of the suite")));
        }
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
