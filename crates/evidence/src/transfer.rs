//! Requests to presigned URLs: no credentials of ours, no redirects, no URL in any message.
//!
//! Whoever has such a URL may use it, so that it is treated as a secret. Putting the same bytes twice leaves one object,
//! and fetching changes nothing, so both are tried again after every failure that may pass.

use std::future::Future;
use std::ops::Range;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use attache_runtime::transport::TransportErrorKind;
use attache_runtime::{Body, ByteStream, Config, within};
use http::header::{CONTENT_LENGTH, ETAG};
use http::{HeaderValue, Method, StatusCode, Uri};
use percent_encoding::percent_decode_str;

use crate::error::{Error, ErrorKind};
use crate::progress::{Meter, Tally};
use crate::settings::Settings;
use crate::source::Checked;

/// The pause after the first failure; it doubles from one to the next.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// What became of one attempt that failed.
pub(crate) enum Failed {
    /// Another attempt may succeed.
    Passing(Error),
    /// The URL is not valid any more, or never was.
    Expired(Error),
    /// No attempt will succeed.
    Final(Error),
}

impl Failed {
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Passing(error) | Self::Expired(error) | Self::Final(error) => error,
        }
    }
}

/// Sends to and fetches from presigned URLs.
pub(crate) struct Transfer {
    config: Config,
    pub(crate) settings: Settings,
}

impl Transfer {
    pub(crate) fn new(config: &Config, settings: Settings) -> Self {
        Self {
            config: config.clone(),
            settings,
        }
    }

    /// Puts a part of a source, with as many attempts as the settings allow; gives the `ETag`.
    pub(crate) async fn put(
        &self,
        url: &str,
        source: &Checked,
        range: Range<u64>,
        meter: &Arc<Meter>,
    ) -> Result<Option<String>, Failed> {
        let mut attempt = 0;
        loop {
            let tally = Tally::new(meter);
            let outcome = self.put_once(url, source, range.clone(), &tally).await;
            // What failed because the file is another one now is no fault of the network.
            source.check_unchanged().await.map_err(|error| {
                tally.give_up();
                Failed::Final(error)
            })?;
            let failed = match outcome {
                Ok(etag) => return Ok(etag),
                Err(failed) => failed,
            };
            tally.give_up();
            attempt += 1;
            self.pause(attempt, failed).await?;
        }
    }

