//! An event being read: what generated code calls.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue as HttpValue};

use super::frame::{HeaderValue, Message};
use super::unknown::UnknownEvent;
use crate::plumbing::message::{DecodeError, HttpResponse};
use crate::timestamp::Timestamp;

/// An event that is being read. Its payload is read as the body of a response is.
#[derive(Debug)]
pub struct EventReader {
    headers: Vec<(String, HeaderValue)>,
    response: HttpResponse,
}

impl EventReader {
    /// An event of a message, whose decoded values may use so many bytes.
    pub fn new(message: Message, status: u16, value_limit: u64) -> Self {
        let mut headers = HeaderMap::new();
        if let Some(HeaderValue::String(text)) = message.header(":content-type")
            && let Ok(value) = HttpValue::from_str(text)
        {
            headers.insert(CONTENT_TYPE, value);
        }
        Self {
            response: HttpResponse::new(status, headers, message.payload)
                .with_value_limit(value_limit),
            headers: message.headers,
        }
    }

    /// The payload, as a response.
    pub fn response(&self) -> &HttpResponse {
        &self.response
    }

    pub(super) fn into_response(self) -> HttpResponse {
        self.response
    }

    /// The same as an event that the model lacks.
    pub fn unknown(&self, name: &str) -> UnknownEvent {
        let mut event = UnknownEvent::new(name, self.response.bytes().clone());
        if let Some(HeaderValue::String(text)) = self.header(":content-type") {
            event.content_type = Some(text.clone());
        }
        event
    }

    pub(super) fn header(&self, name: &str) -> Option<&HeaderValue> {
        let mut headers = self.headers.iter();
        headers.find_map(|(known, value)| (known == name).then_some(value))
    }

    fn read<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&HeaderValue) -> Option<T>,
    ) -> Result<Option<T>, DecodeError> {
        let Some(value) = self.header(name) else {
            return Ok(None);
        };
        match read(value) {
            Some(value) => Ok(Some(value)),
            None => Err(DecodeError::new(format!(
                "the header `{name}` of an event is not {expected}"
            ))),
        }
    }

    /// A header that is a Boolean.
    ///
    /// # Errors
    /// A header of another type; so have the functions below.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>, DecodeError> {
        self.read(name, "a Boolean", |value| match value {
            HeaderValue::Boolean(value) => Some(*value),
            _ => None,
        })
    }

    /// A header that is an integer, whatever its length in the message is.
    ///
    /// # Errors
    /// A header of another type, or an integer that does not fit.
    pub fn integer<T: TryFrom<i64>>(&self, name: &str) -> Result<Option<T>, DecodeError> {
        self.read(name, "an integer of its type", |value| {
            let value = match value {
                HeaderValue::Byte(value) => i64::from(*value),
                HeaderValue::Short(value) => i64::from(*value),
                HeaderValue::Integer(value) => i64::from(*value),
                HeaderValue::Long(value) => *value,
                _ => return None,
            };
            T::try_from(value).ok()
        })
    }

    /// A header that is bytes.
    ///
    /// # Errors
    /// As [`boolean`](Self::boolean).
    pub fn blob(&self, name: &str) -> Result<Option<Bytes>, DecodeError> {
        self.read(name, "bytes", |value| match value {
            HeaderValue::Blob(value) => Some(value.clone()),
            _ => None,
        })
    }

    /// A header that is a text.
    ///
    /// # Errors
    /// As [`boolean`](Self::boolean).
    pub fn text(&self, name: &str) -> Result<Option<String>, DecodeError> {
        self.read(name, "a text", |value| match value {
            HeaderValue::String(value) => Some(value.clone()),
            _ => None,
        })
    }

    /// A header that is a time.
    ///
    /// # Errors
    /// As [`boolean`](Self::boolean), and a time that is not in the years 1 to 9999.
    pub fn timestamp(&self, name: &str) -> Result<Option<Timestamp>, DecodeError> {
        self.read(name, "a time", |value| match value {
            HeaderValue::Timestamp(value) => {
                let rest = u32::try_from(value.rem_euclid(1_000)).ok()?;
                Timestamp::from_epoch(value.div_euclid(1_000), rest * 1_000_000).ok()
            }
            _ => None,
        })
    }
}
