//! Snapshots: a server returns to one as a whole, in memory and with a data folder.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use attache_local::{Effect, Fault, Local};
use attache_runtime::{BoxFuture, Timer};
use tokio::sync::Notify;

use crate::stage::{BEGINNING, Stage, security_ir_case, send, support_case};

async fn cases(stage: &Stage) -> usize {
    let listed = stage.support.describe_cases().send().await;
    let listed = listed.expect("they are listed").cases;
    listed.map_or(0, |cases| cases.len())
}

fn files(stage: &Stage) -> Vec<(String, Vec<u8>)> {
    let stored = stage.local.attachments().expect("they can be read");
    let files = stored.into_iter();
    files
        .map(|file| (file.file_name, file.bytes.to_vec()))
        .collect()
}

fn blobs(folder: &Path) -> usize {
    let files = fs::read_dir(folder.join("files")).expect("it is a folder");
    files.count()
}

#[tokio::test]
async fn a_server_returns_to_a_snapshot_as_a_whole() {
    let stage = Stage::new().await;
    let first = support_case(&stage).await;
    let incident = security_ir_case(&stage).await;
    stage.put_case_file(&incident, "a.log", b"kept").await;
    let fault = Fault::new(Effect::refuse("CaseIdNotFound")).on("ResolveCase");
    stage.local.add_fault(fault.times(1)).expect("it can apply");
    let (snapshot, before) = (stage.local.snapshot(), stage.local.contents());
    let mut later = Vec::new();
    for round in 0..3 {
        // Everything changes.
        later.push(support_case(&stage).await);
        stage.put_case_file(&incident, "b.log", b"lost").await;
        let closed = stage.security_ir.close_case().case_id(&incident).send();
        closed.await.expect("it is closed");
        let resolve = || stage.support.resolve_case().case_id(&first).send();
        let refused = resolve().await.expect_err("the fault waits");
        assert_eq!(refused.code(), Some("CaseIdNotFound"), "round {round}");
        resolve().await.expect("the fault is used up");
        stage.wait(3600);
        stage.local.restore(&snapshot).expect("it can be restored");
        assert_eq!(stage.local.contents(), before);
        assert_eq!(stage.clock.now().to_string(), BEGINNING);
        assert_eq!(stage.local.request_count("ResolveCase"), 0);
        assert_eq!(stage.local.request_count("CreateCase"), 2);
        assert_eq!(files(&stage), [("a.log".to_owned(), b"kept".to_vec())]);
        let shown = stage.security_ir.get_case().case_id(&incident).send().await;
        let shown = shown.expect("it is there");
        assert_eq!(shown.closed_date, None);
    }
    // Each round created the same case.
    assert_eq!(later[0], later[1]);
    assert_eq!(later[1], later[2]);
}

#[tokio::test]
async fn a_data_folder_is_restored_on_disk_with_its_files() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let stage = Stage::with(|builder| builder.data(folder.path())).await;
    let incident = security_ir_case(&stage).await;
    stage.put_case_file(&incident, "a.log", b"kept").await;
    let full = stage.local.snapshot();
    let empty = {
        let other = Stage::new().await;
        let snapshot = other.local.snapshot();
        let error = stage
            .local
            .restore(&snapshot)
            .expect_err("it is of another server");
        assert!(error.to_string().contains("another server"), "{error}");
        stage.put_case_file(&incident, "b.log", b"more").await;
        stage.local.snapshot()
    };
    assert_eq!(blobs(folder.path()), 2);
    stage.local.restore(&full).expect("it can be restored");
    // The file of the other snapshot is kept for it.
    assert_eq!((files(&stage).len(), blobs(folder.path())), (1, 2));
    stage.local.restore(&empty).expect("it can be restored");
    assert_eq!(files(&stage).len(), 2);
    stage.local.restore(&full).expect("it can be restored");
    drop((full, empty));
    assert_eq!(blobs(folder.path()), 1);
    stage.local.stop().await;
    let stage = Stage::with(|builder| builder.data(folder.path())).await;
    assert_eq!(files(&stage), [("a.log".to_owned(), b"kept".to_vec())]);
}

/// A timer whose first sleep lasts until `end` is notified.
#[derive(Clone, Debug, Default)]
struct Held {
    asleep: Arc<Notify>,
    end: Arc<Notify>,
    sleeps: Arc<Mutex<usize>>,
}

impl Timer for Held {
    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }

    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        *self.sleeps.lock().expect("nobody has panicked") += 1;
        let held = self.clone();
        Box::pin(async move {
            held.asleep.notify_one();
            held.end.notified().await;
        })
    }
}

#[tokio::test]
async fn a_request_that_was_sent_before_changes_nothing_afterwards() {
    let timer = Held::default();
    let stage =
        Stage::with(|builder| builder.timer(timer.clone()).accept_any_signature(true)).await;
    let snapshot = stage.local.snapshot();
    let url = stage.local.endpoint().to_owned();
    let late = tokio::spawn(async move {
        let target = ("x-amz-target", "AWSSupport_20130415.CreateCase");
        let delay = (attache_local::fault::FAULT_HEADER, "delay:1");
        let body = br#"{"subject": "late", "communicationBody": "b"}"#.to_vec();
        send("POST", &url, &[target, delay], body).await
    });
    timer.asleep.notified().await;
    stage.local.restore(&snapshot).expect("it can be restored");
    timer.end.notify_one();
    let answer = late.await.expect("nobody has panicked");
    answer.expect_err("it ends without a response");
    assert_eq!(cases(&stage).await, 0);
    assert_eq!(stage.local.request_count("CreateCase"), 0);
}

#[tokio::test]
async fn a_link_from_before_leads_to_what_the_snapshot_has() {
    let stage = Stage::new().await;
    let upload = |name: &'static str| {
        let call = stage.support.get_attachment_upload_links();
        call.file_name(name).file_size_bytes(1).send()
    };
    let kept = upload("a").await.expect("there are links");
    let snapshot = stage.local.snapshot();
    let lost = upload("b").await.expect("there are links");
    stage.local.restore(&snapshot).expect("it can be restored");
    let (status, _, _) = stage.put(&kept.upload_urls[0].url, b"a".to_vec()).await;
    assert_eq!(status, 200);
    let (status, _, text) = stage.put(&lost.upload_urls[0].url, b"b".to_vec()).await;
    assert_eq!(status, 404, "{text}");
    // The next upload has the identifier of the lost one.
    let next = upload("c").await.expect("there are links");
    assert_eq!(next.upload_id, lost.upload_id);
}

#[test]
fn a_snapshot_outlives_its_server() {
    let local = Local::builder().start_blocking().expect("it starts");
    let snapshot = local.snapshot();
    drop(local);
    assert_eq!(format!("{snapshot:?}"), "Snapshot { .. }");
}
