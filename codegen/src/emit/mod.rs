//! From the plan to the files of a client crate.
//!
//! Small functions, each named after its result, return token streams; [`crate::print`] converts them to text. No
//! decision is made here: the plan has decided what is boxed, how it is named and who sends it.

mod absent;
mod access;
mod aggregate;
mod alias;
mod arbitrary;
mod checksum;
mod client;
mod client_function;
mod codec;
mod constraint_text;
mod crate_root;
mod customization;
mod default_heap;
mod deserialize;
mod discovery;
mod docs;
pub(crate) mod endpoint_settings;
mod enumeration;
mod error;
mod event_stream;
mod example_test;
mod expression;
mod expression_lines;
mod form_read;
mod form_write;
mod front_page;
mod hash;
mod http_query;
mod http_read;
mod http_scalar;
mod http_text;
mod http_write;
pub(crate) mod imports;
mod literal;
mod manifest;
mod object_capacity;
mod object_codec;
mod object_read;
mod object_value;
mod object_write;
mod open_literal;
mod operation;
mod operation_page;
mod pages;
mod pattern;
mod preparation;
mod reading;
mod readme;
mod redaction;
mod request_constants;
mod request_parameters;
mod rust_type;
mod sample;
mod scalar_read;
mod scalar_write;
mod serde_attributes;
mod server;
mod setter;
mod source_file;
mod test_util;
mod text_lines;
mod types;
mod union;
mod validation;
mod value;
mod variants;
mod waiter;
mod waiter_texts;
mod words;
mod wrap;
mod writing;
mod xml_arms;
mod xml_envelope;
mod xml_read;
mod xml_request;
mod xml_root;
mod xml_write;

use proc_macro2::TokenStream;
use quote::quote;

use crate::endpoint;
use crate::error::{Context, Result};
use crate::escape;
use crate::model::TypeId;
use crate::plan::{Definition, Module, Plan};

pub(crate) use literal::{default_expression, document};
pub use manifest::{Additions, Manifest};
pub use server::server_modules;
use source_file::SourceFile;
pub(crate) use types::ident;

/// A generated file: its path inside the crate, with slashes, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path inside the crate, for example `src/operation/create_case.rs`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl File {
    /// The text for `include!`, which accepts neither inner attributes nor inner documentation. `src/lib.rs` is
    /// returned without them; other files are included as modules of it and are returned unchanged.
    ///
    /// The including file has its own documentation, and `#![allow(deprecated)]` where the model has deprecated shapes.
    pub fn text_to_include(&self) -> String {
        if self.path != "src/lib.rs" {
            return self.text.clone();
        }
        let lines = self.text.lines();
        let kept = lines.filter(|line| !line.starts_with("//!") && !line.starts_with("#!["));
        kept.flat_map(|line| [line, "\n"]).collect()
    }
}

