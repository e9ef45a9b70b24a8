//! `codegen/shipped.json`: the overlays and the words of this repository's services, which ship with the program `attache`,
//! and the overlays of `codegen/overlays` for services that are not in this repository.
//!
//! `cargo xtask generate` writes the file from `models/*/overlay.json` and `models/*/docs.json`, because a package holds no
//! files from outside of its folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use attache_codegen::workspace::config::{self, CratesConfig};
use attache_codegen::workspace::reconcile::Tree;
use attache_codegen::workspace::shipped;
use attache_codegen::{ast, json};
use serde_json::Value;

/// The file, to be written or compared together with the client crates.
///
/// # Errors
/// A model, an overlay or words that cannot be read.
pub(crate) fn tree(workspace: &Path, crates: &CratesConfig) -> Result<Tree> {
    let models = workspace.join("models");
    let (mut overlays, mut words) = (Vec::new(), Vec::new());
    for service in config::services(&models)? {
        let path = |name: &str| models.join(&service.name).join(name);
        let read = |name: &str| -> Result<_> {
            let path = path(name);
            let text = fs::read_to_string(&path)
                .with_context(|| format!("could not read {}", path.display()))?;
            json::parse(&text).with_context(|| format!("in {}", path.display()))
        };
        let model = ast::Model::from_value(read("model.json")?)?;
        let (id, ..) = model.service()?;
        overlays.push((id.to_string(), read("overlay.json")?));
        if path("docs.json").exists() {
            words.push((id.to_string(), read("docs.json")?));
        }
    }
    overlays.extend(of_others(&workspace.join("codegen/overlays"))?);
    let header = crates.header("models/*/overlay.json and docs.json, and codegen/overlays");
    Ok(Tree {
        root: workspace.join("codegen"),
        files: vec![(
            "shipped.json".to_owned(),
            shipped::file(&header, overlays, words),
        )],
        whole: false,
        marked: true,
    })
}

/// The overlays of services that are not in this repository. A service whose shape has another name in C2J than in
/// Smithy has one for each name.
fn of_others(folder: &Path) -> Result<BTreeMap<String, Value>> {
    let mut overlays = BTreeMap::new();
    let unreadable = || format!("could not read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let place = || format!("in {}", path.display());
        let text = fs::read_to_string(&path).with_context(place)?;
        let file = json::parse(&text).with_context(place)?;
        let services = file["services"].as_array().with_context(place)?;
        let first = services.first().with_context(place)?;
        let statements = file["overlay"].to_string();
        for service in services {
            let renamed = statements.replace(&first.to_string(), &service.to_string());
            let overlay = json::parse(&renamed).with_context(place)?;
            let service = service.as_str().with_context(place)?;
            overlays.insert(service.to_owned(), overlay);
        }
    }
    Ok(overlays)
}
