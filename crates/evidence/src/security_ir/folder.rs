//! Whole folders into incidents.

use std::path::Path;

use attache_transfer::Error;
use attache_transfer::plumbing::fingerprint::Fingerprint;
use attache_transfer::plumbing::source::{OpenSource, Source};

use super::{Attachments, SavedUpload};
use crate::folder::{self, Interrupted, ListedFile, Service};
use crate::manifest::SentFile;
use crate::uploads::{Failure, Item, Ledger, Uploads};

/// The attachments of one case.
struct Case<'a> {
    attachments: &'a Attachments,
    id: String,
}

impl Attachments {
    /// Uploads all files of a folder and of the folders in it to a case, waits until they are scanned, and keeps the
    /// state of the upload in a file, so that [`resume_folder`](Self::resume_folder) can continue after a crash.
    /// [`crate::folder`] says which files are sent, which names they get, and what the state is.
    ///
    /// # Errors
    /// What is refused before the first byte: a file that cannot be read or is too large, a name that is not UTF-8 or is
    /// longer than 255 characters, two paths with one name, more files than the case can have, and a state file that
    /// cannot be used. Other failures are in the [`Outcome`](crate::Outcome) of the file.
    ///
    /// ```no_run
    /// # async fn example(client: attache_security_ir::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use attache_evidence::security_ir::Attachments;
    ///
    /// let attachments = Attachments::new(&client);
    /// let uploads = match std::fs::exists("upload.json")? {
    ///     true => attachments.resume_folder("upload.json").await?,
    ///     false => {
    ///         let case_id = "1234567890";
    ///         attachments.upload_folder(case_id, "/var/evidence", "upload.json").await?
    ///     }
    /// };
    /// let manifest = serde_json::to_string_pretty(&uploads.into_manifest()?)?;
    /// std::fs::write("manifest.json", manifest)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn upload_folder(
        &self,
        case_id: impl Into<String>,
        folder: impl AsRef<Path>,
        state_file: impl AsRef<Path>,
    ) -> Result<Uploads<SavedUpload>, Error> {
        let case = Case {
            attachments: self,
            id: case_id.into(),
        };
        folder::begin(&case, folder.as_ref(), state_file.as_ref()).await
    }

    /// Uploads the files of a list to a case, and keeps the state of the upload in a file, so that
    /// [`resume_folder`](Self::resume_folder) can continue after a crash.
    ///
    /// # Errors
    /// As [`upload_folder`](Self::upload_folder).
    pub async fn upload_listed(
        &self,
        case_id: impl Into<String>,
        files: &[ListedFile],
        state_file: impl AsRef<Path>,
    ) -> Result<Uploads<SavedUpload>, Error> {
        let case = Case {
            attachments: self,
            id: case_id.into(),
        };
        folder::begin_listed(&case, files, state_file.as_ref()).await
    }

    /// Continues the upload of a folder, also in another process. A file that arrived is not sent again, even if it
    /// arrived and this was not noted: new attachments of its name are downloaded and compared first.
    ///
    /// A file that changed since the upload began is refused with [`ErrorKind::Changed`](crate::ErrorKind::Changed) in its
    /// [`Outcome`](crate::Outcome); a file that was verified is not read again. New files are not sent, but listed in
    /// [`Uploads::new_files`].
    ///
    /// # Errors
    /// A state that is not the one that was saved, is that of another service, or is used by another process, as
    /// [`ErrorKind::State`](crate::ErrorKind::State).
    pub async fn resume_folder(
        &self,
        state_file: impl AsRef<Path>,
    ) -> Result<Uploads<SavedUpload>, Error> {
        let interrupted = Interrupted::load(Case::NAME, state_file.as_ref()).await?;
        let case = Case {
            attachments: self,
            id: interrupted.case_id()?,
        };
        folder::resume(&case, interrupted).await
    }
}

impl Service for Case<'_> {
    const NAME: &'static str = "security-ir";

    type Saved = SavedUpload;

    /// The attachments that the case had before.
    type Ready = Vec<String>;

    fn case_id(&self) -> Option<&str> {
        Some(&self.id)
    }

    async fn open(&self, source: Source) -> Result<OpenSource, Error> {
        self.attachments.open(source).await
    }

    fn is_of(&self, saved: &SavedUpload, name: &str, fingerprint: &Fingerprint) -> bool {
        saved.case_id == self.id && saved.file_name == name && saved.fingerprint == *fingerprint
    }

    fn is_lost(&self, _sent: &SentFile) -> bool {
        false
    }

    async fn prepare(&self, new: usize) -> Result<Vec<String>, Error> {
        self.attachments.settings.headers()?;
        match new {
            0 => Ok(Vec::new()),
            new => self.attachments.before(&self.id, new).await,
        }
    }

    async fn send_all(
        &self,
        before: Vec<String>,
        items: Vec<Item<SavedUpload>>,
        ledger: &Ledger<SavedUpload>,
    ) -> Vec<Result<SentFile, Failure<SavedUpload>>> {
        let Self { attachments, id } = self;
        attachments.send_all(id, &before, items, ledger).await
    }
}
