//! Attachments of AWS Security Incident Response cases.
//!
//! The service gives a presigned URL for a name and a length, takes the bytes there, and scans them; until then the
//! attachment is pending. An upload is done when the scan has verified it.
//!
//! The service does not say which attachment came of which URL. It is one with the name of the file that the case did not
//! have before, so do not upload two files of one name to one case at the same time.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use attache_runtime::waiter::{Schedule, State};
use attache_security_ir::Client;
use attache_security_ir::enums::CaseAttachmentStatus;
use attache_security_ir::operation::{GetCaseRequest, GetCaseResponse};
use attache_security_ir::types::CaseAttachmentAttributes;

use crate::error::{Error, ErrorKind};
use crate::fingerprint::Fingerprint;
use crate::kept::Kept;
use crate::progress::{Meter, Stage};
use crate::settings::Settings;
use crate::source::{Checked, Source};
use crate::target::{Downloaded, Target};
use crate::transfer::{Failed, Transfer};

/// The greatest file, in bytes (`GetCaseAttachmentUploadUrlRequest$contentLength`).
pub const FILE_LIMIT: u64 = 104_857_600;
/// How many attachments a case has at most (`CaseAttachmentsList`).
pub const CASE_LIMIT: usize = 50;
/// The longest name of a file, in characters (`FileName`).
const NAME_LIMIT: usize = 255;
/// How often a URL that has expired is asked for again, for one transfer.
const RENEWALS: u32 = 3;

/// Files into incidents, and out of them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Attachments {
    client: Client,
    settings: Settings,
}

/// An attachment that the service has scanned and found fit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attached {
    /// Its id.
    pub attachment_id: String,
}

/// Where an upload stands: everything that is needed to go on with it, and no URL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SavedUpload {
    /// The case.
    pub case_id: String,
    /// What it began with.
    pub fingerprint: Fingerprint,
    /// The attachments that the case had before.
    pub before: Vec<String>,
    /// The idempotency token of the URL: with it, the service gives the same attachment again, and not another one.
    pub client_token: String,
    /// Whether the storage has the file.
    pub sent: bool,
}

impl Attachments {
    /// With the settings that suit most.
    pub fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            settings: Settings::default(),
        }
    }

    /// With other settings.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
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

    /// Begins an upload that can be saved and gone on with.
    ///
    /// # Errors
    /// As [`upload`](Self::upload).
    pub async fn begin(
        &self,
        case_id: impl Into<String>,
        source: impl Into<Source>,
    ) -> Result<Upload, Error> {
        let source = checked(source.into()).await?;
        let case_id = case_id.into();
        let case = self
            .client
            .get_case()
            .case_id(case_id.as_str())
            .send()
            .await
            .map_err(Error::of_call)?;
        let before: Vec<String> = attachments(&case)
            .iter()
            .map(|attachment| attachment.attachment_id.clone())
            .collect();
        if before.len() >= CASE_LIMIT {
            return Err(Error::new(
                ErrorKind::Source,
                format!("the case has {CASE_LIMIT} attachments, and takes no more"),
            ));
        }
        let saved = SavedUpload {
            case_id,
            fingerprint: source.fingerprint.clone(),
            before,
            client_token: self.client.config().token_source().token(),
            sent: false,
        };
        Ok(Upload::new(self, source, saved))
    }

    /// Goes on with an upload that was interrupted, in another process, too. What the storage has is not sent again.
    ///
    /// # Errors
    /// [`ErrorKind::Changed`] where the content is not the one that the upload began with.
    pub async fn resume(
        &self,
        source: impl Into<Source>,
        saved: SavedUpload,
    ) -> Result<Upload, Error> {
        let source = checked(source.into()).await?;
        source.check_same(&saved.fingerprint)?;
        Ok(Upload::new(self, source, saved))
    }

    /// Downloads an attachment to a path. What is there already stays as it is, and that is an error; so is a directory, for
    /// the service does not give the name with the URL.
    ///
    /// # Errors
    /// [`ErrorKind`] says which.
    pub async fn download(
        &self,
        case_id: impl Into<String>,
        attachment_id: impl Into<String>,
        path: impl AsRef<Path>,
    ) -> Result<Downloaded, Error> {
        let (case_id, attachment_id) = (case_id.into(), attachment_id.into());
        let path = path.as_ref();
        if path.is_dir() {
            return Err(Error::new(
                ErrorKind::Target,
                format!(
                    "`{}` is a directory; say the file's name, too",
                    path.display()
                ),
            ));
        }
        let target = Target::new(path, "")?;
        let transfer = Transfer::new(self.client.config(), self.settings.clone());
        let meter = Meter::new(0, 1, self.settings.listener.clone());
        let mut renewals = 0;
        loop {
            let link = self
                .client
                .get_case_attachment_download_url()
                .case_id(case_id.as_str())
                .attachment_id(attachment_id.as_str())
                .send()
                .await
                .map_err(Error::of_call)?;
            let url = &link.attachment_presigned_url;
            match target.fetch(&transfer, url, &meter).await {
                Ok(downloaded) => return Ok(downloaded),
                Err(Failed::Expired(_)) if renewals < RENEWALS => renewals += 1,
                Err(failed) => return Err(failed.into_error()),
            }
        }
    }
}

/// An upload under way. [`run`](Self::run) can be called again after an error, or after its future was dropped.
pub struct Upload {
    client: Client,
    source: Checked,
    transfer: Transfer,
    meter: Arc<Meter>,
    saved: Kept<SavedUpload>,
}

