//! A minimal program that makes the four calls with an HTTP client and serde only.
//!
//! It has no validation, retries, time limits, error types or endpoint rules. It reads every member of the responses.
//! With `BENCH_ONE_PASS`, it encodes attachments in base64 with SIMD into a body of the final size; without it, serde
//! first creates a string for each file.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use base64_simd::{AsOut, STANDARD};
use bench_measure::{
    ATTACHMENT_LENGTH, ATTACHMENTS, CASE_ID, FILE_NAME, Failure, Operation, UPLOAD_LENGTH,
};
use bytes::Bytes;
use reqwest::Client;
use serde::de::DeserializeOwned;

use self::signature::Signer;
use self::wire::{
    AddAttachments, AddAttachmentsAnswer, Attachment, DescribeCases, DescribeCasesAnswer,
    ListCases, ListCasesAnswer, UploadUrl, UploadUrlAnswer,
};

#[path = "signature.rs"]
mod signature;
#[path = "wire.rs"]
mod wire;

/// A client of both services.
#[derive(Clone)]
pub(crate) struct Program {
    http: Client,
    endpoint: String,
    support: Signer,
    incidents: Signer,
    file: Bytes,
    one_pass: bool,
}

/// `cargo xtask bench build` changes this constant to measure an incremental build.
const CHANGE: Option<&str> = option_env!("BENCH_CHANGE");

const JSON: &str = "application/json";
const JSON_1_1: &str = "application/x-amz-json-1.1";

impl bench_measure::Program for Program {
    async fn connect() -> Result<Self, Failure> {
        Self::new(vec![0x5A; ATTACHMENT_LENGTH].into())
    }

    async fn call(&self, operation: Operation) -> Result<usize, Failure> {
        match operation {
            Operation::DescribeCases => {
                let request = DescribeCases {
                    include_resolved_cases: true,
                    max_results: 100,
                };
                let body = serde_json::to_vec(&request)?;
                let answer: DescribeCasesAnswer = self.support("DescribeCases", body).await?;
                Ok(answer.cases.len())
            }
            Operation::ListCases => {
                let body = serde_json::to_vec(&ListCases { max_results: 25 })?;
                let answer: ListCasesAnswer = self.incidents("/v1/list-cases", body).await?;
                Ok(answer.items.len())
            }
            Operation::UploadUrl => {
                let request = UploadUrl {
                    file_name: FILE_NAME,
                    content_length: UPLOAD_LENGTH,
                    client_token: "7c4a6f0e-2f3b-4a39-9f0a-4f2b1f6f3f55",
                };
                let path = format!("/v1/cases/{CASE_ID}/get-presigned-url");
                let body = serde_json::to_vec(&request)?;
                let answer: UploadUrlAnswer = self.incidents(&path, body).await?;
                Ok(usize::from(!answer.attachment_presigned_url.is_empty()))
            }
            Operation::AddAttachments => {
                let body = if self.one_pass {
                    attachments_in_one_pass(&self.file)
                } else {
                    attachments_by_serde(&self.file)?
                };
                let answer: AddAttachmentsAnswer =
                    self.support("AddAttachmentsToSet", body).await?;
                Ok(usize::from(answer.attachment_set_id.is_some()))
            }
            _ => Err("this contestant calls Support and Security Incident Response only".into()),
        }
    }

    async fn first_call() -> Result<usize, Failure> {
        Self::new(Bytes::new())?.call(Operation::UploadUrl).await
    }
}

impl Program {
    fn new(file: Bytes) -> Result<Self, Failure> {
        // Without a TLS provider of its own, reqwest uses that of the process.
        #[cfg(feature = "lean")]
        let _ = rustls::crypto::ring::default_provider().install_default();
        let endpoint = std::env::var("AWS_ENDPOINT_URL")?;
        Ok(Self {
            http: Client::builder().build()?,
            support: Signer::new("support", &endpoint)?,
            incidents: Signer::new("security-ir", &endpoint)?,
            endpoint,
            file,
            one_pass: std::env::var_os("BENCH_ONE_PASS").is_some(),
        })
    }

    async fn support<T: DeserializeOwned>(
        &self,
        operation: &str,
        body: Vec<u8>,
    ) -> Result<T, Failure> {
        let target = format!("AWSSupport_20130415.{operation}");
        let headers = [
            ("content-type", JSON_1_1),
            ("x-amz-target", target.as_str()),
        ];
        self.send(&self.support, "/", &headers, body).await
    }

    async fn incidents<T: DeserializeOwned>(
        &self,
        path: &str,
        body: Vec<u8>,
    ) -> Result<T, Failure> {
        let headers = [("content-type", JSON)];
        self.send(&self.incidents, path, &headers, body).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        signer: &Signer,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<T, Failure> {
        let signature = signer.sign(path, headers, &body);
        let mut request = self.http.post(format!("{}{path}", self.endpoint));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .header("x-amz-date", signature.date)
            .header("authorization", signature.authorization)
            .body(body);
        let response = request.send().await?.error_for_status()?;
        Ok(serde_json::from_slice(&response.bytes().await?)?)
    }
}

fn attachments_by_serde(file: &[u8]) -> Result<Vec<u8>, Failure> {
    let attachments = (0..ATTACHMENTS).map(|_| Attachment {
        data: BASE64_STANDARD.encode(file),
        file_name: CHANGE.unwrap_or(FILE_NAME),
    });
    Ok(serde_json::to_vec(&AddAttachments {
        attachments: attachments.collect(),
    })?)
}

fn attachments_in_one_pass(file: &[u8]) -> Vec<u8> {
    let length = STANDARD.encoded_length(file.len());
    let mut body = Vec::with_capacity(ATTACHMENTS * (length + 64) + 64);
    body.extend_from_slice(br#"{"attachments":["#);
    for number in 0..ATTACHMENTS {
        if number > 0 {
            body.push(b',');
        }
        body.extend_from_slice(br#"{"data":""#);
        let start = body.len();
        body.resize(start + length, 0);
        let _ = STANDARD.encode(file, body[start..].as_out());
        body.extend_from_slice(br#"","fileName":""#);
        body.extend_from_slice(FILE_NAME.as_bytes());
        body.extend_from_slice(br#""}"#);
    }
    body.extend_from_slice(b"]}");
    body
}
