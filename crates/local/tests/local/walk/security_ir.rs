//! Security IR from its memberships to a closed case.

use std::collections::BTreeSet;

use attache_local::api;
use attache_security_ir::enums::{
    CaseAttachmentStatus, CaseStatus, EngagementType, MembershipStatus, ResolverType,
    SelfManagedCaseStatus, UsefulnessRating,
};
use attache_security_ir::types::{IncidentResponder, Watcher};

use super::missing;
use crate::stage::{BEGINNING, Stage};

#[tokio::test]
async fn all_operations_of_security_ir_answer() {
    let stage = Stage::new().await;
    let membership_id = memberships(&stage).await;
    metrics(&stage, &membership_id).await;
    let case_id = life_of_a_case(&stage).await;
    file(&stage, &case_id).await;
    tags(&stage, &case_id).await;
    investigations(&stage, &case_id).await;
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

async fn memberships(stage: &Stage) -> String {
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

async fn metrics(stage: &Stage, membership_id: &str) {
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

async fn life_of_a_case(stage: &Stage) -> String {
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
    comments(stage, &case_id).await;
    let edits = client
        .list_case_edits()
        .case_id(&case_id)
        .send()
        .await
        .expect("there are edits");
    assert_eq!(edits.total, Some(5));
    case_id
}

async fn comments(stage: &Stage, case_id: &str) {
    let client = &stage.security_ir;
    let comment = client
        .create_case_comment()
        .case_id(case_id)
        .body("The key is disabled.");
    let comment = comment.send().await.expect("it is added");
    client
        .update_case_comment()
        .case_id(case_id)
        .comment_id(&comment.comment_id)
        .body("The key is deleted.")
        .send()
        .await
        .expect("it is changed");
    let comments = client
        .list_comments()
        .case_id(case_id)
        .send()
        .await
        .expect("there is one");
    assert_eq!(
        comments.items.expect("it is listed")[0].body.as_deref(),
        Some("The key is deleted.")
    );
}

async fn file(stage: &Stage, case_id: &str) {
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

async fn tags(stage: &Stage, case_id: &str) {
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

async fn investigations(stage: &Stage, case_id: &str) {
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
