//! Presigned URLs, which Python's `requests` uses.

use std::time::Duration;

use anyhow::{Result, ensure};
use attache_runtime::blocking;
use attache_s3::Client;

use crate::BUCKET;
use crate::steps::{requested, same};

const HOUR: Duration = Duration::from_secs(3600);

pub fn check(client: &Client) -> Result<()> {
    for key in ["from/a b+c%20//d.txt", "Größe 漢字"] {
        let put = client.put_object().bucket(BUCKET).key(key).content_type("text/plain").send().presign(HOUR);
        let put = blocking::wait(put)?;
        let (status, text) = requested(&put, b"sent by another program")?;
        ensure!(status == 200, "PUT of a presigned URL: {status} {text}");
        let get = client.get_object().bucket(BUCKET).key(key).response_content_type("text/x-odd; a=\"b\"").send();
        let get = blocking::wait(get.presign(HOUR))?;
        same("the object behind a URL", requested(&get, b"")?, (200, "sent by another program".to_owned()))?;
        let found = client.get_object().bucket(BUCKET).key(key).send().wait()?;
        same("ContentType", found.content_type.as_deref(), Some("text/plain"))?;
        same("the object", crate::streams::text(found.body)?, "sent by another program")?;
        client.delete_object().bucket(BUCKET).key(key).send().wait()?;
        let gone = blocking::wait(client.get_object().bucket(BUCKET).key(key).send().presign(HOUR))?;
        let (status, text) = requested(&gone, b"")?;
        ensure!(status == 404 && text.contains("NoSuchKey"), "GET of a deleted object: {status} {text}");
    }
    Ok(())
}
