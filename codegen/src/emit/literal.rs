//! Defaults of the model as Rust expressions.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::types::ident;
use crate::error::{Error, Result};
use crate::model::{Definition, Service, Type, TypeKind};

/// The expression for a default value.
///
/// # Errors
/// A value that is not of the type.
pub(crate) fn default_expression(
    service: &Service,
    ty: &Type,
    value: &Value,
) -> Result<TokenStream> {
    let mismatch = || {
        Error::new(format!(
            "trait `smithy.api#default`: {value} is no value of this type"
        ))
    };
    let integer = |minimum: i64, maximum: i64| {
        value
            .as_i64()
            .filter(|number| (minimum..=maximum).contains(number))
            .ok_or_else(mismatch)
    };
    let unsuffixed = proc_macro2::Literal::i64_unsuffixed;
    Ok(match &ty.kind {
        TypeKind::Boolean => {
            let value = value.as_bool().ok_or_else(mismatch)?;
            quote!(#value)
        }
        TypeKind::Byte => number(unsuffixed(integer(i8::MIN.into(), i8::MAX.into())?)),
        TypeKind::Short => number(unsuffixed(integer(i16::MIN.into(), i16::MAX.into())?)),
        TypeKind::Integer => number(unsuffixed(integer(i32::MIN.into(), i32::MAX.into())?)),
        TypeKind::Long => number(unsuffixed(integer(i64::MIN, i64::MAX)?)),
        TypeKind::Float | TypeKind::Double => {
            let value = value
                .as_f64()
                .filter(|value| value.is_finite())
                .ok_or_else(mismatch)?;
            number(proc_macro2::Literal::f64_unsuffixed(value))
        }
        TypeKind::String { .. } => string(value.as_str().ok_or_else(mismatch)?),
        TypeKind::Blob { .. } => {
            let text = value.as_str().ok_or_else(mismatch)?;
            let bytes =
                base64_simd::forgiving_decode_to_vec(text.as_bytes()).map_err(|_| mismatch())?;
            if bytes.is_empty() {
                quote!(Bytes::new())
            } else {
                let literal = proc_macro2::Literal::byte_string(&bytes);
                quote!(Bytes::from_static(#literal))
            }
        }
        TypeKind::StreamingBlob { .. } => quote!(ByteStream::default()),
        TypeKind::Timestamp(_) => timestamp(value).ok_or_else(mismatch)?,
        TypeKind::Document => document(value),
        TypeKind::List { .. } if value.as_array().is_some_and(Vec::is_empty) => quote!(Vec::new()),
        TypeKind::Map { .. } if value.as_object().is_some_and(serde_json::Map::is_empty) => {
            quote!(BTreeMap::new())
        }
        TypeKind::List { .. } | TypeKind::Map { .. } => return Err(mismatch()),
        TypeKind::Named(id) => {
            let definition = service.type_definition(*id);
            let name = ident(&definition.name.rust);
            match &definition.definition {
                Definition::Enum(values) => {
                    let value = value.as_str().ok_or_else(mismatch)?;
                    match values.iter().find(|known| known.value == value) {
                        Some(known) => {
                            let variant = ident(&known.name.rust);
                            quote!(#name::#variant)
                        }
                        None => quote!(#name::from(#value)),
                    }
                }
                Definition::IntEnum(_) => {
                    let value = number(unsuffixed(integer(i32::MIN.into(), i32::MAX.into())?));
                    quote!(#name::from(#value))
                }
                Definition::Structure(_) | Definition::Union(_) => return Err(mismatch()),
            }
        }
    })
}

fn number(literal: proc_macro2::Literal) -> TokenStream {
    quote!(#literal)
}

fn string(text: &str) -> TokenStream {
    if text.is_empty() {
        quote!(String::new())
    } else {
        quote!(#text.to_owned())
    }
}

/// Epoch seconds with or without a fraction, or a date-time string where the member has that format.
fn timestamp(value: &Value) -> Option<TokenStream> {
    let literal = proc_macro2::Literal::i64_unsuffixed;
    match value {
        Value::Number(number) => Some(match epoch(number)? {
            (0, 0) => quote!(Timestamp::UNIX_EPOCH),
            (seconds, 0) => {
                let seconds = literal(seconds);
                quote!(Timestamp::from_epoch_seconds(#seconds).unwrap_or(Timestamp::UNIX_EPOCH))
            }
            (seconds, nanoseconds) => {
                let (seconds, nanoseconds) = (literal(seconds), literal(nanoseconds));
                quote!(Timestamp::from_epoch(#seconds, #nanoseconds).unwrap_or(Timestamp::UNIX_EPOCH))
            }
        }),
        Value::String(text) => Some(quote!(#text.parse().unwrap_or(Timestamp::UNIX_EPOCH))),
        _ => None,
    }
}

/// Whole seconds, and the nanoseconds behind them, which count forwards. The digits are read, because a `f64` of today's
/// seconds is only exact to some hundred nanoseconds.
fn epoch(number: &serde_json::Number) -> Option<(i64, i64)> {
    if let Some(seconds) = number.as_i64() {
        return Some((seconds, 0));
    }
    let text = number.to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.')?;
    // What is finer than nanoseconds is cut off.
    let fraction: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let seconds: i64 = whole.parse().ok()?;
    let nanoseconds: i64 = fraction.parse().ok()?;
    Some(match (sign, nanoseconds) {
        (1, _) => (seconds, nanoseconds),
        (_, 0) => (-seconds, 0),
        (_, _) => (-seconds - 1, 1_000_000_000 - nanoseconds),
    })
}

pub(crate) fn document(value: &Value) -> TokenStream {
    match value {
        Value::Null => quote!(Document::Null),
        Value::Bool(value) => quote!(Document::from(#value)),
        Value::Number(value) => match value.as_i64() {
            Some(value) => {
                let literal = proc_macro2::Literal::i64_suffixed(value);
                quote!(Document::from(#literal))
            }
            None => {
                let literal =
                    proc_macro2::Literal::f64_suffixed(value.as_f64().unwrap_or_default());
                quote!(Document::from(#literal))
            }
        },
        Value::String(value) => quote!(Document::from(#value)),
        Value::Array(values) => {
            let values = values.iter().map(document);
            quote!(Document::Array(vec![#(#values),*]))
        }
        Value::Object(values) => {
            let entries = values.iter().map(|(key, value)| {
                let value = document(value);
                quote!((#key.to_owned(), #value))
            });
            quote!(Document::Object([#(#entries),*].into_iter().collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::epoch;

    #[test]
    fn fractions_of_seconds_are_exact_and_count_forwards() {
        for (text, expected) in [
            ("1.5", Some((1, 500_000_000))),
            ("-1.5", Some((-2, 500_000_000))),
            ("1515531081.1234", Some((1_515_531_081, 123_400_000))),
            ("-7", Some((-7, 0))),
            ("2.0", Some((2, 0))),
            ("0.0000000001", None),
            ("1e300", None),
        ] {
            let number = serde_json::from_str(text).expect("it is a number");
            assert_eq!(epoch(&number), expected, "{text}");
        }
    }
}
