//! Finds the part of an overlay that applies to another model than the one for which it was written.
//!
//! An overlay is written for the newest model. An older model lacks members that it names, or states the same facts
//! differently, and the generator refuses such statements. This module finds the largest part that applies. A statement
//! is one trait on one shape.

use anyhow::{Context, Result, ensure};
use attache_codegen::emit::Manifest;
use attache_codegen::plan::{End, plan};
use attache_codegen::workspace::endpoint_tests;
use attache_codegen::{Input, analyse};
use serde_json::{Map, Value, json};

/// The trait that names the place in the documentation for the others of its shape.
const SOURCE: &str = "attache#source";

/// A reduced overlay, and how much of the original one it contains.
#[derive(Debug)]
pub(super) struct Holding {
    /// Its text, in the form of those that are committed.
    pub(super) text: String,
    /// How many statements apply.
    pub(super) kept: usize,
    /// The shapes and traits of those that do not apply.
    pub(super) lost: Vec<String>,
}

/// A shape that the overlay adds, or a trait on a shape of the model with its place in the documentation.
#[derive(Clone, Debug)]
struct Statement {
    shape: String,
    name: Option<String>,
    value: Value,
}

/// Reduces an overlay to the statements that apply to a model.
///
/// # Errors
/// An invalid overlay; a model from which no client can be generated even without an overlay.
pub(super) fn holding(model: &str, overlay: &str) -> Result<Holding> {
    ensure!(
        holds(model, &[])?,
        "no client can be generated from the model even without an overlay"
    );
    let names: Value = serde_json::from_str(model).context("the model is no JSON")?;
    let mut kept = Vec::new();
    // Most refused statements name shapes that do not exist, which is found without generating.
    let (mut rest, absent): (Vec<_>, Vec<_>) = statements(overlay)?
        .into_iter()
        .partition(|statement| statement.name.is_none() || is_there(&names, &statement.shape));
    // A statement may depend on a later one, so refused statements are tried again as long as that adds one.
    loop {
        let before = rest.len();
        rest = add(model, &mut kept, rest)?;
        if rest.is_empty() || rest.len() == before {
            break;
        }
    }
    let lost = absent
        .iter()
        .chain(&rest)
        .map(|statement| match &statement.name {
            Some(name) => format!("{} {name}", statement.shape),
            None => statement.shape.clone(),
        })
        .collect();
    Ok(Holding {
        text: text(&kept)?,
        kept: kept.len(),
        lost,
    })
}

/// Whether the model has a shape, or a member of one (`shape$member`).
fn is_there(model: &Value, id: &str) -> bool {
    match id.split_once('$') {
        None => model["shapes"].get(id).is_some(),
        Some((shape, member)) => {
            let shape = &model["shapes"][shape];
            // Lists and maps have their members next to the type of the shape.
            shape.get(member).is_some() || shape["members"].get(member).is_some()
        }
    }
}

/// Adds the statements that apply to the present ones, by bisection, because most of them apply. Returns the others.
fn add(
    model: &str,
    kept: &mut Vec<Statement>,
    mut group: Vec<Statement>,
) -> Result<Vec<Statement>> {
    let together: Vec<Statement> = kept.iter().chain(&group).cloned().collect();
    if holds(model, &together)? {
        *kept = together;
        return Ok(Vec::new());
    }
    if group.len() == 1 {
        return Ok(group);
    }
    let second = group.split_off(group.len() / 2);
    let mut refused = add(model, kept, group)?;
    refused.extend(add(model, kept, second)?);
    Ok(refused)
}

fn holds(model: &str, statements: &[Statement]) -> Result<bool> {
    let overlay = text(statements)?;
    let manifest = Manifest {
        crate_name: "attache-held".to_owned(),
        runtime: "workspace = true".to_owned(),
        in_workspace: true,
        has_extension: false,
        has_arbitrary: false,
        has_test_util: false,
        additions: Default::default(),
        package: String::new(),
    };
    let input = Input {
        model_file: "model.json",
        model,
        overlay: Some(("overlay.json", &overlay)),
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest,
        header: "a model of the history",
    };
    let Ok(model) = analyse(&input) else {
        return Ok(false);
    };
    // Endpoint tests of the newest rules may contradict older ones.
    let tests_hold = endpoint_tests::contradictions(&model).is_ok_and(|found| found.is_empty());
    Ok(tests_hold && plan(&model, End::Client).is_ok())
}

