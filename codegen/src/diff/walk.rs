//! A walk over two models in parallel that finds every difference.
//!
//! It uses the structure of the JSON AST only to determine *where* a difference is. An unknown key is a difference like
//! any other. Nothing is skipped, so a difference without a rule is reported as unclassified.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// One difference between two models.
#[derive(Clone, Copy, Debug)]
pub(super) struct Difference<'a> {
    /// The id of the shape; empty outside of shapes.
    pub(super) shape: &'a str,
    /// The member, if the difference is about one.
    pub(super) member: Option<&'a str>,
    /// What differs.
    pub(super) what: What<'a>,
    /// The old value; `None` if there was none.
    pub(super) old: Option<&'a Value>,
    /// The new value; `None` if there is none any more.
    pub(super) new: Option<&'a Value>,
}

/// What differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What<'a> {
    /// The whole shape exists on one side only.
    Shape,
    /// Its type.
    Type,
    /// The whole member exists on one side only.
    Member,
    /// The target of a member.
    Target,
    /// A trait of the shape or the member.
    Trait(&'a str),
    /// A reference in a list of references: the key, and its target.
    Reference(&'a str, &'a str),
    /// Any other key.
    Key(&'a str),
}

/// Keys that hold lists of references, whose order has no meaning.
const REFERENCES: [&str; 4] = ["errors", "operations", "resources", "collectionOperations"];

/// Every difference, in the order of the shapes' ids.
pub(super) fn differences<'a>(old: &'a Value, new: &'a Value) -> Vec<Difference<'a>> {
    let mut walk = Walk(Vec::new());
    for (key, old, new) in pairs(old, new) {
        if key == "shapes" {
            let (Some(old), Some(new)) = (old, new) else {
                walk.add("", None, What::Key(key), old, new);
                continue;
            };
            for (id, old, new) in pairs(old, new) {
                walk.shape(id, old, new);
            }
        } else {
            walk.add("", None, What::Key(key), old, new);
        }
    }
    walk.0
}

struct Walk<'a>(Vec<Difference<'a>>);

impl<'a> Walk<'a> {
    fn add(
        &mut self,
        shape: &'a str,
        member: Option<&'a str>,
        what: What<'a>,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
    ) {
        if old != new {
            self.0.push(Difference {
                shape,
                member,
                what,
                old,
                new,
            });
        }
    }

    fn shape(&mut self, id: &'a str, old: Option<&'a Value>, new: Option<&'a Value>) {
        let (Some(old), Some(new)) = (old, new) else {
            return self.add(id, None, What::Shape, old, new);
        };
        if !old.is_object() || !new.is_object() {
            return self.add(id, None, What::Shape, Some(old), Some(new));
        }
        // Members of another type of shape are reported with the type.
        let retyped = old.get("type") != new.get("type");
        for (key, old_part, new_part) in pairs(old, new) {
            match key {
                "type" => self.add(id, None, What::Type, old_part, new_part),
                "traits" => self.traits(id, None, old_part, new_part),
                "members" | "member" | "key" | "value" if retyped => {}
                "members" => self.members(id, old_part, new_part),
                "member" | "key" | "value" => self.member(id, key, old_part, new_part),
                _ if REFERENCES.contains(&key) => self.references(id, key, old_part, new_part),
                _ => self.add(id, None, What::Key(key), old_part, new_part),
            }
        }
    }

    fn members(&mut self, id: &'a str, old: Option<&'a Value>, new: Option<&'a Value>) {
        match (old, new) {
            (Some(Value::Object(_)) | None, Some(Value::Object(_)) | None) => {
                let before = self.0.len();
                for (name, old, new) in optional_pairs(old, new) {
                    self.member(id, name, old, new);
                }
                self.empty(before, id, None, "members", old, new);
            }
            _ => self.add(id, None, What::Key("members"), old, new),
        }
    }

    fn member(
        &mut self,
        id: &'a str,
        name: &'a str,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
    ) {
        let (Some(old), Some(new)) = (old, new) else {
            return self.add(id, Some(name), What::Member, old, new);
        };
        if !old.is_object() || !new.is_object() {
            return self.add(id, Some(name), What::Member, Some(old), Some(new));
        }
        for (key, old, new) in pairs(old, new) {
            match key {
                "target" => self.add(id, Some(name), What::Target, old, new),
                "traits" => self.traits(id, Some(name), old, new),
                _ => self.add(id, Some(name), What::Key(key), old, new),
            }
        }
    }

    fn traits(
        &mut self,
        id: &'a str,
        member: Option<&'a str>,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
    ) {
        match (old, new) {
            (Some(Value::Object(_)) | None, Some(Value::Object(_)) | None) => {
                let before = self.0.len();
                for (name, old, new) in optional_pairs(old, new) {
                    self.add(id, member, What::Trait(name), old, new);
                }
                self.empty(before, id, member, "traits", old, new);
            }
            _ => self.add(id, member, What::Key("traits"), old, new),
        }
    }

    /// An empty object instead of none has no entries that would show it.
    fn empty(
        &mut self,
        before: usize,
        id: &'a str,
        member: Option<&'a str>,
        key: &'a str,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
    ) {
        if self.0.len() == before {
            self.add(id, member, What::Key(key), old, new);
        }
    }

    fn references(
        &mut self,
        id: &'a str,
        key: &'a str,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
    ) {
        let (Some(old_targets), Some(new_targets)) = (targets(old), targets(new)) else {
            return self.add(id, None, What::Key(key), old, new);
        };
        let before = self.0.len();
        for (target, value) in &old_targets {
            if !new_targets.iter().any(|(other, _)| other == target) {
                self.add(id, None, What::Reference(key, target), Some(value), None);
            }
        }
        for (target, value) in &new_targets {
            if !old_targets.iter().any(|(other, _)| other == target) {
                self.add(id, None, What::Reference(key, target), None, Some(value));
            }
        }
        // The same targets, but another order or repetition.
        if self.0.len() == before {
            self.add(id, None, What::Key(key), old, new);
        }
    }
}

/// The references of a list; `None` where it holds anything else.
fn targets(list: Option<&Value>) -> Option<Vec<(&str, &Value)>> {
    let Some(list) = list else {
        return Some(Vec::new());
    };
    list.as_array()?
        .iter()
        .map(|reference| match reference.as_object() {
            Some(entries) if entries.len() == 1 => {
                Some((entries.get("target")?.as_str()?, reference))
            }
            _ => None,
        })
        .collect()
}

type Pair<'a> = (&'a str, Option<&'a Value>, Option<&'a Value>);

fn pairs<'a>(old: &'a Value, new: &'a Value) -> Vec<Pair<'a>> {
    optional_pairs(Some(old), Some(new))
}

/// The entries of two objects by key.
fn optional_pairs<'a>(old: Option<&'a Value>, new: Option<&'a Value>) -> Vec<Pair<'a>> {
    fn entries(value: Option<&Value>) -> Option<&Map<String, Value>> {
        value.and_then(Value::as_object)
    }
    let (old, new) = (entries(old), entries(new));
    let keys: BTreeSet<&'a str> = [old, new]
        .into_iter()
        .flatten()
        .flat_map(Map::keys)
        .map(String::as_str)
        .collect();
    keys.into_iter()
        .map(|key| {
            (
                key,
                old.and_then(|old| old.get(key)),
                new.and_then(|new| new.get(key)),
            )
        })
        .collect()
}
