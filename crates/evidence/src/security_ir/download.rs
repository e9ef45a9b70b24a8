//! Downloads of attachments that can be continued.

use std::fmt;

use attache_security_ir::Client;
use attache_transfer::Error;
use attache_transfer::plumbing::incoming::Link;
use attache_transfer::plumbing::partial::PartialFile;
use attache_transfer::plumbing::target::Downloaded;

use super::download_url;
use crate::binding;
use crate::download::{self, Fetching};

/// The state of a download: everything that is needed to continue it, and no URL.
///
/// It is bound to its case, its attachment and its target; a changed state is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SavedDownload {
    /// The case.
    pub case_id: String,
    /// The attachment.
    pub attachment_id: String,
    /// What has arrived, and where it is.
    pub file: PartialFile,
    /// A hash of the other fields.
    binding: String,
}

impl SavedDownload {
    /// Validates that this is the state that was saved.
    pub(super) fn validate(&self) -> Result<(), Error> {
        binding::validate(&self.bound_to(), &self.binding)
    }

    fn bound_to(&self) -> String {
        let fields = self.file.fields();
        let mut all = vec![self.case_id.as_str(), &self.attachment_id];
        all.extend(fields.iter().map(String::as_str));
        binding::binding("security-ir download", &self.file.arrived, &all)
    }
}

/// The attachment that is downloaded.
pub(super) struct Attachment {
    pub(super) client: Client,
    pub(super) case_id: String,
    pub(super) id: String,
}

impl Link for Attachment {
    async fn renewed(&self) -> Result<String, Error> {
        download_url(&self.client, &self.case_id, &self.id).await
    }
}

impl download::Attachment for Attachment {
    type Saved = SavedDownload;

    fn saved(&self, file: PartialFile) -> SavedDownload {
        let mut saved = SavedDownload {
            case_id: self.case_id.clone(),
            attachment_id: self.id.clone(),
            file,
            binding: String::new(),
        };
        saved.binding = saved.bound_to();
        saved
    }
}

/// A download that has begun. [`run`](Self::run) can be called again after an error, or after its future was dropped.
///
/// The bytes go to a temporary file beside the target. It stays there until the download is complete or
/// [discarded](Self::discard), so that another process can continue.
pub struct Download(pub(super) Fetching<Attachment>);

impl Download {
    /// Calls a function with the state whenever 8 MiB more are on disk, and when an attempt fails, so that the state can
    /// be saved before a crash.
    #[must_use]
    pub fn on_saved(mut self, keep: impl Fn(&SavedDownload) + Send + Sync + 'static) -> Self {
        self.0.on_saved(keep);
        self
    }

    /// The state of the download, as it was reported last.
    pub fn saved(&self) -> SavedDownload {
        self.0.saved()
    }

    /// Fetches what is missing, and gives the file its name.
    ///
    /// # Errors
    /// [`ErrorKind`](crate::ErrorKind) says which: where it is `Changed`, the storage has another content now, and the
    /// download must begin again. After all other errors it can be continued.
    pub async fn run(&mut self) -> Result<Downloaded, Error> {
        self.0.run().await
    }

    /// Gives the download up, and removes its temporary file.
    ///
    /// # Errors
    /// A file that cannot be removed.
    pub fn discard(self) -> Result<(), Error> {
        self.0.discard()
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Download")
            .field("saved", &self.saved())
            .finish_non_exhaustive()
    }
}
