//! One object of Amazon S3 for `attache-transfer`. Copy it into a program that has a generated client of S3.

use std::ops::Range;

use attache_s3::Client;
use attache_s3::enums::{ChecksumAlgorithm, ChecksumMode};
use attache_s3::runtime::ByteStream;
use attache_s3::types::{CompletedMultipartUpload, CompletedPart};
use attache_transfer::{
    ObjectInfo, ObjectStore, PartBody, StoreError, StoreErrorKind, Stored, StoredPart,
};

/// A client, a bucket and a key.
pub struct S3Object {
    pub client: Client,
    pub bucket: String,
    pub key: String,
}

/// What S3 says of bytes that it has received; the same members are in several responses.
macro_rules! stored {
    ($response:expr) => {{
        let response = $response;
        let encryption = response.server_side_encryption;
        Stored::new(response.e_tag)
            .checksum("x-amz-checksum-sha256", response.checksum_sha256)
            .encryption(encryption.map(|kind| kind.as_str().to_owned()))
    }};
}

impl ObjectStore for S3Object {
    async fn head(&self) -> Result<ObjectInfo, StoreError> {
        let call = self
            .client
            .head_object()
            .bucket(&self.bucket)
            .key(&self.key);
        let mut response = call.checksum_mode(ChecksumMode::Enabled).send().await?;
        let length = response.content_length.unwrap_or_default().unsigned_abs();
        let kind = response.checksum_type.take();
        let kind = kind.map(|kind| kind.as_str().to_owned());
        Ok(ObjectInfo::new(
            length,
            stored!(response).checksum_type(kind),
        ))
    }

    async fn get_range(
        &self,
        range: Range<u64>,
        etag: Option<&str>,
    ) -> Result<ByteStream, StoreError> {
        let call = self.client.get_object().bucket(&self.bucket).key(&self.key);
        let call = call.range(format!("bytes={}-{}", range.start, range.end - 1));
        let call = match etag {
            Some(etag) => call.if_match(etag),
            None => call,
        };
        Ok(call.send().await?.body)
    }

    async fn put(&self, body: PartBody) -> Result<Stored, StoreError> {
        let call = self.client.put_object().bucket(&self.bucket).key(&self.key);
        let call = call
            .content_length(body.length as i64)
            .checksum_sha256(body.sha256_base64);
        Ok(stored!(call.body(body.body).send().await?))
    }

    async fn create_multipart(&self) -> Result<String, StoreError> {
        let call = self
            .client
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(&self.key);
        let response = call
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .send()
            .await?;
        let missing = || StoreError::new(StoreErrorKind::Final, "S3 named no upload");
        response.upload_id.ok_or_else(missing)
    }

    async fn upload_part(
        &self,
        upload_id: &str,
        number: u32,
        body: PartBody,
    ) -> Result<Stored, StoreError> {
        let call = self
            .client
            .upload_part()
            .bucket(&self.bucket)
            .key(&self.key);
        let call = call.upload_id(upload_id).part_number(number as i32);
        let call = call
            .content_length(body.length as i64)
            .checksum_sha256(body.sha256_base64);
        Ok(stored!(call.body(body.body).send().await?))
    }

    async fn complete(&self, upload_id: &str, parts: &[StoredPart]) -> Result<Stored, StoreError> {
        let parts = parts.iter().map(|part| {
            let completed = CompletedPart::default().part_number(part.number as i32);
            let completed = completed.e_tag(part.etag.clone());
            match &part.sha256_base64 {
                Some(sha256) => completed.checksum_sha256(sha256.clone()),
                None => completed,
            }
        });
        let call = self
            .client
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(&self.key);
        let call = call.upload_id(upload_id);
        let response = call
            .multipart_upload(CompletedMultipartUpload::default().parts(parts))
            .send()
            .await?;
        Ok(stored!(response))
    }

    async fn abort(&self, upload_id: &str) -> Result<(), StoreError> {
        let call = self
            .client
            .abort_multipart_upload()
            .bucket(&self.bucket)
            .key(&self.key);
        call.upload_id(upload_id).send().await?;
        Ok(())
    }
}
