//! Downloads of both services.

use std::sync::atomic::Ordering;
use std::time::Duration;

use attache_evidence::{Error, ErrorKind, Settings, security_ir, support};

use super::content;
use super::desk::{Desk, Fault};
use super::endless::{fast, slow};

fn desk(length: usize) -> Desk {
    let desk = Desk::default();
    desk.state().download = content(length).into();
    desk
}

/// The names of what is in a folder, temporary files included.
fn names(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("text")
        })
        .collect();
    names.sort();
    names
}

#[tokio::test(start_paused = true)]
async fn a_download_appears_whole_under_its_name() {
    let desk = desk(1_000_000);
    let folder = tempfile::tempdir().expect("a folder");
    let downloaded = support::Attachments::new(&desk.support())
        .download("attachment", folder.path())
        .await
        .expect("a download");
    assert_eq!(downloaded.length, 1_000_000);
    assert_eq!(downloaded.path, folder.path().join("report.pdf"));
    assert!(std::fs::read(&downloaded.path).expect("the file") == content(1_000_000));
    assert_eq!(names(folder.path()), ["report.pdf"]);
}

#[tokio::test(start_paused = true)]
async fn a_download_that_breaks_is_fetched_again() {
    let desk = desk(1_000_000);
    desk.state().faults.extend([
        Fault::Half,
        Fault::Lost,
        Fault::Status(503, ""),
        Fault::Status(403, ""),
        Fault::Silence,
    ]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("dump");
    let downloaded = security_ir::Attachments::new(&desk.security_ir())
        .download("1234567890", "01234567-89ab-cdef-0123-456789abcdef", &path)
        .await
        .expect("a download");
    assert!(std::fs::read(&downloaded.path).expect("the file") == content(1_000_000));
    assert_eq!(names(folder.path()), ["dump"]);
}

#[tokio::test(start_paused = true)]
async fn a_download_that_stays_half_leaves_nothing_behind() {
    let desk = desk(1000);
    desk.state().faults.extend(vec![Fault::Half; 5]);
    let folder = tempfile::tempdir().expect("a folder");
    let error = support::Attachments::new(&desk.support())
        .download("attachment", folder.path().join("half"))
        .await
        .expect_err("it never is whole");
    assert_eq!(error.kind(), ErrorKind::Transfer);
    assert_eq!(
        format!("{error:#}"),
        "1000 bytes were announced, and 500 arrived"
    );
    assert!(names(folder.path()).is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_there_already_stays() {
    let desk = desk(1000);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, "mine").expect("a file");
    for place in [folder.path(), path.as_path()] {
        let error = support::Attachments::new(&desk.support())
            .download("attachment", place)
            .await
            .expect_err("it is taken");
        assert_eq!(error.kind(), ErrorKind::Target);
    }
    assert_eq!(std::fs::read_to_string(&path).expect("the file"), "mine");
}

#[tokio::test(start_paused = true)]
async fn pieces_without_bytes_are_no_progress() {
    for body in [|| slow(b""), || fast(b"")] {
        let desk = desk(9);
        desk.state().faults.extend(vec![Fault::Trickle(body); 2]);
        let start = tokio::time::Instant::now();
        fetched(&desk, 2).await.expect_err("nothing ever comes");
        let taken = start.elapsed();
        assert!(taken < Duration::from_secs(150), "{taken:?}");
    }
}

/// Downloads once, to a file, with as few attempts as asked for.
async fn fetched(desk: &Desk, attempts: u32) -> Result<Vec<u8>, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    let downloaded = support::Attachments::new(&desk.support())
        .settings(Settings::default().attempts(attempts))
        .download("attachment", &path)
        .await;
    let left = names(folder.path());
    match downloaded {
        Ok(_) => Ok(std::fs::read(&path).expect("the file")),
        Err(error) => {
            assert!(left.is_empty(), "nothing stays behind: {left:?}");
            Err(error)
        }
    }
}

#[tokio::test(start_paused = true)]
async fn only_200_is_a_whole_file() {
    for status in [201, 202, 203, 204, 206, 304] {
        let desk = desk(100);
        desk.state()
            .faults
            .extend(vec![Fault::Status(status, "half"); 2]);
        let error = fetched(&desk, 2).await.expect_err("it is no 200");
        assert_eq!(error.kind(), ErrorKind::Transfer);
        let text = format!("{error:#}");
        assert!(
            text.contains(&format!("the response to a presigned URL was {status}")),
            "{text}"
        );
    }
}

/// `123456789`.
const MD5: (&str, &str) = ("etag", "\"25f9e794323b453885f5181f1b624d0b\"");
const CRC: (&str, &str) = ("x-amz-checksum-crc32", "y/Q5Jg==");
const KMS: (&str, &str) = ("x-amz-server-side-encryption", "aws:kms");

fn digits() -> Desk {
    let desk = Desk::default();
    desk.state().download = (&b"123456789"[..]).into();
    desk
}

#[tokio::test(start_paused = true)]
async fn without_a_length_a_hash_must_say_that_the_file_is_whole() {
    for headers in [&[][..], &[("etag", "\"x\"")], &[MD5, KMS]] {
        let desk = digits();
        desk.state().faults.extend(vec![Fault::Headers(headers); 5]);
        let error = fetched(&desk, 5).await.expect_err("it may be cut");
        assert!(
            error
                .to_string()
                .contains("neither the length of the attachment nor a hash"),
            "{error}"
        );
        assert_eq!(desk.state().heads.len(), 1, "no attempt changes that");
    }
    for headers in [&[MD5][..], &[CRC], &[MD5, CRC]] {
        let desk = digits();
        desk.state().faults.extend([Fault::Headers(headers)]);
        let file = fetched(&desk, 1).await.expect("the hash is right");
        assert_eq!(file, b"123456789");
        // The same answer, cut.
        let desk = Desk::default();
        desk.state().download = (&b"12345678"[..]).into();
        desk.state().faults.extend([Fault::Headers(headers)]);
        let error = fetched(&desk, 1).await.expect_err("it is cut");
        assert!(
            error
                .to_string()
                .contains("belongs to other bytes than arrived")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_hash_of_other_bytes_is_no_success_whatever_the_length_says() {
    let wrong = &[
        ("content-length", "9"),
        ("x-amz-checksum-sha1", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
    ];
    let desk = digits();
    desk.state().faults.extend([Fault::Headers(wrong)]);
    let error = fetched(&desk, 1).await.expect_err("it is another one");
    assert_eq!(
        format!("{error:#}"),
        "the header `x-amz-checksum-sha1` belongs to other bytes than arrived"
    );
    // The next attempt is right.
    desk.state().faults.extend([Fault::Headers(wrong)]);
    assert_eq!(fetched(&desk, 2).await.expect("it is right"), b"123456789");
}

#[tokio::test(start_paused = true)]
async fn more_than_the_service_has_files_for_is_not_fetched() {
    let announced = &[("content-length", "157286401")];
    let desk = Desk::default();
    desk.state().faults.extend([Fault::Endless(announced)]);
    let error = fetched(&desk, 5).await.expect_err("it is too long");
    assert_eq!(
        format!("{error:#}"),
        "157286401 bytes were announced, and an attachment has 157286400 at most"
    );
    let pieces = |desk: &Desk| desk.state().pieces.load(Ordering::Relaxed);
    assert_eq!(pieces(&desk), 0);
    // By count, where nothing is announced but a hash, and where the announcement is wrong.
    let desk = Desk::default();
    desk.state().faults.extend([Fault::Endless(&[MD5])]);
    let error = fetched(&desk, 5).await.expect_err("it never ends");
    assert_eq!(
        format!("{error:#}"),
        "more than 157286400 bytes arrived, and an attachment has no more"
    );
    assert_eq!(pieces(&desk), 151, "150 MiB and one piece");
    let desk = Desk::default();
    let short = &[("content-length", "100")];
    desk.state().faults.extend([Fault::Endless(short)]);
    let error = fetched(&desk, 1).await.expect_err("it never ends");
    assert_eq!(
        format!("{error:#}"),
        "100 bytes were announced, and more arrived"
    );
    assert_eq!(pieces(&desk), 1);
}

#[tokio::test(start_paused = true)]
async fn the_limit_of_an_incident_is_its_own() {
    let desk = Desk::default();
    let announced = &[("content-length", "104857601")];
    desk.state().faults.extend([Fault::Endless(announced)]);
    let folder = tempfile::tempdir().expect("a folder");
    let error = security_ir::Attachments::new(&desk.security_ir())
        .download(
            "1234567890",
            "01234567-89ab-cdef-0123-456789abcdef",
            folder.path().join("dump"),
        )
        .await
        .expect_err("it is too long");
    assert!(
        error
            .to_string()
            .ends_with("an attachment has 104857600 at most")
    );
}

#[tokio::test(start_paused = true)]
async fn a_name_from_the_service_stays_in_the_folder_or_is_refused() {
    for (name, wanted) in [
        ("../../outside.txt", Some("outside.txt")),
        ("/etc/cron.d/job", Some("job")),
        ("..\\..\\job.bat", Some("job.bat")),
        ("..", None),
        (".bashrc", None),
        ("a/.profile", None),
        ("invoice\u{202e}fdp.exe", None),
        ("line\nbreak", None),
        ("\u{1b}[2J", None),
        ("", None),
    ] {
        let desk = desk(10);
        desk.state().name = Some(name);
        let outer = tempfile::tempdir().expect("a folder");
        let folder = outer.path().join("inner");
        std::fs::create_dir(&folder).expect("a folder");
        let attachments = support::Attachments::new(&desk.support());
        let downloaded = attachments.download("attachment", &folder).await;
        assert_eq!(names(outer.path()), ["inner"], "{name:?}");
        match wanted {
            Some(wanted) => {
                let path = downloaded.expect("a download").path;
                assert_eq!(path, folder.join(wanted));
                assert_eq!(names(&folder), [wanted]);
            }
            None => {
                let error = downloaded.expect_err("it is refused");
                assert_eq!(error.kind(), ErrorKind::Target, "{name:?}");
                assert!(names(&folder).is_empty());
                // A target with a name keeps that name.
                let path = folder.join("mine");
                let downloaded = attachments.download("attachment", &path).await;
                assert_eq!(downloaded.expect("a download").path, path);
            }
        }
    }
}
