//! Uploads to an incident create files: the headers that the real service requires, and the handling of status 412.

use attache_evidence::manifest::Confirmation;
use attache_evidence::security_ir::{Attached, Attachments, SavedUpload};
use attache_evidence::{Error, ErrorKind, Settings, Source};
use serde_json::json;

use super::content;
use super::desk::{Desk, Fault, attachment_id};

const CASE: &str = "1234567890";
/// What the real service signs.
const REAL: &str = "X-Amz-SignedHeaders=content-length%3Bhost%3Bif-none-match&";

fn attachments(desk: &Desk) -> Attachments {
    Attachments::new(&desk.security_ir())
}

async fn upload(desk: &Desk, settings: Settings) -> Result<Attached, Error> {
    attachments(desk)
        .settings(settings)
        .upload(CASE, Source::bytes("dump", content(1000)))
        .await
}

fn verified() -> Desk {
    Desk::with_states(["Verified"])
}

#[tokio::test(start_paused = true)]
async fn three_headers_go_out_whatever_is_signed() {
    for query in [REAL, "X-Amz-SignedHeaders=host&", ""] {
        let desk = verified();
        desk.state().query = query;
        upload(&desk, Settings::default()).await.expect("an upload");
        let state = desk.state();
        let head = &state.heads[0];
        assert_eq!(head["if-none-match"], "*");
        assert_eq!(head["content-length"], "1000");
        assert_eq!(head["content-type"], "application/octet-stream");
        assert_eq!(head.len(), 3, "and no other: {head:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_signed_header_without_a_known_value_is_refused_until_it_is_set() {
    const KMS: &str = "X-Amz-SignedHeaders=host;x-amz-server-side-encryption&";
    let desk = verified();
    desk.state().query = KMS;
    let error = upload(&desk, Settings::default())
        .await
        .expect_err("the value is unknown");
    assert_eq!(
        format!("{error:#}"),
        "the service signed the header `x-amz-server-side-encryption` of the request, and its value is not known here; \
         set it with `Settings::header`"
    );
    assert!(desk.state().heads.is_empty(), "nothing was sent");
    let settings = Settings::default()
        .header("X-Amz-Server-Side-Encryption", "aws:kms")
        .header("Content-Type", "text/plain");
    upload(&desk, settings.clone()).await.expect("it is known");
    assert_eq!(
        desk.state().heads[0]["x-amz-server-side-encryption"],
        "aws:kms"
    );
    assert_eq!(desk.state().heads[0]["content-type"], "text/plain");
    // Where it is not signed, storage would refuse it.
    let plain = verified();
    upload(&plain, settings).await.expect("an upload");
    let state = plain.state();
    assert!(!state.heads[0].contains_key("x-amz-server-side-encryption"));
}

#[tokio::test(start_paused = true)]
async fn settings_that_are_wrong_are_refused_before_any_call() {
    for (name, value, why) in [
        ("a b", "c", "`a b` is not the name of a header"),
        ("", "c", "`` is not the name of a header"),
        ("x-a", "b\r\nc", "`x-a` has a value that cannot stand"),
        ("Host", "elsewhere", "`Host` follows from the request"),
        ("content-length", "1", "follows from the request"),
        ("authorization", "AWS", "follows from the request"),
    ] {
        let desk = verified();
        let settings = Settings::default().header(name, value);
        assert!(!format!("{settings:?}").contains("elsewhere"));
        let error = upload(&desk, settings.clone())
            .await
            .expect_err("it is wrong");
        assert_eq!(error.kind(), ErrorKind::Settings);
        assert!(format!("{error:#}").contains(why), "{error}");
        assert!(desk.state().calls.is_empty());
        let folder = tempfile::tempdir().expect("a folder");
        let error = attachments(&desk)
            .settings(settings)
            .download(CASE, "id", folder.path().join("dump"))
            .await
            .expect_err("it is wrong");
        assert_eq!(error.kind(), ErrorKind::Settings);
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_response_the_file_is_found_in_the_case() {
    let desk = verified();
    desk.state().query = REAL;
    desk.state().faults.extend([Fault::LostAfter]);
    desk.state().download = content(1000).into();
    let attached = upload(&desk, Settings::default())
        .await
        .expect("it is there");
    assert_eq!(attached.attachment_id, attachment_id(0));
    assert_eq!(desk.state().puts["case/1"], 2);
    let part = &attached.manifest.files[0].parts[0];
    assert_eq!(part.confirmation, Confirmation::Download);
    let calls = desk.state().calls.clone();
    let download = "GetCaseAttachmentDownloadUrl".to_owned();
    assert!(calls.contains(&download), "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_response_the_file_is_found_after_its_scan() {
    let desk = Desk::with_states(["Pending", "Pending", "Verified"]);
    desk.state().faults.extend([Fault::LostAfter]);
    desk.state().download = content(1000).into();
    upload(&desk, Settings::default())
        .await
        .expect("it is there");
    let desk = Desk::with_states(["Pending", "Failed"]);
    desk.state().faults.extend([Fault::LostAfter]);
    let error = upload(&desk, Settings::default())
        .await
        .expect_err("the scan failed");
    assert_eq!(error.kind(), ErrorKind::Rejected);
}

#[tokio::test(start_paused = true)]
async fn another_content_of_the_name_is_an_error_and_stays() {
    let mut other = content(1000);
    other[999] ^= 1;
    for download in [other, content(999), content(1001), Vec::new()] {
        let desk = verified();
        desk.state().faults.extend([Fault::LostAfter]);
        desk.state().download = download.into();
        let error = upload(&desk, Settings::default())
            .await
            .expect_err("it is another one");
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(
            error
                .to_string()
                .contains("the case has a new attachment of the name `dump` with another content"),
            "{error}"
        );
        assert!(!error.may_have_arrived());
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_new_attachment_the_upload_may_have_arrived() {
    let desk = verified();
    // The storage has it, and the case never lists it.
    desk.state().faults.extend([Fault::Status(412, "")]);
    let error = upload(&desk, Settings::default())
        .await
        .expect_err("it is unknown");
    assert_eq!(error.kind(), ErrorKind::Transfer);
    assert!(error.may_have_arrived());
    let text = format!("{error:#}");
    assert_eq!(
        text,
        "the storage answered 412 because it has a file under the URL of this upload, and the case shows no new attachment \
         of its name that could be compared; the upload may have arrived"
    );
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_response_without_a_retry_resuming_finds_the_file() {
    for fault in [Fault::LostAfter, Fault::Status(503, "")] {
        let is_stored = matches!(fault, Fault::LostAfter);
        let desk = verified();
        desk.state().faults.extend([fault]);
        desk.state().download = content(1000).into();
        let attachments = attachments(&desk).settings(Settings::default().attempts(1));
        let source = Source::bytes("dump", content(1000));
        let mut upload = attachments
            .begin(CASE, source.clone())
            .await
            .expect("it begins");
        let error = upload.run().await.expect_err("the answer is lost");
        assert!(error.may_have_arrived(), "{error}");
        let text = serde_json::to_string(&upload.saved()).expect("it can be saved");
        let saved = serde_json::from_str(&text).expect("it was saved whole");
        let mut again = attachments
            .resume(source, saved)
            .await
            .expect("the same file");
        let attached = again.run().await.expect("it is there, or is sent again");
        assert_eq!(attached.attachment_id, attachment_id(0));
        let part = &attached.manifest.files[0].parts[0];
        assert_eq!(part.confirmation == Confirmation::Download, is_stored);
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_has_not_arrived() {
    for status in [400, 404, 411, 416] {
        let desk = verified();
        desk.state().faults.extend([Fault::Status(status, "")]);
        let error = upload(&desk, Settings::default())
            .await
            .expect_err("it is refused");
        assert!(!error.may_have_arrived(), "{error}");
    }
    let desk = verified();
    desk.state().faults.extend(vec![Fault::Status(409, ""); 5]);
    let error = upload(&desk, Settings::default())
        .await
        .expect_err("it is refused");
    assert!(!error.may_have_arrived(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_conflict_of_requests_is_tried_again() {
    let desk = verified();
    desk.state().faults.extend([
        Fault::Status(
            409,
            "<Error><Code>ConditionalRequestConflict</Code></Error>",
        ),
        Fault::Status(409, ""),
    ]);
    upload(&desk, Settings::default()).await.expect("an upload");
    assert_eq!(desk.state().puts["case/1"], 3);
}

#[tokio::test(start_paused = true)]
async fn a_changed_state_is_refused_before_anything_is_sent() {
    let desk = verified();
    let attachments = attachments(&desk);
    let source = Source::bytes("dump", content(1000));
    let upload = attachments
        .begin(CASE, source.clone())
        .await
        .expect("it begins");
    let saved = serde_json::to_value(upload.saved()).expect("it can be saved");
    desk.state().calls.clear();
    for (member, value) in [
        ("case_id", json!("9999999999")),
        ("file_name", json!("other")),
        ("file_name", json!("")),
        ("before", json!(["attachment-7"])),
        ("binding", json!("")),
        // The record of what was sent is a part.
        ("sent", json!(true)),
    ] {
        let mut changed = saved.clone();
        changed[member] = value;
        let changed: SavedUpload = serde_json::from_value(changed).expect("the form is right");
        let error = attachments
            .resume(source.clone(), changed)
            .await
            .expect_err("it is another state");
        assert_eq!(error.kind(), ErrorKind::State, "{member}");
    }
    let mut changed = saved.clone();
    changed["fingerprint"]["length"] = json!(1);
    let changed: SavedUpload = serde_json::from_value(changed).expect("the form is right");
    let error = attachments.resume(source.clone(), changed).await;
    assert_eq!(
        error.expect_err("it is another state").kind(),
        ErrorKind::State
    );
    assert!(desk.state().calls.is_empty(), "nothing was sent");
    let same: SavedUpload = serde_json::from_value(saved).expect("the form is right");
    // The file may lie elsewhere now. In the case it keeps its name.
    let moved = Source::bytes("moved", content(1000));
    let mut upload = attachments.resume(moved, same).await.expect("the same");
    let attached = upload.run().await.expect("an upload");
    assert_eq!(attached.manifest.files[0].name, "dump");
}
