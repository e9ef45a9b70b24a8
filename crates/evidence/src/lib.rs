//! Uploads files to cases, and downloads them.
//!
//! A user has a file and a case; the services have attachment sets, upload links, presigned URLs and scans. This crate
//! implements the workflows between them: [`support`] for cases of AWS Support, [`security_ir`] for cases of AWS
//! Security Incident Response. Files are read and written in pieces. Parts are uploaded concurrently, and failed parts
//! are retried one by one. An interrupted upload can be continued, also that of a whole folder (feature `folder`). A
//! downloaded file gets its name only when it is complete.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use attache_evidence::support::Attachments;
//!
//! let client = attache_support::Client::from_env().await?;
//! let evidence = Attachments::new(&client).upload("/var/log/app.log").await?;
//! let call = client.create_case().subject("It broke").communication_body("See the log.");
//! let case = evidence.on_case(call).send().await?;
//! println!("{:?}", case.case_id);
//! # Ok(())
//! # }
//! ```
//!
//! # What is sent
//!
//! An upload sends the content that a file has when it is opened. The file may grow, as a log does: later bytes are not
//! sent, and the manifest says that there are more. If the bytes of a file change while they are sent, the upload fails
//! ([`ErrorKind::Changed`]). The sent bytes are hashed and compared with those that were read at first, and the storage
//! does not get the end of a part that differs. Another file that gets the same path is never read.
//!
//! # When a transfer is complete
//!
//! An upload is complete when the storage has responded with status 200, has accepted all bytes, and has not named a
//! hash of other bytes. The [`manifest`] is the record to keep; it says whether the storage named a hash of these
//! bytes. A download is complete when the announced number of bytes has arrived, and the bytes have the announced hashes.
//!
//! # Downloads that break
//!
//! If a connection breaks, the download continues with the bytes that are missing. The request names the `ETag` of the
//! object, so that bytes of two objects are never joined: if the object has changed, the download fails
//! ([`ErrorKind::Changed`]). A storage that names no strong `ETag`, ignores the range or sends another one is asked for
//! the whole file again.
//!
//! What is verified depends on what the storage announces. With an `x-amz-checksum-*` of the whole object, or an `ETag`
//! that is its MD5, the whole file is compared with it. An object that was uploaded in parts, or is encrypted with a key
//! of KMS, usually has neither. Then the length, the `ETag` and the range of each response are verified, and TLS protects
//! the bytes on their way. [`Downloaded::sha256`] is the hash of what was written in either case.
//!
//! `begin_download` returns a download whose state can be saved (feature `serde`) and continued in another process. The
//! bytes are in a temporary file `.attache-*.part` beside the target. It is hashed before the download continues, and
//! continues only if it has the bytes that had arrived.
//!
//! # Builds without optimisation
//!
//! Every byte is hashed: a file when it is opened, each part before it is sent and while it is sent, a download while it
//! arrives. Cargo builds dependencies without optimisation in the profile `dev`, where this takes longer than the network.
//! With these lines in the `Cargo.toml` of your workspace, dependencies are optimised in that profile as well; they are
//! built once:
//!
//! ```toml
//! [profile.dev.package."*"]
//! opt-level = 3
//! ```
//!
//! If that makes other dependencies too slow to build, name those that hash:
//!
//! ```toml
//! [profile.dev.package]
//! attache-transfer.opt-level = 3
//! md-5.opt-level = 3
//! sha1.opt-level = 3
//! sha2.opt-level = 3
//! ```
//!
//! Processor time for 100 MiB, in seconds, measured in one run on one x86-64 core with SHA extensions:
//!
//! | hashes | `dev` | packages named | all packages | `release` |
//! |---|---|---|---|---|
//! | SHA-256 | 3.50 | 0.09 | 0.10 | 0.09 |
//! | MD5 | 2.09 | 0.26 | 0.26 | 0.26 |
//! | CRC-64/NVME | 0.41 | 0.08 | 0.06 | 0.06 |
//! | these three, which an upload computes while it sends | 5.99 | 0.43 | 0.41 | 0.41 |
//! | all seven that S3 may name | 20.61 | 1.14 | 1.00 | 0.96 |
//!
//! # Presigned URLs
//!
//! A presigned URL gives access to everyone who has it. No error, `Debug` output, saved state or manifest contains one.
//! The headers that the signature requires are sent; [`Settings::header`] sets those whose values cannot be computed.
//!
//! This is a separate crate because it reads files and the clients do not: a program that only calls operations does
//! not build it.

#[cfg(any(feature = "support", feature = "security-ir"))]
mod binding;
#[cfg(any(feature = "support", feature = "security-ir"))]
mod download;
#[cfg(all(feature = "folder", any(feature = "support", feature = "security-ir")))]
pub mod folder;
#[cfg(any(feature = "support", feature = "security-ir"))]
mod kept;
pub mod manifest;
#[cfg(feature = "security-ir")]
pub mod security_ir;
#[cfg(feature = "support")]
pub mod support;
mod uploads;

pub use crate::manifest::Manifest;
pub use attache_transfer::{
    Downloaded, Error, ErrorKind, Fingerprint, PartialFile, Progress, Settings, Source, Stage,
};

pub use crate::uploads::{Failure, Outcome, Uploads};
