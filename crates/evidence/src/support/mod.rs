//! Attachments of AWS Support cases.
//!
//! A file of up to 5 MiB is added to an attachment set, which holds three files. A larger file, up to 150 MiB, is
//! uploaded in parts to presigned URLs (`GetAttachmentUploadLinks`, `CompleteAttachmentUpload`).
//! [`Attachments::upload`] chooses between the two. It returns an [`Evidence`] for one call of CreateCase or
//! AddCommunicationToCase. [`Attachments::upload_all`] does the same with several files side by side.
//!
//! An attachment set is filled by one call. Adding to a set after a lost response could put a file into it twice. An
//! unused set expires after an hour, so the call is repeated with a new set.
//!
//! A part is sent with `PUT`, which replaces what an earlier attempt left, so the request is repeated until one
//! succeeds. A part is hashed while it is sent, and its end is sent only if the hash is that of the file with which the
//! upload began.
//!
//! Downloads use the URLs of `GetAttachmentDownloadLink`, which can be fetched by range. `DescribeAttachment` is not used:
//! it returns the content as base64 in its response, so there is nothing to continue, and the whole file is in memory.

mod download;
mod evidence;
#[cfg(feature = "folder")]
mod folder;
mod links;
mod saved;
mod set;
mod several;
mod upload;

use std::path::Path;
use std::sync::Arc;

use attache_support::Client;
use attache_support::operation::{AddCommunicationToCase, CreateCase};
use attache_transfer::plumbing::bound::Bound;
use attache_transfer::plumbing::events::Watch;
use attache_transfer::plumbing::incoming::Incoming;
use attache_transfer::plumbing::progress::{Label, Meter, Stage};
use attache_transfer::plumbing::requests::Transfer;
use attache_transfer::plumbing::settings::Settings;
use attache_transfer::plumbing::source::{OpenSource, Source};
use attache_transfer::plumbing::target::{Downloaded, Target};
use attache_transfer::{Error, ErrorKind};

use crate::download::Fetching;

pub use self::download::{Download, SavedDownload};
pub use self::evidence::Evidence;
pub use self::saved::{CompletedPart, SavedUpload};
pub use self::upload::Upload;

/// The size of the largest file of an attachment set, in bytes (`Attachment$data`: 5 MB).
pub const SET_FILE_LIMIT: u64 = 5 * 1024 * 1024;
/// How many files an attachment set holds (`AddAttachmentsToSetRequest$attachments`).
pub const SET_LENGTH: usize = 3;
/// The size of the largest file that Support accepts, in bytes (`FileSize`).
pub const FILE_LIMIT: u64 = 157_286_400;
/// How many uploads one call of CreateCase or AddCommunicationToCase accepts (`UploadIds`).
pub const UPLOADS_LIMIT: usize = 10;

/// How often an expired link is requested again, for one transfer.
const RENEWALS: u32 = 3;

/// A file to be sent, and its progress.
type Measured = (OpenSource, Arc<Meter>);

/// Uploads files to support cases, and downloads them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Attachments {
    client: Client,
    settings: Settings,
    bound: Bound,
}

