//! The crate root.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::inner_doc;
use super::example_test::has_example_tests;
use super::front_page::front_page;
use super::manifest::Manifest;
use super::types::ident;
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
    let docs = inner_doc(&front_page(plan, manifest));
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
    let examples = has_example_tests(plan).then(examples_module);
    let test_util = manifest.has_test_util.then(test_util_module);
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
        #examples
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

/// The module with the tests of the examples in the documentation.
fn examples_module() -> TokenStream {
    quote! {
        #[cfg(test)]
        #[rustfmt::skip]
        mod examples;
    }
}

/// The module with what mocks need.
fn test_util_module() -> TokenStream {
    quote! {
        #[cfg(feature = "test-util")]
        #[rustfmt::skip]
        pub mod test_util;
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
