//! Nothing of a model is called like something that generated code needs itself. The names that the emitter writes are
//! read off generated code, so that one that is new and not reserved is noticed.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use attache_codegen::emit::File;
use attache_codegen::plan::reserved::{
    Reserved, constructors, functions, methods, types, variants,
};
use attache_codegen::plan::{End, Plan, field_name, type_name};
use serde_json::{Map, Value, json};

use crate::model::{generate_toys, toys};
use crate::written_names::{
    WrittenNames, bound_names, inherent, parse, repeated, variants as variants_of, with_files,
};

static WRITTEN: LazyLock<WrittenNames> = LazyLock::new(WrittenNames::of_this_repository);

/// The scopes: what the emitter writes, and what is reserved.
fn scopes() -> [(&'static str, BTreeSet<String>, &'static [Reserved]); 5] {
    let written = &*WRITTEN;
    let methods: BTreeSet<String> = written
        .methods
        .difference(&written.constructors)
        .cloned()
        .collect();
    [
        (
            "constructors",
            written.constructors.clone(),
            constructors::ALL,
        ),
        ("methods", methods, methods::ALL),
        ("functions", written.functions.clone(), functions::ALL),
        ("types", written.types.clone(), types::ALL),
        ("variants", written.variants.clone(), variants::ALL),
    ]
}

fn names(reserved: &[Reserved]) -> BTreeSet<String> {
    reserved.iter().map(ToString::to_string).collect()
}

#[test]
fn every_name_that_the_emitter_writes_is_reserved() {
    for (scope, written, reserved) in scopes() {
        assert!(!written.is_empty(), "no {scope} were found");
        let missing: Vec<String> = written.difference(&names(reserved)).cloned().collect();
        assert!(
            missing.is_empty(),
            "the emitter writes these {scope}, which `plan/reserved.rs` does not have: {missing:?}"
        );
    }
}

#[test]
fn every_reserved_name_is_written() {
    for (scope, mut written, reserved) in scopes() {
        if scope == "types" {
            written.extend(WRITTEN.exports.iter().cloned());
        }
        if scope == "functions" {
            written.extend(function_for_settings());
        }
        let unused: Vec<String> = names(reserved).difference(&written).cloned().collect();
        assert!(
            unused.is_empty(),
            "`plan/reserved.rs` has these {scope}, which the emitter does not write: {unused:?}"
        );
    }
}

/// The function that only clients with settings for their endpoint rules have; no client of this repository is one.
fn function_for_settings() -> Option<String> {
    let mut model = toys();
    let traits = &mut model["shapes"]["example.toys#Toys"]["traits"];
    traits["smithy.rules#clientContextParams"] = json!({ "Mode": { "type": "boolean" } });
    traits["smithy.rules#endpointRuleSet"] = json!({
        "version": "1.0",
        "parameters": { "Mode": { "type": "boolean" } },
        "rules": [{ "type": "error", "conditions": [], "error": "nowhere" }],
    });
    let files = generate_toys(&model.to_string(), None).expect("it is generated");
    let client = files.iter().find(|file| file.path == "src/client.rs")?;
    let name = functions::WITH_ENDPOINT_SETTINGS.to_string();
    client
        .text
        .contains(&format!("pub fn {name}("))
        .then_some(name)
}

/// Every name that the emitter writes, in the case of types.
fn hostile_types() -> BTreeSet<String> {
    let written = &*WRITTEN;
    let all = [
        &written.types,
        &written.variants,
        &written.functions,
        &written.methods,
    ];
    let names = all.into_iter().flatten().map(|name| type_name(name));
    // Keywords have no other case.
    names.chain(["Self".to_owned()]).collect()
}

/// The same in the case of members.
fn hostile_members() -> BTreeSet<String> {
    hostile_types()
        .iter()
        .map(|name| field_name(name))
        .collect()
}

fn members(names: &BTreeSet<String>, target: &str) -> Map<String, Value> {
    let members = names.iter();
    members
        .map(|name| (name.clone(), json!({ "target": target })))
        .collect()
}

/// Structures, unions and enums, which the operation takes and returns.
fn with_shapes() -> Value {
    let mut model = toys();
    for (index, name) in hostile_types().into_iter().enumerate() {
        let (kind, target) = [
            ("structure", "smithy.api#String"),
            ("union", "smithy.api#String"),
            ("enum", "smithy.api#Unit"),
        ][index % 3];
        let id = format!("example.toys#{name}");
        model["shapes"][&id] = json!({ "type": kind, "members": { "a": { "target": target } } });
        for structure in ["MakeToyInput", "MakeToyOutput"] {
            model["shapes"][format!("example.toys#{structure}")]["members"][&name] =
                json!({ "target": id });
        }
    }
    model
}

