//! Moves files to and from object storage, over the transport of attache's clients.
//!
//! Files are read and written in pieces, so a transfer needs the memory of a few pieces. Failed attempts are repeated.
//! All bytes are hashed and compared with what the storage reports. A downloaded file gets its name only when it is
//! complete, and a download that breaks continues with the bytes that are missing.
//!
//! `attache-evidence` is built on this crate: it adds the workflows of AWS Support and of AWS Security Incident Response.

mod error;
mod objects;
#[doc(hidden)]
pub mod plumbing;
mod presigned;
mod store;

#[doc(inline)]
pub use crate::error::{Error, ErrorKind};
pub use crate::objects::{
    LEAST_PART_SIZE, OBJECT_LIMIT, ObjectDownload, ObjectUpload, Objects, PART_SIZE, PARTS_LIMIT,
    SavedObjectDownload, SavedObjectUpload, SentObject,
};
#[doc(inline)]
pub use crate::plumbing::fingerprint::Fingerprint;
#[doc(inline)]
pub use crate::plumbing::partial::PartialFile;
#[doc(inline)]
pub use crate::plumbing::progress::{Progress, Stage};
#[doc(inline)]
pub use crate::plumbing::sent_part::{Confirmation, SentPart};
#[doc(inline)]
pub use crate::plumbing::settings::Settings;
#[doc(inline)]
pub use crate::plumbing::source::Source;
#[doc(inline)]
pub use crate::plumbing::target::Downloaded;
pub use crate::presigned::{PUT_LIMIT, PresignedUrls};
pub use crate::store::{
    ObjectInfo, ObjectStore, PartBody, StoreError, StoreErrorKind, Stored, StoredPart,
};
