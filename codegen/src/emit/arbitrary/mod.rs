//! `src/arbitrary.rs`: strategies of requests, responses and errors, behind the feature `proptest`.
//!
//! Generated code only describes the parts of a type; the runtime chooses and shrinks values. Values of requests
//! satisfy the constraints of a level, because checks and strategies are generated from the same
//! [`Constraints`](crate::model::Constraints).

mod rule;
mod value;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use self::rule::with_rules;
use self::value::{Place, value};
use super::docs::inner_doc;
use super::manifest::Manifest;
use super::source_file::SourceFile;
use super::types::ident;
use crate::emit::imports::{ARBITRARY, VALIDATION, type_name};
use crate::model::{Binding, Role, TypeId};
use crate::plan::reserved::constructors::ARBITRARY_IN;
use crate::plan::reserved::types::SERVICE_ERROR;
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{Definition, Field, Module, Plan, Presence, Type, TypeDefinition};

/// The maximum number of strategies in one tuple: proptest has tuples of up to twelve.
const TUPLE: usize = 10;

/// The file.
pub(super) fn arbitrary_file(plan: &Plan<'_>, manifest: &Manifest) -> SourceFile {
    let mut types: Vec<TypeId> = (0..plan.types.len()).map(TypeId).collect();
    types.sort_by_key(|id| &plan.type_definition(*id).model.name);
    let items: TokenStream = types.into_iter().map(|id| item(plan, id)).collect();
    let errors = service_error(plan);
    let items = quote!(#errors #items);
    let service_error = (!plan.model.errors.is_empty()).then(|| {
        quote!(
            use crate::error::#SERVICE_ERROR;
        )
    });
    let docs = documentation(plan, manifest);
    let deprecated = plan.has_deprecated().then(|| quote!(#![allow(deprecated)]));
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

fn documentation(plan: &Plan<'_>, manifest: &Manifest) -> TokenStream {
    let crate_name = manifest.crate_name.replace('-', "_");
    let mut lines = vec![
        "Requests, responses and errors for property tests: see [`attache_runtime::arbitrary`]."
            .to_owned(),
        String::new(),
        "Each type implements [`Arbitrary`](https://docs.rs/proptest/1/proptest/arbitrary/trait.Arbitrary.html), so `any` generates values of it: \
         requests that pass validation, and any response that the service may send."
            .to_owned(),
    ];
    if let Some(operation) = plan.operations.first() {
        let [request, response] = [operation.model.request, operation.model.response]
            .map(|id| plan.type_definition(id).name.clone());
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
            "    // Test what your code does with both here.".to_owned(),
            "    prop_assert!(request.validate(Level::Documented).is_ok());".to_owned(),
            "    prop_assert_eq!(&response, &response);".to_owned(),
            "});".to_owned(),
            String::new(),
            "// Requests that also follow the recommendations.".to_owned(),
            format!("let strict = any_with::<{request}>(Level::Strict);"),
            "# let _ = strict;".to_owned(),
            "```".to_owned(),
        ]);
    }
    inner_doc(&lines)
}

/// The strategies of a type.
fn item(plan: &Plan<'_>, id: TypeId) -> TokenStream {
    let definition = plan.type_definition(id);
    let name = type_name(definition);
    let arbitrary = arbitrary_impl(definition);
    let strategy = match &definition.definition {
        Definition::Structure(fields) => structure(plan, definition, fields),
        Definition::Union(fields) => union(plan, definition, fields),
        Definition::Enum(_) => value::enumeration(&quote!(scope.text()), &quote!(Self)),
        Definition::IntEnum(values) => value::integer_enumeration(
            &values.iter().map(|it| it.model.value).collect::<Vec<_>>(),
            &quote!(Self),
        ),
    };
    // A recursive value counts its depth, so that the recursion ends.
    let deeper = plan.type_definition(id).is_recursive.then(|| {
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
            fn #ARBITRARY_IN(#scope: #ARBITRARY::Scope) -> #ARBITRARY::BoxedStrategy<Self> {
                #deeper
                #strategy
            }
        }
    }
}

/// Whether code refers to the scope.
fn uses_scope(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        proc_macro2::TokenTree::Ident(ident) => ident == "scope",
        proc_macro2::TokenTree::Group(group) => uses_scope(&group.stream()),
        _ => false,
    })
}

