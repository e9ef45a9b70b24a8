//! Attachments of AWS Security Incident Response cases.
//!
//! The service returns a presigned URL for a name and a length, receives the bytes there, and scans them; until then
//! the attachment is pending. An upload is complete when the scan has verified it.
//!
//! The header `if-none-match: *` requests that the storage creates the file and replaces none, as the real service
//! requires. If the response to an attempt is lost, the next attempt may fail with `412 Precondition Failed`, because
//! the file of the first one exists. Then a new attachment of the name is downloaded and compared: the same content is
//! a success, another one is [`ErrorKind::Conflict`].
//!
//! The service does not say which attachment belongs to which URL. The attachment is found by its name among those that
//! the case did not have before. [`Attachments::upload_all`] therefore refuses two files of one name, and two calls must
//! not upload files of the same name to one case at the same time.

mod arrival;
mod download;
#[cfg(feature = "folder")]
mod folder;
mod several;
mod upload;
mod wait;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use attache_security_ir::Client;
use attache_security_ir::operation::GetCaseResponse;
use attache_security_ir::types::CaseAttachmentAttributes;
use attache_transfer::plumbing::bound::Bound;
use attache_transfer::plumbing::events::Watch;
use attache_transfer::plumbing::fingerprint::Fingerprint;
use attache_transfer::plumbing::incoming::Incoming;
use attache_transfer::plumbing::progress::{Label, Meter, Stage};
use attache_transfer::plumbing::requests::Transfer;
use attache_transfer::plumbing::settings::Settings;
use attache_transfer::plumbing::source::{OpenSource, Source};
use attache_transfer::plumbing::target::{Downloaded, Target};
use attache_transfer::{Error, ErrorKind};

use crate::binding;
use crate::download::Fetching;
use crate::manifest::{Manifest, SentPart};

pub use self::download::{Download, SavedDownload};
pub use self::upload::Upload;

/// The greatest file, in bytes (`GetCaseAttachmentUploadUrlRequest$contentLength`).
pub const FILE_LIMIT: u64 = 104_857_600;
/// How many attachments a case has at most (`CaseAttachmentsList`).
pub const CASE_LIMIT: usize = 50;
/// The longest name of a file, in characters (`FileName`).
const NAME_LIMIT: usize = 255;
/// How often an expired URL is requested again, for one transfer.
const RENEWALS: u32 = 3;

/// Uploads files to incidents, and downloads them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Attachments {
    client: Client,
    settings: Settings,
    bound: Bound,
}

/// An attachment that the service has scanned and verified.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attached {
    /// Its id.
    pub attachment_id: String,
    /// What was sent, for the records.
    pub manifest: Manifest,
}

/// The state of an upload: everything that is needed to continue it, and no URL.
///
/// It is bound to its case and its file; a changed state is refused. If others could have replaced the state, compare
/// [`case_id`](Self::case_id) with the intended case before you continue.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SavedUpload {
    /// The case.
    pub case_id: String,
    /// The name of the file in the case.
    pub file_name: String,
    /// The content with which it began.
    pub fingerprint: Fingerprint,
    /// The attachments that the case had before the upload.
    pub before: Vec<String>,
    /// The idempotency token of the URL: with it, the service gives the same attachment again, and not another one.
    pub client_token: String,
    /// Whether the storage has received the file.
    pub sent: bool,
    /// What was sent, once it was.
    pub part: Option<SentPart>,
    /// The attachment, where it is known for certain.
    pub attachment_id: Option<String>,
    /// A hash of what must not change.
    binding: String,
}

/// Names of files may reveal details of an incident, so `Debug` hides them.
impl fmt::Debug for SavedUpload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SavedUpload")
            .field("case_id", &self.case_id)
            .field("fingerprint", &self.fingerprint)
            .field("before", &self.before)
            .field("client_token", &self.client_token)
            .field("sent", &self.sent)
            .field("part", &self.part)
            .field("attachment_id", &self.attachment_id)
            .finish_non_exhaustive()
    }
}

