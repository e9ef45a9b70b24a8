//! The program with attache, with its default features and default settings.

use std::any::Any;

use attache_security_ir::Client as Incidents;
use attache_support::{Client as Support, Config};
use bench_measure::{
    ATTACHMENT_LENGTH, CASE_ID, FILE_NAME, Failure, Operation, Told, UPLOAD_LENGTH,
};

use crate::attachments::Attachments;

/// Clients of both services.
#[derive(Clone)]
pub(crate) struct Program {
    support: Support,
    incidents: Incidents,
    attachments: Attachments,
}

/// `cargo xtask bench build` changes this constant to measure an incremental build.
const CHANGE: Option<&str> = option_env!("BENCH_CHANGE");

impl bench_measure::Program for Program {
    async fn connect() -> Result<Self, Failure> {
        let settings = Config::from_env().await?;
        Ok(Self {
            support: Support::new(&settings),
            incidents: Incidents::new(&settings),
            attachments: Attachments::new(vec![0x5A; ATTACHMENT_LENGTH])?,
        })
    }

    async fn call(&self, operation: Operation) -> Result<usize, Failure> {
        match operation {
            Operation::DescribeCases => {
                let request = self.support.describe_cases().include_resolved_cases(true);
                let page = request.max_results(100).send().await?;
                Ok(page.cases.unwrap_or_default().len())
            }
            Operation::ListCases => {
                let page = self.incidents.list_cases().max_results(25).send().await?;
                Ok(page.items.unwrap_or_default().len())
            }
            Operation::UploadUrl => upload_url(&self.incidents).await,
            Operation::AddAttachments => {
                let name = CHANGE.unwrap_or(FILE_NAME);
                let set = self.attachments.add(&self.support, name).await?;
                Ok(usize::from(set.attachment_set_id.is_some()))
            }
            _ => Err("this contestant calls Support and Security Incident Response only".into()),
        }
    }

    fn clones(&self, count: usize) -> Option<Box<dyn Any + Send>> {
        Some(Box::new(vec![self.incidents.clone(); count]))
    }

    async fn first_call() -> Result<usize, Failure> {
        let settings = Config::from_env().await?;
        upload_url(&Incidents::new(&settings)).await
    }

    async fn open_case(&self, subject: String) -> Result<Told, Failure> {
        let request = self.support.create_case().subject(subject);
        match request.communication_body("it broke").send().await {
            Ok(_) => Ok(Told::Opened),
            Err(error) if error.may_have_taken_effect() => Ok(Told::Doubtful),
            Err(_) => Ok(Told::NotOpened),
        }
    }
}

async fn upload_url(incidents: &Incidents) -> Result<usize, Failure> {
    let request = incidents.get_case_attachment_upload_url();
    let upload = request
        .case_id(CASE_ID)
        .file_name(FILE_NAME)
        .content_length(UPLOAD_LENGTH)
        .send()
        .await?;
    Ok(usize::from(!upload.attachment_presigned_url.is_empty()))
}
