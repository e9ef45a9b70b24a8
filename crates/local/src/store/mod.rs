//! The data of the services: tables in memory, and their copy on disk if there is a folder for it.
//!
//! Everything is read from memory. The response to a request is sent after its changes are on disk, all of them in one
//! transaction. After a kill, all acknowledged changes are therefore on disk, and no change is there in part. Changes
//! that cannot be written, and those of a request that is refused in the end, are undone.

mod blob;
#[expect(
    clippy::result_large_err,
    reason = "the errors of the database do not leave the module"
)]
mod disk;
mod folder;
mod table;

pub(crate) use blob::{Blob, BlobReader, Blobs, Hold};
pub(crate) use disk::{Disk, GLOBAL};
pub(crate) use folder::Folder;
pub(crate) use table::{AnyTable, Table, Tables};
