//! Rust types as code. Their names are imported, or in the prelude.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::types::ident;
use crate::plan::RustType;

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
            Self::String => quote!(String),
            Self::Bytes => quote!(Bytes),
            Self::ByteStream => quote!(ByteStream),
            Self::Timestamp => quote!(Timestamp),
            Self::Document => quote!(Document),
            Self::Generated(_, name) => ident(name).into_token_stream(),
            Self::Vec(element) => quote!(Vec<#element>),
            Self::BTreeMap(key, value) => quote!(BTreeMap<#key, #value>),
            Self::Option(value) => quote!(Option<#value>),
            Self::Box(value) => quote!(Box<#value>),
        });
    }
}
