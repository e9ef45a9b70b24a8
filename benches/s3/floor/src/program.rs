//! A minimal program that calls S3 with an HTTP client, quick-xml and serde.
//!
//! As the program of `benches/floor`, it has no retries, time limits, error types or endpoint rules. It signs what it
//! sends, and neither computes nor verifies checksums.

use bench_measure::{BUCKET, Failure, OBJECT, OBJECT_LENGTH, Operation};
use bytes::Bytes;
use reqwest::{Client, Method, Response};

use self::signature::{Signer, Target, digest};
use self::wire::ListBucketResult;

#[path = "../../../floor/src/signature.rs"]
mod signature;
#[path = "wire.rs"]
mod wire;

/// A client, and what it uploads.
#[derive(Clone)]
pub(crate) struct Program {
    http: Client,
    endpoint: String,
    signer: Signer,
    content: Bytes,
}

impl bench_measure::Program for Program {
    async fn connect() -> Result<Self, Failure> {
        // Without a TLS provider of its own, reqwest uses that of the process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let endpoint = std::env::var("AWS_ENDPOINT_URL")?;
        Ok(Self {
            http: Client::builder().build()?,
            signer: Signer::new("s3", &endpoint)?,
            endpoint,
            content: bench_measure::content().into(),
        })
    }

    async fn call(&self, operation: Operation) -> Result<usize, Failure> {
        let object = format!("/{BUCKET}/{OBJECT}");
        match operation {
            Operation::ListObjects => {
                let bucket = format!("/{BUCKET}");
                let response = self
                    .send(Method::GET, &bucket, "list-type=2", Bytes::new())
                    .await?;
                let bytes = response.bytes().await?;
                let page: ListBucketResult = quick_xml::de::from_str(std::str::from_utf8(&bytes)?)?;
                Ok(page.contents.len())
            }
            Operation::GetObject => {
                let response = self.send(Method::GET, &object, "", Bytes::new()).await?;
                Ok(usize::from(response.bytes().await?.len() == OBJECT_LENGTH))
            }
            Operation::PutObject => {
                let body = self.content.clone();
                let response = self.send(Method::PUT, &object, "", body).await?;
                Ok(usize::from(response.headers().contains_key("etag")))
            }
            _ => Err("this contestant calls S3 only".into()),
        }
    }
}

impl Program {
    async fn send(
        &self,
        method: Method,
        path: &str,
        query: &str,
        body: Bytes,
    ) -> Result<Response, Failure> {
        let digest = digest(&body);
        let target = Target {
            method: method.as_str(),
            path,
            query,
        };
        let headers = [("x-amz-content-sha256", digest.as_str())];
        let signature = self.signer.sign_any(&target, &headers, &digest);
        let separator = if query.is_empty() { "" } else { "?" };
        let request = self
            .http
            .request(method, format!("{}{path}{separator}{query}", self.endpoint))
            .header("x-amz-content-sha256", digest)
            .header("x-amz-date", signature.date)
            .header("authorization", signature.authorization)
            .body(body);
        Ok(request.send().await?.error_for_status()?)
    }
}
