//! Waiters: the functions of a builder, and the function that judges the answers of each.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::access::{Access, borrowed, optional_text};
use super::docs::doc;
use super::types::{ident, is_string_enum};
use crate::escape::markdown::code;
use crate::model::{Acceptor, AcceptorState, Matcher, Operation, Path, Service, Waiter};

/// The functions of the builder, one a waiter.
pub(super) fn builder_functions(service: &Service, operation: &Operation) -> TokenStream {
    let request = ident(&service.type_definition(operation.request).name.rust);
    operation
        .waiters
        .iter()
        .map(|waiter| {
            let function = ident(&waiter.name.rust);
            let name = &waiter.name.wire;
            let min_delay = Literal::u64_unsuffixed(waiter.min_delay);
            let max_delay = Literal::u64_unsuffixed(waiter.max_delay);
            let deadline = waiter.deadline.map(|seconds| {
                let seconds = Literal::u64_unsuffixed(seconds);
                quote!(deadline: Duration::from_secs(#seconds),)
            });
            let rest = waiter
                .deadline
                .is_none()
                .then(|| quote!(..attache_runtime::waiter::Schedule::default()));
            let docs = doc(&lines(waiter));
            let deprecated = waiter
                .deprecated
                .then(|| quote!(#[deprecated(note = "the service has deprecated it")]));
            quote! {
                #docs
                #deprecated
                pub fn #function(self) -> attache_runtime::waiter::Waiter<#request> {
                    attache_runtime::waiter::Waiter::new(
                        self.client.core,
                        self.request,
                        self.options,
                        #name,
                        Box::new(#function),
                    )
                    .schedule(attache_runtime::waiter::Schedule {
                        least_delay: Duration::from_secs(#min_delay),
                        greatest_delay: Duration::from_secs(#max_delay),
                        #deadline
                        #rest
                    })
                }
            }
        })
        .collect()
}

/// What a waiter waits for, in words.
fn lines(waiter: &Waiter) -> Vec<String> {
    let mut lines = vec![
        format!(
            "Asks again and again until the waiter {} is done, with pauses of {} to {} seconds:",
            code(&waiter.name.wire),
            waiter.min_delay,
            waiter.max_delay
        ),
        String::new(),
    ];
    for acceptor in &waiter.acceptors {
        let state = match acceptor.state {
            AcceptorState::Success => "done",
            AcceptorState::Failure => "failed",
            AcceptorState::Retry => "not yet",
        };
        let answer = match &acceptor.matcher {
            Matcher::Success(true) => "any response".to_owned(),
            Matcher::Success(false) => "any error".to_owned(),
            Matcher::ErrorType(name) => format!("the error {}", code(name)),
            Matcher::Boolean(path, value) => format!("{} is {value}", code(&path_text(path))),
            Matcher::Text(path, value) => format!("{} is {}", code(&path_text(path)), code(value)),
            Matcher::AllText(path, value) => {
                format!(
                    "{} is {}, all of them and one at least",
                    code(&path_text(path)),
                    code(value)
                )
            }
            Matcher::AnyText(path, value) => {
                format!(
                    "{} is {}, one of them at least",
                    code(&path_text(path)),
                    code(value)
                )
            }
        };
        lines.push(format!("* {state}: {answer}"));
    }
    let seconds = waiter.deadline.unwrap_or(300);
    lines.extend([
        String::new(),
        format!(
            "It waits {seconds} seconds at most; [`deadline`](attache_runtime::waiter::Waiter::deadline) changes that."
        ),
    ]);
    lines
}

fn path_text(path: &Path) -> String {
    let parts: Vec<String> = path
        .0
        .iter()
        .map(|step| format!("{}{}", step.member, if step.each { "[]" } else { "" }))
        .collect();
    parts.join(".")
}

/// The functions that judge.
pub(super) fn judges(service: &Service, operation: &Operation) -> TokenStream {
    let request = ident(&service.type_definition(operation.request).name.rust);
    operation
        .waiters
        .iter()
        .map(|waiter| {
            let function = ident(&waiter.name.rust);
            let of = |errors: bool| chain(service, &waiter.acceptors, errors);
            let (responses, errors) = (of(false), of(true));
            let name_of = |arm: &TokenStream, name: &str| {
                let used = arm.to_string().starts_with("if");
                ident(&if used {
                    name.to_owned()
                } else {
                    format!("_{name}")
                })
            };
            let (response, error) = (name_of(&responses, "response"), name_of(&errors, "error"));
            quote! {
                fn #function(
                    answer: attache_runtime::waiter::Answer<'_, #request>,
                ) -> Option<attache_runtime::waiter::State> {
                    match answer {
                        Ok(#response) => { #responses }
                        Err(#error) => { #errors }
                    }
                }
            }
        })
        .collect()
}

/// The first acceptor that matches gives the state. Neighbours of one state share a condition.
fn chain(service: &Service, acceptors: &[Acceptor], errors: bool) -> TokenStream {
    let mut tests: Vec<(AcceptorState, Vec<TokenStream>)> = Vec::new();
    let mut otherwise = None;
    for acceptor in acceptors {
        if is_about_errors(&acceptor.matcher) != errors {
            continue;
        }
        let Some(condition) = condition(service, &acceptor.matcher) else {
            otherwise = Some(acceptor.state);
            break;
        };
        match tests.last_mut() {
            Some((state, conditions)) if *state == acceptor.state => conditions.push(condition),
            _ => tests.push((acceptor.state, vec![condition])),
        }
    }
    tests.pop_if(|(state, _)| Some(*state) == otherwise);
    let mut chain = otherwise.map_or_else(|| quote!(None), state);
    for (index, (outcome, conditions)) in tests.iter().enumerate().rev() {
        let state = state(*outcome);
        let rest = match index + 1 == tests.len() {
            true => quote!({ #chain }),
            false => chain,
        };
        chain = quote!(if #(#conditions)||* { #state } else #rest);
    }
    chain
}

fn state(state: AcceptorState) -> TokenStream {
    match state {
        AcceptorState::Success => quote!(Some(attache_runtime::waiter::State::Success)),
        AcceptorState::Failure => quote!(Some(attache_runtime::waiter::State::Failure)),
        AcceptorState::Retry => quote!(Some(attache_runtime::waiter::State::Retry)),
    }
}

fn is_about_errors(matcher: &Matcher) -> bool {
    matches!(matcher, Matcher::Success(false) | Matcher::ErrorType(_))
}

/// What must hold for an acceptor; `None` where nothing must.
fn condition(service: &Service, matcher: &Matcher) -> Option<TokenStream> {
    let response = quote!(response);
    Some(match matcher {
        Matcher::Success(_) => return None,
        Matcher::ErrorType(name) => quote!(error.is_shape(#name)),
        Matcher::Boolean(path, expected) => match borrowed(service, path, &response) {
            Access::Place(place) if *expected => place,
            Access::Place(place) => quote!(!#place),
            Access::Optional(option) | Access::Each(option) => quote!(#option == Some(&#expected)),
        },
        Matcher::Text(path, expected) => {
            if let Some(text) = optional_text(service, path, &response) {
                return Some(quote!(#text == Some(#expected)));
            }
            let text = as_text(service, path);
            match borrowed(service, path, &response) {
                Access::Place(place) => quote!(#place.as_str() == #expected),
                Access::Optional(option) | Access::Each(option) => {
                    quote!(#option.map(#text) == Some(#expected))
                }
            }
        }
        Matcher::AllText(path, expected) => {
            let each = each_text(service, path);
            quote!(attache_runtime::plumbing::waiter::all(#each, #expected))
        }
        Matcher::AnyText(path, expected) => {
            let each = each_text(service, path);
            quote!(attache_runtime::plumbing::waiter::any(#each, #expected))
        }
    })
}

fn each_text(service: &Service, path: &Path) -> TokenStream {
    let text = as_text(service, path);
    match borrowed(service, path, &quote!(response)) {
        Access::Place(place) | Access::Optional(place) => quote!(#place.iter().map(#text)),
        Access::Each(iterator) => quote!(#iterator.map(#text)),
    }
}

/// The function that makes a `&str` of what the path leads to.
fn as_text(service: &Service, path: &Path) -> TokenStream {
    let ty = path.0.last().and_then(|step| {
        let field = service.type_definition(step.owner).field(&step.member)?;
        Some(match (&field.ty.kind, step.each) {
            (crate::model::TypeKind::List { element, .. }, true) => &**element,
            _ => &field.ty,
        })
    });
    match ty {
        Some(ty) if is_string_enum(service, ty) => {
            let name = super::types::value_type(service, ty);
            quote!(#name::as_str)
        }
        _ => quote!(String::as_str),
    }
}
