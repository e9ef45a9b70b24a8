//! The imports of a generated file: those of the names that are printed into it.
//!
//! Emitters print an imported name as an [`Import`], as in `quote!(#JSON::Reader)`, and the name of a generated type as
//! a [`TypeName`]. Printing records the name, and the `use` items of a file import the recorded names. `quote!` cannot
//! pass a list along, so the list is a thread-local that belongs to the file being written; [`noted`] creates and takes
//! it. A file that contains its own `use` items is written without the list.
//!
//! Modules are imported rather than most of their types, because models have types of the same names.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::plan::reserved::{Reserved, types};
use crate::plan::{Module, TypeDefinition};

/// A name that generated code imports.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Import {
    from: Place,
    name: &'static str,
}

/// The origin of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// A module of another crate.
    Outside(&'static str),
    /// The module that holds the generated ones.
    Root,
    /// A generated module with types.
    Generated(Module),
}

/// The name of a generated type, imported unless it belongs to the module of the file.
#[derive(Clone, Debug)]
pub(crate) struct TypeName {
    module: Module,
    name: String,
}

/// A name of another crate in a file that has no types of a model.
pub(crate) const fn outside(module: &'static str, name: &'static str) -> Import {
    Import {
        from: Place::Outside(module),
        name,
    }
}

/// A type of another crate.
const fn outside_type(module: &'static str, name: Reserved) -> Import {
    outside(module, name.as_str())
}

/// A module of another crate. Nothing of a model has the name of a module where modules are imported.
const fn outside_module(parent: &'static str, name: &'static str) -> Import {
    assert!(
        name.as_bytes()[0].is_ascii_lowercase(),
        "a type needs a name that is reserved"
    );
    outside(parent, name)
}

pub(crate) const BTREE_MAP: Import = outside_type("std::collections", types::BTREE_MAP);
pub(crate) const FMT: Import = outside_module("std", "fmt");
pub(crate) const DURATION: Import = outside_type("std::time", types::DURATION);

pub(crate) const BIG_DECIMAL: Import = outside_type("attache_runtime", types::BIG_DECIMAL);
pub(crate) const BIG_INTEGER: Import = outside_type("attache_runtime", types::BIG_INTEGER);
pub(crate) const BYTE_STREAM: Import = outside_type("attache_runtime", types::BYTE_STREAM);
pub(crate) const BYTES: Import = outside_type("attache_runtime", types::BYTES);
pub(crate) const CALL: Import = outside_type("attache_runtime", types::CALL);
pub(crate) const CALL_OPTIONS: Import = outside_type("attache_runtime", types::CALL_OPTIONS);
pub(crate) const DOCUMENT: Import = outside_type("attache_runtime", types::DOCUMENT);
pub(crate) const TIMESTAMP: Import = outside_type("attache_runtime", types::TIMESTAMP);
pub(crate) const TIMESTAMP_FORMAT: Import =
    outside_type("attache_runtime", types::TIMESTAMP_FORMAT);
pub(crate) const HTTP: Import = outside_module("attache_runtime", "http");
pub(crate) const TEST: Import = outside("attache_runtime", "test");
pub(crate) const VALIDATION: Import = outside_module("attache_runtime", "validation");

pub(crate) const ARBITRARY: Import = outside_module("attache_runtime::plumbing", "arbitrary");
pub(crate) const FORM: Import = outside_module("attache_runtime::plumbing", "form");
pub(crate) const CBOR: Import = outside_module("attache_runtime::plumbing", "cbor");
/// The reader of forms, which only servers have.
pub(crate) const FORM_TREE: Import = outside_module("crate::wire", "form");
pub(crate) const ENUMERATION: Import = outside_module("attache_runtime::plumbing", "enumeration");
pub(crate) const HEADER: Import = outside_module("attache_runtime::plumbing", "header");
pub(crate) const JSON: Import = outside_module("attache_runtime::plumbing", "json");
pub(crate) const EXPRESSION: Import = outside_module("attache_runtime::plumbing", "expression");
pub(crate) const MESSAGE: Import = outside_module("attache_runtime::plumbing", "message");
pub(crate) const OPERATION: Import = outside_module("attache_runtime::plumbing", "operation");
pub(crate) const VALIDATOR: Import = outside_module("attache_runtime::plumbing", "validator");
pub(crate) const XML: Import = outside_module("attache_runtime::plumbing", "xml");

/// The module with the tables of patterns.
pub(crate) const PATTERN: Import = Import {
    from: Place::Root,
    name: "pattern",
};

/// The name of a generated type.
pub(crate) fn type_name(definition: &TypeDefinition<'_>) -> TypeName {
    TypeName::new(definition.module, &definition.name)
}

impl TypeName {
    pub(crate) fn new(module: Module, name: &str) -> Self {
        Self {
            module,
            name: name.to_owned(),
        }
    }
}

impl ToTokens for Reserved {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        path_step(self.as_str()).to_tokens(tokens);
    }
}

impl ToTokens for Import {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        note(self.from, self.name);
        Ident::new(self.name, Span::call_site()).to_tokens(tokens);
    }
}

impl ToTokens for TypeName {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        note(Place::Generated(self.module), &self.name);
        Ident::new(&self.name, Span::call_site()).to_tokens(tokens);
    }
}

/// Names by their origin.
#[derive(Debug, Default)]
pub(crate) struct Imports(BTreeMap<Place, BTreeSet<String>>);

thread_local! {
    /// The names that were printed into the file that is being written; `None` between files.
    static NOTED: RefCell<Option<Imports>> = const { RefCell::new(None) };
}

/// Writes a file; returns it with the names that were printed into it.
pub(crate) fn noted<T>(write: impl FnOnce() -> T) -> (T, Imports) {
    let outer = NOTED.replace(Some(Imports::default()));
    let written = write();
    (written, NOTED.replace(outer).unwrap_or_default())
}

fn note(from: Place, name: &str) {
    NOTED.with_borrow_mut(|noted| {
        if let Some(Imports(names)) = noted {
            names.entry(from).or_default().insert(name.to_owned());
        }
    });
}

impl Imports {
    /// The `use` items of a file; `root` is the path of the module that holds the generated ones, `own` is the file where
    /// it is one of those with types.
    pub(crate) fn items(&self, root: &TokenStream, own: Option<Module>) -> TokenStream {
        let own = own.map(Place::Generated);
        let others = self.0.iter().filter(|(place, _)| Some(**place) != own);
        others
            .map(|(place, names)| {
                let path = match place {
                    Place::Outside(module) => path(module),
                    Place::Root => root.clone(),
                    Place::Generated(module) => {
                        let module = path(module.path());
                        quote!(#root::#module)
                    }
                };
                let names = names.iter().map(|name| path_step(name));
                quote!(use #path::{#(#names),*};)
            })
            .collect()
    }
}

fn path(module: &str) -> TokenStream {
    let steps = module.split("::").map(path_step);
    quote!(#(#steps)::*)
}

fn path_step(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
