//! Resolves mixins and `apply` statements, before any other step reads a model.
//!
//! Both only avoid repetition and state nothing about a service (Smithy specification, "Mixins" and "Trait conflict
//! resolution"). A model is therefore flattened once, as JSON, so its normal form and the mirror contain neither.
//! Members of mixins come before a shape's own members, later mixins override the traits of earlier ones, and traits
//! that are applied to the shape or the copied member override both. The flat model does not contain the mixins
//! themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{ShapeId, UNIT, trait_id};
use crate::error::{Context, Error, Result};

/// The maximum number of copied members and traits. Mixins of mixins could multiply them.
const COPIES: usize = 200_000;

type Object = Map<String, Value>;

/// Statements about members that a shape has from a mixin: by shape, then by member.
type Inherited = BTreeMap<String, BTreeMap<String, Object>>;

/// Flattens the JSON AST of a model. A model without mixins and `apply` statements is unchanged.
///
/// # Errors
/// A statement about a shape or member that does not exist, or with another value of a trait than the shape has; mixins
/// that do not exist, are of another type, are not mixins, conflict, form a cycle, or result in too many members; a
/// reference to a mixin instead of a shape.
pub fn resolve(model: &mut Value) -> Result<()> {
    let Some(Value::Object(shapes)) = model.get_mut("shapes") else {
        return Ok(());
    };
    let mut inherited = apply_statements(shapes)?;
    let mut copies = 0;
    for id in in_order(shapes)? {
        mix_in(shapes, &id, &mut copies).at(&id)?;
        for (name, traits) in inherited.remove(&id).unwrap_or_default() {
            let member = shapes
                .get_mut(&id)
                .and_then(|shape| member_mut(shape, &name));
            let member = member.ok_or_else(|| nothing(&id, Some(&name)))?;
            supersede_traits(traits_mut(member)?, traits);
        }
    }
    if let Some((id, members)) = inherited.first_key_value() {
        return Err(nothing(id, members.keys().next().map(String::as_str)));
    }
    remove_mixins(shapes)
}

fn nothing(id: &str, member: Option<&str>) -> Error {
    let place = match member {
        Some(member) => format!("{id}${member}"),
        None => id.to_owned(),
    };
    Error::new("this `apply` statement applies to nothing: the model has no such shape or member")
        .at(place)
}

/// Removes the statements from the model and applies those about shapes and their own members.
fn apply_statements(shapes: &mut Object) -> Result<Inherited> {
    let is_statement = |shape: &Value| shape["type"] == "apply";
    let statements = shapes.iter().filter(|(_, shape)| is_statement(shape));
    let statements: Vec<String> = statements.map(|(id, _)| id.clone()).collect();
    let mut inherited = Inherited::new();
    for id in statements {
        let place = ShapeId::parse(&id).at(&id)?;
        let traits = statement(shapes.remove(&id)).at(&id)?;
        let shape = shapes.get_mut(place.shape().as_str());
        let shape = shape.ok_or_else(|| nothing(&id, None))?;
        let target = match place.member() {
            None => shape.as_object_mut(),
            Some(member) => member_mut(shape, member),
        };
        match (target, place.member()) {
            (Some(target), _) => apply(traits_mut(target).at(&id)?, traits).at(&id)?,
            (None, member) => {
                let members = inherited.entry(place.shape().to_string()).or_default();
                members.insert(member.unwrap_or_default().to_owned(), traits);
            }
        }
    }
    Ok(inherited)
}

/// The traits of an `apply` statement.
fn statement(shape: Option<Value>) -> Result<Object> {
    let mut fields = match shape {
        Some(Value::Object(fields)) => fields,
        _ => Object::new(),
    };
    fields.remove("type");
    let traits = fields.remove("traits");
    match (traits, fields.keys().next()) {
        (Some(Value::Object(traits)), None) => Ok(traits),
        (_, Some(key)) => Err(Error::new(format!(
            "an `apply` statement has the key `traits` only, not `{key}`"
        ))),
        (_, None) => Err(Error::new("an `apply` statement needs the object `traits`")),
    }
}

/// Adds traits to the existing ones: lists are joined, and two other values of a trait must be equal.
fn apply(traits: &mut Object, statement: Object) -> Result<()> {
    for (id, value) in statement {
        match (traits.get_mut(&id), value) {
            (None, value) => {
                traits.insert(id, value);
            }
            (Some(Value::Array(before)), Value::Array(more)) => before.extend(more),
            (Some(before), value) if *before == value => {}
            (Some(before), value) => {
                return Err(Error::new(format!(
                    "the shape says {before} for the trait `{id}`, and this `apply` statement {value}: remove one"
                )));
            }
        }
    }
    Ok(())
}

