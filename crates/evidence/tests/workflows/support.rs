//! Uploads to AWS Support.

use std::sync::{Arc, Mutex};

use attache_evidence::support::{Attachments, SavedUpload};
use attache_evidence::{ErrorKind, Settings, Source, Stage};

use super::desk::{Desk, Fault, PART, SECRET};
use super::{content, file};

const LARGE: usize = 12 * PART + 345;

fn ready() -> Desk {
    Desk::with_states(["attachment-not-ready", "attachment-ready"])
}

fn calls(desk: &Desk, name: &str) -> usize {
    let state = desk.state();
    state.calls.iter().filter(|call| *call == name).count()
}

#[tokio::test(start_paused = true)]
async fn a_small_file_goes_into_a_set() {
    let desk = ready();
    let (_folder, path) = file("app.log", b"it broke");
    let evidence = Attachments::new(&desk.support())
        .upload(&path)
        .await
        .expect("an upload");
    assert_eq!(evidence.attachment_set_id(), Some("set"));
    assert!(evidence.upload_ids().is_empty());
    let expires = evidence.expires().expect("an expiry");
    assert_eq!(expires.to_string(), "2026-11-22T13:00:00Z");
    let set = desk.state().set.clone();
    assert_eq!(set["attachments"][0]["fileName"], "app.log");
    assert_eq!(set["attachments"][0]["data"], "aXQgYnJva2U=");
    let request = evidence
        .on_case(desk.support().create_case())
        .into_request();
    assert_eq!(request.attachment_set_id.as_deref(), Some("set"));
    assert_eq!(request.upload_ids, None);
}

#[tokio::test(start_paused = true)]
async fn a_large_file_goes_up_in_parts_and_is_waited_for() {
    let desk = ready();
    let content = content(LARGE);
    let (_folder, path) = file("core.dump", &content);
    let stages = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&stages);
    let settings = Settings::default().on_progress(move |progress| {
        seen.lock().expect("no panic").push(progress);
    });
    let evidence = Attachments::new(&desk.support())
        .settings(settings)
        .upload(&path)
        .await
        .expect("an upload");
    assert_eq!(evidence.upload_ids(), ["upload"]);
    assert_eq!(evidence.attachment_set_id(), None);
    assert!(desk.whole() == content, "the parts make the file");
    let mut reported = desk.state().reported.clone();
    reported.sort_unstable();
    assert_eq!(reported, (1..=13).collect::<Vec<i64>>());
    // Ten links came with the first call, three with the second.
    assert_eq!(calls(&desk, "GetAttachmentUploadLinks"), 2);
    assert_eq!(calls(&desk, "DescribeAttachmentUploadStatus"), 2);
    let stages = stages.lock().expect("no panic");
    let last = stages.last().expect("progress");
    assert_eq!(last.stage, Stage::Done);
    assert_eq!((last.bytes, last.total_bytes), (LARGE as u64, LARGE as u64));
    assert_eq!((last.parts, last.total_parts), (13, 13));
}

#[tokio::test(start_paused = true)]
async fn parts_are_tried_again_one_by_one() {
    let desk = ready();
    desk.state().faults.extend([
        Fault::Status(503, "<Error><Code>SlowDown</Code></Error>"),
        Fault::Lost,
        Fault::LostAfter,
        Fault::Silence,
        Fault::Status(400, "<Error><Code>RequestTimeout</Code></Error>"),
    ]);
    let content = content(6 * PART);
    let evidence = Attachments::new(&desk.support())
        .upload(Source::bytes("six", content.clone()))
        .await
        .expect("an upload");
    assert_eq!(evidence.upload_ids(), ["upload"]);
    assert!(desk.whole() == content, "the parts make the file");
    assert_eq!(desk.state().puts.values().sum::<u32>(), 6 + 5);
    assert_eq!(desk.state().reported.len(), 6);
}

#[tokio::test(start_paused = true)]
async fn an_expired_link_is_asked_for_again() {
    let desk = ready();
    desk.state().faults.extend([Fault::Status(
        403,
        "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
    )]);
    let content = content(6 * PART);
    Attachments::new(&desk.support())
        .upload(Source::bytes("six", content.clone()))
        .await
        .expect("an upload");
    assert!(desk.whole() == content);
    assert_eq!(calls(&desk, "GetAttachmentUploadLinks"), 2);
}

