//! Cases of AWS Support: list, show and resolve.

use attache_runtime::plumbing::safe_line::safe_line;
use attache_support::Client;
use attache_support::types::{CaseDetails, Communication};
use serde_json::{Value, json};

use super::text::names_of;
use crate::answer::Answer;
use crate::arguments::List;
use crate::failure::{Failure, Kind, Result};

/// An optional text, safe to show.
fn text(value: Option<&String>) -> String {
    value.map_or_else(String::new, |value| safe_line(value).to_string())
}

fn value(case: &CaseDetails) -> Value {
    json!({
        "case_id": case.case_id,
        "display_id": case.display_id,
        "subject": case.subject,
        "status": case.status,
        "severity": case.severity_code,
        "created": case.time_created,
    })
}

fn line(case: &CaseDetails) -> String {
    format!(
        "{}  {}  {}  {}  {}",
        text(case.case_id.as_ref()),
        text(case.time_created.as_ref()),
        text(case.status.as_ref()),
        text(case.severity_code.as_ref()),
        text(case.subject.as_ref()),
    )
}

pub(super) async fn list(client: &Client, arguments: &List) -> Result<Answer> {
    let call = client
        .describe_cases()
        .include_resolved_cases(arguments.all);
    let mut items = call.include_communications(false).items();
    let mut cases = Vec::new();
    while let Some(case) = items.next().await {
        cases.push(case?);
    }
    cases.sort_by(|one, other| other.time_created.cmp(&one.time_created));
    let lines: Vec<String> = cases.iter().map(line).collect();
    Ok(Answer {
        text: lines.join("\n"),
        value: json!({ "cases": cases.iter().map(value).collect::<Vec<_>>() }),
    })
}

async fn communications(client: &Client, case_id: &str) -> Result<Vec<Communication>> {
    let mut items = client.describe_communications().case_id(case_id).items();
    let mut texts = Vec::new();
    while let Some(text) = items.next().await {
        texts.push(text?);
    }
    texts.sort_by(|one, other| one.time_created.cmp(&other.time_created));
    Ok(texts)
}

/// The ids and names of the attachments of a case, from the oldest on.
pub(crate) async fn attachments(client: &Client, case_id: &str) -> Result<Vec<(String, String)>> {
    let mut found: Vec<(String, String)> = Vec::new();
    for text in communications(client, case_id).await? {
        let sets = [text.attachment_set, text.attachments];
        for attachment in sets.into_iter().flatten().flatten() {
            let (Some(id), Some(name)) = (attachment.attachment_id, attachment.file_name) else {
                continue;
            };
            if !found.iter().any(|(known, _)| *known == id) {
                found.push((id, name));
            }
        }
    }
    Ok(found)
}

async fn case(client: &Client, case_id: &str) -> Result<CaseDetails> {
    let call = client.describe_cases().case_id_list([case_id]);
    let response = call.include_resolved_cases(true).send().await?;
    let case = response.cases.into_iter().flatten().next();
    case.ok_or_else(|| Failure::new(Kind::Service, format!("there is no case `{case_id}`")))
}

pub(super) async fn show(client: &Client, case_id: &str) -> Result<Answer> {
    let case = case(client, case_id).await?;
    let texts = communications(client, case_id).await?;
    let mut lines = vec![line(&case)];
    let mut values = Vec::new();
    for one in &texts {
        let names: Vec<&str> = names_of(one).collect();
        lines.push(format!(
            "\n{} {}",
            text(one.time_created.as_ref()),
            text(one.submitted_by.as_ref())
        ));
        let body = one.body.as_deref().unwrap_or_default();
        lines.extend(body.lines().map(|line| format!("  {}", safe_line(line))));
        values.push(json!({
            "created": one.time_created,
            "by": one.submitted_by,
            "text": one.body,
            "files": names,
        }));
    }
    let attachments = attachments(client, case_id).await?;
    for (id, name) in &attachments {
        lines.push(format!("attachment {}  {}", safe_line(id), safe_line(name)));
    }
    let attachments: Vec<Value> = attachments
        .into_iter()
        .map(|(id, name)| json!({ "id": id, "name": name }))
        .collect();
    let mut whole = value(&case);
    whole["texts"] = values.into();
    whole["attachments"] = attachments.into();
    Ok(Answer {
        text: lines.join("\n"),
        value: whole,
    })
}

/// Resolving twice has the same result as resolving once, so a lost answer is found out by reading.
pub(super) async fn resolve(client: &Client, case_id: &str) -> Result<Answer> {
    let status = match client.resolve_case().case_id(case_id).send().await {
        Ok(response) => response.final_case_status,
        Err(error) if error.may_have_taken_effect() => {
            let now = case(client, case_id).await?.status;
            if now.as_deref() != Some("resolved") {
                return Err(error.into());
            }
            now
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Answer {
        text: format!("case {case_id}: {}", text(status.as_ref())),
        value: json!({ "case_id": case_id, "status": status }),
    })
}
