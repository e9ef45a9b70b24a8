//! `src/arbitrary.rs`: strategies of requests, responses and errors, behind the feature `proptest`.
//!
//! Generated code only says what a type is made of; how values are chosen and how they shrink is in the runtime. What
//! is sent keeps the constraints of a level, because the same [`Constraints`](crate::model::Constraints) that become checks
//! become strategies.

mod rule;
mod value;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use self::rule::with_rules;
use self::value::{Place, value};
use super::check::is_recursive;
use super::docs::inner_doc;
use super::manifest::Manifest;
use super::open_literal;
use super::source_file::SourceFile;
use super::types::{Module, ident};
use crate::model::{
    Binding, Definition, Field, Presence, Role, Service, Type, TypeDefinition, TypeId,
};

/// The most strategies that one tuple holds: proptest has tuples of up to twelve.
const TUPLE: usize = 10;

/// The file.
pub(super) fn arbitrary_file(service: &Service, manifest: &Manifest) -> SourceFile {
    let mut types: Vec<TypeId> = (0..service.types.len()).map(TypeId).collect();
    types.sort_by_key(|id| &service.type_definition(*id).name);
    let items: TokenStream = types.into_iter().map(|id| item(service, id)).collect();
    let errors = service_error(service);
    let items = quote!(#errors #items);
    let service_error = (!service.errors.is_empty()).then(|| {
        quote!(
            use crate::error::ServiceError;
        )
    });
    let docs = documentation(service, manifest);
    let deprecated = has_deprecated(service).then(|| quote!(#![allow(deprecated)]));
    SourceFile {
        documentation: quote!(#docs #deprecated),
        module: Some(Module::Arbitrary),
        before: quote! {
            #service_error
            use attache_runtime::plumbing::arbitrary::Strategy as _;
            pub use attache_runtime::arbitrary::proptest;
        },
        items,
    }
}

fn documentation(service: &Service, manifest: &Manifest) -> TokenStream {
    let crate_name = manifest.crate_name.replace('-', "_");
    let mut lines = vec![
        "Requests, responses and errors for property tests: see [`attache_runtime::arbitrary`]."
            .to_owned(),
        String::new(),
        "Each type implements [`Arbitrary`](attache_runtime::arbitrary::Arbitrary), so that `any` gives values of it: \
         requests that pass validation, and whatever the service may answer."
            .to_owned(),
    ];
    if let Some(operation) = service.operations.first() {
        let [request, response] = [operation.request, operation.response]
            .map(|id| service.type_definition(id).name.rust.clone());
        lines.extend([
            String::new(),
            "```".to_owned(),
            format!("use {crate_name}::arbitrary::proptest::prelude::*;"),
            format!("use {crate_name}::operation::{{{request}, {response}}};"),
            format!("use {crate_name}::validation::Level;"),
            String::new(),
            "proptest!(|(".to_owned(),
            format!("    request in any::<{request}>(),"),
            format!("    response in any::<{response}>(),"),
            ")| {".to_owned(),
            "    // What your code does with both stands here.".to_owned(),
            "    prop_assert!(request.validate(Level::Documented).is_ok());".to_owned(),
            "    prop_assert_eq!(&response, &response);".to_owned(),
            "});".to_owned(),
            String::new(),
            "// Requests that keep what is only recommended, too.".to_owned(),
            format!("let strict = any_with::<{request}>(Level::Strict);"),
            "# let _ = strict;".to_owned(),
            "```".to_owned(),
        ]);
    }
    inner_doc(&lines)
}

fn has_deprecated(service: &Service) -> bool {
    service.types.iter().any(|definition| {
        definition.deprecated.is_some()
            || definition
                .fields()
                .iter()
                .any(|field| field.deprecated.is_some())
    })
}

/// The strategies of a type.
fn item(service: &Service, id: TypeId) -> TokenStream {
    let definition = service.type_definition(id);
    let name = ident(&definition.name.rust);
    let arbitrary = arbitrary_impl(definition);
    let strategy = match &definition.definition {
        Definition::Structure(fields) => structure(service, definition, fields),
        Definition::Union(fields) => union(service, definition, fields),
        Definition::Enum(_) => value::enumeration(&quote!(scope.text()), &quote!(Self)),
        Definition::IntEnum(values) => value::integer_enumeration(
            &values.iter().map(|it| it.value).collect::<Vec<_>>(),
            &quote!(Self),
        ),
    };
    // A value that can hold itself counts, so that it comes to an end.
    let deeper = is_recursive(service, id).then(|| {
        quote!(
            let scope = scope.deeper();
        )
    });
    let scope = match uses_scope(&strategy) || deeper.is_some() {
        true => quote!(scope),
        false => quote!(_scope),
    };
    quote! {
        #arbitrary
        impl #name {
            fn arbitrary_in(#scope: arbitrary::Scope) -> arbitrary::BoxedStrategy<Self> {
                #deeper
                #strategy
            }
        }
    }
}

/// Whether code names the scope anywhere.
fn uses_scope(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => ident == "scope",
        proc_macro2::TokenTree::Group(group) => uses_scope(&group.stream()),
        _ => false,
    })
}

/// What is sent takes a level; what is only received keeps no constraint. The associated types are written out, for an
/// enum may have variants that are called like them.
fn arbitrary_impl(definition: &TypeDefinition) -> TokenStream {
    let name = ident(&definition.name.rust);
    let is_sent = definition.usage.sent || matches!(definition.role, Role::Request(_));
    let (parameters, parameter, scope) = match is_sent {
        true => (
            quote!(validation::Level),
            quote!(level),
            quote!(arbitrary::Scope::sent(level)),
        ),
        false => (
            quote!(()),
            quote!(_none),
            quote!(arbitrary::Scope::received()),
        ),
    };
    quote! {
        impl arbitrary::Arbitrary for #name {
            type Parameters = #parameters;
            type Strategy = arbitrary::BoxedStrategy<Self>;

            fn arbitrary_with(#parameter: #parameters) -> arbitrary::BoxedStrategy<Self> {
                Self::arbitrary_in(#scope)
            }
        }
    }
}

fn structure(service: &Service, definition: &TypeDefinition, fields: &[Field]) -> TokenStream {
    let names: Vec<_> = fields.iter().map(|field| ident(&field.name.rust)).collect();
    let mut strategies = fields
        .iter()
        .map(|field| member(service, definition, field));
    let open = open_literal::is_needed(definition).then(|| quote!(..Self::default()));
    let (statements, made) = match names.as_slice() {
        [] => return quote!(arbitrary::Just(Self { #open }).boxed()),
        [name] => {
            let strategy = strategies.next();
            (
                None,
                quote!(#strategy.prop_map(|#name| Self { #name, #open })),
            )
        }
        _ => {
            let locals: Vec<Ident> = names.iter().map(local).collect();
            let tuple = nest(locals.iter().map(|local| quote!(#local)).collect());
            let pattern = nest(names.iter().map(|name| quote!(#name)).collect());
            (
                Some(quote!(#(let #locals = #strategies;)*)),
                quote!(#tuple.prop_map(|#pattern| Self { #(#names,)* #open })),
            )
        }
    };
    let made = with_rules(service, definition, &made);
    quote!(#statements #made)
}

/// The variable for the strategy of a field. The scope is asked for all of them.
fn local(field: &Ident) -> Ident {
    match field == "scope" {
        true => ident("scope_"),
        false => field.clone(),
    }
}

/// A tuple of any number of things, in tuples of tuples.
fn nest(mut parts: Vec<TokenStream>) -> TokenStream {
    while parts.len() > TUPLE {
        parts = parts
            .chunks(TUPLE)
            .map(|parts| match parts {
                [one] => one.clone(),
                several => quote!((#(#several),*)),
            })
            .collect();
    }
    quote!((#(#parts),*))
}

/// The strategy of a field, absent values included.
fn member(service: &Service, definition: &TypeDefinition, field: &Field) -> TokenStream {
    let strategy = present(service, definition, field);
    if field.presence != Presence::Optional {
        return strategy;
    }
    let strategy = if field.required {
        quote!(scope.required(#strategy))
    } else if field.recommended.is_some() {
        quote!(scope.recommended(#strategy))
    } else {
        quote!(scope.optional(#strategy))
    };
    match reaches_recursion(service, &field.ty) {
        true => quote!(scope.unless_deep(|scope| #strategy)),
        false => strategy,
    }
}

/// The strategy of a field's value.
fn present(service: &Service, definition: &TypeDefinition, field: &Field) -> TokenStream {
    let place = match (&definition.role, &field.binding) {
        (Role::Request(_), Binding::Label) => Place::Label,
        (_, Binding::Header(_)) => Place::Header,
        (_, Binding::PrefixHeaders(_)) => Place::PrefixHeaders,
        (_, Binding::Status) => Place::Status,
        _ => Place::Body,
    };
    let place = if field.host_label { Place::Host } else { place };
    let strategy = value(service, &field.ty, place);
    match field.boxed {
        true => quote!(#strategy.prop_map(Box::new).boxed()),
        false => strategy,
    }
}

fn reaches_recursion(service: &Service, ty: &Type) -> bool {
    ty.named().iter().any(|id| is_recursive(service, *id))
}

/// A union comes to an end with a member that cannot hold it, where it has one.
fn union(service: &Service, definition: &TypeDefinition, fields: &[Field]) -> TokenStream {
    let variant = |field: &&Field| {
        let name = ident(&field.name.rust);
        let strategy = present(service, definition, field);
        quote!(#strategy.prop_map(Self::#name).boxed())
    };
    let (open, closed): (Vec<&Field>, Vec<&Field>) = fields
        .iter()
        .partition(|field| reaches_recursion(service, &field.ty));
    let (closed, open) = match closed.is_empty() {
        true => (open, closed),
        false => (closed, open),
    };
    let closed = closed.iter().map(variant);
    let open: Vec<TokenStream> = open.iter().map(variant).collect();
    let open = (!open.is_empty()).then(|| {
        quote! {
            if !scope.is_deep() {
                kinds.extend([#(#open),*]);
            }
        }
    });
    quote! {
        let mut kinds = vec![#(#closed),*];
        #open
        if !scope.is_structural() {
            let unknown = arbitrary::unknown_member();
            kinds.push(unknown.prop_map(|(name, value)| Self::Unknown(name, value)).boxed());
        }
        arbitrary::union(kinds)
    }
}

/// One of the errors of the service.
fn service_error(service: &Service) -> Option<TokenStream> {
    let names: Vec<_> = service
        .errors
        .iter()
        .map(|id| ident(&service.type_definition(*id).name.rust))
        .collect();
    (!names.is_empty()).then(|| {
        quote! {
            impl arbitrary::Arbitrary for ServiceError {
                type Parameters = ();
                type Strategy = arbitrary::BoxedStrategy<Self>;

                fn arbitrary_with(_none: ()) -> arbitrary::BoxedStrategy<Self> {
                    let scope = arbitrary::Scope::received();
                    arbitrary::union(vec![
                        #(#names::arbitrary_in(scope).prop_map(Self::#names).boxed()),*
                    ])
                }
            }
        }
    })
}
