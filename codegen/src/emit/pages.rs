//! Streams over pages and items: the functions of a builder, and the traits for pagination.

use proc_macro2::TokenStream;
use quote::quote;

use super::access::{Access, borrowed, owned};
use super::imports::type_name;
use super::types::ident;
use crate::model::Pagination;
use crate::plan::reserved::methods::{ITEMS, PAGES};
use crate::plan::{Operation, Plan, Presence, RustType, Type, TypeKind};

/// `pages` and `items` of the builder.
pub(super) fn builder_functions(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let Some(pagination) = &operation.model.pagination else {
        return TokenStream::new();
    };
    let request = type_name(plan.type_definition(operation.model.request));
    let items = pagination.items.as_ref().map(|_| {
        quote! {
            #[doc = " A stream of the items of all pages, beginning with the page that the request names. It"]
            #[doc = " requests a page when it needs one."]
            #[inline]
            pub fn #ITEMS(self) -> attache_runtime::Items<#request> {
                attache_runtime::Items::new(self.client.core, self.request, self.options)
            }
        }
    });
    quote! {
        #[doc = " A stream of all pages, beginning with the page that the request names. It requests a page when"]
        #[doc = " it needs one."]
        #[inline]
        pub fn #PAGES(self) -> attache_runtime::Pages<#request> {
            attache_runtime::Pages::new(self.client.core, self.request, self.options)
        }
        #items
    }
}

/// The traits that the streams need.
pub(super) fn implementations(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let Some(pagination) = &operation.model.pagination else {
        return TokenStream::new();
    };
    let request = plan.type_definition(operation.model.request);
    let field = plan.field(pagination.input_token);
    let request_name = type_name(request);
    let response_name = type_name(plan.type_definition(operation.model.response));
    let member = ident(&field.name);
    let token = &field.ty.rust;
    let next = next_token(plan, pagination, &field.ty);
    let (get, set) = match (&field.presence, field.boxed) {
        (Presence::Optional, false) => (quote!(self.#member.as_ref()), quote!(token)),
        (Presence::Optional, true) => {
            (quote!(self.#member.as_deref()), quote!(token.map(Box::new)))
        }
        _ => (
            quote!(Some(&self.#member)),
            quote!(token.unwrap_or_default()),
        ),
    };
    let items = items(plan, operation, pagination);
    quote! {
        impl attache_runtime::operation::Paginated for #request_name {
            type Token = #token;

            #[inline]
            fn token(&self) -> Option<&#token> {
                #get
            }

            #[inline]
            fn set_token(&mut self, token: Option<#token>) {
                self.#member = #set;
            }

            #[inline]
            fn next_token(response: &#response_name) -> Option<#token> {
                #next
            }
        }
        #items
    }
}

fn next_token(plan: &Plan<'_>, pagination: &Pagination, ty: &Type<'_>) -> TokenStream {
    let root = quote!(response);
    let not_empty = match ty.kind {
        TypeKind::String { .. }
        | TypeKind::List { .. }
        | TypeKind::Map { .. }
        | TypeKind::Blob { .. } => {
            quote!(.filter(|token| !token.is_empty()))
        }
        _ => TokenStream::new(),
    };
    let mut tokens = pagination
        .output_token
        .iter()
        .map(|path| match borrowed(plan, path, &root) {
            Access::Place(place) => quote!(Some(&#place)#not_empty),
            Access::Optional(option) | Access::Each(option) => quote!(#option #not_empty),
        });
    let first = tokens.next();
    let token = quote!(#first #(.or_else(|| #tokens))*.cloned());
    let Some(more) = &pagination.more_results else {
        return token;
    };
    let more = match borrowed(plan, more, &root) {
        Access::Place(place) => quote!(!#place),
        Access::Optional(option) | Access::Each(option) => quote!(#option != Some(&true)),
    };
    quote! {
        if #more {
            return None;
        }
        #token
    }
}

fn items(plan: &Plan<'_>, operation: &Operation<'_>, pagination: &Pagination) -> TokenStream {
    let Some(path) = &pagination.items else {
        return TokenStream::new();
    };
    let ty = path.0.last().map(|step| &plan.field(step.member).ty.rust);
    let request = type_name(plan.type_definition(operation.model.request));
    let response = type_name(plan.type_definition(operation.model.response));
    let (item, is_map) = match ty {
        Some(RustType::Vec(element)) => (quote!(#element), false),
        Some(RustType::BTreeMap(key, value)) => (quote!((#key, #value)), true),
        // The lowering permits nothing else.
        _ => return TokenStream::new(),
    };
    let items = match (owned(plan, path, &quote!(response)), is_map) {
        (Access::Place(place), false) => place,
        (Access::Place(place), true) => quote!(#place.into_iter().collect()),
        (Access::Optional(option) | Access::Each(option), false) => {
            quote!(#option.unwrap_or_default())
        }
        (Access::Optional(option) | Access::Each(option), true) => {
            quote!(#option.unwrap_or_default().into_iter().collect())
        }
    };
    quote! {
        impl attache_runtime::operation::PaginatedItems for #request {
            type Item = #item;

            #[inline]
            fn items(response: #response) -> Vec<#item> {
                #items
            }
        }
    }
}
