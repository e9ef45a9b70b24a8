//! Every operation once, in an order in which they make sense.

use std::collections::BTreeSet;

use attache_local::api;
use attache_security_ir::enums::{
    CaseAttachmentStatus, CaseStatus, EngagementType, MembershipStatus, ResolverType,
    SelfManagedCaseStatus, UsefulnessRating,
};
use attache_security_ir::types::{IncidentResponder, Watcher};
use attache_support::enums::UploadStatus;
use attache_support::types::{Attachment, CompletedUpload};

use crate::stage::{BEGINNING, Stage};

#[tokio::test]
async fn all_operations_of_support_answer() {
    let stage = Stage::with(|builder| builder.part_size(1 << 20)).await;
    support_catalogue(&stage).await;
    let case_id = support_small_files(&stage).await;
    support_large_file(&stage, &case_id).await;
    support_trusted_advisor(&stage).await;
    let resolved = stage
        .support
        .resolve_case()
        .case_id(&case_id)
        .send()
        .await
        .expect("it resolves");
    assert_eq!(resolved.initial_case_status.as_deref(), Some("unassigned"));
    assert_eq!(resolved.final_case_status.as_deref(), Some("resolved"));
    let open = stage
        .support
        .describe_cases()
        .send()
        .await
        .expect("there are none");
    assert_eq!(open.cases.map(|cases| cases.len()), Some(0));

    let names = api::support::Operation::ALL
        .iter()
        .map(|operation| operation.name());
    assert_eq!(missing(&stage, names), BTreeSet::new());
}

#[tokio::test]
async fn all_operations_of_security_ir_answer() {
    let stage = Stage::new().await;
    let membership_id = security_ir_memberships(&stage).await;
    security_ir_metrics(&stage, &membership_id).await;
    let case_id = security_ir_case(&stage).await;
    security_ir_file(&stage, &case_id).await;
    security_ir_tags(&stage, &case_id).await;
    security_ir_investigations(&stage, &case_id).await;
    let closed = stage
        .security_ir
        .close_case()
        .case_id(&case_id)
        .send()
        .await
        .expect("it closes");
    assert_eq!(closed.case_status, Some(CaseStatus::Closed));
    let cases = stage
        .security_ir
        .list_cases()
        .send()
        .await
        .expect("there is one");
    assert_eq!(cases.total, Some(1));

    let names = api::security_ir::Operation::ALL
        .iter()
        .map(|operation| operation.name());
    assert_eq!(missing(&stage, names), BTreeSet::new());
}

/// The operations that nobody has called with success.
fn missing<'a>(stage: &Stage, names: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let requests = stage.local.requests();
    names
        .filter(|name| {
            !requests.iter().any(|request| {
                request.operation == *name
                    && request
                        .status
                        .is_some_and(|status| (200..300).contains(&status))
            })
        })
        .collect()
}

async fn support_catalogue(stage: &Stage) {
    let client = &stage.support;
    let services = client
        .describe_services()
        .send()
        .await
        .expect("there are services");
    let services = services.services.expect("they are listed");
    assert!(services.len() > 3);
    let levels = client
        .describe_severity_levels()
        .send()
        .await
        .expect("there are levels");
    let codes: Vec<String> = levels
        .severity_levels
        .into_iter()
        .flatten()
        .filter_map(|level| level.code)
        .collect();
    assert_eq!(codes, ["low", "normal", "high", "urgent", "critical"]);
    let languages = client
        .describe_supported_languages()
        .issue_type("technical")
        .service_code("general-info")
        .category_code("using-aws")
        .send()
        .await
        .expect("there are languages");
    assert_eq!(
        languages.supported_languages.map(|list| list.len()),
        Some(8)
    );
    let options = client
        .describe_create_case_options()
        .issue_type("technical")
        .service_code("general-info")
        .category_code("using-aws")
        .language("en")
        .send()
        .await
        .expect("there are options");
    assert_eq!(options.language_availability.as_deref(), Some("available"));
}

