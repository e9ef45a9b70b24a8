//! Names that were assigned before and do not change.
//!
//! The names of a scope that a collision settled are recorded in `names.json` beside the model. If a model replaces
//! another one, the plan of the old model has its names.

use std::collections::BTreeMap;

use serde::Serialize;

/// Identifiers by the key of their item.
pub(super) type Scope = BTreeMap<String, String>;

/// Identifiers by scope, and in it by the key of their item.
///
/// A type that belongs to an operation or an error is called by `namespace#Operation$input`,
/// `namespace#Operation$output` and `namespace#Shape$error`, any other type by its shape.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Names {
    /// Fields and variants by type, and in it by the name of the member; for enums by the value on the wire.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub members: BTreeMap<String, Scope>,
    /// The functions of the client by operation. Modules and files have the same names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub operations: Scope,
    /// The types; the builder of an operation by the operation.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub types: Scope,
    /// The functions that make waiters by operation, and for it by the name of the waiter.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub waiters: BTreeMap<String, Scope>,
}

impl Names {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same names for a model whose service was `from` and is `to`: in another namespace, perhaps.
    #[must_use]
    pub fn moved(self, from: &str, to: &str) -> Self {
        let namespace = |id: &str| id.split('#').next().unwrap_or_default().to_owned();
        let (from, to) = (namespace(from), namespace(to));
        let moved = |key: String| match key.split_once('#') {
            Some((namespace, rest)) if namespace == from => format!("{to}#{rest}"),
            _ => key,
        };
        fn rename<T>(
            names: BTreeMap<String, T>,
            moved: impl Fn(String) -> String,
        ) -> BTreeMap<String, T> {
            let names = names.into_iter().map(|(key, name)| (moved(key), name));
            names.collect()
        }
        Self {
            members: rename(self.members, moved),
            operations: rename(self.operations, moved),
            types: rename(self.types, moved),
            waiters: rename(self.waiters, moved),
        }
    }

    /// The text of `names.json`, in the form of the other files of a model.
    #[expect(
        clippy::missing_panics_doc,
        reason = "maps of strings always have a JSON form"
    )]
    pub fn text(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("maps of strings have a JSON form");
        text + "\n"
    }
}

/// The names that are known before the names of a model are assigned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GivenNames {
    /// The name of the file of the recorded names in messages.
    pub file: String,
    /// The names in `names.json`.
    pub recorded: Names,
    /// All names of the previous version, if the model replaces one.
    pub previous: Names,
}

impl GivenNames {
    /// Recorded names without a previous version.
    pub fn recorded(file: impl Into<String>, recorded: Names) -> Self {
        Self {
            file: file.into(),
            recorded,
            previous: Names::default(),
        }
    }
}
