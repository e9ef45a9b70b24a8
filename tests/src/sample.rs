//! Values of every shape of a model, with each member filled in: as they are sent, and as serde writes them.
//!
//! Nothing here uses the generator: the tests compare what it made with what the models say.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// The text of members that are sensitive.
pub const SECRET: &str = "never-show-this";
/// The text of other members; it holds what paths and queries must escape.
pub const PLAIN: &str = "arn:a/b c+é";

/// A Smithy model.
#[derive(Debug)]
pub struct Model(Value);

/// A member, with its place in the HTTP message.
#[derive(Debug)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its traits.
    pub traits: Value,
    /// Its value in the JSON of a message.
    pub wire: Value,
    /// Its value as serde writes it.
    pub serde: Value,
}

impl Member {
    /// The value of a trait with a string.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.traits.get(format!("smithy.api#{name}"))?.as_str()
    }

    /// Whether a trait is there.
    pub fn has(&self, name: &str) -> bool {
        self.traits.get(format!("smithy.api#{name}")).is_some()
    }

    /// Its value as text outside of a body.
    pub fn plain(&self) -> String {
        match &self.wire {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

impl Model {
    /// Reads the model of a service, with the traits that its overlay adds.
    ///
    /// # Panics
    /// When a file is not there or not JSON.
    pub fn of(service: &str) -> Self {
        let read = |file: &str| -> Value {
            let path = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../models")
                .join(service)
                .join(file);
            let text = std::fs::read_to_string(path).expect("the file can be read");
            serde_json::from_str(&text).expect("the file is JSON")
        };
        let mut model = read("model.json");
        let overlay = read("overlay.json");
        for (id, statement) in object(&overlay["shapes"]) {
            if statement["type"] != "apply" {
                model["shapes"][id] = statement.clone();
                continue;
            }
            let (shape, member) = id.split_once('$').unwrap_or((id, ""));
            let target = match member {
                "" => &mut model["shapes"][shape],
                member => &mut model["shapes"][shape]["members"][member],
            };
            for (name, value) in object(&statement["traits"]) {
                target["traits"][name] = value.clone();
            }
        }
        Self(model)
    }

    fn shapes(&self) -> &Map<String, Value> {
        object(&self.0["shapes"])
    }

    /// A shape by its id.
    pub fn shape(&self, id: &str) -> &Value {
        self.shapes().get(id).unwrap_or(&Value::Null)
    }

    /// The shapes of a type, by their names without the namespace.
    pub fn shapes_of_type(&self, kind: &str) -> Vec<(&str, &Value)> {
        self.shapes()
            .iter()
            .filter(|(_, shape)| shape["type"] == kind)
            .map(|(id, shape)| (id.split('#').next_back().unwrap_or(id), shape))
            .collect()
    }

    /// The members of the input or output of an operation, all of them filled in.
    pub fn members(&self, operation: &Value, side: &str) -> Vec<Member> {
        match operation[side]["target"].as_str() {
            Some(id) => self.structure(self.shape(id)),
            None => Vec::new(),
        }
    }

    /// The members of a structure, all of them filled in.
    pub fn structure(&self, shape: &Value) -> Vec<Member> {
        self.structure_at(shape, 0)
    }

    fn structure_at(&self, shape: &Value, depth: usize) -> Vec<Member> {
        let members = object(&shape["members"]).iter();
        members
            .map(|(name, member)| {
                let (wire, serde) = self.value(member, false, depth);
                Member {
                    name: name.clone(),
                    traits: member["traits"].clone(),
                    wire,
                    serde,
                }
            })
            .collect()
    }

    /// The value of a member or element in both forms.
    fn value(&self, member: &Value, secret: bool, depth: usize) -> (Value, Value) {
        assert!(depth < 16, "the models have no recursive shapes: {member}");
        let id = member["target"].as_str().unwrap_or_default();
        let shape = self.shape(id);
        let marked = |value: &Value| value["traits"].get("smithy.api#sensitive").is_some();
        let secret = secret || marked(member) || marked(shape);
        let kind = shape["type"].as_str().map_or_else(
            || id.trim_start_matches("smithy.api#").to_ascii_lowercase(),
            str::to_owned,
        );
        let same = |value: Value| (value.clone(), value);
        match kind.as_str() {
            "string" => same(json!(if secret { SECRET } else { PLAIN })),
            "boolean" | "primitiveboolean" => same(json!(true)),
            "integer" | "primitiveinteger" => same(json!(7)),
            "long" | "primitivelong" => same(json!(9_007_199_254_740_993_i64)),
            "double" => same(json!(0.5)),
            // The same texts in base64.
            "blob" => same(json!(if secret {
                "bmV2ZXItc2hvdy10aGlz"
            } else {
                "YXJuOmEvYiBj"
            })),
            "timestamp" => (json!(1_700_000_000), json!("2023-11-14T22:13:20Z")),
            "enum" => {
                let first = object(&shape["members"]).values().next();
                same(first.map_or(Value::Null, |value| {
                    value["traits"]["smithy.api#enumValue"].clone()
                }))
            }
            "list" => {
                let (wire, serde) = self.value(&shape["member"], secret, depth + 1);
                (json!([wire]), json!([serde]))
            }
            "map" => {
                let (key, _) = self.value(&shape["key"], secret, depth + 1);
                let key = key.as_str().expect("keys are strings");
                let (wire, serde) = self.value(&shape["value"], secret, depth + 1);
                (json!({ key: wire }), json!({ key: serde }))
            }
            "structure" => {
                let members = self.structure_at(shape, depth + 1);
                (wire(&members), serde(&members))
            }
            other => panic!("the models have no {other}: {id}"),
        }
    }
}

/// Members as a JSON object on the wire.
pub fn wire<'a>(members: impl IntoIterator<Item = &'a Member>) -> Value {
    let members = members.into_iter();
    members
        .map(|member| (member.name.clone(), member.wire.clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// Members as serde writes them.
pub fn serde<'a>(members: impl IntoIterator<Item = &'a Member>) -> Value {
    let members = members.into_iter();
    members
        .map(|member| (member.name.clone(), member.serde.clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// The entries of an object; none of anything else.
pub fn object(value: &Value) -> &Map<String, Value> {
    static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    value.as_object().unwrap_or(&EMPTY)
}
