//! The functions of the rules engine and the table of partitions, for rules that are evaluated here.
//!
//! The files are copies of those of the runtime, which `cargo xtask generate` writes: rules must give here what they give
//! in a client, and this crate does not depend on the runtime.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "the runtime has these functions in public, and uses more of them"
)]

mod arn;
mod partition;
#[rustfmt::skip]
mod partitions;
mod s3;
mod standard_library;
mod url;

pub(super) use arn::{Arn, parse_arn};
pub(super) use partition::{Partition, partition};
pub(super) use s3::is_virtual_hostable_s3_bucket;
pub(super) use standard_library::{is_valid_host_label, split, substring, uri_encode};
pub(super) use url::{Url, parse_url};