impl Attachments {
    /// With the default settings.
    pub fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            settings: Settings::default(),
            bound: Bound::of(&Settings::default()),
        }
    }

    /// With other settings.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.bound = Bound::of(&settings);
        self.settings = settings;
        self
    }

    /// Uploads one file, and waits until a case can refer to it.
    ///
    /// # Errors
    /// [`ErrorKind`] says which; where it is `Source`, nothing was sent.
    pub async fn upload(&self, source: impl Into<Source>) -> Result<Evidence, Error> {
        let source = self.open(source.into()).await?;
        let file = self.measured(source);
        let sent = if file.0.length() <= SET_FILE_LIMIT {
            self.fill_set(&[file]).await?
        } else {
            let mut upload = self.begun(file).await?;
            upload.run().await?;
            vec![upload.sent_file().await]
        };
        Ok(Evidence::of_files(sent).pop().unwrap_or_default())
    }

    /// Begins the upload of a file with links, whatever its size is, so that its state can be saved and continued.
    ///
    /// # Errors
    /// As [`upload`](Self::upload).
    pub async fn begin(&self, source: impl Into<Source>) -> Result<Upload, Error> {
        let source = self.open(source.into()).await?;
        self.begun(self.measured(source)).await
    }

    /// Continues an interrupted upload, also in another process. Complete parts are not sent again.
    ///
    /// # Errors
    /// [`ErrorKind::Changed`] if the content is not the one with which the upload began, and
    /// [`ErrorKind::State`] if the state is not the one that was saved.
    pub async fn resume(
        &self,
        source: impl Into<Source>,
        saved: SavedUpload,
    ) -> Result<Upload, Error> {
        saved.validate()?;
        let source = source.into().named(saved.file_name.as_str());
        let source = self.open(source).await?;
        let (source, meter) = self.measured(source);
        let resumed = Upload::resumed(self, (source, Arc::clone(&meter)), saved).await;
        meter.or_failed(resumed)
    }

    async fn open(&self, source: Source) -> Result<OpenSource, Error> {
        let now = self.client.config().time_source().now();
        source.open(1..=FILE_LIMIT, now).await
    }

    async fn begun(&self, (source, meter): Measured) -> Result<Upload, Error> {
        let begun = Upload::begun(self, (source, Arc::clone(&meter))).await;
        meter.or_failed(begun)
    }

    /// The progress of a file; reports that it is waiting.
    fn meter(&self, length: u64, label: Label) -> Arc<Meter> {
        let meter = Meter::new(
            label,
            Watch::upload(self.client.config()),
            self.settings.listener.clone(),
        );
        meter.expect(length, 1);
        meter.tell(Stage::Waiting);
        meter
    }

    /// The one file of a call, with its progress.
    fn measured(&self, source: OpenSource) -> Measured {
        let meter = self.meter(source.length(), Label::only(&source.name));
        (source, meter)
    }

    /// Downloads an attachment to a path, or into a directory under its own name. An existing file is an error, and
    /// stays as it is.
    ///
    /// If the connection breaks, the download continues with the bytes that are missing.
    ///
    /// # Errors
    /// [`ErrorKind`] says which.
    pub async fn download(
        &self,
        attachment_id: impl Into<String>,
        path: impl AsRef<Path>,
    ) -> Result<Downloaded, Error> {
        let attachment_id = attachment_id.into();
        let mut fetching = self.fetching(attachment_id, path.as_ref(), false).await?;
        fetching.run().await
    }

    /// Begins a download whose state can be saved and continued. Its temporary file stays beside the target until the
    /// download is complete.
    ///
    /// # Errors
    /// As [`download`](Self::download).
    pub async fn begin_download(
        &self,
        attachment_id: impl Into<String>,
        path: impl AsRef<Path>,
    ) -> Result<Download, Error> {
        // Another process may have another current directory.
        let path = std::path::absolute(path).map_err(|error| {
            Error::new(ErrorKind::Target, "the path of the target is invalid").because(error)
        })?;
        let fetching = self.fetching(attachment_id.into(), &path, true).await?;
        Ok(Download(fetching))
    }

    /// Continues an interrupted download, also in another process. What has arrived is not fetched again.
    ///
    /// # Errors
    /// [`ErrorKind::State`] if the state is not the one that was saved, [`ErrorKind::Changed`] if the temporary file is
    /// not the one that was written, and [`ErrorKind::Target`] if it does not exist.
    pub async fn resume_download(&self, saved: SavedDownload) -> Result<Download, Error> {
        saved.validate()?;
        let transfer = Transfer::new(self.client.config(), self.settings.clone())?;
        let target = Target::new(&saved.file.path, "", FILE_LIMIT)?;
        let incoming = Incoming::resumed(target, saved.file).await?;
        let attachment = self.attachment(saved.attachment_id);
        let fetching = Fetching::new(attachment, transfer, (None, incoming), true);
        Ok(Download(fetching))
    }

    async fn fetching(
        &self,
        attachment_id: String,
        path: &Path,
        keep: bool,
    ) -> Result<Fetching<download::Attachment>, Error> {
        let transfer = Transfer::new(self.client.config(), self.settings.clone())?;
        let attachment = self.attachment(attachment_id);
        let link = attachment.link().await?;
        let target = Target::new(path, &link.file_name, FILE_LIMIT)?;
        let incoming = Incoming::new(target, keep)?;
        let url = Some(link.download_url.url);
        Ok(Fetching::new(attachment, transfer, (url, incoming), keep))
    }

    fn attachment(&self, id: String) -> download::Attachment {
        download::Attachment {
            client: self.client.clone(),
            id,
        }
    }
}

impl Evidence {
    /// Refers to it in a new case.
    pub fn on_case(&self, call: CreateCase) -> CreateCase {
        let call = match self.attachment_set_id() {
            Some(id) => call.attachment_set_id(id),
            None => call,
        };
        if self.upload_ids().is_empty() {
            call
        } else {
            call.upload_ids(self.upload_ids().iter().cloned())
        }
    }

    /// Refers to it in a communication.
    pub fn on_communication(&self, call: AddCommunicationToCase) -> AddCommunicationToCase {
        let call = match self.attachment_set_id() {
            Some(id) => call.attachment_set_id(id),
            None => call,
        };
        if self.upload_ids().is_empty() {
            call
        } else {
            call.upload_ids(self.upload_ids().iter().cloned())
        }
    }
}

/// What the parts of an upload share.
pub(crate) struct Job {
    pub(crate) client: Client,
    pub(crate) source: OpenSource,
    /// The SHA-256 of each part, from the first on.
    pub(crate) hashes: Vec<[u8; 32]>,
    pub(crate) transfer: Transfer,
    pub(crate) meter: Arc<Meter>,
    pub(crate) bound: Bound,
}
