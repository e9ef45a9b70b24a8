//! A model with its overlay, as JSON, and the few questions that the oracle and the strategies ask it.
//!
//! None of the generator's code is used: what both read is the two files.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

/// A model with its overlay applied. It is read once a service, and its patterns are compiled once: ten thousand cases
/// an operation ask it millions of questions.
pub(crate) struct Model {
    pub(crate) service: &'static str,
    shapes: Map<String, Value>,
    patterns: BTreeMap<String, regress::Regex>,
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
        shapes.insert("smithy.api#Unit".to_owned(), json!({"type": "structure"}));
        for name in PRELUDE {
            let kind = name.trim_start_matches("Primitive").to_lowercase();
            shapes.insert(format!("smithy.api#{name}"), json!({ "type": kind }));
        }
        let mut patterns = BTreeMap::new();
        shapes
            .values()
            .for_each(|shape| compile(shape, &mut patterns));
        Self {
            service,
            shapes,
            patterns,
        }
    }

    /// A pattern of the model, as an ECMAScript engine understands it.
    pub(crate) fn regex(&self, pattern: &str) -> &regress::Regex {
        &self.patterns[pattern]
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
    pub(crate) fn shape(&self, id: &str) -> &Value {
        self.shapes
            .get(id)
            .unwrap_or_else(|| panic!("{} lacks {id}", self.service))
    }

    /// The members of a structure or union.
    pub(crate) fn members(&self, id: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.shape(id)["members"].as_object().into_iter().flatten()
    }

    /// A trait of a member, or else of its target.
    pub(crate) fn trait_of<'a>(&'a self, member: &'a Value, id: &str) -> Option<&'a Value> {
        let target = member["target"].as_str().expect("a target");
        let own = member.get("traits").and_then(|traits| traits.get(id));
        own.or_else(|| self.shape(target).get("traits")?.get(id))
    }
}

/// The simple shapes of Smithy's prelude.
const PRELUDE: [&str; 16] = [
    "Blob",
    "Boolean",
    "Byte",
    "Document",
    "Double",
    "Float",
    "Integer",
    "Long",
    "PrimitiveBoolean",
    "PrimitiveByte",
    "PrimitiveDouble",
    "PrimitiveFloat",
    "PrimitiveInteger",
    "PrimitiveLong",
    "String",
    "Timestamp",
];

/// Compiles every pattern in a shape and below it.
fn compile(value: &Value, patterns: &mut BTreeMap<String, regress::Regex>) {
    let Some(members) = value.as_object() else {
        return;
    };
    for (name, value) in members {
        let pattern = match name.as_str() {
            "smithy.api#pattern" => value.as_str(),
            "attache#recommendedPattern" => value["pattern"].as_str(),
            _ => None,
        };
        if let Some(pattern) = pattern {
            let regex = regress::Regex::new(pattern).expect("an ECMAScript pattern");
            patterns.insert(pattern.to_owned(), regex);
        }
        compile(value, patterns);
    }
}
