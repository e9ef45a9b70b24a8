//! Reads messages from the pieces of a body, whatever their boundaries are.
//!
//! The lengths of a message are checked as soon as its prelude is there, before memory is used for it.

use bytes::{Buf, Bytes, BytesMut};

use super::error::FrameError;
use super::frame::{CHECKSUM, HeaderValue, Message, PRELUDE};
use super::limits::{MAX_HEADERS, MAX_PAYLOAD};

/// Reads messages. It keeps at most one message and one piece of the body.
#[derive(Debug, Default)]
pub struct FrameReader {
    bytes: BytesMut,
    /// The lengths of the message at the beginning, once its prelude is there.
    lengths: Option<Lengths>,
}

#[derive(Clone, Copy, Debug)]
struct Lengths {
    total: usize,
    headers: usize,
}

impl FrameReader {
    /// Adds a piece of the body.
    pub fn push(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
    }

    /// The next message; `None` if it is not complete.
    ///
    /// # Errors
    /// A message that cannot be read. What follows it cannot be read either.
    pub fn next_message(&mut self) -> Result<Option<Message>, FrameError> {
        let Some(lengths) = self.lengths()? else {
            return Ok(None);
        };
        if self.bytes.len() < lengths.total {
            return Ok(None);
        }
        self.lengths = None;
        let mut message = self.bytes.split_to(lengths.total).freeze();
        let checksum = message.split_off(lengths.total - CHECKSUM).get_u32();
        let computed = crc32fast::hash(&message);
        if checksum != computed {
            return Err(FrameError::MessageChecksum(checksum, computed));
        }
        message.advance(PRELUDE);
        let headers = read_headers(message.split_to(lengths.headers))?;
        Ok(Some(Message {
            headers,
            payload: message,
        }))
    }

    /// Says that no more pieces follow.
    ///
    /// # Errors
    /// The stream ended in the middle of a message.
    pub fn finish(&self) -> Result<(), FrameError> {
        match self.bytes.len() {
            0 => Ok(()),
            came => Err(FrameError::Cut(
                came,
                self.lengths.map(|lengths| lengths.total),
            )),
        }
    }

    /// The lengths of the message at the beginning.
    fn lengths(&mut self) -> Result<Option<Lengths>, FrameError> {
        if let Some(lengths) = self.lengths {
            return Ok(Some(lengths));
        }
        let Some(mut prelude) = self.bytes.get(..PRELUDE) else {
            return Ok(None);
        };
        let computed = crc32fast::hash(&prelude[..PRELUDE - CHECKSUM]);
        let (total, headers) = (prelude.get_u32(), prelude.get_u32());
        let checksum = prelude.get_u32();
        if checksum != computed {
            return Err(FrameError::PreludeChecksum(checksum, computed));
        }
        let around = (PRELUDE + CHECKSUM) as u32;
        let payload = total
            .checked_sub(around)
            .and_then(|rest| rest.checked_sub(headers))
            .ok_or(FrameError::Lengths(total, headers))?;
        if headers as usize > MAX_HEADERS {
            return Err(FrameError::HeadersTooLong(headers.into()));
        }
        if payload as usize > MAX_PAYLOAD {
            return Err(FrameError::PayloadTooLong(payload.into()));
        }
        self.lengths = Some(Lengths {
            total: total as usize,
            headers: headers as usize,
        });
        Ok(self.lengths)
    }
}

fn read_headers(mut bytes: Bytes) -> Result<Vec<(String, HeaderValue)>, FrameError> {
    let mut headers: Vec<(String, HeaderValue)> = Vec::new();
    while bytes.has_remaining() {
        let length = bytes.get_u8().into();
        let name = text(take(&mut bytes, length)?)?;
        let kind = take(&mut bytes, 1)?[0];
        let value = read_value(&mut bytes, &name, kind)?;
        if headers.iter().any(|(known, _)| *known == name) {
            return Err(FrameError::HeaderTwice(name));
        }
        headers.push((name, value));
    }
    Ok(headers)
}

fn read_value(bytes: &mut Bytes, name: &str, kind: u8) -> Result<HeaderValue, FrameError> {
    Ok(match kind {
        0 => HeaderValue::Boolean(true),
        1 => HeaderValue::Boolean(false),
        2 => HeaderValue::Byte(take(bytes, 1)?.get_i8()),
        3 => HeaderValue::Short(take(bytes, 2)?.get_i16()),
        4 => HeaderValue::Integer(take(bytes, 4)?.get_i32()),
        5 => HeaderValue::Long(take(bytes, 8)?.get_i64()),
        6 => HeaderValue::Blob(sized(bytes)?),
        7 => HeaderValue::String(text(sized(bytes)?)?),
        8 => HeaderValue::Timestamp(take(bytes, 8)?.get_i64()),
        9 => {
            let mut id = [0; 16];
            take(bytes, 16)?.copy_to_slice(&mut id);
            HeaderValue::Uuid(id)
        }
        kind => return Err(FrameError::HeaderType(name.to_owned(), kind)),
    })
}

fn sized(bytes: &mut Bytes) -> Result<Bytes, FrameError> {
    let length = take(bytes, 2)?.get_u16();
    take(bytes, length.into())
}

fn take(bytes: &mut Bytes, length: usize) -> Result<Bytes, FrameError> {
    match bytes.len() < length {
        true => Err(FrameError::HeaderCut),
        false => Ok(bytes.split_to(length)),
    }
}

fn text(bytes: Bytes) -> Result<String, FrameError> {
    String::from_utf8(bytes.into()).map_err(|_| FrameError::HeaderText)
}
