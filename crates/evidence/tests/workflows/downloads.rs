//! Downloads of both services.

use attache_evidence::{ErrorKind, security_ir, support};

use super::content;
use super::desk::{Desk, Fault};

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
    assert_eq!(error.to_string(), "1000 bytes were announced, and 500 came");
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
