//! Code that reads values from JSON, and from CBOR.

use proc_macro2::TokenStream;
use quote::quote;

use super::absent::{has_default_of_type, or_default};
use super::default_heap;
use super::imports::{BYTE_STREAM, type_name};
use super::object_codec::ObjectCodec;
use super::reading::Reading;
use super::scalar_read::reader_function;
use super::types::ident;
use crate::model::{Binding, Role};
use crate::plan::reserved::variants::UNKNOWN;
use crate::plan::{End, Field, Plan, Presence, Type, TypeDefinition, TypeKind};

impl Reading for ObjectCodec {
    fn structure(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        let is_error = matches!(definition.model.role, Role::Error(_));
        let fields: Vec<&Field<'_>> = definition
            .fields()
            .iter()
            .filter(|field| field.model.binding == Binding::Body)
            .collect();
        let arms = fields.iter().map(|field| {
            let key = key_pattern(&field.model.json_name, is_error);
            self.read_arm(plan, definition, field, &key)
        });
        let key = wire_key(plan, fields.iter().copied());
        let defaults = defaults(plan, definition);
        self.function(&structure_body(&defaults, &key, arms.collect()))
    }

    fn union(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
        self.function(&self.union_body(plan, definition))
    }

    fn string_enum(&self) -> TokenStream {
        self.function(&string_enum_body())
    }

    fn int_enum(&self) -> TokenStream {
        self.function(&int_enum_body())
    }