    async fn put_once(
        &self,
        url: &str,
        source: &Checked,
        range: Range<u64>,
        tally: &Arc<Tally>,
    ) -> Result<Option<String>, Failed> {
        let length = range.end - range.start;
        let body = source.body(range, tally).await.map_err(Failed::Final)?;
        let mut request = self.request(Method::PUT, url, body)?;
        request
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from(length));
        let response = self.response(request, tally).await?;
        let etag = response
            .headers()
            .get(ETAG)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        self.drain(response.into_body()).await;
        Ok(etag)
    }

    /// Starts to fetch. The body is still to be read.
    pub(crate) async fn get(
        &self,
        url: &str,
        tally: &Arc<Tally>,
    ) -> Result<http::Response<ByteStream>, Failed> {
        let request = self.request(Method::GET, url, Body::empty())?;
        self.response(request, tally).await
    }

    /// The next piece of a body, if it comes in time.
    pub(crate) async fn piece(
        &self,
        body: &mut ByteStream,
    ) -> Result<Option<bytes::Bytes>, Failed> {
        let next = pin!(body.next());
        match within(&**self.config.timer(), self.settings.stall, next).await {
            None => Err(Failed::Passing(self.stalled())),
            Some(None) => Ok(None),
            Some(Some(Ok(piece))) => Ok(Some(piece)),
            Some(Some(Err(error))) => Err(Failed::Passing(
                Error::new(ErrorKind::Transfer, "the connection broke").because(error),
            )),
        }
    }

    /// Waits before the next attempt, or gives the failure back where there is none.
    pub(crate) async fn pause(&self, attempt: u32, failed: Failed) -> Result<(), Failed> {
        let Failed::Passing(error) = failed else {
            return Err(failed);
        };
        if attempt >= self.settings.attempts {
            return Err(Failed::Final(error));
        }
        let longest = FIRST_PAUSE
            .saturating_mul(2_u32.saturating_pow(attempt - 1))
            .min(LONGEST_PAUSE);
        let pause = longest.mul_f64(self.config.random_source().fraction());
        self.config.timer().sleep(pause).await;
        Ok(())
    }

    fn request(
        &self,
        method: Method,
        url: &str,
        body: Body,
    ) -> Result<http::Request<Body>, Failed> {
        let refused = |message: &str| Failed::Final(Error::new(ErrorKind::Transfer, message));
        let uri: Uri = url
            .parse()
            .map_err(|_| refused("the service gave a presigned URL that is none"))?;
        if !self.config.permits(&uri) {
            return Err(refused(
                "the service gave a presigned URL that is not encrypted; allow plain http in the configuration to use it",
            ));
        }
        if let Some(header) = unknown_signed_header(&uri) {
            return Err(refused(&format!(
                "the service signed the header `{header}` of the request, and does not say its value"
            )));
        }
        let mut request = http::Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        Ok(request)
    }

    /// Sends a request, and sorts out what is no success.
    async fn response(
        &self,
        request: http::Request<Body>,
        tally: &Arc<Tally>,
    ) -> Result<http::Response<ByteStream>, Failed> {
        let sending = self.config.transport().send(request);
        let response = match self.while_moving(tally, sending).await {
            None => return Err(Failed::Passing(self.stalled())),
            Some(Ok(response)) => response,
            Some(Err(error)) => {
                let message = match error.kind() {
                    TransportErrorKind::Connect => "no connection to the host of a presigned URL",
                    _ => "the connection broke",
                };
                // The transport's own message may name the URL.
                return Err(Failed::Passing(Error::new(ErrorKind::Transfer, message)));
            }
        };
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let error = Error::new(
            ErrorKind::Transfer,
            format!("a presigned URL was answered with {status}"),
        );
        let code = self.error_code(response.into_body()).await;
        Err(match status {
            StatusCode::FORBIDDEN => Failed::Expired(error),
            StatusCode::BAD_REQUEST if code.as_deref() == Some("ExpiredToken") => {
                Failed::Expired(error)
            }
            StatusCode::BAD_REQUEST
                if matches!(code.as_deref(), Some("RequestTimeout" | "IncompleteBody")) =>
            {
                Failed::Passing(error)
            }
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Failed::Passing(error),
            status if status.is_server_error() => Failed::Passing(error),
            _ => Failed::Final(error),
        })
    }

    /// Runs a future for as long as bytes move at least once in the time that a transfer may stand still.
    async fn while_moving<F: Future>(&self, tally: &Tally, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut moved = tally.bytes();
        loop {
            let limit = self.settings.stall;
            match within(&**self.config.timer(), limit, future.as_mut()).await {
                Some(output) => return Some(output),
                None if tally.bytes() == moved => return None,
                None => moved = tally.bytes(),
            }
        }
    }

    /// The code of an error of S3, from the first bytes of its XML.
    async fn error_code(&self, mut body: ByteStream) -> Option<String> {
        let mut text = Vec::new();
        while text.len() < 4096 {
            match self.piece(&mut body).await {
                Ok(Some(piece)) => text.extend_from_slice(&piece),
                _ => break,
            }
        }
        let text = String::from_utf8_lossy(&text);
        let (_, rest) = text.split_once("<Code>")?;
        let (code, _) = rest.split_once("</Code>")?;
        Some(code.to_owned())
    }

    /// Reads what is left of a short answer, so that the connection can be used again.
    async fn drain(&self, mut body: ByteStream) {
        let mut left = 64 * 1024_usize;
        while let Ok(Some(piece)) = self.piece(&mut body).await {
            left = left.saturating_sub(piece.len());
            if left == 0 {
                break;
            }
        }
    }

    fn stalled(&self) -> Error {
        Error::new(
            ErrorKind::Transfer,
            format!("nothing moved for {:?}", self.settings.stall),
        )
    }
}

/// A header that the signature of a URL covers, and that we cannot know (SigV4, `X-Amz-SignedHeaders`).
fn unknown_signed_header(uri: &Uri) -> Option<String> {
    let query = uri.query()?;
    let signed = query.split('&').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.eq_ignore_ascii_case("X-Amz-SignedHeaders")
            .then_some(value)
    })?;
    let signed = percent_decode_str(signed).decode_utf8_lossy();
    signed
        .split(';')
        .find(|name| !matches!(*name, "host" | "content-length"))
        .map(str::to_owned)
}
