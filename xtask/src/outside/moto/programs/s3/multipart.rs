//! Uploads in parts.

use anyhow::{Context, Result, ensure};
use attache_s3::Client;
use attache_s3::types::{CompletedMultipartUpload, CompletedPart};

use crate::BUCKET;
use crate::steps::{agreed, refused, same};

const KEY: &str = "parts/a b+c.bin";
/// S3 takes no smaller part, but for the last one.
const PART: usize = 5 * 1024 * 1024;

pub fn check(client: &Client) -> Result<()> {
    let upload = begin(client)?;
    let mut parts = Vec::new();
    for (number, size) in [(1, PART), (2, PART), (3, 17)] {
        let body = vec![u8::try_from(number)?; size];
        let call = client.upload_part().bucket(BUCKET).key(KEY).upload_id(&upload).part_number(number).body(body);
        let tag = call.send().wait()?.e_tag.context("a part has no ETag")?;
        parts.push(CompletedPart::default().part_number(number).e_tag(tag));
    }
    agreed("UploadPart");
    let listed = client.list_parts().bucket(BUCKET).key(KEY).upload_id(&upload).items().wait();
    let sizes = listed.map(|part| Ok(part?.size)).collect::<Result<Vec<_>>>()?;
    same("the sizes of the parts", sizes, [Some(i64::try_from(PART)?), Some(i64::try_from(PART)?), Some(17)])?;
    agreed("ListParts");
    let uploads = client.list_multipart_uploads().bucket(BUCKET).send().wait()?.uploads.unwrap_or_default();
    same("the upload", uploads.first().and_then(|each| each.upload_id.as_deref()), Some(upload.as_str()))?;
    agreed("ListMultipartUploads");
    let whole = CompletedMultipartUpload::default().parts(parts);
    let call = client.complete_multipart_upload().bucket(BUCKET).key(KEY).upload_id(&upload);
    let done = call.multipart_upload(whole).send().wait()?;
    ensure!(done.e_tag.is_some_and(|tag| tag.ends_with("-3\"")), "the ETag does not count three parts");
    same("Key", done.key.as_deref(), Some(KEY))?;
    agreed("CompleteMultipartUpload");
    let head = client.head_object().bucket(BUCKET).key(KEY).send().wait()?;
    same("ContentLength", head.content_length, Some(i64::try_from(2 * PART + 17)?))?;
    abort(client)?;
    client.delete_object().bucket(BUCKET).key(KEY).send().wait()?;
    Ok(())
}

fn begin(client: &Client) -> Result<String> {
    let begun = client.create_multipart_upload().bucket(BUCKET).key(KEY).content_type("application/x-parts").send().wait()?;
    agreed("CreateMultipartUpload");
    begun.upload_id.context("no UploadId")
}

fn abort(client: &Client) -> Result<()> {
    let upload = begin(client)?;
    let end = || client.abort_multipart_upload().bucket(BUCKET).key(KEY).upload_id(&upload).send();
    end().wait()?;
    agreed("AbortMultipartUpload");
    refused("AbortMultipartUpload", "NoSuchUpload", end().wait())?;
    let parts = client.list_parts().bucket(BUCKET).key(KEY).upload_id(&upload).send().wait();
    refused("ListParts", "NoSuchUpload", parts)
}
