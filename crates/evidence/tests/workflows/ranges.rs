//! Downloads that break and continue with the bytes that are missing.

use std::path::Path;
use std::sync::{Arc, Mutex};

use attache_evidence::{Error, ErrorKind, Progress, Settings, Stage, security_ir, support};

use super::content;
use super::desk::{Desk, Fault};

const LENGTH: usize = 1_000_000;
const CASE: &str = "1234567890";
const ID: &str = "01234567-89ab-cdef-0123-456789abcdef";

fn desk() -> Desk {
    let desk = Desk::default();
    desk.state().download = content(LENGTH).into();
    desk.state().etags.push_back("\"5f2c-3\"");
    desk
}

/// The `range` of each request to the storage.
fn ranges(desk: &Desk) -> Vec<Option<String>> {
    let state = desk.state();
    let ranges = state.heads.iter().map(|head| head.get("range"));
    ranges
        .map(|range| Some(range?.to_str().expect("text").to_owned()))
        .collect()
}

fn from(offset: usize) -> Option<String> {
    Some(format!("bytes={offset}-"))
}

/// Downloads with these attempts, and gives what is in the file.
async fn fetched(desk: &Desk, attempts: u32) -> Result<Vec<u8>, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    support::Attachments::new(&desk.support())
        .settings(Settings::default().attempts(attempts))
        .download("attachment", &path)
        .await?;
    assert_eq!(names(folder.path()), ["file"]);
    Ok(std::fs::read(&path).expect("the file"))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    names
        .map(|name| name.into_string().expect("text"))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn only_the_missing_bytes_of_the_same_object_are_fetched() {
    let desk = desk();
    desk.state().faults.extend([
        Fault::Breaks(300_000),
        Fault::Status(503, ""),
        Fault::Breaks(0),
        Fault::Half,
        Fault::Lost,
    ]);
    assert!(fetched(&desk, 6).await.expect("a download") == content(LENGTH));
    assert_eq!(
        ranges(&desk),
        [
            None,
            from(300_000),
            from(300_000),
            from(300_000),
            from(650_000),
            from(650_000)
        ]
    );
    let state = desk.state();
    for head in &state.heads[1..] {
        assert_eq!(head["if-match"], "\"5f2c-3\"");
    }
}

