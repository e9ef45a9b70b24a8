//! Files to and from a moto server by `attache-transfer`: sizes around a part, an interrupted upload and download, and what
//! the server refuses. A line for each step that did what it should; `cargo xtask outside --transfers` counts them.

mod s3_object;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use attache_s3::{Client, Config, Credentials};
use attache_transfer::{ErrorKind, LEAST_PART_SIZE, Objects, Settings};
use s3_object::S3Object;

const BUCKET: &str = "evidence";

fn content(length: u64) -> Vec<u8> {
    (0..length).map(|index| (index / 251) as u8 ^ (index % 253) as u8).collect()
}

fn object(client: &Client, key: &str) -> S3Object {
    S3Object {
        client: client.clone(),
        bucket: BUCKET.to_owned(),
        key: key.to_owned(),
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let url = std::env::args().nth(1).context("usage: PROGRAM URL")?;
    let config = Config::builder()
        .region("us-east-1")
        .endpoint_url(url)
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .build()?;
    let client = Client::new(&config);
    client.create_bucket().bucket(BUCKET).send().await?;
    let place = tempfile::tempdir()?;
    let objects = Objects::new(&config).part_size(LEAST_PART_SIZE);
    for length in [0, 1, LEAST_PART_SIZE - 1, LEAST_PART_SIZE, LEAST_PART_SIZE + 1] {
        whole(&objects, &object(&client, &format!("file-{length}")), place.path(), length).await?;
        println!("{length} bytes");
    }
    interrupted(&config, &object(&client, "interrupted"), place.path()).await?;
    refused(&objects, &client, place.path()).await
}

async fn whole(objects: &Objects, object: &S3Object, place: &Path, length: u64) -> Result<()> {
    let (path, back) = (place.join("file"), place.join("back"));
    std::fs::write(&path, content(length))?;
    let sent = objects.upload(object, &path).await?;
    let parts = length.div_ceil(LEAST_PART_SIZE).max(1);
    ensure!(sent.parts.len() as u64 == parts, "{} parts", sent.parts.len());
    let downloaded = objects.download(object, &back).await?;
    ensure!(downloaded.sha256 == sent.fingerprint.sha256);
    ensure!(std::fs::read(&back)? == content(length), "other bytes");
    std::fs::remove_file(&back)?;
    Ok(())
}

/// An upload whose future is dropped after its first part, and a download after its first range.
async fn interrupted(config: &Config, object: &S3Object, place: &Path) -> Result<()> {
    let objects = Objects::new(config).part_size(LEAST_PART_SIZE);
    let objects = objects.settings(Settings::default().parallel_parts(1));
    let (path, back) = (place.join("file"), place.join("resumed"));
    let length = 3 * LEAST_PART_SIZE + 7;
    std::fs::write(&path, content(length))?;
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let stop = std::sync::Mutex::new(Some(stop));
    let mut upload = objects.begin_upload(&path).await?.on_saved(move |saved| {
        if saved.parts.len() == 1
            && let Some(stop) = stop.lock().expect("no panic").take()
        {
            let _ = stop.send(saved.clone());
        }
    });
    let saved = tokio::select! {
        saved = stopped => saved?,
        sent = upload.run(object) => anyhow::bail!("it ended: {sent:?}"),
    };
    drop(upload);
    ensure!(saved.parts.len() == 1, "{} parts", saved.parts.len());
    let first = saved.parts[&1].sent;
    let sent = objects.resume_upload(&path, saved).await?.run(object).await?;
    ensure!(sent.parts.len() == 4 && sent.parts[0].sent == first, "the first part was sent again");
    println!("a resumed upload");
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let stop = std::sync::Mutex::new(Some(stop));
    let mut download = objects.begin_download(&back)?.on_saved(move |saved| {
        if let Some(stop) = stop.lock().expect("no panic").take() {
            let _ = stop.send(saved.clone());
        }
    });
    let saved = tokio::select! {
        saved = stopped => saved?,
        done = download.run(object) => anyhow::bail!("it ended: {done:?}"),
    };
    drop(download);
    objects.resume_download(saved)?.run(object).await?;
    ensure!(std::fs::read(&back)? == content(length), "other bytes");
    println!("a resumed download");
    Ok(())
}

async fn refused(objects: &Objects, client: &Client, place: &Path) -> Result<()> {
    let missing = objects.download(&object(client, "none"), place.join("none")).await;
    ensure!(missing.is_err_and(|error| error.kind() == ErrorKind::Transfer));
    println!("refused: a missing object");
    let mut nowhere = object(client, "file");
    nowhere.bucket = "no-such-bucket".to_owned();
    let refused = objects.upload(&nowhere, place.join("file")).await;
    ensure!(refused.is_err_and(|error| error.kind() == ErrorKind::Transfer));
    println!("refused: a missing bucket");
    // The object is replaced between two ranges.
    let one_by_one = objects.clone().settings(Settings::default().parallel_parts(1));
    let replaced = object(client, "replaced");
    let path = place.join("file");
    objects.upload(&replaced, &path).await?;
    let mut download = one_by_one.begin_download(place.join("replaced"))?;
    let first = download.run(&Refusing(&replaced)).await;
    ensure!(first.is_err());
    std::fs::write(&path, b"other bytes")?;
    objects.upload(&replaced, &path).await?;
    let error = download.run(&replaced).await;
    ensure!(error.is_err_and(|error| error.kind() == ErrorKind::Changed));
    download.discard()?;
    println!("refused: a replaced object");
    Ok(())
}

/// The object without its last range.
struct Refusing<'a>(&'a S3Object);

impl attache_transfer::ObjectStore for Refusing<'_> {
    async fn head(&self) -> Result<attache_transfer::ObjectInfo, attache_transfer::StoreError> {
        self.0.head().await
    }

    async fn get_range(
        &self,
        range: std::ops::Range<u64>,
        etag: Option<&str>,
    ) -> Result<attache_s3::runtime::ByteStream, attache_transfer::StoreError> {
        let kind = attache_transfer::StoreErrorKind::Final;
        if range.start >= 3 * LEAST_PART_SIZE {
            return Err(attache_transfer::StoreError::new(kind, "not now"));
        }
        self.0.get_range(range, etag).await
    }

    async fn put(
        &self,
        body: attache_transfer::PartBody,
    ) -> Result<attache_transfer::Stored, attache_transfer::StoreError> {
        self.0.put(body).await
    }

    async fn create_multipart(&self) -> Result<String, attache_transfer::StoreError> {
        self.0.create_multipart().await
    }

    async fn upload_part(
        &self,
        upload_id: &str,
        number: u32,
        body: attache_transfer::PartBody,
    ) -> Result<attache_transfer::Stored, attache_transfer::StoreError> {
        self.0.upload_part(upload_id, number, body).await
    }

    async fn complete(
        &self,
        upload_id: &str,
        parts: &[attache_transfer::StoredPart],
    ) -> Result<attache_transfer::Stored, attache_transfer::StoreError> {
        self.0.complete(upload_id, parts).await
    }

    async fn abort(&self, upload_id: &str) -> Result<(), attache_transfer::StoreError> {
        self.0.abort(upload_id).await
    }
}