fn with_errors() -> Value {
    let mut model = toys();
    let members = members(&BTreeSet::from(["fmt".to_owned()]), "smithy.api#String");
    let mut errors = Vec::new();
    for name in hostile_types() {
        let traits = json!({ "smithy.api#error": "client" });
        model["shapes"][format!("example.toys#{name}")] =
            json!({ "type": "structure", "members": members, "traits": traits });
        errors.push(json!({ "target": format!("example.toys#{name}") }));
    }
    model["shapes"]["example.toys#MakeToy"]["errors"] = json!(errors);
    model
}

fn with_operations() -> Value {
    let mut model = toys();
    let mut operations = Vec::new();
    for (index, name) in hostile_types().into_iter().enumerate() {
        let http = json!({ "method": "POST", "uri": format!("/{index}"), "code": 200 });
        model["shapes"][format!("example.toys#{name}")] = json!({
            "type": "operation",
            "input": { "target": "example.toys#MakeToyInput" },
            "output": { "target": "example.toys#MakeToyOutput" },
            "traits": { "smithy.api#http": http }
        });
        operations.push(json!({ "target": format!("example.toys#{name}") }));
    }
    model["shapes"]["example.toys#Toys"]["operations"] = json!(operations);
    model
}

/// Members of requests, of responses and of what both hold, required ones among them; and variants.
fn with_members() -> Value {
    let mut model = toys();
    let optional = members(&hostile_members(), "smithy.api#String");
    let mut required = optional.clone();
    for member in required.values_mut() {
        member["traits"] = json!({ "smithy.api#required": {} });
    }
    let values = members(&hostile_types(), "smithy.api#Unit");
    let mut numbers = values.clone();
    for (index, member) in numbers.values_mut().enumerate() {
        member["traits"] = json!({ "smithy.api#enumValue": index });
    }
    let mut held = Map::new();
    for (name, kind, members) in [
        ("Optional", "structure", &optional),
        ("Required", "structure", &required),
        (
            "Choice",
            "union",
            &members(&hostile_types(), "smithy.api#String"),
        ),
        ("Values", "enum", &values),
        ("Numbers", "intEnum", &numbers),
    ] {
        let id = format!("example.toys#{name}");
        held.insert(format!("held{name}"), json!({ "target": id }));
        model["shapes"][id] = json!({ "type": kind, "members": members });
    }
    for structure in ["MakeToyInput", "MakeToyOutput"] {
        let members: Map<String, Value> =
            optional.clone().into_iter().chain(held.clone()).collect();
        model["shapes"][format!("example.toys#{structure}")]["members"] = json!(members);
    }
    model
}

/// The models, by what has the names.
fn hostile_models() -> [(&'static str, Value); 4] {
    [
        ("shapes", with_shapes()),
        ("errors", with_errors()),
        ("operations", with_operations()),
        ("members", with_members()),
    ]
}

/// What a file declares twice, or what has the name of something that the file uses.
fn conflicts(plan: &Plan<'_>, files: &[File]) -> Vec<String> {
    let paths = files.iter().map(|file| file.path.to_ascii_lowercase());
    let mut found = repeated(paths);
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        let items = parse(file);
        let bound = items.iter().flat_map(bound_names);
        found.extend(
            repeated(bound)
                .into_iter()
                .map(|name| format!("{}: {name}", file.path)),
        );
        for item in &items {
            let (owner, functions) = inherent(item).unwrap_or_default();
            let twice = repeated(functions).into_iter();
            found.extend(twice.map(|name| format!("{owner}::{name}()")));
            let twice = repeated(variants_of(item).map(|(owner, name)| format!("{owner}::{name}")));
            found.extend(twice);
        }
    }
    let types = plan.types.iter().map(|definition| &definition.name);
    let builders = plan.operations.iter().map(|operation| &operation.name);
    let shadowing = types.chain(builders).filter(|name| {
        let is_constructor = WRITTEN.constructors.contains(&field_name(name));
        is_constructor || WRITTEN.types.contains(*name)
    });
    found.extend(shadowing.map(|name| format!("the type {name}")));
    let functions = plan.operations.iter().map(|operation| &operation.function);
    let shadowing = functions.filter(|name| WRITTEN.functions.contains(*name));
    found.extend(shadowing.map(|name| format!("the function {name}")));
    let fields = plan.types.iter().flat_map(|definition| definition.fields());
    let shadowing = fields.filter(|field| WRITTEN.methods.contains(&field.setter.name));
    found.extend(shadowing.map(|field| format!("the setter {}", field.setter.name)));
    found
}

#[test]
fn nothing_of_a_model_takes_a_name_of_generated_code() {
    let root = vec!["api".to_owned()];
    for (what, model) in hostile_models() {
        for end in [End::Client, End::Server { root: root.clone() }] {
            let place = format!("{what} at {end:?}");
            with_files(&model.to_string(), None, end, |plan, files| {
                let found = conflicts(plan, files);
                assert!(found.is_empty(), "{place}: {found:?}");
            });
        }
    }
}