/// The shapes that name mixins, each after the mixins that it names.
fn in_order(shapes: &Object) -> Result<Vec<String>> {
    let users = shapes.iter();
    let users = users.filter(|(_, shape)| shape.get("mixins").is_some());
    let mut order = Vec::new();
    let mut done: BTreeMap<String, bool> = BTreeMap::new();
    for (user, _) in users {
        if done.contains_key(user) {
            continue;
        }
        done.insert(user.clone(), false);
        // A list of shapes and their remaining mixins instead of recursion, because mixins may nest deeper than a
        // thread's stack permits.
        let mut path = vec![(user.clone(), mixins(&shapes[user]).at(user)?.into_iter())];
        while let Some((id, mut left)) = path.pop() {
            let Some(mixin) = left.next() else {
                done.insert(id.clone(), true);
                order.push(id);
                continue;
            };
            let shape = shapes.get(&mixin).ok_or_else(|| {
                Error::new(format!("names the mixin `{mixin}`, which the model lacks")).at(&id)
            })?;
            let known = done.get(&mixin).copied();
            if known == Some(false) {
                return Err(Error::new("the mixins form a cycle").at(&id));
            }
            path.push((id, left));
            if known.is_none() {
                done.insert(mixin.clone(), false);
                let next = mixins(shape).at(&mixin)?.into_iter();
                path.push((mixin, next));
            }
        }
    }
    Ok(order)
}

/// The ids of the mixins that a shape names.
fn mixins(shape: &Value) -> Result<Vec<String>> {
    let ids = match shape.get("mixins") {
        None => Some(Vec::new()),
        Some(mixins) => mixins.as_array().and_then(|mixins| {
            let ids = mixins
                .iter()
                .map(|mixin| mixin["target"].as_str().map(str::to_owned));
            ids.collect()
        }),
    };
    ids.ok_or_else(|| Error::new("the key `mixins` is a list of objects with the key `target`"))
}

/// Adds the members and traits of a shape's mixins, which are resolved, before its own.
fn mix_in(shapes: &mut Object, id: &str, copies: &mut usize) -> Result<()> {
    let mut merged = Object::new();
    for mixin in mixins(&shapes[id])? {
        let source = copy(&shapes[&mixin], &shapes[id]["type"]).at(&mixin)?;
        *copies += size(&source);
        if *copies > COPIES {
            return Err(Error::new(format!(
                "mixins add more than {COPIES} members and traits to shapes"
            )));
        }
        supersede(&mut merged, source)?;
    }
    if let Some(Value::Object(shape)) = shapes.get_mut(id) {
        shape.remove("mixins");
        supersede(&mut merged, std::mem::take(shape))?;
        *shape = merged;
    }
    Ok(())
}

/// The parts of a mixin that a shape gets: everything except the trait `mixin` itself and the traits that it lists as
/// local.
fn copy(mixin: &Value, kind: &Value) -> Result<Object> {
    let mut source = match mixin {
        Value::Object(source) => source.clone(),
        _ => Object::new(),
    };
    if source.get("type") != Some(kind) {
        return Err(Error::new(format!(
            "a mixin of a {} cannot be mixed into a {}",
            mixin["type"].as_str().unwrap_or("shape"),
            kind.as_str().unwrap_or("shape")
        )));
    }
    let traits = traits_mut(&mut source)?;
    let Some(definition) = traits.remove(trait_id::MIXIN) else {
        return Err(Error::new(format!(
            "is named as a mixin, but lacks the trait `{}`",
            trait_id::MIXIN
        )));
    };
    for local in definition["localTraits"].as_array().into_iter().flatten() {
        traits.remove(local.as_str().unwrap_or_default());
    }
    validate_properties(&mut source)?;
    Ok(source)
}

/// Mixins of operations have errors only, and those of resources nothing.
fn validate_properties(source: &mut Object) -> Result<()> {
    let allowed: &[&str] = match source.get("type").and_then(Value::as_str) {
        Some("operation") => &["type", "traits", "errors"],
        Some("resource") => &["type", "traits"],
        _ => return Ok(()),
    };
    // `Unit` replaces a missing input or output.
    source.retain(|_, value| value["target"] != UNIT);
    match source.keys().find(|key| !allowed.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(Error::new(format!("a mixin of this type has no `{key}`"))),
    }
}

