//! A text that is added to a case, with a batch of files.

use attache_evidence::support::Evidence;
use attache_runtime::Timestamp;
use attache_support::Client;
use attache_support::types::Communication;

use super::batch::Batch;
use crate::act::{Act, Alike, CallFailure};
use crate::failure::{Failure, Kind, Result};
use crate::job::Job;

/// The names of the attachments of a text.
pub(super) fn names_of(text: &Communication) -> impl Iterator<Item = &str> {
    let sets = [&text.attachment_set, &text.attachments];
    let attachments = sets.into_iter().flatten().flatten();
    attachments.filter_map(|attachment| attachment.file_name.as_deref())
}

pub(super) struct AddText<'a> {
    client: &'a Client,
    case_id: String,
    body: String,
    cc: Vec<String>,
    batch: Batch,
    evidence: Option<Evidence>,
}

impl<'a> AddText<'a> {
    pub(super) fn new(
        client: &'a Client,
        case_id: &str,
        body: String,
        cc: Vec<String>,
        batch: Batch,
    ) -> Self {
        Self {
            client,
            case_id: case_id.to_owned(),
            body,
            cc,
            batch,
            evidence: None,
        }
    }
}

impl Act for AddText<'_> {
    fn name(&self) -> String {
        format!("AddCommunicationToCase {}", self.batch.number)
    }

    fn result(&self) -> &'static str {
        "text"
    }

    fn has_token(&self) -> bool {
        false
    }

    /// Texts have no id, so the time at which one was created stands for it.
    async fn alike(&self, from: Timestamp) -> Result<Vec<Alike>> {
        let call = self.client.describe_communications().case_id(&self.case_id);
        let mut texts = call.after_time(from.to_string()).items();
        let names = self.batch.names();
        let mut found = Vec::new();
        while let Some(text) = texts.next().await {
            let text = text?;
            let is_equal = names
                .iter()
                .all(|name| names_of(&text).any(|other| other == name));
            if text.body.as_deref() == Some(&self.body) {
                let created = text.time_created.unwrap_or_default();
                found.push(Alike {
                    id: created.clone(),
                    created,
                    summary: self.body.chars().take(60).collect(),
                    is_equal,
                });
            }
        }
        Ok(found)
    }

    async fn prepare(&mut self, job: &mut Job) -> Result<()> {
        self.evidence = self.batch.upload(self.client, job).await?;
        Ok(())
    }

    fn forget(&mut self, job: &mut Job) -> Result<()> {
        job.forget_uploads(self.batch.number)
    }

    async fn send(&mut self) -> std::result::Result<String, CallFailure> {
        let call = self.client.add_communication_to_case();
        let mut call = call.case_id(&self.case_id).communication_body(&self.body);
        if !self.cc.is_empty() {
            call = call.cc_email_addresses(self.cc.iter().cloned());
        }
        if let Some(evidence) = &self.evidence {
            call = evidence.on_communication(call);
        }
        let response = call.send().await?;
        match response.result {
            true => Ok("added".to_owned()),
            false => Err(CallFailure {
                failure: Failure::new(Kind::Service, "the service did not add the text"),
                may_have_acted: false,
            }),
        }
    }
}
