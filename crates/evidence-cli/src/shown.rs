//! The result of a command that sends, as text.

use serde_json::Value;

use crate::answer::{Answer, note};

/// What an earlier run of the same command did.
pub(crate) fn done_before(done: &Value) -> Answer {
    note(
        "an earlier run of the same command did all of it; for another one choose another file with --manifest",
    );
    Answer {
        text: shown(done),
        value: done.clone(),
    }
}

/// The result as text.
pub(crate) fn shown(result: &Value) -> String {
    let text = |name: &str| result[name].as_str().map(str::to_owned);
    let mut lines = Vec::new();
    if let Some(id) = text("case_id") {
        lines.push(match text("display_id") {
            Some(display) => format!("case      {id} (displayed as {display})"),
            None => format!("case      {id}"),
        });
    }
    if let Some(id) = text("comment_id") {
        lines.push(format!("comment   {id}"));
    }
    for file in result["files"].as_array().into_iter().flatten() {
        let hash = file["sha256"].as_str().unwrap_or_default();
        let name = file["name"].as_str().unwrap_or_default();
        lines.push(format!(
            "file      {name}, {} bytes, SHA-256 {hash}",
            file["size"]
        ));
    }
    if let Some(path) = text("manifest") {
        lines.push(format!("manifest  {path}"));
    }
    lines.join("\n")
}