/// Writes the client crate of a plan.
///
/// `header` is the first line of every file, a comment; line breaks in it become escapes.
///
/// # Errors
/// A name that is not a Rust identifier, which would be a fault of the plan; endpoint rules that cannot be compiled.
pub fn client_crate(plan: &Plan<'_>, manifest: &Manifest, header: &str) -> Result<Vec<File>> {
    let header = &*escape::line(header);
    let rust_file = |path: &str, write: &dyn Fn() -> Result<SourceFile>| {
        source_file::source_file(plan, path, header, write)
    };
    // The function of an operation and its builder have the same page.
    let operations = plan.operations.iter();
    let page = |operation| operation_page::page(plan, manifest, operation);
    let pages: Vec<TokenStream> = operations.clone().map(page).collect();
    let mut files = vec![
        File {
            path: "Cargo.toml".to_owned(),
            text: manifest.cargo_toml(plan, header)?,
        },
        File {
            path: "README.md".to_owned(),
            text: readme::readme(manifest, plan, header),
        },
        rust_file("src/lib.rs", &|| {
            Ok(crate_root::lib_file(plan, manifest).into())
        })?,
        rust_file("src/client.rs", &|| {
            Ok(client::client_file(plan, &pages).into())
        })?,
        rust_file("src/deserialize.rs", &|| {
            Ok(deserialize::deserialize_file(plan))
        })?,
        rust_file("src/endpoint.rs", &|| {
            Ok(endpoint_file(plan).at(&plan.model.id)?.into())
        })?,
        rust_file("src/error.rs", &|| error::error_file(plan))?,
        rust_file("src/operation/mod.rs", &|| {
            Ok(operation::module_file(plan).into())
        })?,
    ];
    files.extend(optional_files(plan, manifest, header)?);
    for (operation, page) in operations.zip(&pages) {
        let path = format!("src/operation/{}.rs", operation.module());
        files.push(rust_file(&path, &|| {
            operation::operation_file(plan, operation, page, manifest)
        })?);
    }
    files.push(rust_file("src/types.rs", &|| types_file(plan))?);
    files.push(rust_file("src/enums.rs", &|| {
        Ok(enumeration::enums_file(plan))
    })?);
    files.sort_by(|one, two| one.path.cmp(&two.path));
    Ok(files)
}

/// The files that not every crate has.
fn optional_files(plan: &Plan<'_>, manifest: &Manifest, header: &str) -> Result<Vec<File>> {
    let rust_file = |path: &str, write: &dyn Fn() -> Result<SourceFile>| {
        source_file::source_file(plan, path, header, write)
    };
    let mut files = Vec::new();
    if example_test::has_example_tests(plan) {
        files.push(rust_file("src/examples.rs", &|| {
            Ok(example_test::examples_file(plan)?.into())
        })?);
    }
    if manifest.has_arbitrary {
        files.push(rust_file("src/arbitrary.rs", &|| {
            Ok(arbitrary::arbitrary_file(plan, manifest))
        })?);
    }
    if manifest.has_test_util {
        files.push(rust_file("src/test_util.rs", &|| {
            Ok(test_util::test_util_file(plan, manifest))
        })?);
    }
    if let Some(tables) = pattern::pattern_file(plan) {
        files.push(rust_file("src/pattern.rs", &|| Ok(tables.clone().into()))?);
    }
    Ok(files)
}

/// The rule set results in more readable code than the diagram, so it takes precedence.
fn endpoint_file(plan: &Plan<'_>) -> Result<TokenStream> {
    let tests = plan.model.endpoint_tests.as_ref();
    let context = plan.model.endpoint_parameters();
    let module = match (&plan.model.endpoint_rules, &plan.model.endpoint_bdd) {
        (Some(rules), _) => endpoint::endpoint_module(rules, tests, &context)?,
        (None, Some(diagram)) => endpoint::endpoint_bdd_module(diagram, tests, &context)?,
        (None, None) => endpoint::fallback_module(&plan.model.endpoint_prefix),
    };
    let settings = endpoint_settings::settings_type(plan);
    Ok(quote!(#module #settings))
}

/// The structures and unions that are part of others.
fn types_file(plan: &Plan<'_>) -> Result<SourceFile> {
    let mut nested: Vec<TypeId> = (0..plan.types.len())
        .map(TypeId)
        .filter(|id| plan.type_definition(*id).module == Module::Types)
        .collect();
    nested.sort_by_key(|id| &plan.type_definition(*id).model.name);
    let mut items = TokenStream::new();
    for id in nested {
        let definition = plan.type_definition(id);
        items.extend(match &definition.definition {
            Definition::Union(_) if definition.model.event_stream.is_some() => {
                event_stream::items(plan, id)
            }
            Definition::Union(_) => union::items(plan, id),
            _ => aggregate::nested_items(plan, id)?,
        });
    }
    Ok(SourceFile {
        documentation: quote!(#![doc = " The structures and unions that requests and responses are made of."]),
        module: Some(Module::Types),
        before: TokenStream::new(),
        items,
    })
}
