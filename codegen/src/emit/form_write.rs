//! Code that writes requests as forms, for the query protocols.
//!
//! A member begins with a key and ends with its value, as in JSON: the writer keeps the names of all that surrounds it.
//! awsQuery calls members as in XML; ec2Query has other names, and its lists are always flattened.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::{FORM, MESSAGE};
use super::redaction::hides;
use super::scalar_write::text_scalar;
use super::types::ident;
use super::value::Value;
use super::writing::{RequestWriting, Steps, Writing};
use crate::escape::url_segment;
use crate::model::{self, Protocol, TypeId};
use crate::plan::reserved::methods::WRITE_FORM;
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{Field, Operation, Plan, Presence, Type, TypeDefinition, TypeKind};

/// Writes forms.
pub(super) struct FormWriting;

impl Writing for FormWriting {
    fn structure(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let members = definition.fields().iter();
        let statements = members.map(|field| write_field(plan, field, definition.model.sensitive));
        quote! {
            #[inline]
            pub(crate) fn #WRITE_FORM(&self, writer: &mut #FORM::Writer) {
                #(#statements)*
                writer.end();
            }
        }
    }

    fn union(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let arms = definition.fields().iter().map(|field| {
            let variant = ident(&field.name);
            let key = key(plan, field, definition.model.sensitive);
            let write = write_value(plan, &field.ty, &Value::reference(quote!(value)));
            quote! {
                Self::#variant(value) => {
                    #key
                    #write
                }
            }
        });
        quote! {
            #[inline]
            pub(crate) fn #WRITE_FORM(&self, writer: &mut #FORM::Writer) {
                match self {
                    #(#arms)*
                    // A member that the model lacks has no form.
                    Self::#UNKNOWN(..) => {}
                }
                writer.end();
            }
        }
    }

    fn capacity(&self, _plan: &Plan<'_>, _id: TypeId) -> Option<TokenStream> {
        None
    }
}

