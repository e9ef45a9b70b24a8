//! How the services behave when their disk is full, and when it has room again.
//!
//! The storage below the database fails like a full disk. Each test runs on its own thread, and the disk is full for
//! that thread only.

use std::cell::Cell;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use attache_runtime::Bytes;
use http::HeaderMap;
use redb::backends::FileBackend;
use redb::{Builder, Database, StorageBackend};

use crate::api::support::{self, Operation};
use crate::caller::Caller;
use crate::clock::Clock;
use crate::environment::{Environment, Settings};
use crate::store::{Blobs, Disk, Folder};
use crate::wire::Request;
use crate::world::World;

thread_local! {
    /// How many more writes succeed; without a number, all of them.
    static WRITES_LEFT: Cell<Option<usize>> = const { Cell::new(None) };
}

#[derive(Debug)]
struct Faulty(FileBackend);

fn take_room() -> io::Result<()> {
    match WRITES_LEFT.get() {
        None => Ok(()),
        Some(0) => Err(io::Error::from(io::ErrorKind::StorageFull)),
        Some(left) => {
            WRITES_LEFT.set(Some(left - 1));
            Ok(())
        }
    }
}

impl StorageBackend for Faulty {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        self.0.read(offset, length)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        take_room()?;
        self.0.set_len(length)
    }

    fn sync_data(&self, eventual: bool) -> io::Result<()> {
        take_room()?;
        self.0.sync_data(eventual)
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        take_room()?;
        self.0.write(offset, data)
    }
}

#[expect(clippy::result_large_err, reason = "it is the error of the database")]
fn faulty(file: File) -> Result<Database, redb::Error> {
    Ok(Builder::new().create_with_backend(Faulty(FileBackend::new(file)?))?)
}

fn world(path: &Path) -> World {
    let folder = Folder::claim(path).expect("it is empty or ours");
    let disk = Disk::open_with(&folder, ("123456789012", "us-east-1"), faulty).expect("it opens");
    let blobs = Blobs::in_folder(folder.files());
    let host = "127.0.0.1:1".to_owned();
    let environment = Environment::new(Clock::system(), Settings::default(), host, blobs);
    World::open(Arc::new(environment), Some(disk)).expect("it opens")
}

/// Handles a request as a connection does: executes it, and writes or undoes its changes.
fn ask(world: &mut World, operation: Operation, body: &str) -> Result<String, String> {
    world.prepare();
    let message = Request {
        method: http::Method::POST,
        path: "/".to_owned(),
        query: String::new(),
        headers: HeaderMap::new(),
        body: Bytes::copy_from_slice(body.as_bytes()),
    };
    let caller = Caller::of(&message, &Settings::default());
    let answer = support::call(world.tenants.support(&caller), operation, &message);
    let answer = answer.expect("the service does not refuse it");
    world.commit()?;
    Ok(String::from_utf8(answer.body.to_vec()).expect("it is text"))
}

fn open_case(world: &mut World) -> Result<String, String> {
    let body = r#"{"subject": "s", "communicationBody": "b"}"#;
    let answer = ask(world, Operation::CreateCase, body)?;
    Ok(answer.split('"').nth(3).expect("it has an id").to_owned())
}

fn cases(world: &mut World) -> usize {
    let answer = ask(world, Operation::DescribeCases, "{}").expect("reading needs no disk");
    answer.matches("\"displayId\"").count()
}

fn is_listed(world: &mut World, id: &str) -> bool {
    let body = format!("{{\"caseIdList\": [\"{id}\"]}}");
    let answer = ask(world, Operation::DescribeCases, &body).expect("reading needs no disk");
    answer.contains(id)
}

#[test]
fn reading_goes_on_while_the_disk_is_full_and_writing_when_it_has_room() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let mut world = world(folder.path());
    let first = open_case(&mut world).expect("there is room");
    WRITES_LEFT.set(Some(0));
    for _ in 0..3 {
        let problem = open_case(&mut world).expect_err("there is no room");
        assert!(problem.contains("state.redb"), "{problem}");
        assert_eq!(cases(&mut world), 1);
    }
    WRITES_LEFT.set(None);
    let second = open_case(&mut world).expect("there is room again");
    assert_ne!(first, second);
    assert_eq!(cases(&mut world), 2);
}

#[test]
fn nothing_acknowledged_is_lost_wherever_the_disk_fails() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let mut acknowledged: Vec<String> = Vec::new();
    let mut refused = 0;
    for left in (0..40).step_by(2) {
        WRITES_LEFT.set(None);
        let mut world = world(folder.path());
        for id in &acknowledged {
            assert!(
                is_listed(&mut world, id),
                "{id} is lost after {left} writes"
            );
        }
        acknowledged.push(open_case(&mut world).expect("there is room"));
        WRITES_LEFT.set(Some(left));
        for _ in 0..4 {
            match open_case(&mut world) {
                Ok(id) => acknowledged.push(id),
                Err(_) => refused += 1,
            }
        }
        // While it runs, it returns what it has acknowledged, and it accepts changes again when there is room.
        for id in &acknowledged {
            assert!(
                is_listed(&mut world, id),
                "{id} is not shown after {left} writes"
            );
        }
        WRITES_LEFT.set(None);
        acknowledged.push(open_case(&mut world).expect("there is room again"));
    }
    let mut distinct = acknowledged.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(
        distinct.len(),
        acknowledged.len(),
        "no case is opened twice"
    );
    assert!(refused > 20, "{refused}");
}

#[test]
fn a_file_whose_case_could_not_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("there is a folder");
    let files = folder.path().join("files");
    let count = || std::fs::read_dir(&files).expect("it is a folder").count();
    let mut world = world(folder.path());
    let body = r#"{"attachments": [{"fileName": "a", "data": "YQ=="}]}"#;
    ask(&mut world, Operation::AddAttachmentsToSet, body).expect("there is room");
    WRITES_LEFT.set(Some(0));
    ask(&mut world, Operation::AddAttachmentsToSet, body).expect_err("there is no room");
    WRITES_LEFT.set(None);
    ask(&mut world, Operation::AddAttachmentsToSet, body).expect("there is room again");
    assert_eq!(count(), 2);
}
