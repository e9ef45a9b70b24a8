//! Uploads to AWS Security Incident Response.

use attache_evidence::security_ir::Attachments;
use attache_evidence::{ErrorKind, Source};
use serde_json::json;

use super::content;
use super::desk::{Desk, Fault, attachment_id};

const CASE: &str = "1234567890";

#[tokio::test(start_paused = true)]
async fn a_file_is_sent_and_its_scan_waited_for() {
    let desk = Desk::with_states(["Pending", "Pending", "Verified"]);
    // One of the same name was there before.
    desk.state().case.push(
        json!({"attachmentId": "old", "fileName": "dump", "attachmentStatus": "Verified",
                                  "createdDate": 0, "creator": "c"}),
    );
    let content = content(3_000_000);
    let attached = Attachments::new(&desk.security_ir())
        .upload(CASE, Source::bytes("dump", content.clone()))
        .await
        .expect("an upload");
    assert_eq!(attached.attachment_id, attachment_id(1));
    assert!(desk.whole() == content);
    let calls = desk.state().calls.clone();
    assert_eq!(
        calls,
        [
            "GetCase",
            "GetCaseAttachmentUploadUrl",
            "GetCase",
            "GetCase",
            "GetCase"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_scan_that_finds_something_is_an_error() {
    let desk = Desk::with_states(["Pending", "Failed"]);
    let error = Attachments::new(&desk.security_ir())
        .upload(CASE, Source::bytes("dump", content(10)))
        .await
        .expect_err("the scan failed");
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(
        error
            .to_string()
            .starts_with("the service rejects the file")
    );
}

#[tokio::test(start_paused = true)]
async fn an_expired_url_is_asked_for_again_and_its_pending_attachment_does_not_matter() {
    let desk = Desk::with_states(["Verified"]);
    desk.state().faults.extend([Fault::Status(403, "")]);
    let attached = Attachments::new(&desk.security_ir())
        .upload(CASE, Source::bytes("dump", content(10)))
        .await
        .expect("an upload");
    assert_eq!(attached.attachment_id, attachment_id(1));
}

#[tokio::test(start_paused = true)]
async fn an_upload_whose_file_is_there_only_waits_for_the_scan() {
    let desk = Desk::with_states(["Verified"]);
    let attachments = Attachments::new(&desk.security_ir());
    let source = Source::bytes("dump", content(10));
    let mut upload = attachments
        .begin(CASE, source.clone())
        .await
        .expect("it begins");
    upload.run().await.expect("an upload");
    let saved = upload.saved();
    assert!(saved.sent);
    let text = serde_json::to_string(&saved).expect("it can be saved");
    let saved = serde_json::from_str(&text).expect("it was saved whole");
    let mut again = attachments
        .resume(source, saved)
        .await
        .expect("the same file");
    again.run().await.expect("it is verified");
    assert_eq!(desk.state().puts["case/1"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_full_case_takes_no_more() {
    let desk = Desk::default();
    for index in 0..50 {
        desk.state().case.push(json!({"attachmentId": format!("{index}"), "fileName": "f", "attachmentStatus": "Verified",
                                      "createdDate": 0, "creator": "c"}));
    }
    let error = Attachments::new(&desk.security_ir())
        .upload(CASE, Source::bytes("dump", content(10)))
        .await
        .expect_err("fifty are enough");
    assert_eq!(
        format!("{error:#}"),
        "the case has 50 attachments, which is the limit"
    );
    assert_eq!(desk.state().calls, ["GetCase"]);
}