impl SavedUpload {
    fn new(
        case_id: String,
        source: &OpenSource,
        before: Vec<String>,
        client_token: String,
    ) -> Self {
        let mut saved = Self {
            case_id,
            file_name: source.name.clone(),
            fingerprint: source.fingerprint.clone(),
            before,
            client_token,
            sent: false,
            part: None,
            attachment_id: None,
            binding: String::new(),
        };
        saved.binding = saved.bound_to();
        saved
    }

    fn bound_to(&self) -> String {
        let mut fields = vec![self.case_id.as_str(), &self.file_name];
        fields.extend(self.before.iter().map(String::as_str));
        binding::binding("security-ir upload", &self.fingerprint, &fields)
    }

    fn validate(&self) -> Result<(), Error> {
        binding::validate(&self.bound_to(), &self.binding)?;
        let is_file = |part: &SentPart| {
            (part.number, part.offset) == (1, 0)
                && part.size == self.fingerprint.length
                && part.sha256 == self.fingerprint.sha256
        };
        binding::validate_sent(self.part.as_ref().map_or(!self.sent, is_file))
    }
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

    /// Uploads a file to a case, and waits until it is scanned.
    ///
    /// # Errors
    /// [`ErrorKind`] says which: where it is `Source`, nothing was sent; `Rejected` is a scan that failed.
    pub async fn upload(
        &self,
        case_id: impl Into<String>,
        source: impl Into<Source>,
    ) -> Result<Attached, Error> {
        self.begin(case_id, source).await?.run().await
    }

    /// Begins an upload whose state can be saved and continued.
    ///
    /// # Errors
    /// As [`upload`](Self::upload).
    pub async fn begin(
        &self,
        case_id: impl Into<String>,
        source: impl Into<Source>,
    ) -> Result<Upload, Error> {
        let source = self.open(source.into()).await?;
        let transfer = Transfer::new(self.client.config(), self.settings.clone())?;
        let case_id = case_id.into();
        let before = self.before(&case_id, 1).await?;
        let token = self.client.config().token_source().token();
        let saved = SavedUpload::new(case_id, &source, before, token);
        let meter = self.meter(source.length(), Label::only(&source.name));
        Ok(Upload::new(self, transfer, (source, meter), saved))
    }

    /// Continues an interrupted upload, also in another process. What the storage has is not sent again. The file keeps
    /// the name with which the upload began.
    ///
    /// # Errors
    /// [`ErrorKind::Changed`] if the content is not the one with which the upload began, and [`ErrorKind::State`] if
    /// the state is not the one that was saved.
    pub async fn resume(
        &self,
        source: impl Into<Source>,
        saved: SavedUpload,
    ) -> Result<Upload, Error> {
        saved.validate()?;
        let transfer = Transfer::new(self.client.config(), self.settings.clone())?;
        let source = source.into().named(saved.file_name.as_str());
        let source = self.open(source).await?;
        source.require_same(&saved.fingerprint)?;
        let meter = self.meter(source.length(), Label::only(&source.name));
        Ok(Upload::new(self, transfer, (source, meter), saved).perhaps_sent())
    }

