//! `README.md` of a client crate.

use super::Manifest;
use super::front_page::readme_page;
use super::words::plain_sentence;
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
         A small, typed client of {}: {}, version {} of its API.\n",
        html_comment(header),
        text(&manifest.crate_name),
        text(&plan.model.title),
        operations,
        text(&plan.model.version)
    );
    for line in readme_page(plan, manifest) {
        result.push_str(&line);
        result.push('\n');
    }
    result.push_str("\n## Operations\n\n");
    result.push_str(&operation_table(plan));
    if !plan.model.left_out.is_empty() {
        result.push_str("\nThe crate does not contain:\n\n");
        for line in &plan.model.left_out {
            result.push_str(&format!("* {}\n", sentence(line)));
        }
    }
    result
}

/// The operations with their functions, and what each does where there are words.
fn operation_table(plan: &Plan<'_>) -> String {
    let words = plan.words();
    let mut table = match words {
        Some(_) => "| operation | function | |\n|---|---|---|\n".to_owned(),
        None => "| operation | function |\n|---|---|\n".to_owned(),
    };
    for operation in &plan.operations {
        let name = text(&operation.model.name);
        table.push_str(&format!("| {name} | {} |", code(&operation.function)));
        if let Some(words) = words {
            let what = words.of_operation(operation.model.id.name());
            let what = what.map(|words| plain_sentence(plan, words));
            table.push_str(&format!(" {} |", what.unwrap_or_default()));
        }
        table.push('\n');
    }
    table
}