fn size(source: &Object) -> usize {
    let entries = |key: &str| {
        source
            .get(key)
            .and_then(Value::as_object)
            .map_or(0, Map::len)
    };
    entries("members") + entries("traits") + 1
}

/// Merges `over` into `base`: its traits and values take precedence, members and lists are joined.
fn supersede(base: &mut Object, over: Object) -> Result<()> {
    for (key, value) in over {
        match (key.as_str(), base.get_mut(&key), value) {
            ("traits", Some(Value::Object(traits)), Value::Object(more)) => {
                supersede_traits(traits, more);
            }
            ("members", Some(Value::Object(members)), Value::Object(more)) => {
                for (name, member) in more {
                    match members.get_mut(&name) {
                        Some(before) => supersede_member(before, member).at(format!("${name}"))?,
                        None => {
                            members.insert(name, member);
                        }
                    }
                }
            }
            ("member" | "key" | "value", Some(before), member) => {
                supersede_member(before, member).at(format!("${key}"))?;
            }
            (_, Some(Value::Array(items)), Value::Array(more)) => {
                for item in more {
                    if !items.contains(&item) {
                        items.push(item);
                    }
                }
            }
            (_, Some(Value::Object(entries)), Value::Object(more)) => entries.extend(more),
            (_, _, value) => {
                base.insert(key, value);
            }
        }
    }
    Ok(())
}

fn supersede_traits(traits: &mut Object, over: Object) {
    traits.extend(over);
}

/// A member that exists twice must have one target.
fn supersede_member(before: &mut Value, member: Value) -> Result<()> {
    if before["target"] != member["target"] {
        return Err(Error::new(format!(
            "a mixin has this member with the target {}, and the shape or another mixin with {}",
            before["target"], member["target"]
        )));
    }
    let Value::Object(mut member) = member else {
        return Ok(());
    };
    let traits = std::mem::take(traits_mut(&mut member)?);
    if let Value::Object(before) = before {
        supersede_traits(traits_mut(before)?, traits);
    }
    Ok(())
}

/// Removes the mixins from the model; nothing else may refer to them.
fn remove_mixins(shapes: &mut Object) -> Result<()> {
    let is_mixin = |shape: &Value| {
        shape
            .get("traits")
            .is_some_and(|traits| traits.get(trait_id::MIXIN).is_some())
    };
    let mixins = shapes.iter().filter(|(_, shape)| is_mixin(shape));
    let mixins: BTreeSet<String> = mixins.map(|(id, _)| id.clone()).collect();
    if mixins.is_empty() {
        return Ok(());
    }
    shapes.retain(|id, _| !mixins.contains(id));
    for (id, shape) in shapes.iter() {
        let fields = shape.as_object().into_iter().flatten();
        let mut targets = fields.filter(|(key, _)| *key != "traits");
        if let Some(mixin) = targets.find_map(|(_, value)| reference_to(value, &mixins)) {
            return Err(Error::new(format!(
                "refers to `{mixin}`, which is a mixin: shapes can name it in `mixins` only"
            ))
            .at(id));
        }
    }
    Ok(())
}

/// The first of these shapes that a value refers to. A shape's values nest three deep: `members`, a member, `target`.
fn reference_to<'a>(value: &'a Value, shapes: &BTreeSet<String>) -> Option<&'a str> {
    match value {
        Value::Object(fields) => match fields.get("target").and_then(Value::as_str) {
            Some(target) => Some(target).filter(|target| shapes.contains(*target)),
            None => fields
                .values()
                .find_map(|value| reference_to(value, shapes)),
        },
        Value::Array(items) => items.iter().find_map(|item| reference_to(item, shapes)),
        _ => None,
    }
}

/// A member of a shape, where it has one of this name itself.
pub(super) fn member_mut<'a>(shape: &'a mut Value, name: &str) -> Option<&'a mut Object> {
    let shape = shape.as_object_mut()?;
    let members = match name {
        "member" | "key" | "value" if shape.contains_key(name) => shape,
        _ => shape.get_mut("members")?.as_object_mut()?,
    };
    members.get_mut(name)?.as_object_mut()
}

/// The traits of a shape or a member, to be added to.
pub(super) fn traits_mut(place: &mut Object) -> Result<&mut Object> {
    let traits = place
        .entry("traits")
        .or_insert_with(|| Object::new().into());
    traits
        .as_object_mut()
        .ok_or_else(|| Error::new("the key `traits` is not an object"))
}
