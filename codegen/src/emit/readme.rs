//! `README.md` of a client crate.

use super::Manifest;
use crate::escape::html_comment;
use crate::escape::markdown::{code, sentence, text};
use crate::plan::Plan;

/// The text of the file.
pub(super) fn readme(manifest: &Manifest, plan: &Plan<'_>, header: &str) -> String {
    let operations = match plan.operations.len() {
        1 => "1 operation".to_owned(),
        count => format!("{count} operations"),
    };
    let mut result = format!(
        "<!-- {} -->\n\n\
         # {}\n\n\
         A small, typed client of {}: {}, version {} of its API.\n\
         attache generates this crate. The README of the attache repository explains how to use it.\n\n\
         | operation | function |\n|---|---|\n",
        html_comment(header),
        text(&manifest.crate_name),
        text(&plan.model.title),
        operations,
        text(&plan.model.version)
    );
    for operation in &plan.operations {
        result.push_str(&format!(
            "| {} | {} |\n",
            text(&operation.model.name),
            code(&operation.function)
        ));
    }
    if !plan.model.left_out.is_empty() {
        result.push_str("\nThe crate does not contain:\n\n");
        for line in &plan.model.left_out {
            result.push_str(&format!("* {}\n", sentence(line)));
        }
    }
    result
}
