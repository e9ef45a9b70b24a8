//! Validation: a function `validate_at` for every type that is sent and holds a constraint.
//!
//! Generated code only walks the values; the runtime validates them and reports violations. A type without constraints
//! in it gets no function and no call, so validating an unconstrained request costs nothing.

mod constraint;
mod rule;

use proc_macro2::TokenStream;
use quote::quote;

use self::constraint::{own_statements, provenance, without_reference};
use self::rule::rule_statements;
use super::types::ident;
use super::variants::on_variants;
use crate::emit::imports::{VALIDATION, VALIDATOR};
use crate::model::TypeId;
use crate::plan::reserved::methods::{VALIDATE, VALIDATE_AT};
use crate::plan::{Field, Plan, Presence, Type, TypeKind, is_derived};

pub(super) use self::constraint::{bounds, range_bounds};

/// `validate_at` of a structure; `None` if nothing is constrained.
pub(super) fn structure_function(plan: &Plan<'_>, id: TypeId) -> Option<TokenStream> {
    let definition = plan.type_definition(id);
    if !definition.is_validated {
        return None;
    }
    let fields: TokenStream = definition
        .fields()
        .iter()
        .map(|field| field_statements(plan, field))
        .collect();
    let rules: TokenStream = definition
        .model
        .rules
        .iter()
        .map(|rule| rule_statements(definition, rule))
        .collect();
    Some(function(plan, id, &quote!(#fields #rules)))
}

/// `validate_at` of a union.
pub(super) fn union_function(plan: &Plan<'_>, id: TypeId) -> Option<TokenStream> {
    let definition = plan.type_definition(id);
    if !definition.is_validated {
        return None;
    }
    let mut arms = Vec::new();
    for field in definition.fields() {
        let variant = ident(&field.name);
        let name = name(&field.model.name, &field.name);
        let value = if field.boxed {
            quote!(value.as_ref())
        } else {
            quote!(value)
        };
        let statements = value_statements(plan, &field.ty, &value);
        if !statements.is_empty() {
            let pattern = quote!(Self::#variant(value));
            arms.push((pattern, quote!(let path = root.member(#name); #statements)));
        }
    }
    Some(function(plan, id, &on_variants(&arms)))
}

fn function(plan: &Plan<'_>, id: TypeId, body: &TokenStream) -> TokenStream {
    let guard = plan.type_definition(id).is_recursive.then(|| {
        quote! {
            if !validator.enter(root) {
                return;
            }
        }
    });
    quote! {
        #[inline]
        pub(crate) fn #VALIDATE_AT(&self, validator: &mut #VALIDATOR::Validator, root: #VALIDATOR::Path<'_>) {
            #guard
            #body
        }
    }
}

/// The name of a member: that of the model, and that in Rust unless the runtime derives it.
fn name(wire: &str, rust: &str) -> TokenStream {
    match is_derived(rust, wire) {
        true => quote!(#wire),
        false => quote!(&[#wire, #rust]),
    }
}

/// The names of several members, between commas.
fn names(members: &[(&str, &str)]) -> TokenStream {
    let [wire, rust] = [0, 1].map(|part| {
        let names: Vec<&str> = members
            .iter()
            .map(|(wire, rust)| [*wire, *rust][part])
            .collect();
        names.join(", ")
    });
    match members.iter().all(|(wire, rust)| is_derived(rust, wire)) {
        true => quote!(#wire),
        false => quote!(&[#wire, #rust]),
    }
}

/// What `validate` of a request does.
pub(super) fn validate_body(plan: &Plan<'_>, request: TypeId) -> TokenStream {
    if plan.type_definition(request).is_validated {
        quote!(#VALIDATOR::validate(level, |validator, root| self.#VALIDATE_AT(validator, root)))
    } else {
        quote!(#VALIDATOR::validate(level, |_, _| ()))
    }
}

/// `validate` of a request, for users.
pub(super) fn validate_function(plan: &Plan<'_>, request: TypeId) -> TokenStream {
    let run = validate_body(plan, request);
    quote! {
        #[doc = " Validates the request against what the service documents, without sending it: see [`validation`]."]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = " All violations, each with its path."]
        #[inline]
        pub fn #VALIDATE(&self, level: #VALIDATION::Level) -> Result<(), #VALIDATION::Violations> {
            #run
        }
    }
}

fn field_statements(plan: &Plan<'_>, field: &Field<'_>) -> TokenStream {
    let member = ident(&field.name);
    let name = name(&field.model.name, &field.name);
    let mut statements = TokenStream::new();
    if field.presence == Presence::Optional {
        if field.model.required {
            let source = provenance(field.required_source());
            statements.extend(quote!(validator.required(path, self.#member.is_some(), #source);));
        } else if let Some(reason) = &field.model.recommended {
            statements.extend(quote!(validator.recommended(
                path,
                self.#member.is_some(),
                #VALIDATION::Provenance::Overlay(#reason),
            );));
        }
        let value = if field.boxed {
            quote!(value.as_ref())
        } else {
            quote!(value)
        };
        let of_value = value_statements(plan, &field.ty, &value);
        if !of_value.is_empty() {
            statements.extend(quote! {
                if let Some(value) = &self.#member {
                    #of_value
                }
            });
        }
    } else {
        let value = if field.boxed {
            quote!(self.#member.as_ref())
        } else {
            quote!(&self.#member)
        };
        statements.extend(value_statements(plan, &field.ty, &value));
    }
    if statements.is_empty() {
        return statements;
    }
    quote! {
        let path = root.member(#name);
        #statements
    }
}

/// The statements that validate a value behind a reference and its elements.
fn value_statements(plan: &Plan<'_>, ty: &Type<'_>, value: &TokenStream) -> TokenStream {
    let own = own_statements(plan, ty, value);
    let below = match &ty.kind {
        TypeKind::Structure(id) | TypeKind::Union(id) if plan.type_definition(*id).is_validated => {
            let value = without_reference(value);
            quote!(#value.#VALIDATE_AT(validator, path);)
        }
        TypeKind::List { element, sparse } => elements_statements(plan, element, *sparse, value),
        TypeKind::Map {
            key,
            value: element,
            sparse,
        } => entries_statements(plan, key, element, *sparse, value),
        _ => TokenStream::new(),
    };
    quote!(#own #below)
}

fn elements_statements(
    plan: &Plan<'_>,
    element: &Type<'_>,
    sparse: bool,
    value: &TokenStream,
) -> TokenStream {
    let statements = value_statements(plan, element, &quote!(value));
    if statements.is_empty() {
        return statements;
    }
    let value = without_reference(value);
    let statements = unless_null(sparse, &statements);
    quote! {
        for (index, value) in #value.iter().enumerate() {
            let path = path.element(index);
            #statements
        }
    }
}

/// A key is reported at the path of its map, a value at its own.
fn entries_statements(
    plan: &Plan<'_>,
    key: &Type<'_>,
    element: &Type<'_>,
    sparse: bool,
    value: &TokenStream,
) -> TokenStream {
    let keys = value_statements(plan, key, &quote!(key));
    let mut values = value_statements(plan, element, &quote!(value));
    let map = without_reference(value);
    if !values.is_empty() {
        let statements = unless_null(sparse, &values);
        let path = if key.model.hides_values() {
            quote!(path.hidden_key())
        } else if matches!(key.kind, TypeKind::Enum(_)) {
            quote!(path.key(key.as_str()))
        } else {
            quote!(path.key(key))
        };
        values = quote!(let path = #path; #statements);
    }
    match (keys.is_empty(), values.is_empty()) {
        (true, true) => TokenStream::new(),
        (false, true) => quote!(for key in #map.keys() { #keys }),
        (true, false) if key.model.hides_values() => quote!(for value in #map.values() { #values }),
        // A required member is borrowed, because the loop would otherwise consume the map.
        (_, false) => quote!(for (key, value) in #value { #keys #values }),
    }
}

fn unless_null(sparse: bool, statements: &TokenStream) -> TokenStream {
    if sparse {
        quote!(if let Some(value) = value { #statements })
    } else {
        statements.clone()
    }
}
