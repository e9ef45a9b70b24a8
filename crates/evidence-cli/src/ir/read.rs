//! Cases of AWS Security Incident Response: list, show, status and close.

use attache_runtime::Timestamp;
use attache_runtime::plumbing::safe_line::safe_line;
use attache_security_ir::Client;
use attache_security_ir::enums::{CaseStatus, SelfManagedCaseStatus};
use attache_security_ir::types::{CaseAttachmentAttributes, ListCasesItem, ListCommentsItem};
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::arguments::{IrStatus, List};
use crate::failure::Result;

fn time(value: Option<Timestamp>) -> String {
    value.map_or_else(String::new, |time| time.to_string())
}

fn status_of(value: Option<&CaseStatus>) -> &str {
    value.map_or("", |status| status.as_str())
}

fn line(case: &ListCasesItem) -> String {
    format!(
        "{}  {}  {}  {}",
        safe_line(&case.case_id),
        time(case.created_date),
        safe_line(status_of(case.case_status.as_ref())),
        safe_line(case.title.as_deref().unwrap_or_default()),
    )
}

pub(super) async fn list(client: &Client, arguments: &List) -> Result<Answer> {
    let mut items = client.list_cases().items();
    let mut cases = Vec::new();
    while let Some(case) = items.next().await {
        let case = case?;
        if arguments.all || case.case_status != Some(CaseStatus::Closed) {
            cases.push(case);
        }
    }
    cases.sort_by_key(|case| std::cmp::Reverse(case.created_date));
    let values = cases.iter().map(|case| {
        json!({
            "case_id": case.case_id,
            "title": case.title,
            "status": status_of(case.case_status.as_ref()),
            "created": time(case.created_date),
        })
    });
    let lines: Vec<String> = cases.iter().map(line).collect();
    Ok(Answer {
        text: lines.join("\n"),
        value: json!({ "cases": values.collect::<Vec<_>>() }),
    })
}

/// The ids and names of the attachments of a case.
pub(crate) async fn attachments(client: &Client, case_id: &str) -> Result<Vec<(String, String)>> {
    let case = client.get_case().case_id(case_id).send().await?;
    let attachments = case.case_attachments.unwrap_or_default().into_iter();
    let attachments =
        attachments.map(|attachment| (attachment.attachment_id, attachment.file_name));
    Ok(attachments.collect())
}

pub(super) async fn show(client: &Client, case_id: &str) -> Result<Answer> {
    let case = client.get_case().case_id(case_id).send().await?;
    let status = status_of(case.case_status.as_ref());
    let title = case.title.as_deref().unwrap_or_default();
    let mut lines = vec![format!(
        "{}  {}  {}  {}\n",
        safe_line(case_id),
        time(case.created_date),
        safe_line(status),
        safe_line(title)
    )];
    let description = case.description.as_deref().unwrap_or_default();
    lines.extend(
        description
            .lines()
            .map(|line| format!("  {}", safe_line(line))),
    );
    let mut items = client.list_comments().case_id(case_id).items();
    let mut comments = Vec::new();
    while let Some(one) = items.next().await {
        comments.push(one?);
    }
    comments.sort_by_key(|comment| comment.created_date);
    for one in &comments {
        let creator = one.creator.as_deref().unwrap_or_default();
        lines.push(format!(
            "\n{} {}",
            time(one.created_date),
            safe_line(creator)
        ));
        let body = one.body.as_deref().unwrap_or_default();
        lines.extend(body.lines().map(|line| format!("  {}", safe_line(line))));
    }
    let attachments = case.case_attachments.unwrap_or_default();
    for one in &attachments {
        lines.push(format!(
            "attachment {}  {}  {}",
            safe_line(&one.attachment_id),
            safe_line(one.attachment_status.as_str()),
            safe_line(&one.file_name)
        ));
    }
    Ok(Answer {
        text: lines.join("\n"),
        value: json!({
            "case_id": case_id,
            "title": title,
            "status": status,
            "created": time(case.created_date),
            "text": description,
            "comments": comments.iter().map(comment).collect::<Vec<Value>>(),
            "attachments": attachments.iter().map(attachment).collect::<Vec<Value>>(),
        }),
    })
}

fn comment(comment: &ListCommentsItem) -> Value {
    json!({
        "id": comment.comment_id,
        "created": time(comment.created_date),
        "by": comment.creator,
        "text": comment.body,
    })
}

fn attachment(attachment: &CaseAttachmentAttributes) -> Value {
    json!({
        "id": attachment.attachment_id,
        "name": attachment.file_name,
        "status": attachment.attachment_status.as_str(),
    })
}

/// What a case has now, after a call whose answer was lost.
async fn now(client: &Client, case_id: &str) -> Result<String> {
    let case = client.get_case().case_id(case_id).send().await?;
    Ok(status_of(case.case_status.as_ref()).to_owned())
}

fn changed(case_id: &str, status: &str) -> Answer {
    Answer {
        text: format!("case {case_id}: {}", safe_line(status)),
        value: json!({ "case_id": case_id, "status": status }),
    }
}

/// A status that is set twice is the same, so a lost answer is found out by reading.
pub(super) async fn status(client: &Client, arguments: &IrStatus) -> Result<Answer> {
    let case_id = &arguments.case;
    let wanted = SelfManagedCaseStatus::from(arguments.status.as_str());
    let call = client.update_case_status().case_id(case_id);
    match call.case_status(wanted).send().await {
        Ok(_) => Ok(changed(case_id, &arguments.status)),
        Err(error) if error.may_have_taken_effect() => {
            match now(client, case_id).await? == arguments.status {
                true => Ok(changed(case_id, &arguments.status)),
                false => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// As [`status`].
pub(super) async fn close(client: &Client, case_id: &str) -> Result<Answer> {
    let closed = CaseStatus::Closed;
    match client.close_case().case_id(case_id).send().await {
        Ok(_) => Ok(changed(case_id, closed.as_str())),
        Err(error) if error.may_have_taken_effect() => {
            match now(client, case_id).await? == closed.as_str() {
                true => Ok(changed(case_id, closed.as_str())),
                false => Err(error.into()),
            }
        }
        Err(error) => Err(error.into()),
    }
}
