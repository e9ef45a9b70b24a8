//! The progress that a workflow reports, file by file.

use std::sync::{Arc, Mutex};

use attache_evidence::{Progress, Settings, Source, Stage, security_ir, support};

use super::content;
use super::desk::{Desk, Fault, PART};

type Seen = Arc<Mutex<Vec<Progress>>>;

/// Settings that record what is reported.
fn recorded(attempts: u32) -> (Settings, Seen) {
    let seen = Seen::default();
    let into = Arc::clone(&seen);
    let settings = Settings::default()
        .attempts(attempts)
        .on_progress(move |progress| into.lock().expect("no panic").push(progress));
    (settings, seen)
}

/// The stages of a file, each as often as it began.
fn stages(seen: &Seen, index: usize) -> Vec<Stage> {
    let seen = seen.lock().expect("no panic");
    let of_file = seen.iter().filter(|progress| progress.file_index == index);
    let mut stages: Vec<Stage> = of_file.map(|progress| progress.stage).collect();
    stages.dedup();
    stages
}

/// The last report of a file: its name, bytes and parts.
fn last(seen: &Seen, index: usize) -> (String, u64, u64, u32, u32) {
    let seen = seen.lock().expect("no panic");
    let mut of_file = seen.iter().filter(|progress| progress.file_index == index);
    let last = of_file.next_back().expect("progress");
    (
        last.file_name.to_string(),
        last.bytes,
        last.total_bytes,
        last.parts,
        last.total_parts,
    )
}

#[tokio::test(start_paused = true)]
async fn each_file_of_a_call_has_a_line_of_its_own() {
    use Stage::{Done, Processing, Transfer, Waiting};

    let desk = Desk::with_states(["attachment-ready"]);
    let (settings, seen) = recorded(5);
    let length = 6 * PART as u64;
    let uploads = support::Attachments::new(&desk.support())
        .settings(settings)
        .upload_all([
            Source::bytes("app.log", content(10)),
            Source::bytes("core.dump", content(6 * PART)),
            Source::bytes("web.log", content(20)),
        ])
        .await
        .expect("nothing is refused");
    assert!(uploads.is_complete(), "{uploads:?}");
    assert!(
        seen.lock()
            .expect("no panic")
            .iter()
            .all(|progress| progress.files == 3)
    );
    assert_eq!(last(&seen, 0), ("app.log".to_owned(), 10, 10, 1, 1));
    assert_eq!(
        last(&seen, 1),
        ("core.dump".to_owned(), length, length, 6, 6)
    );
    assert_eq!(last(&seen, 2), ("web.log".to_owned(), 20, 20, 1, 1));
    assert_eq!(stages(&seen, 0), [Waiting, Transfer, Done]);
    assert_eq!(stages(&seen, 1), [Waiting, Transfer, Processing, Done]);
    assert_eq!(stages(&seen, 2), [Waiting, Transfer, Done]);
    let first: Vec<(usize, Stage)> = {
        let seen = seen.lock().expect("no panic");
        let first = seen.iter().take(3);
        first
            .map(|progress| (progress.file_index, progress.stage))
            .collect()
    };
    assert_eq!(first, [(0, Waiting), (1, Waiting), (2, Waiting)]);
}

#[tokio::test(start_paused = true)]
async fn a_complete_download_is_one_part_of_one_under_its_name() {
    let desk = Desk::default();
    desk.state().download = content(1000).into();
    let folder = tempfile::tempdir().expect("a folder");
    let (settings, seen) = recorded(5);
    support::Attachments::new(&desk.support())
        .settings(settings)
        .download("attachment", folder.path())
        .await
        .expect("a download");
    assert_eq!(last(&seen, 0), ("report.pdf".to_owned(), 1000, 1000, 1, 1));
    let first = seen.lock().expect("no panic")[0].clone();
    assert_eq!((first.stage, first.total_parts), (Stage::Waiting, 1));
    assert_eq!(
        stages(&seen, 0),
        [Stage::Waiting, Stage::Transfer, Stage::Done]
    );

    let (settings, seen) = recorded(5);
    security_ir::Attachments::new(&desk.security_ir())
        .settings(settings)
        .download(
            "1234567890",
            "01234567-89ab-cdef-0123-456789abcdef",
            folder.path().join("dump"),
        )
        .await
        .expect("a download");
    assert_eq!(last(&seen, 0), ("dump".to_owned(), 1000, 1000, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_file_that_fails_says_so_and_continues_when_it_is_run_again() {
    use Stage::{Done, Failed, Processing, Transfer, Waiting};

    let desk = Desk::with_states(["attachment-ready"]);
    desk.state().faults.push_back(Fault::Lost);
    let (settings, seen) = recorded(1);
    let attachments = support::Attachments::new(&desk.support()).settings(settings);
    let source = Source::bytes("dump", content(100));
    let mut upload = attachments.begin(source).await.expect("it begins");
    upload.run().await.expect_err("the connection broke");
    assert_eq!(stages(&seen, 0), [Waiting, Transfer, Failed]);
    upload.run().await.expect("an upload");
    assert_eq!(
        stages(&seen, 0),
        [Waiting, Transfer, Failed, Transfer, Processing, Done]
    );

    let (settings, seen) = recorded(1);
    desk.state().faults.push_back(Fault::Half);
    desk.state().download = content(1000).into();
    let folder = tempfile::tempdir().expect("a folder");
    support::Attachments::new(&desk.support())
        .settings(settings)
        .download("attachment", folder.path())
        .await
        .expect_err("it is half");
    assert_eq!(stages(&seen, 0), [Waiting, Transfer, Failed]);

    // A call that is refused fails each of its files.
    let (settings, seen) = recorded(1);
    let refusal = (
        "AddAttachmentsToSet",
        400,
        r#"{"__type": "AttachmentLimitExceeded"}"#,
    );
    desk.state().refusals.push_back(refusal);
    let uploads = support::Attachments::new(&desk.support())
        .settings(settings)
        .upload_all([
            Source::bytes("a", content(10)),
            Source::bytes("b", content(10)),
        ])
        .await
        .expect("nothing is refused before the call");
    assert_eq!(uploads.failures().count(), 2);
    for index in [0, 1] {
        assert_eq!(stages(&seen, index), [Waiting, Failed]);
    }
}

#[tokio::test(start_paused = true)]
async fn debug_hides_the_name() {
    let desk = Desk::with_states(["attachment-ready"]);
    let (settings, seen) = recorded(1);
    support::Attachments::new(&desk.support())
        .settings(settings)
        .upload(Source::bytes("customers.csv", content(10)))
        .await
        .expect("an upload");
    let seen = seen.lock().expect("no panic");
    let text = format!("{:?}", seen.last().expect("progress"));
    assert!(
        text.contains("Done") && !text.contains("customers"),
        "{text}"
    );
}