impl RequestWriting for FormWriting {
    fn whole(&self, plan: &Plan<'_>, operation: &Operation<'_>, steps: &Steps) -> TokenStream {
        let start = format!(
            "Action={}&Version={}",
            url_segment(&operation.model.name),
            url_segment(&plan.model.version)
        );
        let protocol = match plan.model.protocol {
            Protocol::Ec2Query => ident("ec2"),
            _ => ident("query"),
        };
        let Steps { host, last } = steps;
        let definition = plan.type_definition(operation.model.request);
        let (mutable, write) = match definition.fields().is_empty() {
            true => (TokenStream::new(), TokenStream::new()),
            false => (quote!(mut), quote!(self.#WRITE_FORM(&mut writer);)),
        };
        let rest = quote!(#host #last);
        let finish = match rest.is_empty() {
            true => quote!(Ok(#MESSAGE::HttpRequest::form(writer))),
            false => quote! {
                let mut request = #MESSAGE::HttpRequest::form(writer);
                #rest
                Ok(request)
            },
        };
        quote! {
            let #mutable writer = #FORM::Writer::#protocol(#start, 256);
            #write
            #finish
        }
    }

    /// No protocol with HTTP bindings has forms.
    fn body(&self, _plan: &Plan<'_>, _operation: &Operation<'_>) -> TokenStream {
        TokenStream::new()
    }

    /// No protocol with HTTP bindings has forms.
    fn payload(
        &self,
        _plan: &Plan<'_>,
        _operation: &Operation<'_>,
        _field: &Field<'_>,
    ) -> TokenStream {
        TokenStream::new()
    }
}

fn write_field(plan: &Plan<'_>, field: &Field<'_>, is_sensitive: bool) -> TokenStream {
    let name = ident(&field.name);
    let key = key(plan, field, is_sensitive);
    match field.presence {
        Presence::Optional => {
            let write = write_value(plan, &field.ty, &Value::reference(quote!(value)));
            quote! {
                if let Some(value) = &self.#name {
                    #key
                    #write
                }
            }
        }
        Presence::Required | Presence::Default(_) => {
            let write = write_value(plan, &field.ty, &Value::place(quote!(self.#name)));
            quote!(#key #write)
        }
    }
}

/// The statement that begins a member.
fn key(plan: &Plan<'_>, field: &Field<'_>, is_sensitive: bool) -> TokenStream {
    let name = member_name(plan.model.protocol, field.model);
    match is_sensitive || hides(plan, &field.ty) {
        true => quote!(writer.sensitive_key(#name);),
        false => quote!(writer.key(#name);),
    }
}

/// The name of a member in forms, encoded (Smithy specification, "AWS query protocol" and "AWS EC2 query protocol").
pub(super) fn member_name(protocol: Protocol, member: &model::Member) -> String {
    let name = match (protocol, &member.ty.xml.ec2_name) {
        (Protocol::Ec2Query, Some(name)) => name.clone(),
        (Protocol::Ec2Query, None) => capitalised(member.xml_name()),
        _ => member.xml_name().to_owned(),
    };
    url_segment(&name)
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Statements that write the value of the member or element that was begun.
fn write_value(plan: &Plan<'_>, ty: &Type<'_>, value: &Value) -> TokenStream {
    if let Some(write) = text_scalar(ty, value) {
        return write;
    }
    let borrowed = value.borrowed();
    let receiver = value.receiver();
    match &ty.kind {
        TypeKind::Structure(_) | TypeKind::Union(_) => quote!(#receiver.#WRITE_FORM(writer);),
        TypeKind::List { element, sparse } => {
            let begin = begin(element_name(plan, ty, element));
            let write = write_value(plan, element, &Value::reference(quote!(element)));
            let elements = match sparse {
                // Forms have no `null`.
                true => quote!(#receiver.iter().flatten()),
                false => borrowed,
            };
            quote! {
                #begin
                for element in #elements {
                    writer.element();
                    #write
                }
                writer.end_list();
            }
        }
        TypeKind::Map { key, value, sparse } => {
            write_map(plan, ty, &borrowed, (key, value, *sparse))
        }
        // The model has neither streams nor documents: see `model/lower/target.rs`.
        _ => quote!(writer.end();),
    }
}

fn write_map(
    plan: &Plan<'_>,
    ty: &Type<'_>,
    map: &TokenStream,
    (key, value, sparse): (&Type<'_>, &Type<'_>, bool),
) -> TokenStream {
    let begin = begin(element_name(plan, ty, ty));
    let (key_name, value_name) = entry_names(plan, key, value);
    let write_key = write_value(plan, key, &Value::reference(quote!(key)));
    let write_value = write_value(plan, value, &Value::reference(quote!(value)));
    let entry = quote! {
        writer.element();
        writer.key(#key_name);
        #write_key
        writer.key(#value_name);
        #write_value
        writer.end();
    };
    let entry = match sparse {
        true => quote!(if let Some(value) = value { #entry }),
        false => entry,
    };
    quote! {
        #begin
        for (key, value) in #map {
            #entry
        }
        writer.end();
    }
}

/// The statement that names the elements of a collection; nothing for a flattened one.
fn begin(name: Option<String>) -> TokenStream {
    match name {
        Some(name) => quote!(writer.begin_list(#name);),
        None => TokenStream::new(),
    }
}

/// The name before the number of an element of a list, or of an entry of a map, whose `element` is itself. `None` for a
/// flattened collection, as all are in ec2Query.
pub(super) fn element_name(plan: &Plan<'_>, ty: &Type<'_>, element: &Type<'_>) -> Option<String> {
    if ty.model.xml.flattened || plan.model.protocol == Protocol::Ec2Query {
        return None;
    }
    let name = match &ty.kind {
        TypeKind::Map { .. } => "entry",
        _ => element.model.xml.name.as_deref().unwrap_or("member"),
    };
    Some(url_segment(name))
}

/// The names of the key and of the value of an entry of a map.
pub(super) fn entry_names(plan: &Plan<'_>, key: &Type<'_>, value: &Type<'_>) -> (String, String) {
    let name = |ty: &Type<'_>, default: &str| {
        let name = ty.model.xml.name.as_deref().unwrap_or(default);
        url_segment(&match plan.model.protocol {
            Protocol::Ec2Query => capitalised(name),
            _ => name.to_owned(),
        })
    };
    (name(key, "key"), name(value, "value"))
}