async fn support_small_files(stage: &Stage) -> String {
    let client = &stage.support;
    let file = Attachment::new().file_name("boot.log").data("panic");
    let set = client
        .add_attachments_to_set()
        .attachments([file])
        .send()
        .await
        .expect("the set is made");
    assert_eq!(set.expiry_time.as_deref(), Some("2026-01-01T01:00:00Z"));
    let case = client
        .create_case()
        .subject("It does not start")
        .communication_body("See the log.")
        .severity_code("high")
        .attachment_set_id(set.attachment_set_id.expect("it has an id"))
        .send()
        .await
        .expect("the case is opened");
    let case_id = case.case_id.expect("it has an id");
    let found = client
        .describe_cases()
        .case_id_list([&case_id])
        .send()
        .await
        .expect("it is found");
    let found = &found.cases.expect("there are cases")[0];
    assert_eq!(found.subject.as_deref(), Some("It does not start"));
    assert_eq!(found.severity_code.as_deref(), Some("high"));
    let recent = found
        .recent_communications
        .as_ref()
        .expect("they are included");
    let communication = &recent.communications.as_ref().expect("there is one")[0];
    assert_eq!(communication.body.as_deref(), Some("See the log."));
    let attachment = &communication.attachments.as_ref().expect("there is one")[0];
    let id = attachment.attachment_id.clone().expect("it has an id");
    let read = client
        .describe_attachment()
        .attachment_id(id)
        .send()
        .await
        .expect("it is read");
    let read = read.attachment.expect("it is there");
    assert_eq!(read.data.as_deref(), Some(&b"panic"[..]));
    case_id
}

async fn support_large_file(stage: &Stage, case_id: &str) {
    let client = &stage.support;
    let content: Vec<u8> = (0..(12 << 20) + 5).map(|index: u32| index as u8).collect();
    let size = i64::try_from(content.len()).expect("it is small");
    let links = client
        .get_attachment_upload_links()
        .file_name("core.dump")
        .file_size_bytes(size);
    let first = links.send().await.expect("there are links");
    assert_eq!(
        (first.total_parts, first.next_index, first.upload_urls.len()),
        (13, Some(11), 10)
    );
    let rest = client
        .get_attachment_upload_links()
        .file_name("core.dump")
        .upload_id(&first.upload_id)
        .upload_range(attache_support::types::UploadRange::new(11))
        .send()
        .await
        .expect("there are more links");
    assert_eq!((rest.next_index, rest.upload_urls.len()), (None, 3));
    for link in first.upload_urls.iter().chain(&rest.upload_urls) {
        let index = usize::try_from(link.part_index).expect("it begins with 1");
        let part = content
            .chunks(1 << 20)
            .nth(index - 1)
            .expect("it is there")
            .to_vec();
        let (status, etag, _) = stage.put(&link.url, part).await;
        assert_eq!(status, 200);
        client
            .complete_attachment_upload()
            .upload_id(&first.upload_id)
            .completed_uploads([CompletedUpload::new(etag, link.part_index)])
            .send()
            .await
            .expect("the part is complete");
    }
    let status = || {
        client
            .describe_attachment_upload_status()
            .upload_id(&first.upload_id)
            .send()
    };
    let early = status().await.expect("it is known");
    assert_eq!(early.upload_status, UploadStatus::AttachmentNotReady);
    stage.wait(1);
    let late = status().await.expect("it is known");
    assert_eq!(late.upload_status, UploadStatus::AttachmentReady);
    client
        .add_communication_to_case()
        .case_id(case_id)
        .communication_body("And the dump.")
        .upload_ids([&first.upload_id])
        .send()
        .await
        .expect("it is added");
    let said = client
        .describe_communications()
        .case_id(case_id)
        .send()
        .await
        .expect("there are two");
    let newest = &said.communications.expect("they are listed")[0];
    let id = newest.attachments.as_ref().expect("there is one")[0]
        .attachment_id
        .clone();
    let link = client
        .get_attachment_download_link()
        .attachment_id(id.expect("it has an id"));
    let link = link.send().await.expect("there is a link");
    assert_eq!(link.file_name, "core.dump");
    let (status, read) = stage.get(&link.download_url.url).await;
    assert_eq!(status, 200);
    assert!(read == content, "the file is what was sent");
    let stored = stage.local.attachments().expect("they are read");
    assert!(
        stored
            .iter()
            .any(|file| file.file_name == "core.dump" && file.bytes == content)
    );
}

