//! Downloads that another process continues with a saved state.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use attache_evidence::{ErrorKind, Settings, security_ir, support};
use serde_json::Value;

use super::content;
use super::desk::{Desk, Fault, SECRET};

const LENGTH: usize = 1_000_000;
const CASE: &str = "1234567890";
const ID: &str = "01234567-89ab-cdef-0123-456789abcdef";

fn desk() -> Desk {
    let desk = Desk::default();
    desk.state().download = content(LENGTH).into();
    desk.state().etags.push_back("\"5f2c-3\"");
    desk
}

fn support(desk: &Desk) -> support::Attachments {
    support::Attachments::new(&desk.support()).settings(Settings::default().attempts(1))
}

/// The last range that was asked for.
fn last_range(desk: &Desk) -> Option<String> {
    let state = desk.state();
    let range = state.heads.last()?.get("range")?;
    Some(range.to_str().expect("text").to_owned())
}

/// Begins a download of which 400000 bytes arrive, and gives its state as JSON.
async fn interrupted(desk: &Desk, path: &Path) -> String {
    desk.state().faults.push_back(Fault::Breaks(400_000));
    let kept: Arc<Mutex<String>> = Arc::default();
    let keep = Arc::clone(&kept);
    let download = support(desk).begin_download("attachment", path).await;
    let mut download = download.expect("it begins").on_saved(move |saved| {
        *keep.lock().expect("no panic") = serde_json::to_string(saved).expect("JSON");
    });
    let error = download.run().await.expect_err("the connection broke");
    assert_eq!(error.kind(), ErrorKind::Transfer);
    let kept = kept.lock().expect("no panic").clone();
    assert_eq!(
        kept,
        serde_json::to_string(&download.saved()).expect("JSON")
    );
    kept
}

fn state(text: &str) -> support::SavedDownload {
    serde_json::from_str(text).expect("a state")
}

/// The one temporary file of a folder.
fn temporary(folder: &Path) -> PathBuf {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths = entries.map(|entry| entry.expect("an entry").path());
    let path = paths.next().expect("a file");
    assert!(paths.next().is_none(), "it is the only one");
    path
}

#[tokio::test(start_paused = true)]
async fn another_process_fetches_the_missing_bytes_only() {
    let desk = desk();
    let folder = tempfile::tempdir().expect("a folder");
    let kept = interrupted(&desk, folder.path()).await;
    assert!(!kept.contains(SECRET) && !kept.contains("://"), "{kept}");
    let saved = state(&kept);
    assert_eq!(saved.file.arrived.length, 400_000);
    let mut download = support(&desk)
        .resume_download(saved)
        .await
        .expect("it is the same");
    let downloaded = download.run().await.expect("a download");
    assert_eq!(last_range(&desk).as_deref(), Some("bytes=400000-"));
    assert_eq!(downloaded.path, folder.path().join("report.pdf"));
    assert_eq!(temporary(folder.path()), downloaded.path);
    assert!(std::fs::read(&downloaded.path).expect("the file") == content(LENGTH));
    // It is complete, so another run fetches nothing.
    let requests = desk.state().heads.len();
    assert_eq!(download.run().await.expect("the same"), downloaded);
    assert_eq!(desk.state().heads.len(), requests);
}

#[tokio::test(start_paused = true)]
async fn a_download_from_a_case_continues_as_well() {
    let desk = desk();
    desk.state().faults.push_back(Fault::Breaks(400_000));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("dump");
    let attachments = security_ir::Attachments::new(&desk.security_ir())
        .settings(Settings::default().attempts(1));
    let mut download = attachments
        .begin_download(CASE, ID, &path)
        .expect("it begins");
    download.run().await.expect_err("the connection broke");
    let kept = serde_json::to_string(&download.saved()).expect("JSON");
    drop(download);
    let saved: security_ir::SavedDownload = serde_json::from_str(&kept).expect("a state");
    let mut edited = saved.clone();
    edited.case_id = "9876543210".to_owned();
    let error = attachments
        .resume_download(edited)
        .await
        .expect_err("another case");
    assert_eq!(error.kind(), ErrorKind::State);
    let mut download = attachments
        .resume_download(saved)
        .await
        .expect("it is the same");
    download.run().await.expect("a download");
    assert_eq!(last_range(&desk).as_deref(), Some("bytes=400000-"));
    assert!(std::fs::read(&path).expect("the file") == content(LENGTH));
}

