//! Versions and delete markers.

use anyhow::{Context, Result, ensure};
use attache_s3::Client;
use attache_s3::types::VersioningConfiguration;

use crate::steps::{agreed, refused, same};

const BUCKET: &str = "versions";

pub fn check(client: &Client) -> Result<()> {
    client.create_bucket().bucket(BUCKET).send().wait()?;
    let on = VersioningConfiguration::default().status("Enabled");
    client.put_bucket_versioning().bucket(BUCKET).versioning_configuration(on).send().wait()?;
    agreed("PutBucketVersioning");
    let status = client.get_bucket_versioning().bucket(BUCKET).send().wait()?.status;
    same("Status", status.as_ref().map(|status| status.as_str()), Some("Enabled"))?;
    agreed("GetBucketVersioning");
    let mut versions = Vec::new();
    for text in ["first", "second", "third"] {
        let put = client.put_object().bucket(BUCKET).key("a key+1").body(text).send().wait()?;
        versions.push(put.version_id.context("no VersionId")?);
    }
    let get = |version: &str| client.get_object().bucket(BUCKET).key("a key+1").version_id(version).send();
    same("the first version", crate::streams::text(get(&versions[0]).wait()?.body)?, "first")?;
    marker(client, &versions)?;
    refused("GetObject", "NoSuchVersion", get("00000000-0000-0000-0000-000000000000").wait())?;
    list(client)
}

fn marker(client: &Client, versions: &[String]) -> Result<()> {
    let deleted = client.delete_object().bucket(BUCKET).key("a key+1").send().wait()?;
    same("DeleteMarker", deleted.delete_marker, Some(true))?;
    let marker = deleted.version_id.context("the marker has no VersionId")?;
    let gone = client.get_object().bucket(BUCKET).key("a key+1").send().wait();
    ensure!(gone.is_err_and(|error| error.is_not_found()), "a deleted object is not found");
    let listed = client.list_object_versions().bucket(BUCKET).send().wait()?;
    same("the versions", listed.versions.unwrap_or_default().len(), versions.len())?;
    let markers = listed.delete_markers.unwrap_or_default();
    same("the markers", markers.len(), 1)?;
    same("the key of the marker", markers[0].key.as_deref(), Some("a key+1"))?;
    client.delete_object().bucket(BUCKET).key("a key+1").version_id(&marker).send().wait()?;
    let back = client.get_object().bucket(BUCKET).key("a key+1").send().wait()?;
    same("the object without the marker", crate::streams::text(back.body)?, "third")
}

/// A page of versions has two tokens.
fn list(client: &Client) -> Result<()> {
    let (mut found, mut next) = (Vec::new(), (None, None));
    for page in 0.. {
        ensure!(page < 10, "the pages do not end");
        let mut call = client.list_object_versions().bucket(BUCKET).max_keys(1);
        if let (Some(key), Some(version)) = next {
            call = call.key_marker(key).version_id_marker(version);
        }
        let listed = call.send().wait()?;
        found.extend(listed.versions.into_iter().flatten().filter_map(|version| version.version_id));
        if listed.is_truncated != Some(true) {
            break;
        }
        next = (listed.next_key_marker, listed.next_version_id_marker);
    }
    found.sort();
    found.dedup();
    same("the versions of all pages", found.len(), 3)?;
    agreed("ListObjectVersions");
    Ok(())
}