fn statements(overlay: &str) -> Result<Vec<Statement>> {
    let overlay: Value = serde_json::from_str(overlay).context("the overlay is no JSON")?;
    let shapes = overlay["shapes"]
        .as_object()
        .context("the overlay has no shapes")?;
    let mut statements = Vec::new();
    for (shape, value) in shapes {
        if value["type"] != "apply" {
            statements.push(Statement {
                shape: shape.clone(),
                name: None,
                value: value.clone(),
            });
            continue;
        }
        let traits = value["traits"].as_object().into_iter().flatten();
        let own = traits.filter(|(name, _)| *name != SOURCE);
        statements.extend(own.map(|(name, value)| Statement {
            shape: shape.clone(),
            name: Some(name.clone()),
            value: value.clone(),
        }));
        sources(shape, &value["traits"][SOURCE], &mut statements);
    }
    Ok(statements)
}

/// The place in the documentation belongs to its trait. It is a statement of its own if the trait is in the model.
fn sources(shape: &str, sources: &Value, statements: &mut Vec<Statement>) {
    for (name, place) in sources.as_object().into_iter().flatten() {
        let source = json!({ name: place });
        statements.push(Statement {
            shape: shape.to_owned(),
            name: Some(SOURCE.to_owned()),
            value: source,
        });
    }
}

/// The overlay with these statements.
fn text(statements: &[Statement]) -> Result<String> {
    let mut shapes = Map::new();
    for statement in statements {
        let Some(name) = &statement.name else {
            shapes.insert(statement.shape.clone(), statement.value.clone());
            continue;
        };
        let shape = shapes
            .entry(statement.shape.clone())
            .or_insert_with(|| json!({"type": "apply", "traits": {}}));
        match (shape["traits"].get_mut(name), &statement.value) {
            (Some(Value::Object(there)), Value::Object(more)) if name == SOURCE => {
                there.extend(more.clone());
            }
            _ => shape["traits"][name] = statement.value.clone(),
        }
    }
    let overlay = json!({"smithy": "2.0", "shapes": shapes});
    Ok(serde_json::to_string_pretty(&overlay)? + "\n")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::holding;

    fn read(file: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../models/support")
            .join(file);
        fs::read_to_string(path).expect("the file is there")
    }

    #[test]
    fn an_overlay_applies_completely_to_its_own_model() {
        let held = holding(&read("model.json"), &read("overlay.json")).expect("both are sound");
        assert_eq!(held.lost, Vec::<String>::new());
        let again: serde_json::Value = serde_json::from_str(&held.text).expect("JSON");
        let first: serde_json::Value = serde_json::from_str(&read("overlay.json")).expect("JSON");
        assert_eq!(again, first);
    }

    #[test]
    fn endpoint_tests_of_other_rules_are_removed() {
        let model = read("model.json").replace("https://support-fips.", "https://fips-support.");
        let held = holding(&model, &read("overlay.json")).expect("both are sound");
        assert_eq!(
            held.lost,
            ["com.amazonaws.support#AWSSupport_20130415 smithy.rules#endpointTests"]
        );
    }

    #[test]
    fn only_statements_that_a_model_lacks_are_removed() {
        let model = read("model.json").replace("#CommunicationBody\"", "#CommunicationText\"");
        let overlay = r#"{"smithy": "2.0", "shapes": {
            "com.amazonaws.support#CommunicationBody": {"type": "apply", "traits": {"smithy.api#sensitive": {}}},
            "com.amazonaws.support#CommunicationText": {"type": "apply", "traits": {"smithy.api#sensitive": {}}}}}"#;
        let held = holding(&model, overlay).expect("the model is sound");
        assert_eq!(
            held.lost,
            ["com.amazonaws.support#CommunicationBody smithy.api#sensitive"]
        );
        assert_eq!(held.kept, 1);
    }
}
