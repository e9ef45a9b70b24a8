//! Values of every shape of a model, with each member filled in: as they are sent, and as serde writes them.
//!
//! Nothing here uses the generator: the tests compare what it made with what the models say.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

/// The text of members that are sensitive.
pub const SECRET: &str = "never-show-this";
/// The same text in base64.
pub const SECRET_BYTES: &str = "bmV2ZXItc2hvdy10aGlz";
/// The value of numbers that are sensitive.
pub const SECRET_NUMBER: i32 = 424_243;
/// The value of timestamps that are sensitive.
pub const SECRET_TIME: &str = "2033-05-18T03:33:20Z";
/// The same in seconds since 1970.
pub const SECRET_EPOCH: i64 = 2_000_000_000;
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

    /// Reads the model of a golden crate.
    ///
    /// # Panics
    /// When the file is not there or not JSON.
    pub fn of_golden(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
        let text = std::fs::read_to_string(folder.join(name).join("model.json"));
        let model = serde_json::from_str(&text.expect("the file can be read"));
        Self(model.expect("the file is JSON"))
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
        self.structure_below(shape, false, &[])
    }

    /// The members of a structure below others, but for those that would contain one of these again.
    fn structure_below(&self, shape: &Value, secret: bool, above: &[&str]) -> Vec<Member> {
        let members = object(&shape["members"]).iter();
        members
            .filter(|(_, member)| !self.is_within(member, above))
            .map(|(name, member)| {
                let (wire, serde) = self.value(member, secret, above);
                Member {
                    name: name.clone(),
                    traits: member["traits"].clone(),
                    wire,
                    serde,
                }
            })
            .collect()
    }

    /// Whether a member is of one of these shapes, or a list or a map of one.
    fn is_within(&self, member: &Value, above: &[&str]) -> bool {
        let id = member["target"].as_str().unwrap_or_default();
        let shape = self.shape(id);
        above.contains(&id)
            || ["member", "value"]
                .iter()
                .any(|name| shape.get(name).is_some_and(|it| self.is_within(it, above)))
    }

    /// The value of a member or element in both forms.
    fn value(&self, member: &Value, secret: bool, above: &[&str]) -> (Value, Value) {
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
            "byte" | "short" => same(json!(7)),
            "integer" | "primitiveinteger" => same(json!(if secret { SECRET_NUMBER } else { 7 })),
            "long" | "primitivelong" => same(json!(9_007_199_254_740_993_i64)),
            "float" | "double" => same(json!(if secret {
                f64::from(SECRET_NUMBER)
            } else {
                0.5
            })),
            "biginteger" => same(json!("7")),
            "bigdecimal" => same(json!("75e-1")),
            // The same texts in base64.
            "blob" => same(json!(if secret { SECRET_BYTES } else { "YXJuOmEvYiBj" })),
            "timestamp" if secret => (json!(SECRET_EPOCH), json!(SECRET_TIME)),
            "timestamp" => (json!(1_700_000_000), json!("2023-11-14T22:13:20Z")),
            "enum" | "intEnum" => {
                let first = object(&shape["members"]).values().next();
                same(first.map_or(Value::Null, |value| {
                    value["traits"]["smithy.api#enumValue"].clone()
                }))
            }
            "list" => {
                let (wire, serde) = self.value(&shape["member"], secret, above);
                (json!([wire]), json!([serde]))
            }
            "map" => {
                let (key, _) = self.value(&shape["key"], secret, above);
                let key = key.as_str().expect("keys are strings");
                let (wire, serde) = self.value(&shape["value"], secret, above);
                (json!({ key: wire }), json!({ key: serde }))
            }
            "structure" => {
                let above = [above, &[id]].concat();
                let members = self.structure_below(shape, secret, &above);
                (wire(&members), serde(&members))
            }
            "union" => {
                let above = [above, &[id]].concat();
                let members = self.structure_below(shape, secret, &above);
                let first = members.get(..1).unwrap_or_default();
                (wire(first), serde(first))
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
