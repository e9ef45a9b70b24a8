//! Code that reads values from XML.
//!
//! A printed function is called within an element and leaves it. An element may be repeated where it is the entry of a
//! flattened collection; of other members, the last one counts.

use proc_macro2::TokenStream;
use quote::quote;

use super::absent::or_default;
use super::http_scalar::scalar;
use super::imports::{BYTE_STREAM, HEADER, XML, type_name};
use super::object_read::{defaults, int_enum_body, key_pattern, string_enum_body};
use super::reading::Reading;
use super::redaction::hides;
use super::scalar_read::reader_function;
use super::types::ident;
use super::value::timestamp_format;
use super::xml_arms::{arm, by_element, local};
use crate::model::{Binding, Protocol, Role, TimestampFormat};
use crate::plan::reserved::constructors::READ_XML;
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{End, Field, Plan, Presence, Type, TypeDefinition, TypeKind};

/// Reads XML.
pub(super) struct XmlReading;

impl Reading for XmlReading {
    fn structure(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let is_error = matches!(definition.model.role, Role::Error(_));
        let (attributes, elements): (Vec<&Field<'_>>, Vec<&Field<'_>>) = definition
            .fields()
            .iter()
            .filter(|field| field.model.binding == Binding::Body)
            .partition(|field| field.ty.model.xml.attribute);
        let defaults = defaults(plan, definition);
        if attributes.is_empty() && elements.is_empty() {
            return function(&quote! {
                #defaults
                reader.skip()?;
                Ok(Self::default())
            });
        }
        let attributes = attributes.iter().map(|field| attribute(field));
        let arms = by_element(&elements, is_error).into_iter().map(|group| {
            let key = key_pattern(local(group[0].model.xml_name()), is_error);
            let reads = group
                .iter()
                .map(|field| read_member(plan, definition, field));
            arm(&key, reads.collect())
        });
        function(&quote! {
            #defaults
            let mut output = Self::default();
            #(#attributes)*
            while let Some(name) = reader.child()? {
                match name {
                    #(#arms)*
                    _ => reader.skip(),
                }?;
            }
            Ok(output)
        })
    }

