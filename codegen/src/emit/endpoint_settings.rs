//! What a client tells its endpoint rules beyond the settings of all clients.

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use super::types::ident;
use crate::error::{Error, Result};
use crate::escape::markdown::code;
use crate::model::{ClientParameter, ClientParameterType, EndpointInputSource, EndpointSetting};
use crate::plan::Plan;
use crate::plan::reserved::functions::WITH_ENDPOINT_SETTINGS;

/// The list of inputs, and the call that passes it to a new core.
pub(super) fn inputs(plan: &Plan<'_>) -> (TokenStream, TokenStream) {
    let inputs = &plan.model.endpoint_inputs;
    if inputs.is_empty() {
        return (TokenStream::new(), TokenStream::new());
    }
    let entries = inputs.iter().map(|input| {
        let name = &input.parameter;
        let source = match &input.source {
            EndpointInputSource::AccountId => quote!(AccountId),
            EndpointInputSource::AccountIdEndpointMode => quote!(AccountIdEndpointMode),
            EndpointInputSource::Setting(setting) => {
                let setting = self::setting(setting);
                quote!(Setting(#setting))
            }
        };
        quote! {
            attache_runtime::plumbing::endpoint::Input {
                parameter: #name,
                source: attache_runtime::plumbing::endpoint::InputSource::#source,
            }
        }
    });
    let list = quote! {
        static ENDPOINT_INPUTS: &[attache_runtime::plumbing::endpoint::Input] = &[#(#entries),*];
    };
    (list, quote!(.with_endpoint_inputs(ENDPOINT_INPUTS)))
}

fn setting(setting: &EndpointSetting) -> TokenStream {
    let optional = |value: Option<TokenStream>| match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    };
    let variable = optional(setting.variable.as_ref().map(|name| quote!(#name)));
    let names = &setting.settings;
    let words = setting.words.iter();
    let words = words.map(|(word, value)| quote!((#word, #value)));
    quote! {
        attache_runtime::plumbing::endpoint::FlagSetting {
            variable: #variable,
            settings: &[#(#names),*],
            words: &[#(#words),*],
        }
    }
}

/// The function of a client that takes the settings of its rules.
pub(super) fn client_function(plan: &Plan<'_>) -> Option<TokenStream> {
    (!plan.model.client_parameters.is_empty()).then(|| {
        quote! {
            #[doc = " A clone of this client with these settings for the endpoint rules of the service. A setting that an"]
            #[doc = " operation or a request makes itself takes precedence."]
            #[must_use]
            pub fn #WITH_ENDPOINT_SETTINGS(&self, settings: endpoint::Settings) -> Self {
                Self { core: self.core.with_endpoint_parameters(settings.into_parameters()) }
            }
        }
    })
}

/// The type `Settings` of the module `endpoint`.
pub(super) fn settings_type(plan: &Plan<'_>) -> Option<TokenStream> {
    let parameters = &plan.model.client_parameters;
    if parameters.is_empty() {
        return None;
    }
    let fields = parameters.iter().map(|parameter| {
        let (name, ty) = (field(parameter), ty(parameter));
        quote!(#name: Option<#ty>)
    });
    let setters = parameters.iter().map(setter);
    let values = parameters.iter().map(entry);
    let function = WITH_ENDPOINT_SETTINGS;
    let lines = format!(
        " Settings for the endpoint rules of this service: see [`Client::{0}`](crate::Client::{0}).",
        function.as_str()
    );
    Some(quote! {
        #[doc = #lines]
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Settings {
            #(#fields),*
        }

        impl Settings {
            #[doc = " No settings."]
            #[inline]
            pub fn new() -> Self {
                Self::default()
            }

            #(#setters)*

            #[inline]
            pub(crate) fn into_parameters(
                self,
            ) -> impl Iterator<Item = (&'static str, attache_runtime::plumbing::endpoint::ParameterValue)> {
                [#(#values),*].into_iter().flatten()
            }
        }
    })
}

/// An expression for settings, which are given by the names of their parameters.
///
/// # Errors
/// A parameter that is no setting of the client, and a value of another type.
pub(crate) fn value(plan: &Plan<'_>, given: &Map<String, Value>) -> Result<TokenStream> {
    let mut calls = TokenStream::new();
    for (name, value) in given {
        let mut known = plan.model.client_parameters.iter();
        let known = known.find(|parameter| parameter.name == *name);
        let known = known.ok_or_else(|| {
            Error::new(format!(
                "the client has no setting for the parameter `{name}`"
            ))
        })?;
        let value = match (known.ty, value) {
            (ClientParameterType::String, Value::String(text)) => quote!(#text),
            (ClientParameterType::Boolean, Value::Bool(flag)) => quote!(#flag),
            (ClientParameterType::StringArray, Value::Array(texts)) => {
                let texts: Option<Vec<&str>> = texts.iter().map(Value::as_str).collect();
                let texts =
                    texts.ok_or_else(|| Error::new(format!("`{name}` is a list of texts")))?;
                quote!([#(#texts),*])
            }
            _ => {
                return Err(Error::new(format!(
                    "{value} is not of the type of `{name}`"
                )));
            }
        };
        let setter = field(known);
        calls.extend(quote!(.#setter(#value)));
    }
    Ok(quote!(super::endpoint::Settings::new() #calls))
}

fn field(parameter: &ClientParameter) -> proc_macro2::Ident {
    let name = parameter.name.to_snake_case();
    // `new` and `into_parameters` are functions of the type.
    let taken = matches!(name.as_str(), "new" | "into_parameters")
        || syn::parse_str::<syn::Ident>(&name).is_err();
    ident(&if taken { format!("{name}_value") } else { name })
}

fn ty(parameter: &ClientParameter) -> TokenStream {
    match parameter.ty {
        ClientParameterType::String => quote!(String),
        ClientParameterType::Boolean => quote!(bool),
        ClientParameterType::StringArray => quote!(Vec<String>),
    }
}

fn setter(parameter: &ClientParameter) -> TokenStream {
    let name = field(parameter);
    let line = format!(
        " Sets the parameter {} of the rules.",
        code(&parameter.name)
    );
    let (argument, value) = match parameter.ty {
        ClientParameterType::String => (quote!(impl Into<String>), quote!(value.into())),
        ClientParameterType::Boolean => (quote!(bool), quote!(value)),
        ClientParameterType::StringArray => (
            quote!(impl IntoIterator<Item = impl Into<String>>),
            quote!(value.into_iter().map(Into::into).collect()),
        ),
    };
    quote! {
        #[doc = #line]
        #[must_use]
        #[inline]
        pub fn #name(mut self, value: #argument) -> Self {
            self.#name = Some(#value);
            self
        }
    }
}

fn entry(parameter: &ClientParameter) -> TokenStream {
    let (field, name) = (field(parameter), &parameter.name);
    let variant = ident(match parameter.ty {
        ClientParameterType::String => "String",
        ClientParameterType::Boolean => "Boolean",
        ClientParameterType::StringArray => "Strings",
    });
    quote! {
        self.#field.map(|value| (#name, attache_runtime::plumbing::endpoint::ParameterValue::#variant(value)))
    }
}
