//! Settings of a workflow: time limits, concurrency, and headers for the storage.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, ErrorKind};
use crate::plumbing::progress::{Listener, Progress};

/// The settings of a workflow.
///
/// ```
/// use attache_transfer::Settings;
///
/// let settings = Settings::default()
///     .parallel_parts(2)
///     .on_progress(|progress| println!("{} of {}", progress.bytes, progress.total_bytes));
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Settings {
    /// How many parts are uploaded at the same time, of all files together: 4.
    pub parallel_parts: usize,
    /// How often a part, or a download, is tried: 5 times.
    pub attempts: u32,
    /// How long a transfer may make no progress: 60 seconds.
    pub stall: Duration,
    /// How long the service may process a file after it has all bytes: 15 minutes.
    pub processing: Duration,
    #[doc(hidden)]
    pub listener: Option<Listener>,
    headers: Vec<(String, String)>,
}

/// Headers that follow from the request itself, and `authorization`, which storage does not accept together with a
/// presigned URL.
const FORBIDDEN: [&str; 8] = [
    "authorization",
    "connection",
    "content-length",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl Default for Settings {
    fn default() -> Self {
        Self {
            parallel_parts: 4,
            attempts: 5,
            stall: Duration::from_secs(60),
            processing: Duration::from_secs(15 * 60),
            listener: None,
            headers: Vec::new(),
        }
    }
}

impl Settings {
    /// Sets [`parallel_parts`](Self::parallel_parts); 0 counts as 1.
    #[must_use]
    pub fn parallel_parts(mut self, parts: usize) -> Self {
        self.parallel_parts = parts.max(1);
        self
    }

    /// Sets [`attempts`](Self::attempts); 0 counts as 1.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Sets [`stall`](Self::stall).
    #[must_use]
    pub fn stall(mut self, limit: Duration) -> Self {
        self.stall = limit;
        self
    }

    /// Sets [`processing`](Self::processing).
    #[must_use]
    pub fn processing(mut self, limit: Duration) -> Self {
        self.processing = limit;
        self
    }

    /// Sets a header of the requests to presigned URLs. If a name is set twice, the last value is used.
    ///
    /// The workflow computes the values of most headers that a service signs: lengths, checksums, `if-none-match`. This
    /// function is for other headers, such as `x-amz-server-side-encryption`, and for another `content-type` than
    /// `application/octet-stream`. A value that is set here takes precedence over a computed one.
    ///
    /// * A header `x-amz-*` is sent only if the signature of the URL names it, because storage refuses it otherwise.
    /// * Any other header is sent with every upload, and with a download if the signature names it.
    ///
    /// An invalid name or value, and a header that follows from the request itself (`host`, `content-length`,
    /// `transfer-encoding`, `authorization` and the like), is an error of [`ErrorKind::Settings`] when an upload or a
    /// download begins. `Debug` hides the values.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The headers that were set, in the form in which they are sent.
    #[doc(hidden)]
    pub fn headers(&self) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let refused = |what: &str| {
                Error::new(
                    ErrorKind::Settings,
                    format!("`Settings::header`: `{}` {what}", name.escape_debug()),
                )
            };
            let header: HeaderName = name
                .parse()
                .map_err(|_| refused("is not the name of a header"))?;
            if FORBIDDEN.contains(&header.as_str()) {
                return Err(refused("follows from the request itself and cannot be set"));
            }
            let mut value = HeaderValue::from_str(value)
                .map_err(|_| refused("has a value that cannot stand in a header"))?;
            value.set_sensitive(true);
            headers.insert(header, value);
        }
        Ok(headers)
    }

    /// Calls a function whenever bytes of a file have moved, a part of it is complete, or its [`Stage`](crate::Stage)
    /// changes. It must not block.
    ///
    /// ```
    /// use attache_transfer::Settings;
    ///
    /// // One line for each file of a call.
    /// let settings = Settings::default().on_progress(|progress| {
    ///     println!(
    ///         "{} of {}: {} {:?}, {} of {} bytes",
    ///         progress.file_index + 1,
    ///         progress.files,
    ///         progress.file_name,
    ///         progress.stage,
    ///         progress.bytes,
    ///         progress.total_bytes,
    ///     );
    /// });
    /// ```
    #[must_use]
    pub fn on_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.listener = Some(std::sync::Arc::new(listener));
        self
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("parallel_parts", &self.parallel_parts)
            .field("attempts", &self.attempts)
            .field("stall", &self.stall)
            .field("processing", &self.processing)
            .field(
                "headers",
                &self
                    .headers
                    .iter()
                    .map(|(name, _)| name)
                    .collect::<Vec<_>>(),
            )
            .finish_non_exhaustive()
    }
}