async fn support_trusted_advisor(stage: &Stage) {
    let client = &stage.support;
    let checks = client
        .describe_trusted_advisor_checks()
        .language("en")
        .send()
        .await;
    let id = checks.expect("there are checks").checks[0].id.clone();
    let result = client
        .describe_trusted_advisor_check_result()
        .check_id(&id)
        .send()
        .await;
    let result = result
        .expect("there is a result")
        .result
        .expect("it is there");
    assert_eq!(result.status, "warning");
    assert_eq!(result.flagged_resources[0].metadata[2], None);
    let summaries = client
        .describe_trusted_advisor_check_summaries()
        .check_ids([Some(id.clone())]);
    let summaries = summaries.send().await.expect("there is a summary");
    assert!(summaries.summaries[0].has_flagged_resources);
    let refreshed = client
        .refresh_trusted_advisor_check()
        .check_id(&id)
        .send()
        .await;
    assert_eq!(
        refreshed.expect("it is refreshed").status.status,
        "enqueued"
    );
    stage.wait(10);
    let statuses = client
        .describe_trusted_advisor_check_refresh_statuses()
        .check_ids([Some(id.clone())]);
    let statuses = statuses.send().await.expect("there is a status");
    assert_eq!(statuses.statuses[0].status, "success");
    assert_eq!(statuses.statuses[0].millis_until_next_refreshable, 290_000);
}

async fn security_ir_memberships(stage: &Stage) -> String {
    let client = &stage.security_ir;
    let listed = client
        .list_memberships()
        .send()
        .await
        .expect("there is one");
    let first = listed.items.expect("it is listed")[0].membership_id.clone();
    client
        .cancel_membership()
        .membership_id(&first)
        .send()
        .await
        .expect("it is cancelled");
    let team = ["one", "two"]
        .map(|name| IncidentResponder::new(format!("{name}@example.com"), "responder", name));
    let created = client
        .create_membership()
        .membership_name("Second")
        .incident_response_team(team)
        .send()
        .await
        .expect("it is created");
    let id = created.membership_id;
    client
        .update_membership()
        .membership_id(&id)
        .membership_name("Renamed")
        .send()
        .await
        .expect("it is updated");
    let shown = client
        .get_membership()
        .membership_id(&id)
        .send()
        .await
        .expect("it is found");
    assert_eq!(shown.membership_name.as_deref(), Some("Renamed"));
    assert_eq!(shown.membership_status, Some(MembershipStatus::Active));
    let details = client
        .batch_get_member_account_details()
        .membership_id(&id)
        .account_ids(["123456789012", "999999999999"])
        .send()
        .await
        .expect("they are answered");
    assert_eq!(details.items.map(|items| items.len()), Some(1));
    assert_eq!(
        details.errors.expect("one is unknown")[0].account_id,
        "999999999999"
    );
    id
}

async fn security_ir_metrics(stage: &Stage, membership_id: &str) {
    let day = BEGINNING.parse().expect("it is a time");
    let metrics = stage
        .security_ir
        .get_finding_metrics()
        .membership_id(membership_id)
        .start_date(day)
        .end_date(day)
        .send()
        .await
        .expect("there are metrics");
    assert_eq!(metrics.findings_triaged, 100);
}

async fn security_ir_case(stage: &Stage) -> String {
    let client = &stage.security_ir;
    let created = client
        .create_case()
        .title("A key has leaked")
        .description("It was in a public repository.")
        .engagement_type(EngagementType::SecurityIncident)
        .resolver_type(ResolverType::SelfValue)
        .reported_incident_start_date(BEGINNING.parse().expect("it is a time"))
        .impacted_accounts(["123456789012"])
        .watchers([Watcher::new("watcher@example.com")])
        .send()
        .await
        .expect("the case is opened");
    let case_id = created.case_id;
    client
        .update_case()
        .case_id(&case_id)
        .impacted_accounts_to_add(["210987654321"])
        .send()
        .await
        .expect("it is updated");
    client
        .update_case_status()
        .case_id(&case_id)
        .case_status(SelfManagedCaseStatus::DetectionAndAnalysis)
        .send()
        .await
        .expect("it goes on");
    let shown = client
        .get_case()
        .case_id(&case_id)
        .send()
        .await
        .expect("it is found");
    assert_eq!(shown.case_status, Some(CaseStatus::DetectionAndAnalysis));
    assert_eq!(
        shown.impacted_accounts.map(|accounts| accounts.len()),
        Some(2)
    );
    let comment = client
        .create_case_comment()
        .case_id(&case_id)
        .body("The key is disabled.");
    let comment = comment.send().await.expect("it is added");
    client
        .update_case_comment()
        .case_id(&case_id)
        .comment_id(&comment.comment_id)
        .body("The key is deleted.")
        .send()
        .await
        .expect("it is changed");
    let comments = client
        .list_comments()
        .case_id(&case_id)
        .send()
        .await
        .expect("there is one");
    assert_eq!(
        comments.items.expect("it is listed")[0].body.as_deref(),
        Some("The key is deleted.")
    );
    let edits = client
        .list_case_edits()
        .case_id(&case_id)
        .send()
        .await
        .expect("there are edits");
    assert_eq!(edits.total, Some(5));
    case_id
}

