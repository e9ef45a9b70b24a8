//! Code that gives the values of a request to the endpoint rules.

use proc_macro2::TokenStream;
use quote::quote;

use super::access::{Access, borrowed, optional_text};
use super::redaction::hides;
use crate::model::{Path, RequestParameter, RequestValue};
use crate::plan::{Operation, Plan, TypeKind};

/// The statements of `encode` that set the parameters of the endpoint rules.
pub(super) fn statements(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let parameters = &operation.model.request_parameters;
    let statements = parameters
        .iter()
        .map(|parameter| statement(plan, parameter));
    let request = plan.type_definition(operation.model.request);
    let is_sensitive =
        request.model.sensitive || parameters.iter().any(|one| is_sensitive(plan, &one.value));
    let hidden = (is_sensitive && !parameters.is_empty())
        .then(|| quote!(request.sensitive_endpoint_parameters();));
    quote!(#(#statements)* #hidden)
}

fn statement(plan: &Plan<'_>, parameter: &RequestParameter) -> TokenStream {
    let name = &parameter.name;
    match &parameter.value {
        RequestValue::Text(path) => {
            let text = text(plan, path, &quote!(self));
            quote!(request.endpoint_string(#name, #text);)
        }
        RequestValue::Flag(path) => {
            let flag = match borrowed(plan, path, &quote!(self)) {
                Access::Place(place) => quote!(Some(#place)),
                Access::Optional(option) | Access::Each(option) => quote!(#option.copied()),
            };
            quote!(request.endpoint_boolean(#name, #flag);)
        }
        RequestValue::Keys(path) => {
            let map = reference(plan, path);
            quote! {
                let keys = #map.map(|map| map.keys().map(ToString::to_string).collect());
                request.endpoint_strings(#name, keys);
            }
        }
        RequestValue::Each { list, texts } => {
            let list = reference(plan, list);
            let texts = texts.iter().map(|path| match path.0.is_empty() {
                true => quote!(Some(value.as_str())),
                false => text(plan, path, &quote!(value)),
            });
            quote! {
                let texts = #list.map(|values| {
                    let mut texts = Vec::new();
                    for value in values {
                        #(texts.extend(#texts.map(str::to_owned));)*
                    }
                    texts
                });
                request.endpoint_strings(#name, texts);
            }
        }
    }
}

/// An `Option` of a reference to the value at the end of a path.
fn reference(plan: &Plan<'_>, path: &Path) -> TokenStream {
    match borrowed(plan, path, &quote!(self)) {
        Access::Place(place) => quote!(Some(&#place)),
        Access::Optional(option) | Access::Each(option) => option,
    }
}

/// An `Option<&str>`.
pub(super) fn text(plan: &Plan<'_>, path: &Path, root: &TokenStream) -> TokenStream {
    if let Some(text) = optional_text(plan, path, root) {
        return text;
    }
    match borrowed(plan, path, root) {
        Access::Place(place) => quote!(Some(#place.as_str())),
        Access::Optional(option) | Access::Each(option) => {
            quote!(#option.map(|text| text.as_str()))
        }
    }
}

/// Whether a value must not be shown.
fn is_sensitive(plan: &Plan<'_>, value: &RequestValue) -> bool {
    let ends_hidden = |path: &Path| {
        path.0.iter().any(|step| {
            let ty = &plan.field(step.member).ty;
            !matches!(ty.kind, TypeKind::Structure(_)) && hides(plan, ty)
        })
    };
    match value {
        RequestValue::Text(path) | RequestValue::Flag(path) | RequestValue::Keys(path) => {
            ends_hidden(path)
        }
        RequestValue::Each { list, texts } => ends_hidden(list) || texts.iter().any(ends_hidden),
    }
}
