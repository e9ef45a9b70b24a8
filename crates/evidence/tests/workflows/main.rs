//! The workflows against services and a storage in memory: no sockets, and Tokio's paused clock. `served` and `several` speak
//! to `attache-local` over HTTP.

mod changes;
mod confirmation;
mod creation;
mod desk;
mod downloads;
mod endless;
mod manifest;
mod progress;
mod ranges;
mod recording;
mod refusals;
mod resumed_downloads;
mod secrecy;
mod security_ir;
mod served;
mod several;
mod support;
mod waits;

use std::io::Write;

/// Bytes that differ from place to place, so that a part in the wrong place is seen.
pub(crate) fn content(length: usize) -> Vec<u8> {
    (0..length)
        .map(|index| (index / 256 + index % 256 * 7) as u8)
        .collect()
}

/// A file with this content, and the folder that it goes with.
pub(crate) fn file(name: &str, content: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    let mut file = std::fs::File::create(&path).expect("a file");
    file.write_all(content).expect("content");
    (folder, path)
}
