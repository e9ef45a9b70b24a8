//! Where published models come from: downloads, their cache, and the two sources of AWS.
//!
//! A command opens each release once, for any number of services: [`botocore`] from a Python package index,
//! [`smithy_files`] from the repository of AWS's own Smithy files. Both return the texts of a service and do not depend on
//! a workspace. Downloads stay in the [`cache`], by their SHA-256, so that a later command needs no network for them.

pub mod botocore;
pub mod cache;
mod download;
pub mod environment;
pub mod http;
mod index_page;
pub mod package_index;
pub mod pip;
mod plain_name;
pub(super) mod progress;
mod release_number;
pub mod releases;
pub mod settings;
pub mod smithy_files;
mod tls;
