//! The trait `smithy.rules#endpointTests` as unit tests.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde::Deserialize;
use serde_json::Value;

use super::decision::{Decision, Source};
use super::rules::typed;
use crate::error::{Context, Error, Result};
use crate::version::is_same;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Document {
    version: String,
    test_cases: Vec<Case>,
}

/// A test: parameters, and the expected result.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Case {
    documentation: Option<String>,
    #[serde(default)]
    pub(super) params: BTreeMap<String, Value>,
    /// The same parameters again, as settings of a client and inputs of operations.
    #[serde(rename = "operationInputs")]
    _operation_inputs: Option<Value>,
    pub(super) expect: Expect,
}

/// The expected result.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Expect {
    Endpoint(Endpoint),
    Error(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Endpoint {
    pub(super) url: String,
    #[serde(default)]
    properties: Properties,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Vec<String>>,
}

impl Endpoint {
    /// The signature that clients make.
    pub(super) fn sigv4(&self) -> Option<&AuthScheme> {
        let mut schemes = self.properties.auth_schemes.iter();
        schemes.find(|scheme| scheme.name == "sigv4")
    }
}

/// Clients do not use other properties (see `check`).
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    #[serde(default)]
    auth_schemes: Vec<AuthScheme>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthScheme {
    name: String,
    pub(super) signing_name: Option<String>,
    pub(super) signing_region: Option<String>,
}

/// How long the name of a test may become.
const NAME_LIMIT: usize = 200;

/// The tests of a document.
///
/// # Errors
///
/// A document of another form or version.
pub(super) fn read(document: &Value) -> Result<Vec<Case>> {
    let document: Document = typed(document)?;
    if !is_same(&document.version, "1.0") {
        let version = document.version;
        return Err(Error::new(format!(
            "version {version} is not supported; 1.0 is"
        )));
    }
    Ok(document.test_cases)
}

/// The module `tests` of a generated file.
///
/// Cases with a parameter that the client never sets are left out.
///
/// # Errors
///
/// A document of another form, or a parameter that the rule set does not have.
pub(super) fn module(decision: &Decision, document: &Value) -> Result<TokenStream> {
    let cases = read(document)?;
    let mut names = BTreeMap::new();
    let mut functions = Vec::new();
    let (mut expects_endpoint, mut expects_error, mut sets_context) = (false, false, false);
    for (index, case) in cases.iter().enumerate() {
        let place = format_args!("testCases[{index}]");
        let Some(function) = function(decision, case, &mut names).at(place)? else {
            continue;
        };
        match case.expect {
            Expect::Endpoint(_) => expects_endpoint = true,
            Expect::Error(_) => expects_error = true,
        }
        sets_context |= decision.parameters.iter().any(|parameter| {
            parameter.source == Source::Context && case.params.contains_key(&parameter.name)
        });
        functions.push(function);
    }
    if functions.is_empty() {
        return Ok(TokenStream::new());
    }
    let context = sets_context.then(|| quote! { ContextValue, });
    let endpoint = expects_endpoint.then(|| quote! { Endpoint, });
    let error = expects_error.then(|| quote! { EndpointError, });
    Ok(quote! {
        #[cfg(test)]
        mod tests {
            use attache_runtime::plumbing::endpoint::{#context #endpoint #error Parameters};

            use super::resolve;

            #(#functions)*
        }
    })
}

/// The test of a case, or `None` if a client cannot set its parameters.
fn function(
    decision: &Decision,
    case: &Case,
    names: &mut BTreeMap<String, usize>,
) -> Result<Option<TokenStream>> {
    let Some((parameters, words)) = parameters(decision, &case.params)? else {
        return Ok(None);
    };
    let name = case
        .documentation
        .as_deref()
        .unwrap_or(&words)
        .to_snake_case();
    let name = Ident::new(&free_name(&name, names), Span::call_site());
    let expected = match &case.expect {
        Expect::Error(message) => quote! { Err(EndpointError::new(#message)) },
        Expect::Endpoint(endpoint) => {
            let endpoint = self::endpoint(endpoint);
            quote! { Ok(#endpoint) }
        }
    };
    Ok(Some(quote! {
        #[test]
        fn #name() {
            let parameters = #parameters;
            let expected = #expected;
            assert_eq!(resolve(&parameters), expected);
        }
    }))
}

fn endpoint(endpoint: &Endpoint) -> TokenStream {
    let url = &endpoint.url;
    let mut tokens = quote! { Endpoint::new(#url) };
    if let Some(scheme) = endpoint.sigv4() {
        for (name, method) in [
            (&scheme.signing_name, quote! { with_signing_name }),
            (&scheme.signing_region, quote! { with_signing_region }),
        ] {
            tokens.extend(name.as_ref().map(|name| quote! { .#method(#name) }));
        }
    }
    for (name, values) in &endpoint.headers {
        let name = name.to_ascii_lowercase();
        tokens.extend(quote! { #(.with_header(#name, #values))* });
    }
    tokens
}

/// The parameters of a case as Rust and in words, or `None` if the client lacks one of them.
fn parameters(
    decision: &Decision,
    given: &BTreeMap<String, Value>,
) -> Result<Option<(TokenStream, String)>> {
    let mut fields = Vec::new();
    let mut context = Vec::new();
    let mut words = Vec::new();
    for (name, value) in given {
        let known = decision.parameters.iter().find(|known| known.name == *name);
        let Some(known) = known else {
            if decision.never_set.contains(name) {
                return Ok(None);
            }
            return Err(Error::new(format!(
                "the rule set has no parameter `{name}`"
            )));
        };
        let field = Ident::new(known.source.field(), Span::call_site());
        match (known.source, value) {
            (Source::UseFips | Source::UseDualStack, Value::Bool(false)) => {}
            (Source::UseFips | Source::UseDualStack, Value::Bool(true)) => {
                fields.push(quote! { #field: true });
                words.push(name.to_snake_case());
            }
            (Source::Region | Source::Endpoint, Value::String(text)) => {
                fields.push(quote! { #field: Some(#text.to_owned()) });
                words.push(match known.source {
                    Source::Region => format!("{name} {text}"),
                    _ => name.clone(),
                });
            }
            (Source::Context, Value::String(text)) => {
                context.push(quote! { (#name, ContextValue::String(#text)) });
                words.push(format!("{name} {text}"));
            }
            (Source::Context, Value::Bool(flag)) => {
                context.push(quote! { (#name, ContextValue::Boolean(#flag)) });
                words.push(format!("{name} {flag}"));
            }
            _ => {
                return Err(Error::new(format!(
                    "{value} is not of the type of `{name}`"
                )));
            }
        }
    }
    let words = match words.is_empty() {
        true => "nothing set".to_owned(),
        false => words.join(" and "),
    };
    if !context.is_empty() {
        fields.push(quote! { context: &[#(#context),*] });
    }
    let rest = (fields.len() < 5).then(|| quote! { ..Parameters::default() });
    let parameters = match fields.is_empty() {
        true => quote! { Parameters::default() },
        false => quote! { Parameters { #(#fields,)* #rest } },
    };
    Ok(Some((parameters, words)))
}

/// A unique name that is valid in Rust.
fn free_name(wanted: &str, names: &mut BTreeMap<String, usize>) -> String {
    let ascii = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let letters = wanted.chars().filter(|c| ascii(*c));
    let mut name: String = letters.take(NAME_LIMIT).collect();
    if syn::parse_str::<Ident>(&name).is_err() {
        name = format!("case_{name}");
    }
    let mut free = name.clone();
    // The next number of each name, so that many equal names do not count from the beginning.
    let mut number = names.get(&name).copied().unwrap_or(2);
    while names.contains_key(&free) {
        free = format!("{name}_{number}");
        number += 1;
    }
    names.insert(name, number);
    names.insert(free.clone(), 2);
    free
}
