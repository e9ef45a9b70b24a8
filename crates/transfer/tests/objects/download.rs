//! Downloads in ranges.

use std::path::PathBuf;

use attache_transfer::{ErrorKind, Settings, Source};
use base64_simd::STANDARD;
use sha2::{Digest as _, Sha256};

use super::store::{Fault, Memory};
use super::{PART, content, impatient_objects, objects, objects_with};

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn target(&self) -> PathBuf {
        self.0.path().join("memory.dump")
    }

    /// How many files there are, temporary ones included.
    fn files(&self) -> usize {
        std::fs::read_dir(self.0.path()).expect("a folder").count()
    }
}

#[tokio::test]
async fn objects_of_every_size_arrive_whole() {
    for length in [0, 1, PART - 1, PART, PART + 1, 5 * PART + 7] {
        let (place, store) = (Place::new(), Memory::with(content(length)));
        let target = place.target();
        let downloaded = objects()
            .download(&store, &target)
            .await
            .expect("it arrives");
        assert!(
            std::fs::read(&target).expect("a file") == content(length),
            "{length}"
        );
        assert_eq!(downloaded.length, length as u64);
        let sha256 = Sha256::digest(content(length));
        let hex: String = sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(downloaded.sha256, hex);
        assert_eq!(place.files(), 1);
    }
}

#[tokio::test]
async fn only_the_range_that_failed_is_fetched_again() {
    for fault in [Fault::Refused, Fault::Short] {
        let (place, store) = (Place::new(), Memory::with(content(3 * PART)));
        store.add_fault("get 1000-1999", fault);
        objects()
            .download(&store, place.target())
            .await
            .expect("it arrives");
        assert_eq!(
            store.take_requests(),
            [
                "get 0-999",
                "get 1000-1999",
                "get 1000-1999",
                "get 2000-2999",
                "head"
            ],
            "{fault:?}"
        );
        assert!(std::fs::read(place.target()).expect("a file") == content(3 * PART));
    }
}

#[tokio::test]
async fn an_object_that_changes_is_an_error_and_leaves_no_file() {
    let (place, store) = (Place::new(), Memory::with(content(3 * PART)));
    store.add_fault("get 2000-2999", Fault::Changed);
    let error = objects().download(&store, place.target()).await;
    assert_eq!(error.expect_err("it changed").kind(), ErrorKind::Changed);
    assert_eq!(place.files(), 0);
}

#[tokio::test]
async fn bytes_with_another_hash_than_announced_get_no_name() {
    let (place, store) = (Place::new(), Memory::with(content(3 * PART)));
    let other = STANDARD.encode_to_string(Sha256::digest(b"other bytes"));
    *store.checksum.lock().expect("no panic") = Some(other);
    let error = objects().download(&store, place.target()).await;
    let error = error.expect_err("another hash");
    assert!(
        error.to_string().contains("x-amz-checksum-sha256"),
        "{error}"
    );
    assert_eq!(place.files(), 0);
    let right = STANDARD.encode_to_string(Sha256::digest(content(3 * PART)));
    *store.checksum.lock().expect("no panic") = Some(right);
    objects()
        .download(&store, place.target())
        .await
        .expect("it arrives");
}

#[tokio::test]
async fn a_request_without_an_answer_is_repeated() {
    let (place, store) = (Place::new(), Memory::with(Vec::new()));
    store.add_fault("head", Fault::Silent);
    let objects = impatient_objects();
    objects
        .download(&store, place.target())
        .await
        .expect("it arrives");
    assert_eq!(store.take_requests(), ["head", "head"]);
}

#[tokio::test]
async fn checksums_of_parts_are_not_compared_with_the_whole_object() {
    let (place, store) = (Place::new(), Memory::default());
    let source = Source::bytes("memory.dump", content(2 * PART));
    objects().upload(&store, source).await.expect("it arrives");
    let of_parts = STANDARD.encode_to_string(Sha256::digest(b"the hashes of the parts"));
    *store.checksum.lock().expect("no panic") = Some(of_parts);
    *store.checksum_type.lock().expect("no panic") = Some("FULL_OBJECT".to_owned());
    let error = objects().download(&store, place.target()).await;
    assert_eq!(error.expect_err("another hash").kind(), ErrorKind::Transfer);
    for kind in [Some("COMPOSITE".to_owned()), None] {
        *store.checksum_type.lock().expect("no panic") = kind;
        objects()
            .download(&store, place.target())
            .await
            .expect("it arrives");
        std::fs::remove_file(place.target()).expect("it is there");
    }
}

#[tokio::test]
async fn an_existing_file_stays() {
    let (place, store) = (Place::new(), Memory::with(content(3)));
    std::fs::write(place.target(), "mine").expect("a file");
    let error = objects().download(&store, place.target()).await;
    assert_eq!(error.expect_err("it exists").kind(), ErrorKind::Target);
    assert_eq!(std::fs::read(place.target()).expect("a file"), b"mine");
    assert_eq!(store.take_requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_download_continues_with_what_is_missing_or_damaged() {
    let (place, store) = (Place::new(), Memory::with(content(4 * PART)));
    store.add_fault("get 3000-3999", Fault::Denied);
    let one_by_one = objects_with(Settings::default().parallel_parts(1));
    let mut download = one_by_one.begin_download(place.target()).expect("a target");
    download.run(&store).await.expect_err("denied");
    let saved = download.saved();
    drop(download);
    assert_eq!(saved.arrived.len(), 3);
    store.take_requests();
    // A range of the temporary file is not what had arrived.
    let temporary = place.0.path().join(&saved.temporary);
    let mut bytes = std::fs::read(&temporary).expect("it stays");
    bytes[PART] ^= 1;
    std::fs::write(&temporary, bytes).expect("it is written");
    let mut download = one_by_one
        .resume_download(saved)
        .expect("the temporary file");
    download.run(&store).await.expect("it arrives");
    assert_eq!(
        store.take_requests(),
        ["get 1000-1999", "get 3000-3999", "head"]
    );
    assert!(std::fs::read(place.target()).expect("a file") == content(4 * PART));
    assert_eq!(place.files(), 1);
}

#[tokio::test]
async fn bytes_of_two_objects_are_never_joined() {
    let (place, store) = (Place::new(), Memory::with(content(2 * PART)));
    store.add_fault("get 1000-1999", Fault::Denied);
    let one_by_one = objects_with(Settings::default().parallel_parts(1));
    let mut download = one_by_one.begin_download(place.target()).expect("a target");
    download.run(&store).await.expect_err("denied");
    let mut other = content(2 * PART);
    other[0] ^= 1;
    store.set(other);
    let error = download.run(&store).await.expect_err("another object");
    assert_eq!(error.kind(), ErrorKind::Changed);
    download.discard().expect("it is removed");
    assert_eq!(place.files(), 0);
}
