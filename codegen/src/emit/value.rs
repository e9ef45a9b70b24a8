//! Expressions for values that are written, whatever writes them.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::TIMESTAMP_FORMAT;
use crate::model::TimestampFormat;

/// An expression for a value: a place such as `self.title`, or a variable that holds a reference.
#[derive(Clone)]
pub(super) struct Value {
    expression: TokenStream,
    is_reference: bool,
}

impl Value {
    /// A place.
    pub(super) fn place(expression: TokenStream) -> Self {
        Self {
            expression,
            is_reference: false,
        }
    }

    /// A variable that holds a reference.
    pub(super) fn reference(expression: TokenStream) -> Self {
        Self {
            expression,
            is_reference: true,
        }
    }

    /// The value of a `Copy` type.
    pub(super) fn copied(&self) -> TokenStream {
        let expression = &self.expression;
        if self.is_reference {
            quote!(*#expression)
        } else {
            quote!(#expression)
        }
    }

    /// A reference to the value.
    pub(super) fn borrowed(&self) -> TokenStream {
        let expression = &self.expression;
        if self.is_reference {
            quote!(#expression)
        } else {
            quote!(&#expression)
        }
    }

    /// The receiver of a method call.
    pub(super) fn receiver(&self) -> TokenStream {
        self.expression.clone()
    }
}

/// The runtime's name of a format.
pub(super) fn timestamp_format(format: TimestampFormat) -> TokenStream {
    match format {
        TimestampFormat::DateTime => quote!(#TIMESTAMP_FORMAT::DateTime),
        TimestampFormat::HttpDate => quote!(#TIMESTAMP_FORMAT::HttpDate),
        TimestampFormat::EpochSeconds => quote!(#TIMESTAMP_FORMAT::EpochSeconds),
    }
}
