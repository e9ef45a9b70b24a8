//! Services that together have every construct of models.
//!
//! A construct is a kind of shape, or of a member of one, with a trait on it, and a protocol of a service. Models are in the
//! normal form, so what the importer adds is a construct, too.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use attache_codegen::ast::own_traits::OwnTraits;
use serde_json::Value;

use crate::import::source;
use crate::outside::cover::{Candidate, cover};

/// How many services are chosen.
const SAMPLE: usize = 40;

/// The names of the services.
///
/// # Errors
/// A model that cannot be read.
pub(super) fn chosen(names: &[String], data: &Path) -> Result<Vec<String>> {
    let mut candidates = Vec::new();
    for name in names {
        // What cannot be imported has no crate.
        let Ok((_, imported)) = source::read(&data.join(name), &OwnTraits::default()) else {
            continue;
        };
        let model: Value = serde_json::from_str(&imported.model_json)
            .with_context(|| format!("the model of {name} is no JSON"))?;
        candidates.push(Candidate {
            name: name.clone(),
            size: imported.model_json.len(),
            constructs: constructs(&model),
        });
    }
    let all: BTreeSet<&String> = candidates.iter().flat_map(|one| &one.constructs).collect();
    println!(
        "{} services have {} constructs",
        candidates.len(),
        all.len()
    );
    Ok(cover(candidates, SAMPLE))
}

fn constructs(model: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let shapes = model["shapes"].as_object().into_iter().flatten();
    for (_, shape) in shapes {
        let kind = shape["type"].as_str().unwrap_or_default();
        traits(kind, shape, &mut found);
        let members = shape["members"].as_object().into_iter().flatten();
        let single = ["member", "key", "value"].into_iter();
        let single = single.filter_map(|name| shape.get(name));
        for member in members.map(|(_, member)| member).chain(single) {
            let target = member["target"].as_str().unwrap_or_default();
            let of = model["shapes"][target]["type"].as_str();
            let of = of.unwrap_or(target.trim_start_matches("smithy.api#"));
            traits(&format!("{kind} of {of}"), member, &mut found);
        }
    }
    found
}

fn traits(kind: &str, shape: &Value, found: &mut BTreeSet<String>) {
    found.insert(kind.to_owned());
    let traits = shape["traits"].as_object().into_iter().flatten();
    found.extend(traits.map(|(id, _)| format!("{kind}: {id}")));
}

#[cfg(test)]
mod tests {
    use super::constructs;
    use serde_json::json;

    #[test]
    fn kinds_and_traits_of_shapes_and_members_are_constructs() {
        let model = json!({ "shapes": {
            "a#A": { "type": "structure", "members": {
                "b": { "target": "a#B", "traits": { "smithy.api#required": {} } },
                "c": { "target": "smithy.api#String" }
            } },
            "a#B": { "type": "list", "member": { "target": "a#A" }, "traits": { "x#y": {} } }
        } });
        let found: Vec<String> = constructs(&model).into_iter().collect();
        assert_eq!(
            found,
            [
                "list",
                "list of structure",
                "list: x#y",
                "structure",
                "structure of String",
                "structure of list",
                "structure of list: smithy.api#required",
            ]
        );
    }
}
