//! Calls S3: buckets, objects under odd keys, versions, parts, conditions, presigned URLs, and large bodies as streams.

mod conditions;
mod keys;
mod multipart;
mod steps;
mod streams;
mod urls;
mod versions;

use anyhow::{Context, Result, ensure};
use attache_s3::Client;
use attache_s3::types::{CreateBucketConfiguration, Tag, Tagging};
use steps::{agreed, refused, same};

/// The bucket of most calls.
const BUCKET: &str = "first-bucket";

fn main() -> Result<()> {
    let client = Client::new(&steps::config()?);
    buckets(&client)?;
    keys::check(&client)?;
    tags(&client)?;
    conditions::check(&client)?;
    versions::check(&client)?;
    multipart::check(&client)?;
    urls::check(&client)?;
    streams::check(&client)?;
    errors(&client)
}

fn buckets(client: &Client) -> Result<()> {
    client.create_bucket().bucket(BUCKET).send().wait()?;
    for number in 1..=4 {
        let place = CreateBucketConfiguration::default().location_constraint("eu-central-1");
        let call = client.create_bucket().bucket(format!("bucket-{number}")).create_bucket_configuration(place);
        call.send().wait()?;
    }
    agreed("CreateBucket");
    let listed = client.list_buckets().items().wait().collect::<Result<Vec<_>, _>>()?;
    let mut names: Vec<String> = listed.into_iter().filter_map(|bucket| bucket.name).collect();
    names.sort();
    same("the buckets", names, ["bucket-1", "bucket-2", "bucket-3", "bucket-4", BUCKET])?;
    agreed("ListBuckets");
    let place = client.get_bucket_location().bucket("bucket-1").send().wait()?.location_constraint;
    same("LocationConstraint", place.as_ref().map(|place| place.as_str()), Some("eu-central-1"))?;
    agreed("GetBucketLocation");
    client.head_bucket().bucket(BUCKET).send().wait()?;
    agreed("HeadBucket");
    for number in 1..=4 {
        client.delete_bucket().bucket(format!("bucket-{number}")).send().wait()?;
    }
    agreed("DeleteBucket");
    Ok(())
}

fn tags(client: &Client) -> Result<()> {
    client.put_object().bucket(BUCKET).key("tagged").tagging("one=1&two=a%20b").body("x").send().wait()?;
    let tags = || client.get_object_tagging().bucket(BUCKET).key("tagged").send();
    same("the number of tags", tags().wait()?.tag_set.len(), 2)?;
    let changed = Tagging::new([Tag::new("Größe", "a b+c/=@"), Tag::new("empty", "")]);
    client.put_object_tagging().bucket(BUCKET).key("tagged").tagging(changed).send().wait()?;
    agreed("PutObjectTagging");
    let found = tags().wait()?.tag_set;
    let value = |key: &str| found.iter().find(|tag| tag.key == key).map(|tag| tag.value.as_str());
    same("the tag", value("Größe"), Some("a b+c/=@"))?;
    same("the empty tag", value("empty"), Some(""))?;
    agreed("GetObjectTagging");
    client.delete_object().bucket(BUCKET).key("tagged").send().wait()?;
    agreed("DeleteObject");
    Ok(())
}

fn errors(client: &Client) -> Result<()> {
    let gone = client.get_object().bucket(BUCKET).key("no such <key> & more").send().wait();
    ensure!(gone.as_ref().is_err_and(|error| error.is_not_found()), "a missing key is not found: {gone:?}");
    refused("GetObject", "NoSuchKey", gone)?;
    let elsewhere = client.list_objects_v2().bucket("no-such-bucket").send().wait();
    ensure!(elsewhere.as_ref().is_err_and(|error| error.is_not_found()), "a missing bucket is not found: {elsewhere:?}");
    refused("ListObjectsV2", "NoSuchBucket", elsewhere)?;
    client.put_object().bucket(BUCKET).key("left").body("x").send().wait()?;
    refused("DeleteBucket", "BucketNotEmpty", client.delete_bucket().bucket(BUCKET).send().wait())?;
    let head = client.head_object().bucket(BUCKET).key("gone").send().wait().err().context("a missing key has a head")?;
    // The response has no body, so nothing but its status says what is wrong.
    same("the status", head.status(), Some(404))?;
    ensure!(head.is_not_found(), "the error is not one of a missing object: {head:#}");
    println!("HeadObject refused: 404");
    Ok(())
}
