//! The response of `ListObjectsV2`: the members that the server sends.
#![expect(
    dead_code,
    reason = "an application reads these fields; this program only counts elements"
)]

use serde::Deserialize;

/// A page of objects.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListBucketResult {
    pub(crate) name: Option<String>,
    pub(crate) prefix: Option<String>,
    pub(crate) key_count: Option<i32>,
    pub(crate) max_keys: Option<i32>,
    pub(crate) is_truncated: Option<bool>,
    pub(crate) next_continuation_token: Option<String>,
    #[serde(default)]
    pub(crate) contents: Vec<Object>,
}

/// An object of the list.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Object {
    pub(crate) key: Option<String>,
    pub(crate) last_modified: Option<String>,
    #[serde(rename = "ETag")]
    pub(crate) e_tag: Option<String>,
    #[serde(default)]
    pub(crate) checksum_algorithm: Vec<String>,
    pub(crate) checksum_type: Option<String>,
    pub(crate) size: Option<i64>,
    pub(crate) storage_class: Option<String>,
}
