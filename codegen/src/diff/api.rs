//! Two lists of API items side by side, judged as cargo's chapter on SemVer compatibility does.

use super::level::RustLevel;
use crate::plan::{Item, ItemKind, Surface};

/// A change of the API.
#[derive(Clone, Debug)]
pub(crate) struct ApiChange<'a> {
    /// The item, of the side that has it; the new one where both do.
    pub(crate) item: &'a Item,
    /// The old one as well, where both do.
    pub(crate) before: Option<&'a Item>,
    /// Its level.
    pub(crate) level: RustLevel,
    /// What happened, in Rust's terms.
    pub(crate) text: String,
}

/// Every change of the API. The parts of a removed or added item are reported with it.
pub(crate) fn compare<'a>(old: &'a Surface, new: &'a Surface) -> Vec<ApiChange<'a>> {
    let mut changes = Vec::new();
    for (path, item) in old {
        match new.get(path) {
            None if !parent_is_missing(path, new) => changes.push(ApiChange {
                item,
                before: None,
                level: RustLevel::Major,
                text: format!("`{path}` was removed"),
            }),
            None => {}
            Some(other) => changes.extend(changed(path, item, other)),
        }
    }
    for (path, item) in new {
        if !old.contains_key(path) && !parent_is_missing(path, old) {
            changes.push(ApiChange {
                item,
                before: None,
                level: RustLevel::Minor,
                text: format!("`{path}` was added"),
            });
        }
    }
    changes
}

fn changed<'a>(path: &str, old: &'a Item, new: &'a Item) -> Option<ApiChange<'a>> {
    if old.kind != new.kind || old.signature != new.signature {
        let text = match new.kind {
            ItemKind::Field | ItemKind::Variant if !new.signature.is_empty() => {
                format!(
                    "`{path}` was `{}` and is now `{}`",
                    old.signature, new.signature
                )
            }
            ItemKind::Function => format!(
                "`{path}` took `{}` and now takes `{}`",
                old.signature, new.signature
            ),
            _ => format!(
                "`{path}` was {} and is now {}",
                old.signature, new.signature
            ),
        };
        return Some(ApiChange {
            item: new,
            before: Some(old),
            level: RustLevel::Major,
            text,
        });
    }
    if !old.is_same_thing(new) {
        let names = |item: &Item| {
            let names: Vec<&str> = item.stands_for.iter().map(String::as_str).collect();
            names.join("`, `")
        };
        return Some(ApiChange {
            item: new,
            before: Some(old),
            level: RustLevel::Major,
            text: format!(
                "`{path}` meant `{}` and now means `{}`",
                names(old),
                names(new)
            ),
        });
    }
    let (level, text) = match (old.deprecated, new.deprecated) {
        (false, true) => (RustLevel::Minor, format!("`{path}` is now deprecated")),
        (true, false) => (
            RustLevel::Patch,
            format!("`{path}` is no longer deprecated"),
        ),
        _ => return None,
    };
    Some(ApiChange {
        item: new,
        before: Some(old),
        level,
        text,
    })
}

/// The item that this one is part of.
fn parent(path: &str) -> Option<&str> {
    let end = path
        .rfind(": ")
        .or_else(|| path.rfind('.'))
        .or_else(|| path.rfind("::"))?;
    Some(&path[..end])
}

/// `module::Type` has a module for its parent, which always exists.
fn parent_is_missing(path: &str, surface: &Surface) -> bool {
    parent(path).is_some_and(|parent| {
        parent.contains("::") && !surface.contains_key(parent) && parent != "error::ServiceError"
    })
}
