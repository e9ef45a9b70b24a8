//! Presigned URLs are secrets: after any failure, nothing that a user sees or stores contains one.

use attache_evidence::{Error, Settings, Source, security_ir, support};

use super::content;
use super::desk::{Desk, Fault, PART, SECRET};

const CASE: &str = "1234567890";
const ID: &str = "00000000-0000-4000-8000-000000000000";

/// All visible texts, and their number.
#[derive(Default)]
struct Seen(usize);

impl Seen {
    fn text(&mut self, text: &str) {
        // The host is shown, so that a broken connection can be searched for.
        for secret in ["://", SECRET, "5f2c9d", "X-Amz-", "upload/1", "case/1"] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
        self.0 += 1;
    }

    fn error(&mut self, error: &Error) {
        self.text(&error.to_string());
        self.text(&format!("{error:#}"));
        self.text(&format!("{error:?}"));
        self.text(&format!("{error:#?}"));
        let mut source = std::error::Error::source(error);
        while let Some(error) = source {
            self.text(&error.to_string());
            self.text(&format!("{error:?}"));
            source = error.source();
        }
    }
}

/// Faults and responses of the storage, including a refusal that repeats the URL.
fn faults() -> Vec<Fault> {
    const BODY: &str =
        "<Error><Code>https://storage.test/case/1?X-Amz-Signature=5f2c9d</Code></Error>";
    let statuses = [
        200, 202, 204, 206, 301, 307, 400, 403, 404, 405, 409, 411, 412, 413, 416, 429, 500, 501,
        503,
    ];
    let mut faults: Vec<Fault> = statuses
        .into_iter()
        .map(|status| Fault::Status(status, BODY))
        .collect();
    faults.extend([
        Fault::Lost,
        Fault::LostAfter,
        Fault::Silence,
        Fault::Half,
        Fault::Unread,
        Fault::Headers(&[("etag", "\"https://storage.test/?X-Amz-Signature=5f2c9d\"")]),
        Fault::Endless(&[("content-length", "3")]),
    ]);
    faults
}

/// A desk on which a fault happens again and again.
fn desk(fault: &Fault) -> Desk {
    let desk = Desk::with_states(["attachment-ready"]);
    desk.state().download = content(1000).into();
    desk.state().faults.extend(vec![fault.clone(); 40]);
    desk
}

fn settings() -> Settings {
    Settings::default().attempts(2).parallel_parts(1)
}

#[tokio::test(start_paused = true)]
async fn no_error_state_or_manifest_contains_a_url() {
    let mut seen = Seen::default();
    for fault in faults() {
        let desk = desk(&fault);
        let attachments = support::Attachments::new(&desk.support()).settings(settings());
        let source = Source::bytes("dump", content(PART + 1));
        let mut upload = attachments.begin(source).await.expect("it begins");
        if let Err(error) = upload.run().await {
            seen.error(&error);
        }
        seen.text(&format!("{upload:?} {attachments:?}"));
        seen.text(&serde_json::to_string(&upload.saved()).expect("JSON"));
        seen.text(&serde_json::to_string(&upload.manifest().await).expect("JSON"));

        let desk = self::desk(&fault);
        let attachments = security_ir::Attachments::new(&desk.security_ir()).settings(settings());
        let source = Source::bytes("dump", content(1000));
        let mut upload = attachments.begin(CASE, source).await.expect("it begins");
        if let Err(error) = upload.run().await {
            seen.error(&error);
        }
        seen.text(&format!("{upload:?} {attachments:?}"));
        seen.text(&serde_json::to_string(&upload.saved()).expect("JSON"));

        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        let desk = self::desk(&fault);
        let attachments = support::Attachments::new(&desk.support()).settings(settings());
        if let Err(error) = attachments.download("attachment", &path).await {
            seen.error(&error);
        }
        let desk = self::desk(&fault);
        let attachments = support::Attachments::new(&desk.support()).settings(settings());
        let download = attachments
            .begin_download("attachment", folder.path())
            .await;
        let mut download = download.expect("it begins");
        if let Err(error) = download.run().await {
            seen.error(&error);
        }
        seen.text(&format!("{download:?}"));
        seen.text(&serde_json::to_string(&download.saved()).expect("JSON"));
        let path = folder.path().join("other");
        let desk = self::desk(&fault);
        let attachments = security_ir::Attachments::new(&desk.security_ir()).settings(settings());
        if let Err(error) = attachments.download(CASE, ID, &path).await {
            seen.error(&error);
        }
    }
    println!("{} texts, and no URL in them", seen.0);
    assert!(seen.0 > 400, "{}", seen.0);
}

#[tokio::test(start_paused = true)]
async fn an_invalid_or_unencrypted_url_is_refused_and_not_repeated() {
    let mut seen = Seen::default();
    for base in [
        "http://storage.test/file",
        "ftp://storage.test/file",
        "storage.test",
        "https://",
        "https://storage .test/",
        "",
        "/upload/1",
    ] {
        let desk = Desk::with_states(["attachment-ready"]);
        desk.state().base = Some(base);
        let attachments = support::Attachments::new(&desk.support()).settings(settings());
        let source = Source::bytes("dump", content(6 * PART));
        let error = attachments.upload(source).await.expect_err("it is no URL");
        seen.error(&error);
        assert!(desk.state().heads.is_empty(), "nothing was sent: {base}");
    }
    assert!(seen.0 >= 21, "{}", seen.0);
}

#[tokio::test]
async fn a_name_that_acts_on_a_terminal_is_shown_as_one_safe_line() {
    let desk = Desk::with_states(["attachment-ready"]);
    let attachments = support::Attachments::new(&desk.support());
    for name in [
        "a\u{1b}[2J",
        "a\nforged: line",
        "a\u{202e}gpj.exe",
        "a\u{2028}b",
    ] {
        let empty = Source::bytes(name, Vec::new());
        let error = attachments.upload(empty).await.expect_err("it is empty");
        for text in [format!("{error:#}"), format!("{error:?}")] {
            let acts = |letter: char| letter.is_control() || "\u{202e}\u{2028}".contains(letter);
            assert!(text.contains('a') && !text.contains(acts), "{text:?}");
        }
    }
}
