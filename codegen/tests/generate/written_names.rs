//! The names that the emitter writes itself, read off generated code: everything that has not got its name from a model.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use attache_codegen::emit::{File, client_crate, server_modules};
use attache_codegen::plan::{Definition, End, Plan, plan};
use attache_codegen::{Input, analyse};
use proc_macro2::{Spacing, TokenStream, TokenTree};
use quote::ToTokens;

use crate::model::manifest;

/// The names of a generated crate, or of a server half, by scope.
#[derive(Debug, Default)]
pub(crate) struct WrittenNames {
    /// Functions of builders, structures and errors that are no setters.
    pub(crate) methods: BTreeSet<String>,
    /// Functions of types of the model that make a value of their own type.
    pub(crate) constructors: BTreeSet<String>,
    /// Functions of the client that are not those of an operation, and the module of the operations.
    pub(crate) functions: BTreeSet<String>,
    /// What files with types of the model name without a path.
    pub(crate) types: BTreeSet<String>,
    /// Variants of the types of the model.
    pub(crate) variants: BTreeSet<String>,
    /// What the root of the crate exports.
    pub(crate) exports: BTreeSet<String>,
}

impl WrittenNames {
    /// The names of the clients of all golden models and of both ends of the committed services.
    pub(crate) fn of_this_repository() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut found = Self::default();
        for name in ["aws-json", "bare", "names", "rest-json"] {
            found.add_client(&root.join("tests/golden").join(name));
        }
        let golden = ["ec2", "query", "rpcv2-cbor"].map(|name| format!("tests/golden/{name}"));
        let services = ["models/security-ir", "models/support"].map(str::to_owned);
        for folder in golden.iter().chain(&services) {
            let folder = root.join(folder);
            found.add_client(&folder);
            let root = vec!["api".to_owned()];
            found.add(&folder, End::Server { root });
        }
        found
    }

    fn add_client(&mut self, folder: &Path) {
        self.add(folder, End::Client);
    }

    fn add(&mut self, folder: &Path, end: End) {
        let model = fs::read_to_string(folder.join("model.json")).expect("the model can be read");
        let overlay = fs::read_to_string(folder.join("overlay.json")).ok();
        with_files(&model, overlay.as_deref(), end, |plan, files| {
            self.add_files(plan, files);
        });
    }

    fn add_files(&mut self, plan: &Plan<'_>, files: &[File]) {
        let model = ModelNames::of(plan);
        for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
            let items = parse(file);
            let bound: BTreeSet<String> = items.iter().flat_map(bound_names).collect();
            if file.path == "src/lib.rs" {
                self.exports.extend(bound.iter().cloned());
            }
            for item in &items {
                self.functions.extend(
                    functions_of_client(item).filter(|name| !model.functions.contains(name)),
                );
            }
            let own: BTreeSet<String> = items.iter().flat_map(names_of_this_crate).collect();
            if own.is_disjoint(&model.types) {
                continue;
            }
            let mut named: BTreeSet<String> = bound;
            for item in &items {
                named.extend(heads(item));
                self.constructors.extend(constructors(item, &model));
                self.methods
                    .extend(methods(item, &model).filter(|name| !model.setters.contains(name)));
                self.variants.extend(
                    variants(item)
                        .filter(|(owner, name)| {
                            model.types.contains(owner)
                                && !model.variants.contains(&(owner.clone(), name.clone()))
                        })
                        .map(|(_, name)| name),
                );
            }
            let named = named.into_iter().filter(|name| is_like_a_type(name));
            self.types
                .extend(named.filter(|name| !model.types.contains(name)));
        }
    }
}

