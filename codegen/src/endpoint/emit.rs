//! Writes a decision as Rust: `if` for conditions, `return` for outcomes.
//!
//! Conditions of one rule become one `if` with `&&` and `let`, so the code has the form of the rule set. Variables that
//! are always set are plain `let`s, which end an `if`.

use proc_macro2::TokenStream;
use quote::quote;

use super::decision::{AuthScheme, Branch, Decision, Endpoint, Outcome, Parameter, Source, Test};
use super::expression::{argument, from_runtime, ident, kept, operand, value};
use super::outline::Function;
use super::term::{Term, Type};
use crate::emit::imports::Import;
use crate::error::Result;

const AUTH_SCHEME: Import = from_runtime("AuthScheme");
pub(super) const ENDPOINT: Import = from_runtime("Endpoint");
pub(super) const ENDPOINT_ERROR: Import = from_runtime("EndpointError");
pub(super) const PARAMETERS: Import = from_runtime("Parameters");
const ARN: Import = from_runtime("Arn");
const PARTITION: Import = from_runtime("Partition");
const URL: Import = from_runtime("Url");

/// `resolve` and the functions that it calls.
///
/// # Errors
///
/// A function that the runtime does not have.
pub(super) fn items(decision: &Decision, functions: &[Function]) -> Result<TokenStream> {
    let body = statements(&decision.branches, Position::Tail)?;
    let used = super::decision::free_variables(&decision.branches);
    let read = |parameter: &&Parameter| used.contains(&parameter.ident) || is_required(parameter);
    let parameters: Vec<&Parameter> = decision.parameters.iter().filter(read).collect();
    let bindings = parameters
        .iter()
        .map(|parameter| binding(parameter, used.contains(&parameter.ident)));
    let bindings = bindings.collect::<Result<Vec<_>>>()?;
    let argument = match parameters.is_empty() {
        true => quote! { _parameters },
        false => quote! { parameters },
    };
    let functions = functions.iter().map(function);
    let functions = functions.collect::<Result<Vec<_>>>()?;
    Ok(quote! {
        /// Determines the endpoint of requests.
        ///
        /// # Errors
        ///
        /// Parameters that the service has no endpoint for, with the reason that the service's rules give.
        pub(crate) fn resolve(#argument: &#PARAMETERS) -> Result<#ENDPOINT, #ENDPOINT_ERROR> {
            #(#bindings)*
            #body
        }
        #(#functions)*
    })
}

/// Whether the parameter must be set even if no rule reads it.
fn is_required(parameter: &Parameter) -> bool {
    let is_set = parameter.ty == Type::String
        || parameter.source == Source::Context && !parameter.ty.is_optional();
    is_set && parameter.default.is_none()
}

