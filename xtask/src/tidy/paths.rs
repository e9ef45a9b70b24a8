//! Which files of a crate name items of which other files.
//!
//! The names are read from tokens: items that `use` imports, and paths that begin with `crate`, `self`, `super`, a
//! child module or an imported module. Items of the enclosing modules do not count, because the file of a module holds
//! what its children share. Re-exports are followed to the file that has the item and do not count themselves, so a
//! `mod.rs` may re-export the items of its children. Tests, and code that `quote!` only writes, are left out.

use std::collections::{BTreeMap, BTreeSet};

use super::sources::Source;
use super::tokens::{Token, tokens};

/// How many re-exports are followed, so that a circle of them ends.
const RE_EXPORTS: usize = 16;

/// The path of a module from the root of its crate.
type Module = Vec<String>;

/// The files of a crate that others are named in: by path, those that it names.
pub(super) type Uses = BTreeMap<String, BTreeSet<String>>;

/// The crates among the sources, each with what its files name.
pub(super) fn crates(sources: &[Source]) -> Vec<Uses> {
    let mut crates: BTreeMap<&str, BTreeMap<Module, &Source>> = BTreeMap::new();
    for source in sources {
        if !source.is_rust() || source.is_test() || source.is_generated() {
            continue;
        }
        let Some((package, file)) = source.path.split_once("/src/") else {
            continue;
        };
        // Programs beside a library are crates of their own, of one file each.
        if file != "main.rs" && !file.starts_with("bin/") {
            let modules = crates.entry(package).or_default();
            modules.insert(module_of(file), source);
        }
    }
    crates.values().map(uses).collect()
}

fn module_of(file: &str) -> Module {
    let mut module: Module = file
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    let last = module.last().map(String::as_str);
    if last == Some("mod") || (module.len() == 1 && last == Some("lib")) {
        module.pop();
    }
    module
}

fn uses(modules: &BTreeMap<Module, &Source>) -> Uses {
    let mut named = BTreeMap::new();
    let mut imports = BTreeMap::new();
    for (module, source) in modules {
        let found = Found::read(&source.text);
        imports.insert(module.clone(), found.imports);
        named.insert(module, found.named);
    }
    let names = Names { modules, imports };
    let mut uses = Uses::new();
    for (module, paths) in named {
        let file = &modules[module].path;
        let others = uses.entry(file.clone()).or_default();
        for path in paths {
            let target = names.resolve(module, &path, RE_EXPORTS);
            // The children of a module see its items, too.
            let target = target.filter(|target| !module.starts_with(target));
            let target = target.and_then(|target| modules.get(&target));
            others.extend(target.map(|target| target.path.clone()));
        }
        others.remove(file);
    }
    uses
}

/// What the names in a crate refer to.
struct Names<'a> {
    modules: &'a BTreeMap<Module, &'a Source>,
    /// For each module, the paths of the names that `use` imports.
    imports: BTreeMap<Module, BTreeMap<String, Vec<String>>>,
}

impl Names<'_> {
    /// The module that has what a path names in `module`, if it is one of this crate.
    fn resolve(&self, module: &Module, path: &[String], re_exports: usize) -> Option<Module> {
        let (first, mut rest) = path.split_first()?;
        let mut base = module.clone();
        match first.as_str() {
            "crate" => base.clear(),
            "self" => {}
            "super" => {
                base.pop()?;
                while let Some((next, behind)) = rest.split_first()
                    && next == "super"
                {
                    base.pop()?;
                    rest = behind;
                }
            }
            name => {
                base.push(name.to_owned());
                if !self.modules.contains_key(&base) {
                    return self.imported(module, path, re_exports);
                }
            }
        }
        while let Some((next, behind)) = rest.split_first() {
            base.push(next.clone());
            if !self.modules.contains_key(&base) {
                base.pop();
                if self
                    .imports
                    .get(&base)
                    .is_some_and(|names| names.contains_key(next))
                {
                    return self.imported(&base, rest, re_exports);
                }
                break;
            }
            rest = behind;
        }
        Some(base)
    }

    /// As [`resolve`](Self::resolve), for a path whose first name `use` imported into the module.
    fn imported(&self, module: &Module, path: &[String], re_exports: usize) -> Option<Module> {
        let (first, rest) = path.split_first()?;
        let meant = self.imports.get(module)?.get(first)?;
        // `use serde::Serialize as serde` would lead back here.
        let left = re_exports.checked_sub(1)?;
        self.resolve(module, &[meant, rest].concat(), left)
    }
}

