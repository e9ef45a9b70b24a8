//! The arms of the code that reads elements: which members an element belongs to.

use proc_macro2::TokenStream;
use quote::quote;

use super::object_read::key_pattern;
use crate::plan::Field;

/// The local part of the name of an element or an attribute.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The members, with those together that are read from elements of one name. Smithy forbids such members; models of C2J have
/// them, and botocore reads the element into each of them.
pub(super) fn by_element<'f, 'a>(
    fields: &[&'f Field<'a>],
    is_error: bool,
) -> Vec<Vec<&'f Field<'a>>> {
    let key = |field: &Field<'_>| key_pattern(local(field.model.xml_name()), is_error).to_string();
    let mut groups: Vec<(String, Vec<&'f Field<'a>>)> = Vec::new();
    for field in fields {
        let key = key(field);
        match groups.iter_mut().find(|(other, _)| *other == key) {
            Some((_, group)) => group.push(field),
            None => groups.push((key, vec![field])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

/// The arm that reads the members which have this name.
pub(super) fn arm(key: &TokenStream, mut reads: Vec<TokenStream>) -> TokenStream {
    let Some(last) = reads.pop() else {
        return TokenStream::new();
    };
    if reads.is_empty() {
        return quote!(#key => #last,);
    }
    quote! {
        #key => {
            #(reader.again(|reader| #reads)?;)*
            #last
        }
    }
}