/// Types of requests have a level; types that are only received satisfy no constraint. The associated types are written
/// out, because an enum may have variants with the same names.
fn arbitrary_impl(definition: &TypeDefinition<'_>) -> TokenStream {
    let name = type_name(definition);
    let is_sent = definition.is_written;
    let (parameters, parameter, scope) = match is_sent {
        true => (
            quote!(#VALIDATION::Level),
            quote!(level),
            quote!(#ARBITRARY::Scope::sent(level)),
        ),
        false => (
            quote!(()),
            quote!(_none),
            quote!(#ARBITRARY::Scope::received()),
        ),
    };
    quote! {
        impl #ARBITRARY::Arbitrary for #name {
            type Parameters = #parameters;
            type Strategy = #ARBITRARY::BoxedStrategy<Self>;

            fn arbitrary_with(#parameter: #parameters) -> #ARBITRARY::BoxedStrategy<Self> {
                Self::#ARBITRARY_IN(#scope)
            }
        }
    }
}

fn structure(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    fields: &[Field<'_>],
) -> TokenStream {
    let names: Vec<_> = fields.iter().map(|field| ident(&field.name)).collect();
    let mut strategies = fields.iter().map(|field| member(plan, definition, field));
    let open = definition
        .is_open_literal
        .then(|| quote!(..Self::default()));
    let (statements, made) = match names.as_slice() {
        [] => return quote!(#ARBITRARY::Just(Self { #open }).boxed()),
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
    let made = with_rules(plan, definition, &made);
    quote!(#statements #made)
}

/// The variable for the strategy of a field, which the scope creates.
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
fn member(plan: &Plan<'_>, definition: &TypeDefinition<'_>, field: &Field<'_>) -> TokenStream {
    let strategy = present(plan, definition, field);
    if field.presence != Presence::Optional {
        return strategy;
    }
    let strategy = if field.model.required {
        quote!(scope.required(#strategy))
    } else if field.model.recommended.is_some() {
        quote!(scope.recommended(#strategy))
    } else {
        quote!(scope.optional(#strategy))
    };
    let strategy = match reaches_recursion(plan, &field.ty) {
        true => quote!(scope.unless_deep(|scope| #strategy)),
        false => strategy,
    };
    match plan.least_height(&field.ty) {
        Some(_) => strategy,
        None => quote!(scope.default_if_structural(|scope| #strategy)),
    }
}

/// The strategy of a field's value.
fn present(plan: &Plan<'_>, definition: &TypeDefinition<'_>, field: &Field<'_>) -> TokenStream {
    let place = match (&definition.model.role, &field.model.binding) {
        (Role::Request(_), Binding::Label) => Place::Label,
        (_, Binding::Header(_)) => Place::Header,
        (_, Binding::PrefixHeaders(_)) => Place::PrefixHeaders,
        (_, Binding::Status) => Place::Status,
        _ => Place::Body,
    };
    let place = if field.model.host_label {
        Place::Host
    } else {
        place
    };
    let strategy = value(plan, &field.ty, place);
    match field.boxed {
        true => quote!(#strategy.prop_map(Box::new).boxed()),
        false => strategy,
    }
}

fn reaches_recursion(plan: &Plan<'_>, ty: &Type<'_>) -> bool {
    ty.model
        .named()
        .iter()
        .any(|id| plan.type_definition(*id).is_recursive)
}

/// The recursion of a union ends with members that cannot contain it, or else with those whose minimal values are least
/// deep. A union without such a member has no valid value: it ends with an unknown member.
fn union(plan: &Plan<'_>, definition: &TypeDefinition<'_>, fields: &[Field<'_>]) -> TokenStream {
    let variant = |field: &&Field<'_>| {
        let name = ident(&field.name);
        let strategy = present(plan, definition, field);
        quote!(#strategy.prop_map(Self::#name).boxed())
    };
    let (open, closed): (Vec<&Field<'_>>, Vec<&Field<'_>>) = fields
        .iter()
        .partition(|field| reaches_recursion(plan, &field.ty));
    let least = fields
        .iter()
        .filter_map(|field| plan.least_height(&field.ty))
        .min();
    let (closed, open) = match closed.is_empty() {
        true => open
            .into_iter()
            .partition(|field| least.is_some() && plan.least_height(&field.ty) == least),
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
    let made = match definition.model.event_stream {
        None => quote!(Self::#UNKNOWN(name, value)),
        Some(_) => quote! {
            Self::#UNKNOWN(attache_runtime::event_stream::UnknownEvent::new(name, format!("{value:?}")))
        },
    };
    let push = quote! {
        let unknown = #ARBITRARY::unknown_member();
        kinds.push(unknown.prop_map(|(name, value)| #made).boxed());
    };
    let unknown = match least {
        Some(_) => quote!(if !scope.is_structural() { #push }),
        None => push,
    };
    quote! {
        let mut kinds = vec![#(#closed),*];
        #open
        #unknown
        #ARBITRARY::union(kinds)
    }
}

/// One of the errors of the service.
fn service_error(plan: &Plan<'_>) -> Option<TokenStream> {
    let names: Vec<_> = plan
        .model
        .errors
        .iter()
        .map(|id| type_name(plan.type_definition(*id)))
        .collect();
    let strategies = names
        .iter()
        .map(|name| quote!(#name::#ARBITRARY_IN(scope).prop_map(Self::#name).boxed()));
    (!names.is_empty()).then(|| {
        quote! {
            impl #ARBITRARY::Arbitrary for #SERVICE_ERROR {
                type Parameters = ();
                type Strategy = #ARBITRARY::BoxedStrategy<Self>;

                fn arbitrary_with(_none: ()) -> #ARBITRARY::BoxedStrategy<Self> {
                    let scope = #ARBITRARY::Scope::received();
                    #ARBITRARY::union(vec![#(#strategies),*])
                }
            }
        }
    })
}
