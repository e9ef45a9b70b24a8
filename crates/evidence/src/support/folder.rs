//! Whole folders to AWS Support.

use std::path::Path;

use attache_transfer::Error;
use attache_transfer::plumbing::fingerprint::Fingerprint;
use attache_transfer::plumbing::source::{OpenSource, Source};

use super::{Attachments, SavedUpload};
use crate::folder::{self, Interrupted, ListedFile, Service};
use crate::manifest::{Destination, SentFile, SentPart};
use crate::uploads::{Failure, Item, Ledger, Uploads};

/// A set that expires within this time is filled again, in seconds: its id must still reach the user and the service.
const MARGIN: i64 = 300;
/// How long a set lasts for which the service named no time, in seconds (`AddAttachmentsToSet`: one hour).
const LIFETIME: i64 = 3600;

impl Attachments {
    /// Uploads all files of a folder and of the folders in it, and keeps the state of the upload in a file, so that
    /// [`resume_folder`](Self::resume_folder) can continue after a crash. [`crate::folder`] says which files are sent,
    /// which names they get, and what the state is.
    ///
    /// # Errors
    /// What is refused before the first byte: a file that cannot be read or is too large, a name that is not UTF-8 or is
    /// longer than 255 characters, two paths with one name, and a state file that cannot be used. Other failures are in
    /// the [`Outcome`](crate::Outcome) of the file.
    ///
    /// ```no_run
    /// # async fn example(client: attache_support::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use attache_evidence::support::Attachments;
    ///
    /// let attachments = Attachments::new(&client);
    /// let uploads = match std::fs::exists("upload.json")? {
    ///     true => attachments.resume_folder("upload.json").await?,
    ///     false => attachments.upload_folder("/var/evidence", "upload.json").await?,
    /// };
    /// for (name, failure) in uploads.failures() {
    ///     eprintln!("{name}: {:#}", failure.error);
    /// }
    /// for evidence in uploads.evidence() {
    ///     let call = client.add_communication_to_case();
    ///     let call = call.case_id("case-1").communication_body("Files are attached.");
    ///     evidence.on_communication(call).send().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn upload_folder(
        &self,
        folder: impl AsRef<Path>,
        state_file: impl AsRef<Path>,
    ) -> Result<Uploads<SavedUpload>, Error> {
        folder::begin(self, folder.as_ref(), state_file.as_ref()).await
    }

    /// Uploads the files of a list, and keeps the state of the upload in a file, so that
    /// [`resume_folder`](Self::resume_folder) can continue after a crash.
    ///
    /// # Errors
    /// As [`upload_folder`](Self::upload_folder).
    pub async fn upload_listed(
        &self,
        files: &[ListedFile],
        state_file: impl AsRef<Path>,
    ) -> Result<Uploads<SavedUpload>, Error> {
        folder::begin_listed(self, files, state_file.as_ref()).await
    }

    /// Continues the upload of a folder, also in another process. A file that arrived is not sent again, nor is a part
    /// that arrived. A set that expires within five minutes is filled again.
    ///
    /// A file that changed since the upload began is refused with [`ErrorKind::Changed`](crate::ErrorKind::Changed) in its
    /// [`Outcome`](crate::Outcome); a file that arrived is not read again. New files are not sent, but listed in
    /// [`Uploads::new_files`].
    ///
    /// # Errors
    /// A state that is not the one that was saved, is that of another service, or is used by another process, as
    /// [`ErrorKind::State`](crate::ErrorKind::State).
    pub async fn resume_folder(
        &self,
        state_file: impl AsRef<Path>,
    ) -> Result<Uploads<SavedUpload>, Error> {
        let interrupted = Interrupted::load(Self::NAME, state_file.as_ref()).await?;
        folder::resume(self, interrupted).await
    }
}

impl Service for Attachments {
    const NAME: &'static str = "support";

    type Saved = SavedUpload;

    type Ready = ();

    fn case_id(&self) -> Option<&str> {
        None
    }

    async fn open(&self, source: Source) -> Result<OpenSource, Error> {
        Attachments::open(self, source).await
    }

    fn is_of(&self, saved: &SavedUpload, name: &str, fingerprint: &Fingerprint) -> bool {
        saved.file_name == name && saved.fingerprint == *fingerprint
    }

    fn is_lost(&self, sent: &SentFile) -> bool {
        let Destination::SupportSet { expires, .. } = sent.destination else {
            return false;
        };
        let hour = |part: &SentPart| part.sent.epoch_seconds().saturating_add(LIFETIME);
        let expires = expires.map(|time| time.epoch_seconds());
        let expires = expires.or_else(|| sent.parts.first().map(hour));
        let now = self.client.config().time_source().now().epoch_seconds();
        expires.is_none_or(|expires| expires <= now.saturating_add(MARGIN))
    }

    async fn prepare(&self, _new: usize) -> Result<(), Error> {
        self.settings.headers().map(|_| ())
    }

    async fn send_all(
        &self,
        (): (),
        items: Vec<Item<SavedUpload>>,
        ledger: &Ledger<SavedUpload>,
    ) -> Vec<Result<SentFile, Failure<SavedUpload>>> {
        Attachments::send_all(self, items, ledger).await
    }
}
