//! Models whose parts would have the same name, and the names that they get.

use std::collections::BTreeSet;

use attache_codegen::analyse;
use attache_codegen::plan::{GivenNames, Names, outline};
use serde_json::{Map, Value, json};

use crate::model::{input, manifest, toys};

/// All names of a model, and what of them is recorded.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) all: Names,
    pub(crate) recorded: Names,
}

pub(crate) fn planned(model: &Value, given: &GivenNames) -> Planned {
    let text = model.to_string();
    let manifest = manifest("attache-toys");
    let service = analyse(&input(&text, &manifest)).expect("the model is fine");
    let plan = outline(&service, given).expect("each has a name");
    Planned {
        all: plan.names(),
        recorded: plan.recorded,
    }
}

pub(crate) fn new(model: &Value) -> Planned {
    planned(model, &GivenNames::default())
}

/// As `update` does it: the old names are known from the old model.
pub(crate) fn updated(old: &Planned, model: &Value) -> Planned {
    let given = GivenNames {
        file: "names.json".to_owned(),
        recorded: old.recorded.clone(),
        previous: old.all.clone(),
    };
    planned(model, &given)
}

/// As `generate` does it: only what was recorded is known.
pub(crate) fn generated(old: &Planned, model: &Value) -> Planned {
    planned(
        model,
        &GivenNames::recorded("names.json", old.recorded.clone()),
    )
}

/// What a model is made of, by the kind of name that each part has.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    pub(crate) structures: BTreeSet<String>,
    pub(crate) errors: BTreeSet<String>,
    pub(crate) operations: BTreeSet<String>,
    pub(crate) waiters: BTreeSet<String>,
    pub(crate) fields: BTreeSet<String>,
    pub(crate) variants: BTreeSet<String>,
    pub(crate) values: BTreeSet<String>,
}

pub(crate) fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

impl Parts {
    pub(crate) fn structures(names: &[&str]) -> Self {
        Self {
            structures: set(names),
            ..Self::default()
        }
    }

    pub(crate) fn operations(names: &[&str]) -> Self {
        Self {
            operations: set(names),
            ..Self::default()
        }
    }

    pub(crate) fn values(values: &[&str]) -> Self {
        Self {
            values: set(values),
            ..Self::default()
        }
    }

    /// `toys` with all of them. Each kind has a namespace of its own, so that any names go together.
    pub(crate) fn model(&self) -> Value {
        let mut model = toys();
        let shapes = model["shapes"].as_object_mut().expect("it has shapes");
        let mut parts = strings(&self.fields);
        for (names, kind) in [(&self.structures, "shapes"), (&self.errors, "errors")] {
            for name in names {
                let id = format!("example.{kind}#{name}");
                let traits = match kind {
                    "errors" => json!({ "smithy.api#error": "client" }),
                    _ => json!({}),
                };
                let members = json!({ "a": { "target": "smithy.api#String" } });
                let shape = json!({ "type": "structure", "members": members, "traits": traits });
                shapes.insert(id.clone(), shape);
                parts.insert(format!("{kind}Part{name}"), json!({ "target": id }));
            }
        }
        let mut variants = strings(&self.variants);
        variants.extend(strings(&set(&["any"])));
        let union = json!({ "type": "union", "members": variants });
        let enumeration = json!({ "type": "enum", "members": self.enum_members() });
        for (name, shape) in [("Union", union), ("Enum", enumeration)] {
            let id = format!("example.toys#{name}");
            shapes.insert(id.clone(), shape);
            parts.insert(format!("part{name}"), json!({ "target": id }));
        }
        shapes["example.toys#MakeToyInput"]["members"] = parts.into();
        let waiter =
            json!({ "acceptors": [{ "state": "success", "matcher": { "success": true } }] });
        let waiters = self.waiters.iter();
        let waiters: Map<String, Value> =
            waiters.map(|name| (name.clone(), waiter.clone())).collect();
        let make_toy = &mut shapes["example.toys#MakeToy"];
        make_toy["traits"]["smithy.waiters#waitable"] = waiters.into();
        let errors = self.errors.iter();
        let errors = errors.map(|name| json!({ "target": format!("example.errors#{name}") }));
        make_toy["errors"] = errors.collect();
        for name in &self.operations {
            let id = format!("example.operations#{name}");
            let http = json!({ "method": "POST", "uri": format!("/{name}"), "code": 200 });
            let operation = json!({ "type": "operation", "traits": { "smithy.api#http": http } });
            shapes.insert(id.clone(), operation);
            let operations = &mut shapes["example.toys#Toys"]["operations"];
            let operations = operations.as_array_mut().expect("a list");
            operations.push(json!({ "target": id }));
        }
        model
    }

    /// Names of values are made of the values, as the importer makes them.
    fn enum_members(&self) -> Map<String, Value> {
        let values = self.values.iter().enumerate().map(|(index, value)| {
            let traits = json!({ "smithy.api#enumValue": value });
            let name = value.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_");
            let member = json!({ "target": "smithy.api#Unit", "traits": traits });
            let prefix = if name.starts_with('1') { "_" } else { "" };
            (format!("{prefix}{name}{}", "_".repeat(index)), member)
        });
        let any = ("ANY".to_owned(), json!({ "target": "smithy.api#Unit" }));
        values.chain([any]).collect()
    }
}

fn strings(names: &BTreeSet<String>) -> Map<String, Value> {
    let names = names.iter();
    names
        .map(|name| (name.clone(), json!({ "target": "smithy.api#String" })))
        .collect()
}