/// Generates one end of a service.
pub(crate) fn with_files(
    model: &str,
    overlay: Option<&str>,
    end: End,
    see: impl FnOnce(&Plan<'_>, &[File]),
) {
    let manifest = manifest("attache-written");
    let service = analyse(&Input {
        model_file: "model.json",
        model,
        overlay: overlay.map(|text| ("overlay.json", text)),
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest,
        header: "model.json",
    });
    let service = service.expect("the model is fine");
    let is_client = end == End::Client;
    let plan = plan(&service, end).expect("the model can be planned");
    let files = match is_client {
        true => client_crate(&plan, &manifest, "// model.json"),
        false => server_modules(&plan, "// model.json"),
    };
    see(&plan, &files.expect("the plan can be written"));
}

/// The items of a generated file.
pub(crate) fn parse(file: &File) -> Vec<syn::Item> {
    let parsed = syn::parse_file(&file.text);
    let parsed = parsed.unwrap_or_else(|error| panic!("{}: {error}\n{}", file.path, file.text));
    parsed.items
}

/// The names that come from a model.
struct ModelNames {
    types: BTreeSet<String>,
    /// Types with fields that may have setters.
    structures: BTreeSet<String>,
    setters: BTreeSet<String>,
    functions: BTreeSet<String>,
    variants: BTreeSet<(String, String)>,
}

impl ModelNames {
    fn of(plan: &Plan<'_>) -> Self {
        let builders = plan
            .operations
            .iter()
            .map(|operation| operation.name.clone());
        let mut names = Self {
            types: builders.clone().collect(),
            structures: builders.collect(),
            setters: BTreeSet::new(),
            functions: BTreeSet::new(),
            variants: BTreeSet::new(),
        };
        for operation in &plan.operations {
            names.functions.insert(operation.function.clone());
            let waiters = operation.waiters.iter();
            names
                .setters
                .extend(waiters.map(|waiter| waiter.function.clone()));
        }
        for definition in &plan.types {
            let owner = &definition.name;
            names.types.insert(owner.clone());
            let mut variant = |name: &String| {
                names.variants.insert((owner.clone(), name.clone()));
            };
            match &definition.definition {
                Definition::Structure(fields) => {
                    names
                        .setters
                        .extend(fields.iter().map(|field| field.setter.name.clone()));
                    names.structures.insert(owner.clone());
                }
                Definition::Union(fields) => fields.iter().for_each(|field| variant(&field.name)),
                Definition::Enum(values) => values.iter().for_each(|value| variant(&value.name)),
                Definition::IntEnum(values) => values.iter().for_each(|value| variant(&value.name)),
            }
        }
        names
    }
}

/// The names that an item gives to something in its module, with their uses: definitions and imports.
pub(crate) fn bound_names(item: &syn::Item) -> Vec<String> {
    match item {
        syn::Item::Use(item) => leaves(&item.tree),
        syn::Item::Struct(item) => vec![item.ident.to_string()],
        syn::Item::Enum(item) => vec![item.ident.to_string()],
        syn::Item::Type(item) => vec![item.ident.to_string()],
        syn::Item::Trait(item) => vec![item.ident.to_string()],
        syn::Item::Mod(item) => vec![item.ident.to_string()],
        _ => Vec::new(),
    }
}

/// The same without imports from other crates.
fn names_of_this_crate(item: &syn::Item) -> Vec<String> {
    let is_from_outside = match item {
        syn::Item::Use(item) => match &item.tree {
            syn::UseTree::Path(path) => path.ident != "crate" && path.ident != "self",
            _ => true,
        },
        _ => false,
    };
    match is_from_outside {
        true => Vec::new(),
        false => bound_names(item),
    }
}

fn leaves(tree: &syn::UseTree) -> Vec<String> {
    match tree {
        syn::UseTree::Path(path) => leaves(&path.tree),
        syn::UseTree::Name(name) => vec![name.ident.to_string()],
        syn::UseTree::Rename(rename) => vec![rename.rename.to_string()],
        syn::UseTree::Group(group) => group.items.iter().flat_map(leaves).collect(),
        syn::UseTree::Glob(_) => Vec::new(),
    }
}

/// The functions of the inherent `impl` of a type.
pub(crate) fn inherent(item: &syn::Item) -> Option<(String, Vec<String>)> {
    let syn::Item::Impl(block) = item else {
        return None;
    };
    block
        .trait_
        .is_none()
        .then(|| (owner(block), function_names(block)))
}

fn owner(block: &syn::ItemImpl) -> String {
    let syn::Type::Path(path) = &*block.self_ty else {
        panic!("an implementation is for a type with a name");
    };
    let last = path.path.segments.last();
    last.expect("a path has a segment").ident.to_string()
}

fn function_names(block: &syn::ItemImpl) -> Vec<String> {
    let functions = block.items.iter().filter_map(|item| match item {
        syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
        _ => None,
    });
    functions.collect()
}

/// The functions of traits that programs call by name, where a type derives them.
fn derived(item: &syn::Item) -> Option<(String, Vec<String>)> {
    let (name, attributes) = match item {
        syn::Item::Struct(item) => (&item.ident, &item.attrs),
        syn::Item::Enum(item) => (&item.ident, &item.attrs),
        _ => return None,
    };
    let mut found = Vec::new();
    for attribute in attributes.iter().filter(|it| it.path().is_ident("derive")) {
        let text = attribute.to_token_stream().to_string();
        let traits = [("Clone", "clone"), ("Debug", "fmt"), ("Default", "default")];
        let known = traits.iter().filter(|(name, _)| text.contains(name));
        found.extend(known.map(|(_, function)| (*function).to_owned()));
    }
    Some((name.to_string(), found))
}

fn methods(item: &syn::Item, model: &ModelNames) -> impl Iterator<Item = String> + use<> {
    let found = inherent(item).or_else(|| derived(item));
    let found = found.filter(|(owner, _)| model.structures.contains(owner));
    found.into_iter().flat_map(|(_, names)| names)
}

/// Functions without a receiver that return `Self`, or something with it.
fn constructors(item: &syn::Item, model: &ModelNames) -> Vec<String> {
    let syn::Item::Impl(block) = item else {
        return Vec::new();
    };
    if block.trait_.is_some() || !model.types.contains(&owner(block)) {
        return Vec::new();
    }
    let functions = block.items.iter().filter_map(|item| match item {
        syn::ImplItem::Fn(function) => Some(&function.sig),
        _ => None,
    });
    let made = functions.filter(|signature| {
        signature.receiver().is_none() && has_self(signature.output.to_token_stream())
    });
    made.map(|signature| signature.ident.to_string()).collect()
}

fn has_self(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "Self",
        TokenTree::Group(group) => has_self(group.stream()),
        _ => false,
    })
}

