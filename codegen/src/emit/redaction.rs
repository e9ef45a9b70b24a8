//! `Debug` that shows only members, and no sensitive value.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::FMT;
use super::imports::type_name;
use super::types::ident;
use crate::plan::{Field, Operation, Plan, Presence, Type, TypeDefinition, TypeKind};

/// Whether `Debug` must be written out, because a member must be hidden or a field is not a member.
pub(super) fn is_needed(definition: &TypeDefinition<'_>, fields: &[Field<'_>]) -> bool {
    definition.is_open_literal
        || definition.model.sensitive
        || fields.iter().any(|field| field.ty.model.hides_values())
}

/// Whether the message of an error must not be shown, in any spelling.
pub(super) fn hides_message(definition: &TypeDefinition<'_>) -> bool {
    let is_message = |field: &&Field<'_>| field.model.json_name.eq_ignore_ascii_case("message");
    definition.model.sensitive
        || definition
            .fields()
            .iter()
            .filter(is_message)
            .any(|field| field.ty.model.hides_values())
}

/// Whether a value of the type must not be shown on the wire: it, a part of it, or the named type that it is of.
pub(super) fn hides(plan: &Plan<'_>, ty: &Type<'_>) -> bool {
    ty.model.hides_values()
        || match &ty.kind {
            TypeKind::Enum(id)
            | TypeKind::IntEnum(id)
            | TypeKind::Structure(id)
            | TypeKind::Union(id) => plan.type_definition(*id).model.sensitive,
            TypeKind::List { element, .. } => hides(plan, element),
            TypeKind::Map { key, value, .. } => hides(plan, key) || hides(plan, value),
            _ => false,
        }
}

/// The function of the request that writes a member outside of JSON. One of another name marks what must not be shown.
pub(super) fn function(
    plan: &Plan<'_>,
    operation: &Operation<'_>,
    field: &Field<'_>,
    name: &str,
) -> proc_macro2::Ident {
    let request = plan.type_definition(operation.model.request);
    if request.model.sensitive || hides(plan, &field.ty) {
        ident(&format!("sensitive_{name}"))
    } else {
        ident(name)
    }
}

/// The `Debug` of a structure with something to hide.
pub(super) fn debug_impl(definition: &TypeDefinition<'_>, fields: &[Field<'_>]) -> TokenStream {
    let name = type_name(definition);
    let text = &definition.name;
    let shown = fields.iter().map(|field| {
        let field_name = ident(&field.name);
        let label = &field.name;
        let hidden = definition.model.sensitive || field.ty.model.hides_values();
        match (hidden, &field.presence) {
            (false, _) => quote!(.field(#label, &self.#field_name)),
            (true, Presence::Optional) => quote!(.field(#label, &self.#field_name.as_ref().map(|_| attache_runtime::plumbing::Redacted))),
            (true, _) => quote!(.field(#label, &attache_runtime::plumbing::Redacted)),
        }
    });
    quote! {
        impl #FMT::Debug for #name {
            #[inline]
            fn fmt(&self, formatter: &mut #FMT::Formatter<'_>) -> #FMT::Result {
                formatter.debug_struct(#text) #(#shown)* .finish()
            }
        }
    }
}
