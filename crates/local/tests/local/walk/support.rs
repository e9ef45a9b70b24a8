//! AWS Support from its catalogue to a resolved case.

use std::collections::BTreeSet;

use attache_local::api;
use attache_support::enums::UploadStatus;
use attache_support::types::{Attachment, CompletedUpload};

use super::missing;
use crate::stage::Stage;

#[tokio::test]
async fn all_operations_of_support_answer() {
    let stage = Stage::with(|builder| builder.part_size(1 << 20)).await;
    catalogue(&stage).await;
    let case_id = small_files(&stage).await;
    large_file(&stage, &case_id).await;
    trusted_advisor(&stage).await;
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

async fn catalogue(stage: &Stage) {
    let client = &stage.support;
    let services = client
        .describe_services()
        .send()
        .await
        .expect("there are services");
    let services = services.services.expect("they are listed");
    assert!(services.len() >= 30);
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

async fn small_files(stage: &Stage) -> String {
    let client = &stage.support;
    let file = Attachment::new().file_name("boot.log").data("panic");
    let set = client
        .add_attachments_to_set()
        .attachments([file])
        .send()
        .await
        .expect("the set is made");
    assert_eq!(
        set.expiry_time.as_deref(),
        Some("2026-01-01T01:00:00.000+0000")
    );
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

/// Uploads a file in parts, and returns the ID when it is ready.
async fn upload(stage: &Stage, content: &[u8]) -> String {
    let client = &stage.support;
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
    first.upload_id
}

async fn large_file(stage: &Stage, case_id: &str) {
    let client = &stage.support;
    let content: Vec<u8> = (0..(12 << 20) + 5).map(|index: u32| index as u8).collect();
    let upload_id = upload(stage, &content).await;
    client
        .add_communication_to_case()
        .case_id(case_id)
        .communication_body("And the dump.")
        .upload_ids([&upload_id])
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

async fn trusted_advisor(stage: &Stage) {
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
    // A cell without a value is null.
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
