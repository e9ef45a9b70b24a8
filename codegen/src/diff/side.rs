//! One of the two models: as JSON with its overlay merged in, what of it travels, and what its Rust code looks like.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Version;
use super::validation::Judge;
use crate::ast::{Model, trait_id};
use crate::error::{Error, Result};
use crate::json;
use crate::model::{Service, Usage, lower};

/// A model, ready to be compared.
#[derive(Debug)]
pub(super) struct Side {
    /// The whole model with its overlay.
    pub(super) model: Value,
    /// The id of its service.
    pub(super) service: String,
    /// Where each shape travels; what is not here is in no message.
    pub(super) reach: BTreeMap<String, Usage>,
    /// What a crate would be generated from, or why there is none.
    pub(super) generated: Result<Service>,
    /// Statements that stand in the overlay: place and trait.
    pub(super) stated: BTreeSet<(String, String)>,
    /// Statements of the overlay that no longer fit: place, and what is wrong.
    pub(super) misfits: Vec<(String, String)>,
    /// Compares what this version and the other one check.
    pub(super) judge: Judge,
    empty: Map<String, Value>,
}

impl Side {
    /// Reads a version. `rename` is the namespace and the service shape that it gets, so that two models of one
    /// service can be compared that name it differently.
    pub(super) fn new(version: &Version<'_>, rename: Option<(&str, &str)>) -> Result<Self> {
        let mut model = version.model.clone();
        let mut overlay = version
            .overlay
            .map(|(file, text)| json::parse(text).map_err(|error| error.in_file(file)))
            .transpose()?;
        let mut service = service_id(&model).map_err(|error| error.in_file(version.name))?;
        if let Some((from, to)) = rename {
            rename_all(&mut model, from, to);
            if let Some(overlay) = &mut overlay {
                rename_all(overlay, from, to);
            }
            service = service_id(&model)?;
        }
        let mut stated = BTreeSet::new();
        let mut misfits = Vec::new();
        if let Some(overlay) = overlay {
            merge(&mut model, overlay, &mut stated, &mut misfits);
        }
        let reach = reach(&model, &service, version.operations);
        let generated = analyse(&model, version.operations);
        Ok(Self {
            model,
            service,
            reach,
            generated,
            stated,
            misfits,
            judge: Judge::default(),
            empty: Map::new(),
        })
    }

    /// The shapes by id.
    pub(super) fn shapes(&self) -> &Map<String, Value> {
        self.model["shapes"].as_object().unwrap_or(&self.empty)
    }

    /// A shape.
    pub(super) fn shape(&self, id: &str) -> Option<&Value> {
        self.shapes().get(id)
    }

    /// The type of a shape, with those of Smithy's prelude.
    pub(super) fn type_of(&self, id: &str) -> String {
        let own = self.shape(id).and_then(|shape| shape["type"].as_str());
        own.map_or_else(|| prelude(id), str::to_owned)
    }

    /// The traits of a shape or one of its members.
    pub(super) fn traits(&self, id: &str, member: Option<&str>) -> &Map<String, Value> {
        let place = self.shape(id).and_then(|shape| match member {
            Some(member) => self.member(shape, member),
            None => Some(shape),
        });
        place
            .and_then(|place| place["traits"].as_object())
            .unwrap_or(&self.empty)
    }

    fn member<'a>(&self, shape: &'a Value, name: &str) -> Option<&'a Value> {
        match shape["members"].as_object() {
            Some(members) => members.get(name),
            None => shape.get(name),
        }
    }

    /// Where a shape travels.
    pub(super) fn usage(&self, id: &str) -> Usage {
        self.reach.get(id).copied().unwrap_or_default()
    }

    /// The protocol that clients speak, as the last part of its trait.
    pub(super) fn protocol(&self) -> &'static str {
        let traits = self.traits(&self.service, None);
        ["awsJson1_0", "awsJson1_1", "restJson1"]
            .into_iter()
            .find(|name| traits.contains_key(&format!("aws.protocols#{name}")))
            .unwrap_or("another protocol")
    }

    /// Whether messages have more than a JSON body.
    pub(super) fn is_rest(&self) -> bool {
        !self.protocol().starts_with("awsJson")
    }

    /// The members of a shape by name; lists have `member`, maps `key` and `value`.
    pub(super) fn members(&self, id: &str) -> Vec<(&str, &Value)> {
        let Some(shape) = self.shape(id) else {
            return Vec::new();
        };
        match shape["members"].as_object() {
            Some(members) => members
                .iter()
                .map(|(name, member)| (name.as_str(), member))
                .collect(),
            None => ["member", "key", "value"]
                .into_iter()
                .filter_map(|name| Some((name, shape.get(name)?)))
                .collect(),
        }
    }
}

