//! Makes a presigned URL of a call instead of sending it.

use std::pin::pin;
use std::time::Duration;

use http::{HeaderMap, Method};

use super::shared::Shared;
use crate::Timestamp;
use crate::body::Body;
use crate::call_options::CallOptions;
use crate::clock_skew;
use crate::endpoint::Destination;
use crate::error::{ErrorKind, Failure};
use crate::plumbing::message::HttpRequest;
use crate::plumbing::operation::Operation;
use crate::presigned::PresignedRequest;
use crate::signing::{self, Authorization};
use crate::timer::within;

/// The longest time for which services accept a URL: seven days, in seconds.
const LONGEST: u64 = 7 * 24 * 60 * 60;

impl Shared {
    /// The URL of a request, within the time that a call may take.
    pub(super) async fn presign(
        &self,
        operation: &'static Operation,
        request: Box<HttpRequest>,
        options: &CallOptions,
        expires_in: Duration,
    ) -> Result<PresignedRequest, Failure> {
        let limit = self
            .calls()
            .limits(options, request.timed_length())
            .operation;
        let made = pin!(self.presigned(operation, request, expires_in));
        within(&*self.calls().timer, limit, made)
            .await
            .unwrap_or_else(|| {
                let message = format!("presigning may take {limit:?}, and it took longer");
                Err(Failure::new(ErrorKind::Timeout, message))
            })
    }

    async fn presigned(
        &self,
        operation: &'static Operation,
        mut request: Box<HttpRequest>,
        expires_in: Duration,
    ) -> Result<PresignedRequest, Failure> {
        let asked = seconds(expires_in)?;
        validate_method(&request.method)?;
        self.regions.remember(&mut request);
        let own = self.own_destination(operation, &mut request).await?;
        let destination = match &own {
            Some(destination) => destination,
            None => self.destination()?,
        };
        destination.validate_region(operation)?;
        let any_body = signing::signs_any_body(operation, &request);
        match any_body {
            // Its type is that of the protocol, and whoever sends another body need not send it.
            true => request.remove_default_content_type(),
            #[cfg(feature = "content-md5")]
            false => crate::payload::content_md5(&mut request),
            #[cfg(not(feature = "content-md5"))]
            false => {}
        }
        let signed = self.signed_url(operation, destination, &mut request, asked);
        let signed = signed.await?;
        let request = *request;
        Ok(PresignedRequest {
            method: request.method,
            url: signed.url,
            headers: signed.headers,
            body: match request.body {
                Body::Bytes(bytes) if !any_body => Some(bytes),
                Body::Bytes(_) | Body::Stream(_) => None,
            },
            expires_at: signed.expires_at,
        })
    }

    /// Signs the URL of a request, for so many seconds at most.
    pub(super) async fn signed_url(
        &self,
        operation: &'static Operation,
        destination: &Destination,
        request: &mut HttpRequest,
        asked: u32,
    ) -> Result<SignedUrl, Failure> {
        let authorization = self.authorization(operation, request, destination).await?;
        let now = self.settings().time.now();
        let time = clock_skew::shift(now, self.clock_skew.correction()).unwrap_or(now);
        let seconds = limited(asked, &authorization, time)?;
        let (keys, validity) = (&self.keys, (time, seconds));
        let (url, headers) = signing::presign(
            operation,
            destination,
            request,
            &authorization,
            keys,
            validity,
        )?;
        let end = clock_skew::shift(time, i64::from(seconds).saturating_mul(1_000));
        Ok(SignedUrl {
            url,
            headers,
            expires_at: end.unwrap_or(time),
        })
    }
}

/// A URL that is signed, with the headers that the signature covers.
pub(super) struct SignedUrl {
    pub(super) url: String,
    headers: HeaderMap,
    expires_at: Timestamp,
}

/// The whole seconds of a time, if services accept it.
#[inline]
fn seconds(expires_in: Duration) -> Result<u32, Failure> {
    let seconds = expires_in.as_secs();
    if expires_in > Duration::from_secs(LONGEST) || seconds == 0 {
        return Err(Failure::new(
            ErrorKind::Request,
            format!(
                "a presigned URL is valid for one second to seven days, not for {expires_in:?}"
            ),
        ));
    }
    u32::try_from(seconds).map_err(|error| Failure::new(ErrorKind::Request, error))
}

/// Only the requests of these methods make sense as a URL that is handed on, and services accept no others.
#[inline]
fn validate_method(method: &Method) -> Result<(), Failure> {
    match *method {
        Method::GET | Method::PUT | Method::HEAD | Method::DELETE => Ok(()),
        _ => Err(Failure::new(
            ErrorKind::Request,
            format!("a URL can be presigned for GET, PUT, HEAD and DELETE, and this is a {method}"),
        )),
    }
}

/// The seconds for which the URL is valid: it ends with the credentials that sign it.
#[inline]
fn limited(asked: u32, authorization: &Authorization, time: Timestamp) -> Result<u32, Failure> {
    let Some(end) = authorization.expiry() else {
        return Ok(asked);
    };
    let left = end.epoch_seconds().saturating_sub(time.epoch_seconds());
    match u32::try_from(left) {
        Ok(0) | Err(_) if left < 1 => Err(Failure::new(
            ErrorKind::Credentials,
            "the credentials have expired, so no URL can be presigned with them",
        )),
        Ok(left) => Ok(asked.min(left)),
        Err(_) => Ok(asked),
    }
}