fn functions_of_client(item: &syn::Item) -> impl Iterator<Item = String> + use<> {
    let derived = derived(item).map(|(owner, mut names)| {
        names.retain(|name| name == "clone");
        (owner, names)
    });
    let found = inherent(item).or(derived);
    let found = found.filter(|(owner, _)| owner == "Client");
    let module = match item {
        syn::Item::Mod(item) if item.ident == "operation" => Some(item.ident.to_string()),
        _ => None,
    };
    let functions = found.into_iter().flat_map(|(_, names)| names);
    functions.chain(module)
}

/// The variants of an enum, with its name.
pub(crate) fn variants(item: &syn::Item) -> impl Iterator<Item = (String, String)> {
    let found = match item {
        syn::Item::Enum(item) => Some(item),
        _ => None,
    };
    found.into_iter().flat_map(|item| {
        let variants = item.variants.iter();
        variants.map(|variant| (item.ident.to_string(), variant.ident.to_string()))
    })
}

/// The first segment of each path in an item, as far as it may be a type: also in macros and attributes.
fn heads(item: &syn::Item) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match item {
        syn::Item::Use(_) => {}
        // The names of variants are no paths.
        syn::Item::Enum(item) => {
            for attribute in &item.attrs {
                add_heads(attribute.to_token_stream(), &mut found);
            }
            for variant in &item.variants {
                add_heads(variant.fields.to_token_stream(), &mut found);
            }
        }
        item => add_heads(item.to_token_stream(), &mut found),
    }
    found
}

fn add_heads(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => add_heads(group.stream(), found),
            TokenTree::Ident(ident) => {
                let before = index.checked_sub(1).map(|index| &tokens[index]);
                let is_definition =
                    matches!(before, Some(TokenTree::Ident(word)) if word == "type");
                let is_tail = matches!(before, Some(TokenTree::Punct(mark)) if ":.".contains(mark.as_char()))
                    && !is_single_colon(&tokens[..index]);
                if !is_definition && !is_tail && !is_binding(&tokens[index + 1..]) {
                    found.insert(ident.to_string());
                }
            }
            _ => {}
        }
    }
}

/// Whether the tokens end with the colon in front of a type, and not with that of a path.
fn is_single_colon(tokens: &[TokenTree]) -> bool {
    let is_colon = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
    is_colon(tokens.last())
        && !is_colon(
            tokens
                .len()
                .checked_sub(2)
                .and_then(|index| tokens.get(index)),
        )
}

/// Whether the name of an associated type is in front of the tokens: `Item = String`.
fn is_binding(tokens: &[TokenTree]) -> bool {
    matches!(tokens.first(), Some(TokenTree::Punct(mark)) if mark.as_char() == '=' && mark.spacing() == Spacing::Alone)
}

/// Names of constants are in capitals.
fn is_like_a_type(name: &str) -> bool {
    let is_constant = name.len() > 1 && !name.contains(|letter: char| letter.is_ascii_lowercase());
    name.starts_with(|first: char| first.is_ascii_uppercase()) && !is_constant && name != "Self"
}

/// Names that occur more than once, by what has them.
pub(crate) fn repeated(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let repeated = counts.into_iter().filter(|(_, count)| *count > 1);
    repeated.map(|(name, _)| name).collect()
}
