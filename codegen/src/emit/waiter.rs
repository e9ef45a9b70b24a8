//! Waiters: the functions of a builder, and the function that judges the responses for each waiter.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::access::{Access, borrowed, optional_text};
use super::docs::doc;
use super::expression::evaluated;
use super::imports::DURATION;
use super::imports::type_name;
use super::types::ident;
use super::waiter_texts;
use crate::escape::markdown::code;
use crate::model::{Acceptor, AcceptorState, Expected, Matcher, Path};
use crate::plan::{Operation, Plan, Type, TypeKind, Waiter};

/// The functions of the builder, one for each waiter.
pub(super) fn builder_functions(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let request = type_name(plan.type_definition(operation.model.request));
    operation
        .waiters
        .iter()
        .map(|waiter| {
            let function = ident(&waiter.function);
            let name = &waiter.model.name;
            let min_delay = Literal::u64_unsuffixed(waiter.model.min_delay);
            let max_delay = Literal::u64_unsuffixed(waiter.model.max_delay);
            let deadline = waiter.model.deadline.map(|seconds| {
                let seconds = Literal::u64_unsuffixed(seconds);
                quote!(deadline: #DURATION::from_secs(#seconds),)
            });
            let rest = waiter
                .model
                .deadline
                .is_none()
                .then(|| quote!(..attache_runtime::waiter::Schedule::default()));
            let docs = doc(&lines(plan, waiter));
            let deprecated = waiter
                .model
                .deprecated
                .then(|| quote!(#[deprecated(note = "the service has deprecated it")]));
            quote! {
                #docs
                #deprecated
                #[inline]
                pub fn #function(self) -> attache_runtime::waiter::Waiter<#request> {
                    attache_runtime::waiter::Waiter::new(
                        self.client.core,
                        self.request,
                        self.options,
                        #name,
                        Box::new(#function),
                    )
                    .schedule(attache_runtime::waiter::Schedule {
                        least_delay: #DURATION::from_secs(#min_delay),
                        greatest_delay: #DURATION::from_secs(#max_delay),
                        #deadline
                        #rest
                    })
                }
            }
        })
        .collect()
}

/// The condition of a waiter, in words.
fn lines(plan: &Plan<'_>, waiter: &Waiter<'_>) -> Vec<String> {
    let mut lines = vec![
        format!(
            "Sends the request repeatedly until the waiter {} is done, with pauses of {} to {} seconds:",
            code(&waiter.model.name),
            waiter.model.min_delay,
            waiter.model.max_delay
        ),
        String::new(),
    ];
    for acceptor in &waiter.model.acceptors {
        let state = match acceptor.state {
            AcceptorState::Success => "done",
            AcceptorState::Failure => "failed",
            AcceptorState::Retry => "not yet",
        };
        let answer = match &acceptor.matcher {
            Matcher::Success(true) => "any response".to_owned(),
            Matcher::Success(false) => "any error".to_owned(),
            Matcher::ErrorType(name) => format!("the error {}", code(name)),
            Matcher::Status(status) => format!("an error with HTTP status {status}"),
            Matcher::Boolean(path, value) => format!("{} is {value}", code(&path_text(plan, path))),
            Matcher::Text(path, value) => {
                format!("{} is {}", code(&path_text(plan, path)), code(value))
            }
            Matcher::AllText(path, value) => {
                format!(
                    "{} is {} for every element, and there is at least one",
                    code(&path_text(plan, path)),
                    code(value)
                )
            }
            Matcher::AnyText(path, value) => {
                format!(
                    "{} is {} for at least one element",
                    code(&path_text(plan, path)),
                    code(value)
                )
            }
            Matcher::Expression { text, expected, .. } => expectation(&code(text), expected),
            Matcher::Empty(path) => {
                let path = path_text(plan, path);
                let list = path.strip_suffix("[]").unwrap_or(&path);
                format!("{} has no elements", code(list))
            }
        };
        lines.push(format!("* {state}: {answer}"));
    }
    let seconds = waiter.model.deadline.unwrap_or(300);
    lines.extend([
        String::new(),
        format!(
            "It waits {seconds} seconds at most; [`deadline`](attache_runtime::waiter::Waiter::deadline) changes that."
        ),
    ]);
    lines
}

/// An expression with the result that is expected of it.
fn expectation(text: &str, expected: &Expected) -> String {
    match expected {
        Expected::Boolean(expected) => format!("{text} is {expected}"),
        Expected::Text(expected) => format!("{text} is {}", code(expected)),
        Expected::All(expected) => format!(
            "{text} is {} for every element, and there is at least one",
            code(expected)
        ),
        Expected::Any(expected) => {
            format!("{text} is {} for at least one element", code(expected))
        }
    }
}

fn path_text(plan: &Plan<'_>, path: &Path) -> String {
    let parts: Vec<String> = path
        .0
        .iter()
        .map(|step| {
            let member = &plan.model.member(step.member).name;
            format!("{member}{}", if step.each { "[]" } else { "" })
        })
        .collect();
    parts.join(".")
}

/// The functions that evaluate the results.
pub(super) fn judges(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let request = type_name(plan.type_definition(operation.model.request));
    let texts = waiter_texts::functions(plan, operation);
    let judges: TokenStream = operation
        .waiters
        .iter()
        .map(|waiter| {
            let function = ident(&waiter.function);
            let of = |errors: bool| chain(plan, operation, &waiter.model.acceptors, errors);
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
                #[inline]
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
        .collect();
    quote!(#judges #texts)
}

/// The first acceptor that matches gives the state. Neighbours of one state share a condition.
fn chain(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    acceptors: &[Acceptor],
    errors: bool,
) -> TokenStream {
    let mut tests: Vec<(AcceptorState, Vec<TokenStream>)> = Vec::new();
    let mut otherwise = None;
    for acceptor in acceptors {
        if is_about_errors(&acceptor.matcher) != errors {
            continue;
        }
        let Some(condition) = condition(plan, operation, &acceptor.matcher) else {
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
    matches!(
        matcher,
        Matcher::Success(false) | Matcher::ErrorType(_) | Matcher::Status(_)
    )
}

/// The condition of an acceptor; `None` if there is none.
fn condition(plan: &Plan<'_>, operation: &Operation<'_>, matcher: &Matcher) -> Option<TokenStream> {
    let response = quote!(response);
    Some(match matcher {
        Matcher::Success(_) => return None,
        Matcher::ErrorType(name) => quote!(error.is_shape(#name)),
        Matcher::Status(status) => {
            let status = Literal::u16_unsuffixed(*status);
            quote!(error.status() == Some(#status))
        }
        Matcher::Boolean(path, expected) => match borrowed(plan, path, &response) {
            Access::Place(place) if *expected => place,
            Access::Place(place) => quote!(!#place),
            Access::Optional(option) | Access::Each(option) => quote!(#option == Some(&#expected)),
        },
        Matcher::Text(path, expected) => {
            if let Some(text) = optional_text(plan, path, &response) {
                return Some(quote!(#text == Some(#expected)));
            }
            match borrowed(plan, path, &response) {
                Access::Place(place) => quote!(#place.as_str() == #expected),
                Access::Optional(option) | Access::Each(option) => {
                    let text = as_text(plan, path);
                    quote!(#option.map(#text) == Some(#expected))
                }
            }
        }
        Matcher::AllText(path, expected) => {
            let texts = waiter_texts::call(plan, operation, path);
            quote!(attache_runtime::plumbing::waiter::are_all(&#texts, #expected))
        }
        Matcher::AnyText(path, expected) => {
            let texts = waiter_texts::call(plan, operation, path);
            quote!(attache_runtime::plumbing::waiter::is_any(&#texts, #expected))
        }
        Matcher::Expression {
            value, expected, ..
        } => {
            let value = evaluated(plan, value, "response");
            let all = quote!(attache_runtime::plumbing::waiter::all);
            let any = quote!(attache_runtime::plumbing::waiter::any);
            match expected {
                Expected::Boolean(expected) => quote!(#value == Some(#expected)),
                Expected::Text(expected) => quote!(#value == Some(#expected)),
                Expected::All(expected) => quote!(#all(#value.into_iter().flatten(), #expected)),
                Expected::Any(expected) => quote!(#any(#value.into_iter().flatten(), #expected)),
            }
        }
        Matcher::Empty(path) => match borrowed(plan, path, &response) {
            Access::Each(iterator) => quote!(#iterator.next().is_none()),
            Access::Place(list) | Access::Optional(list) => quote!(#list.iter().next().is_none()),
        },
    })
}

/// The function that converts the value of a path to a `&str`.
fn as_text(plan: &Plan<'_>, path: &Path) -> TokenStream {
    let ty = path.0.last().map(|step| {
        let field = plan.field(step.member);
        match (&field.ty.kind, step.each) {
            (TypeKind::List { element, .. }, true) => &**element,
            _ => &field.ty,
        }
    });
    match ty {
        Some(Type {
            kind: TypeKind::Enum(_),
            rust,
            ..
        }) => quote!(#rust::as_str),
        _ => quote!(String::as_str),
    }
}
