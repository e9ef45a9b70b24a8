//! Manifests: what a user keeps of an upload.

use attache_evidence::{Manifest, Settings, Source, security_ir, support};
use serde_json::{Value, json};

use super::desk::{Desk, PART, attachment_id};
use super::{content, file};

fn sha256(bytes: &[u8]) -> String {
    attache_evidence::Fingerprint::of(bytes)
        .expect("bytes can be read")
        .sha256
}

/// The document, which must be read back as what it was.
fn document(manifest: &Manifest) -> Value {
    let text = serde_json::to_string(manifest).expect("it can be kept");
    assert!(!text.contains("https:"), "no URL: {text}");
    let read: Manifest = serde_json::from_str(&text).expect("it was kept whole");
    assert_eq!(read, *manifest);
    assert!(!format!("{manifest:?}").contains("dump"), "no name");
    serde_json::from_str(&text).expect("JSON")
}

#[tokio::test(start_paused = true)]
async fn a_large_file_is_recorded_part_by_part_across_a_resumption() {
    let desk = Desk::with_states(["attachment-ready"]);
    desk.state().answer.push(("x-amz-checksum-xxhash3", "AAAA"));
    let content = content(PART + 500_000);
    let (_folder, path) = file("core.dump", &content);
    let attachments = support::Attachments::new(&desk.support())
        .settings(Settings::default().parallel_parts(1).attempts(1));
    let mut upload = attachments.begin(&path).await.expect("it begins");
    desk.state()
        .refusals
        .push_back(("CompleteAttachmentUpload", 400, "{}"));
    upload.run().await.expect_err("the report fails");
    let saved = upload.saved();
    let mut upload = attachments.resume(&path, saved).await.expect("the same");
    upload.run().await.expect("it ends");
    let document = document(&upload.manifest().await);
    let modified = document["files"][0]["modified"].clone();
    assert!(modified.as_str().expect("a time").ends_with('Z'));
    let part = |number: u32, offset: usize, bytes: &[u8]| {
        json!({"number": number, "offset": offset, "size": bytes.len(), "sha256": sha256(bytes),
               "etag": format!("\"etag-{number}\""), "checksums": {"x-amz-checksum-xxhash3": "AAAA"},
               "sent": "2026-11-22T12:00:00Z", "confirmation": "not confirmed by storage"})
    };
    assert_eq!(
        document,
        json!({"version": 1, "files": [{
            "name": "core.dump", "size": content.len(), "sha256": sha256(&content), "modified": modified,
            "opened": "2026-11-22T12:00:00Z", "grown_to": null,
            "destination": {"support_upload": {"upload_id": "upload"}},
            "parts": [part(1, 0, &content[..PART]), part(2, PART, &content[PART..])]
        }]})
    );
}

#[tokio::test(start_paused = true)]
async fn several_files_are_recorded_where_they_went() {
    let desk = Desk::with_states(["attachment-ready"]);
    let sources = [
        Source::bytes("small.dump", &b"small"[..]),
        Source::bytes("large.dump", content(6 * PART)),
    ];
    let uploads = support::Attachments::new(&desk.support())
        .upload_all(sources)
        .await
        .expect("nothing is refused");
    let evidence = uploads.evidence();
    assert_eq!(evidence.len(), 1);
    let manifest = uploads.into_manifest().expect("both arrived");
    assert_eq!(&manifest, evidence[0].manifest());
    let document = document(&manifest);
    let small = &document["files"][0];
    assert_eq!(small["name"], "small.dump");
    assert_eq!(small["modified"], Value::Null);
    assert_eq!(
        small["destination"],
        json!({"support_set": {"attachment_set_id": "set", "expires": "2026-11-22T13:00:00Z"}})
    );
    assert_eq!(small["parts"][0]["confirmation"], "signed_call");
    assert_eq!(small["parts"][0]["sha256"], sha256(b"small"));
    let large = &document["files"][1];
    assert_eq!(large["name"], "large.dump");
    assert_eq!(large["parts"].as_array().map(Vec::len), Some(6));
}

#[tokio::test(start_paused = true)]
async fn a_file_of_an_incident_is_recorded_with_its_case() {
    let desk = Desk::with_states(["Verified"]);
    let attached = security_ir::Attachments::new(&desk.security_ir())
        .upload("1234567890", Source::bytes("dump", &b"123456789"[..]))
        .await
        .expect("an upload");
    let document = document(&attached.manifest);
    let file = &document["files"][0];
    assert_eq!(
        file["destination"],
        json!({"security_ir_case": {"case_id": "1234567890", "attachment_id": attachment_id(0)}})
    );
    assert_eq!(file["parts"][0]["etag"], "\"etag-1\"");
}

#[test]
fn another_version_is_refused() {
    let error = serde_json::from_str::<Manifest>(r#"{"version": 2, "files": []}"#);
    let text = error.expect_err("it is not known").to_string();
    assert!(
        text.starts_with("the manifest has version 2, and this program reads version 1"),
        "{text}"
    );
    // Members that a later program has added are no harm.
    let more = r#"{"version": 1, "files": [], "made_by": "a later program"}"#;
    assert!(serde_json::from_str::<Manifest>(more).is_ok());
}