/// The id of the only service of a model.
pub(super) fn service_id(model: &Value) -> Result<String> {
    let shapes = model["shapes"].as_object();
    let mut services = shapes
        .into_iter()
        .flatten()
        .filter(|(_, shape)| shape["type"] == "service")
        .map(|(id, _)| id);
    match (services.next(), services.next()) {
        (Some(id), None) => Ok(id.clone()),
        (None, _) => Err(Error::new("the model holds no service shape")),
        (Some(one), Some(two)) => Err(Error::new(format!(
            "the model holds more than one service: `{one}` and `{two}`"
        ))),
    }
}

/// What generated code is planned from. The ledger is not asked: a trait that it does not know is a change to report,
/// not the end of the comparison.
fn analyse(model: &Value, operations: Option<&[String]>) -> Result<Service> {
    lower(&Model::from_value(model.clone())?, operations)
}

/// Merges an overlay; what does not fit is left out and told.
fn merge(
    model: &mut Value,
    overlay: Value,
    stated: &mut BTreeSet<(String, String)>,
    misfits: &mut Vec<(String, String)>,
) {
    let Some(Value::Object(statements)) = overlay.get("shapes").cloned() else {
        return;
    };
    for (place, statement) in statements {
        if statement["type"] != "apply" {
            if model["shapes"].get(&place).is_some() {
                misfits.push((
                    place,
                    "the overlay adds this shape, but the model has learned it".to_owned(),
                ));
            } else {
                stated.insert((place.clone(), String::new()));
                model["shapes"][&place] = statement;
            }
            continue;
        }
        let (id, member) = place.split_once('$').unwrap_or((&place, ""));
        let mut statement = statement;
        if let Some(traits) = statement["traits"].as_object_mut() {
            traits.retain(|name, value| {
                let Some(missing) = missing(value, &model["shapes"], namespace(id)) else {
                    return true;
                };
                misfits.push((
                    place.clone(),
                    format!("the overlay states `{name}` with the shape `{missing}`, which the model lacks"),
                ));
                false
            });
        }
        let target = match model["shapes"].get_mut(id) {
            Some(shape) if member.is_empty() => Some(shape),
            Some(shape) if shape.get("members").is_some() => shape["members"].get_mut(member),
            Some(shape) => shape.get_mut(member),
            None => None,
        };
        let Some(Value::Object(target)) = target else {
            misfits.push((
                place,
                "the overlay speaks of it, but the model has it no more".to_owned(),
            ));
            continue;
        };
        let traits = target.entry("traits").or_insert_with(|| Map::new().into());
        for (name, value) in statement["traits"].as_object().into_iter().flatten() {
            if let Some(before) = traits.get(name) {
                let how = if before == value {
                    "itself"
                } else {
                    "otherwise"
                };
                misfits.push((
                    place.clone(),
                    format!("the overlay states `{name}`, and the model now says it {how}"),
                ));
            } else {
                stated.insert((place.clone(), name.clone()));
                traits[name] = value.clone();
            }
        }
    }
}

/// A shape of the model's namespace that a statement names and the model lacks.
fn missing(value: &Value, shapes: &Value, own: &str) -> Option<String> {
    match value {
        Value::String(text) if namespace(text) == own && shapes.get(text).is_none() => {
            Some(text.clone())
        }
        Value::Array(items) => items.iter().find_map(|item| missing(item, shapes, own)),
        Value::Object(entries) => entries
            .values()
            .find_map(|entry| missing(entry, shapes, own)),
        _ => None,
    }
}

