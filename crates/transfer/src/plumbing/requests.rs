//! Requests to presigned URLs, without our credentials, without redirects, and without the URL in any message.
//!
//! Whoever has such a URL can use it, so it is treated as a secret. Putting the same bytes twice results in one object,
//! and fetching changes nothing, so both are retried after every transient failure.
//!
//! Only status 200 is a success, and status 206 where a download continues. After an upload it counts only if the storage has read the whole body and no hash in
//! its response belongs to other bytes.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use attache_runtime::plumbing::uri::host_and_port;
use attache_runtime::plumbing::within;
use attache_runtime::transport::TransportErrorKind;
use attache_runtime::{Body, BoxError, ByteStream, Bytes, Config};
use http::header::{IF_MATCH, RANGE};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};

use crate::error::{Error, ErrorKind};
use crate::plumbing::checksum::{Algorithm, Checksums, hex};
use crate::plumbing::events::{Piece, cause, retrying};
use crate::plumbing::failed::{Failed, names_url, sorted};
use crate::plumbing::part::{Part, Sent};
use crate::plumbing::presigned::{Presigned, Purpose};
use crate::plumbing::progress::{Meter, Tally};
use crate::plumbing::receipt::{Announced, Receipt};
use crate::plumbing::sent_part::SentPart;
use crate::plumbing::settings::Settings;

/// The pause after the first failure; it doubles from one to the next.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// How many empty pieces may follow each other.
const EMPTY_PIECES: u32 = 1000;
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

fn final_failure(message: impl Into<String>) -> Failed {
    Failed::Final(Error::new(ErrorKind::Transfer, message))
}

fn passing(message: impl Into<String>) -> Failed {
    Failed::Passing(Error::new(ErrorKind::Transfer, message))
}

/// Where a download continues, and the object whose bytes have arrived.
pub struct Continuation {
    /// How many bytes have arrived.
    pub offset: u64,
    /// The strong `ETag` of the object.
    pub etag: String,
}

/// Sends to and fetches from presigned URLs.
pub struct Transfer {
    pub config: Config,
    pub settings: Settings,
    headers: HeaderMap,
}

impl Transfer {
    /// # Errors
    /// Settings that are wrong.
    pub fn new(config: &Config, settings: Settings) -> Result<Self, Error> {
        Ok(Self {
            config: config.clone(),
            headers: settings.headers()?,
            settings,
        })
    }

    /// Puts a part of a source, with as many attempts as the settings allow. The record has the number 1.
    ///
    /// With [`Purpose::Creation`], an error says whether the bytes may have arrived, and an object that is there already is
    /// [`Failed::Exists`].
    pub async fn put(
        &self,
        url: &str,
        part: &Part,
        purpose: Purpose,
        meter: &Arc<Meter>,
    ) -> Result<SentPart, Failed> {
        let expected = Presigned::of(&self.uri(url)?).expected();
        let mut attempt = 0;
        let mut perhaps = false;
        loop {
            let tally = Tally::new(meter);
            let (body, sent) = part.body(expected.iter().copied(), &tally);
            let body = Body::Stream(ByteStream::new(body));
            let outcome = self
                .put_once(url, (part, body, &*sent), purpose, &tally)
                .await;
            let failed = match outcome {
                Ok(receipt) => return Ok(self.record(part, receipt)),
                Err(failed) => failed,
            };
            tally.give_up();
            attempt += 1;
            perhaps |= purpose == Purpose::Creation
                && sent.checksums().is_some()
                && matches!(failed, Failed::Passing(_));
            // If the content of the file changed, the network is not the cause of the failure.
            let failed = sent.take_problem().map_or(failed, Failed::Final);
            let failed = failed.map(|error| error.perhaps_arrived(perhaps));
            let piece = meter.piece(part.range.start, part.length());
            self.pause(attempt, failed, &piece).await?;
        }
    }

