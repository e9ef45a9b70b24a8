//! The signatures of the messages of a request: a chain that continues the signature of the request.
//!
//! Each message becomes the payload of another one with the headers `:date` and `:chunk-signature`. A signature covers
//! the one before it, the date and the message. A signed message with an empty payload ends the stream, so that nobody
//! can cut it (Smithy specification, "Amazon Event Stream Specification", "Signing"; `STREAMING-AWS4-HMAC-SHA256-EVENTS`).

use std::sync::Arc;

use bytes::Bytes;

use super::error::FrameError;
use super::frame::{HeaderValue, Message, encode_headers};
use crate::clock_skew;
use crate::credentials::Credentials;
use crate::plumbing::sigv4::{self, Scope, SigningKey};
use crate::time_source::TimeSource;
use crate::timestamp::Timestamp;

const ALGORITHM: &str = "AWS4-HMAC-SHA256-PAYLOAD";

/// A clock that agrees with that of the service.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    pub(crate) source: Arc<dyn TimeSource>,
    /// How far the service is ahead, in milliseconds.
    pub(crate) skew: i64,
}

impl Clock {
    fn now(&self) -> Timestamp {
        let now = self.source.now();
        clock_skew::shift(now, self.skew).unwrap_or(now)
    }
}

/// The chain of the signatures of a stream.
pub(crate) struct Chain {
    credentials: Credentials,
    region: String,
    service: String,
    clock: Clock,
    /// The key, and its day.
    key: Option<(String, SigningKey)>,
    /// The last signature, in hexadecimal.
    last: String,
}

impl Chain {
    /// A chain that begins with the signature of the request.
    pub(crate) fn new(
        credentials: Credentials,
        (region, service): (&str, &str),
        clock: Clock,
        seed: String,
    ) -> Self {
        Self {
            credentials,
            region: region.to_owned(),
            service: service.to_owned(),
            clock,
            key: None,
            last: seed,
        }
    }

    /// Signs the bytes of a message. Without bytes, the result is the message that ends the stream.
    ///
    /// # Errors
    /// A message that is too long for the payload of another one.
    pub(crate) fn sign(&mut self, payload: Bytes) -> Result<Bytes, FrameError> {
        // The text and the header have the same time, which is one of whole seconds.
        let seconds = self.clock.now().epoch_seconds();
        let time = Timestamp::from_epoch_seconds(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
        let milliseconds = seconds.saturating_mul(1_000);
        let date = (":date".to_owned(), HeaderValue::Timestamp(milliseconds));
        let signed = encode_headers(std::slice::from_ref(&date))?;
        let scope = Scope {
            region: &self.region,
            service: &self.service,
            time,
        };
        let day = scope.date();
        let text = format!(
            "{ALGORITHM}\n{}\n{day}/{}/{}/aws4_request\n{}\n{}\n{}",
            time.format_basic(),
            self.region,
            self.service,
            self.last,
            sigv4::sha256_hex(&signed),
            sigv4::sha256_hex(&payload),
        );
        let key = match &self.key {
            Some((known, key)) if *known == day => key.clone(),
            _ => {
                let key = sigv4::signing_key(self.credentials.secret(), &scope);
                self.key = Some((day, key.clone()));
                key
            }
        };
        let signature = sigv4::sign_text(&key, &text);
        self.last = sigv4::hexadecimal(&signature);
        let message = Message {
            headers: vec![
                date,
                (
                    ":chunk-signature".to_owned(),
                    HeaderValue::Blob(Bytes::copy_from_slice(&signature)),
                ),
            ],
            payload,
        };
        message.encode()
    }
}
