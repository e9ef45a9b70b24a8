//! Code that writes XML: requests of restXml, and what servers and mocks send.
//!
//! A structure writes its attributes and its members; the element around it has the name that refers to it.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::XML;
use super::redaction::hides;
use super::scalar_write::text_scalar;
use super::types::ident;
use super::value::Value;
use super::writing::{EventWriting, ResponseWriting, Writing};
use super::xml_envelope;
use super::xml_root::{Root, begin};
use crate::model::{Binding, TimestampFormat, TypeId};
use crate::plan::reserved::Reserved;
use crate::plan::reserved::methods::{WRITE_MEMBERS, WRITE_XML};
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{
    End, Field, Operation, Plan, Presence, RequestCodec, Type, TypeDefinition, TypeKind,
};

/// Writes XML.
pub(super) struct XmlWriting;

impl Writing for XmlWriting {
    fn structure(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        function(WRITE_XML, &write_fields(plan, definition))
    }

    fn union(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let arms = definition.fields().iter().map(|field| {
            let variant = ident(&field.name);
            let value = Value::reference(quote!(value));
            let hides = marks(plan, &field.ty, definition.model.sensitive);
            let write = write_element(plan, field.model.xml_name(), &field.ty, &value, hides);
            quote!(Self::#variant(value) => { #write })
        });
        quote! {
            #[inline]
            pub(crate) fn #WRITE_XML(&self, writer: &mut #XML::Writer) {
                match self {
                    #(#arms)*
                    // Only JSON can hold any member: its name may be no name of an element.
                    Self::#UNKNOWN(..) => {}
                }
            }
        }
    }

    fn capacity(&self, _plan: &Plan<'_>, _id: TypeId) -> Option<TokenStream> {
        None
    }
}

