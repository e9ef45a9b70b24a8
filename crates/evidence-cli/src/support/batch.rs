//! Files in the batches that one call of Support takes, and their upload.

use attache_evidence::folder::{ListedFile, Listing};
use attache_evidence::support::{Attachments, Evidence, SET_FILE_LIMIT, SET_LENGTH, UPLOADS_LIMIT};
use attache_support::Client;

use crate::bars;
use crate::failure::Result;
use crate::job::Job;

/// Files that one call refers to: an attachment set of small files, and uploads of large ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Batch {
    /// Its number, from 0 on.
    pub(super) number: usize,
    files: Vec<ListedFile>,
}

impl Batch {
    /// The batches of all files; one without files if there are none.
    pub(super) fn all(listing: &Listing) -> Vec<Self> {
        let (small, large): (Vec<ListedFile>, Vec<ListedFile>) = listing
            .files
            .iter()
            .cloned()
            .partition(|file| file.length <= SET_FILE_LIMIT);
        let small: Vec<&[ListedFile]> = small.chunks(SET_LENGTH).collect();
        let large: Vec<&[ListedFile]> = large.chunks(UPLOADS_LIMIT).collect();
        let count = small.len().max(large.len()).max(1);
        let batches = (0..count).map(|number| {
            let parts = [small.get(number), large.get(number)];
            let files = parts.into_iter().flatten();
            Self {
                number,
                files: files.flat_map(|part| part.iter().cloned()).collect(),
            }
        });
        batches.collect()
    }

    /// The names of its files in the case.
    pub(super) fn names(&self) -> Vec<String> {
        self.files.iter().map(|file| file.name.clone()).collect()
    }

    /// Uploads what has not arrived, and records what was sent.
    pub(super) async fn upload(&self, client: &Client, job: &mut Job) -> Result<Option<Evidence>> {
        if self.files.is_empty() {
            return Ok(None);
        }
        let attachments = Attachments::new(client).settings(bars::settings());
        let state = job.uploads(self.number);
        let uploads = match state.exists() {
            true => attachments.resume_folder(&state).await?,
            false => attachments.upload_listed(&self.files, &state).await?,
        };
        let evidence = uploads.evidence().into_iter().next();
        let manifest = uploads.into_manifest()?;
        job.state.batches.insert(self.number, manifest);
        job.write()?;
        Ok(evidence)
    }
}