    async fn put_once(
        &self,
        url: &str,
        (part, body, sent): (&Part, Body, &Sent),
        purpose: Purpose,
        tally: &Arc<Tally>,
    ) -> Result<Receipt, Failed> {
        let uri = self.uri(url)?;
        let presigned = Presigned::of(&uri);
        let checksums = match presigned.required(&self.headers) {
            Some(required) => {
                let checksums = self.checksums(part, required).await;
                Some(checksums.map_err(Failed::Final)?)
            }
            None => None,
        };
        let headers = presigned
            .headers(purpose, part.length(), checksums.as_ref(), &self.headers)
            .map_err(final_failure)?;
        let request = request(Method::PUT, uri, headers, body);
        let response = self.response(request, purpose, tally).await?;
        let headers = response.headers().clone();
        self.drain(response.into_body()).await;
        let Some(checksums) = sent.checksums() else {
            return Err(passing(
                "the storage reported success before it had read the whole file",
            ));
        };
        let checksums = self.comparable(part, checksums.clone(), &headers).await;
        Receipt::of(&headers, &checksums).map_err(|header| {
            passing(format!(
                "the header `{header}` in the response of the storage belongs to other bytes than were sent"
            ))
        })
    }

    /// Adds the hashes that the response names and that nobody expected, if the part can still be read.
    async fn comparable(
        &self,
        part: &Part,
        checksums: Checksums,
        headers: &HeaderMap,
    ) -> Checksums {
        let announced = Announced::of(headers);
        let missing: BTreeSet<Algorithm> = announced
            .algorithms()
            .filter(|algorithm| checksums.value(*algorithm).is_none())
            .collect();
        if missing.is_empty() {
            return checksums;
        }
        match self.checksums(part, missing).await {
            Ok(others) => checksums.and(others),
            Err(_) => checksums,
        }
    }

    /// The hashes of a part, which must be unchanged.
    async fn checksums(
        &self,
        part: &Part,
        algorithms: BTreeSet<Algorithm>,
    ) -> Result<Checksums, Error> {
        let checksums = part
            .source
            .checksums(part.range.clone(), algorithms)
            .await?;
        if checksums.sha256 == part.sha256 {
            Ok(checksums)
        } else {
            Err(part.source.changed())
        }
    }

    fn record(&self, part: &Part, receipt: Receipt) -> SentPart {
        SentPart {
            number: 1,
            offset: part.range.start,
            size: part.length(),
            sha256: hex(&part.sha256),
            etag: receipt.etag,
            checksums: receipt.checksums,
            sent: self.config.time_source().now(),
            confirmation: receipt.confirmation,
        }
    }

    /// Starts to fetch. The body is still to be read. With a continuation, status 206 is a success, too.
    pub async fn get(
        &self,
        url: &str,
        continuation: Option<&Continuation>,
    ) -> Result<http::Response<ByteStream>, Failed> {
        let uri = self.uri(url)?;
        let presigned = Presigned::of(&uri);
        let mut headers = presigned
            .headers(Purpose::Download, 0, None, &self.headers)
            .map_err(final_failure)?;
        // A service that signs these headers itself leaves no choice of a range.
        let is_free = [RANGE, IF_MATCH]
            .iter()
            .all(|name| presigned.leaves_free(name));
        let mut purpose = Purpose::Download;
        if let Some(Continuation { offset, etag }) = continuation.filter(|_| is_free) {
            purpose = Purpose::Continuation;
            let range = HeaderValue::from_str(&format!("bytes={offset}-"));
            for (name, value) in [(RANGE, range), (IF_MATCH, HeaderValue::from_str(etag))] {
                headers.insert(
                    name,
                    value.map_err(|_| final_failure("the ETag is invalid"))?,
                );
            }
        }
        let request = request(Method::GET, uri, headers, Body::empty());
        let nothing = Tally::still(&self.config);
        self.response(request, purpose, &nothing).await
    }

    /// The next piece of a body, if it comes in time.
    pub async fn piece(&self, body: &mut ByteStream) -> Result<Option<Bytes>, Failed> {
        let next = pin!(filled(body));
        match within(&**self.config.timer(), self.settings.stall, next).await {
            None => Err(Failed::Passing(self.stalled())),
            Some(None) => Ok(None),
            Some(Some(Ok(piece))) => Ok(Some(piece)),
            Some(Some(Err(error))) => Err(Failed::Passing(
                Error::new(ErrorKind::Transfer, "the connection broke")
                    .because(error)
                    .caused_by("io"),
            )),
        }
    }

    /// Waits before the next attempt, or returns the failure if there is none.
    pub async fn pause(&self, attempt: u32, failed: Failed, piece: &Piece) -> Result<(), Failed> {
        let (Failed::Passing(error) | Failed::Refused(error) | Failed::Restart(error)) = failed
        else {
            return Err(failed);
        };
        if attempt >= self.settings.attempts {
            return Err(Failed::Final(error));
        }
        let longest = FIRST_PAUSE
            .saturating_mul(2_u32.saturating_pow(attempt - 1))
            .min(LONGEST_PAUSE);
        let pause = longest.mul_f64(self.config.random_source().fraction());
        retrying(piece, attempt + 1, self.settings.attempts, pause, &error);
        self.config.timer().sleep(pause).await;
        Ok(())
    }

