//! The program with the official SDK. It reads its settings from the environment, as the guide of the SDK shows.

use std::any::Any;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_config::retry::RetryConfig;
use aws_sdk_support::primitives::Blob;
use aws_sdk_support::types::Attachment;
use bench_measure::{
    ATTACHMENT_LENGTH, ATTACHMENTS, CASE_ID, FILE_NAME, Failure, Operation, Told, UPLOAD_LENGTH,
};

/// Clients of both services.
#[derive(Clone)]
pub(crate) struct Program {
    support: aws_sdk_support::Client,
    incidents: aws_sdk_securityir::Client,
    /// The client that opens cases. It has the default number of retries, without long pauses between them.
    hasty: aws_sdk_support::Client,
    file: Blob,
}

/// `cargo xtask bench build` changes this constant to measure an incremental build.
const CHANGE: Option<&str> = option_env!("BENCH_CHANGE");

impl bench_measure::Program for Program {
    async fn connect() -> Result<Self, Failure> {
        let settings = aws_config::load_defaults(BehaviorVersion::latest()).await;
        let retries = RetryConfig::standard()
            .with_initial_backoff(Duration::from_millis(1))
            .with_max_backoff(Duration::from_millis(1));
        let hasty = aws_sdk_support::config::Builder::from(&settings).retry_config(retries);
        Ok(Self {
            support: aws_sdk_support::Client::new(&settings),
            incidents: aws_sdk_securityir::Client::new(&settings),
            hasty: aws_sdk_support::Client::from_conf(hasty.build()),
            file: Blob::new(vec![0x5A; ATTACHMENT_LENGTH]),
        })
    }

    async fn call(&self, operation: Operation) -> Result<usize, Failure> {
        match operation {
            Operation::DescribeCases => {
                let request = self.support.describe_cases().include_resolved_cases(true);
                let page = request.max_results(100).send().await?;
                Ok(page.cases().len())
            }
            Operation::ListCases => {
                let page = self.incidents.list_cases().max_results(25).send().await?;
                Ok(page.items().len())
            }
            Operation::UploadUrl => upload_url(&self.incidents).await,
            Operation::AddAttachments => {
                let mut request = self.support.add_attachments_to_set();
                for _ in 0..ATTACHMENTS {
                    // A blob owns its bytes. The caller keeps the file, so it passes a copy.
                    let attachment = Attachment::builder()
                        .file_name(CHANGE.unwrap_or(FILE_NAME))
                        .data(self.file.clone());
                    request = request.attachments(attachment.build());
                }
                let set = request.send().await?;
                Ok(usize::from(set.attachment_set_id().is_some()))
            }
            _ => Err("this contestant calls Support and Security Incident Response only".into()),
        }
    }

    fn clones(&self, count: usize) -> Option<Box<dyn Any + Send>> {
        Some(Box::new(vec![self.incidents.clone(); count]))
    }

    async fn first_call() -> Result<usize, Failure> {
        let settings = aws_config::load_defaults(BehaviorVersion::latest()).await;
        upload_url(&aws_sdk_securityir::Client::new(&settings)).await
    }

    async fn open_case(&self, subject: String) -> Result<Told, Failure> {
        let request = self.hasty.create_case().subject(subject);
        match request.communication_body("it broke").send().await {
            Ok(_) => Ok(Told::Opened),
            Err(_) => Ok(Told::Failed),
        }
    }
}

async fn upload_url(incidents: &aws_sdk_securityir::Client) -> Result<usize, Failure> {
    let request = incidents.get_case_attachment_upload_url();
    let upload = request
        .case_id(CASE_ID)
        .file_name(FILE_NAME)
        .content_length(UPLOAD_LENGTH)
        .send()
        .await?;
    Ok(usize::from(!upload.attachment_presigned_url().is_empty()))
}
