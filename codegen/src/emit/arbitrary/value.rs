//! Strategies of values: from a type and its constraints to an expression.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote};
use serde_json::Value;

use super::super::types::ident;
use super::super::validation::{bounds, range_bounds};
use crate::emit::imports::{ARBITRARY, BYTE_STREAM, PATTERN, VALIDATOR, type_name};
use crate::model::TypeId;
use crate::plan::reserved::constructors::ARBITRARY_IN;
use crate::plan::{ConstraintKind, Definition, Plan, RustType, Type, TypeKind};

/// The place of a value, which decides which characters it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A place that can hold any value.
    Body,
    /// In the path: nothing that would change the path.
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
pub(super) fn value(plan: &Plan<'_>, ty: &Type<'_>, place: Place) -> TokenStream {
    let strategy = unconditional(plan, ty, place);
    match &ty.model.constraints.must_equal {
        Some(expected) => {
            let expected = literal(expected);
            quote!(scope.equal(#strategy, #expected))
        }
        None => strategy,
    }
}

fn unconditional(plan: &Plan<'_>, ty: &Type<'_>, place: Place) -> TokenStream {
    let name = &ty.rust;
    match &ty.kind {
        TypeKind::Boolean => quote!(#ARBITRARY::boolean()),
        // A response with any other status is an error, whatever is validated.
        TypeKind::Integer if place == Place::Status => quote!((200..300).boxed()),
        TypeKind::Byte | TypeKind::Short | TypeKind::Integer | TypeKind::Long => {
            let range = range(ty);
            quote!(#ARBITRARY::integer(scope, #range))
        }
        TypeKind::Float => {
            let range = range(ty);
            quote!(#ARBITRARY::float(scope, #range))
        }
        TypeKind::Double => {
            let range = range(ty);
            quote!(#ARBITRARY::double(scope, #range))
        }
        TypeKind::BigInteger => quote!(#ARBITRARY::big_integer()),
        TypeKind::BigDecimal => quote!(#ARBITRARY::big_decimal()),
        TypeKind::String { .. } => {
            let text = text(ty, place);
            quote!(#text.boxed())
        }
        TypeKind::Blob { .. } => {
            let length = length(ty);
            quote!(#ARBITRARY::blob(scope, #length))
        }
        TypeKind::StreamingBlob { .. } => {
            let length = length(ty);
            quote!(#ARBITRARY::blob(scope, #length).prop_map(#BYTE_STREAM::from).boxed())
        }
        TypeKind::EventStream(id) => events(plan, ty, *id),
        TypeKind::Timestamp(_) => {
            let aligned = ty.model.constraints.day_aligned;
            quote!(#ARBITRARY::timestamp(scope, #aligned))
        }
        TypeKind::Document => quote!(#ARBITRARY::document()),
        TypeKind::List { element, sparse } => list(plan, ty, element, *sparse, place),
        TypeKind::Map {
            key,
            value: element,
            sparse,
        } => map(plan, ty, (key, element, *sparse), place),
        TypeKind::Enum(_) => enumeration(&text(ty, place), &name.to_token_stream()),
        TypeKind::IntEnum(id) => member_enumeration(plan, ty, *id),
        TypeKind::Structure(_) | TypeKind::Union(_) => quote!(#name::#ARBITRARY_IN(scope)),
    }
}

/// Streams of events.
fn events(plan: &Plan<'_>, ty: &Type<'_>, id: TypeId) -> TokenStream {
    let event = type_name(plan.type_definition(id));
    let made = match &ty.rust {
        RustType::EventInput(_) => quote!(attache_runtime::event_stream::EventInput::from_events),
        _ => quote! {
            |events| {
                attache_runtime::event_stream::EventStream::from_events(events.into_iter().map(Ok))
            }
        },
    };
    let length = length(ty);
    quote!(#ARBITRARY::list(scope, #event::#ARBITRARY_IN(scope), #length).prop_map(#made).boxed())
}

/// The values of an enum of strings, as texts first.
pub(super) fn enumeration(text: &TokenStream, name: &TokenStream) -> TokenStream {
    quote!(#text.values(#name::VALUES).boxed().prop_map(#name::from).boxed())
}

/// The values of a member that is an enum of integers.
fn member_enumeration(plan: &Plan<'_>, ty: &Type<'_>, id: TypeId) -> TokenStream {
    let values: Vec<i32> = match &plan.type_definition(id).definition {
        Definition::IntEnum(values) => values.iter().map(|it| it.model.value).collect(),
        _ => Vec::new(),
    };
    let made = match ty.model.constraints.range {
        None => numbers(&values),
        Some(_) => {
            let (values, range) = (listed(&values), range(ty));
            quote!(#ARBITRARY::ranged_enumeration(scope, #values, #range))
        }
    };
    let name = &ty.rust;
    quote!(#made.prop_map(#name::from).boxed())
}

/// The values of an enum of integers.
pub(super) fn integer_enumeration(values: &[i32], name: &TokenStream) -> TokenStream {
    let made = numbers(values);
    quote!(#made.prop_map(#name::from).boxed())
}

fn numbers(values: &[i32]) -> TokenStream {
    let values = listed(values);
    quote!(#ARBITRARY::integer_enumeration(scope, #values))
}

fn listed(values: &[i32]) -> TokenStream {
    let values = values.iter().map(|value| Literal::i32_unsuffixed(*value));
    quote!(&[#(#values),*])
}

/// The description of a text.
fn text(ty: &Type<'_>, place: Place) -> TokenStream {
    let constraints = &ty.model.constraints;
    let mut text = quote!(scope.text());
    if constraints.length.is_some() {
        let length = length(ty);
        text.extend(quote!(.length(#length)));
    }
    for constraint in &ty.constraints {
        text.extend(match &constraint.kind {
            ConstraintKind::Pattern(table) => {
                let table = ident(table);
                quote!(.pattern(&#PATTERN::#table.pattern))
            }
            ConstraintKind::RecommendedPattern(table) => {
                let table = ident(table);
                quote!(.recommended_pattern(&#PATTERN::#table.pattern))
            }
            _ => continue,
        });
    }
    if !constraints.allowed_values.is_empty() {
        let values = &constraints.allowed_values;
        text.extend(quote!(.values(&[#(#values),*])));
    }
    text.extend(match place {
        Place::Label => quote!(.label()),
        Place::Host | Place::HeaderName => {
            quote!(.not_empty().alphabet(#ARBITRARY::Alphabet::Name))
        }
        Place::Header => quote!(.alphabet(#ARBITRARY::Alphabet::Header)),
        Place::Body | Place::PrefixHeaders | Place::Status => TokenStream::new(),
    });
    text
}

fn list(
    plan: &Plan<'_>,
    ty: &Type<'_>,
    element: &Type<'_>,
    sparse: bool,
    place: Place,
) -> TokenStream {
    let strategy = element_strategy(plan, element, sparse, place);
    let length = length(ty);
    let by_member = ty
        .constraints
        .iter()
        .find_map(|constraint| match &constraint.kind {
            ConstraintKind::UniqueMember { field, .. } => {
                let name = ident(field);
                Some(quote!(one.#name == other.#name))
            }
            _ => None,
        });
    let equal = match (ty.model.constraints.unique_items, by_member) {
        (false, None) => None,
        (true, None) => Some(quote!(one == other)),
        // Elements that are equal have equal members, too.
        (_, Some(by_member)) => Some(by_member),
    };
    let list = match equal {
        Some(equal) => {
            quote!(#ARBITRARY::unique_list(scope, #strategy, #length, |one, other| #equal))
        }
        None => quote!(#ARBITRARY::list(scope, #strategy, #length)),
    };
    unless_deep(plan, ty, &length, list)
}

fn map(
    plan: &Plan<'_>,
    ty: &Type<'_>,
    (key, element, sparse): (&Type<'_>, &Type<'_>, bool),
    place: Place,
) -> TokenStream {
    let (key_place, place) = match place {
        Place::PrefixHeaders => (Place::HeaderName, Place::Header),
        other => (Place::Body, other),
    };
    let keys = value(plan, key, key_place);
    let values = element_strategy(plan, element, sparse, place);
    let length = length(ty);
    let map = quote!(#ARBITRARY::map(scope, #keys, #values, #length));
    unless_deep(plan, ty, &length, map)
}

fn element_strategy(
    plan: &Plan<'_>,
    element: &Type<'_>,
    sparse: bool,
    place: Place,
) -> TokenStream {
    let strategy = value(plan, element, place);
    match sparse {
        true => quote!(scope.optional(#strategy)),
        false => strategy,
    }
}

/// The strategy of a recursive collection, whose recursion must end.
fn unless_deep(
    plan: &Plan<'_>,
    ty: &Type<'_>,
    length: &TokenStream,
    strategy: TokenStream,
) -> TokenStream {
    let strategy = match super::reaches_recursion(plan, ty) {
        true => quote!(scope.empty_if_deep(#length, |scope| #strategy)),
        false => strategy,
    };
    let (TypeKind::List { element, .. } | TypeKind::Map { value: element, .. }) = &ty.kind else {
        return strategy;
    };
    // The empty collection is the only valid value, or there is no valid value.
    match plan.least_height(element) {
        Some(_) => strategy,
        None => quote!(scope.default_if_structural(|scope| #strategy)),
    }
}

fn length(ty: &Type<'_>) -> TokenStream {
    let (least, most) = bounds(ty.model.constraints.length.as_ref());
    quote!(#VALIDATOR::Length(#least, #most))
}

pub(super) fn range(ty: &Type<'_>) -> TokenStream {
    let (least, most) = range_bounds(ty);
    quote!(#VALIDATOR::Range(#least, #most))
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
