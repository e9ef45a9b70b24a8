//! Models with one thing in them that repeats itself.

use attache_codegen::diff::{Version, compare};
use attache_codegen::emit::{File, Manifest};
use attache_codegen::error::Error;
use attache_codegen::import::{from_smithy, read_smithy};
use attache_codegen::{Input, generate};
use serde_json::{Map, Value, json};

/// Imports and generates: how many bytes came out, or the message.
pub(crate) fn outcome(model: &Value) -> String {
    match files(model) {
        Ok(files) => {
            let sizes = files.iter().map(|file| file.text.len());
            format!("{} bytes", sizes.sum::<usize>())
        }
        Err(error) => format!("refused: {error}"),
    }
}

fn files(model: &Value) -> Result<Vec<File>, Error> {
    let manifest = Manifest {
        crate_name: "attache-toys".to_owned(),
        runtime: concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"").to_owned(),
        in_workspace: false,
        package: String::new(),
        has_extension: false,
        has_arbitrary: true,
        has_test_util: true,
        additions: Default::default(),
    };
    let imported = from_smithy(&model.to_string())?;
    generate(&Input {
        model_file: "model.json",
        model: &imported.model_json,
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest,
        header: "a model",
    })
}

pub(crate) fn id(name: &str) -> String {
    format!("example.toys#{name}")
}

fn target(name: &str) -> Value {
    match name.contains('#') {
        true => json!({ "target": name }),
        false => json!({ "target": id(name) }),
    }
}

/// A service with one operation, whose input and output have the member `value`.
pub(crate) fn service(value: &str, shapes: Vec<(String, Value)>) -> Value {
    let mut all = Map::new();
    all.insert(
        id("Toys"),
        json!({
            "type": "service",
            "version": "2026-01-01",
            "operations": [target("MakeToy")],
            "traits": {
                "aws.api#service": { "sdkId": "Toys" },
                "aws.auth#sigv4": { "name": "toys" },
                "aws.protocols#awsJson1_1": {}
            }
        }),
    );
    all.insert(
        id("MakeToy"),
        json!({ "type": "operation", "input": target("MakeToyInput"), "output": target("MakeToyOutput") }),
    );
    for name in ["MakeToyInput", "MakeToyOutput"] {
        all.insert(
            id(name),
            json!({ "type": "structure", "members": { "value": target(value) } }),
        );
    }
    all.extend(shapes.into_iter().map(|(name, shape)| (id(&name), shape)));
    json!({ "smithy": "2.0", "shapes": all })
}

fn chain(count: usize, shape: impl Fn(&str) -> Value) -> Value {
    let name = |number: usize| match number {
        0 => "smithy.api#Blob".to_owned(),
        number => format!("Level{number}"),
    };
    let shapes = (1..=count).map(|number| (name(number), shape(&name(number - 1))));
    service(&name(count), shapes.collect())
}

pub(crate) fn nested_lists(depth: usize) -> Value {
    chain(
        depth,
        |inner| json!({ "type": "list", "member": target(inner) }),
    )
}

pub(crate) fn nested_sparse(depth: usize) -> Value {
    chain(
        depth,
        |inner| json!({ "type": "list", "member": target(inner), "traits": { "smithy.api#sparse": {} } }),
    )
}

pub(crate) fn nested_maps(depth: usize) -> Value {
    chain(
        depth,
        |inner| json!({ "type": "map", "key": target("smithy.api#String"), "value": target(inner) }),
    )
}

pub(crate) fn nested_structures(depth: usize) -> Value {
    chain(
        depth,
        |inner| json!({ "type": "structure", "members": { "a": target(inner) } }),
    )
}

pub(crate) fn nested_unions(depth: usize) -> Value {
    chain(
        depth,
        |inner| json!({ "type": "union", "members": { "a": target(inner), "b": target("smithy.api#String") } }),
    )
}

/// Each layer holds the next one three times: as many paths as there are powers of three.
pub(crate) fn layers(depth: usize) -> Value {
    let shapes = (0..=depth).map(|number| {
        let inner = match number {
            0 => "smithy.api#String".to_owned(),
            number => format!("Layer{}", number - 1),
        };
        let members = json!({ "a": target(&inner), "b": target(&inner), "c": target(&inner) });
        (
            format!("Layer{number}"),
            json!({ "type": "structure", "members": members }),
        )
    });
    service(&format!("Layer{depth}"), shapes.collect())
}

fn enumeration(values: impl Iterator<Item = String>) -> Value {
    let members: Map<String, Value> = values
        .enumerate()
        .map(|(number, value)| {
            let traits = json!({ "smithy.api#enumValue": value });
            (
                format!("V{number}"),
                json!({ "target": "smithy.api#Unit", "traits": traits }),
            )
        })
        .collect();
    service(
        "Big",
        vec![(
            "Big".to_owned(),
            json!({ "type": "enum", "members": members }),
        )],
    )
}

pub(crate) fn wide_enum(count: usize) -> Value {
    enumeration((0..count).map(|number| format!("value {number}")))
}

/// An enum of the old form whose values all become the same name.
pub(crate) fn same_enum(count: usize) -> Value {
    let values: Vec<Value> = (0..count)
        .map(|number| json!({ "value": format!("a{}", "-".repeat(number % 300 + 1) + &"_".repeat(number / 300)) }))
        .collect();
    let shape = json!({ "type": "string", "traits": { "smithy.api#enum": values } });
    service("Big", vec![("Big".to_owned(), shape)])
}

pub(crate) fn wide_structure(count: usize) -> Value {
    let members: Map<String, Value> = (0..count)
        .map(|number| (format!("member{number}"), target("smithy.api#String")))
        .collect();
    service(
        "Big",
        vec![(
            "Big".to_owned(),
            json!({ "type": "structure", "members": members }),
        )],
    )
}

