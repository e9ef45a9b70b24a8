//! Streams over pages and items: the functions of a builder, and the traits for pagination.

use proc_macro2::TokenStream;
use quote::quote;

use super::access::{Access, borrowed, owned};
use super::expression::evaluated;
use super::imports::type_name;
use super::types::ident;
use crate::model::{PageToken, Pagination, TokenPlace};
use crate::plan::reserved::methods::{ITEMS, PAGES};
use crate::plan::{Operation, Plan, Presence, RustType, TypeKind};

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
    let request_name = type_name(request);
    let response_name = type_name(plan.type_definition(operation.model.response));
    let TokenCode { ty, get, set, next } = match pagination.tokens.as_slice() {
        [token] => one_token(plan, token),
        tokens => several_tokens(plan, tokens),
    };
    let more = more_results(plan, pagination);
    let items = items(plan, operation, pagination);
    quote! {
        impl attache_runtime::operation::Paginated for #request_name {
            type Token = #ty;

            #get

            #[inline]
            fn set_token(&mut self, token: Option<#ty>) {
                #set
            }

            #[inline]
            fn next_token(response: &#response_name) -> Option<#ty> {
                #more
                #next
            }
        }
        #items
    }
}

/// The code for the tokens of pages.
struct TokenCode {
    /// Their type.
    ty: TokenStream,
    /// The function that reads them from a request.
    get: TokenStream,
    /// The statements that put them into a request.
    set: TokenStream,
    /// Those of the next page.
    next: TokenStream,
}

fn one_token(plan: &Plan<'_>, token: &PageToken) -> TokenCode {
    let field = plan.field(token.input);
    let member = ident(&field.name);
    let ty = &field.ty.rust;
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
    TokenCode {
        ty: quote!(#ty),
        get: quote! {
            #[inline]
            fn token(&self) -> Option<&#ty> {
                #get
            }
        },
        set: quote!(self.#member = #set;),
        next: next_token(plan, token),
    }
}

/// Tokens that belong together: a page begins where all of them say, and there is no other page if all of them are absent.
fn several_tokens(plan: &Plan<'_>, tokens: &[PageToken]) -> TokenCode {
    let fields: Vec<_> = tokens.iter().map(|token| plan.field(token.input)).collect();
    let types = fields.iter().map(|field| {
        let ty = &field.ty.rust;
        quote!(Option<#ty>)
    });
    let ty = quote!((#(#types),*));
    let parts = fields.iter().map(|field| {
        let member = ident(&field.name);
        match (&field.presence, field.boxed) {
            (Presence::Optional, false) if field.ty.is_copy() => quote!(self.#member),
            (Presence::Optional, false) => quote!(self.#member.clone()),
            (Presence::Optional, true) => quote!(self.#member.as_deref().cloned()),
            _ if field.ty.is_copy() => quote!(Some(self.#member)),
            _ => quote!(Some(self.#member.clone())),
        }
    });
    let names: Vec<_> = fields.iter().map(|field| ident(&field.name)).collect();
    let sets = fields.iter().map(|field| {
        let member = ident(&field.name);
        match (&field.presence, field.boxed) {
            (Presence::Optional, false) => quote!(self.#member = #member;),
            (Presence::Optional, true) => quote!(self.#member = #member.map(Box::new);),
            _ => quote!(self.#member = #member.unwrap_or_default();),
        }
    });
    let nexts = tokens.iter().map(|token| next_token(plan, token));
    let absent = tokens.iter().map(|_| quote!(None));
    TokenCode {
        get: quote! {
            #[inline]
            fn token(&self) -> Option<&#ty> {
                None
            }

            #[inline]
            fn owned_token(&self) -> Option<#ty> {
                Some((#(#parts),*)).filter(|token| *token != (#(#absent),*))
            }
        },
        set: quote! {
            let (#(#names),*) = token.unwrap_or_default();
            #(#sets)*
        },
        next: {
            let absent = tokens.iter().map(|_| quote!(None));
            quote!(Some((#(#nexts),*)).filter(|token| *token != (#(#absent),*)))
        },
        ty,
    }
}

/// An `Option` of the token of the next page.
fn next_token(plan: &Plan<'_>, token: &PageToken) -> TokenStream {
    let root = quote!(response);
    let not_empty = match plan.field(token.input).ty.kind {
        TypeKind::String { .. }
        | TypeKind::List { .. }
        | TypeKind::Map { .. }
        | TypeKind::Blob { .. } => {
            quote!(.filter(|token| !token.is_empty()))
        }
        _ => TokenStream::new(),
    };
    let path = match &token.output {
        TokenPlace::Member(path) => path,
        TokenPlace::Expression(expression) => {
            let value = evaluated(plan, expression, "response");
            return quote!(#value #not_empty.map(str::to_owned));
        }
    };
    match borrowed(plan, path, &root) {
        Access::Place(place) => quote!(Some(&#place)#not_empty.cloned()),
        Access::Optional(option) | Access::Each(option) => quote!(#option #not_empty.cloned()),
    }
}

/// The statement that ends the pages where the response says that there is no other one.
fn more_results(plan: &Plan<'_>, pagination: &Pagination) -> Option<TokenStream> {
    let more = pagination.more_results.as_ref()?;
    let more = match borrowed(plan, more, &quote!(response)) {
        Access::Place(place) => quote!(!#place),
        Access::Optional(option) | Access::Each(option) => quote!(#option != Some(&true)),
    };
    Some(quote! {
        if #more {
            return None;
        }
    })
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
