//! Uploads: in one request and in parts.

use std::io::Write as _;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use attache_transfer::{Confirmation, ErrorKind, Settings, Source};

use super::store::{Fault, Memory};
use super::{PART, content, objects, objects_with};

fn source(length: usize) -> Source {
    Source::bytes("memory.dump", content(length))
}

#[tokio::test]
async fn files_of_every_size_arrive_whole_and_are_confirmed() {
    for (length, requests) in [
        (0, vec!["put"]),
        (1, vec!["put"]),
        (PART - 1, vec!["put"]),
        (PART, vec!["put"]),
        (PART + 1, vec!["complete", "create", "part 1", "part 2"]),
        (
            3 * PART,
            vec!["complete", "create", "part 1", "part 2", "part 3"],
        ),
    ] {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("memory.dump");
        std::fs::write(&path, content(length)).expect("a file");
        let store = Memory::default();
        let sent = objects().upload(&store, &path).await.expect("it arrives");
        assert!(store.object() == Some(content(length)), "{length}");
        assert_eq!(store.take_requests(), requests, "{length}");
        assert_eq!(sent.fingerprint.length, length as u64);
        let confirmed =
            |part: &attache_transfer::SentPart| part.confirmation == Confirmation::Checksum;
        assert!(sent.parts.iter().all(confirmed), "{sent:?}");
        assert_eq!(store.uploads(), 0);
    }
}

#[tokio::test]
async fn only_the_request_that_failed_is_repeated() {
    for fault in [Fault::Refused, Fault::Lost, Fault::WrongEtag] {
        let store = Memory::default().fault("part 2", fault);
        objects()
            .upload(&store, source(3 * PART))
            .await
            .expect("it arrives");
        let requests = store.take_requests();
        assert_eq!(
            requests,
            ["complete", "create", "part 1", "part 2", "part 2", "part 3"],
            "{fault:?}"
        );
        assert!(store.object() == Some(content(3 * PART)));
    }
    let store = Memory::default().fault("put", Fault::Lost);
    objects()
        .upload(&store, source(5))
        .await
        .expect("it arrives");
    assert_eq!(store.take_requests(), ["put", "put"]);
}

#[tokio::test]
async fn a_lost_answer_to_the_last_request_is_found_out() {
    let store = Memory::default().fault("complete", Fault::Lost);
    objects()
        .upload(&store, source(2 * PART))
        .await
        .expect("it arrived");
    assert!(store.object() == Some(content(2 * PART)));
    assert!(store.take_requests().contains(&"head".to_owned()));
    // Another object is not taken for it.
    let store = Memory::with(content(7))
        .fault("complete", Fault::Refused)
        .fault("complete", Fault::Gone);
    let error = objects().upload(&store, source(2 * PART)).await;
    assert_eq!(
        error.expect_err("another object").kind(),
        ErrorKind::Transfer
    );
}

#[tokio::test]
async fn an_upload_that_fails_is_aborted_and_one_that_is_kept_continues() {
    let store = Memory::default().fault("part 2", Fault::Denied);
    let error = objects().upload(&store, source(2 * PART)).await;
    assert_eq!(error.expect_err("denied").kind(), ErrorKind::Transfer);
    assert_eq!(store.uploads(), 0);

    let store = Memory::default().fault("part 3", Fault::Denied);
    let one_by_one = objects_with(Settings::default().parallel_parts(1));
    let states = Arc::new(Mutex::new(Vec::new()));
    let upload = one_by_one
        .begin_upload(source(3 * PART))
        .await
        .expect("a file");
    let mut upload = upload.on_saved({
        let states = Arc::clone(&states);
        move |saved| states.lock().expect("no panic").push(saved.clone())
    });
    upload.run(&store).await.expect_err("denied");
    drop(upload);
    store.take_requests();
    let saved = states
        .lock()
        .expect("no panic")
        .last()
        .expect("a state")
        .clone();
    assert_eq!(saved.parts.len(), 2);
    let other = Source::bytes("memory.dump", content(3 * PART - 1));
    let changed = objects().resume_upload(other, saved.clone()).await;
    assert_eq!(
        changed.expect_err("another file").kind(),
        ErrorKind::Changed
    );
    let resumed = objects().resume_upload(source(3 * PART), saved).await;
    resumed
        .expect("the same file")
        .run(&store)
        .await
        .expect("it arrives");
    assert_eq!(store.take_requests(), ["complete", "part 3"]);
    assert!(store.object() == Some(content(3 * PART)));
}

#[tokio::test]
async fn an_upload_that_the_storage_no_longer_has_begins_again() {
    let store = Memory::default().fault("part 3", Fault::Denied);
    let one_by_one = objects_with(Settings::default().parallel_parts(1));
    let mut upload = one_by_one
        .begin_upload(source(3 * PART))
        .await
        .expect("a file");
    upload.run(&store).await.expect_err("denied");
    let saved = upload.saved();
    store.drop_uploads();
    store.take_requests();
    let resumed = one_by_one.resume_upload(source(3 * PART), saved).await;
    resumed
        .expect("the same file")
        .run(&store)
        .await
        .expect("it arrives");
    assert_eq!(
        store.take_requests(),
        ["complete", "create", "part 1", "part 2", "part 3", "part 3"]
    );
}

#[tokio::test]
async fn a_file_that_changes_is_never_completed() {
    let place = tempfile::tempdir().expect("a folder");
    let path = place.path().join("growing.log");
    std::fs::write(&path, content(2 * PART)).expect("a file");
    let store = Memory::default();
    let mut upload = objects().begin_upload(&path).await.expect("a file");
    let mut file = std::fs::File::options()
        .write(true)
        .open(&path)
        .expect("it is there");
    file.write_all(b"other bytes").expect("it is written");
    let error = upload.run(&store).await.expect_err("it changed");
    assert_eq!(error.kind(), ErrorKind::Changed, "{error:#}");
    assert_eq!(store.object(), None);
}

#[tokio::test]
async fn no_more_parts_are_on_their_way_than_the_settings_allow() {
    let store = Memory::default();
    let two = objects_with(Settings::default().parallel_parts(2));
    two.upload(&store, source(9 * PART))
        .await
        .expect("it arrives");
    assert_eq!(store.most_active.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_file_gets_no_more_parts_than_an_upload_has() {
    let store = Memory::default();
    let tiny = objects().part_size(1);
    let sent = tiny
        .upload(&store, source(20_001))
        .await
        .expect("it arrives");
    assert_eq!(sent.parts.len(), 6667);
}
