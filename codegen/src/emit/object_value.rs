//! Statements that write values as JSON and as CBOR.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::object_codec::ObjectCodec;
use super::scalar_write::scalar;
use super::types::ident;
use super::value::Value;
use crate::plan::{Field, Plan, Presence, Type, TypeKind};

impl ObjectCodec {
    /// Statements that write the members of a structure that are in the body.
    ///
    /// `is_sensitive` is whether the whole structure must not be shown.
    pub(super) fn write_fields<'a>(
        &self,
        plan: &Plan<'_>,
        fields: impl Iterator<Item = &'a Field<'a>>,
        receiver: &TokenStream,
        is_sensitive: bool,
    ) -> TokenStream {
        fields
            .map(|field| self.write_field(plan, field, receiver, is_sensitive))
            .collect()
    }

    /// The function of the writer that writes the key of a member. The one of another name says that its value must not be
    /// shown.
    pub(super) fn key_function(&self, plan: &Plan<'_>, ty: &Type<'_>, is_sensitive: bool) -> Ident {
        self.key(self.marks(plan, ty, is_sensitive))
    }

    pub(super) fn key(&self, is_sensitive: bool) -> Ident {
        match is_sensitive {
            true => ident("sensitive_key"),
            false => ident("key"),
        }
    }

    fn write_field(
        &self,
        plan: &Plan<'_>,
        field: &Field<'_>,
        receiver: &TokenStream,
        is_sensitive: bool,
    ) -> TokenStream {
        let key = &field.model.json_name;
        let name = ident(&field.name);
        let write_key = self.key_function(plan, &field.ty, is_sensitive);
        match field.presence {
            Presence::Optional => {
                let write = self.write_value(plan, &field.ty, &Value::reference(quote!(value)));
                quote! {
                    if let Some(value) = &#receiver.#name {
                        writer.#write_key(#key);
                        #write
                    }
                }
            }
            Presence::Required | Presence::Default(_) => {
                let value = Value::place(quote!(#receiver.#name));
                let write = self.write_value(plan, &field.ty, &value);
                quote! {
                    writer.#write_key(#key);
                    #write
                }
            }
        }
    }

    /// Statements that write one value to `writer`.
    pub(super) fn write_value(&self, plan: &Plan<'_>, ty: &Type<'_>, value: &Value) -> TokenStream {
        if let Some(write) = scalar(ty, value) {
            return write;
        }
        let borrowed = value.borrowed();
        match &ty.kind {
            TypeKind::BigInteger => quote!(writer.big_integer(#borrowed);),
            TypeKind::BigDecimal => quote!(writer.big_decimal(#borrowed);),
            TypeKind::Timestamp(format) => {
                let copied = value.copied();
                let format = self.format(*format).map(|format| quote!(, #format));
                quote!(writer.timestamp(#copied #format);)
            }
            TypeKind::Document => quote!(writer.document(#borrowed);),
            TypeKind::Structure(_) | TypeKind::Union(_) => {
                let (receiver, write) = (value.receiver(), self.write);
                quote!(#receiver.#write(writer);)
            }
            TypeKind::List { .. } | TypeKind::Map { .. } => self.write_collection(plan, ty, value),
            // A stream is always the payload, never a part of JSON.
            _ => quote!(writer.null();),
        }
    }

    /// Statements that write a list or a map.
    fn write_collection(&self, plan: &Plan<'_>, ty: &Type<'_>, value: &Value) -> TokenStream {
        let borrowed = value.borrowed();
        let receiver = value.receiver();
        match &ty.kind {
            TypeKind::List { element, sparse } => {
                let write = self.write_element(plan, element, *sparse, "element");
                let (begin, end) = self.around("array", &receiver);
                quote! {
                    #begin
                    for element in #borrowed {
                        #write
                    }
                    #end
                }
            }
            TypeKind::Map { key, value, sparse } => {
                let write = self.write_element(plan, value, *sparse, "value");
                let (begin, end) = self.around("object", &receiver);
                let key = match key.kind {
                    TypeKind::Enum(_) => quote!(key.as_str()),
                    _ => quote!(key),
                };
                let key = match self.is_text {
                    true => quote!(writer.key(#key);),
                    false => quote!(writer.string(#key);),
                };
                quote! {
                    #begin
                    for (key, value) in #borrowed {
                        #key
                        #write
                    }
                    #end
                }
            }
            _ => TokenStream::new(),
        }
    }

    /// The statements around the values of a list or a map. In CBOR their number comes first, and nothing comes last.
    fn around(&self, kind: &str, value: &TokenStream) -> (TokenStream, TokenStream) {
        if self.is_text {
            let (begin, end) = (
                ident(&format!("begin_{kind}")),
                ident(&format!("end_{kind}")),
            );
            return (quote!(writer.#begin();), quote!(writer.#end();));
        }
        let begin = match kind {
            "array" => quote!(writer.array(#value.len());),
            _ => quote!(writer.map(#value.len());),
        };
        (begin, TokenStream::new())
    }

    fn write_element(
        &self,
        plan: &Plan<'_>,
        ty: &Type<'_>,
        sparse: bool,
        variable: &str,
    ) -> TokenStream {
        let variable = ident(variable);
        let write = self.write_value(plan, ty, &Value::reference(quote!(#variable)));
        if sparse {
            quote! {
                match #variable {
                    Some(#variable) => { #write }
                    None => writer.null(),
                }
            }
        } else {
            write
        }
    }
}