impl EventWriting for XmlWriting {
    fn event_body(
        &self,
        plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        _is_sent: bool,
    ) -> TokenStream {
        let root = Root::of_members(plan, definition);
        let write = root.around(&quote!(event.#WRITE_XML(writer);));
        quote!(writer.xml(|writer| { #write });)
    }

    fn event_payload(&self, plan: &Plan<'_>, field: &Field<'_>, _is_sent: bool) -> TokenStream {
        let content = write_content(plan, &field.ty, &Value::reference(quote!(value)));
        let write = Root::of_payload(plan, field).around(&content);
        quote!(writer.xml(|writer| { #write });)
    }
}

impl ResponseWriting for XmlWriting {
    fn members(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        function(WRITE_MEMBERS, &write_fields(plan, definition))
    }

    fn body(
        &self,
        plan: &Plan<'_>,
        operation: &Operation<'_>,
        _has_statements: bool,
    ) -> TokenStream {
        let definition = plan.type_definition(operation.model.response);
        let has_members = body_fields(definition).next().is_some();
        if plan.model.protocol.binds_http() && !has_members {
            return TokenStream::new();
        }
        let write = has_members.then(|| quote!(self.#WRITE_MEMBERS(&mut writer);));
        let whole = xml_envelope::response(plan, operation, &quote!(#write));
        quote! {
            let mut writer = attache_runtime::plumbing::xml::Writer::with_capacity(256);
            #whole
            response.body = writer.into_text().into();
        }
    }

    fn payload(&self, plan: &Plan<'_>, field: &Field<'_>) -> TokenStream {
        let write = payload(plan, field);
        quote! {
            let mut body = attache_runtime::plumbing::xml::Writer::with_capacity(256);
            let writer = &mut body;
            #write
            response.body = body.into_text().into();
        }
    }

    fn refusal(&self) -> TokenStream {
        quote!(error.#WRITE_MEMBERS(refusal.xml_members());)
    }

    fn mock_body(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        xml_envelope::mock(plan, definition)
    }

    fn mock_payload(&self, plan: &Plan<'_>, field: &Field<'_>) -> TokenStream {
        let write = payload(plan, field);
        quote!(writer.xml(|writer| { #write });)
    }
}

/// A function with these statements. Those of a structure without members do not use the writer.
fn function(name: Reserved, statements: &TokenStream) -> TokenStream {
    let writer = ident(if statements.is_empty() {
        "_writer"
    } else {
        "writer"
    });
    quote! {
        #[inline]
        pub(crate) fn #name(&self, #writer: &mut #XML::Writer) {
            #statements
        }
    }
}

/// Statements that write the variable `value` as a whole body.
fn payload(plan: &Plan<'_>, field: &Field<'_>) -> TokenStream {
    let content = write_content(plan, &field.ty, &Value::place(quote!(value)));
    Root::of_payload(plan, field).around(&content)
}

/// The members in the body.
pub(super) fn body_fields<'a>(
    definition: &'a TypeDefinition<'_>,
) -> impl Iterator<Item = &'a Field<'a>> {
    let fields = definition.fields().iter();
    fields.filter(|field| field.model.binding == Binding::Body)
}

/// Statements that write the members of a structure that are in the body: first those that are attributes.
fn write_fields(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    let is_sensitive = definition.model.sensitive;
    let attributes = body_fields(definition).filter(|field| field.model.ty.xml.attribute);
    let elements = body_fields(definition).filter(|field| !field.model.ty.xml.attribute);
    let statements = attributes.chain(elements);
    let write = |field| write_field(plan, field, is_sensitive);
    statements.map(write).collect()
}

fn write_field(plan: &Plan<'_>, field: &Field<'_>, is_sensitive: bool) -> TokenStream {
    let name = ident(&field.name);
    let hides = marks(plan, &field.ty, is_sensitive);
    let write = |value: &Value| match field.model.ty.xml.attribute {
        true => {
            let text = super::http_text::text(&field.ty, value, TimestampFormat::DateTime);
            let name = field.model.xml_name();
            match hides {
                true => quote!(writer.sensitive_attribute(#name, #text);),
                false => quote!(writer.attribute(#name, #text);),
            }
        }
        false => write_element(plan, field.model.xml_name(), &field.ty, value, hides),
    };
    match field.presence {
        Presence::Optional => {
            let write = write(&Value::reference(quote!(value)));
            quote!(if let Some(value) = &self.#name { #write })
        }
        Presence::Required | Presence::Default(_) => write(&Value::place(quote!(self.#name))),
    }
}

/// Whether a value is named as one that must not be shown. Only what a client sends is shown by what wrote it.
pub(super) fn marks(plan: &Plan<'_>, ty: &Type<'_>, is_sensitive: bool) -> bool {
    let writes_requests = plan.end == End::Client && plan.request_codec == RequestCodec::Xml;
    writes_requests && (is_sensitive || hides(plan, ty))
}

/// Statements around the content of an element that must not be shown.
pub(super) fn hidden(content: TokenStream, hides: bool) -> TokenStream {
    match hides {
        true => quote!(writer.begin_hidden(); #content writer.end_hidden();),
        false => content,
    }
}

/// Statements that write a value as an element, or a flattened collection as elements. `hides` is whether what is in them
/// must not be shown.
fn write_element(
    plan: &Plan<'_>,
    name: &str,
    ty: &Type<'_>,
    value: &Value,
    hides: bool,
) -> TokenStream {
    let xml = &ty.model.xml;
    match &ty.kind {
        TypeKind::List { element, sparse } if xml.flattened => {
            write_list(plan, name, element, *sparse, value, hides)
        }
        TypeKind::Map {
            key,
            value: held,
            sparse,
        } if xml.flattened => write_map(plan, name, (key, held, *sparse), value, hides),
        _ => {
            let begin = begin(name, xml.namespace.as_ref());
            let content = hidden(write_content(plan, ty, value), hides);
            quote!(#begin #content writer.end(#name);)
        }
    }
}

/// Statements that write what is inside of the element of a value.
pub(super) fn write_content(plan: &Plan<'_>, ty: &Type<'_>, value: &Value) -> TokenStream {
    if let Some(write) = text_scalar(ty, value) {
        return write;
    }
    match &ty.kind {
        TypeKind::Structure(_) | TypeKind::Union(_) => {
            let receiver = value.receiver();
            quote!(#receiver.#WRITE_XML(writer);)
        }
        TypeKind::List { element, sparse } => {
            let name = element.model.xml.name.as_deref().unwrap_or("member");
            write_list(plan, name, element, *sparse, value, false)
        }
        TypeKind::Map {
            key,
            value: held,
            sparse,
        } => write_map(plan, "entry", (key, held, *sparse), value, false),
        // The model has neither streams nor documents in XML: see `model/lower/target.rs`.
        _ => TokenStream::new(),
    }
}

/// Statements that write an element of this name for each element of a list.
fn write_list(
    plan: &Plan<'_>,
    name: &str,
    element: &Type<'_>,
    sparse: bool,
    value: &Value,
    hides: bool,
) -> TokenStream {
    let reference = Value::reference(quote!(element));
    let write = write_element(plan, name, element, &reference, hides);
    let write = match sparse {
        true => quote! {
            match element {
                Some(element) => { #write }
                None => {
                    writer.begin(#name);
                    writer.end(#name);
                }
            }
        },
        false => write,
    };
    let list = value.borrowed();
    quote!(for element in #list { #write })
}

/// Statements that write an element of this name for each entry of a map.
fn write_map(
    plan: &Plan<'_>,
    name: &str,
    (key, held, sparse): (&Type<'_>, &Type<'_>, bool),
    value: &Value,
    hides: bool,
) -> TokenStream {
    let key_name = key.model.xml.name.as_deref().unwrap_or("key");
    let value_name = held.model.xml.name.as_deref().unwrap_or("value");
    let write_key = write_element(plan, key_name, key, &Value::reference(quote!(key)), hides);
    let reference = Value::reference(quote!(value));
    let write_value = write_element(plan, value_name, held, &reference, hides);
    let write_value = match sparse {
        true => quote!(if let Some(value) = value { #write_value }),
        false => write_value,
    };
    let map = value.borrowed();
    quote! {
        for (key, value) in #map {
            writer.begin(#name);
            #write_key
            #write_value
            writer.end(#name);
        }
    }
}