    /// The ids of the attachments that a case has before so many are added.
    async fn before(&self, case_id: &str, new: usize) -> Result<Vec<String>, Error> {
        let call = self.client.get_case().case_id(case_id);
        let case = call.send().await.map_err(Error::of_call)?;
        let before: Vec<String> = attachments(&case)
            .iter()
            .map(|attachment| attachment.attachment_id.clone())
            .collect();
        if before.len() + new <= CASE_LIMIT {
            return Ok(before);
        }
        let has = before.len();
        Err(Error::new(
            ErrorKind::Source,
            match new {
                1 => format!("the case has {has} attachments, which is the limit"),
                new => format!(
                    "the case has {has} attachments, and with {new} more it would have more than {CASE_LIMIT}, which is \
                     the limit"
                ),
            },
        ))
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

    async fn open(&self, source: Source) -> Result<OpenSource, Error> {
        let now = self.client.config().time_source().now();
        let source = source.open(1..=FILE_LIMIT, now).await?;
        validate_name(&source.name)?;
        Ok(source)
    }

    /// Downloads an attachment to a path. An existing file is an error, and stays as it is. A directory is an error as
    /// well, because the service does not return the name with the URL.
    ///
    /// If the connection breaks, the download continues with the bytes that are missing.
    ///
    /// # Errors
    /// [`ErrorKind`] says which.
    pub async fn download(
        &self,
        case_id: impl Into<String>,
        attachment_id: impl Into<String>,
        path: impl AsRef<Path>,
    ) -> Result<Downloaded, Error> {
        let attachment = self.attachment(case_id.into(), attachment_id.into());
        let mut fetching = self.fetching(attachment, path.as_ref(), false)?;
        fetching.run().await
    }

    /// Begins a download whose state can be saved and continued. Its temporary file stays beside the target until the
    /// download is complete. Nothing is fetched yet.
    ///
    /// # Errors
    /// [`ErrorKind::Target`] and [`ErrorKind::Settings`], as for [`download`](Self::download).
    pub fn begin_download(
        &self,
        case_id: impl Into<String>,
        attachment_id: impl Into<String>,
        path: impl AsRef<Path>,
    ) -> Result<Download, Error> {
        // Another process may have another current directory.
        let path = std::path::absolute(path).map_err(|error| {
            Error::new(ErrorKind::Target, "the path of the target is invalid").because(error)
        })?;
        let attachment = self.attachment(case_id.into(), attachment_id.into());
        Ok(Download(self.fetching(attachment, &path, true)?))
    }

    /// Continues an interrupted download, also in another process. What has arrived is not fetched again.
    ///
    /// # Errors
    /// [`ErrorKind::State`] if the state is not the one that was saved, [`ErrorKind::Changed`] if the temporary file is
    /// not the one that was written, and [`ErrorKind::Target`] if it does not exist.
    pub async fn resume_download(&self, saved: SavedDownload) -> Result<Download, Error> {
        saved.validate()?;
        let transfer = Transfer::new(self.client.config(), self.settings.clone())?;
        let target = target(&saved.file.path)?;
        let incoming = Incoming::resumed(target, saved.file).await?;
        let attachment = self.attachment(saved.case_id, saved.attachment_id);
        let fetching = Fetching::new(attachment, transfer, (None, incoming), true);
        Ok(Download(fetching))
    }

    fn fetching(
        &self,
        attachment: download::Attachment,
        path: &Path,
        keep: bool,
    ) -> Result<Fetching<download::Attachment>, Error> {
        let transfer = Transfer::new(self.client.config(), self.settings.clone())?;
        let incoming = Incoming::new(target(path)?, keep)?;
        Ok(Fetching::new(attachment, transfer, (None, incoming), keep))
    }

    fn attachment(&self, case_id: String, id: String) -> download::Attachment {
        download::Attachment {
            client: self.client.clone(),
            case_id,
            id,
        }
    }
}

fn target(path: &Path) -> Result<Target, Error> {
    if path.is_dir() {
        return Err(Error::new(
            ErrorKind::Target,
            format!(
                "`{}` is a directory; add the name of the file",
                path.display()
            ),
        ));
    }
    Target::new(path, "", FILE_LIMIT)
}

fn attachments(case: &GetCaseResponse) -> &[CaseAttachmentAttributes] {
    case.case_attachments.as_deref().unwrap_or_default()
}

fn new_ones<'a>(
    case: &'a GetCaseResponse,
    before: &'a [String],
    name: &'a str,
) -> impl Iterator<Item = &'a CaseAttachmentAttributes> {
    attachments(case)
        .iter()
        .filter(move |attachment| attachment.file_name == name)
        .filter(move |attachment| !before.contains(&attachment.attachment_id))
}

async fn download_url(client: &Client, case_id: &str, id: &str) -> Result<String, Error> {
    let call = client.get_case_attachment_download_url();
    let call = call.case_id(case_id).attachment_id(id);
    let link = call.send().await.map_err(Error::of_call)?;
    Ok(link.attachment_presigned_url)
}

fn validate_name(name: &str) -> Result<(), Error> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    if name.chars().all(fits) && name.len() <= NAME_LIMIT {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Source,
        format!(
            "the service does not accept the name `{name}`; it accepts up to {NAME_LIMIT} of the characters a-z, \
             A-Z, 0-9, `.`, `_` and \
             `-`; give it another one with `Source::named`"
        ),
    ))
}
