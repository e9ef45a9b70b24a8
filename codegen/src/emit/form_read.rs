//! Code of servers that reads requests from forms.

use proc_macro2::TokenStream;
use quote::quote;

use super::absent::or_default;
use super::form_write::{element_name, entry_names, member_name};
use super::imports::{FORM_TREE, type_name};
use super::reading::Reading;
use super::types::ident;
use super::value::timestamp_format;
use crate::model::TimestampFormat;
use crate::plan::reserved::constructors::READ_FORM;
use crate::plan::{Field, Plan, Type, TypeDefinition, TypeKind};

/// Reads forms.
pub(super) struct FormReading;

impl Reading for FormReading {
    fn structure(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let fields = definition.fields();
        if fields.is_empty() {
            return function(&quote!(_node), &quote!(Ok(Self::default())));
        }
        let members = fields.iter().map(|field| read_member(plan, field));
        function(&quote!(node), &quote!(Ok(Self { #(#members),* })))
    }

    fn union(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let members = definition.fields().iter().map(|field| {
            let variant = ident(&field.name);
            let value = member(plan, field);
            quote!(#value.map(Self::#variant))
        });
        function(
            &quote!(node),
            &quote!(#FORM_TREE::Node::only([#(#members),*])),
        )
    }

    fn string_enum(&self) -> TokenStream {
        function(&quote!(node), &quote!(node.text().map(Self::from)))
    }

    fn int_enum(&self) -> TokenStream {
        function(&quote!(node), &quote!(node.number::<i32>().map(Self::from)))
    }

    fn body(
        &self,
        _plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        message: &TokenStream,
    ) -> TokenStream {
        let name = type_name(definition);
        quote!(#message.form(#name::#READ_FORM))
    }

    /// No protocol with HTTP bindings has forms.
    fn payload(
        &self,
        _plan: &Plan<'_>,
        _definition: &TypeDefinition<'_>,
        _field: &Field<'_>,
        _message: &TokenStream,
    ) -> TokenStream {
        quote!(Ok(None))
    }
}

/// A function `read_form`.
fn function(argument: &TokenStream, body: &TokenStream) -> TokenStream {
    quote! {
        pub(crate) fn #READ_FORM(#argument: &#FORM_TREE::Node) -> #FORM_TREE::Result<Self> {
            #body
        }
    }
}

/// The field of a literal, with the expression that reads it.
fn read_member(plan: &Plan<'_>, field: &Field<'_>) -> TokenStream {
    let name = ident(&field.name);
    let value = member(plan, field);
    let value = or_default(field, &value);
    quote!(#name: #value)
}

/// An expression for the `Option` of a member.
fn member(plan: &Plan<'_>, field: &Field<'_>) -> TokenStream {
    let key = member_name(plan.model.protocol, field.model);
    let read = read(plan, &field.ty);
    let boxed = field.boxed.then(|| quote!(.map(Box::new)));
    quote!(node.member(#key, #read)? #boxed)
}

/// A function that reads a value of the type: a path where there is one, else a closure.
fn read(plan: &Plan<'_>, ty: &Type<'_>) -> TokenStream {
    let node = quote!(#FORM_TREE::Node);
    match &ty.kind {
        TypeKind::Boolean => quote!(#node::boolean),
        TypeKind::Byte
        | TypeKind::Short
        | TypeKind::Integer
        | TypeKind::Long
        | TypeKind::Float
        | TypeKind::Double
        | TypeKind::BigInteger
        | TypeKind::BigDecimal => quote!(#node::number),
        TypeKind::String { .. } => quote!(#node::string),
        TypeKind::Blob { .. } => quote!(#node::blob),
        TypeKind::Timestamp(format) => {
            let format = timestamp_format(format.unwrap_or(TimestampFormat::DateTime));
            quote!(|node| node.timestamp(#format))
        }
        TypeKind::Enum(_) | TypeKind::IntEnum(_) | TypeKind::Structure(_) | TypeKind::Union(_) => {
            let name = &ty.rust;
            quote!(#name::#READ_FORM)
        }
        // The model has none: see `model/lower/target.rs`.
        TypeKind::StreamingBlob { .. } | TypeKind::EventStream(_) | TypeKind::Document => {
            quote!(|_| Ok(Default::default()))
        }
        TypeKind::List { element, sparse } => {
            let name = optional(element_name(plan, ty, element));
            let read = item(plan, element, *sparse);
            quote!(|node| node.list(#name, #read))
        }
        TypeKind::Map { key, value, sparse } => {
            let name = optional(element_name(plan, ty, ty));
            let (key_name, value_name) = entry_names(plan, key, value);
            let read_key = self::read(plan, key);
            let read_value = item(plan, value, *sparse);
            quote!(|node| node.map(#name, (#key_name, #read_key), (#value_name, #read_value)))
        }
    }
}

/// A function that reads an element of a collection. In a sparse one it is optional, and in forms it is always there.
fn item(plan: &Plan<'_>, ty: &Type<'_>, sparse: bool) -> TokenStream {
    let read = read(plan, ty);
    match sparse {
        true => quote!(|node| node.some(#read)),
        false => read,
    }
}

fn optional(name: Option<String>) -> TokenStream {
    match name {
        Some(name) => quote!(Some(#name)),
        None => quote!(None),
    }
}