/// The statement that reads a parameter.
fn binding(parameter: &Parameter, read: bool) -> Result<TokenStream> {
    let variable = ident(&parameter.ident);
    let field = ident(parameter.source.field());
    let name = &parameter.name;
    // The list that the variable borrows from.
    let mut list = None;
    let value = match (parameter.source, parameter.ty.inner()) {
        (Source::UseFips | Source::UseDualStack, _) => {
            return Ok(quote! { let #variable = parameters.#field; });
        }
        (Source::Context, Type::Boolean) => quote! { parameters.context_boolean(#name) },
        (Source::Context, Type::StringArray) => {
            list = Some(quote! { let #variable = parameters.context_strings(#name); });
            quote! { #variable.as_deref() }
        }
        (Source::Context, _) => quote! { parameters.context_string(#name) },
        (Source::Region | Source::Endpoint, _) => quote! { parameters.#field.as_deref() },
    };
    let binding = match &parameter.default {
        Some(default) => {
            let default = argument(default)?;
            quote! { let #variable = #value.unwrap_or(#default); }
        }
        None if !is_required(parameter) => quote! { let #variable = #value; },
        None if read => quote! {
            let Some(#variable) = #value else {
                return Err(#ENDPOINT_ERROR::missing_parameter(#name));
            };
        },
        None => quote! {
            if #value.is_none() {
                return Err(#ENDPOINT_ERROR::missing_parameter(#name));
            }
        },
    };
    Ok(quote! { #list #binding })
}

fn function(function: &Function) -> Result<TokenStream> {
    let name = ident(&function.name);
    let body = statements(&function.branches, Position::Tail)?;
    let parameters = function.parameters.iter().map(|(name, ty)| {
        let (name, ty) = (ident(name), self::ty(ty));
        quote! { #name: #ty }
    });
    Ok(quote! {
        fn #name(#(#parameters),*) -> Result<#ENDPOINT, #ENDPOINT_ERROR> {
            #body
        }
    })
}

fn ty(ty: &Type) -> TokenStream {
    match ty {
        Type::Boolean => quote! { bool },
        Type::String => quote! { &str },
        Type::Integer => quote! { usize },
        Type::StringArray => quote! { &[&str] },
        Type::Partition => quote! { &#PARTITION },
        Type::Arn => quote! { #ARN<'_> },
        Type::Url => quote! { #URL<'_> },
        Type::Option(inner) => {
            let inner = self::ty(inner);
            quote! { Option<#inner> }
        }
    }
}

/// The position of statements: at the end of a function, the last one is its value.
#[derive(Clone, Copy, PartialEq)]
enum Position {
    Tail,
    Inner,
}

impl Position {
    fn give(self, value: &TokenStream) -> TokenStream {
        match self {
            Position::Tail => quote! { #value },
            Position::Inner => quote! { return #value; },
        }
    }
}

/// The branches in order and, if the last one may fail, the error that none matched.
fn statements(branches: &[Branch], position: Position) -> Result<TokenStream> {
    let mut tokens = TokenStream::new();
    for branch in branches {
        let (statements, settled) = statement(&branch.tests, &branch.outcome, position)?;
        tokens.extend(statements);
        if settled {
            return Ok(tokens);
        }
    }
    tokens.extend(position.give(&quote! { Err(#ENDPOINT_ERROR::no_rule_matched()) }));
    Ok(tokens)
}

/// The statements of one branch, and whether they always return.
fn statement(tests: &[Test], outcome: &Outcome, position: Position) -> Result<(TokenStream, bool)> {
    let mut tokens = TokenStream::new();
    let mut tests = tests;
    while let [Test::Let(local), rest @ ..] = tests {
        let variable = ident(&local.ident);
        let value = argument(&local.value)?;
        let annotation = local.value.is_owned().then(|| {
            let ty = ty(&local.ty);
            quote! { : #ty }
        });
        tokens.extend(quote! { let #variable #annotation = #value; });
        tests = rest;
    }
    let count = tests
        .iter()
        .take_while(|test| !matches!(test, Test::Let(_)))
        .count();
    let (chain, rest) = tests.split_at(count);
    if chain.is_empty() {
        tokens.extend(self::outcome(outcome, position)?);
        return Ok((tokens, true));
    }
    let chain = chain.iter().map(test).collect::<Result<Vec<_>>>()?;
    let (inner, _) = statement(rest, outcome, Position::Inner)?;
    tokens.extend(quote! { if #(#chain)&&* { #inner } });
    Ok((tokens, false))
}

fn outcome(outcome: &Outcome, position: Position) -> Result<TokenStream> {
    Ok(match outcome {
        Outcome::Branches(branches) => statements(branches, position)?,
        Outcome::Error(message) => {
            let message = value(message)?;
            position.give(&quote! { Err(#ENDPOINT_ERROR::new(#message)) })
        }
        Outcome::Endpoint(endpoint) => {
            let endpoint = self::endpoint(endpoint)?;
            position.give(&quote! { Ok(#endpoint) })
        }
        Outcome::Call {
            function,
            arguments,
        } => {
            let function = ident(function);
            let arguments = arguments.iter().map(|name| ident(name));
            position.give(&quote! { #function(#(#arguments),*) })
        }
    })
}

fn endpoint(endpoint: &Endpoint) -> Result<TokenStream> {
    let url = value(&endpoint.url)?;
    let mut tokens = quote! { #ENDPOINT::new(#url) };
    tokens.extend(auth_schemes(&endpoint.auth_schemes, kept)?);
    for (name, value) in &endpoint.headers {
        let value = kept(value)?;
        tokens.extend(quote! { .with_header(#name, #value) });
    }
    if let Some(backend) = &endpoint.backend {
        let backend = kept(backend)?;
        tokens.extend(quote! { .with_backend(#backend) });
    }
    Ok(tokens)
}

/// The calls that add schemes to an endpoint. `text` writes a text of a scheme.
///
/// # Errors
///
/// Those of `text`.
pub(super) fn auth_schemes(
    schemes: &[AuthScheme],
    text: impl Fn(&Term) -> Result<TokenStream>,
) -> Result<TokenStream> {
    // Nearly all rules have this one, so it has a short form.
    let is_plain = |scheme: &AuthScheme| {
        scheme.name == "sigv4"
            && (scheme.signing_name.is_some() || scheme.signing_region.is_some())
            && scheme.signing_region_set.is_empty()
            && !scheme.disable_double_encoding
            && !scheme.disable_normalize_path
    };
    if let [scheme] = schemes
        && is_plain(scheme)
    {
        return settings(scheme, text);
    }
    let mut tokens = TokenStream::new();
    for scheme in schemes {
        let name = &scheme.name;
        let settings = settings(scheme, &text)?;
        tokens.extend(quote! { .with_auth_scheme(#AUTH_SCHEME::new(#name) #settings) });
    }
    Ok(tokens)
}

/// The calls that set what a scheme states.
fn settings(
    scheme: &AuthScheme,
    text: impl Fn(&Term) -> Result<TokenStream>,
) -> Result<TokenStream> {
    let mut tokens = TokenStream::new();
    if let Some(name) = &scheme.signing_name {
        let name = text(name)?;
        tokens.extend(quote! { .with_signing_name(#name) });
    }
    if let Some(region) = &scheme.signing_region {
        let region = text(region)?;
        tokens.extend(quote! { .with_signing_region(#region) });
    }
    for region in &scheme.signing_region_set {
        let region = text(region)?;
        tokens.extend(quote! { .with_region_of_set(#region) });
    }
    if scheme.disable_double_encoding {
        tokens.extend(quote! { .without_double_encoding() });
    }
    if scheme.disable_normalize_path {
        tokens.extend(quote! { .without_normalized_path() });
    }
    Ok(tokens)
}

fn test(test: &Test) -> Result<TokenStream> {
    match test {
        Test::True(term) => operand(term),
        Test::Bind(local) => {
            let variable = ident(&local.ident);
            let value = value(&local.value)?;
            Ok(quote! { let Some(#variable) = #value })
        }
        // `statement` removes these before it writes an `if`.
        Test::Let(local) => {
            let variable = ident(&local.ident);
            let value = argument(&local.value)?;
            Ok(quote! { let #variable = #value })
        }
    }
}
