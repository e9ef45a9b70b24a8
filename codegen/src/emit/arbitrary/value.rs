//! Strategies of values: from a type and its constraints to an expression.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::super::check::{bounds, member_of, range_bounds, table};
use super::super::types::ident;
use crate::model::{Definition, Service, Type, TypeKind};

/// Where a value stands, which decides what it can be made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Anywhere that holds any value.
    Body,
    /// In the path: nothing that would lead elsewhere.
    Label,
    /// In the host: not empty, and of the characters of host names.
    Host,
    /// In a header.
    Header,
    /// A map of headers.
    PrefixHeaders,
    /// The name of a header.
    HeaderName,
    /// The status of a response.
    Status,
}

/// The strategy of a value, boxed. It names the variable `scope`.
pub(super) fn value(service: &Service, ty: &Type, place: Place) -> TokenStream {
    let strategy = unconditional(service, ty, place);
    match &ty.constraints.must_equal {
        Some(expected) => {
            let expected = literal(expected);
            quote!(scope.equal(#strategy, #expected))
        }
        None => strategy,
    }
}

fn unconditional(service: &Service, ty: &Type, place: Place) -> TokenStream {
    match &ty.kind {
        TypeKind::Boolean => quote!(arbitrary::boolean()),
        TypeKind::Integer if place == Place::Status => {
            quote!(arbitrary::integer(
                scope,
                validator::Range(Some(200), Some(299))
            ))
        }
        TypeKind::Byte | TypeKind::Short | TypeKind::Integer | TypeKind::Long => {
            let range = range(ty);
            quote!(arbitrary::integer(scope, #range))
        }
        TypeKind::Float => {
            let range = range(ty);
            quote!(arbitrary::float(scope, #range))
        }
        TypeKind::Double => {
            let range = range(ty);
            quote!(arbitrary::double(scope, #range))
        }
        TypeKind::String { .. } => {
            let text = text(service, ty, place);
            quote!(#text.boxed())
        }
        TypeKind::Blob { .. } => {
            let length = length(ty);
            quote!(arbitrary::blob(scope, #length))
        }
        TypeKind::StreamingBlob { .. } => {
            let length = length(ty);
            quote!(arbitrary::blob(scope, #length).prop_map(ByteStream::from).boxed())
        }
        TypeKind::Timestamp(_) => {
            let aligned = ty.constraints.day_aligned;
            quote!(arbitrary::timestamp(scope, #aligned))
        }
        TypeKind::Document => quote!(arbitrary::document()),
        TypeKind::List { element, sparse } => list(service, ty, element, *sparse, place),
        TypeKind::Map {
            key,
            value: element,
            sparse,
        } => map(service, ty, (key, element, *sparse), place),
        TypeKind::Named(id) => {
            let definition = service.type_definition(*id);
            let name = ident(&definition.name.rust);
            match &definition.definition {
                Definition::Enum(_) => enumeration(&text(service, ty, place), &quote!(#name)),
                Definition::IntEnum(values) => {
                    let values: Vec<i32> = values.iter().map(|value| value.value).collect();
                    integer_enumeration(&values, &quote!(#name))
                }
                Definition::Structure(_) | Definition::Union(_) => {
                    quote!(#name::arbitrary_in(scope))
                }
            }
        }
    }
}

/// The values of an enum of strings, as texts first.
pub(super) fn enumeration(text: &TokenStream, name: &TokenStream) -> TokenStream {
    quote!(#text.values(#name::VALUES).boxed().prop_map(#name::from).boxed())
}

/// The values of an enum of integers.
pub(super) fn integer_enumeration(values: &[i32], name: &TokenStream) -> TokenStream {
    let values = values.iter().map(|value| Literal::i32_unsuffixed(*value));
    quote!(arbitrary::integer_enumeration(scope, &[#(#values),*]).prop_map(#name::from).boxed())
}

/// The description of a text.
fn text(service: &Service, ty: &Type, place: Place) -> TokenStream {
    let constraints = &ty.constraints;
    let mut text = quote!(scope.text());
    if constraints.length.is_some() {
        let length = length(ty);
        text.extend(quote!(.length(#length)));
    }
    let table = |pattern: &Option<String>| table(service, pattern.as_ref()?);
    if let Some(table) = table(&constraints.pattern) {
        text.extend(quote!(.pattern(#table)));
    }
    if let Some(table) = table(&constraints.recommended_pattern) {
        text.extend(quote!(.recommended_pattern(#table)));
    }
    if !constraints.allowed_values.is_empty() {
        let values = &constraints.allowed_values;
        text.extend(quote!(.values(&[#(#values),*])));
    }
    text.extend(match place {
        Place::Label => quote!(.label()),
        Place::Host | Place::HeaderName => {
            quote!(.not_empty().alphabet(arbitrary::Alphabet::Name))
        }
        Place::Header => quote!(.alphabet(arbitrary::Alphabet::Header)),
        Place::Body | Place::PrefixHeaders | Place::Status => TokenStream::new(),
    });
    text
}

fn list(service: &Service, ty: &Type, element: &Type, sparse: bool, place: Place) -> TokenStream {
    let strategy = element_strategy(service, element, sparse, place);
    let length = length(ty);
    let by_member = ty.constraints.unique_member.as_ref();
    let by_member = by_member.and_then(|member| member_of(service, element, member));
    let by_member = by_member.map(|field| {
        let name = ident(&field.name.rust);
        quote!(one.#name == other.#name)
    });
    let equal = match (ty.constraints.unique_items, by_member) {
        (false, None) => None,
        (true, None) => Some(quote!(one == other)),
        // Elements that are equal have equal members, too.
        (_, Some(by_member)) => Some(by_member),
    };
    let list = match equal {
        Some(equal) => {
            quote!(arbitrary::unique_list(scope, #strategy, #length, |one, other| #equal))
        }
        None => quote!(arbitrary::list(scope, #strategy, #length)),
    };
    unless_deep(service, ty, &length, list)
}

fn map(
    service: &Service,
    ty: &Type,
    (key, element, sparse): (&Type, &Type, bool),
    place: Place,
) -> TokenStream {
    let (key_place, place) = match place {
        Place::PrefixHeaders => (Place::HeaderName, Place::Header),
        other => (Place::Body, other),
    };
    let keys = value(service, key, key_place);
    let values = element_strategy(service, element, sparse, place);
    let length = length(ty);
    let map = quote!(arbitrary::map(scope, #keys, #values, #length));
    unless_deep(service, ty, &length, map)
}

fn element_strategy(service: &Service, element: &Type, sparse: bool, place: Place) -> TokenStream {
    let strategy = value(service, element, place);
    match sparse {
        true => quote!(scope.optional(#strategy)),
        false => strategy,
    }
}

/// A collection of what can hold it, which must come to an end.
fn unless_deep(
    service: &Service,
    ty: &Type,
    length: &TokenStream,
    strategy: TokenStream,
) -> TokenStream {
    match super::reaches_recursion(service, ty) {
        true => quote!(scope.empty_if_deep(#length, |scope| #strategy)),
        false => strategy,
    }
}

fn length(ty: &Type) -> TokenStream {
    let (least, most) = bounds(ty.constraints.length.as_ref());
    quote!(validator::Length(#least, #most))
}

pub(super) fn range(ty: &Type) -> TokenStream {
    let (least, most) = range_bounds(ty);
    quote!(validator::Range(#least, #most))
}

fn literal(value: &Value) -> TokenStream {
    match value {
        Value::Bool(value) => quote!(#value),
        Value::Number(number) => {
            let literal = Literal::i64_unsuffixed(number.as_i64().unwrap_or_default());
            quote!(#literal)
        }
        other => {
            let text = other.as_str().unwrap_or_default();
            quote!(#text.to_owned())
        }
    }
}
