//! Files to and from presigned URLs, which need no client of the storage.

use std::path::Path;

use attache_runtime::Config;

use crate::error::{Error, ErrorKind};
use crate::plumbing::events::Watch;
use crate::plumbing::failed::Failed;
use crate::plumbing::incoming::{Incoming, Link};
use crate::plumbing::part::Part;
use crate::plumbing::presigned::Purpose;
use crate::plumbing::progress::{Label, Meter, Stage};
use crate::plumbing::requests::Transfer;
use crate::plumbing::sent_part::SentPart;
use crate::plumbing::settings::Settings;
use crate::plumbing::source::Source;
use crate::plumbing::target::{Downloaded, Target};

/// The largest file that one `PutObject` takes, in bytes (S3 user guide, "Uploading objects").
pub const PUT_LIMIT: u64 = 5 * 1024 * 1024 * 1024;

/// Moves files to and from presigned URLs.
///
/// The headers that the signature of a URL requires are sent, with hashes of the bytes where it requires them.
/// [`Settings::header`] sets those whose values cannot be computed. No message contains a URL.
///
/// ```no_run
/// # async fn example(config: attache_runtime::Config) -> Result<(), attache_transfer::Error> {
/// use attache_transfer::PresignedUrls;
///
/// let urls = PresignedUrls::new(&config);
/// urls.upload("https://bucket.example.com/key?X-Amz-Signature=…", "memory.dump").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct PresignedUrls {
    config: Config,
    settings: Settings,
}

/// A URL that nobody can renew.
struct Fixed;

impl Link for Fixed {
    async fn renewed(&self) -> Result<String, Error> {
        Err(Error::new(
            ErrorKind::Transfer,
            "the presigned URL is not valid, or has expired: make a new one",
        ))
    }
}

impl PresignedUrls {
    /// With the default settings. The configuration has the transport, the timer and the clock; its credentials are not
    /// used.
    pub fn new(config: &Config) -> Self {
        Self {
            config: config.clone(),
            settings: Settings::default(),
        }
    }

    /// With other settings. [`Settings::parallel_parts`] has no effect, because a URL takes one request at a time.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Sends a file of up to [`PUT_LIMIT`] bytes, which may be empty, with one `PUT`. What is there is replaced.
    ///
    /// # Errors
    /// [`ErrorKind::Source`] and [`ErrorKind::Changed`] for the file, [`ErrorKind::Settings`] for a header,
    /// [`ErrorKind::Transfer`] for the storage.
    pub async fn upload(&self, url: &str, source: impl Into<Source>) -> Result<SentPart, Error> {
        let transfer = Transfer::new(&self.config, self.settings.clone())?;
        let now = self.config.time_source().now();
        let source = source.into().open(0..=PUT_LIMIT, now).await?;
        let (listener, watch) = (self.settings.listener.clone(), Watch::upload(&self.config));
        let meter = Meter::new(Label::only(&source.name), watch, listener);
        meter.expect(source.length(), 1);
        meter.tell(Stage::Waiting);
        let part = Part {
            range: 0..source.length(),
            sha256: source.sha256,
            source,
        };
        let sent = transfer.put(url, &part, Purpose::Upload, &meter).await;
        let sent = meter.or_failed(sent.map_err(Failed::into_error))?;
        meter.part();
        meter.tell(Stage::Done);
        Ok(sent)
    }

    /// Fetches a file. An existing file is an error, and stays as it is. If the connection breaks, the download continues
    /// with the bytes that are missing.
    ///
    /// # Errors
    /// [`ErrorKind::Target`] for the file, [`ErrorKind::Settings`] for a header, [`ErrorKind::Changed`] for an object that
    /// changes meanwhile, [`ErrorKind::Transfer`] for the storage.
    pub async fn download(&self, url: &str, path: impl AsRef<Path>) -> Result<Downloaded, Error> {
        let transfer = Transfer::new(&self.config, self.settings.clone())?;
        let target = Target::new(path.as_ref(), "", u64::MAX)?;
        let mut incoming = Incoming::new(target, false)?;
        let meter = incoming.meter(&transfer);
        meter.tell(Stage::Waiting);
        let from = (Some(url.to_owned()), &Fixed);
        let outcome = incoming.complete(&transfer, from, &meter, None).await;
        meter.or_failed(outcome)
    }
}
