//! The constants of `Request`: facts about an operation that most operations do not have.

use proc_macro2::TokenStream;
use quote::quote;

use super::discovery;
use super::event_stream::awaits_initial_response;
use crate::model::{Binding, Scheme, SignatureVersion};
use crate::plan::{Operation, Plan, TypeDefinition, TypeKind};

/// All constants that differ from their defaults.
pub(super) fn constants(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    response: &TypeDefinition<'_>,
) -> TokenStream {
    let schemes = schemes(operation);
    let signature_version = signature_version(plan, operation);
    let errors_in_success = errors_in_success(plan, response);
    let discovery = discovery::constant(plan, operation);
    let awaits = awaits_initial_response(plan, response);
    quote!(#schemes #signature_version #errors_in_success #discovery #awaits)
}

/// The ways to authenticate a request, unless the metadata of the operation says all.
fn schemes(operation: &Operation<'_>) -> Option<TokenStream> {
    let schemes = operation.model.schemes.as_slice();
    if matches!(schemes, [Scheme::SigV4 | Scheme::NoAuth]) {
        return None;
    }
    let schemes = schemes.iter().map(|scheme| match scheme {
        Scheme::SigV4 => quote!(SigV4),
        Scheme::SigV4a => quote!(SigV4a),
        Scheme::Bearer => quote!(Bearer),
        Scheme::NoAuth => quote!(NoAuth),
    });
    Some(quote! {
        const SCHEMES: &'static [attache_runtime::plumbing::operation::Scheme] =
            &[#(attache_runtime::plumbing::operation::Scheme::#schemes),*];
    })
}

/// Whether a response may be an error although its status is that of a success. Where nothing is around errors, their root
/// tells them from the XML of any response; a member that is bytes or a text could have the same root.
fn errors_in_success(plan: &Plan<'_>, response: &TypeDefinition<'_>) -> Option<TokenStream> {
    let mut fields = response.fields().iter();
    let is_xml = fields.all(|field| {
        let is_structure = matches!(field.ty.kind, TypeKind::Structure(_) | TypeKind::Union(_));
        field.model.binding != Binding::Payload || is_structure
    });
    (plan.model.unwrapped_errors && is_xml).then(|| {
        quote! {
            const ERRORS_IN_SUCCESS: bool = true;
        }
    })
}

/// The form of the signatures, unless it is the usual one.
fn signature_version(plan: &Plan<'_>, operation: &Operation<'_>) -> Option<TokenStream> {
    let is_other = plan.model.signature_version == SignatureVersion::S3V4;
    (is_other && operation.model.is_signed()).then(|| {
        quote! {
            const SIGNATURE_VERSION: attache_runtime::plumbing::operation::SignatureVersion =
                attache_runtime::plumbing::operation::SignatureVersion::S3V4;
        }
    })
}