    fn uri(&self, url: &str) -> Result<Uri, Failed> {
        let uri: Uri = url
            .parse()
            .map_err(|_| final_failure("the service returned a presigned URL that is invalid"))?;
        if self.config.permits(&uri) {
            return Ok(uri);
        }
        Err(final_failure(
            "the service returned a presigned URL that is not encrypted; allow plain http in the configuration to \
             use it",
        ))
    }

    /// Sends a request, and converts every response that is no success to a failure.
    async fn response(
        &self,
        request: http::Request<Body>,
        purpose: Purpose,
        tally: &Arc<Tally>,
    ) -> Result<http::Response<ByteStream>, Failed> {
        let peer = host_and_port(request.uri());
        let sending = self.config.transport().send(request);
        let response = match self.while_moving(tally, sending).await {
            None => return Err(Failed::Passing(self.stalled())),
            Some(Ok(response)) => response,
            Some(Err(error)) if error.kind() == TransportErrorKind::Setup => {
                let failed = Error::new(ErrorKind::Transfer, "the transport cannot be set up");
                return Err(Failed::Final(failed.because(error)));
            }
            Some(Err(error)) => {
                let message = match error.kind() {
                    TransportErrorKind::Connect => match error.proxy() {
                        Some(proxy) => format!("no connection to {peer} through the proxy {proxy}"),
                        None => format!("no connection to {peer}"),
                    },
                    _ => format!("the connection to {peer} broke"),
                };
                let failed = Error::new(ErrorKind::Transfer, message).caused_by(cause(&error));
                return Err(Failed::Passing(match names_url(&error) {
                    true => failed,
                    false => failed.because(error),
                }));
            }
        };
        let status = response.status();
        let is_range = status == StatusCode::PARTIAL_CONTENT && purpose == Purpose::Continuation;
        if status == StatusCode::OK || is_range {
            return Ok(response);
        }
        let code = self.error_code(response.into_body()).await;
        Err(sorted(status, code.as_deref(), purpose))
    }

    /// Runs a future; fails if no bytes are transferred within the time that a transfer may make no progress.
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
        self.short_answer(&mut body, 4096, |piece| text.extend_from_slice(piece))
            .await;
        let text = String::from_utf8_lossy(&text);
        let (_, rest) = text.split_once("<Code>")?;
        let (code, _) = rest.split_once("</Code>")?;
        // It is shown in messages, so only a text with the form of a code is used.
        let is_code = code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_code.then(|| code.to_owned())
    }

    /// Reads the rest of a short response, so that the connection can be reused.
    async fn drain(&self, mut body: ByteStream) {
        self.short_answer(&mut body, 64 * 1024, |_| ()).await;
    }

    /// Reads up to so many bytes, and one piece more. All of it must arrive within the time that a transfer may make no
    /// progress, because the result is already decided and must not wait for a slow response.
    async fn short_answer(&self, body: &mut ByteStream, most: usize, mut take: impl FnMut(&[u8])) {
        let reading = pin!(async {
            let mut length = 0;
            while length < most
                && let Some(Ok(piece)) = filled(body).await
            {
                length += piece.len();
                take(&piece);
            }
        });
        let _ = within(&**self.config.timer(), self.settings.stall, reading).await;
    }

    fn stalled(&self) -> Error {
        Error::new(
            ErrorKind::Transfer,
            format!("no bytes were transferred for {:?}", self.settings.stall),
        )
        .caused_by("timeout")
    }
}

/// The next piece that is not empty. HTTP/2 has frames without bytes, which are no progress.
async fn filled(body: &mut ByteStream) -> Option<Result<Bytes, BoxError>> {
    for _ in 0..EMPTY_PIECES {
        match body.next().await {
            Some(Ok(piece)) if piece.is_empty() => {}
            next => return next,
        }
    }
    Some(Err("the response has only empty pieces".into()))
}

fn request(method: Method, uri: Uri, headers: HeaderMap, body: Body) -> http::Request<Body> {
    let mut request = http::Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    request
}