#[tokio::test(start_paused = true)]
async fn a_renewed_url_continues_where_the_expired_one_ended() {
    let desk = desk();
    let expired = Fault::Status(403, "<Error><Code>AccessDenied</Code></Error>");
    desk.state()
        .faults
        .extend([Fault::Breaks(400_000), expired]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("dump");
    security_ir::Attachments::new(&desk.security_ir())
        .download(CASE, ID, &path)
        .await
        .expect("a download");
    assert!(std::fs::read(&path).expect("the file") == content(LENGTH));
    assert_eq!(ranges(&desk), [None, from(400_000), from(400_000)]);
    assert_eq!(desk.state().calls.len(), 2, "two URLs");
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_after_the_last_byte_has_fetched_all() {
    let desk = desk();
    desk.state().faults.push_back(Fault::Breaks(LENGTH));
    assert!(fetched(&desk, 1).await.expect("a download") == content(LENGTH));
    assert_eq!(ranges(&desk), [None]);
}

#[tokio::test(start_paused = true)]
async fn bytes_of_two_objects_are_never_joined() {
    // By the status of the storage, and by the ETag of one that ignores `If-Match`.
    for second in [None, Some(Fault::Whole(&[("etag", "\"other\"")]))] {
        let desk = desk();
        desk.state().etags.push_back("\"other\"");
        desk.state().faults.push_back(Fault::Breaks(300_000));
        desk.state().faults.extend(second);
        let error = fetched(&desk, 5).await.expect_err("it is another object");
        assert_eq!(error.kind(), ErrorKind::Changed);
        assert!(
            error
                .to_string()
                .starts_with("the attachment changed while"),
            "{error}"
        );
        assert_eq!(desk.state().heads.len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_storage_that_ignores_the_range_sends_the_file_from_its_first_byte() {
    let desk = desk();
    desk.state().faults.extend([
        Fault::Breaks(300_000),
        Fault::Whole(&[("etag", "\"5f2c-3\"")]),
    ]);
    assert!(fetched(&desk, 2).await.expect("a download") == content(LENGTH));
    assert_eq!(ranges(&desk), [None, from(300_000)]);
}

#[tokio::test(start_paused = true)]
async fn without_a_strong_etag_the_file_is_fetched_from_its_first_byte() {
    for etag in [None, Some("W/\"5f2c\""), Some("5f2c"), Some("\"a b\"")] {
        let desk = desk();
        desk.state().etags.clear();
        desk.state().etags.extend(etag);
        desk.state().faults.push_back(Fault::Breaks(300_000));
        assert!(fetched(&desk, 2).await.expect("a download") == content(LENGTH));
        assert_eq!(ranges(&desk), [None, None], "{etag:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_range_is_not_written_and_the_next_attempt_begins_again() {
    for fault in [
        Fault::Range("bytes 299999-999999/1000000"),
        Fault::Range("bytes 300000-999999/1000001"),
        Fault::Range("bytes 300000-999998/1000000"),
        Fault::Range("nonsense"),
        Fault::Status(416, ""),
    ] {
        let desk = desk();
        let faults = [Fault::Breaks(300_000), fault.clone()];
        desk.state().faults.extend(faults);
        assert!(fetched(&desk, 3).await.expect("a download") == content(LENGTH));
        assert_eq!(ranges(&desk), [None, from(300_000), None], "{fault:?}");
        let desk = self::desk();
        desk.state().faults.extend([Fault::Breaks(300_000), fault]);
        let error = fetched(&desk, 2).await.expect_err("no attempt is left");
        assert_eq!(error.kind(), ErrorKind::Transfer);
    }
}

#[tokio::test(start_paused = true)]
async fn the_hash_of_the_whole_file_is_compared_after_a_continuation() {
    // The MD5 of other bytes: what continued is fetched again from its first byte on, and never accepted.
    let desk = desk();
    desk.state().etags = ["\"00f9e794323b453885f5181f1b624d0b\""].into();
    desk.state().faults.push_back(Fault::Breaks(300_000));
    let error = fetched(&desk, 3).await.expect_err("the hash is wrong");
    assert_eq!(
        error.to_string(),
        "the header `etag` belongs to other bytes than arrived"
    );
    assert_eq!(ranges(&desk), [None, from(300_000), None]);

    let desk = Desk::default();
    desk.state().download = (&b"123456789"[..]).into();
    desk.state().etags = ["\"25f9e794323b453885f5181f1b624d0b\""].into();
    desk.state().faults.push_back(Fault::Breaks(4));
    assert_eq!(fetched(&desk, 2).await.expect("it is right"), b"123456789");
    assert_eq!(ranges(&desk), [None, from(4)]);
}

#[tokio::test(start_paused = true)]
async fn the_progress_of_a_download_that_continues_does_not_fall() {
    let desk = desk();
    desk.state()
        .faults
        .extend([Fault::Breaks(300_000), Fault::Breaks(500_000)]);
    let seen: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let into = Arc::clone(&seen);
    let settings = Settings::default()
        .on_progress(move |progress| into.lock().expect("no panic").push(progress));
    let folder = tempfile::tempdir().expect("a folder");
    support::Attachments::new(&desk.support())
        .settings(settings)
        .download("attachment", folder.path())
        .await
        .expect("a download");
    let seen = seen.lock().expect("no panic");
    assert!(seen.is_sorted_by_key(|progress| progress.bytes));
    let last = seen.last().expect("progress");
    assert_eq!((last.stage, last.bytes), (Stage::Done, LENGTH as u64));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_signs_the_range_gets_no_other_one() {
    for (query, second) in [
        ("", from(300_000)),
        ("X-Amz-SignedHeaders=host%3Brange&", None),
        ("X-Amz-SignedHeaders=host%3Bif-match&", None),
    ] {
        let desk = desk();
        desk.state().download_query = query;
        desk.state().faults.push_back(Fault::Breaks(300_000));
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings::default()
            .header("range", "bytes=0-")
            .header("if-match", "\"5f2c-3\"");
        security_ir::Attachments::new(&desk.security_ir())
            .settings(settings)
            .download(CASE, ID, folder.path().join("dump"))
            .await
            .ok();
        let second_of_desk = ranges(&desk).get(1).cloned().flatten();
        let signed = Some("bytes=0-".to_owned()).filter(|_| query.contains("range"));
        assert_eq!(second_of_desk, second.or(signed), "{query}");
    }
}