async fn security_ir_file(stage: &Stage, case_id: &str) {
    let client = &stage.security_ir;
    let url = client
        .get_case_attachment_upload_url()
        .case_id(case_id)
        .file_name("memory.dump")
        .content_length(4)
        .send()
        .await
        .expect("there is a URL");
    let (status, ..) = stage
        .put(&url.attachment_presigned_url, b"dump".to_vec())
        .await;
    assert_eq!(status, 200);
    let file = || async {
        let shown = client
            .get_case()
            .case_id(case_id)
            .send()
            .await
            .expect("it is found");
        shown.case_attachments.expect("they are listed")[0].clone()
    };
    assert_eq!(
        file().await.attachment_status,
        CaseAttachmentStatus::Pending
    );
    stage.wait(1);
    let file = file().await;
    assert_eq!(file.attachment_status, CaseAttachmentStatus::Verified);
    let url = client
        .get_case_attachment_download_url()
        .case_id(case_id)
        .attachment_id(file.attachment_id)
        .send()
        .await
        .expect("there is a URL");
    let (status, read) = stage.get(&url.attachment_presigned_url).await;
    assert_eq!((status, read.as_slice()), (200, &b"dump"[..]));
}

async fn security_ir_tags(stage: &Stage, case_id: &str) {
    let client = &stage.security_ir;
    let shown = client
        .get_case()
        .case_id(case_id)
        .send()
        .await
        .expect("it is found");
    let arn = shown.case_arn.expect("it has an ARN");
    let tags = [("team", "blue"), ("cost", "none")];
    client
        .tag_resource()
        .resource_arn(&arn)
        .tags(tags)
        .send()
        .await
        .expect("it is tagged");
    client
        .untag_resource()
        .resource_arn(&arn)
        .tag_keys(["cost"])
        .send()
        .await
        .expect("one goes");
    let tags = client
        .list_tags_for_resource()
        .resource_arn(&arn)
        .send()
        .await
        .expect("one stays");
    let tags: Vec<(String, String)> = tags.tags.into_iter().collect();
    assert_eq!(tags, [("team".to_owned(), "blue".to_owned())]);
}

async fn security_ir_investigations(stage: &Stage, case_id: &str) {
    let client = &stage.security_ir;
    let changed = client
        .update_resolver_type()
        .case_id(case_id)
        .resolver_type(ResolverType::Aws);
    let changed = changed.send().await.expect("AWS takes over");
    assert_eq!(changed.resolver_type, Some(ResolverType::Aws));
    let listed = client
        .list_investigations()
        .case_id(case_id)
        .send()
        .await
        .expect("there are two");
    assert_eq!(listed.investigation_actions.len(), 2);
    let id = listed.investigation_actions[0].investigation_id.clone();
    client
        .send_feedback()
        .case_id(case_id)
        .result_id(id)
        .usefulness(UsefulnessRating::Useful)
        .send()
        .await
        .expect("it is taken");
    let listed = client
        .list_investigations()
        .case_id(case_id)
        .send()
        .await
        .expect("there are two");
    let feedback = listed.investigation_actions[0]
        .feedback
        .as_ref()
        .expect("it is kept");
    assert_eq!(feedback.usefulness, Some(UsefulnessRating::Useful));
}
