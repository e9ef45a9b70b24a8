//! The statements that validate a value itself, one for each of its constraints.

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;
use serde_json::Value;

use super::super::hash;
use super::super::types::ident;
use super::name as member_name;
use crate::ast::traits::{Length, Range};
use crate::emit::imports::{PATTERN, VALIDATION, VALIDATOR};
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{Constraint, ConstraintKind, Definition, Plan, Type, TypeKind};

/// The statements that validate the value itself.
pub(super) fn own_statements(plan: &Plan<'_>, ty: &Type<'_>, value: &TokenStream) -> TokenStream {
    let constraints = ty.constraints.iter();
    constraints
        .map(|constraint| statement(plan, ty, constraint, value))
        .collect()
}

fn statement(
    plan: &Plan<'_>,
    ty: &Type<'_>,
    constraint: &Constraint<'_>,
    value: &TokenStream,
) -> TokenStream {
    let source = provenance(constraint.source);
    let text = match ty.kind {
        TypeKind::Enum(_) => {
            let value = without_reference(value);
            quote!(#value.as_str())
        }
        _ => value.clone(),
    };
    match &constraint.kind {
        ConstraintKind::Length(length) => {
            let (min, max) = bounds(Some(length));
            quote!(validator.length(path, #text, #VALIDATOR::Length(#min, #max), #source);)
        }
        ConstraintKind::Range(_) => range_statements(ty, value, &source),
        ConstraintKind::Pattern(table) => {
            let table = ident(table);
            quote!(validator.pattern(path, #text, &#PATTERN::#table, #source);)
        }
        ConstraintKind::UniqueItems => {
            let TypeKind::List { element, .. } = &ty.kind else {
                return TokenStream::new();
            };
            let hash = hash::closure(element);
            quote!(validator.unique_items(path, #value, #hash, #source);)
        }
        ConstraintKind::MustEqual(expected) => {
            let (is_equal, shown) = equality(expected, value);
            quote!(validator.must_equal(path, #is_equal, #shown, #source);)
        }
        ConstraintKind::DayAligned => quote!(validator.day_aligned(path, *#value, #source);),
        ConstraintKind::UniqueMember { member, field } => {
            let name = ident(field);
            let shown = member_name(member, field);
            quote!(validator.unique_member(path, #value, |value| &value.#name, #shown, #source);)
        }
        ConstraintKind::AllowedValues(values) => {
            quote!(validator.allowed_values(path, #value, &[#(#values),*], #source);)
        }
        ConstraintKind::RecommendedPattern(table) => {
            let table = ident(table);
            quote!(validator.recommended_pattern(path, #value, &#PATTERN::#table, #source);)
        }
        ConstraintKind::KnownValue => known_value(plan, ty, value),
    }
}

/// Strict only: an unknown enum value. Values that the model marks as internal are not listed.
fn known_value(plan: &Plan<'_>, ty: &Type<'_>, value: &TokenStream) -> TokenStream {
    let (TypeKind::Enum(id) | TypeKind::IntEnum(id)) = ty.kind else {
        return TokenStream::new();
    };
    let name = &ty.rust;
    let value = without_reference(value);
    match &plan.type_definition(id).definition {
        Definition::Enum(values) => {
            let told: Vec<&str> = values
                .iter()
                .filter(|known| !known.model.internal)
                .map(|known| known.model.value.as_str())
                .collect();
            let told = told.join(", ");
            quote!(validator.enum_value(path, #name::VALUES.contains(&#value.as_str()), #told);)
        }
        Definition::IntEnum(values) => {
            let told: Vec<String> = values
                .iter()
                .filter(|known| !known.model.internal)
                .map(|known| known.model.value.to_string())
                .collect();
            let told = told.join(", ");
            quote!(validator.enum_value(path, !matches!(#value, #name::#UNKNOWN(_)), #told);)
        }
        Definition::Structure(_) | Definition::Union(_) => TokenStream::new(),
    }
}

fn range_statements(ty: &Type<'_>, value: &TokenStream, source: &TokenStream) -> TokenStream {
    let is_float = matches!(ty.kind, TypeKind::Float | TypeKind::Double);
    let method = ident(match (is_float, ty.model.hides_values()) {
        (false, false) => "integer",
        (false, true) => "hidden_integer",
        (true, false) => "float",
        (true, true) => "hidden_float",
    });
    let (min, max) = range_bounds(ty);
    let value = match ty.kind {
        TypeKind::IntEnum(_) => {
            let value = without_reference(value);
            quote!(#value.value())
        }
        _ => dereferenced(value),
    };
    quote!(validator.#method(path, #value, #VALIDATOR::Range(#min, #max), #source);)
}

/// Whether the value equals the one that the service accepts, and how it is shown.
fn equality(expected: &Value, value: &TokenStream) -> (TokenStream, String) {
    let dereferenced = dereferenced(value);
    match expected {
        Value::Bool(true) => (dereferenced, "true".to_owned()),
        Value::Bool(false) => (quote!(!#dereferenced), "false".to_owned()),
        Value::Number(number) => {
            let literal = Literal::i64_unsuffixed(number.as_i64().unwrap_or_default());
            (quote!(#dereferenced == #literal), number.to_string())
        }
        other => {
            let text = other.as_str().unwrap_or_default();
            (quote!(#value == #text), text.to_owned())
        }
    }
}

/// Where a constraint is stated.
pub(super) fn provenance(source: Option<&str>) -> TokenStream {
    match source {
        Some(source) => quote!(#VALIDATION::Provenance::Overlay(#source)),
        None => quote!(#VALIDATOR::MODEL),
    }
}

/// The bounds of a length, as options.
pub(in crate::emit) fn bounds(length: Option<&Length>) -> (TokenStream, TokenStream) {
    let some = |bound: Option<u64>| match bound {
        Some(bound) => {
            let literal = Literal::u64_unsuffixed(bound);
            quote!(Some(#literal))
        }
        None => quote!(None),
    };
    match length {
        Some(length) => (some(length.min), some(length.max)),
        None => (some(None), some(None)),
    }
}

/// The bounds of a number, as options, in the type of the value: rounded inwards for integers.
pub(in crate::emit) fn range_bounds(ty: &Type<'_>) -> (TokenStream, TokenStream) {
    let Some(Range { min, max }) = &ty.model.constraints.range else {
        return (quote!(None), quote!(None));
    };
    let literal = |bound: &serde_json::Number, up: bool| {
        let number = bound.as_f64().unwrap_or_default();
        match &ty.kind {
            TypeKind::Float => Literal::f32_suffixed(number as f32),
            TypeKind::Double => Literal::f64_suffixed(number),
            _ => {
                let whole = if up { number.ceil() } else { number.floor() };
                Literal::i64_unsuffixed(bound.as_i64().unwrap_or(whole as i64))
            }
        }
    };
    let some = |literal: Option<Literal>| match literal {
        Some(literal) => quote!(Some(#literal)),
        None => quote!(None),
    };
    let least = some(min.as_ref().map(|bound| literal(bound, true)));
    let most = some(max.as_ref().map(|bound| literal(bound, false)));
    (least, most)
}

/// `self.x` of `&self.x`: methods borrow themselves.
pub(super) fn without_reference(value: &TokenStream) -> TokenStream {
    let mut tokens = value.clone().into_iter().peekable();
    if matches!(tokens.peek(), Some(TokenTree::Punct(punct)) if punct.as_char() == '&') {
        tokens.next();
    }
    tokens.collect()
}

/// The value itself, for a `Copy` type.
fn dereferenced(value: &TokenStream) -> TokenStream {
    let place = without_reference(value);
    if place.to_string() == value.to_string() {
        quote!(*#value)
    } else {
        place
    }
}
