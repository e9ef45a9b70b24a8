//! Files that change while they are uploaded: the storage gets the bytes that were read at first, or the upload fails.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use attache_evidence::support::{Attachments, Upload};
use attache_evidence::{Error, ErrorKind, Settings, Source, security_ir};
use attache_runtime::transport::{Transport, TransportError};
use attache_runtime::{Attempt, Body, BoxFuture, ByteStream, Interceptor};
use http::HeaderMap;

use super::desk::{Desk, PART};
use super::{content, file};

const LENGTH: usize = 6 * PART;

async fn begun(desk: &Desk, path: &Path) -> Upload {
    let attachments =
        Attachments::new(&desk.support()).settings(Settings::default().parallel_parts(1));
    attachments.begin(path).await.expect("it begins")
}

fn desk() -> Desk {
    Desk::with_states(["attachment-ready"])
}

/// Runs it; a test that hangs fails after a minute of its clock.
async fn run(upload: &mut Upload) -> Result<String, Error> {
    let limit = Duration::from_secs(60);
    let done = tokio::time::timeout(limit, upload.run()).await;
    done.expect("nothing hangs")
}

/// Writes one byte in place and sets the time of the last change back, as a mapping leaves it.
fn flip(path: &Path, offset: u64) {
    let mut file = OpenOptions::new().write(true).open(path).expect("the file");
    let modified = file.metadata().expect("it is there").modified();
    file.seek(SeekFrom::Start(offset)).expect("a position");
    file.write_all(&[0xff]).expect("it can be written");
    let modified = modified.expect("a time");
    file.set_modified(modified).expect("the time is set back");
}

#[tokio::test(start_paused = true)]
async fn a_changed_byte_is_found_although_length_and_time_are_the_same() {
    for offset in [0, 250_000, 3_000_001, LENGTH as u64 - 1] {
        let desk = desk();
        let (_folder, path) = file("core.dump", &content(LENGTH));
        let mut upload = begun(&desk, &path).await;
        flip(&path, offset);
        let error = run(&mut upload).await.expect_err("it is another file");
        assert_eq!(error.kind(), ErrorKind::Changed, "{offset}");
        let part = offset / PART as u64 + 1;
        let state = desk.state();
        // The storage did not get the end of the part that changed, and the part was not sent again.
        assert!(!state.stored.contains_key(&format!("upload/{part}")));
        assert_eq!(state.reported.len() as u64, part - 1);
        assert_eq!(state.heads.len() as u64, part);
    }
}

#[tokio::test(start_paused = true)]
async fn a_changed_byte_of_a_small_file_or_of_an_incident_is_found() {
    let (_folder, path) = file("dump", &content(500_000));
    let desk = Desk::with_states(["Verified"]);
    let mut upload = security_ir::Attachments::new(&desk.security_ir())
        .begin("1234567890", path.as_path())
        .await
        .expect("it begins");
    flip(&path, 499_999);
    let error = upload.run().await.expect_err("it is another file");
    assert_eq!(error.kind(), ErrorKind::Changed);
    assert!(desk.state().stored.is_empty());
    assert!(!error.may_have_arrived(), "its end never left");
}

#[tokio::test(start_paused = true)]
async fn a_file_that_becomes_shorter_is_refused() {
    let desk = desk();
    let (_folder, path) = file("core.dump", &content(LENGTH));
    let mut upload = begun(&desk, &path).await;
    let file = OpenOptions::new().write(true).open(&path);
    file.expect("the file")
        .set_len(LENGTH as u64 - 1)
        .expect("it is cut");
    let error = run(&mut upload).await.expect_err("it is another file");
    assert_eq!(error.kind(), ErrorKind::Changed);
}

#[tokio::test(start_paused = true)]
async fn a_file_that_replaces_the_opened_one_is_not_read() {
    type Replace = fn(&Path);
    let replacements: [Replace; 4] = [
        |path| std::fs::remove_file(path).expect("it is removed"),
        |path| {
            let other = path.with_extension("other");
            std::fs::write(&other, vec![1; LENGTH]).expect("another file");
            std::fs::rename(other, path).expect("it is replaced");
        },
        |path| {
            std::fs::remove_file(path).expect("it is removed");
            std::fs::create_dir(path).expect("a directory");
        },
        |path| {
            std::fs::remove_file(path).expect("it is removed");
            if cfg!(unix) {
                let made = std::process::Command::new("mkfifo").arg(path).status();
                assert!(made.expect("there is mkfifo").success());
            }
        },
    ];
    for replace in replacements {
        let desk = desk();
        let content = content(LENGTH);
        let (_folder, path) = file("core.dump", &content);
        let mut upload = begun(&desk, &path).await;
        replace(&path);
        run(&mut upload).await.expect("it was opened before");
        assert!(desk.whole() == content);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_is_refused_and_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("there is mkfifo").success());
    let desk = desk();
    let attachments = Attachments::new(&desk.support());
    let upload = tokio::time::timeout(Duration::from_secs(20), attachments.upload(&path));
    let error = upload.await.expect("it does not hang").expect_err("a pipe");
    assert_eq!(error.kind(), ErrorKind::Source);
    assert!(
        error
            .to_string()
            .ends_with("is no regular file; read it with `Source::reader`")
    );
}

