//! Rust types as code. Their names are imported, or in the prelude.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::imports::{
    BIG_DECIMAL, BIG_INTEGER, BTREE_MAP, BYTE_STREAM, BYTES, DOCUMENT, TIMESTAMP, TypeName,
};
use crate::plan::RustType;
use crate::plan::reserved::types::SERVICE_ERROR;

impl ToTokens for RustType {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Self::Bool => quote!(bool),
            Self::I8 => quote!(i8),
            Self::I16 => quote!(i16),
            Self::I32 => quote!(i32),
            Self::I64 => quote!(i64),
            Self::F32 => quote!(f32),
            Self::F64 => quote!(f64),
            Self::BigInteger => quote!(#BIG_INTEGER),
            Self::BigDecimal => quote!(#BIG_DECIMAL),
            Self::String => quote!(String),
            Self::Bytes => quote!(#BYTES),
            Self::ByteStream => quote!(#BYTE_STREAM),
            Self::EventInput(event) => quote!(attache_runtime::event_stream::EventInput<#event>),
            Self::EventStream(event) => {
                quote!(attache_runtime::event_stream::EventStream<#event, #SERVICE_ERROR>)
            }
            Self::Timestamp => quote!(#TIMESTAMP),
            Self::Document => quote!(#DOCUMENT),
            Self::Generated(module, name) => TypeName::new(*module, name).into_token_stream(),
            Self::Vec(element) => quote!(Vec<#element>),
            Self::BTreeMap(key, value) => quote!(#BTREE_MAP<#key, #value>),
            Self::Option(value) => quote!(Option<#value>),
            Self::Box(value) => quote!(Box<#value>),
        });
    }
}
