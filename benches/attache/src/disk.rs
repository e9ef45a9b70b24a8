//! Attachments that are read from the disk while they are sent.

use std::path::PathBuf;
use std::sync::Arc;

use attache_support::Client;
use attache_support::operation::{AddAttachmentsToSetRequest, AddAttachmentsToSetResponse};
use attache_support::runtime::{ByteStream, Streamed};
use attache_support::types::Attachment;
use bench_measure::{ATTACHMENTS, Failure};

/// The file that each attachment is read from. It is removed when the last clone is dropped.
#[derive(Clone)]
pub(crate) struct Attachments(Arc<Temporary>);

struct Temporary(PathBuf);

impl Attachments {
    pub(crate) fn new(content: Vec<u8>) -> Result<Self, Failure> {
        let name = format!("attache-bench-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, content)?;
        Ok(Self(Arc::new(Temporary(path))))
    }

    /// Adds them to a set, each with this name.
    pub(crate) async fn add(
        &self,
        client: &Client,
        name: &'static str,
    ) -> Result<AddAttachmentsToSetResponse, Failure> {
        let mut request = Streamed::new(AddAttachmentsToSetRequest::default());
        for _ in 0..ATTACHMENTS {
            request = request.blob(ByteStream::from_path(&self.0.0)?, |request, data| {
                let attachment = Attachment::new().file_name(name).data(data);
                request.attachments.get_or_insert_default().push(attachment);
            });
        }
        Ok(client.send(request).await?)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // What is left behind is in the folder for such files.
        let _ = std::fs::remove_file(&self.0);
    }
}
