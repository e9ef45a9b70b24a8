//! From the representation to the files of a client crate.
//!
//! Small functions, each named after what it returns, give token streams; [`crate::print`] turns them into text. No
//! decision is made here: what is boxed, what it is called and who sends it was decided by the passes.

mod access;
mod aggregate;
mod api;
mod arbitrary;
mod check;
mod client;
mod client_function;
mod constraint_text;
mod default_heap;
mod docs;
mod enumeration;
mod error;
mod hash;
mod http_query;
mod http_read;
mod http_write;
mod json_capacity;
mod json_read;
mod json_write;
mod literal;
mod manifest;
mod open_literal;
mod operation;
mod pages;
mod pattern;
mod readme;
mod redaction;
mod sample;
mod serde_attributes;
mod server;
mod setter;
mod source_file;
mod types;
mod union;
mod waiter;

use proc_macro2::TokenStream;
use quote::quote;

use crate::endpoint;
use crate::error::{Context, Result};
use crate::escape;
use crate::model::{Definition, Service, TypeId};

pub(crate) use api::{
    conversion_type, default_is_there, field_type_text, setter_name, value_type_text,
};
pub(crate) use literal::{default_expression, document};
pub use manifest::Manifest;
pub use server::server_modules;
use source_file::SourceFile;
pub(crate) use types::{Module, ident, is_stream};

/// A generated file: its path inside the crate, with slashes, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path inside the crate, for example `src/operation/create_case.rs`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl File {
    /// The text for `include!`, which takes no attributes and documentation of the file itself: `src/lib.rs` without
    /// them, and any other file, which is included as a module of it, as it is.
    ///
    /// Whoever includes `src/lib.rs` writes documentation of its own above, and `#![allow(deprecated)]` where the model
    /// has deprecated shapes.
    pub fn text_to_include(&self) -> String {
        if self.path != "src/lib.rs" {
            return self.text.clone();
        }
        let lines = self.text.lines();
        let kept = lines.filter(|line| !line.starts_with("//!") && !line.starts_with("#!["));
        kept.flat_map(|line| [line, "\n"]).collect()
    }
}

/// Writes a client crate for a service.
///
/// `header` is the first line of every file, a comment; line breaks in it become escapes.
///
/// # Errors
/// Names that are not Rust, which would be a fault of the naming pass; endpoint rules that cannot be compiled.
pub fn client_crate(service: &Service, manifest: &Manifest, header: &str) -> Result<Vec<File>> {
    let header = &*escape::line(header);
    let rust_file = |path: &str, file: SourceFile| file.print(service, path, header);
    let mut files = vec![
        File {
            path: "Cargo.toml".to_owned(),
            text: manifest.cargo_toml(service, header)?,
        },
        File {
            path: "README.md".to_owned(),
            text: readme::readme(manifest, service, header),
        },
        rust_file("src/lib.rs", client::lib_file(service, manifest).into())?,
        rust_file(
            "src/client.rs",
            client::client_file(service, manifest).into(),
        )?,
        rust_file(
            "src/endpoint.rs",
            endpoint_file(service).at(&service.id)?.into(),
        )?,
        rust_file("src/error.rs", error::error_file(service)?)?,
        rust_file(
            "src/operation/mod.rs",
            operation::module_file(service).into(),
        )?,
    ];
    if manifest.has_arbitrary {
        files.push(rust_file(
            "src/arbitrary.rs",
            arbitrary::arbitrary_file(service, manifest),
        )?);
    }
    for (index, operation) in service.operations.iter().enumerate() {
        let path = format!("src/operation/{}.rs", operation.function);
        files.push(rust_file(
            &path,
            operation::operation_file(service, index)?,
        )?);
    }
    if let Some(tables) = pattern::pattern_file(service) {
        files.push(rust_file("src/pattern.rs", tables.into())?);
    }
    files.push(rust_file("src/types.rs", types_file(service)?)?);
    files.push(rust_file("src/enums.rs", enumeration::enums_file(service))?);
    files.sort_by(|one, two| one.path.cmp(&two.path));
    Ok(files)
}

/// The rule set reads closer to its source than the diagram that is made of it, so it goes first.
fn endpoint_file(service: &Service) -> Result<TokenStream> {
    let tests = service.endpoint_tests.as_ref();
    let context = service.operations.iter();
    let context = context.flat_map(|operation| operation.endpoint_context.keys().cloned());
    let context = context.collect();
    match (&service.endpoint_rules, &service.endpoint_bdd) {
        (Some(rules), _) => endpoint::endpoint_module(rules, tests, &context),
        (None, Some(diagram)) => endpoint::endpoint_bdd_module(diagram, tests, &context),
        (None, None) => Ok(endpoint::fallback_module(&service.endpoint_prefix)),
    }
}

/// The structures and unions that are part of others.
fn types_file(service: &Service) -> Result<SourceFile> {
    let mut nested: Vec<TypeId> = (0..service.types.len())
        .map(TypeId)
        .filter(|id| Module::of(service.type_definition(*id)) == Module::Types)
        .collect();
    nested.sort_by_key(|id| &service.type_definition(*id).name);
    let mut items = TokenStream::new();
    for id in nested {
        let definition = service.type_definition(id);
        items.extend(match &definition.definition {
            Definition::Union(_) => union::items(service, id),
            _ => aggregate::nested_items(service, id)?,
        });
    }
    Ok(SourceFile {
        documentation: quote!(#![doc = " The structures and unions that requests and responses are made of."]),
        module: Some(Module::Types),
        before: TokenStream::new(),
        items,
    })
}
