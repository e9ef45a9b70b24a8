//! Code for what clients do beyond the traits of Smithy, as overlays state it: parts of `encode`, `decode` and the metadata
//! of a request.

use proc_macro2::TokenStream;
use quote::quote;

use super::types::ident;
use crate::model::MemberId;
use crate::model::customization::{Form, RegionRedirect, UrlTexts};
use crate::plan::{Operation, Plan, Presence};

/// The statements of `encode` that change members before they are written.
pub(super) fn before_encoding(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    let custom = &operation.model.customization;
    let forms = custom.forms.iter().map(|(member, form)| {
        let member = place(plan, *member);
        match form {
            Form::PercentEncoded(except) => quote! {
                attache_runtime::plumbing::text_forms::percent_encode(&mut #member, #except);
            },
            Form::KeyWithMd5(digest) => {
                let digest = place(plan, *digest);
                quote!(attache_runtime::plumbing::text_forms::key_with_md5(&mut #member, &mut #digest);)
            }
        }
    });
    let texts = custom.url_texts.as_ref().map(|texts| {
        let (member, value) = (place(plan, texts.request), &texts.value);
        quote! {
            let asks_for_encoding = #member.is_none();
            if asks_for_encoding {
                #member = Some(#value.into());
            }
        }
    });
    quote!(#(#forms)* #texts)
}

/// The statements of `encode` that need the request.
pub(super) fn finishing(operation: &Operation<'_>) -> Option<TokenStream> {
    let texts = operation.model.customization.url_texts.as_ref();
    texts.map(|_| {
        quote! {
            if asks_for_encoding {
                request.decodes_texts();
            }
        }
    })
}

/// The statements of `decode` that change the members which were read into `output`.
pub(super) fn after_decoding(plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
    match &operation.model.customization.url_texts {
        Some(texts) => decoding(plan, texts),
        None => TokenStream::new(),
    }
}

fn decoding(plan: &Plan<'_>, texts: &UrlTexts) -> TokenStream {
    let field = plan.field(texts.response);
    let (member, value) = (ident(&field.name), &texts.value);
    let is_encoded = match field.presence {
        Presence::Optional => {
            quote!(output.#member.as_ref().is_some_and(|value| value.as_str() == #value))
        }
        Presence::Required | Presence::Default(_) => quote!(output.#member.as_str() == #value),
    };
    let decoded = texts.texts.iter().filter_map(|path| {
        let (last, lists) = path.0.split_last()?;
        let text = plan.field(last.member);
        let name = ident(&text.name);
        let root = match lists.is_empty() {
            true => quote!(output),
            false => quote!(element),
        };
        let decode = match text.presence {
            Presence::Optional => quote! {
                attache_runtime::plumbing::text_forms::url_decode(&mut #root.#name);
            },
            Presence::Required | Presence::Default(_) => quote! {
                attache_runtime::plumbing::text_forms::url_decode_required(&mut #root.#name);
            },
        };
        let Some(list) = lists.first() else {
            return Some(decode);
        };
        let list = plan.field(list.member);
        let name = ident(&list.name);
        let elements = match list.presence {
            Presence::Optional => quote!(output.#name.iter_mut().flatten()),
            Presence::Required | Presence::Default(_) => quote!(&mut output.#name),
        };
        Some(quote!(for element in #elements { #decode }))
    });
    quote! {
        if response.decodes_texts() && #is_encoded {
            #(#decoded)*
        }
    }
}

/// What the service says about a request that came to the wrong region.
pub(super) fn region_redirect(operation: &Operation<'_>) -> Option<TokenStream> {
    let redirect = operation.model.customization.region_redirect.as_ref()?;
    let RegionRedirect {
        header,
        parameter,
        codes,
    } = redirect;
    let header = header.to_ascii_lowercase();
    Some(quote! {
        const REGION_REDIRECT: Option<&'static attache_runtime::plumbing::operation::RegionRedirect> =
            Some(&attache_runtime::plumbing::operation::RegionRedirect {
                header: #header,
                codes: &[#(#codes),*],
                parameter: #parameter,
            });
    })
}

/// A member of a request.
fn place(plan: &Plan<'_>, member: MemberId) -> TokenStream {
    let name = ident(&plan.field(member).name);
    quote!(self.#name)
}