#[tokio::test(start_paused = true)]
async fn a_link_that_never_works_ends_with_what_the_storage_said_and_no_url() {
    let desk = ready();
    desk.state()
        .faults
        .extend(vec![Fault::Status(403, ""); 100]);
    let error = Attachments::new(&desk.support())
        .upload(Source::bytes("six", content(6 * PART)))
        .await
        .expect_err("nothing works");
    assert_eq!(error.kind(), ErrorKind::Transfer);
    assert_eq!(
        format!("{error:#}"),
        "the response to a presigned URL was 403 Forbidden"
    );
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_upload_goes_on_and_sends_no_complete_part_again() {
    let desk = ready();
    let content = content(LARGE);
    let (_folder, path) = file("core.dump", &content);
    let attachments = Attachments::new(&desk.support())
        .settings(Settings::default().parallel_parts(1).attempts(1));
    let kept: Arc<Mutex<Option<String>>> = Arc::default();
    let keep = Arc::clone(&kept);
    let mut upload = attachments
        .begin(&path)
        .await
        .expect("it begins")
        .on_saved(move |saved| {
            let text = serde_json::to_string(saved).expect("it can be saved");
            *keep.lock().expect("no panic") = Some(text);
        });
    // Four parts, and the report of the fifth fails.
    for _ in 0..4 {
        desk.state().refusals.push_back((
            "CompleteAttachmentUpload",
            200,
            "{\"uploadStatus\": \"attachment-not-ready\"}",
        ));
    }
    desk.state().refusals.push_back((
        "CompleteAttachmentUpload",
        400,
        r#"{"__type": "InvalidParameterException"}"#,
    ));
    let error = upload.run().await.expect_err("it stops");
    assert_eq!(error.kind(), ErrorKind::Service);
    drop(upload);
    let text = kept
        .lock()
        .expect("no panic")
        .clone()
        .expect("it was saved");
    assert!(
        !text.contains(SECRET) && !text.contains("storage.test"),
        "{text}"
    );
    let saved: SavedUpload = serde_json::from_str(&text).expect("it was saved whole");
    assert_eq!(saved.parts.len(), 5);
    assert!(saved.parts[&4].reported && !saved.parts[&5].reported);

    let mut upload = attachments
        .resume(&path, saved)
        .await
        .expect("the file is the same");
    assert_eq!(upload.run().await.expect("it ends"), "upload");
    assert!(desk.whole() == content);
    assert!(desk.state().puts.values().all(|count| *count == 1));
    assert_eq!(
        desk.state().reported[0],
        5,
        "what was sent is only reported"
    );
}

#[tokio::test(start_paused = true)]
async fn a_state_whose_upload_the_service_no_longer_has_is_of_no_use() {
    let desk = ready();
    let source = Source::bytes("six", content(6 * PART));
    let mut upload = Attachments::new(&desk.support())
        .begin(source)
        .await
        .expect("it begins");
    desk.state().refusals.push_back((
        "CompleteAttachmentUpload",
        400,
        r#"{"__type": "UploadIdNotFound"}"#,
    ));
    let error = upload.run().await.expect_err("it is gone");
    assert_eq!(error.kind(), ErrorKind::State);
    assert!(error.to_string().contains("begin a new upload"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_dropped_run_can_be_run_again() {
    let desk = ready();
    desk.state().faults.extend([Fault::Silence]);
    let content = content(6 * PART);
    let attachments =
        Attachments::new(&desk.support()).settings(Settings::default().parallel_parts(1));
    let mut upload = attachments
        .begin(Source::bytes("six", content.clone()))
        .await
        .expect("it begins");
    let second = std::time::Duration::from_secs(1);
    let given_up = tokio::time::timeout(second, upload.run()).await;
    assert!(given_up.is_err(), "the first part hangs");
    upload.run().await.expect("it ends");
    assert!(desk.whole() == content);
}

#[tokio::test(start_paused = true)]
async fn another_file_is_refused() {
    let desk = ready();
    let attachments = Attachments::new(&desk.support());
    let upload = attachments
        .begin(Source::bytes("six", content(6 * PART)))
        .await
        .expect("it begins");
    let saved = upload.saved();
    let mut other = content(6 * PART);
    other[5_999_999] ^= 1;
    let error = attachments
        .resume(Source::bytes("six", other), saved)
        .await
        .expect_err("one bit differs");
    assert_eq!(error.kind(), ErrorKind::Changed);
    assert_eq!(
        format!("{error:#}"),
        "`six` is not the content with which the upload began; begin a new upload"
    );
}

#[tokio::test(start_paused = true)]
async fn a_state_with_a_wrong_part_is_refused() {
    let desk = ready();
    let attachments = Attachments::new(&desk.support());
    let source = Source::bytes("six", content(6 * PART));
    let mut upload = attachments.begin(source.clone()).await.expect("it begins");
    upload.run().await.expect("it ends");
    let whole = serde_json::to_value(upload.saved()).expect("it can be saved");
    let calls = desk.state().calls.len();
    for (member, value) in [
        ("number", serde_json::json!(3)),
        ("offset", serde_json::json!(1)),
        ("size", serde_json::json!(PART - 1)),
        ("sha256", serde_json::json!("00")),
        ("etag", serde_json::json!("\"of another part\"")),
    ] {
        let mut changed = whole.clone();
        changed["parts"]["2"]["sent"][member] = value;
        let changed: SavedUpload = serde_json::from_value(changed).expect("the form is right");
        let outcome = attachments.resume(source.clone(), changed).await;
        let error = outcome.expect_err(member);
        assert_eq!(error.kind(), ErrorKind::State, "{member}: {error}");
    }
    for name in ["", "other"] {
        let mut changed = whole.clone();
        changed["file_name"] = serde_json::json!(name);
        let changed: SavedUpload = serde_json::from_value(changed).expect("the form is right");
        let outcome = attachments.resume(source.clone(), changed).await;
        let error = outcome.expect_err("it is another state");
        assert_eq!(error.kind(), ErrorKind::State, "`{name}`: {error}");
    }
    let same: SavedUpload = serde_json::from_value(whole).expect("the form is right");
    let same = attachments.resume(source, same).await;
    assert_eq!(
        same.expect("the same").manifest().await,
        upload.manifest().await
    );
    assert_eq!(desk.state().calls.len(), calls, "nothing was sent");
}

#[tokio::test(start_paused = true)]
async fn an_upload_that_the_service_rejects_says_so() {
    let desk = Desk::with_states(["attachment-not-ready", "failed"]);
    let error = Attachments::new(&desk.support())
        .upload(Source::bytes("six", content(6 * PART)))
        .await
        .expect_err("it failed");
    assert_eq!(error.kind(), ErrorKind::Rejected);
}

#[tokio::test(start_paused = true)]
async fn several_files_come_in_as_few_pieces_of_evidence_as_the_service_allows() {
    let desk = ready();
    let small = (0..4).map(|index| Source::bytes(format!("small-{index}"), &b"small"[..]));
    let large = std::iter::once(Source::bytes("large", content(6 * PART)));
    let uploads = Attachments::new(&desk.support())
        .upload_all(small.chain(large))
        .await
        .expect("nothing is refused");
    assert!(uploads.is_complete(), "{uploads:?}");
    let names: Vec<&str> = uploads.files.iter().map(|file| &*file.name).collect();
    assert_eq!(names, ["small-0", "small-1", "small-2", "small-3", "large"]);
    let all = uploads.evidence();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].upload_ids(), ["upload"]);
    assert!(
        all.iter()
            .all(|evidence| evidence.attachment_set_id().is_some())
    );
    assert_eq!(calls(&desk, "AddAttachmentsToSet"), 2);
    let call = desk.support().add_communication_to_case();
    let request = all[0].on_communication(call).into_request();
    assert_eq!(request.upload_ids, Some(vec!["upload".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_transport_that_cannot_be_set_up_is_tried_once_and_says_why() {
    let desk = ready();
    desk.state().faults.extend(vec![Fault::Setup; 8]);
    let settings = Settings::default().parallel_parts(1);
    let error = Attachments::new(&desk.support())
        .settings(settings)
        .upload(Source::bytes("six", content(6 * PART)))
        .await
        .expect_err("nothing can be sent");
    assert_eq!(error.kind(), ErrorKind::Transfer);
    assert!(format!("{error:#}").contains("`roots.pem`"), "{error}");
    assert_eq!(desk.state().faults.len(), 7, "one request was made");
}
