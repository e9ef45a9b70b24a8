//! Uploads and downloads recorded, and replayed without the services.

use std::path::Path;

use attache_evidence::{Source, security_ir, support};
use attache_runtime::Config;
use attache_runtime::test::{Recorder, Replayer};

use super::content;
use super::desk::{Desk, Fault, PART, attachment_id};

const CASE: &str = "1234567890";

/// Records what a function does at a desk, replays it, and returns the text of the file.
async fn record_and_replay(desk: &Desk, name: &str, work: impl AsyncFn(&Config)) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let recorder = Recorder::of(&desk.config().build().expect("all is set"));
    work(&recorder.config()).await;
    recorder.save(&path).expect("it can be written");
    let replayer = Replayer::open(&path).expect("it was written");
    let config = replayer.config().build().expect("nothing is missing");
    work(&config).await;
    replayer.assert_finished();
    std::fs::read_to_string(&path).expect("it was written")
}

/// The secret of the presigned URLs of the desk.
fn assert_free_of_secrets(text: &str) {
    assert!(!text.contains("5f2c9d"), "a signature is in the file");
    assert!(
        text.contains("X-Amz-Signature=REDACTED"),
        "no URL is in the file"
    );
}

#[tokio::test(start_paused = true)]
async fn a_large_upload_to_support_is_replayed() {
    let desk = Desk::with_states(["attachment-not-ready", "attachment-ready"]);
    desk.state().faults.extend([
        Fault::Status(
            503,
            "<Error><Code>SlowDown</Code><AWSAccessKeyId>AKIDSECRET</AWSAccessKeyId></Error>",
        ),
        Fault::Lost,
    ]);
    let text = record_and_replay(&desk, "upload-to-support.json", async |config| {
        let client = attache_support::Client::new(config);
        let source = Source::bytes("core.dump", content(12 * PART + 345));
        let evidence = support::Attachments::new(&client).upload(source).await;
        assert_eq!(evidence.expect("an upload").upload_ids(), ["upload"]);
    })
    .await;
    assert_free_of_secrets(&text);
    assert!(!text.contains("AKIDSECRET"), "the key is in the file");
    assert_eq!(text.matches("\"method\": \"PUT\"").count(), 15);
    assert_eq!(text.matches("\"failure\": \"io\"").count(), 1);
    // Of the parts, only the digests are in the file.
    assert!(text.len() < 40_000, "{} bytes", text.len());
}

#[tokio::test(start_paused = true)]
async fn an_upload_to_security_ir_is_replayed() {
    let desk = Desk::with_states(["Pending", "Verified"]);
    let text = record_and_replay(&desk, "upload-to-security-ir.json", async |config| {
        let client = attache_security_ir::Client::new(config);
        let source = Source::bytes("dump", content(3_000_000));
        let attached = security_ir::Attachments::new(&client)
            .upload(CASE, source)
            .await;
        assert_eq!(attached.expect("an upload").attachment_id, attachment_id(0));
    })
    .await;
    assert_free_of_secrets(&text);
}

#[tokio::test(start_paused = true)]
async fn a_download_is_replayed_with_its_content() {
    let desk = Desk::default();
    desk.state().download = content(10_000).into();
    let text = record_and_replay(&desk, "download.json", async |config| {
        let folder = tempfile::tempdir().expect("a folder");
        let client = attache_support::Client::new(config);
        let attachments = support::Attachments::new(&client);
        let downloaded = attachments.download("attachment", folder.path()).await;
        let path = downloaded.expect("a download").path;
        assert!(std::fs::read(path).expect("the file") == content(10_000));
    })
    .await;
    assert_free_of_secrets(&text);
}
