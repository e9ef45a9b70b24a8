//! Ranges, and requests that depend on the state of an object.

use anyhow::{Context, Result};
use attache_runtime::Timestamp;
use attache_s3::Client;

use crate::BUCKET;
use crate::steps::{refused, same};

const TEXT: &str = "0123456789abcdef";

pub fn check(client: &Client) -> Result<()> {
    let put = client.put_object().bucket(BUCKET).key("state").body(TEXT).send().wait()?;
    let tag = put.e_tag.context("no ETag")?;
    ranges(client)?;
    tags(client, &tag)?;
    times(client)?;
    client.delete_object().bucket(BUCKET).key("state").send().wait()?;
    Ok(())
}

fn ranges(client: &Client) -> Result<()> {
    for (range, wanted, content_range) in [
        ("bytes=2-5", "2345", "bytes 2-5/16"),
        ("bytes=10-", "abcdef", "bytes 10-15/16"),
        ("bytes=-3", "def", "bytes 13-15/16"),
    ] {
        let found = client.get_object().bucket(BUCKET).key("state").range(range).send().wait()?;
        same("ContentRange", found.content_range.as_deref(), Some(content_range))?;
        same(range, crate::streams::text(found.body)?, wanted)?;
    }
    let beyond = client.get_object().bucket(BUCKET).key("state").range("bytes=99-").send().wait();
    refused("GetObject", "InvalidRange", beyond)
}

fn tags(client: &Client, tag: &str) -> Result<()> {
    let get = || client.get_object().bucket(BUCKET).key("state");
    same("the object", crate::streams::text(get().if_match(tag).send().wait()?.body)?, TEXT)?;
    refused("GetObject", "PreconditionFailed", get().if_match("\"another\"").send().wait())?;
    unchanged(get().if_none_match(tag).send().wait())?;
    let again = client.put_object().bucket(BUCKET).key("state").if_none_match("*").body("other").send().wait();
    refused("PutObject", "PreconditionFailed", again)
}

fn times(client: &Client) -> Result<()> {
    let get = || client.get_object().bucket(BUCKET).key("state");
    let changed = get().send().wait()?.last_modified.context("no LastModified")?;
    let hours = |count: i64| Timestamp::from_epoch_seconds(changed.epoch_seconds() + 3600 * count);
    let (past, future) = (hours(-1)?, hours(1)?);
    same("the object", crate::streams::text(get().if_modified_since(past).send().wait()?.body)?, TEXT)?;
    unchanged(get().if_modified_since(future).send().wait())?;
    refused("GetObject", "PreconditionFailed", get().if_unmodified_since(past).send().wait())
}

/// The status 304 is no success, and no error of the service either: it has no body.
fn unchanged<T: std::fmt::Debug, S: attache_runtime::operation::ServiceError>(
    result: Result<T, attache_runtime::Error<S>>,
) -> Result<()> {
    let error = result.err().context("an object that did not change was sent")?;
    same("the status of an unchanged object", error.status(), Some(304))
}
