//! Messages of `application/vnd.amazon.eventstream`: their parts, and how they are written.
//!
//! A message is a prelude (the lengths of all and of the headers, and a CRC-32 of both), headers with types, a payload,
//! and a CRC-32 of everything before it (Smithy specification, "Amazon Event Stream Specification"). All numbers are
//! big-endian.

use bytes::{BufMut, Bytes, BytesMut};

use super::error::FrameError;
use super::limits::{MAX_HEADERS, MAX_PAYLOAD};

/// The length of the prelude with its checksum, in bytes.
pub(super) const PRELUDE: usize = 12;
/// The length of the checksum of a message, in bytes.
pub(super) const CHECKSUM: usize = 4;
/// The maximum length of the value of a header that is written, in bytes.
const MAX_VALUE: usize = 32_767;

/// The value of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeaderValue {
    /// Types 0 and 1.
    Boolean(bool),
    /// Type 2.
    Byte(i8),
    /// Type 3.
    Short(i16),
    /// Type 4.
    Integer(i32),
    /// Type 5.
    Long(i64),
    /// Type 6.
    Blob(Bytes),
    /// Type 7.
    String(String),
    /// Type 8: milliseconds since 1970 in UTC.
    Timestamp(i64),
    /// Type 9.
    Uuid([u8; 16]),
}

/// A message: headers and a payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The headers, in their order.
    pub headers: Vec<(String, HeaderValue)>,
    /// The payload.
    pub payload: Bytes,
}

impl Message {
    /// A message without headers.
    pub fn new(payload: impl Into<Bytes>) -> Self {
        Self {
            headers: Vec::new(),
            payload: payload.into(),
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: HeaderValue) -> Self {
        self.headers.push((name.into(), value));
        self
    }

    /// Adds a header that is a text.
    #[must_use]
    pub fn with_text(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(name, HeaderValue::String(value.into()))
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&HeaderValue> {
        let mut headers = self.headers.iter();
        headers.find_map(|(known, value)| (known == name).then_some(value))
    }

    /// The bytes of the message.
    ///
    /// # Errors
    /// Names of headers that are not 1 to 255 bytes long, values of more than 32,767 bytes, headers of more than 128 KiB
    /// and payloads of more than 24 MiB, which no receiver accepts.
    pub fn encode(&self) -> Result<Bytes, FrameError> {
        let headers = encode_headers(&self.headers)?;
        if headers.len() > MAX_HEADERS {
            return Err(FrameError::HeadersTooLong(headers.len() as u64));
        }
        if self.payload.len() > MAX_PAYLOAD {
            return Err(FrameError::PayloadTooLong(self.payload.len() as u64));
        }
        let total = PRELUDE + headers.len() + self.payload.len() + CHECKSUM;
        let mut bytes = BytesMut::with_capacity(total);
        // Both lengths fit, because of the limits.
        bytes.put_u32(total as u32);
        bytes.put_u32(headers.len() as u32);
        let checksum = crc32fast::hash(&bytes);
        bytes.put_u32(checksum);
        bytes.put_slice(&headers);
        bytes.put_slice(&self.payload);
        let checksum = crc32fast::hash(&bytes);
        bytes.put_u32(checksum);
        Ok(bytes.freeze())
    }
}

/// The bytes of headers.
///
/// # Errors
/// A name or a value that is too long.
pub(super) fn encode_headers(headers: &[(String, HeaderValue)]) -> Result<BytesMut, FrameError> {
    let mut bytes = BytesMut::new();
    for (name, value) in headers {
        match u8::try_from(name.len()) {
            Ok(length) if length > 0 => bytes.put_u8(length),
            _ => return Err(FrameError::NameLength(name.len())),
        }
        bytes.put_slice(name.as_bytes());
        put_value(&mut bytes, name, value)?;
    }
    Ok(bytes)
}

fn put_value(bytes: &mut BytesMut, name: &str, value: &HeaderValue) -> Result<(), FrameError> {
    let mut put_sized = |kind: u8, content: &[u8]| {
        if content.len() > MAX_VALUE {
            return Err(FrameError::ValueTooLong(name.to_owned(), content.len()));
        }
        bytes.put_u8(kind);
        bytes.put_u16(content.len() as u16);
        bytes.put_slice(content);
        Ok(())
    };
    match value {
        HeaderValue::Blob(content) => return put_sized(6, content),
        HeaderValue::String(text) => return put_sized(7, text.as_bytes()),
        HeaderValue::Boolean(true) => bytes.put_u8(0),
        HeaderValue::Boolean(false) => bytes.put_u8(1),
        HeaderValue::Byte(number) => {
            bytes.put_u8(2);
            bytes.put_i8(*number);
        }
        HeaderValue::Short(number) => {
            bytes.put_u8(3);
            bytes.put_i16(*number);
        }
        HeaderValue::Integer(number) => {
            bytes.put_u8(4);
            bytes.put_i32(*number);
        }
        HeaderValue::Long(number) => {
            bytes.put_u8(5);
            bytes.put_i64(*number);
        }
        HeaderValue::Timestamp(milliseconds) => {
            bytes.put_u8(8);
            bytes.put_i64(*milliseconds);
        }
        HeaderValue::Uuid(id) => {
            bytes.put_u8(9);
            bytes.put_slice(id);
        }
    }
    Ok(())
}
