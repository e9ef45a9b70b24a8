//! What moves bytes between files and presigned URLs: parts, ranges, attempts, hashes and progress.
//!
//! Nothing here knows a service, a case or an attachment, so that a crate of its own can be made of this folder. It uses
//! only `crate::error` of the rest of the crate; `cargo xtask tidy` checks that.
//!
//! | module | what it does |
//! |---|---|
//! | [`source`], [`content`] | what is sent: a file, bytes or a reader, and its hashes |
//! | [`part`] | a part of a source as the body of a request |
//! | [`requests`], [`failed`] | one request to a presigned URL, its attempts and pauses |
//! | [`presigned`] | the headers that the signature of a URL requires |
//! | [`blocking`] | on which threads files are read |
//! | [`incoming`], [`object`], [`partial`] | a download, in one or several responses, and its state |
//! | [`bound`] | how many parts and files are sent at the same time |
//! | [`target`], [`file_name`] | where a download is written |
//! | [`checksum`], [`receipt`], [`fingerprint`] | hashes, and their comparison with a response |
//! | [`progress`], [`settings`], [`sent_part`] | what a user is told, sets and keeps |

pub(crate) mod blocking;
#[cfg(any(feature = "support", feature = "security-ir"))]
pub(crate) mod bound;
pub(crate) mod checksum;
pub(crate) mod content;
pub(crate) mod events;
pub(crate) mod failed;
pub(crate) mod file_name;
pub(crate) mod fingerprint;
pub(crate) mod incoming;
pub(crate) mod object;
pub(crate) mod part;
pub(crate) mod partial;
pub(crate) mod presigned;
pub(crate) mod progress;
pub(crate) mod receipt;
pub(crate) mod requests;
pub(crate) mod sent_part;
pub(crate) mod settings;
pub(crate) mod source;
pub(crate) mod target;
