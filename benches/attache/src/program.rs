//! The program with attache, with its default features and default settings.

use std::any::Any;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use attache_security_ir::Client as Incidents;
use attache_support::operation::AddAttachmentsToSetRequest;
use attache_support::runtime::{ByteStream, Streamed};
use attache_support::types::Attachment;
use attache_support::{Client as Support, Config};
use bench_measure::{
    ATTACHMENT_LENGTH, ATTACHMENTS, CASE_ID, FILE_NAME, Failure, Operation, Told, UPLOAD_LENGTH,
};
use bytes::Bytes;

/// Clients of both services.
#[derive(Clone)]
pub(crate) struct Program {
    support: Support,
    incidents: Incidents,
    file: Bytes,
    /// Where the attachments are, if they are read from the disk.
    path: Option<Arc<Temporary>>,
}

/// `cargo xtask bench build` changes this constant to measure an incremental build.
const CHANGE: Option<&str> = option_env!("BENCH_CHANGE");

impl bench_measure::Program for Program {
    async fn connect() -> Result<Self, Failure> {
        let settings = Config::from_env().await?;
        let file = vec![0x5A; ATTACHMENT_LENGTH];
        let path = match std::env::var_os("BENCH_FILES") {
            Some(_) => Some(Arc::new(Temporary::new(&file)?)),
            None => None,
        };
        Ok(Self {
            support: Support::new(&settings),
            incidents: Incidents::new(&settings),
            file: file.into(),
            path,
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
                if let Some(path) = &self.path {
                    let set = self.support.send(from_disk(&path.0)?).await?;
                    return Ok(usize::from(set.attachment_set_id.is_some()));
                }
                let attachments = (0..ATTACHMENTS).map(|_| {
                    Attachment::new()
                        .file_name(CHANGE.unwrap_or(FILE_NAME))
                        .data(self.file.clone())
                });
                let request = self.support.add_attachments_to_set();
                let set = request.attachments(attachments).send().await?;
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

/// A file with an attachment, which is removed at the end.
struct Temporary(PathBuf);

impl Temporary {
    fn new(content: &[u8]) -> Result<Self, Failure> {
        let name = format!("attache-bench-{}", std::process::id());
        let file = Self(std::env::temp_dir().join(name));
        std::fs::write(&file.0, content)?;
        Ok(file)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What is left behind is in the folder for such files.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A set whose attachments are read while it is sent.
fn from_disk(path: &Path) -> Result<Streamed<AddAttachmentsToSetRequest>, Failure> {
    let mut request = Streamed::new(AddAttachmentsToSetRequest::default());
    for _ in 0..ATTACHMENTS {
        request = request.blob(ByteStream::from_path(path)?, |request, data| {
            let attachment = Attachment::new().file_name(FILE_NAME).data(data);
            request.attachments.get_or_insert_default().push(attachment);
        });
    }
    Ok(request)
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
