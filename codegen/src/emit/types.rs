//! Rust types of members, and the imports that generated code needs.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::model::{Definition, Field, Presence, Role, Service, Type, TypeDefinition, TypeKind};

/// An identifier that the naming pass has made.
pub(crate) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The Rust type of a value.
pub(super) fn value_type(service: &Service, ty: &Type) -> TokenStream {
    match &ty.kind {
        TypeKind::Boolean => quote!(bool),
        TypeKind::Byte => quote!(i8),
        TypeKind::Short => quote!(i16),
        TypeKind::Integer => quote!(i32),
        TypeKind::Long => quote!(i64),
        TypeKind::Float => quote!(f32),
        TypeKind::Double => quote!(f64),
        TypeKind::String { .. } => quote!(String),
        TypeKind::Blob { .. } => quote!(Bytes),
        TypeKind::StreamingBlob { .. } => quote!(ByteStream),
        TypeKind::Timestamp(_) => quote!(Timestamp),
        TypeKind::Document => quote!(Document),
        TypeKind::Named(id) => {
            let name = ident(&service.type_definition(*id).name.rust);
            quote!(#name)
        }
        TypeKind::List { element, sparse } => {
            let element = element_type(service, element, *sparse);
            quote!(Vec<#element>)
        }
        TypeKind::Map { key, value, sparse } => {
            let key = value_type(service, key);
            let value = element_type(service, value, *sparse);
            quote!(BTreeMap<#key, #value>)
        }
    }
}

fn element_type(service: &Service, ty: &Type, sparse: bool) -> TokenStream {
    let ty = value_type(service, ty);
    if sparse { quote!(Option<#ty>) } else { ty }
}

/// The Rust type of a field: optional and boxed as the passes decided.
pub(super) fn field_type(service: &Service, field: &Field) -> TokenStream {
    let ty = value_type(service, &field.ty);
    let ty = if field.boxed { quote!(Box<#ty>) } else { ty };
    match field.presence {
        Presence::Optional => quote!(Option<#ty>),
        Presence::Required | Presence::Default(_) => ty,
    }
}

/// Whether values of the type are `Copy`.
pub(super) fn is_copy(ty: &Type) -> bool {
    matches!(
        ty.kind,
        TypeKind::Boolean
            | TypeKind::Byte
            | TypeKind::Short
            | TypeKind::Integer
            | TypeKind::Long
            | TypeKind::Float
            | TypeKind::Double
            | TypeKind::Timestamp(_)
    )
}

/// Whether a field holds a stream, which cannot be cloned.
pub(crate) fn is_stream(field: &Field) -> bool {
    matches!(field.ty.kind, TypeKind::StreamingBlob { .. })
}

/// Whether the type is an enum of strings.
pub(super) fn is_string_enum(service: &Service, ty: &Type) -> bool {
    matches!(&ty.kind, TypeKind::Named(id)
        if matches!(service.type_definition(*id).definition, Definition::Enum(_)))
}

/// Whether the type is an enum of integers.
pub(super) fn is_int_enum(service: &Service, ty: &Type) -> bool {
    matches!(&ty.kind, TypeKind::Named(id)
        if matches!(service.type_definition(*id).definition, Definition::IntEnum(_)))
}

/// A module of a client crate that holds generated types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Module {
    Arbitrary,
    Enums,
    Error,
    Operation,
    Types,
}

impl Module {
    /// The module that holds the type.
    pub(crate) fn of(definition: &TypeDefinition) -> Self {
        match (&definition.role, &definition.definition) {
            (Role::Request(_) | Role::Response(_), _) => Self::Operation,
            (Role::Error(_), _) => Self::Error,
            (Role::Nested, Definition::Enum(_) | Definition::IntEnum(_)) => Self::Enums,
            (Role::Nested, Definition::Structure(_) | Definition::Union(_)) => Self::Types,
        }
    }

    /// Its path.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Arbitrary => "arbitrary",
            Self::Enums => "enums",
            Self::Error => "error",
            Self::Operation => "operation",
            Self::Types => "types",
        }
    }
}

/// The `use` items for what the items of a module name. Looking at the code that was written is simpler than
/// predicting it. Modules are imported rather than most of their types, because models have types of the same names.
pub(super) fn imports(service: &Service, own: Module, items: &TokenStream) -> TokenStream {
    let root = root(service);
    let mut names = imported_names(items);
    if own == Module::Enums {
        // Enums hold no other types, but variants may be called like some.
        names.retain(|name| name.starts_with(|letter: char| letter.is_ascii_lowercase()));
    }
    let mut imports = TokenStream::new();
    if names.contains("BTreeMap") {
        imports.extend(quote!(
            use std::collections::BTreeMap;
        ));
    }
    if names.contains("fmt") {
        imports.extend(quote!(
            use std::fmt;
        ));
    }
    if names.contains("Duration") {
        imports.extend(quote!(
            use std::time::Duration;
        ));
    }
    if names.contains("pattern") {
        imports.extend(quote!(use #root::pattern;));
    }
    for (path, known) in [
        (quote!(attache_runtime), RUNTIME_NAMES.as_slice()),
        (quote!(attache_runtime::plumbing), &PLUMBING_NAMES),
    ] {
        let used = known.iter().filter(|name| names.contains(**name));
        imports.extend(group(&path, used.map(|name| (*name).to_owned()).collect()));
    }
    for module in [
        Module::Enums,
        Module::Error,
        Module::Operation,
        Module::Types,
    ] {
        if module == own {
            continue;
        }
        let found = service
            .types
            .iter()
            .filter(|definition| {
                Module::of(definition) == module && names.contains(definition.name.rust.as_str())
            })
            .map(|definition| definition.name.rust.clone());
        let path = ident(module.path());
        imports.extend(group(&quote!(#root::#path), found.collect()));
    }
    imports
}

/// The path of the module that holds the generated ones.
pub(super) fn root(service: &Service) -> TokenStream {
    let modules = service.root.iter().map(|module| ident(module));
    quote!(crate #(::#modules)*)
}

/// What generated modules import by name of that part of the runtime that is for users.
const RUNTIME_NAMES: [&str; 9] = [
    "ByteStream",
    "Bytes",
    "Call",
    "CallOptions",
    "Document",
    "Timestamp",
    "TimestampFormat",
    "http",
    "validation",
];

/// What they import by name of that part of the runtime that is for generated code only.
const PLUMBING_NAMES: [&str; 5] = ["arbitrary", "header", "json", "message", "validator"];

fn group(path: &TokenStream, names: BTreeSet<String>) -> TokenStream {
    let names: Vec<Ident> = names.iter().map(|name| ident(name)).collect();
    match names.as_slice() {
        [] => TokenStream::new(),
        [one] => quote!(use #path::#one;),
        several => quote!(use #path::{#(#several),*};),
    }
}

/// The identifiers that stand for imports. One in lower case only counts in front of `::`, where it is a module and not
/// a variable. Derives and what stands behind `::` need no import; in front of parentheses stand variants and functions,
/// behind `type` and in `<Item = ...>` the names of associated types.
fn imported_names(items: &TokenStream) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    add_names(items.clone(), &mut names);
    names
}

fn add_names(items: TokenStream, names: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = items.into_iter().collect();
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        match token {
            // An attribute.
            TokenTree::Punct(punct) if punct.as_char() == '#' => index += 1,
            TokenTree::Group(group) => add_names(group.stream(), names),
            TokenTree::Ident(name) if !stands_for_itself(&tokens, index) => {
                let name = name.to_string();
                let is_type = name.starts_with(|letter: char| letter.is_ascii_uppercase());
                if is_path(&tokens, index + 1) || is_type && !is_call(tokens.get(index + 1)) {
                    names.insert(name);
                }
            }
            _ => {}
        }
        index += 1;
    }
}

/// Whether `::` stands at a place.
fn is_path(tokens: &[TokenTree], index: usize) -> bool {
    is_punct(tokens.get(index), ':') && is_punct(tokens.get(index + 1), ':')
}

fn is_call(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}

/// Whether `::` or `type` stands in front, or the name is bound as in `Iterator<Item = String>`.
fn stands_for_itself(tokens: &[TokenTree], index: usize) -> bool {
    let Some(before) = index.checked_sub(1).and_then(|index| tokens.get(index)) else {
        return false;
    };
    matches!(before, TokenTree::Ident(word) if word == "type")
        || index > 1 && is_path(tokens, index - 2)
        || is_punct(Some(before), '<') && is_punct(tokens.get(index + 1), '=')
}
