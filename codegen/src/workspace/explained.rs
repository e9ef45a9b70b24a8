//! The words of a service that is added: those of the workspace, or else those that ship with attache.
//!
//! The words that ship belong to the newest model. Of an older one they may name what it lacks; such texts are left out.

use std::path::Path;

use anyhow::Result;

use crate::import::Imported;
use crate::words::prune;
use crate::workspace::config::{Config, ServiceConfig};
use crate::workspace::generate::{Generated, Source, generate_from};
use crate::workspace::quantity::counted;
use crate::workspace::{names, shipped, words};

/// The crate of a new service with its words; those that ship are returned to be written, with a note about them.
///
/// # Errors
/// Files that cannot be read, words of the workspace with problems, and whatever is wrong with the model.
pub(super) fn generated(
    workspace: &Path,
    config: &Config,
    configured: &ServiceConfig,
    imported: &Imported,
    overlay: &str,
) -> Result<(Generated, Option<String>, String)> {
    let service = &configured.name;
    let models = workspace.join("models");
    let given = names::recorded(&models, service)?;
    let generate = |words: Option<&str>| {
        let source = Source {
            model: &imported.model_json,
            overlay: Some(overlay),
            words,
            prose: configured.has_prose.then_some(&imported.prose),
            given: &given,
        };
        generate_from(workspace, config, configured, source)
    };
    let there = words::text(&models, service)?;
    let Some(mut text) = shipped::words(&imported.service).filter(|_| there.is_none()) else {
        let generated = generate(there.as_deref())?;
        words::refuse(service, &generated.words)?;
        return Ok((generated, None, String::new()));
    };
    let file = words::FILE;
    let mut note = format!(
        "models/{service}/{file} is the one that ships with attache: explanations of operations and members, which the \
         documentation of the crate shows\n"
    );
    let mut left_out = 0;
    let generated = loop {
        let generated = generate(Some(&text))?;
        if generated.words.problems.is_empty() {
            break generated;
        }
        // What is left of a text may only repeat its name, which the next turn finds. Each one makes the text shorter.
        let (pruned, count) = prune::without(&text, &generated.words.problems)?;
        text = pruned;
        left_out += count;
    };
    if left_out > 0 {
        note.push_str(&format!(
            "note: {} of it {} left out, because this model lacks what they are about\n",
            counted(left_out, "text"),
            if left_out == 1 { "is" } else { "are" },
        ));
    }
    Ok((generated, Some(text), note))
}
