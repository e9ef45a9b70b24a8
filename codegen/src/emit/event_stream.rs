//! Event streams: the enum of the events of a stream, and how each of them is a message.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::codec;
use super::docs::{deprecation, described, doc, field_lines, of_type};
use super::http_read::payload;
use super::imports::{FMT, MESSAGE, VALIDATION, VALIDATOR, type_name};
use super::redaction;
use super::types::ident;
use super::union::{shown_arms, variant_type};
use super::validation;
use crate::model::{Binding, Role, TypeId};
use crate::plan::reserved::methods::VALIDATE_AT;
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{Definition, Field, Plan, Presence, Type, TypeDefinition, TypeKind};

/// The items of the union of a stream.
pub(super) fn items(plan: &Plan<'_>, id: TypeId) -> TokenStream {
    let definition = plan.type_definition(id);
    let fields = definition.fields();
    let name = type_name(definition);
    let shape = definition.model.id.name();
    let facts = format!("The events of the stream `{shape}`.");
    let docs = doc(&described(plan, of_type(plan, definition), vec![facts]));
    let deprecated = deprecation(definition.model.deprecated.as_ref());
    let hides = redaction::is_needed(definition, fields);
    let debug_derive = (!hides).then(|| quote!(Debug,));
    let variants = fields.iter().map(|field| {
        let docs = doc(&field_lines(plan, field));
        let variant = ident(&field.name);
        let ty = variant_type(field);
        quote!(#docs #variant(#ty),)
    });
    let debug = hides.then(|| {
        let arms = shown_arms(definition, fields);
        let unknown = UNKNOWN.as_str();
        quote! {
            impl #FMT::Debug for #name {
                fn fmt(&self, formatter: &mut #FMT::Formatter<'_>) -> #FMT::Result {
                    match self {
                        #arms
                        Self::#UNKNOWN(event) => formatter.debug_tuple(#unknown).field(event).finish(),
                    }
                }
            }
        }
    });
    let read = definition
        .is_read
        .then(|| read_implementation(plan, definition));
    let write = definition
        .is_written
        .then(|| write_implementation(plan, definition, true));
    let validate_at = definition
        .is_validated
        .then(|| validation::union_function(plan, id))
        .map(|function| quote!(impl #name { #function }));
    quote! {
        #docs
        #deprecated
        #[derive(Clone, #debug_derive PartialEq)]
        #[non_exhaustive]
        #[allow(clippy::large_enum_variant)]
        pub enum #name {
            #(#variants)*
            #[doc = " An event that this version does not know: its name and its content."]
            #UNKNOWN(attache_runtime::event_stream::UnknownEvent),
        }
        #debug
        #validate_at
        #read
        #write
    }
}

/// The structure of an event.
fn event<'p>(plan: &'p Plan<'p>, field: &Field<'_>) -> Option<&'p TypeDefinition<'p>> {
    match &field.ty.kind {
        TypeKind::Structure(id) => Some(plan.type_definition(*id)),
        _ => None,
    }
}

/// Whether an event has a body with members. One without any members has an empty one.
pub(super) fn event_has_body(definition: &TypeDefinition<'_>) -> bool {
    let fields = definition.fields();
    let in_body = |field: &Field<'_>| field.model.binding == Binding::Body;
    fields.is_empty() || fields.iter().any(in_body)
}

