//! What the services remember: tables in memory, and their copy on disk where there is a folder for it.
//!
//! Everything is read from memory. A request that changed something is answered when its changes are on disk, all of
//! them in one transaction; so a process that is killed has kept whatever it has acknowledged, and never half of it.
//! Changes that cannot be written, and those of a request that is refused in the end, are taken back.

mod blob;
#[expect(
    clippy::result_large_err,
    reason = "the errors of the database do not leave the module"
)]
mod disk;
mod folder;
mod table;

pub(crate) use blob::{Blob, BlobReader, Blobs};
pub(crate) use disk::Disk;
pub(crate) use folder::Folder;
pub(crate) use table::{AnyTable, Table, Tables};