fn append(path: &Path, lines: &[u8]) {
    let file = OpenOptions::new().append(true).open(path);
    file.expect("the log")
        .write_all(lines)
        .expect("it is written");
}

#[tokio::test(start_paused = true)]
async fn lines_added_to_a_log_are_not_sent_and_the_manifest_says_so() {
    let content = content(LENGTH);
    let (_folder, path) = file("app.log", &content);
    let desk = desk();
    let log = path.clone();
    // Something is written while the parts go.
    let settings = Settings::default().on_progress(move |_| append(&log, b"one more line\n"));
    let evidence = Attachments::new(&desk.support())
        .settings(settings)
        .upload(&path)
        .await
        .expect("a log may grow");
    assert!(desk.whole() == content);
    let sent = &evidence.manifest().files[0];
    assert_eq!(sent.size, LENGTH as u64);
    let grown = sent.grown_to.expect("it grew");
    assert_eq!(grown, path.metadata().expect("the log").len());
    assert!(grown > sent.size);
}

#[tokio::test(start_paused = true)]
async fn a_small_log_may_grow_too() {
    let (_folder, path) = file("app.log", b"first line\n");
    let desk = Desk::default();
    let log = path.clone();
    let settings = Settings::default().on_progress(move |_| append(&log, b"second line\n"));
    let evidence = Attachments::new(&desk.support())
        .settings(settings)
        .upload(&path)
        .await
        .expect("a log may grow");
    assert_eq!(
        desk.state().set["attachments"][0]["data"],
        "Zmlyc3QgbGluZQo="
    );
    let sent = &evidence.manifest().files[0];
    assert_eq!(sent.size, 11);
    assert!(sent.grown_to.is_some());
    // A file that does not grow has no such entry.
    let (_folder, path) = file("still.log", b"first line\n");
    let evidence = Attachments::new(&Desk::default().support())
        .upload(&path)
        .await
        .expect("an upload");
    assert_eq!(evidence.manifest().files[0].grown_to, None);
}

/// Files whose length the file system does not know.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn files_of_proc_and_sys_are_read_completely() {
    for path in [
        "/proc/meminfo",
        "/proc/self/status",
        "/sys/kernel/mm/transparent_hugepage/enabled",
    ] {
        if !Path::new(path).exists() {
            println!("{path} is not there, and not tried");
            continue;
        }
        let desk = Desk::default();
        let evidence = Attachments::new(&desk.support())
            .upload(path)
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        let sent = &evidence.manifest().files[0];
        assert!(sent.size > 4 && sent.size < 4096, "{path}: {}", sent.size);
        let data = desk.state().set["attachments"][0]["data"].clone();
        let length = data.as_str().expect("base64").len() as u64;
        assert_eq!(length, sent.size.div_ceil(3) * 4);
    }
    // Such a file without content is empty.
    let error = Attachments::new(&Desk::default().support())
        .upload("/proc/self/clear_refs")
        .await
        .expect_err("it cannot be read");
    assert_eq!(error.kind(), ErrorKind::Source);
}

#[tokio::test]
async fn a_reader_without_end_is_not_kept_on_the_disk() {
    let error = Source::reader("zero", tokio::io::repeat(0))
        .await
        .expect_err("no service takes that");
    assert_eq!(
        format!("{error:#}"),
        "`zero` has more bytes, and the service accepts 157286400 at most"
    );
}

#[tokio::test(start_paused = true)]
async fn a_file_with_holes_is_sent_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sparse");
    let file = File::create(&path).expect("a file");
    file.set_len(LENGTH as u64).expect("a hole");
    let desk = desk();
    Attachments::new(&desk.support())
        .upload(&path)
        .await
        .expect("an upload");
    assert!(desk.whole() == vec![0; LENGTH]);
}

/// Changes a byte of a file before a request is sent: before it is signed, or after.
#[derive(Clone, Debug)]
struct Flip(PathBuf, Desk);

impl Interceptor for Flip {
    fn before_attempt(&self, _: &Attempt<'_>, _: &mut HeaderMap) {
        flip(&self.0, 0);
    }
}

impl Transport for Flip {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        flip(&self.0, 0);
        self.1.send(request)
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_of_a_set_that_changes_before_or_after_it_is_signed_is_found() {
    for is_signed in [false, true] {
        let desk = desk();
        let (_folder, path) = file("app.log", &content(700_000));
        let flip = Flip(path.clone(), desk.clone());
        let config = match is_signed {
            true => desk.config().transport(flip),
            false => desk.config().interceptor(flip),
        };
        let client = attache_support::Client::new(&config.build().expect("all is set"));
        let sources = [Source::bytes("steady", "steady"), Source::path(&path)];
        let uploads = Attachments::new(&client).upload_all(sources).await;
        let uploads = uploads.expect("they can be read");
        assert_eq!(uploads.failures().count(), 2);
        for (_, failure) in uploads.failures() {
            assert_eq!(failure.error.kind(), ErrorKind::Changed, "{is_signed}");
            let text = failure.error.to_string();
            assert!(text.contains("`app.log` changed while"), "{text}");
        }
        assert!(desk.state().calls.is_empty(), "no whole request arrived");
    }
}
