//! Validation: a `check` for every type that is sent and holds a constraint.
//!
//! Generated code only walks; what is checked and how it is reported is in the runtime. A type below which nothing is
//! constrained gets no function and no call, so that unconstrained requests cost nothing.

mod constraint;
mod rule;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use self::constraint::{is_enum, own_checks, provenance, without_reference};
use self::rule::rule_check;
use super::types::ident;
use super::union::on_variants;
use crate::model::{Definition, Field, Presence, Service, Type, TypeId, TypeKind};

pub(super) use self::constraint::{bounds, member_of, range_bounds, table};

/// `check` of a structure; nothing where nothing is constrained.
pub(super) fn structure_function(service: &Service, id: TypeId) -> Option<TokenStream> {
    let definition = service.type_definition(id);
    if !is_checked(service, id) {
        return None;
    }
    let fields: TokenStream = definition
        .fields()
        .iter()
        .map(|field| field_check(service, field))
        .collect();
    let rules: TokenStream = definition
        .rules
        .iter()
        .map(|rule| rule_check(definition, rule))
        .collect();
    Some(function(service, id, &quote!(#fields #rules)))
}

/// `check` of a union.
pub(super) fn union_function(service: &Service, id: TypeId) -> Option<TokenStream> {
    let definition = service.type_definition(id);
    if !is_checked(service, id) {
        return None;
    }
    let mut arms = Vec::new();
    for field in definition.fields() {
        let variant = ident(&field.name.rust);
        let name = &field.name.wire;
        let value = if field.boxed {
            quote!(value.as_ref())
        } else {
            quote!(value)
        };
        let check = value_check(service, &field.ty, &value);
        if !check.is_empty() {
            let pattern = quote!(Self::#variant(value));
            arms.push((pattern, quote!(let path = root.member(#name); #check)));
        }
    }
    Some(function(service, id, &on_variants(&arms)))
}

fn function(service: &Service, id: TypeId, body: &TokenStream) -> TokenStream {
    let guard = is_recursive(service, id).then(|| {
        quote! {
            if !validator.enter(root) {
                return;
            }
        }
    });
    quote! {
        pub(crate) fn validate_at(&self, validator: &mut validator::Validator, root: validator::Path<'_>) {
            #guard
            #body
        }
    }
}

/// What `validate` of a request does.
pub(super) fn validate_body(service: &Service, request: TypeId) -> TokenStream {
    if is_checked(service, request) {
        quote!(validator::validate(level, |validator, root| self.validate_at(validator, root)))
    } else {
        quote!(validator::validate(level, |_, _| ()))
    }
}

/// `validate` of a request, for users.
pub(super) fn validate_function(service: &Service, request: TypeId) -> TokenStream {
    let run = validate_body(service, request);
    quote! {
        #[doc = " Validates the request against what the service documents, without sending it: see [`validation`]."]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = " Everything that is wrong, each with its place."]
        pub fn validate(&self, level: validation::Level) -> Result<(), validation::Violations> {
            #run
        }
    }
}

/// Whether a type needs a `check`: something in it or below it is constrained.
pub(super) fn is_checked(service: &Service, id: TypeId) -> bool {
    let checked = service.memo.checked.get_or_init(|| checked(service));
    checked.contains(&id)
}

/// The types that are constrained, and those that hold them.
fn checked(service: &Service) -> BTreeSet<TypeId> {
    let mut holders: BTreeMap<TypeId, Vec<TypeId>> = BTreeMap::new();
    let mut queue = Vec::new();
    for (index, definition) in service.types.iter().enumerate() {
        let constrained = match &definition.definition {
            Definition::Enum(_) | Definition::IntEnum(_) => true,
            Definition::Structure(fields) | Definition::Union(fields) => {
                !definition.rules.is_empty()
                    || fields.iter().any(|field| is_constrained(service, field))
            }
        };
        if constrained {
            queue.push(TypeId(index));
        }
        for held in definition
            .fields()
            .iter()
            .flat_map(|field| field.ty.named())
        {
            holders.entry(held).or_default().push(TypeId(index));
        }
    }
    let mut found = BTreeSet::new();
    while let Some(id) = queue.pop() {
        if found.insert(id) {
            queue.extend(holders.get(&id).into_iter().flatten());
        }
    }
    found
}

fn is_constrained(service: &Service, field: &Field) -> bool {
    let optional = field.presence == Presence::Optional;
    optional && (field.required || field.recommended.is_some())
        || !own_checks(service, &field.ty, &quote!(value)).is_empty()
        || match &field.ty.kind {
            TypeKind::List { element, .. } => has_checks(service, element),
            TypeKind::Map { key, value, .. } => {
                has_checks(service, key) || has_checks(service, value)
            }
            _ => false,
        }
}

/// Whether a value has checks of its own, or its elements have.
fn has_checks(service: &Service, ty: &Type) -> bool {
    !own_checks(service, ty, &quote!(value)).is_empty()
        || match &ty.kind {
            TypeKind::List { element, .. } => has_checks(service, element),
            TypeKind::Map { key, value, .. } => {
                has_checks(service, key) || has_checks(service, value)
            }
            _ => false,
        }
}

/// Whether a type can hold itself.
pub(super) fn is_recursive(service: &Service, id: TypeId) -> bool {
    service.type_definition(id).usage.recursive
}

fn field_check(service: &Service, field: &Field) -> TokenStream {
    let member = ident(&field.name.rust);
    let name = &field.name.wire;
    let mut statements = TokenStream::new();
    if field.presence == Presence::Optional {
        if field.required {
            let source = provenance(&field.ty.constraints, "smithy.api#required");
            statements.extend(quote!(validator.required(path, self.#member.is_some(), #source);));
        } else if let Some(reason) = &field.recommended {
            statements.extend(quote!(validator.recommended(
                path,
                self.#member.is_some(),
                validation::Provenance::Overlay(#reason),
            );));
        }
        let value = if field.boxed {
            quote!(value.as_ref())
        } else {
            quote!(value)
        };
        let check = value_check(service, &field.ty, &value);
        if !check.is_empty() {
            statements.extend(quote! {
                if let Some(value) = &self.#member {
                    #check
                }
            });
        }
    } else {
        let value = if field.boxed {
            quote!(self.#member.as_ref())
        } else {
            quote!(&self.#member)
        };
        statements.extend(value_check(service, &field.ty, &value));
    }
    if statements.is_empty() {
        return statements;
    }
    quote! {
        let path = root.member(#name);
        #statements
    }
}

/// The checks of a value behind a reference, its elements included.
fn value_check(service: &Service, ty: &Type, value: &TokenStream) -> TokenStream {
    let own = own_checks(service, ty, value);
    let below = match &ty.kind {
        TypeKind::Named(id) => match service.type_definition(*id).definition {
            Definition::Structure(_) | Definition::Union(_) if is_checked(service, *id) => {
                let value = without_reference(value);
                quote!(#value.validate_at(validator, path);)
            }
            _ => TokenStream::new(),
        },
        TypeKind::List { element, sparse } => elements_check(service, element, *sparse, value),
        TypeKind::Map {
            key,
            value: element,
            sparse,
        } => entries_check(service, key, element, *sparse, value),
        _ => TokenStream::new(),
    };
    quote!(#own #below)
}

fn elements_check(
    service: &Service,
    element: &Type,
    sparse: bool,
    value: &TokenStream,
) -> TokenStream {
    let check = value_check(service, element, &quote!(value));
    if check.is_empty() {
        return check;
    }
    let value = without_reference(value);
    let check = unless_null(sparse, &check);
    quote! {
        for (index, value) in #value.iter().enumerate() {
            let path = path.element(index);
            #check
        }
    }
}

/// A key is reported at the path of its map, a value at its own.
fn entries_check(
    service: &Service,
    key: &Type,
    element: &Type,
    sparse: bool,
    value: &TokenStream,
) -> TokenStream {
    let keys = value_check(service, key, &quote!(key));
    let mut values = value_check(service, element, &quote!(value));
    let map = without_reference(value);
    if !values.is_empty() {
        let check = unless_null(sparse, &values);
        let path = if key.hides_values() {
            quote!(path.hidden_key())
        } else if is_enum(service, key) {
            quote!(path.key(key.as_str()))
        } else {
            quote!(path.key(key))
        };
        values = quote!(let path = #path; #check);
    }
    match (keys.is_empty(), values.is_empty()) {
        (true, true) => TokenStream::new(),
        (false, true) => quote!(for key in #map.keys() { #keys }),
        (true, false) if key.hides_values() => quote!(for value in #map.values() { #values }),
        // A required member is behind a reference: without it the loop would take the map.
        (_, false) => quote!(for (key, value) in #value { #keys #values }),
    }
}

fn unless_null(sparse: bool, check: &TokenStream) -> TokenStream {
    if sparse {
        quote!(if let Some(value) = value { #check })
    } else {
        check.clone()
    }
}
