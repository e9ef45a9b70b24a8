//! The crate root.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::inner_doc;
use super::manifest::Manifest;
use super::types::ident;
use crate::escape::markdown::text;
use crate::plan::reserved::functions::OPERATION;
use crate::plan::reserved::types::{self, CLIENT, ERROR, SERVICE_ERROR};
use crate::plan::{Definition, Plan};

/// The items that `src/lib.rs` re-exports from the runtime. Each name has its own line: rustfmt and our printer break
/// longer lists differently, and no declaration can exclude this file from rustfmt.
const RUNTIME_NAMES: [&str; 17] = [
    "Body",
    types::BYTE_STREAM.as_str(),
    types::BYTES.as_str(),
    types::CALL.as_str(),
    types::CALL_OPTIONS.as_str(),
    types::CONFIG.as_str(),
    "ConfigBuilder",
    "ConfigError",
    types::CREDENTIALS.as_str(),
    "CredentialsError",
    types::DOCUMENT.as_str(),
    "EnvironmentCredentials",
    "ErrorKind",
    "Items",
    "Pages",
    "ProvideCredentials",
    types::TIMESTAMP.as_str(),
];

/// `src/lib.rs`.
pub(super) fn lib_file(plan: &Plan<'_>, manifest: &Manifest) -> TokenStream {
    let docs = documentation(plan, manifest);
    let extension = manifest.has_extension.then(|| quote! { mod ext; });
    let has_patterns = plan.patterns.has_tables();
    let patterns = has_patterns.then(|| quote! { #[rustfmt::skip] mod pattern; });
    let deserialize = deserialize_module();
    let reexport = manifest.has_extension.then(|| {
        quote!(
            pub use crate::ext::*;
        )
    });
    let attributes = attributes(plan);
    let arbitrary = manifest.has_arbitrary.then(|| {
        quote! {
            #[cfg(feature = "proptest")]
            #[rustfmt::skip]
            pub mod arbitrary;
        }
    });
    let test_util = manifest.has_test_util.then(|| {
        quote! {
            #[cfg(feature = "test-util")]
            #[rustfmt::skip]
            pub mod test_util;
        }
    });
    let runtime = RUNTIME_NAMES.map(ident);
    let endpoint = (!plan.model.client_parameters.is_empty()).then(|| quote!(pub));
    // The layout of these modules is not that of rustfmt, so they and the modules below them are excluded from it.
    quote! {
        #docs
        #attributes
        #arbitrary
        #[rustfmt::skip]
        mod client;
        #deserialize
        #[rustfmt::skip]
        #endpoint mod endpoint;
        #[rustfmt::skip]
        pub mod enums;
        #[rustfmt::skip]
        pub mod error;
        #extension
        #[rustfmt::skip]
        pub mod #OPERATION;
        #patterns
        #test_util
        #[rustfmt::skip]
        pub mod types;

        #(pub use attache_runtime::#runtime;)*
        #[doc(no_inline)]
        pub use attache_runtime::{self as runtime, validation, waiter};

        pub use crate::client::#CLIENT;
        pub use crate::error::{#ERROR, #SERVICE_ERROR};
        #reexport
    }
}

/// The module with what serde reads types with.
fn deserialize_module() -> TokenStream {
    quote! {
        #[cfg(feature = "serde")]
        #[rustfmt::skip]
        mod deserialize;
    }
}

/// What holds for the whole crate.
fn attributes(plan: &Plan<'_>) -> TokenStream {
    // Deprecated items are still sent and read.
    let deprecated = has_deprecations(plan).then(|| {
        quote!(
            #![allow(deprecated)]
        )
    });
    let recursion_limit = plan.recursion_limit().map(|limit| {
        let limit = limit.to_string();
        quote!(#![recursion_limit = #limit])
    });
    // Documentation names everything by its path from the root, wherever it is shown.
    quote!(#deprecated #recursion_limit #![allow(rustdoc::redundant_explicit_links)]
        // docs.rs marks what needs a feature.
        #![cfg_attr(docsrs, feature(doc_cfg))])
}

/// What the crate is for, with an example.
fn documentation(plan: &Plan<'_>, manifest: &Manifest) -> TokenStream {
    let crate_name = manifest.crate_name.replace('-', "_");
    let first = plan
        .operations
        .first()
        .map_or("send", |operation| operation.function.as_str());
    inner_doc(&[
        format!("A client of {}.", text(&plan.model.title)),
        String::new(),
        "A [`Client`] has a function for each operation. It returns a builder; `send` sends the request.".to_owned(),
        String::new(),
        "```no_run".to_owned(),
        format!("use {crate_name}::Client;"),
        String::new(),
        format!("# async fn example() -> Result<(), {crate_name}::Error> {{"),
        "let client = Client::from_env().await?;".to_owned(),
        format!("let call = client.{first}();"),
        "println!(\"{call:?}\");".to_owned(),
        "# Ok(())".to_owned(),
        "# }".to_owned(),
        "```".to_owned(),
        String::new(),
        "Requests are plain structures too: [`Client::send`] takes any of those in [`operation`]. A literal ends with \
         `..Default::default()`, so that it compiles when the service adds a member."
            .to_owned(),
        String::new(),
        "A test can build every value: all structures, unions and enums of the model have `Default`, and responses, errors \
         and their parts have a setter for each member."
            .to_owned(),
        String::new(),
        "Each request is validated before it is sent. [`validation`] describes the levels of validation, and how to \
         switch it off."
            .to_owned(),
        String::new(),
        "# Serde".to_owned(),
        String::new(),
        "With the feature `serde`, all structures, unions and enums of the model have `Serialize` and `Deserialize`. A \
         body that the service sent is read as the client reads it: all formats of time, base64 with and without \
         padding, `null`, and what the model lacks, which is ignored. Members that are sent in headers or in the URL \
         are read by their names in the model. A wrong value is reported with its path."
            .to_owned(),
        String::new(),
        "The written form has the names of the model, times in RFC 3339, and no absent members. A float that is not \
         finite is written as the format writes it, in JSON as `null`. Formats that do not describe themselves, such \
         as postcard, can write these types, but not read them. A format that gives numbers as `f64`, as serde_json \
         does, keeps microseconds of a number of seconds."
            .to_owned(),
        String::new(),
        "With `test-util`, too, `runtime::test::from_json_deny_unknown` reads a fixture and refuses unknown members."
            .to_owned(),
    ])
}

fn has_deprecations(plan: &Plan<'_>) -> bool {
    let of_values = plan
        .types
        .iter()
        .any(|definition| match &definition.definition {
            Definition::Enum(values) => values.iter().any(|value| value.model.deprecated.is_some()),
            Definition::IntEnum(values) => {
                values.iter().any(|value| value.model.deprecated.is_some())
            }
            Definition::Structure(_) | Definition::Union(_) => false,
        });
    let of_operations = plan.operations.iter().any(|operation| {
        operation.model.deprecated.is_some()
            || operation
                .waiters
                .iter()
                .any(|waiter| waiter.model.deprecated)
    });
    plan.has_deprecated() || of_values || of_operations
}