    fn union(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        // One member of a union is set: of several with the name of an element, the first one.
        let fields: Vec<&Field<'_>> = definition.fields().iter().collect();
        let arms = by_element(&fields, false)
            .into_iter()
            .map(|group| union_arm(plan, definition, group[0]));
        function(&quote! {
            let mut output = None;
            while let Some(name) = reader.child()? {
                match name {
                    #(#arms)*
                    unknown => {
                        let (name, value) = reader.unknown_member(unknown)?;
                        output.get_or_insert(Self::#UNKNOWN(name, value));
                    }
                }
            }
            Ok(output.unwrap_or_default())
        })
    }

    fn string_enum(&self) -> TokenStream {
        function(&string_enum_body())
    }

    fn int_enum(&self) -> TokenStream {
        function(&int_enum_body())
    }

    fn body(
        &self,
        plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        message: &TokenStream,
    ) -> TokenStream {
        let name = type_name(definition);
        match (&definition.model.role, plan.model.protocol) {
            (Role::Request(_), _) => quote!(#message.xml(#name::#READ_XML)),
            // An event.
            (Role::Nested, _) => quote!(#message.xml_root(#name::#READ_XML)),
            (Role::Error(_), _) => quote!(#message.xml_error(#name::#READ_XML)),
            (Role::Response(operation), Protocol::AwsQuery) => {
                let element = format!("{}Result", plan.model.operations[*operation].name);
                quote!(#message.query_result(#element, #name::#READ_XML))
            }
            (Role::Response(operation), Protocol::RestXml) => {
                match plan.model.operations[*operation].unwrapped_output {
                    true => quote!(#message.xml_unwrapped(#name::#READ_XML)),
                    false => quote!(#message.xml_root(#name::#READ_XML)),
                }
            }
            _ => quote!(#message.ec2_result(#name::#READ_XML)),
        }
    }

    fn payload(
        &self,
        plan: &Plan<'_>,
        _definition: &TypeDefinition<'_>,
        field: &Field<'_>,
        message: &TokenStream,
    ) -> TokenStream {
        // Only restXml binds a member to the body, and its member is the root.
        let read = reading_function(&field.ty);
        match plan.end {
            End::Client => quote!(#message.xml_payload(#read)),
            End::Server { .. } => quote!(#message.xml(#read).map(Some)),
        }
    }
}

/// A function `read_xml`.
fn function(body: &TokenStream) -> TokenStream {
    quote! {
        #[inline]
        pub(crate) fn #READ_XML(reader: &mut #XML::Reader<'_>) -> Result<Self, #XML::Error> {
            #body
        }
    }
}

/// An expression that reads an element into a member of a structure: a result without a value.
fn read_member(plan: &Plan<'_>, definition: &TypeDefinition<'_>, field: &Field<'_>) -> TokenStream {
    let name = ident(&field.name);
    let is_sensitive = definition.model.sensitive || hides(plan, &field.ty);
    if field.ty.model.xml.flattened {
        let place = match &field.presence {
            Presence::Optional => quote!(output.#name.get_or_insert_default()),
            Presence::Required | Presence::Default(_) => quote!(&mut output.#name),
        };
        if let Some(read) = entry(&field.ty, &place, is_sensitive) {
            return read;
        }
    }
    if field.presence == Presence::Optional {
        let set = set(field, &quote!(&mut output.#name));
        return match is_sensitive {
            true => quote!(reader.sensitive(|reader| #set)),
            false => set,
        };
    }
    let (value, may_be_absent) = value(field, is_sensitive);
    let value = match may_be_absent {
        true => or_default(field, &value),
        false => value,
    };
    quote! {
        {
            output.#name = #value;
            Ok(())
        }
    }
}

/// An expression that reads an optional member.
fn set(field: &Field<'_>, place: &TokenStream) -> TokenStream {
    let read = reading_function(&field.ty);
    if field.boxed {
        return quote!(reader.set(#place, |reader| reader.boxed(#read)));
    }
    match &field.ty.kind {
        TypeKind::String { .. } => quote!(reader.set_string(#place)),
        TypeKind::Boolean => quote!(reader.set_boolean(#place)),
        TypeKind::Integer => quote!(reader.set_integer(#place)),
        TypeKind::Timestamp(format) if !field.ty.hidden => {
            let format = timestamp_format(format.unwrap_or(TimestampFormat::DateTime));
            quote!(reader.set_timestamp(#place, #format))
        }
        TypeKind::List {
            element,
            sparse: false,
        } => {
            let element = item_function(element, false);
            quote!(reader.set_list(#place, #element))
        }
        kind if may_be_absent(kind) => quote!(reader.set_present(#place, #read)),
        _ => quote!(reader.set(#place, #read)),
    }
}

/// The arm that reads a member of a union. The first member counts, unless more elements belong to it.
fn union_arm(plan: &Plan<'_>, definition: &TypeDefinition<'_>, field: &Field<'_>) -> TokenStream {
    let key = local(field.model.xml_name());
    let variant = ident(&field.name);
    let is_sensitive = definition.model.sensitive || hides(plan, &field.ty);
    if field.ty.model.xml.flattened
        && let Some(read) = entry(&field.ty, &quote!(value), is_sensitive)
    {
        return quote! {
            #key => match output.get_or_insert_with(|| Self::#variant(Default::default())) {
                Self::#variant(value) => #read?,
                _ => reader.skip()?,
            },
        };
    }
    let (value, may_be_absent) = value(field, is_sensitive);
    match may_be_absent {
        true => quote!(#key => output = output.or(#value.map(Self::#variant)),),
        false => quote! {
            #key => {
                let value = #value;
                output.get_or_insert(Self::#variant(value));
            }
        },
    }
}

/// An expression that reads the element into a collection, a place; `None` for a type that is none.
fn entry(ty: &Type<'_>, place: &TokenStream, is_sensitive: bool) -> Option<TokenStream> {
    let read = match &ty.kind {
        TypeKind::List { element, sparse } => {
            let element = item_function(element, *sparse);
            quote!(reader.push(#place, #element))
        }
        TypeKind::Map { key, value, sparse } => {
            let (key, value_name) = entry_names(key, value);
            let value = item_function(value, *sparse);
            quote!(reader.insert(#place, #key, #value_name, #value))
        }
        _ => return None,
    };
    Some(match is_sensitive {
        true => quote!(reader.sensitive(|reader| #read)),
        false => read,
    })
}

/// An expression that reads a member, and whether it is an `Option`.
fn value(field: &Field<'_>, is_sensitive: bool) -> (TokenStream, bool) {
    let read = reading_function(&field.ty);
    let may_be_absent = may_be_absent(&field.ty.kind);
    let wrapper = match (may_be_absent, field.boxed) {
        (true, _) => Some(quote!(present)),
        (false, true) => Some(quote!(boxed)),
        (false, false) => None,
    };
    let value = match (wrapper, is_sensitive) {
        (Some(wrapper), true) => quote!(reader.sensitive(|reader| reader.#wrapper(#read))?),
        (Some(wrapper), false) => quote!(reader.#wrapper(#read)?),
        (None, true) => quote!(reader.sensitive(#read)?),
        (None, false) => {
            let call = call(&field.ty);
            quote!(#call?)
        }
    };
    (value, may_be_absent)
}

/// Whether an empty element of the type is no value. Without `null`, it is the only way to write that a number is not there.
fn may_be_absent(kind: &TypeKind<'_>) -> bool {
    matches!(
        kind,
        TypeKind::Boolean
            | TypeKind::Byte
            | TypeKind::Short
            | TypeKind::Integer
            | TypeKind::Long
            | TypeKind::Float
            | TypeKind::Double
            | TypeKind::BigInteger
            | TypeKind::BigDecimal
            | TypeKind::Timestamp(_)
            | TypeKind::IntEnum(_)
    )
}

/// A function that reads an element of a collection. In a sparse one it is optional, and in XML it is always there.
fn item_function(ty: &Type<'_>, sparse: bool) -> TokenStream {
    match sparse {
        true => {
            let call = call(ty);
            quote!(|reader| #call.map(Some))
        }
        false => reading_function(ty),
    }
}

/// The names of the elements with the key and the value of an entry.
fn entry_names<'t>(key: &'t Type<'_>, value: &'t Type<'_>) -> (&'t str, &'t str) {
    let name = |ty: &'t Type<'_>, default| ty.model.xml.name.as_deref().map_or(default, local);
    (name(key, "key"), name(value, "value"))
}

/// A call that reads a value of the type from the variable `reader`.
fn call(ty: &Type<'_>) -> TokenStream {
    if let Some(function) = reader_function(ty) {
        return quote!(reader.#function());
    }
    match &ty.kind {
        TypeKind::Timestamp(format) => {
            let format = timestamp_format(format.unwrap_or(TimestampFormat::DateTime));
            match ty.hidden {
                true => quote!(reader.sensitive_timestamp(#format)),
                false => quote!(reader.timestamp(#format)),
            }
        }
        TypeKind::List { element, sparse } => {
            let element = item_function(element, *sparse);
            quote!(reader.list(#element))
        }
        TypeKind::Map { key, value, sparse } => {
            let (key, value_name) = entry_names(key, value);
            let value = item_function(value, *sparse);
            quote!(reader.map(#key, #value_name, #value))
        }
        TypeKind::StreamingBlob { .. } => quote!(reader.blob().map(#BYTE_STREAM::from)),
        // A stream of events is never a part of a body.
        TypeKind::EventStream(_) => TokenStream::new(),
        _ => {
            let name = &ty.rust;
            quote!(#name::#READ_XML(reader))
        }
    }
}

/// A function that reads a value of the type: a path where there is one, else a closure.
fn reading_function(ty: &Type<'_>) -> TokenStream {
    if let Some(function) = reader_function(ty) {
        return quote!(#XML::Reader::#function);
    }
    match &ty.kind {
        TypeKind::Enum(_) | TypeKind::IntEnum(_) | TypeKind::Structure(_) | TypeKind::Union(_) => {
            let name = &ty.rust;
            quote!(#name::#READ_XML)
        }
        _ => {
            let call = call(ty);
            quote!(|reader| #call)
        }
    }
}

/// The statement that reads a member which is an attribute.
fn attribute(field: &Field<'_>) -> TokenStream {
    let name = ident(&field.name);
    let key = local(field.model.xml_name());
    let value = match &field.ty.kind {
        TypeKind::String { .. } => quote!(text.into_owned()),
        TypeKind::Enum(_) => {
            let ty = &field.ty.rust;
            quote!(#ty::from(text.as_ref()))
        }
        _ => {
            let parse = scalar(&field.ty, key, &quote!(&text), TimestampFormat::DateTime);
            quote!(#parse.map_err(|_: #HEADER::HeaderError| reader.attribute_error(#key))?)
        }
    };
    let value = match field.presence {
        Presence::Optional => quote!(Some(#value)),
        Presence::Required | Presence::Default(_) => value,
    };
    quote! {
        if let Some(text) = reader.attribute(#key)? {
            output.#name = #value;
        }
    }
}
