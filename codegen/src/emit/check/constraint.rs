//! The checks of a value itself: its constraints, one statement each.

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;
use serde_json::Value;

use super::super::hash;
use super::super::types::{ident, is_string_enum};
use crate::ast::traits::{Length, Range};
use crate::model::{Constraints, Definition, Field, Service, Type, TypeKind};

/// The checks of the value itself.
pub(super) fn own_checks(service: &Service, ty: &Type, value: &TokenStream) -> TokenStream {
    let constraints = &ty.constraints;
    let mut checks = TokenStream::new();
    let text = match is_enum(service, ty) {
        true => {
            let value = without_reference(value);
            quote!(#value.as_str())
        }
        false => value.clone(),
    };
    if let Some(length) = &constraints.length
        && is_measured(service, ty)
    {
        let (min, max) = bounds(Some(length));
        let source = provenance(constraints, "smithy.api#length");
        checks
            .extend(quote!(validator.length(path, #text, validator::Length(#min, #max), #source);));
    }
    if constraints.range.is_some() {
        checks.extend(range_check(ty, value));
    }
    if let Some(pattern) = &constraints.pattern
        && let Some(table) = table(service, pattern)
    {
        let source = provenance(constraints, "smithy.api#pattern");
        checks.extend(quote!(validator.pattern(path, #text, #table, #source);));
    }
    if constraints.unique_items
        && let TypeKind::List { element, .. } = &ty.kind
    {
        let hash = hash::closure(service, element);
        let source = provenance(constraints, "smithy.api#uniqueItems");
        checks.extend(quote!(validator.unique_items(path, #value, #hash, #source);));
    }
    checks.extend(documented_checks(service, ty, value));
    checks.extend(enum_check(service, ty, value));
    checks
}

/// The checks of our own traits on a value.
fn documented_checks(service: &Service, ty: &Type, value: &TokenStream) -> TokenStream {
    let constraints = &ty.constraints;
    let mut checks = TokenStream::new();
    if let Some(expected) = &constraints.must_equal {
        let source = provenance(constraints, "attache#mustEqual");
        let (is_equal, shown) = equality(expected, value);
        checks.extend(quote!(validator.must_equal(path, #is_equal, #shown, #source);));
    }
    if constraints.day_aligned {
        let source = provenance(constraints, "attache#dayAligned");
        checks.extend(quote!(validator.day_aligned(path, *#value, #source);));
    }
    if let (Some(member), TypeKind::List { element, .. }) = (&constraints.unique_member, &ty.kind)
        && let Some(field) = member_of(service, element, member)
    {
        let source = provenance(constraints, "attache#uniqueMember");
        let name = ident(&field.name.rust);
        checks.extend(
            quote!(validator.unique_member(path, #value, |value| &value.#name, #member, #source);),
        );
    }
    if !constraints.allowed_values.is_empty() {
        let source = provenance(constraints, "attache#allowedValues");
        let values = &constraints.allowed_values;
        checks.extend(quote!(validator.allowed_values(path, #value, &[#(#values),*], #source);));
    }
    if let Some(pattern) = &constraints.recommended_pattern
        && let Some(table) = table(service, pattern)
    {
        let source = provenance(constraints, "attache#recommendedPattern");
        checks.extend(quote!(validator.recommended_pattern(path, #value, #table, #source);));
    }
    checks
}

/// Strict only: a value that the model does not know. Values that it calls internal are not told.
fn enum_check(service: &Service, ty: &Type, value: &TokenStream) -> TokenStream {
    let TypeKind::Named(id) = ty.kind else {
        return TokenStream::new();
    };
    let definition = service.type_definition(id);
    let name = ident(&definition.name.rust);
    let value = without_reference(value);
    match &definition.definition {
        Definition::Enum(values) => {
            let told: Vec<&str> = values
                .iter()
                .filter(|known| !known.internal)
                .map(|known| known.value.as_str())
                .collect();
            let told = told.join(", ");
            quote!(validator.enum_value(path, #name::VALUES.contains(&#value.as_str()), #told);)
        }
        Definition::IntEnum(values) => {
            let told: Vec<String> = values
                .iter()
                .filter(|known| !known.internal)
                .map(|known| known.value.to_string())
                .collect();
            let told = told.join(", ");
            quote!(validator.enum_value(path, !matches!(#value, #name::Unknown(_)), #told);)
        }
        Definition::Structure(_) | Definition::Union(_) => TokenStream::new(),
    }
}

fn range_check(ty: &Type, value: &TokenStream) -> TokenStream {
    let source = provenance(&ty.constraints, "smithy.api#range");
    let is_float = matches!(ty.kind, TypeKind::Float | TypeKind::Double);
    let method = ident(match (is_float, ty.hides_values()) {
        (false, false) => "integer",
        (false, true) => "hidden_integer",
        (true, false) => "float",
        (true, true) => "hidden_float",
    });
    let (min, max) = range_bounds(ty);
    let value = dereferenced(value);
    quote!(validator.#method(path, #value, validator::Range(#min, #max), #source);)
}

/// Whether the value equals the one that the service takes, and how that is shown.
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

pub(in crate::emit) fn member_of<'a>(
    service: &'a Service,
    element: &Type,
    member: &str,
) -> Option<&'a Field> {
    let TypeKind::Named(id) = element.kind else {
        return None;
    };
    let mut fields = service.type_definition(id).fields().iter();
    fields.find(|field| field.name.wire == member)
}

/// The table of a pattern, where it has one.
pub(in crate::emit) fn table(service: &Service, pattern: &str) -> Option<TokenStream> {
    let compiled = service.patterns.get(pattern)?;
    compiled.automaton.as_ref().ok()?;
    let name = ident(&compiled.name);
    Some(quote!(&pattern::#name))
}

pub(super) fn provenance(constraints: &Constraints, id: &str) -> TokenStream {
    match constraints.sources.get(id) {
        Some(source) => quote!(validation::Provenance::Overlay(#source)),
        None => quote!(validator::MODEL),
    }
}

fn is_measured(service: &Service, ty: &Type) -> bool {
    is_enum(service, ty)
        || matches!(
            ty.kind,
            TypeKind::String { .. }
                | TypeKind::Blob { .. }
                | TypeKind::List { .. }
                | TypeKind::Map { .. }
        )
}

pub(super) fn is_enum(service: &Service, ty: &Type) -> bool {
    is_string_enum(service, ty)
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
pub(in crate::emit) fn range_bounds(ty: &Type) -> (TokenStream, TokenStream) {
    let Some(Range { min, max }) = &ty.constraints.range else {
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

/// The value itself, of one that is `Copy`.
fn dereferenced(value: &TokenStream) -> TokenStream {
    let place = without_reference(value);
    if place.to_string() == value.to_string() {
        quote!(*#value)
    } else {
        place
    }
}
