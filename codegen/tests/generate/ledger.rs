//! An unknown trait stops the generation, wherever it stands, unless its namespace or its owner says what it is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use attache_codegen::analyse_with;
use attache_codegen::ast::own_traits::{Decision, OwnTraits};

use crate::model::{MODEL, OVERLAY, generate_toys, input, manifest, toys, toys_with};

const UNKNOWN: &str = "smithy.api#madeUpTomorrow";

fn refusal(model: &str, overlay: Option<&str>) -> String {
    generate_toys(model, overlay)
        .expect_err("an unknown trait is refused")
        .to_string()
}

fn expected(file: &str, place: &str) -> String {
    format!(
        "{file}: {place}: unknown trait `{UNKNOWN}`: it could change what is sent; if it does not, add it to \
         `[traits]` in models/attache.toml, such as `\"{UNKNOWN}\" = {{ ignored = \"why\" }}`, or `refused`"
    )
}

#[test]
fn on_every_kind_of_shape() {
    let mut model = toys();
    let shapes = model["shapes"]
        .as_object()
        .expect("there are shapes")
        .clone();
    assert_eq!(shapes.len(), 4);
    for id in shapes.keys() {
        let before = model["shapes"][id].clone();
        model["shapes"][id]["traits"][UNKNOWN] = json!({});
        assert_eq!(refusal(&model.to_string(), None), expected(MODEL, id));
        model["shapes"][id] = before;
    }
}

#[test]
fn on_shapes_that_nothing_targets() {
    let lonely = json!({ "type": "string", "traits": { UNKNOWN: {} } });
    assert_eq!(
        refusal(&toys_with("Lonely", lonely), None),
        expected(MODEL, "example.toys#Lonely")
    );
}

#[test]
fn on_members_elements_keys_and_values() {
    let marked: Value = json!({ "target": "smithy.api#String", "traits": { UNKNOWN: {} } });
    let plain = json!({ "target": "smithy.api#String" });
    for (shape, member) in [
        (
            json!({ "type": "structure", "members": { "some": marked } }),
            "some",
        ),
        (
            json!({ "type": "union", "members": { "some": marked } }),
            "some",
        ),
        (
            json!({ "type": "enum", "members": { "SOME": marked } }),
            "SOME",
        ),
        (json!({ "type": "list", "member": marked }), "member"),
        (
            json!({ "type": "map", "key": marked, "value": plain }),
            "key",
        ),
        (
            json!({ "type": "map", "key": plain, "value": marked }),
            "value",
        ),
    ] {
        assert_eq!(
            refusal(&toys_with("Other", shape), None),
            expected(MODEL, &format!("example.toys#Other${member}"))
        );
    }
}

#[test]
fn in_the_overlay() {
    for place in [
        "example.toys#MakeToyInput",
        "example.toys#MakeToyInput$name",
    ] {
        let overlay = json!({
            "smithy": "2.0",
            "shapes": { place: { "type": "apply", "traits": { UNKNOWN: {} } } }
        });
        assert_eq!(
            refusal(&toys().to_string(), Some(&overlay.to_string())),
            expected(OVERLAY, place)
        );
    }
}

#[test]
fn a_new_trait_of_a_namespace_that_is_never_sent_is_a_warning() {
    let manifest = manifest("attache-toys");
    for (id, reason) in [
        (
            "aws.cloudformation#cfnMadeUpTomorrow",
            "it concerns infrastructure templates",
        ),
        (
            "aws.iam#madeUpTomorrow",
            "it concerns authorization policies, not the wire",
        ),
    ] {
        let traits = json!({ "smithy.api#http": { "method": "POST", "uri": "/toys" }, id: {} });
        let model = toys_with("MakeToy/traits", traits);
        let service = analyse_with(&input(&model, &manifest), &OwnTraits::default());
        assert_eq!(
            service.expect("it is generated").warnings,
            [format!(
                "example.toys#MakeToy: the new trait `{id}` is ignored: {reason}"
            )]
        );
    }
}

#[test]
fn the_owner_of_a_trait_decides_what_becomes_of_it() {
    const OWN: &str = "com.example#auditLevel";
    let manifest = manifest("attache-toys");
    let lonely = json!({ "type": "string", "traits": { OWN: 3 } });
    let model = toys_with("Lonely", lonely);
    let decide = |decision| {
        let mut own = OwnTraits::default();
        own.add(OWN, decision).expect("it has a reason");
        analyse_with(&input(&model, &manifest), &own)
    };
    let reason = || "it is about our log".to_owned();
    let service = decide(Decision::Ignored(reason())).expect("it is generated");
    assert_eq!(service.warnings, Vec::<String>::new());
    let error = decide(Decision::Refused(reason())).expect_err("it is refused");
    assert_eq!(
        error.to_string(),
        format!("{MODEL}: example.toys#Lonely: trait `{OWN}`: it is about our log")
    );
    let mut own = OwnTraits::default();
    own.add(OWN, Decision::Ignored(" ".to_owned()))
        .expect_err("there is no reason");
    own.add("auditLevel", Decision::Ignored(reason()))
        .expect_err("there is no namespace");
}

/// An id that is written twice can be written wrong once.
#[test]
fn ids_are_written_in_one_file_of_the_generator() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let constants = sources.join("ast/trait_id.rs");
    let text = fs::read_to_string(&constants).expect("the constants are there");
    let namespaces: BTreeSet<&str> = text
        .split('"')
        .filter_map(|literal| Some(&literal[..=literal.find('#')?]))
        .filter(|namespace| namespace.starts_with(|letter: char| letter.is_ascii_lowercase()))
        .collect();
    assert!(namespaces.contains("attache#") && namespaces.len() > 10);
    let mut folders = vec![sources];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("the entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path != constants {
                let text = fs::read_to_string(&path).expect("sources are texts");
                let lines = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"));
                let written =
                    lines.filter(|line| namespaces.iter().any(|start| has_id(line, start)));
                found.extend(written.map(|line| format!("{}: {}", path.display(), line.trim())));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Whether a line has the id of a trait of a namespace; names of other shapes begin with a capital letter.
fn has_id(line: &str, namespace: &str) -> bool {
    let mut behind = line.split(namespace).skip(1);
    behind.any(|rest| rest.starts_with(|letter: char| letter.is_ascii_lowercase()))
}