impl Upload {
    fn new(attachments: &Attachments, source: Checked, saved: SavedUpload) -> Self {
        let meter = Meter::new(source.length(), 1, attachments.settings.listener.clone());
        if saved.sent {
            meter.moved(source.length());
            meter.part();
        }
        Self {
            client: attachments.client.clone(),
            transfer: Transfer::new(attachments.client.config(), attachments.settings.clone()),
            source,
            meter,
            saved: Kept::new(saved),
        }
    }

    /// Calls a function when the storage has the file, so that the state survives a crash.
    #[must_use]
    pub fn on_saved(mut self, keep: impl Fn(&SavedUpload) + Send + Sync + 'static) -> Self {
        self.saved.on_note(keep);
        self
    }

    /// Where it stands.
    pub fn saved(&self) -> SavedUpload {
        self.saved.state().clone()
    }

    /// Sends the file, unless the storage has it, and waits until it is scanned.
    ///
    /// # Errors
    /// [`ErrorKind`] says which.
    pub async fn run(&mut self) -> Result<Attached, Error> {
        let saved = self.saved();
        if !saved.sent {
            self.send(&saved).await?;
            self.saved.note(|saved| saved.sent = true);
            self.meter.part();
        }
        self.meter.tell(Stage::Processing);
        let attached = self.scanned(saved).await?;
        self.meter.tell(Stage::Done);
        Ok(attached)
    }

    async fn send(&self, saved: &SavedUpload) -> Result<(), Error> {
        let length = self.source.length();
        let mut renewals = 0;
        loop {
            let client_token = self.saved.state().client_token.clone();
            let link = self
                .client
                .get_case_attachment_upload_url()
                .case_id(saved.case_id.as_str())
                .client_token(client_token)
                .file_name(self.source.name.as_str())
                .content_length(i64::try_from(length).unwrap_or(i64::MAX))
                .send()
                .await
                .map_err(Error::of_call)?;
            let url = &link.attachment_presigned_url;
            let put = self.transfer.put(url, &self.source, 0..length, &self.meter);
            match put.await {
                Ok(_) => return Ok(()),
                Err(Failed::Expired(_)) if renewals < RENEWALS => renewals += 1,
                Err(failed) => return Err(failed.into_error()),
            }
            // Another URL is another attachment, so look first whether the bytes arrived although the answer did not.
            if self.arrived(saved).await? {
                return Ok(());
            }
            let token = self.client.config().token_source().token();
            self.saved.state().client_token = token;
        }
    }

    /// Whether the service has scanned an attachment of this upload.
    async fn arrived(&self, saved: &SavedUpload) -> Result<bool, Error> {
        let case = self.client.get_case().case_id(saved.case_id.as_str());
        let case = case.send().await.map_err(Error::of_call)?;
        let arrived = new_ones(&case, &saved.before, &self.source.name)
            .any(|attachment| attachment.attachment_status == CaseAttachmentStatus::Verified);
        Ok(arrived)
    }

    async fn scanned(&self, saved: SavedUpload) -> Result<Attached, Error> {
        let request = GetCaseRequest {
            case_id: Some(saved.case_id.clone()),
        };
        let name = self.source.name.clone();
        let (before, wanted) = (saved.before.clone(), name.clone());
        let waited = self
            .client
            .waiter(request, move |answer| judge(answer.ok()?, &before, &wanted))
            .schedule(Schedule {
                least_delay: Duration::from_secs(1),
                greatest_delay: Duration::from_secs(30),
                deadline: self.transfer.settings.processing,
            })
            .await
            .map_err(Error::of_call)?;
        let case = waited.response.unwrap_or_default();
        let verified = new_ones(&case, &saved.before, &name)
            .find(|attachment| attachment.attachment_status == CaseAttachmentStatus::Verified);
        match verified {
            Some(attachment) => Ok(Attached {
                attachment_id: attachment.attachment_id.clone(),
            }),
            // The waiter has seen it in this very response.
            None => Err(Error::new(
                ErrorKind::Service,
                "the attachment is not there any more",
            )),
        }
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Upload")
            .field("saved", &self.saved)
            .finish_non_exhaustive()
    }
}

/// What the state of a case means for a file. A URL that expired unused may leave an attachment that stays pending, so one
/// that is verified decides before the others.
fn judge(case: &GetCaseResponse, before: &[String], name: &str) -> Option<State> {
    let mut state = None;
    for attachment in new_ones(case, before, name) {
        match attachment.attachment_status {
            CaseAttachmentStatus::Verified => return Some(State::Success),
            CaseAttachmentStatus::Failed if state.is_none() => state = Some(State::Failure),
            CaseAttachmentStatus::Failed => {}
            _ => state = Some(State::Retry),
        }
    }
    state
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

async fn checked(source: Source) -> Result<Checked, Error> {
    let source = source.check(FILE_LIMIT).await?;
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
    if source.name.chars().all(fits) && source.name.len() <= NAME_LIMIT {
        return Ok(source);
    }
    Err(Error::new(
        ErrorKind::Source,
        format!(
            "`{}` is no name for the service, which takes up to {NAME_LIMIT} of the characters a-z, A-Z, 0-9, `.`, `_` and \
             `-`; give it another one with `Source::named`",
            source.name
        ),
    ))
}
