//! A model with its overlay, as JSON, and the few questions that the oracle and the strategies ask it.
//!
//! None of the generator's code is used: what both read is the two files.

use std::path::Path;

use serde_json::{Map, Value, json};

/// A model with its overlay applied.
pub(crate) struct Model {
    pub(crate) service: &'static str,
    shapes: Map<String, Value>,
}

impl Model {
    pub(crate) fn read(service: &'static str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../models")
            .join(service);
        let read = |name: &str| -> Map<String, Value> {
            let text = std::fs::read_to_string(folder.join(name)).expect("the models are there");
            let value: Value = serde_json::from_str(&text).expect("the models are JSON");
            value["shapes"].as_object().expect("shapes").clone()
        };
        let mut shapes = read("model.json");
        for (id, statement) in read("overlay.json") {
            if statement["type"] != "apply" {
                shapes.insert(id, statement);
                continue;
            }
            let target = match id.split_once('$') {
                Some((shape, "member")) if shapes[shape].get("member").is_some() => {
                    &mut shapes[shape]["member"]
                }
                Some((shape, member)) => &mut shapes[shape]["members"][member],
                None => &mut shapes[id.as_str()],
            };
            for (name, value) in statement["traits"].as_object().expect("traits") {
                target["traits"][name] = value.clone();
            }
        }
        Self { service, shapes }
    }

    /// The operations and their inputs.
    pub(crate) fn operations(&self) -> Vec<(String, String)> {
        let operations = self
            .shapes
            .iter()
            .filter(|(_, shape)| shape["type"] == "operation");
        operations
            .map(|(id, shape)| {
                let name = id.split_once('#').expect("an absolute id").1;
                let input = shape["input"]["target"]
                    .as_str()
                    .unwrap_or("smithy.api#Unit");
                (name.to_owned(), input.to_owned())
            })
            .collect()
    }

    /// A shape; those of the prelude have only a type.
    pub(crate) fn shape(&self, id: &str) -> Value {
        match self.shapes.get(id) {
            Some(shape) => shape.clone(),
            None if id == "smithy.api#Unit" => json!({"type": "structure"}),
            None => {
                let name = id.trim_start_matches("smithy.api#");
                json!({"type": name.trim_start_matches("Primitive").to_lowercase()})
            }
        }
    }

    /// The members of a structure or union.
    pub(crate) fn members(&self, id: &str) -> Vec<(String, Value)> {
        let shape = self.shape(id);
        shape["members"]
            .as_object()
            .map_or_else(Vec::new, |members| {
                members
                    .iter()
                    .map(|(name, member)| (name.clone(), member.clone()))
                    .collect()
            })
    }

    /// A trait of a member, or else of its target.
    pub(crate) fn trait_of(&self, member: &Value, id: &str) -> Option<Value> {
        let target = member["target"].as_str().expect("a target");
        let own = member.get("traits").and_then(|traits| traits.get(id));
        own.cloned()
            .or_else(|| self.shape(target).get("traits")?.get(id).cloned())
    }
}