/// Renames a namespace, and a service shape, wherever they stand.
fn rename_all(value: &mut Value, from: &str, to: &str) {
    let (from_namespace, to_namespace) = (namespace(from), namespace(to));
    let renamed = |text: &str| {
        if text == from {
            return Some(to.to_owned());
        }
        let rest = text.strip_prefix(from_namespace)?;
        rest.starts_with('#')
            .then(|| format!("{to_namespace}{rest}"))
    };
    match value {
        Value::String(text) => {
            if let Some(new) = renamed(text) {
                *text = new;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_all(item, from, to)),
        Value::Object(entries) => {
            for (key, mut value) in std::mem::take(entries) {
                rename_all(&mut value, from, to);
                entries.insert(renamed(&key).unwrap_or(key), value);
            }
        }
        _ => {}
    }
}

pub(super) fn namespace(id: &str) -> &str {
    id.split_once('#').map_or("", |(namespace, _)| namespace)
}

fn prelude(id: &str) -> String {
    let Some(name) = id.strip_prefix("smithy.api#") else {
        return "missing".to_owned();
    };
    let name = name.strip_prefix("Primitive").unwrap_or(name);
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// Follows targets from the operations.
fn reach(model: &Value, service: &str, only: Option<&[String]>) -> BTreeMap<String, Usage> {
    let mut reach = BTreeMap::new();
    let shapes = &model["shapes"];
    let target = |value: &Value| value["target"].as_str().map(str::to_owned);
    let targets = |value: &Value| -> Vec<String> {
        value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(target)
            .collect()
    };
    let mut received = targets(&shapes[service]["errors"]);
    let mut sent = Vec::new();
    for id in operations(shapes, service) {
        let name = id.rsplit('#').next().unwrap_or(&id);
        if only.is_some_and(|only| !only.iter().any(|selected| selected == name)) {
            continue;
        }
        let operation = &shapes[&id];
        sent.extend(target(&operation["input"]));
        received.extend(target(&operation["output"]));
        received.extend(targets(&operation["errors"]));
        received.extend(targets(&operation["traits"][trait_id::attache::ERRORS]));
        reach.insert(
            id,
            Usage {
                in_requests: true,
                in_responses: true,
                ..Usage::default()
            },
        );
    }
    received.extend(targets(
        &shapes[service]["traits"][trait_id::attache::ERRORS],
    ));
    reach.insert(
        service.to_owned(),
        Usage {
            in_requests: true,
            in_responses: true,
            ..Usage::default()
        },
    );
    spread(shapes, &mut reach, sent, |usage| {
        !std::mem::replace(&mut usage.in_requests, true)
    });
    spread(shapes, &mut reach, received, |usage| {
        !std::mem::replace(&mut usage.in_responses, true)
    });
    reach
}

fn spread(
    shapes: &Value,
    reach: &mut BTreeMap<String, Usage>,
    mut queue: Vec<String>,
    mark: fn(&mut Usage) -> bool,
) {
    while let Some(id) = queue.pop() {
        if !mark(reach.entry(id.clone()).or_default()) {
            continue;
        }
        let shape = &shapes[&id];
        let members = shape["members"]
            .as_object()
            .into_iter()
            .flat_map(Map::values);
        let parts = ["member", "key", "value"]
            .into_iter()
            .filter_map(|key| shape.get(key));
        queue.extend(
            members
                .chain(parts)
                .filter_map(|member| member["target"].as_str().map(str::to_owned)),
        );
    }
}

/// The operations of the service and of its resources.
fn operations(shapes: &Value, service: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut queue = vec![service.to_owned()];
    while let Some(id) = queue.pop() {
        if !seen.insert(id.clone()) {
            continue;
        }
        let shape = &shapes[&id];
        for key in ["operations", "collectionOperations"] {
            for reference in shape[key].as_array().into_iter().flatten() {
                found.extend(reference["target"].as_str().map(str::to_owned));
            }
        }
        for key in ["create", "put", "read", "update", "delete", "list"] {
            found.extend(shape[key]["target"].as_str().map(str::to_owned));
        }
        for reference in shape["resources"].as_array().into_iter().flatten() {
            queue.extend(reference["target"].as_str().map(str::to_owned));
        }
    }
    found
}
