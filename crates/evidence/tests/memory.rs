//! A large upload and a large download take no more memory than a few pieces: files are read and written as they go.
//!
//! The server of this test keeps its files on disk, and its memory is counted, too.

use std::io::Write;

use attache_evidence::{Settings, support};
use attache_local::Local;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// How much memory both ends together may use in addition, in bytes.
const BOUND: usize = 24 << 20;

fn large(path: &std::path::Path, length: usize) {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    let line: Vec<u8> = (0..=255).collect();
    for index in 0..length / line.len() {
        let mark = (index as u64).to_le_bytes();
        file.write_all(&mark).expect("space");
        file.write_all(&line[mark.len()..]).expect("space");
    }
    file.flush().expect("space");
}

fn is_same(one: &std::path::Path, other: &std::path::Path) -> bool {
    use std::io::Read;
    let [mut one, mut other] = [one, other].map(|path| std::fs::File::open(path).expect("a file"));
    let (mut left, mut right) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = one.read(&mut left).expect("readable");
        other.read_exact(&mut right[..read]).expect("as long");
        if left[..read] != right[..read] {
            return false;
        }
        if read == 0 {
            return other.read(&mut right).expect("readable") == 0;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_never_held_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let local = Local::builder()
        .data(folder.path().join("server"))
        .part_size(16 << 20)
        .processing_time(std::time::Duration::ZERO)
        .scan_time(std::time::Duration::ZERO)
        .start()
        .await
        .expect("the server starts");
    let config = local.config().build().expect("all is set");
    let desk = attache_support::Client::new(&config);
    let attachments =
        support::Attachments::new(&desk).settings(Settings::default().parallel_parts(4));

    let path = folder.path().join("memory.dump");
    large(&path, 150 << 20);
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let evidence = attachments.upload(&path).await.expect("an upload");
    let peak = MEMORY.peak_usage() - before;
    assert!(peak < BOUND, "150 MiB went up with {peak} bytes");

    let call = desk.create_case().subject("dump").communication_body("see");
    let case = evidence.on_case(call).send().await.expect("a case");
    let id = case.case_id.expect("an id");
    let pages = desk.describe_communications().case_id(id).send();
    let communications = pages.await.expect("a page").communications;
    let attachment = communications
        .and_then(|all| all.into_iter().next()?.attachments?.into_iter().next())
        .and_then(|attachment| attachment.attachment_id)
        .expect("an attachment");
    let copy = folder.path().join("copy.dump");
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    attachments
        .download(attachment, &copy)
        .await
        .expect("a download");
    let peak = MEMORY.peak_usage() - before;
    assert!(peak < BOUND, "150 MiB came down with {peak} bytes");
    assert!(is_same(&path, &copy));
}