/// `ReadEvent` of a stream.
fn read_implementation(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    let name = type_name(definition);
    let arms = definition.fields().iter().map(|field| {
        let wire = &field.model.name;
        let variant = ident(&field.name);
        let value = read_event(plan, field);
        let value = match field.boxed {
            true => quote!(Box::new(#value)),
            false => value,
        };
        quote!(#wire => Self::#variant(#value),)
    });
    let exceptions = exceptions(plan, definition);
    quote! {
        impl attache_runtime::event_stream::ReadEvent for #name {
            #exceptions

            fn read_event(
                name: &str,
                event: &attache_runtime::event_stream::EventReader,
            ) -> Result<Self, #MESSAGE::DecodeError> {
                Ok(match name {
                    #(#arms)*
                    _ => Self::#UNKNOWN(event.unknown(name)),
                })
            }
        }
    }
}

/// The errors that the stream ends with.
fn exceptions(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> Option<TokenStream> {
    let stream = definition.model.event_stream.as_ref()?;
    let known = stream.exceptions.iter().filter_map(|exception| {
        let error = plan.model.type_definition(exception.error?);
        let status = match &error.role {
            Role::Error(facts) => facts.status,
            _ => 400,
        };
        let (name, shape) = (&exception.name, error.id.name());
        let status = Literal::u16_unsuffixed(status);
        Some(quote! {
            attache_runtime::event_stream::Exception { name: #name, shape: #shape, status: #status }
        })
    });
    let known: Vec<TokenStream> = known.collect();
    (!known.is_empty()).then(|| {
        quote! {
            const EXCEPTIONS: &'static [attache_runtime::event_stream::Exception] = &[#(#known),*];
        }
    })
}

/// An expression that reads an event from the variable `event`.
fn read_event(plan: &Plan<'_>, variant: &Field<'_>) -> TokenStream {
    let Some(definition) = event(plan, variant) else {
        return quote!(Default::default());
    };
    let name = type_name(definition);
    let fields = definition.fields();
    let start = match event_has_body(definition) {
        true => {
            let read = codec::reading(plan).body(plan, definition, &quote!(event.response()));
            quote!(#read?)
        }
        false => quote!(#name::default()),
    };
    let members: TokenStream = fields
        .iter()
        .map(|field| read_member(plan, definition, field))
        .collect();
    if members.is_empty() {
        return start;
    }
    let has_payload = |field: &Field<'_>| field.model.binding == Binding::Payload;
    let response = fields
        .iter()
        .any(has_payload)
        .then(|| quote!(let response = event.response();));
    quote!({
        #response
        let mut output = #start;
        #members
        output
    })
}

fn read_member(plan: &Plan<'_>, definition: &TypeDefinition<'_>, field: &Field<'_>) -> TokenStream {
    let name = ident(&field.name);
    let assign = |value: TokenStream| match field.presence {
        Presence::Optional => quote!(output.#name = Some(#value);),
        Presence::Required | Presence::Default(_) => quote!(output.#name = #value;),
    };
    match field.model.binding {
        Binding::Payload => payload(plan, definition, field, false, &assign),
        Binding::EventHeader => {
            let wire = &field.model.name;
            let (read, value) = header_reader(&field.ty);
            let assign = assign(value);
            quote! {
                if let Some(value) = event.#read(#wire)? {
                    #assign
                }
            }
        }
        _ => TokenStream::new(),
    }
}

/// The function that reads a header, and the value of its result.
fn header_reader(ty: &Type<'_>) -> (TokenStream, TokenStream) {
    let rust = &ty.rust;
    match &ty.kind {
        TypeKind::Boolean => (quote!(boolean), quote!(value)),
        TypeKind::Blob { .. } => (quote!(blob), quote!(value)),
        TypeKind::Timestamp(_) => (quote!(timestamp), quote!(value)),
        TypeKind::Enum(_) => (quote!(text), quote!(#rust::from(value))),
        TypeKind::IntEnum(_) => (quote!(integer::<i32>), quote!(#rust::from(value))),
        TypeKind::Byte | TypeKind::Short | TypeKind::Integer | TypeKind::Long => {
            (quote!(integer), quote!(value))
        }
        _ => (quote!(text), quote!(value)),
    }
}

/// `WriteEvent` of a stream: what a client sends, or what a mock does, which computes no capacities.
pub(super) fn write_implementation(
    plan: &Plan<'_>,
    definition: &TypeDefinition<'_>,
    is_sent: bool,
) -> TokenStream {
    let name = type_name(definition);
    let stream = definition.model.event_stream.as_ref();
    let is_exception = |field: &Field<'_>| {
        stream.is_some_and(|stream| {
            let mut exceptions = stream.exceptions.iter();
            exceptions.any(|exception| exception.name == field.model.name)
        })
    };
    let arms = definition.fields().iter().map(|field| {
        let (variant, wire) = (ident(&field.name), &field.model.name);
        let begin = match is_exception(field) {
            true => quote!(writer.exception(#wire);),
            false => quote!(writer.event(#wire);),
        };
        let statements = write_event(plan, field, is_sent);
        let event = match statements.is_empty() {
            true => quote!(_),
            false => quote!(event),
        };
        quote!(Self::#variant(#event) => { #begin #statements })
    });
    let validate = (is_sent && definition.is_validated).then(|| {
        quote! {
            fn validate_event(&self, level: #VALIDATION::Level) -> Result<(), #VALIDATION::Violations> {
                #VALIDATOR::validate(level, |validator, root| self.#VALIDATE_AT(validator, root))
            }
        }
    });
    quote! {
        impl attache_runtime::event_stream::WriteEvent for #name {
            fn write_event(
                &self,
                writer: &mut attache_runtime::event_stream::EventWriter,
            ) -> Result<(), attache_runtime::plumbing::message::EncodeError> {
                match self {
                    #(#arms)*
                    Self::#UNKNOWN(event) => writer.unknown(event),
                }
                Ok(())
            }
            #validate
        }
    }
}

/// The statements that write the variable `event` to the variable `writer`: headers, then the payload.
fn write_event(plan: &Plan<'_>, variant: &Field<'_>, is_sent: bool) -> TokenStream {
    let Some(definition) = event(plan, variant) else {
        return TokenStream::new();
    };
    let codec = codec::event_writing(plan, is_sent);
    let with_value = |field: &Field<'_>, write: TokenStream| {
        let name = ident(&field.name);
        match field.presence {
            Presence::Optional => quote!(if let Some(value) = &event.#name { #write }),
            Presence::Required | Presence::Default(_) => {
                quote!({ let value = &event.#name; #write })
            }
        }
    };
    let fields = definition.fields().iter();
    let headers = fields
        .filter(|field| field.model.binding == Binding::EventHeader)
        .map(|field| with_value(field, write_header(field)));
    let payload = definition.fields().iter().filter_map(|field| {
        if field.model.binding != Binding::Payload {
            return None;
        }
        let content_type =
            |media_type: Option<&str>, default: &str| media_type.unwrap_or(default).to_owned();
        let write = match &field.ty.kind {
            TypeKind::Blob { media_type } => {
                let content_type = content_type(*media_type, "application/octet-stream");
                quote!(writer.bytes(#content_type, value.clone());)
            }
            TypeKind::String { media_type } => {
                let content_type = content_type(*media_type, "text/plain");
                quote!(writer.bytes(#content_type, value.clone());)
            }
            TypeKind::Enum(_) => {
                quote!(writer.bytes("text/plain", value.as_str().to_owned());)
            }
            _ => codec.event_payload(plan, field, is_sent),
        };
        Some(with_value(field, write))
    });
    let headers: TokenStream = headers.collect();
    let payload: TokenStream = payload.collect();
    let body = event_has_body(definition).then(|| codec.event_body(plan, definition, is_sent));
    quote!(#headers #payload #body)
}

/// The statement that writes the variable `value` as a header.
fn write_header(field: &Field<'_>) -> TokenStream {
    let wire = &field.model.name;
    let typed = |kind: &str, value: TokenStream| {
        let kind = ident(kind);
        quote!(writer.header(#wire, attache_runtime::event_stream::HeaderValue::#kind(#value));)
    };
    match &field.ty.kind {
        TypeKind::Boolean => typed("Boolean", quote!(*value)),
        TypeKind::Byte => typed("Byte", quote!(*value)),
        TypeKind::Short => typed("Short", quote!(*value)),
        TypeKind::Integer => typed("Integer", quote!(*value)),
        TypeKind::IntEnum(_) => typed("Integer", quote!((*value).into())),
        TypeKind::Long => typed("Long", quote!(*value)),
        TypeKind::Blob { .. } => typed("Blob", quote!(value.clone())),
        TypeKind::Timestamp(_) => quote!(writer.timestamp(#wire, *value);),
        TypeKind::Enum(_) => quote!(writer.text(#wire, value.as_str());),
        _ => quote!(writer.text(#wire, value);),
    }
}

/// The writers of mocks for a stream that the client only reads.
pub(super) fn mock_writer(plan: &Plan<'_>, id: TypeId) -> Option<TokenStream> {
    let definition = plan.type_definition(id);
    let is_union = matches!(definition.definition, Definition::Union(_));
    let is_needed = is_union && definition.model.event_stream.is_some() && !definition.is_written;
    is_needed.then(|| write_implementation(plan, definition, false))
}

/// Whether a structure is an event with members outside of its body, whose functions for the body may not be needed.
pub(super) fn is_bound(definition: &TypeDefinition<'_>) -> bool {
    let in_body = |field: &Field<'_>| field.model.binding == Binding::Body;
    definition.model.role == Role::Nested && !definition.fields().iter().all(in_body)
}

/// Whether the members of a response that are no events come as a message, before the events.
pub(super) fn awaits_initial_response(
    plan: &Plan<'_>,
    response: &TypeDefinition<'_>,
) -> Option<TokenStream> {
    let fields = response.fields();
    let has_events = fields
        .iter()
        .any(|field| matches!(field.ty.kind, TypeKind::EventStream(_)));
    (has_events && fields.len() > 1 && !plan.model.protocol.binds_http()).then(|| {
        quote! {
            const AWAITS_INITIAL_RESPONSE: bool = true;
        }
    })
}
