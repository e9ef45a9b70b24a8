//! Attachments in memory.

use attache_support::Client;
use attache_support::operation::AddAttachmentsToSetResponse;
use attache_support::types::Attachment;
use bench_measure::{ATTACHMENTS, Failure};
use bytes::Bytes;

/// The content of each attachment.
#[derive(Clone)]
pub(crate) struct Attachments(Bytes);

impl Attachments {
    pub(crate) fn new(content: Vec<u8>) -> Result<Self, Failure> {
        Ok(Self(content.into()))
    }

    /// Adds them to a set, each with this name.
    pub(crate) async fn add(
        &self,
        client: &Client,
        name: &'static str,
    ) -> Result<AddAttachmentsToSetResponse, Failure> {
        let attachment = || Attachment::new().file_name(name).data(self.0.clone());
        let request = client.add_attachments_to_set();
        let attachments = (0..ATTACHMENTS).map(|_| attachment());
        Ok(request.attachments(attachments).send().await?)
    }
}
