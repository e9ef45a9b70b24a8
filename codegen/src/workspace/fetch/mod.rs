//! Where published models come from: downloads, the cache that keeps them, and the two places that AWS publishes in.
//!
//! A release is opened once for a command, whatever number of services it is about: [`botocore`] from a Python package
//! index, [`smithy_files`] from the repository of AWS's own Smithy files. Both give the texts of a service and know
//! nothing of a workspace. What was downloaded stays in the [`cache`], by its SHA-256, so that a later command reads it
//! from there, without a network too.

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
