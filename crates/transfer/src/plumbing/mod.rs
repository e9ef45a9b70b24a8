//! What moves bytes between files and storage: parts, ranges, attempts, hashes and progress. It is for this crate and
//! `attache-evidence`, and changes only with the second number of the version.
//!
//! Nothing here knows a service, a case or an attachment.
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

// What `attache-evidence` calls has no page for users, so not every item has a sentence of its own.
#![allow(missing_docs)]

pub mod blocking;
pub mod bound;
pub mod checksum;
pub mod content;
pub mod events;
pub mod failed;
pub mod file_name;
pub mod fingerprint;
pub mod incoming;
pub mod object;
pub mod part;
pub mod partial;
pub mod presigned;
pub mod progress;
pub mod receipt;
pub mod requests;
pub mod sent_part;
pub mod settings;
pub mod source;
pub mod target;
