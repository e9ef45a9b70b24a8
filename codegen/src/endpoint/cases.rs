//! The trait `smithy.rules#endpointTests` as unit tests.

use std::collections::BTreeMap;

use heck::ToSnakeCase;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use serde::Deserialize;
use serde_json::Value;

use super::decision::{AuthScheme, Decision, Source};
use super::emit::{self, ENDPOINT, ENDPOINT_ERROR, PARAMETERS};
use super::expression::{from_runtime, kept};
use super::rules::{self, typed};
use super::term::Term;
use crate::emit::imports::{self, Import};
use crate::error::{Context, Error, Result};
use crate::version::is_same;

const PARAMETER_VALUE: Import = from_runtime("ParameterValue");

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
    /// The expected schemes.
    pub(super) fn auth_schemes(&self) -> &[rules::AuthScheme] {
        &self.properties.auth_schemes
    }

    /// The expected backend.
    pub(super) fn backend(&self) -> Option<&str> {
        self.properties.backend.as_deref()
    }
}

/// Clients do not use other properties (see `typing`).
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    #[serde(default)]
    auth_schemes: Vec<rules::AuthScheme>,
    backend: Option<String>,
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
    let (written, imports) = imports::noted(|| {
        for (index, case) in cases.iter().enumerate() {
            let place = format_args!("testCases[{index}]");
            functions.extend(function(decision, case, &mut names).at(place)?);
        }
        Ok::<_, Error>(())
    });
    written?;
    if functions.is_empty() {
        return Ok(TokenStream::new());
    }
    let imports = imports.items(&quote!(crate), None);
    Ok(quote! {
        #[cfg(test)]
        mod tests {
            #imports

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
        Expect::Error(message) => quote! { Err(#ENDPOINT_ERROR::new(#message)) },
        Expect::Endpoint(endpoint) => {
            let endpoint = self::endpoint(endpoint)?;
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

fn endpoint(endpoint: &Endpoint) -> Result<TokenStream> {
    let url = &endpoint.url;
    let mut tokens = quote! { #ENDPOINT::new(#url) };
    let constant = |text: &String| Term::String(text.clone());
    let schemes = endpoint.auth_schemes().iter().map(|scheme| AuthScheme {
        name: scheme.name.clone(),
        signing_name: scheme.signing_name.as_ref().map(constant),
        signing_region: scheme.signing_region.as_ref().map(constant),
        signing_region_set: scheme.signing_region_set.iter().map(constant).collect(),
        disable_double_encoding: scheme.disable_double_encoding,
        disable_normalize_path: scheme.disable_normalize_path,
    });
    let schemes: Vec<AuthScheme> = schemes.collect();
    tokens.extend(emit::auth_schemes(&schemes, kept)?);
    for (name, values) in &endpoint.headers {
        let name = name.to_ascii_lowercase();
        tokens.extend(quote! { #(.with_header(#name, #values))* });
    }
    if let Some(backend) = endpoint.backend() {
        tokens.extend(quote! { .with_backend(#backend) });
    }
    Ok(tokens)
}

/// The value of a parameter that is a list of texts.
///
/// # Errors
///
/// Another value.
pub(super) fn texts(name: &str, value: &Value) -> Result<Vec<String>> {
    let texts = value.as_array().map(|values| {
        let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
        texts.collect::<Option<Vec<_>>>()
    });
    texts
        .flatten()
        .ok_or_else(|| Error::new(format!("{value} is not of the type of `{name}`")))
}

/// The parameters of a case as Rust and in words, or `None` if the client lacks one of them.
fn parameters(
    decision: &Decision,
    given: &BTreeMap<String, Value>,
) -> Result<Option<(TokenStream, String)>> {
    let mut fields = Vec::new();
    let mut values = Vec::new();
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
            (Source::Context, value) => {
                let typed = parameter_value(name, value)?;
                values.push(quote! { (#name, #typed) });
                words.push(match value {
                    Value::String(text) => format!("{name} {text}"),
                    value => format!("{name} {value}"),
                });
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
    if !values.is_empty() {
        fields.push(quote! { values: vec![#(#values),*] });
    }
    let parameters = match fields.is_empty() {
        true => quote! { #PARAMETERS::default() },
        false => quote! { #PARAMETERS { #(#fields,)* ..#PARAMETERS::default() } },
    };
    Ok(Some((parameters, words)))
}

/// The value of a parameter that only some services have.
fn parameter_value(name: &str, value: &Value) -> Result<TokenStream> {
    Ok(match value {
        Value::String(text) => quote! { #PARAMETER_VALUE::String(#text.to_owned()) },
        Value::Bool(flag) => quote! { #PARAMETER_VALUE::Boolean(#flag) },
        value => {
            let texts = texts(name, value)?;
            quote! { #PARAMETER_VALUE::Strings(vec![#(#texts.to_owned()),*]) }
        }
    })
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
