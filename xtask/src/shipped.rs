//! `codegen/shipped.json`: the overlays and the words of this repository's services, which ship with the program `attache`.
//!
//! `cargo xtask generate` writes the file from `models/*/overlay.json` and `models/*/docs.json`, because a package holds no
//! files from outside of its folder.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use attache_codegen::workspace::config::{self, CratesConfig};
use attache_codegen::workspace::reconcile::Tree;
use attache_codegen::workspace::shipped;
use attache_codegen::{ast, json};

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
    let header = crates.header("models/*/overlay.json and docs.json");
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