    fn body(
        &self,
        _plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        message: &TokenStream,
    ) -> TokenStream {
        let (name, read, function) = (type_name(definition), self.read, self.message());
        quote!(#message.#function(#name::#read))
    }

    fn payload(
        &self,
        plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        field: &Field<'_>,
        message: &TokenStream,
    ) -> TokenStream {
        let (read, function) = (self.reading_function(&field.ty), self.message());
        let nullable = self.nullable(plan, field, definition.model.sensitive);
        quote!(#message.#function(|reader| reader.#nullable(#read)))
    }
}

/// The body of the function that reads an enum of strings.
pub(super) fn string_enum_body() -> TokenStream {
    quote!(Ok(Self::from(reader.str()?.as_ref())))
}

/// The body of the function that reads an enum of integers.
pub(super) fn int_enum_body() -> TokenStream {
    quote!(reader.integer().map(Self::from))
}

/// The statement that counts the memory of defaults.
pub(super) fn defaults(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    match default_heap::of_structure(plan, definition) {
        0 => TokenStream::new(),
        bytes => {
            let bytes = proc_macro2::Literal::usize_unsuffixed(bytes);
            quote!(reader.defaults(#bytes)?;)
        }
    }
}

/// The statements that read a structure: `key` is the key of a member in the variable `name`, and the arms read members.
pub(super) fn structure_body(
    start: &TokenStream,
    key: &TokenStream,
    arms: Vec<TokenStream>,
) -> TokenStream {
    if arms.is_empty() {
        return quote! {
            #start
            let mut fields = reader.object()?;
            while reader.key(&mut fields)?.is_some() {
                reader.skip()?;
            }
            Ok(Self::default())
        };
    }
    quote! {
        #start
        let mut output = Self::default();
        let mut fields = reader.object()?;
        while let Some(name) = reader.key(&mut fields)? {
            match #key {
                #(#arms)*
                _ => reader.skip(),
            }?;
        }
        Ok(output)
    }
}

/// The key of a member as it is in a body. What serde has written has the names of members instead.
pub(super) fn wire_key<'a>(
    plan: &Plan<'_>,
    fields: impl IntoIterator<Item = &'a Field<'a>>,
) -> TokenStream {
    let fields = fields.into_iter();
    let renamed: Vec<TokenStream> = fields
        .filter(|field| plan.end == End::Client && field.model.json_name != field.model.name)
        .map(|field| {
            let (member, wire) = (&field.model.name, &field.model.json_name);
            quote!((#member, #wire))
        })
        .collect();
    match renamed.is_empty() {
        true => quote!(name.as_ref()),
        false => quote!(reader.renamed(&name, &[#(#renamed),*])),
    }
}

/// Services use both spellings for the message of an error, whatever their models say.
pub(super) fn key_pattern(key: &str, is_error: bool) -> TokenStream {
    match key {
        "message" | "Message" if is_error => quote!("message" | "Message"),
        key => quote!(#key),
    }
}

impl ObjectCodec {
    /// The body of the function that reads a union.
    pub(super) fn union_body(
        &self,
        plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
    ) -> TokenStream {
        let arms = definition.fields().iter().map(|field| {
            let variant = ident(&field.name);
            let key = &field.model.json_name;
            let read = self.reading_function(&field.ty);
            let nullable = self.nullable(plan, field, definition.model.sensitive);
            quote!(#key => reader.#nullable(#read)?.map(Self::#variant),)
        });
        let key = wire_key(plan, definition.fields());
        quote! {
            let mut output = None;
            let mut fields = reader.object()?;
            while let Some(name) = reader.key(&mut fields)? {
                let member = match #key {
                    #(#arms)*
                    "__type" => {
                        reader.skip()?;
                        None
                    }
                    unknown => {
                        let member = reader.unknown_member(unknown)?;
                        member.map(|(name, value)| Self::#UNKNOWN(name, value))
                    }
                };
                output = output.or(member);
            }
            Ok(output.unwrap_or_default())
        }
    }

    /// The function that reads a value.
    fn function(&self, body: &TokenStream) -> TokenStream {
        let (module, read) = (self.module, self.read);
        quote! {
            #[inline]
            pub(crate) fn #read(reader: &mut #module::Reader<'_>) -> Result<Self, #module::Error> {
                #body
            }
        }
    }

    /// The arm that reads a member.
    pub(super) fn read_arm(
        &self,
        plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        field: &Field<'_>,
        key: &TokenStream,
    ) -> TokenStream {
        let name = ident(&field.name);
        let is_sensitive = definition.model.sensitive;
        let read = self.reading_function(&field.ty);
        if !field.boxed {
            if field.presence == Presence::Optional {
                let set = self.set(plan, &field.ty, is_sensitive, &quote!(&mut output.#name));
                return quote!(#key => #set,);
            }
            if has_default_of_type(field) && !self.marks(plan, &field.ty, is_sensitive) {
                return quote!(#key => reader.set_or_default(&mut output.#name, #read),);
            }
        }
        let nullable = self.nullable(plan, field, is_sensitive);
        let value = quote!(reader.#nullable(#read)?);
        let value = or_default(field, &value);
        quote! {
            #key => {
                output.#name = #value;
                Ok(())
            }
        }
    }

    /// An expression that reads an optional member into its place: a result without a value.
    fn set(
        &self,
        plan: &Plan<'_>,
        ty: &Type<'_>,
        is_sensitive: bool,
        place: &TokenStream,
    ) -> TokenStream {
        let read = self.reading_function(ty);
        if self.marks(plan, ty, is_sensitive) {
            return quote!(reader.set_sensitive(#place, #read));
        }
        match &ty.kind {
            TypeKind::String { .. } => quote!(reader.set_string(#place)),
            TypeKind::List {
                element,
                sparse: false,
            } => {
                let element = self.reading_function(element);
                quote!(reader.set_list(#place, #element))
            }
            _ => quote!(reader.set(#place, #read)),
        }
    }

    /// The function of the reader that reads a member, which may be `null`.
    fn nullable(&self, plan: &Plan<'_>, field: &Field<'_>, is_sensitive: bool) -> TokenStream {
        match (self.marks(plan, &field.ty, is_sensitive), field.boxed) {
            (true, true) => quote!(sensitive_boxed),
            (true, false) => quote!(sensitive),
            (false, true) => quote!(boxed),
            (false, false) => quote!(nullable),
        }
    }

    /// A function that reads a value of the type: a path where there is one, else a closure.
    pub(super) fn reading_function(&self, ty: &Type<'_>) -> TokenStream {
        let module = self.module;
        if let Some(function) = reader_function(ty) {
            return quote!(#module::Reader::#function);
        }
        match &ty.kind {
            TypeKind::StreamingBlob { .. } => {
                quote!(|reader| reader.blob().map(#BYTE_STREAM::from))
            }
            TypeKind::Timestamp(format) => {
                let format = self.format(*format);
                if ty.hidden && self.is_text {
                    quote!(|reader| reader.sensitive_timestamp(#format))
                } else if self.is_text {
                    quote!(|reader| reader.timestamp(#format))
                } else {
                    quote!(#module::Reader::timestamp)
                }
            }
            TypeKind::List { element, sparse } => {
                let element = self.reading_function(element);
                if *sparse {
                    quote!(|reader| reader.sparse_list(#element))
                } else {
                    quote!(|reader| reader.list(#element))
                }
            }
            TypeKind::Map { value, sparse, .. } => {
                let value = self.reading_function(value);
                if *sparse {
                    quote!(|reader| reader.sparse_map(#value))
                } else {
                    quote!(|reader| reader.map(#value))
                }
            }
            _ => {
                let (name, read) = (&ty.rust, self.read);
                quote!(#name::#read)
            }
        }
    }
}