/// The content of a file.
#[derive(Default)]
struct Found {
    /// The paths of the names that `use` imports, public or not.
    imports: BTreeMap<String, Vec<String>>,
    /// The paths that the file names itself: all but re-exports.
    named: BTreeSet<Vec<String>>,
}

impl Found {
    fn read(text: &str) -> Self {
        let tokens = tokens(text);
        let mut found = Self::default();
        let mut position = 0;
        while position < tokens.len() {
            position = found.step(&tokens, position);
        }
        found
    }

    /// Reads the item at a position; returns the position after it.
    fn step(&mut self, tokens: &[Token<'_>], position: usize) -> usize {
        let at = |offset: usize| tokens.get(position + offset).map_or("", |token| token.text);
        match (at(0), at(1), at(2)) {
            ("mod", "tests", "{") => after_group(tokens, position + 2),
            ("quote" | "quote_spanned" | "parse_quote", "!", "(" | "[" | "{") => {
                after_group(tokens, position + 2)
            }
            ("use", ..) => {
                let is_public = is_public(&tokens[..position]);
                let mut paths = Vec::new();
                let end = use_tree(tokens, position + 1, &[], &mut paths);
                for (name, path) in paths {
                    if !is_public {
                        self.named.insert(path.clone());
                    }
                    self.imports.insert(name, path);
                }
                end
            }
            (_, ":", ":") if is_name(at(0)) && !is_behind_path(&tokens[..position]) => {
                let (path, end) = path(tokens, position);
                if path.len() > 1 {
                    self.named.insert(path);
                }
                end
            }
            _ => position + 1,
        }
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first == '_' || first.is_alphabetic())
}

/// Whether a path continues here, or a macro writes `$crate`.
fn is_behind_path(before: &[Token<'_>]) -> bool {
    match before {
        [.., one, two] if two.text == ":" => one.text == ":",
        [.., last] => matches!(last.text, "$" | "."),
        [] => false,
    }
}

fn is_public(before: &[Token<'_>]) -> bool {
    let texts: Vec<&str> = before
        .iter()
        .rev()
        .take(4)
        .map(|token| token.text)
        .collect();
    texts.first() == Some(&"pub") || texts.first() == Some(&")") && texts.contains(&"pub")
}

/// A path such as `a::b::c`, and where it ends.
fn path(tokens: &[Token<'_>], mut position: usize) -> (Vec<String>, usize) {
    let mut path = Vec::new();
    while let Some(token) = tokens.get(position)
        && is_name(token.text)
    {
        path.push(token.text.to_owned());
        position += 1;
        match tokens.get(position..position + 2) {
            Some([one, two]) if one.text == ":" && two.text == ":" => position += 2,
            _ => break,
        }
    }
    (path, position)
}

/// The paths of a `use` tree, with the names that they get; returns the position after the tree.
fn use_tree(
    tokens: &[Token<'_>],
    position: usize,
    before: &[String],
    paths: &mut Vec<(String, Vec<String>)>,
) -> usize {
    let (own, mut position) = path(tokens, position);
    let mut whole = [before, &own].concat();
    match tokens.get(position).map(|token| token.text) {
        Some("{") => {
            position += 1;
            while let Some(token) = tokens.get(position) {
                position = match token.text {
                    "}" => return position + 1,
                    "," => position + 1,
                    _ => use_tree(tokens, position, &whole, paths),
                };
            }
            position
        }
        Some("*") => {
            paths.push(("*".to_owned(), whole));
            position + 1
        }
        next => {
            if whole.last().is_some_and(|last| last == "self") && whole.len() > 1 {
                whole.pop();
            }
            let alias = (next == Some("as"))
                .then(|| tokens.get(position + 1))
                .flatten();
            let name = alias
                .map(|alias| alias.text.to_owned())
                .or(whole.last().cloned());
            paths.extend(name.map(|name| (name, whole)));
            // At least one token, whatever it is.
            position
                + if alias.is_some() {
                    2
                } else {
                    usize::from(own.is_empty())
                }
        }
    }
}

/// The position after the group that opens at a position.
fn after_group(tokens: &[Token<'_>], position: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, token) in tokens[position..].iter().enumerate() {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return position + offset + 1;
                }
            }
            _ => {}
        }
    }
    tokens.len()
}