#[tokio::test(start_paused = true)]
async fn a_state_that_was_edited_is_refused() {
    let desk = desk();
    let folder = tempfile::tempdir().expect("a folder");
    let kept = interrupted(&desk, folder.path()).await;
    let edit = |pointer: &str, value: Value| {
        let mut json: Value = serde_json::from_str(&kept).expect("JSON");
        *json.pointer_mut(pointer).expect("a member") = value;
        state(&json.to_string())
    };
    for (pointer, value) in [
        ("/attachment_id", "another".into()),
        ("/file/path", "/tmp/elsewhere".into()),
        ("/file/temporary", ".attache-other.part".into()),
        ("/file/arrived/length", 10.into()),
        ("/file/length", 10.into()),
        ("/file/etag", "\"other\"".into()),
        ("/file/hashes", serde_json::json!({"etag": "00"})),
    ] {
        let resumed = support(&desk).resume_download(edit(pointer, value)).await;
        assert_eq!(
            resumed.expect_err(pointer).kind(),
            ErrorKind::State,
            "{pointer}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_temporary_file_that_is_not_what_arrived_is_not_continued() {
    let desk = desk();
    for change in ["shorter", "other", "missing", "link"] {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = interrupted(&desk, folder.path()).await;
        let path = temporary(folder.path());
        let mut bytes = std::fs::read(&path).expect("the file");
        let kind = match change {
            "shorter" => {
                std::fs::write(&path, &bytes[..399_999]).expect("it is written");
                ErrorKind::Changed
            }
            "other" => {
                bytes[5] ^= 1;
                std::fs::write(&path, &bytes).expect("it is written");
                ErrorKind::Changed
            }
            "missing" => {
                std::fs::remove_file(&path).expect("it is removed");
                ErrorKind::Target
            }
            _ => {
                let other = folder.path().join("other");
                std::fs::rename(&path, &other).expect("it is moved");
                #[cfg(unix)]
                std::os::unix::fs::symlink(&other, &path).expect("a link");
                ErrorKind::Target
            }
        };
        let resumed = support(&desk).resume_download(state(&kept)).await;
        assert_eq!(resumed.expect_err(change).kind(), kind, "{change}");
    }
}

#[tokio::test(start_paused = true)]
async fn bytes_after_those_that_had_arrived_are_written_again() {
    let desk = desk();
    let folder = tempfile::tempdir().expect("a folder");
    let kept = interrupted(&desk, folder.path()).await;
    // The process was killed after it had written more than its last report says, and more than the file has.
    let path = temporary(folder.path());
    let mut bytes = std::fs::read(&path).expect("the file");
    bytes.resize(LENGTH + 1000, 7);
    std::fs::write(&path, &bytes).expect("it is written");
    let mut download = support(&desk)
        .resume_download(state(&kept))
        .await
        .expect("a prefix");
    let downloaded = download.run().await.expect("a download");
    assert!(std::fs::read(downloaded.path).expect("the file") == content(LENGTH));
}

#[tokio::test(start_paused = true)]
async fn another_object_in_the_meantime_is_an_error() {
    let desk = desk();
    let folder = tempfile::tempdir().expect("a folder");
    let kept = interrupted(&desk, folder.path()).await;
    desk.state().etags = ["\"other\""].into();
    let mut download = support(&desk)
        .resume_download(state(&kept))
        .await
        .expect("a prefix");
    let error = download.run().await.expect_err("it is another object");
    assert_eq!(error.kind(), ErrorKind::Changed);
}

#[tokio::test(start_paused = true)]
async fn the_state_is_reported_while_bytes_arrive() {
    const MIB: usize = 1024 * 1024;
    let desk = desk();
    desk.state().download = content(20 * MIB).into();
    // Every piece of this body has 100000 bytes.
    desk.state().faults.push_back(Fault::Breaks(20 * MIB));
    let folder = tempfile::tempdir().expect("a folder");
    let reported: Arc<Mutex<Vec<u64>>> = Arc::default();
    let report = Arc::clone(&reported);
    let download = support(&desk)
        .begin_download("attachment", folder.path())
        .await;
    let mut download = download.expect("it begins").on_saved(move |saved| {
        let length = saved.file.arrived.length;
        let path = temporary(saved.file.path.parent().expect("a folder"));
        assert!(std::fs::metadata(path).expect("the file").len() >= length);
        report.lock().expect("no panic").push(length);
    });
    download.run().await.expect("a download");
    let lengths = [8_400_000, 16_800_000];
    assert_eq!(*reported.lock().expect("no panic"), lengths);
}

#[tokio::test(start_paused = true)]
async fn a_discarded_download_leaves_nothing_behind() {
    let desk = desk();
    let folder = tempfile::tempdir().expect("a folder");
    let kept = interrupted(&desk, folder.path()).await;
    let download = support(&desk)
        .resume_download(state(&kept))
        .await
        .expect("a prefix");
    let text = format!("{download:?}");
    assert!(
        !text.contains("report.pdf") && text.contains("attachment"),
        "{text}"
    );
    download.discard().expect("it is removed");
    assert!(
        std::fs::read_dir(folder.path())
            .expect("a folder")
            .next()
            .is_none()
    );
}
