//! One download, which may take several attempts: what was received so far, and what an answer means for it.

use std::time::Duration;

use anyhow::{Result, anyhow};
use indicatif::ProgressBar;
use reqwest::header::{ACCEPT_RANGES, CONTENT_RANGE, ETAG, HeaderName, RETRY_AFTER};
use reqwest::{Response, StatusCode};

use super::cache::Unfinished;

/// Why an attempt failed, and how long to wait before another one, where another one makes sense.
pub(super) struct Failure {
    pub(super) error: anyhow::Error,
    pub(super) pause: Option<Duration>,
}

impl Failure {
    pub(super) fn last(error: anyhow::Error) -> Self {
        Self { error, pause: None }
    }

    pub(super) fn again(error: anyhow::Error) -> Self {
        Self {
            error,
            pause: Some(Duration::ZERO),
        }
    }
}

/// A download in several attempts.
pub(super) struct Download<'a> {
    pub(super) unfinished: Unfinished<'a>,
    pub(super) received: u64,
    pub(super) tag: Option<String>,
    pub(super) may_resume: bool,
    pub(super) bar: ProgressBar,
}

impl Download<'_> {
    /// Begins at the first byte and discards what was received before.
    pub(super) fn restart(&mut self, response: &Response) -> Result<()> {
        let header = |name: HeaderName| response.headers().get(name)?.to_str().ok();
        self.unfinished.clear()?;
        self.received = 0;
        self.tag = header(ETAG).map(str::to_owned);
        // A weak tag promises the same meaning, but not the same bytes.
        let is_strong = self.tag.as_deref().is_some_and(|tag| tag.starts_with('"'));
        self.may_resume = is_strong && header(ACCEPT_RANGES) != Some("none");
        Ok(())
    }

    pub(super) async fn body(
        &mut self,
        mut response: Response,
        limit: u64,
    ) -> std::result::Result<(), Failure> {
        let announced = response
            .content_length()
            .map(|rest| rest.saturating_add(self.received));
        let too_large = || {
            Failure::last(anyhow!(
                "it has more than {limit} bytes, the limit of a download"
            ))
        };
        if announced.is_some_and(|bytes| bytes > limit) {
            return Err(too_large());
        }
        self.bar.set_length(announced.unwrap_or(0));
        loop {
            let piece = response.chunk().await;
            let piece = piece.map_err(|error| Failure::again(explain(error)))?;
            let Some(piece) = piece else { break };
            self.received += piece.len() as u64;
            if self.received > limit {
                return Err(too_large());
            }
            self.unfinished.append(&piece).map_err(Failure::last)?;
            self.bar.set_position(self.received);
        }
        match announced {
            Some(announced) if announced != self.received => {
                let error = anyhow!("{} of {announced} bytes were received", self.received);
                Err(Failure::again(error))
            }
            _ => Ok(()),
        }
    }
}

/// Whether a part begins where the bytes end that were received.
pub(super) fn starts_at(response: &Response, received: u64) -> bool {
    let range = response.headers().get(CONTENT_RANGE);
    let range = range.and_then(|value| value.to_str().ok());
    let first = range.and_then(|range| {
        range
            .strip_prefix("bytes ")?
            .split('-')
            .next()?
            .parse()
            .ok()
    });
    received > 0 && first == Some(received)
}

/// The failure of an answer that is not a success.
pub(super) fn refused(status: StatusCode, response: &Response) -> Failure {
    let error = match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            anyhow!("the server has no such file ({status})")
        }
        StatusCode::UNAUTHORIZED
        | StatusCode::FORBIDDEN
        | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            anyhow!(
                "the server refuses it ({status}): it may need credentials, or a proxy may have refused it"
            )
        }
        status => anyhow!("the server answered {status}"),
    };
    let wait = response.headers().get(RETRY_AFTER);
    let wait = wait.and_then(|value| value.to_str().ok()?.parse().ok());
    let again = status.is_server_error()
        || matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
        );
    Failure {
        error,
        pause: again.then(|| wait.map_or(Duration::ZERO, Duration::from_secs)),
    }
}

/// The error of reqwest, without its address: the message names the address once, without credentials.
pub(super) fn explain(error: reqwest::Error) -> anyhow::Error {
    let reason = if error.is_timeout() {
        "the server did not answer in time"
    } else if error.is_connect() {
        "could not connect"
    } else {
        "the connection broke"
    };
    anyhow::Error::new(error.without_url()).context(reason)
}
