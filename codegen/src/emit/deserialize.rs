//! `src/deserialize.rs`: `Deserialize` for the types of a client.
//!
//! Serde reads a type with the code that reads it from a response, so that it accepts what the client accepts. This
//! file has the rest, behind the feature `serde`: types that a client only sends, and messages with members that are
//! not in the body.

use proc_macro2::TokenStream;
use quote::quote;

use super::event_stream::is_bound;
use super::imports::{JSON, type_name};
use super::object_codec::JSON_CODEC;
use super::object_read::{
    defaults, int_enum_body, key_pattern, string_enum_body, structure_body, wire_key,
};
use super::source_file::SourceFile;
use super::types::ident;
use crate::model::{Binding, Role};
use crate::plan::reserved::constructors::READ_JSON;
use crate::plan::{Definition, Field, Module, Plan, Presence, ResponseCodec, TypeDefinition};

/// The file.
pub(super) fn deserialize_file(plan: &Plan<'_>) -> SourceFile {
    let mut definitions: Vec<&TypeDefinition<'_>> = plan.types.iter().collect();
    definitions.sort_by_key(|definition| (definition.module, &definition.name));
    let mut by_function = Vec::new();
    let mut by_trait = Vec::new();
    let mut implementations = TokenStream::new();
    // Streams are not serialized, and their unions are no part of anything else.
    definitions.retain(|definition| definition.model.event_stream.is_none());
    for definition in definitions {
        let name = type_name(definition);
        let body = match &definition.definition {
            // Serde derives this for enums. Only what contains them needs a function.
            Definition::Enum(_) | Definition::IntEnum(_) if has_reader(plan, definition) => {
                continue;
            }
            Definition::Enum(_) => string_enum_body(),
            Definition::IntEnum(_) => int_enum_body(),
            Definition::Structure(_) | Definition::Union(_) => {
                if is_read_whole(plan, definition) {
                    by_function.push(name);
                    continue;
                }
                by_trait.push(name.clone());
                body(plan, definition)
            }
        };
        implementations.extend(quote! {
            impl #JSON::FromJson for #name {
                fn #READ_JSON(reader: &mut #JSON::Reader<'_>) -> Result<Self, #JSON::Error> { #body }
            }
        });
    }
    let by_function = (!by_function.is_empty())
        .then(|| quote!(attache_runtime::from_json_by_function!(#(#by_function),*);));
    let by_trait = (!by_trait.is_empty())
        .then(|| quote!(attache_runtime::deserialize_from_json!(#(#by_trait),*);));
    SourceFile {
        documentation: quote! {
            #![doc = " `Deserialize` for structures and unions: the forms that the service sends, and those that serde writes."]
        },
        module: Some(Module::Deserialize),
        // Types that a client only sends are read by the trait. It has perhaps none.
        before: quote! {
            #[allow(unused_imports)]
            use attache_runtime::plumbing::json::FromJson as _;
        },
        items: quote!(#by_function #by_trait #implementations),
    }
}

/// Whether the client has a function that reads the type from JSON.
fn has_reader(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> bool {
    definition.is_read && plan.response_codec == ResponseCodec::Json
}

/// Whether the client has a function that reads all of the type from JSON.
fn is_read_whole(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> bool {
    let fields = definition.fields();
    match &definition.model.role {
        Role::Nested => has_reader(plan, definition) && !is_bound(definition),
        Role::Request(_) => false,
        Role::Response(_) | Role::Error(_) => {
            has_reader(plan, definition)
                && !fields.is_empty()
                && fields
                    .iter()
                    .all(|field| field.model.binding == Binding::Body)
        }
    }
}

/// The body of a function that reads the type.
fn body(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    match (&definition.definition, &definition.model.role) {
        (Definition::Union(_), _) => JSON_CODEC.union_body(plan, definition),
        (_, Role::Nested) => nested(plan, definition),
        _ => message(plan, definition),
    }
}

/// A structure that is part of others. One that is part of requests only is written by users, so it must have its
/// required members.
fn nested(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    let fields = definition.fields();
    let key = wire_key(plan, fields);
    let start = defaults(plan, definition);
    let is_required = |field: &&Field<'_>| field.presence == Presence::Required;
    let required: Vec<&str> = fields
        .iter()
        .filter(is_required)
        .map(|field| field.model.json_name.as_str())
        .collect();
    if definition.is_read || required.is_empty() {
        let arms = fields.iter().map(|field| {
            let key = &field.model.json_name;
            JSON_CODEC.read_arm(plan, definition, field, &quote!(#key))
        });
        return structure_body(&start, &key, arms.collect());
    }
    let arms = fields.iter().map(|field| {
        let key = &field.model.json_name;
        match field.presence {
            Presence::Required => required_arm(field),
            Presence::Optional | Presence::Default(_) => {
                JSON_CODEC.read_arm(plan, definition, field, &quote!(#key))
            }
        }
    });
    quote! {
        #start
        let mut required = #JSON::Required::new(&[#(#required),*]);
        let mut output = Self::default();
        let mut fields = reader.object()?;
        while let Some(name) = reader.key(&mut fields)? {
            let name = #key;
            required.found(name);
            match name {
                #(#arms)*
                _ => reader.skip(),
            }?;
        }
        required.check(reader)?;
        Ok(output)
    }
}

/// The arm that reads a member that may not be `null`.
fn required_arm(field: &Field<'_>) -> TokenStream {
    let key = &field.model.json_name;
    let name = ident(&field.name);
    let read = JSON_CODEC.reading_function(&field.ty);
    let value = match field.boxed {
        true => quote!(Box::new(reader.required(#read)?)),
        false => quote!(reader.required(#read)?),
    };
    quote! {
        #key => {
            output.#name = #value;
            Ok(())
        }
    }
}

/// A message of which the body is a part. All members have their names in the model, and those of the body have their
/// names there, too, unless another member has that name.
fn message(plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream {
    let is_error = matches!(definition.model.role, Role::Error(_));
    let fields = definition.fields();
    let fields: Vec<&Field<'_>> = fields
        .iter()
        .filter(|field| !field.ty.is_stream())
        .collect();
    let arms = fields.iter().map(|field| {
        let key = key_pattern(&field.model.name, is_error);
        JSON_CODEC.read_arm(plan, definition, field, &key)
    });
    let renamed: Vec<TokenStream> = fields
        .iter()
        .filter(|field| {
            let wire = &field.model.json_name;
            field.model.binding == Binding::Body
                && !fields.iter().any(|other| other.model.name == *wire)
        })
        .map(|field| {
            let (member, wire) = (&field.model.name, &field.model.json_name);
            quote!((#wire, #member))
        })
        .collect();
    let key = match renamed.is_empty() {
        true => quote!(name.as_ref()),
        false => quote!(reader.renamed(&name, &[#(#renamed),*])),
    };
    structure_body(&defaults(plan, definition), &key, arms.collect())
}
