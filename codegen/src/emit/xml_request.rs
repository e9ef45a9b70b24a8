//! Code that writes requests as XML, for restXml.

use proc_macro2::TokenStream;
use quote::quote;

use super::imports::XML;
use super::types::ident;
use super::value::Value;
use super::writing::{RequestWriting, Steps};
use super::xml_root::Root;
use super::xml_write::{XmlWriting, body_fields, hidden, marks, write_content};
use crate::plan::reserved::methods::WRITE_XML;
use crate::plan::{Field, Operation, Plan, Presence};

impl RequestWriting for XmlWriting {
    /// Each protocol with requests in XML has HTTP bindings.
    fn whole(&self, _plan: &Plan<'_>, _operation: &Operation<'_>, _steps: &Steps) -> TokenStream {
        TokenStream::new()
    }

    /// A request without any of its members has no body, as in botocore.
    fn body(&self, plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream {
        let definition = plan.type_definition(operation.model.request);
        let root = Root::of_members(plan, definition);
        let whole = root.around(&quote!(self.#WRITE_XML(&mut writer);));
        let write = quote! {
            let mut writer = #XML::Writer::with_capacity(256);
            #whole
            request.xml(writer);
        };
        let fields: Vec<&Field<'_>> = body_fields(definition).collect();
        if fields
            .iter()
            .any(|field| field.presence != Presence::Optional)
        {
            return write;
        }
        let given = fields.iter().map(|field| {
            let name = ident(&field.name);
            quote!(self.#name.is_some())
        });
        quote! {
            if #(#given)||* {
                #write
            }
        }
    }

    fn payload(
        &self,
        plan: &Plan<'_>,
        operation: &Operation<'_>,
        field: &Field<'_>,
    ) -> TokenStream {
        let name = ident(&field.name);
        let content = write_content(plan, &field.ty, &Value::reference(quote!(value)));
        let request = plan.type_definition(operation.model.request);
        let content = hidden(content, marks(plan, &field.ty, request.model.sensitive));
        let whole = Root::of_payload(plan, field).around(&content);
        quote! {
            if let Some(value) = &self.#name {
                let mut body = #XML::Writer::with_capacity(256);
                let writer = &mut body;
                #whole
                request.xml(body);
            }
        }
    }
}
