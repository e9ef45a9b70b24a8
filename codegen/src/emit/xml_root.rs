//! The root elements of bodies in XML (Smithy specification, "AWS restXml protocol" and "XML bindings").
//!
//! A root has the name of its structure. The member that is a whole body, or the trait `smithy.api#xmlName`, gives it
//! another one. Without a namespace of its own, it is in that of the service.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::XmlNamespace;
use crate::plan::{Field, Plan, TypeDefinition, TypeKind};

/// A root.
pub(super) struct Root<'a> {
    name: &'a str,
    namespace: Option<&'a XmlNamespace>,
}

impl<'a> Root<'a> {
    /// The root around the members of a request or a response.
    pub(super) fn of_members(plan: &Plan<'a>, definition: &TypeDefinition<'a>) -> Self {
        let own = definition.model;
        let name = own.xml_name.as_deref();
        Self {
            name: name.unwrap_or_else(|| own.id.name()),
            namespace: own
                .xml_namespace
                .as_ref()
                .or(plan.model.xml_namespace.as_ref()),
        }
    }

    /// The root of a member that is the whole body.
    pub(super) fn of_payload(plan: &Plan<'a>, field: &Field<'a>) -> Self {
        let ty = field.ty.model;
        let target = match &field.ty.kind {
            TypeKind::Structure(id) | TypeKind::Union(id) => {
                Some(Self::of_members(plan, plan.type_definition(*id)))
            }
            _ => None,
        };
        let name = ty.xml.name.as_deref();
        let name = name.or(target.as_ref().map(|root| root.name));
        let of_target = target.as_ref().and_then(|root| root.namespace);
        Self {
            name: name.unwrap_or(&field.model.name),
            namespace: ty.xml.namespace.as_ref().or(of_target),
        }
    }

    /// Statements that write the root around what is written to `writer`.
    pub(super) fn around(&self, content: &TokenStream) -> TokenStream {
        let (name, begin) = (self.name, begin(self.name, self.namespace));
        quote!(#begin #content writer.end(#name);)
    }
}

/// The statement that begins an element.
pub(super) fn begin(name: &str, namespace: Option<&XmlNamespace>) -> TokenStream {
    match namespace {
        Some(namespace) => {
            let prefix = namespace.prefix.as_deref().unwrap_or_default();
            let uri = &namespace.uri;
            quote!(writer.begin_in(#name, #prefix, #uri);)
        }
        None => quote!(writer.begin(#name);),
    }
}