/// Operations that share one input.
pub(crate) fn many_operations(count: usize) -> Value {
    let mut model = wide_structure(count);
    let references: Vec<Value> = (0..count)
        .map(|number| target(&format!("Do{number}")))
        .collect();
    for number in 0..count {
        model["shapes"][id(&format!("Do{number}"))] =
            json!({ "type": "operation", "input": target("Big"), "output": target("Big") });
    }
    model["shapes"][id("Toys")]["operations"] = Value::Array(references);
    model
}

/// Errors of the service, which each operation has.
pub(crate) fn many_errors(count: usize) -> Value {
    let mut model = wide_structure(1);
    let names = |prefix: &str| -> Vec<Value> {
        (0..count)
            .map(|number| target(&format!("{prefix}{number}")))
            .collect()
    };
    for number in 0..count {
        model["shapes"][id(&format!("Do{number}"))] = json!({ "type": "operation" });
        model["shapes"][id(&format!("Fault{number}"))] = json!({ "type": "structure", "members": {}, "traits": { "smithy.api#error": "client" } });
    }
    model["shapes"][id("Toys")]["operations"] = Value::Array(names("Do"));
    model["shapes"][id("Toys")]["errors"] = Value::Array(names("Fault"));
    model
}

pub(crate) fn nested_mixins(count: usize) -> Value {
    let mixins = |number: usize| match number {
        0 => json!([]),
        number => json!([target(&format!("Mixin{}", number - 1))]),
    };
    let mut shapes: Vec<(String, Value)> = (0..count)
        .map(|number| {
            let member = format!("member{number}");
            let shape = json!({ "type": "structure", "mixins": mixins(number), "members": { member: target("smithy.api#String") },
                                "traits": { "smithy.api#mixin": {} } });
            (format!("Mixin{number}"), shape)
        })
        .collect();
    shapes.push((
        "Big".to_owned(),
        json!({ "type": "structure", "mixins": mixins(count), "members": {} }),
    ));
    service("Big", shapes)
}

pub(crate) fn nested_document(depth: usize) -> Value {
    let mut value = json!("end");
    for _ in 0..depth {
        value = json!([value]);
    }
    let mut model = wide_structure(1);
    model["shapes"][id("Big")]["members"]["extra"] =
        json!({ "target": "smithy.api#Document", "traits": { "smithy.api#default": value } });
    model
}

/// A waiter and a paginator with long paths.
pub(crate) fn long_path(length: usize) -> Value {
    let mut model = nested_structures(length);
    let path = format!("value{}", ".a".repeat(length));
    model["shapes"][id("MakeToy")]["traits"] = json!({
        "smithy.waiters#waitable": { "Done": { "acceptors": [
            { "state": "success", "matcher": { "output": { "path": path, "expected": "x", "comparator": "stringEquals" } } }
        ] } }
    });
    model
}

/// Patterns that each need many states.
pub(crate) fn many_patterns(count: usize) -> Value {
    let mut shapes: Vec<(String, Value)> = (0..count)
        .map(|number| {
            let pattern = format!("{number}[a-z].{{0,9}}x.{{0,9}}y");
            (
                format!("Text{number}"),
                json!({ "type": "string", "traits": { "smithy.api#pattern": pattern } }),
            )
        })
        .collect();
    let members: Map<String, Value> = (0..count)
        .map(|number| (format!("member{number}"), target(&format!("Text{number}"))))
        .collect();
    shapes.push((
        "Big".to_owned(),
        json!({ "type": "structure", "members": members }),
    ));
    service("Big", shapes)
}

/// A text that must be longer than anybody can count to.
pub(crate) fn far_minimum() -> Value {
    let traits = json!({ "smithy.api#pattern": "^a+$", "smithy.api#length": { "min": 1_000_000_000_000_000_u64 } });
    service(
        "Long",
        vec![(
            "Long".to_owned(),
            json!({ "type": "string", "traits": traits }),
        )],
    )
}

pub(crate) fn nested_resources(depth: usize) -> Value {
    let mut model = wide_structure(1);
    for number in 0..depth {
        let inner: Vec<Value> = (number > 0)
            .then(|| target(&format!("Resource{}", number - 1)))
            .into_iter()
            .collect();
        model["shapes"][id(&format!("Resource{number}"))] =
            json!({ "type": "resource", "resources": inner });
    }
    model["shapes"][id("Toys")]["resources"] = json!([target(&format!("Resource{}", depth - 1))]);
    model
}

/// Compares two models: how long the report is as a changelog.
pub(crate) fn difference(old: &Value, new: &Value) -> String {
    let read = |model: &Value| read_smithy(&model.to_string()).expect("a model");
    let (old, new) = (read(old), read(new));
    let version = |name: &'static str, model| Version {
        name,
        model,
        overlay: None,
        operations: None,
        names: None,
    };
    let (old, new) = (&old, &new);
    match compare(&version("old", old), &version("new", new)) {
        Ok(report) => format!(
            "{} changes, {} bytes",
            report.changes.len(),
            attache_codegen::diff::report::markdown(&report).len()
        ),
        Err(error) => format!("refused: {error}"),
    }
}

/// A file that is generated for a model.
pub(crate) fn generated(model: &Value, path: &str) -> String {
    let files = files(model).unwrap_or_else(|error| panic!("{error}"));
    let file = files.into_iter().find(|file| file.path == path);
    file.expect("the file is there").text
}

pub(crate) fn mixins_in_a_circle() -> Value {
    let mut model = nested_mixins(3);
    model["shapes"][id("Mixin0")]["mixins"] = json!([target("Mixin2")]);
    model
}
