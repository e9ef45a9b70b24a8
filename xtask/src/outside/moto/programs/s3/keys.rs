//! Keys of objects that paths, queries, headers and XML must treat with care.

use anyhow::{Context, Result, ensure};
use attache_s3::Client;
use attache_s3::types::{Delete, ObjectIdentifier};

use crate::BUCKET;
use crate::steps::{agreed, same};

/// moto has no route for a key with a line break.
fn keys() -> Vec<String> {
    let odd = [
        "a b/c  d.txt",
        "plus+and+more",
        "percent%20%2F%",
        "double//slash///end//",
        "dots/./and/../more/.",
        "../up",
        ".",
        "ends with a dot.",
        "Größe/漢字/\u{1F980}",
        "e\u{301}",
        "quotes\"'&<>;=?#@:$,!*()~^`|\\{}[]",
    ];
    let longest = "ä/".repeat(341) + "x";
    assert_eq!(longest.len(), 1024);
    odd.iter().map(|&key| key.to_owned()).chain([longest]).collect()
}

pub fn check(client: &Client) -> Result<()> {
    let keys = keys();
    for key in &keys {
        let call = client.put_object().bucket(BUCKET).key(key).body(key.clone()).content_type("text/plain; charset=utf-8");
        call.metadata([("some-name", "value; with=\"signs\""), ("n", "1")]).send().wait().with_context(|| format!("PutObject {key:?}"))?;
        let found = client.get_object().bucket(BUCKET).key(key).send().wait().with_context(|| format!("GetObject {key:?}"))?;
        same("ContentLength", found.content_length, Some(i64::try_from(key.len())?))?;
        same("ContentType", found.content_type.as_deref(), Some("text/plain; charset=utf-8"))?;
        let metadata = found.metadata.context("no Metadata")?;
        same("Metadata", metadata.get("some-name").map(String::as_str), Some("value; with=\"signs\""))?;
        same("the object", crate::streams::text(found.body)?, key.clone())?;
        let head = client.head_object().bucket(BUCKET).key(key).send().wait().with_context(|| format!("HeadObject {key:?}"))?;
        same("ContentLength of the head", head.content_length, Some(i64::try_from(key.len())?))?;
    }
    for operation in ["PutObject", "GetObject", "HeadObject"] {
        agreed(operation);
    }
    list(client, &keys)?;
    copy(client, &keys)?;
    prefixes(client)?;
    delete(client, keys)
}

fn list(client: &Client, keys: &[String]) -> Result<()> {
    let call = || client.list_objects_v2().bucket(BUCKET).max_keys(4);
    let listed = call().items().wait().collect::<Result<Vec<_>, _>>()?;
    let mut wanted = keys.to_vec();
    wanted.sort();
    let mut came: Vec<String> = listed.into_iter().filter_map(|object| object.key).collect();
    came.sort();
    same("the keys of all pages", came, wanted)?;
    let pages = call().pages().wait().collect::<Result<Vec<_>, _>>()?;
    same("the number of pages", pages.len(), keys.len().div_ceil(4))?;
    agreed("ListObjectsV2");
    Ok(())
}

/// `CopySource` is sent as the caller gives it, who has to encode it. These keys need no encoding.
fn copy(client: &Client, keys: &[String]) -> Result<()> {
    let is_plain = |key: &&String| key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/.-_~".contains(&byte));
    for key in keys.iter().filter(is_plain) {
        let copied = client.copy_object().bucket(BUCKET).key("copy").copy_source(format!("{BUCKET}/{key}"));
        let result = copied.send().wait().with_context(|| format!("CopyObject {key:?}"))?;
        ensure!(result.copy_object_result.is_some_and(|copy| copy.e_tag.is_some()), "a copy without ETag");
        let found = client.get_object().bucket(BUCKET).key("copy").send().wait()?;
        same("the copy", crate::streams::text(found.body)?, key.clone())?;
    }
    client.delete_object().bucket(BUCKET).key("copy").send().wait()?;
    agreed("CopyObject");
    Ok(())
}

/// Keys with what S3 and XML 1.0 cannot both hold come percent-encoded from the service, and as they are from the client.
fn prefixes(client: &Client) -> Result<()> {
    for key in ["logs/2026/01.gz", "logs/2026/02.gz", "logs/2027/01.gz", "logs/today +%.gz"] {
        client.put_object().bucket(BUCKET).key(key).body("log").send().wait()?;
    }
    let listed = client.list_objects_v2().bucket(BUCKET).prefix("logs/").delimiter("/").send().wait()?;
    let prefixes: Vec<String> = listed.common_prefixes.into_iter().flatten().filter_map(|each| each.prefix).collect();
    same("the prefixes", prefixes, ["logs/2026/", "logs/2027/"])?;
    let keys: Vec<String> = listed.contents.into_iter().flatten().filter_map(|object| object.key).collect();
    same("the keys beside the prefixes", keys, ["logs/today +%.gz"])?;
    let after = client.list_objects_v2().bucket(BUCKET).prefix("logs/").start_after("logs/2026/02.gz").send().wait()?;
    same("the number of keys behind one", after.key_count, Some(2))
}

fn delete(client: &Client, mut keys: Vec<String>) -> Result<()> {
    keys.extend(["logs/2026/01.gz", "logs/2026/02.gz", "logs/2027/01.gz", "logs/today +%.gz"].map(str::to_owned));
    let count = keys.len();
    let delete = Delete::new(keys.into_iter().map(ObjectIdentifier::new));
    let deleted = client.delete_objects().bucket(BUCKET).delete(delete).send().wait()?;
    same("the errors", deleted.errors.unwrap_or_default().len(), 0)?;
    same("the deleted keys", deleted.deleted.unwrap_or_default().len(), count)?;
    let left = client.list_objects_v2().bucket(BUCKET).send().wait()?;
    same("the number of keys that are left", left.contents.unwrap_or_default().len(), 0)?;
    agreed("DeleteObjects");
    Ok(())
}
